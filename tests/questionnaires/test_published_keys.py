"""Each scored questionnaire against its key, worked out by hand here, by properties, and through `flask score`."""

import json

import pytest
from flask.cli import FlaskGroup
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.questionnaires import rules
from bilan.questionnaires.instruments import find
from bilan.questionnaires.instruments.questions import LEVELS, RANK

# The published key of the 50 markers (ipip.ori.org), as its page lists it: ranks keyed +, then ranks keyed −. N is neuroticism.
KEY_50 = {
    "E": ({1, 3, 5, 7, 9}, {2, 4, 6, 8, 10}),
    "N": ({1, 3, 5, 6, 7, 8, 9, 10}, {2, 4}),
    "A": ({2, 4, 6, 8, 9, 10}, {1, 3, 5, 7}),
    "C": ({1, 3, 5, 7, 9, 10}, {2, 4, 6, 8}),
    "O": ({1, 3, 5, 7, 8, 9, 10}, {2, 4, 6}),
}
# Donnellan et al. (2006), appendix, in the ranks of the 50: keyed +, then keyed −.
KEY_20 = {
    "E": ({1, 7}, {2, 4}),
    "A": ({4, 9}, {5, 7}),
    "C": ({5, 7}, {6, 4}),
    "N": ({8, 6}, {2, 4}),
    "O": ({3}, {4, 2, 6}),
}
# The same answer everywhere: what + items add up to, and what − items do, six less the answer. Worked out by hand.
SUMS = {
    "personnalite": {
        1: {"E": 30, "N": 18, "A": 26, "C": 26, "O": 22},
        3: {"E": 30, "N": 30, "A": 30, "C": 30, "O": 30},
        5: {"E": 30, "N": 42, "A": 34, "C": 34, "O": 38},
    },
    # E, A, C, N: two and two, 2 × 1 + 2 × 5 = 12 both ways. O: 1 × 1 + 3 × 5 = 16, and 1 × 5 + 3 × 1 = 8.
    "personnalite-courte": {
        1: {"E": 12, "A": 12, "C": 12, "N": 12, "O": 16},
        3: {"E": 12, "A": 12, "C": 12, "N": 12, "O": 12},
        5: {"E": 12, "A": 12, "C": 12, "N": 12, "O": 8},
    },
    # No item is reversed: the number of items of a scale times the answer.
    "interets": {level: dict.fromkeys("RIASEC", 8 * level) for level in range(1, 6)},
    "motivations": {level: dict.fromkeys(("PLA", "SEN", "PRO", "LIE", "LIB", "AVA", "REN"), 4 * level) for level in range(1, 6)},
    "valeurs": {
        level: dict.fromkeys(("UTI", "AUT", "SEC", "REM", "REC", "REL", "APP", "EQU", "CRE", "RES", "CON"), 3 * level)
        for level in range(1, 6)
    },
}
# How many answers of a scale are enough: 80 % of 10, of 4 and of 8, 60 % of 3, 75 % of 4.
ENOUGH = {"personnalite": (8, 10), "personnalite-courte": (4, 4), "interets": (7, 8), "valeurs": (2, 3), "motivations": (3, 4)}
every_instrument = pytest.mark.parametrize("slug", sorted(SUMS))
every_sum = pytest.mark.parametrize(("slug", "level"), [(slug, level) for slug in sorted(SUMS) for level in SUMS[slug]])


@pytest.fixture
def databases(sqlite_databases):
    """The command reads no database: once is enough."""
    return sqlite_databases


def rated(slug):
    """Return the questions of an instrument that are answered by a level."""
    return [question for question in find(slug).questions if question.part.kind == LEVELS]


def same(slug, level):
    return {question.id: level for question in rated(slug)}


def tables(result):
    """Return the scores of a result, one table for each part."""
    return [part["scores"] for part in result["parts"].values()] if "parts" in result else [result["scores"]]


def scores(slug, answers):
    return tables(rules.score(find(slug), answers))


def levels(slug, *, missing=False):
    one = st.integers(1, 5)
    return st.fixed_dictionaries({question.id: st.none() | one if missing else one for question in rated(slug)})


@pytest.mark.parametrize(("slug", "key"), [("personnalite", KEY_50), ("personnalite-courte", KEY_20)])
def test_each_item_counts_for_the_scale_and_in_the_direction_of_the_published_key(slug, key):
    for letter, (plus, minus) in key.items():
        items = {item.id: item.reversed for item in find(slug).items if item.scale == letter}
        assert items == {f"{letter}{rank}": False for rank in plus} | {f"{letter}{rank}": True for rank in minus}


@every_sum
def test_the_same_answer_everywhere_gives_the_sums_of_the_key(slug, level):
    found = scores(slug, same(slug, level))
    assert found == [SUMS[slug][level]] * len(found)


@pytest.mark.parametrize(("slug", "key"), [("personnalite", KEY_50), ("personnalite-courte", KEY_20)])
def test_one_answer_moves_its_own_scale_and_no_other(slug, key):
    middle = same(slug, 3)
    (before,) = scores(slug, middle)
    for letter, (plus, minus) in key.items():
        for rank in plus | minus:
            (after,) = scores(slug, middle | {f"{letter}{rank}": 5})
            assert after == before | {letter: before[letter] + (2 if rank in plus else -2)}


