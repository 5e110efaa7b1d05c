"""The published questionnaires: what each file holds, how it is typeset, what is refused."""

import copy
import re
import tomllib
from pathlib import Path

import pytest

from bilan.questionnaires.instruments import (
    FOLDER,
    Instrument,
    InstrumentInvalid,
    InstrumentUnknown,
    find,
    load,
    parse,
    published,
)

FILES = sorted(FOLDER.glob("*.toml"))
REVIEWS = Path(__file__).parents[2] / "docs" / "instruments"
INTERESTS = FOLDER / "interets-1.toml"


def french_texts(instrument: Instrument) -> list[str]:
    """Return every text that a reader may see."""
    texts = [instrument.title, instrument.introduction, instrument.plain_introduction]
    texts += [instrument.adaptation, instrument.notice, instrument.licence, instrument.source]
    for part in (*instrument.parts, *(question.part for question in instrument.ranks)):
        texts += [part.title, part.question, part.plain_question, *(level.label for level in part.levels)]
    texts += [text for item in instrument.items for text in (item.text, item.plain)]
    for scale in instrument.scales:
        texts += [scale.name, scale.description, scale.high, scale.middle, scale.low]
    if instrument.gap:
        texts += [instrument.gap.lacking, instrument.gap.met, instrument.gap.beyond]
    if instrument.landmark:
        texts += [instrument.landmark.sample, instrument.landmark.sentence]
    return texts


def typographic_faults(text: str) -> list[str]:
    """Return what a French typesetter would mark in a text."""
    return re.findall(r"'|\"|\.\.\.|(?<![\u00a0\u202f])[:;?!»]|«(?!\u00a0)|  ", text)


@pytest.fixture
def table() -> dict:
    """The content of a valid file, to be spoilt by a test."""
    return copy.deepcopy(tomllib.loads(INTERESTS.read_text(encoding="utf-8")))


@pytest.fixture
def interests() -> Instrument:
    """The interest questionnaire, version 1."""
    return find("interets", 1)


def test_every_file_is_a_valid_instrument_found_by_its_name():
    assert FILES
    for path in FILES:
        instrument = load(path)
        assert find(instrument.slug, instrument.version) == instrument


def test_without_a_version_the_newest_is_found_and_it_is_the_one_published():
    for instrument in published():
        assert find(instrument.slug) is instrument
        same = [path for path in FILES if path.stem.rpartition("-")[0] == instrument.slug]
        assert instrument.version == max(int(path.stem.rpartition("-")[2]) for path in same)


@pytest.mark.parametrize(("slug", "version"), [("inconnu", None), ("interets", 99)])
def test_an_unknown_instrument_or_version_is_named_as_such(slug, version):
    with pytest.raises(InstrumentUnknown, match=slug):
        find(slug, version)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_text_follows_french_typography(path):
    faults = {text: typographic_faults(text) for text in french_texts(load(path))}
    assert {text: found for text, found in faults.items() if found} == {}


