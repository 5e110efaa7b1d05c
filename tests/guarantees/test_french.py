"""The French of the product: spelled, set as French is set, and plain where it says that it is plain."""

import os
import re
import shutil
import subprocess
import tomllib

import pytest
import textstat
from french_texts import ROOT, code_texts, script_texts, template_texts, texts, words

from bilan import french

LEXICON = (ROOT / "tests" / "lexicon.txt").read_text("utf-8").splitlines()
KNOWN = {line for line in LEXICON if line and not line.startswith("#")}
# A space that may be cut where French wants none that may, a straight apostrophe, three points for an ellipsis, a capital without its accent.
FAULTS = re.compile(r"[^\W\d_]'[^\W\d_]|(?<=[\w»’)%]) [;:?!»](?=\s|$)|« |\.\.\.|\bEtat\b|\bEtape|\b[Oo]eu|\bA (?:la|l’)")
FILES = (ROOT / "bilan" / "questionnaires" / "instruments").glob("*.toml")
ITEMS = {path.stem: tomllib.loads(path.read_text("utf-8"))["items"] for path in sorted(FILES)}
# A name of which nobody knows by what it begins, behind a word that loses its e before Anne or Émilie: see french.of.
NOT_ELIDED = re.compile(
    r"\b[Dd]e \{+[^{}|]*(?:display|agent|counsellor|\b)_?name\b[^{}|]*\}|\b[Qq]ue \{+[^{}|]*(?:display|agent)_name\b[^{}|]*\}"
)
# The first edition of the interests had one wording.
IN_TWO_WORDINGS = [name for name in ITEMS if name != "interets-1"]


def unknown(found):
    """Return the words that the dictionary refuses."""
    if not shutil.which("hunspell"):
        if os.environ.get("BILAN_REQUIRE_SPELLING") == "1":
            pytest.fail("BILAN_REQUIRE_SPELLING=1: no hunspell on this machine")
        pytest.skip("no hunspell on this machine")
    answer = subprocess.run(
        ["hunspell", "-l", "-d", "fr", "-i", "utf-8"], input="\n".join(found), capture_output=True, text=True, check=True
    )
    return set(answer.stdout.split())


def ease(sentences):
    """Return the reading ease of sentences, by Kandel and Moles (1958): 100 is very easy, 0 very hard."""
    textstat.set_lang("fr")
    return textstat.flesch_reading_ease(" ".join(sentence.rstrip(".?") + "." for sentence in sentences))


def test_every_word_is_in_the_dictionary_or_in_the_lexicon():
    found = words()
    assert len(found) > 4000, "the texts are no longer found"
    refused = unknown(found)
    assert {word: sorted(found.get(word, ())) for word in refused - KNOWN} == {}
    assert KNOWN - refused == set(), "words of the lexicon that nobody uses, or that the dictionary knows by now"


def test_a_planted_mistake_is_seen():
    planted = template_texts("<p>Vous recevrez une confirmassion.</p>{{ button('Choisir une datte précize') }}")
    planted += code_texts('"""A docstringue."""\nx = "Votre réponce est gardée"\nraise ValueError("no such thingg")')
    planted += script_texts("// Don't read thiz\nsay(`Il reste ${count} essaiz`, 'La page est enregistrrée');")
    found = {word for text in planted for word in re.findall(r"\w+", text)}
    assert unknown(found) == {"confirmassion", "précize", "réponce", "essaiz", "enregistrrée"}


def test_what_the_scripts_say_is_read():
    said = [text for path, found in texts().items() if path.suffix == ".js" for text in found]
    assert {"Écouter la page", "le service ne répond pas", "Cette clé est déjà dans votre liste."} <= set(said)


def test_spaces_apostrophes_and_capitals_are_those_of_french():
    faults = [
        f"{path.relative_to(ROOT)}: {text[max(0, one.start() - 20) : one.end() + 10]!r}"
        for path, said in texts().items()
        for text in said
        for one in FAULTS.finditer(text)
    ]
    assert faults == []


@pytest.mark.parametrize("wrong", ["Oui : non", "« ici", "l'agent", "Etat", "A la fin", "oeuvre", "Fini ?"])
def test_a_planted_fault_of_setting_is_seen(wrong):
    assert FAULTS.search(wrong)


@pytest.mark.parametrize("right", ["Oui\u00a0: non", "«\u00a0ici\u00a0»", "l’agent", "État", "À la fin", "A un peu augmenté", "œuvre"])
def test_what_is_well_set_is_left_alone(right):
    assert not FAULTS.search(right)


@pytest.mark.parametrize("name", IN_TWO_WORDINGS)
def test_the_plain_wordings_of_a_questionnaire_are_easier_to_read(name):
    standard, plain = (ease(item[kind] for item in ITEMS[name]) for kind in ("text", "plain"))
    assert plain > standard, f"{plain:.1f} beside {standard:.1f}"


def test_no_name_is_left_behind_a_word_that_it_may_shorten():
    paths = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt"), *(ROOT / "bilan").rglob("*.py")]
    paths.remove(ROOT / "bilan/french.py")  # which shortens
    assert [f"{path.relative_to(ROOT)}: {one[0]}" for path in paths for one in NOT_ELIDED.finditer(path.read_text("utf-8"))] == []
    for planted in ("Bilan de {{ journey.agent.display_name }}", 'f"Ce que {person.display_name} lira"', "le compte de {name}"):
        assert NOT_ELIDED.search(planted)


@pytest.mark.parametrize("name", ["Anne", "Émilie", "Inès", "Hélène", "Yves", "Yvonne", "Œdipe", "anne"])
def test_a_name_shortens_the_word_before_it(name):
    assert (french.of(name), french.that(name)) == (f"d’{name}", f"qu’{name}")


@pytest.mark.parametrize("name", ["Paul", "Çelik", "Yasmine", "Yann", "", "M. Henry"])
def test_other_names_leave_the_word_whole(name):
    assert (french.of(name), french.that(name)) == (f"de {name}", f"que {name}")
