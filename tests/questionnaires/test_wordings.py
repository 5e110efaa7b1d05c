"""The French wordings of the published questionnaires, standard and plain: read from the files themselves."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "bilan" / "questionnaires" / "instruments"
REVIEWS = ROOT / "docs" / "instruments"
NAMES = ("interets-2", "personnalite-1", "personnalite-courte-1", "valeurs-1", "motivations-1", "ressources-et-freins-1")
FILES = {name: tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")) for name in NAMES}
OURS = ("valeurs-1", "motivations-1", "ressources-et-freins-1")

# The published key of the 50 IPIP markers: ranks that are reversed, N keyed to neuroticism (ipip.ori.org).
REVERSED = {"E": {2, 4, 6, 8, 10}, "N": {2, 4}, "A": {1, 3, 5, 7}, "C": {2, 4, 6, 8}, "O": {2, 4, 6}}
# Donnellan et al. (2006): the twenty of them, in the order of presentation.
MINI = ["E1", "A4", "C5", "N8", "O3", "E2", "A5", "C6", "N2", "O4", "E7", "A9", "C7", "N6", "O2", "E4", "A7", "C4", "N4", "O6"]
# Mean and standard deviation of the sums, alpha: the sample of the landmark, N as keyed.
PUBLISHED = {
    "personnalite-1": {
        "E": (30.401, 9.144, 0.892),
        "N": (30.524, 8.628, 0.874),
        "A": (38.874, 6.973, 0.829),
        "C": (34.073, 7.244, 0.812),
        "O": (39.208, 6.191, 0.794),
    },
    "personnalite-courte-1": {
        "E": (11.671, 4.072, 0.796),
        "N": (11.674, 3.589, 0.679),
        "A": (15.759, 3.414, 0.796),
        "C": (13.083, 3.576, 0.678),
        "O": (16.146, 3.065, 0.678),
    },
}
ORDERS = {
    "interets-2": ("R I A S E C", 8),
    "personnalite-1": ("E N A C O", 10),
    "personnalite-courte-1": ("E A C N O", 4),
    "valeurs-1": ("UTI AUT SEC REM REC REL APP EQU CRE RES CON", 3),
    "motivations-1": ("PLA SEN PRO LIE LIB AVA REN", 4),
    "ressources-et-freins-1": ("M R C O", 3),
}
# The one negation of a prompt: it protects who answers, and nobody rates it.
CAUTION = " (sans donner de détail de santé ou de vie privée)"
EPICENE = {"calme", "triste", "sensible", "bien", "à"}
INFINITIVE = r"(?:[A-ZÉÊ]|Me [a-z]|M’[a-z])[a-zéêèîôû]*(?:er|ir|re)\b"

every_file = pytest.mark.parametrize("name", NAMES)
each_personality = pytest.mark.parametrize("name", ["personnalite-1", "personnalite-courte-1"])


def wordings(name: str) -> list[str]:
    """Return both wordings of each item, without the caution of the prompts."""
    return [item[kind].replace(CAUTION, "") for item in FILES[name]["items"] for kind in ("text", "plain")]


def texts(content: object) -> Iterator[str]:
    """Return every text of a file, at any depth."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from texts(value)
    elif isinstance(content, list):
        for value in content:
            yield from texts(value)


def negations(wording: str) -> list[str]:
    """Return the negative words: to disagree with one of them would be a double negation."""
    return re.findall(r"\b(?:ne|pas|jamais|sans|aucune?|rien|ni|non)\b|\b[nN]’", wording)


def gendered(wording: str) -> list[str]:
    """Return what agrees with the gender of the reader, or names people in the masculine only."""
    faults = re.findall(r"\(e\)|·|\b(?:content|fier|prêt|seul|inconnus|habitants|usagers|chefs?|collaborateurs|citoyens|élus)\b", wording)
    states = re.findall(r"\b[Jj]e (?:me )?(?:suis|sens|reste|deviens|trouve|montre) (?:(?:souvent|très|plutôt|vite) )*(\w+)", wording)
    return faults + [state for state in states if state not in EPICENE]


def typographic_faults(text: str) -> list[str]:
    """Return what a French typesetter would mark in a text."""
    return re.findall(r"'|\"|\.\.\.|(?<![\u00a0\u202f])[:;?!»]|«(?!\u00a0)|  ", text)


def judgements(sentence: str) -> list[str]:
    """Return what would tell the reader what she is, what she ought to do, or which occupation to take."""
    return re.findall(r"\b[Vv]ous (?:êtes|devez|devriez|pouvez)\b|\b[Ii]l faut\b|\bmétiers?\b|normale?|dérangé", sentence)


def reversed_faults(items: list[dict]) -> list[str]:
    """Return the items whose direction is not that of the published key."""
    keyed = {f"{letter}{rank}" for letter, ranks in REVERSED.items() for rank in ranks}
    return [item["id"] for item in items if item.get("reversed", False) != (item["id"] in keyed)]