@every_instrument
@settings(max_examples=30)
@given(data=st.data())
def test_scores_stay_within_their_scale(slug, data):
    instrument = find(slug)
    for table in scores(slug, data.draw(levels(slug, missing=True))):
        for scale in instrument.scales:
            assert table[scale.letter] is None or scale.lowest <= table[scale.letter] <= scale.highest


@every_instrument
@settings(max_examples=30)
@given(data=st.data())
def test_mirrored_answers_give_mirrored_scores(slug, data):
    answers = data.draw(levels(slug))
    mirrored = scores(slug, {item: 6 - level for item, level in answers.items()})
    instrument = find(slug)
    for table, other in zip(scores(slug, answers), mirrored, strict=True):
        assert other == {scale.letter: scale.lowest + scale.highest - table[scale.letter] for scale in instrument.scales}


@every_instrument
@settings(max_examples=30)
@given(data=st.data())
def test_the_order_of_the_answers_does_not_matter(slug, data):
    answers = data.draw(levels(slug, missing=True))
    shuffled = data.draw(st.permutations(list(answers.items())))
    assert rules.score(find(slug), dict(shuffled)) == rules.score(find(slug), answers)


@every_instrument
@settings(max_examples=20)
@given(data=st.data())
def test_a_scale_is_scored_from_its_share_of_answers_and_not_from_one_less(slug, data):
    enough, size = ENOUGH[slug]
    instrument = find(slug)
    scale = data.draw(st.sampled_from(instrument.scales))
    (part, *_) = instrument.scored_parts
    asked = [question.id for question in instrument.questions_of(scale.letter, part)]
    assert len(asked) == size
    ordered = data.draw(st.permutations(asked))
    answers = data.draw(levels(slug))
    for kept, scored in ((enough, True), (enough - 1, False)):
        given_ = answers | dict.fromkeys(ordered[kept:])
        table = scores(slug, given_)[0]
        others = scores(slug, answers)[0]
        assert (table[scale.letter] is not None) == scored
        assert {letter: points for letter, points in table.items() if letter != scale.letter} == {
            letter: points for letter, points in others.items() if letter != scale.letter
        }


def run(app, *words):
    """Run `flask score` as one does at a prompt."""
    return app.test_cli_runner().invoke(FlaskGroup(create_app=lambda: app), ["score", *map(str, words)])


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "reponses.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return write


def test_the_command_prints_the_sums_of_the_key(app, written):
    for slug in SUMS:
        for level in (1, 5):
            result = run(app, slug, written(same(slug, level)))
            assert result.exit_code == 0, result.output
            printed = json.loads(result.output)
            assert (printed["instrument"], printed["version"]) == (slug, find(slug).version)
            assert tables(printed) == [SUMS[slug][level]] * len(tables(printed))


def test_the_command_prints_gaps_and_ranking_of_the_values(app, written):
    answers = same("valeurs", 2) | {"UTI1-importance": 5, "rang-1": "UTI", "rang-2": "EQU", "rang-3": None}
    assert [question.id for question in find("valeurs").questions if question.part.kind == RANK] == [f"rang-{n}" for n in range(1, 6)]
    printed = json.loads(run(app, "valeurs", written(answers)).output)
    assert printed["gaps"]["UTI"] == 3
    assert printed["gaps"]["EQU"] == 0
    assert printed["ranking"] == ["UTI", "EQU"]


def test_the_command_prints_what_a_grid_holds_and_no_score(app, written):
    printed = json.loads(run(app, "ressources-et-freins", written({"M1-phrase": "Être utile.", "M1-force": 4, "O1-phrase": None})).output)
    assert printed["entries"] == {"M": [{"item": "M1", "phrase": "Être utile.", "force": 4}], "R": [], "C": [], "O": []}
    assert "scores" not in printed


@pytest.mark.parametrize(
    ("slug", "content", "said"),
    [
        ("inconnu", {}, "Questionnaire inconnu\u00a0: inconnu"),
        ("interets", {"Z1": 3}, "La question «\u00a0Z1\u00a0» n’existe pas"),
        ("personnalite", {"E1": 6}, "«\u00a0E1\u00a0» n’est pas un choix proposé"),
        ("personnalite", {"E1": "3"}, "«\u00a0E1\u00a0» n’est pas un choix proposé"),
        ("valeurs", {"rang-1": "UTI", "rang-2": "UTI"}, "Le classement donne plusieurs places à Utilité"),
        ("interets", "pas du JSON", "reponses.json n’est pas un fichier JSON"),
        ("interets", [1, 2], "reponses.json doit donner les réponses par question"),
    ],
)
def test_the_command_refuses_a_wrong_file_or_name_in_one_line(app, written, slug, content, said):
    result = run(app, slug, written(content))
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_the_command_asks_for_a_file_that_is_there(app, tmp_path):
    assert run(app, "interets", tmp_path / "absent.json").exit_code == 2