@pytest.mark.parametrize("text", ["l'eau", "Quoi ?", "Voici:", "« mot »", "Voir...", "un  mot"])
def test_the_typography_check_catches_a_planted_fault(text):
    assert typographic_faults(text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_instrument_says_where_it_comes_from_and_what_it_is_not(path):
    instrument = load(path)
    assert "non étalonnée" in instrument.adaptation
    assert "pas un diagnostic" in instrument.notice
    assert instrument.source
    assert instrument.licence


def test_the_items_of_interests_are_those_of_the_published_key(interests):
    key = {f"{letter}{rank}" for letter in "RIASEC" for rank in range(1, 9)}
    assert {item.id for item in interests.items} == key
    assert not any(item.reversed for item in interests.items)


def test_the_items_of_interests_alternate_the_scales_in_hexagon_order(interests):
    assert [item.id for item in interests.items[:7]] == ["R1", "I1", "A1", "S1", "E1", "C1", "R2"]
    assert "".join(item.scale for item in interests.items) == "RIASEC" * 8


def test_each_item_of_interests_is_a_short_infinitive_without_negation(interests):
    for item in interests.items:
        assert re.match(r"[A-ZÉÊ][a-zéêèîôû]*(er|ir|re) ", item.text), item
        assert len(item.text) <= 80, item
        assert not re.search(r"\b(ne|pas|jamais|sans)\b|\bn’|\(e\)|·", item.text), item
        assert not item.text.endswith("."), item


def test_the_landmark_of_interests_is_the_published_one(interests):
    means = {scale.letter: scale.published_mean for scale in interests.scales}
    assert means == {"R": 2.10, "I": 3.04, "A": 2.98, "S": 3.40, "E": 2.54, "C": 2.42}
    assert interests.landmark.sample_size == 41947
    assert "Social" in interests.landmark.sentence
    assert "Holland" in interests.landmark.sentence


def test_no_sentence_genders_the_reader_or_judges(interests):
    for scale in interests.scales:
        for sentence in (scale.high, scale.middle, scale.low):
            assert re.search(r"\b[Vv]o(us|s)\b", sentence), sentence
            assert not re.search(r"\b[Vv]ous (êtes|devez|devriez|pouvez)\b|métier", sentence), sentence


def test_the_review_quotes_each_item_with_its_published_wording(interests):
    review = (REVIEWS / "interets.md").read_text(encoding="utf-8")
    for item in interests.items:
        assert re.search(rf"^\| {item.id} \| [^|]+ \| {re.escape(item.text)} \|", review, re.MULTILINE), item


def test_the_possible_bounds_of_a_scale_follow_from_its_items_and_levels(interests):
    assert {(scale.lowest, scale.highest) for scale in interests.scales} == {(8, 40)}


SPOILT = {
    "manque": lambda t: t.pop("notice"),
    "inconnu": lambda t: t.update(norme="française"),
    "vide": lambda t: t.update(title=""),
    "bon type": lambda t: t.update(minutes="dix"),
    "se suivent": lambda t: t["levels"].pop(2),
    "deux niveaux": lambda t: t.update(levels=t["levels"][:1]),
    "la liste": lambda t: t.update(items=[]),
    "« R1 » figure 2 fois".replace(" »", "\u00a0»").replace("« ", "«\u00a0"): lambda t: t["items"].append(t["items"][0]),
    "le texte": lambda t: t["items"][1].update(text=t["items"][0]["text"]),
    "échelle inconnue": lambda t: t["items"][0].update(scale="Z", id="Z1"),
    "ne commence pas": lambda t: t["items"][0].update(id="S9"),
    "7 questions au lieu de 8": lambda t: t["items"].pop(0),
    "lettre d’échelle": lambda t: t["scales"].append(t["scales"][0]),
    "dépasse 20 signes": lambda t: (
        t["scales"][0].update(letter="R" * 20),
        [i.update(scale="R" * 20, id="R" * 20 + i["id"][1:]) for i in t["items"] if i["scale"] == "R"],
    ),
    "méthode": lambda t: t["scoring"].update(method="median"),
    "part de réponses": lambda t: t["scoring"].update(min_share_answered=1.2),
    "hexagone": lambda t: t["code"].update(hexagon="RIASEX"),
    "une à six": lambda t: t["code"].update(max_letters=7),
    "seuil": lambda t: t["code"].update(differentiation_threshold=0),
    "version": lambda t: t.update(version=0),
    "durée": lambda t: t.update(minutes=0),
}


@pytest.mark.parametrize("sentence", SPOILT)
def test_a_spoilt_instrument_is_refused_with_its_sentence(table, sentence):
    SPOILT[sentence](table)
    with pytest.raises(InstrumentInvalid, match=sentence):
        parse(table)


def test_a_file_under_another_name_or_broken_is_refused_by_its_name(tmp_path):
    renamed = tmp_path / "interets-2.toml"
    renamed.write_text(INTERESTS.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(InstrumentInvalid, match=r"interets-2\.toml\u00a0: le nom attendu"):
        load(renamed)
    broken = tmp_path / "casse-1.toml"
    broken.write_text("slug = ", encoding="utf-8")
    with pytest.raises(InstrumentInvalid, match=r"casse-1\.toml"):
        load(broken)


def test_an_instrument_is_read_once_and_cannot_be_changed(interests):
    assert find("interets", 1) is interests
    with pytest.raises(AttributeError):
        interests.items[0].text = "autre"