def unquoted(review: str, items: list[dict]) -> list[str]:
    """Return the items that the review does not quote in both wordings, with two reviews said."""
    lines = {line.split(" | ")[0].strip("| "): line.strip("| ").split(" | ") for line in review.splitlines() if line.startswith("| ")}
    return [
        item["id"]
        for item in items
        if item["id"] not in lines
        or lines[item["id"]][2:4] != [item["text"], item["plain"]]
        or len(lines[item["id"]]) not in (8, 10)
        or not all(cell.strip() for cell in lines[item["id"]])
    ]


@every_file
def test_the_order_of_presentation_alternates_the_scales(name):
    letters, ranks = ORDERS[name]
    alternated = [letter for _ in range(ranks) for letter in letters.split()]
    assert [item["scale"] for item in FILES[name]["items"]] == alternated
    assert {scale["letter"] for scale in FILES[name]["scales"]} == set(letters.split())


@pytest.mark.parametrize("name", [name for name in NAMES if name != "personnalite-courte-1"])
def test_the_identifiers_are_the_scale_and_the_rank(name):
    letters, ranks = ORDERS[name]
    expected = [f"{letter}{rank}" for rank in range(1, ranks + 1) for letter in letters.split()]
    assert [item["id"] for item in FILES[name]["items"]] == expected


@each_personality
def test_the_direction_of_each_item_is_that_of_the_published_key(name):
    assert reversed_faults(FILES[name]["items"]) == []


def test_the_key_check_catches_a_planted_direction():
    assert reversed_faults([{"id": "E1", "reversed": True}, {"id": "E2"}, {"id": "N2", "reversed": True}]) == ["E1", "E2"]


@pytest.mark.parametrize("name", ["interets-2", *OURS])
def test_no_other_questionnaire_has_a_reversed_item(name):
    assert not any("reversed" in item for item in FILES[name]["items"])


def test_the_short_form_is_the_published_subset_with_the_same_wordings():
    long = {item["id"]: item for item in FILES["personnalite-1"]["items"]}
    short = FILES["personnalite-courte-1"]["items"]
    assert [item["id"] for item in short] == MINI
    assert short == [long[rank] for rank in MINI]


@each_personality
def test_the_landmark_is_the_published_one_and_calls_itself_no_norm(name):
    content = FILES[name]
    count = content["scoring"]["items_per_scale"]
    for scale in content["scales"]:
        total, deviation, alpha = PUBLISHED[name][scale["letter"]]
        assert scale["published_mean"] == pytest.approx(total / count, abs=0.000051)
        assert (scale["published_sd"], scale["alpha"]) == (deviation, alpha)
    assert content["landmark"]["sample_size"] == 15620
    assert "repère indicatif, pas une norme" in content["landmark"]["sentence"]


@each_personality
def test_only_emotional_stability_is_shown_in_the_mirror(name):
    mirrored = [scale for scale in FILES[name]["scales"] if scale.get("mirrored")]
    assert [(scale["letter"], scale["name"]) for scale in mirrored] == [("N", "Stabilité émotionnelle")]
    assert "calme" in mirrored[0]["high"]
    assert "émotions vives" in mirrored[0]["low"]


def test_interests_keep_the_facts_and_the_standard_wordings_of_version_1():
    first = tomllib.loads((FOLDER / "interets-1.toml").read_text(encoding="utf-8"))
    second = FILES["interets-2"]
    for key in first.keys() - {"version", "items"}:
        assert second[key] == first[key]
    assert [{key: item[key] for key in ("id", "scale", "text")} for item in second["items"]] == first["items"]


@pytest.mark.parametrize("name", ["interets-2", "motivations-1"])
def test_an_activity_or_a_reason_is_an_infinitive_in_both_wordings(name):
    assert [text for text in wordings(name) if not re.match(INFINITIVE, text)] == []


@each_personality
def test_each_item_of_personality_speaks_in_the_first_person(name):
    assert [text for text in wordings(name) if not re.search(r"\b([Jj]e|[Jj]’|me|m’|moi|[Mm]on|mes)\b|\b[JjMm]’", text)] == []


@every_file
def test_each_item_has_both_wordings_short_and_each_once(name):
    for item in FILES[name]["items"]:
        assert 0 < len(item["text"].replace(CAUTION, "")) <= 80, item
        assert 0 < len(item["plain"].replace(CAUTION, "")) <= 60, item
        assert not item["text"].endswith("."), item
        assert not item["plain"].endswith("."), item
    for kind in ("text", "plain"):
        assert len({item[kind] for item in FILES[name]["items"]}) == len(FILES[name]["items"])


@every_file
def test_the_introduction_and_each_question_have_a_plain_wording(name):
    content = FILES[name]
    assert content["plain_introduction"]
    asked = [content, *content.get("parts", []), *([content["ranking"]] if "ranking" in content else [])]
    for part in asked:
        assert ("question" in part) == ("plain_question" in part)
    assert any("question" in part for part in asked)


@every_file
def test_no_wording_holds_a_negation(name):
    assert {text: negations(text) for text in wordings(name) if negations(text)} == {}


