"""Folding words, comparing letters, saying why: pure functions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.occupations.rules import closest, congruence, experience_reason, fold, interest_reason, letters_asked

NAMES = dict(zip("RIASEC", ("Réaliste", "Investigateur", "Artistique", "Social", "Entreprenant", "Conventionnel"), strict=True))
LETTERS = st.lists(st.sampled_from("RIASEC"), unique=True, max_size=3).map("".join)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Jardinier / Jardinière", "jardinier jardiniere"),
        ("Espaces  VERTS", "espace vert"),
        ("Agent d’accueil", "agent accueil"),
        ("agent d'accueil", "agent accueil"),
        ("œuvres d’art, ex æquo", "oeuvre art ex aequo"),
        ("travaux locaux, eaux et jeux", "travail local eau jeu"),
        ("agent(e) d’état civil", "agent etat civil"),
        ("agent·e·s", "agent"),
        ("écoles maternelles (ATSEM)", "ecole maternelle atsem"),
        ("de la", ""),
        ("bus gaz", "bus gaz"),
        ("e\u0301tat", "etat"),
        ("'; DROP TABLE -- \" * ( ) :", "drop table"),
    ],
)
def test_words_are_folded(typed, words):
    assert fold(typed) == words


@given(st.text(max_size=60))
def test_folded_words_are_plain(text):
    assert all(word.isascii() and word.isalnum() for word in fold(text).split())


@pytest.mark.parametrize(
    ("person", "occupation", "found"),
    [
        ("SA", "SA", (15, 15)),
        ("SA", "AS", (10, 15)),
        ("RI", "SE", (0, 15)),
        ("RIA", "RS", (11, 15)),
        ("RI", "R", (3, 3)),
        ("R", "IC", (2, 3)),
        ("RIA", "S", (0, 3)),
        ("", "R", None),
        ("R", "", None),
    ],
)
def test_letters_are_compared_as_published(person, occupation, found):
    assert congruence(person, occupation) == found


@given(LETTERS, LETTERS)
def test_the_comparison_is_bounded_and_greatest_with_oneself(person, occupation):
    found = congruence(person, occupation)
    assert found is None if not (person and occupation) else 0 <= found.value <= found.maximum
    assert not person or congruence(person, person[:2]).value == congruence(person, person[:2]).maximum


@pytest.mark.parametrize(
    ("person", "occupation", "whose", "sentence"),
    [
        ("SAE", "CS", "vos", "Ce métier et vos réponses ont en commun l’intérêt Social."),
        ("SAR", "RS", "ses", "Ce métier et ses réponses ont en commun les intérêts Réaliste et Social."),
        ("SA", "E", "vos", "L’intérêt Entreprenant de ce métier est voisin de l’intérêt Social de vos réponses."),
        ("RI", "SE", "ses", "Ses réponses ne disent rien pour ou contre ce métier."),
        ("", "SE", "vos", "Vos réponses ne disent rien pour ou contre ce métier."),
        ("RI", "", "vos", "Vos réponses ne disent rien pour ou contre ce métier."),
    ],
)
def test_the_interests_are_said_in_words(person, occupation, whose, sentence):
    assert interest_reason(person, occupation, NAMES, whose=whose) == sentence


def test_an_experience_is_said_to_whoever_reads():
    assert experience_reason("Jardinier", same=False, whose="vos") == (
        "Le ROME donne ce métier comme une évolution possible depuis «\u00a0Jardinier\u00a0», que vous avez exercé."
    )
    assert experience_reason("Jardinier", same=True, whose="ses") == "«\u00a0Jardinier\u00a0», de son parcours, est de la même fiche."


def test_the_nearest_titles_come_first_and_those_without_a_shared_word_not_at_all():
    titles = [
        ("a", False, "Chef jardinier"),
        ("b", True, "Jardinier"),
        ("c", False, "Jardinier"),
        ("d", True, "Plombier"),
        ("a", False, "X"),
    ]
    assert closest("Jardiniers", titles, 9) == ["b", "c", "a"]
    assert closest("Jardiniers", titles, 1) == ["b"]


@pytest.mark.parametrize(("asked", "letters"), [(["S", "R"], "RS"), (["Z", "", "RS"], ""), ([], ""), (["S", "S"], "S")])
def test_letters_are_asked_in_any_order(asked, letters):
    assert letters_asked(asked) == letters
