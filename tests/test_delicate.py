"""The words that lead to a gentle sentence: what a counsellor may write, and what only looks like it."""

import pytest

from bilan.delicate import fold, matters

HEALTH, UNION, POLITICS, RELIGION = "la santé", "l’appartenance syndicale", "les opinions politiques", "les convictions religieuses"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Elle est en ARRÊT MALADIE depuis mars.", [HEALTH]),
        ("Suivi par un psychologue, dépression en 2024.", [HEALTH]),
        ("Dossier RQTH en cours auprès de la MDPH.", [HEALTH]),
        ("Adhérente à la CGT depuis dix ans.", [UNION]),
        ("Il est délégué syndical.", [UNION]),
        ("Elle vote pour le Rassemblement national.", [POLITICS]),
        ("Il fait le ramadan et va à la mosquée.", [RELIGION]),
        ("Après la messe, elle a parlé de sa grossesse et de la grève.", [HEALTH, UNION, RELIGION]),
    ],
)
def test_delicate_matters_are_found(text, found):
    assert matters(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Elle prend le bus : l’arrêt est devant la mairie.",
        "Agente du syndicat intercommunal des eaux, puis d’un syndicat mixte.",
        "L’élue du quartier lui a confié la maison France services.",
        "Il tourne à gauche, puis à droite, vers le sud.",
        "Elle cherche un poste en établissement social et médico-social.",
        "Référent handicap de la collectivité : un métier qui l’intéresse.",
        "Il aime le dynamisme et la pratique du terrain.",
    ],
)
def test_words_of_the_trade_are_let_alone(text):
    assert matters(text) == []


def test_accents_capitals_ligatures_and_typed_spaces_change_nothing():
    assert fold("Œuvre  d’ÉTÉ\n") == "oeuvre d'ete"
    assert matters("TENDINITE\nÀ  L’ÉPAULE") == matters("tendinite a l'epaule") == [HEALTH]