@pytest.mark.parametrize(
    "text", ["Je ne parle pas", "Je n’ai peur de rien", "Sans être jamais en retard", "Aucune idée", "Travailler sans bruit"]
)
def test_the_negation_check_catches_a_planted_fault(text):
    assert negations(text.lower())


@every_file
def test_no_wording_agrees_with_the_gender_of_the_reader(name):
    assert {text: gendered(text) for text in wordings(name) if gendered(text)} == {}


@pytest.mark.parametrize(
    "text",
    ["Je suis stressé", "Je me sens souvent contrariée", "Je reste détendu", "Être content", "Être motivé(e)", "Aider les habitants"],
)
def test_the_gender_check_catches_a_planted_fault(text):
    assert gendered(text)


@every_file
def test_every_text_follows_french_typography(name):
    assert {text: typographic_faults(text) for text in texts(FILES[name]) if typographic_faults(text)} == {}


@pytest.mark.parametrize("text", ["l'eau", "Quoi ?", "Voici:", "« mot »", "Voir...", "un  mot"])
def test_the_typography_check_catches_a_planted_fault(text):
    assert typographic_faults(text)


@every_file
def test_no_sentence_says_what_the_reader_is_or_ought_to_do(name):
    content = FILES[name]
    sentences = [scale[key] for scale in content["scales"] for key in ("description", "high", "middle", "low") if key in scale]
    sentences += [content.get("gap", {}).get(key, "") for key in ("lacking", "met", "beyond")]
    assert {text: judgements(text) for text in sentences if judgements(text)} == {}
    for scale in content["scales"]:
        for key in ("high", "middle", "low"):
            assert re.search(r"\b[Vv]o(us|s)\b", scale.get(key, "vous")), scale


@pytest.mark.parametrize("text", ["Vous êtes instable.", "Vous devez changer.", "Ce métier vous irait.", "Un score normal."])
def test_the_judgement_check_catches_a_planted_fault(text):
    assert judgements(text)


@every_file
def test_each_file_says_where_it_comes_from_and_what_it_is_not(name):
    content = FILES[name]
    assert f"{content['slug']}-{content['version']}" == name
    assert "non étalonnée" in content["adaptation"]
    assert "pas un diagnostic" in content["notice"]
    assert ("Grille d’exploration" in content["source"]) == (name in OURS)
    assert (content["licence"] == "domaine public") == (name not in OURS)


def test_values_are_rated_twice_and_their_gap_is_between_the_two_parts():
    content = FILES["valeurs-1"]
    assert [part["key"] for part in content["parts"]] == ["importance", "satisfaction"]
    assert [[level["value"] for level in part["levels"]] for part in content["parts"]] == [[1, 2, 3, 4, 5]] * 2
    assert (content["gap"]["of"], content["gap"]["minus"]) == ("importance", "satisfaction")
    assert content["ranking"]["count"] == 5
    assert content["scoring"] == {"method": "sum", "items_per_scale": 3, "min_share_answered": 0.6}


def test_motives_count_from_three_answers_of_four():
    assert FILES["motivations-1"]["scoring"] == {"method": "sum", "items_per_scale": 4, "min_share_answered": 0.75}


def test_resources_and_obstacles_are_told_together_and_never_scored():
    content = FILES["ressources-et-freins-1"]
    assert content["together"]
    assert "scoring" not in content
    assert [(part["key"], part.get("kind"), part["optional"]) for part in content["parts"]] == [
        ("phrase", "text", True),
        ("force", None, True),
    ]
    assert [level["label"] for level in content["parts"][1]["levels"]] == ["un peu", "assez", "beaucoup", "énormément"]
    assert [scale["condition"] for scale in content["scales"]] == ["motivation", "resource", "constraint", "obstacle"]


def test_no_prompt_asks_for_health_family_or_union():
    prompts = wordings("ressources-et-freins-1")
    assert [text for text in prompts if re.search(r"santé|famil|enfant|conjoint|syndic|maladie|relig", text)] == []
    cautioned = [item["id"] for item in FILES["ressources-et-freins-1"]["items"] if CAUTION in item["text"] and CAUTION in item["plain"]]
    assert cautioned == ["C1", "O1", "O3"]


@every_file
def test_the_review_quotes_both_wordings_of_each_item_and_its_two_reviews(name):
    review = (REVIEWS / f"{FILES[name]['slug']}.md").read_text(encoding="utf-8")
    assert unquoted(review, FILES[name]["items"]) == []
    assert "ni traduction en retour" in review or name in OURS
    assert "non étalonnée" in review or "ni étalonnage" in review


def test_the_review_check_catches_a_planted_wording():
    item = {"id": "E1", "text": "Je parle", "plain": "Je dis"}
    line = "| E1 | I talk | Je parle | Je dis | gardé | directe | rien | rien |"
    assert unquoted(line, [item]) == []
    assert unquoted(line.replace("Je dis", "Je cause"), [item]) == ["E1"]
    assert unquoted(line.removesuffix(" rien |"), [item]) == ["E1"]
    assert unquoted("", [item]) == ["E1"]
