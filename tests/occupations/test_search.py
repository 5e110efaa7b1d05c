"""Searching: words with or without accents and plurals, families, letters; with and without htmx; nothing is hidden."""

from urllib.parse import quote

import pytest
from pages import swap

from bilan.occupations.models import Occupation
from bilan.occupations.rules import Wanted

LIST = "metiers"


def titles(soup):
    return [" ".join(one.text.split()) for one in soup.select("#occupations h2")]


def found(**wanted):
    return [one.title for one in Occupation.matching(Wanted(**wanted))]


@pytest.mark.parametrize("typed", ["bibliothécaire", "BIBLIOTHECAIRES", "bibliothec", "  bibliothécaires "])
def test_accents_capitals_plurals_and_unfinished_words_are_tolerated(app, typed):
    assert "Bibliothécaire" in found(text=typed)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("jardinière", "Jardinier municipal / Jardinière municipale"),
        ("cantine", "Agent / Agente de restauration scolaire"),
        ("cantonnier", "Agent / Agente d’exploitation de la voirie"),
        ("éboueur", "Agent / Agente de collecte des déchets"),
        ("femme de ménage", "Agent / Agente d’entretien des locaux"),
        ("marchés publics", "Acheteur public / Acheteuse publique"),
        ("permis de construire", "Instructeur / Instructrice du droit des sols"),
        ("agent d'état civil", "Agent / Agente d’état civil"),
        ("piscines", "Agent / Agente d’entretien de piscine"),
        ("atsem", "Agent territorial spécialisé / Agente territoriale spécialisée des écoles maternelles (ATSEM)"),
        ("eaux pluv", "Chargé / Chargée de mission eaux pluviales"),
        ("DGS", "Directeur général / Directrice générale des services"),
    ],
)
def test_people_find_an_occupation_by_the_words_they_use(app, typed, title):
    assert title in found(text=typed)


def test_own_titles_come_before_others_and_local_government_first(app, rome):
    assert found(text="jardinier")[:2] == ["Jardinier municipal / Jardinière municipale", "Jardinier / Jardinière"]
    both = [(one.territorial, one.found_as) for one in Occupation.matching(Wanted("cantonnier"))]
    assert both == [
        (True, "Cantonnier / Cantonnière de rivière"),
        (True, "Cantonnier / Cantonnière"),
        (False, "Cantonnier / Cantonnière"),
    ]
    assert found(text="cantonnier", territorial=True) == [one.title for one in Occupation.matching(Wanted("cantonnier")) if one.territorial]


@pytest.mark.parametrize(
    "typed", ['"', "*", "a OR b", "NEAR(a b)", "jardinier AND", "-jardinier", "words:x", "^x", "x" * 100, "’", "& | !", ":*"]
)
def test_what_is_typed_is_words_and_never_a_query(app, typed):
    assert isinstance(found(text=typed), list)


def test_a_family_is_a_field_a_large_domain_or_a_professional_one(app, rome):
    assert {one.field for one in Occupation.matching(Wanted(family="sport"))} == {"sport"}
    assert {one.code[0] for one in Occupation.matching(Wanted(family="A"))} == {"A"}
    assert {one.code[:3] for one in Occupation.matching(Wanted(family="A12"))} == {"A12"}
    assert found(text="agent", family="sport") == ["Agent / Agente d’entretien de piscine"]


def test_letters_are_all_there_whichever_comes_first(app):
    for letters in ("S", "RC"):
        ones = list(Occupation.matching(Wanted(letters=letters)))
        assert {one.id for one in ones} == {one.id for one in Occupation.select() if set(letters) <= set(one.letters)}
    assert {one.letters for one in Occupation.matching(Wanted(letters="RC"))} == {"RC", "CR"}
    assert found(letters="RIA") == []


def test_without_words_every_occupation_is_there(app, rome):
    assert len(found()) == Occupation.select().count()


def test_nothing_is_hidden_or_sorted_by_the_answers_of_an_agent(world):
    """The list of an agent whose answers are known is that of anybody."""
    lists = [titles(world.browser(name).get(f"/{way}/{journey.id}/metiers?q=agent").soup) for name, way, journey in people(world)]
    assert lists[0] == lists[1] == lists[2] != []


def people(world):
    return (
        ("agent", "mon-bilan", world.home.journey),
        ("counsellor", "parcours", world.home.journey),
        ("other_agent", "mon-bilan", world.away.closed_journey),
    )


@pytest.mark.parametrize(
    "query",
    [
        "q=jardin",
        "q=Agents&page=2",
        "famille=sport",
        "interet=S&interet=R",
        "interet=R&interet=I&interet=A",
        "q=zzz",
        "q=agent&collectivites=1",
    ],
)
def test_the_fragment_is_the_page(case, rome, query):
    path = case.path(LIST)
    whole = case.agent.get(f"{path}?{query}")
    soup = swap(case.agent.get(path).html, case.agent.fragment(f"{path}?{query}").html, "occupations")
    for place in ("occupations", "occupations-count"):
        assert str(soup.find(id=place)).split() == str(whole.soup.find(id=place)).split()


def test_the_form_stays_as_it_was_asked_and_the_pages_keep_the_question(case, rome):
    page = case.counsellor.get(f"{case.path(LIST, way='parcours')}?q=agent&famille=A12&interet=R&collectivites=1")
    soup = page.soup
    assert soup.find(id="q")["value"] == "agent"
    assert soup.select_one("#famille option[selected]")["value"] == "A12"
    assert [one["id"] for one in soup.select("input[checked]")] == ["interet-R", "collectivites"]
    page = case.agent.get(f"{case.path(LIST)}?q=agent&interet=R")
    href = page.soup.select_one("#occupations nav a[rel=next]")["href"]
    assert "q=agent" in href
    assert "interet=R" in href
    second = case.agent.get(href)
    second.has("page 2 sur")
    assert not set(titles(second.soup)) & set(titles(page.soup))


def test_without_the_rome_the_page_says_what_is_there(case):
    page = case.agent.get(case.path(LIST))
    page.has("224 métiers", "écrits par le centre", "licence ouverte")
    assert page.soup.find(id="collectivites") is None
    assert [one["label"] for one in page.soup.select("#famille optgroup")] == ["Dans les collectivités"]


def test_with_the_rome_its_domains_and_version_are_there(case, rome):
    page = case.agent.get(case.path(LIST))
    page.has("version 60", "18 septembre 2025", "227 métiers", "Seulement les métiers des collectivités")
    assert [one["label"] for one in page.soup.select("#famille optgroup")] == [
        "Dans les collectivités",
        "Grand domaine A",
        "Grand domaine K",
    ]


def test_an_empty_answer_says_what_to_try(case):
    case.agent.get(f"{case.path(LIST)}?q=zzz").has("0 métier", "Essayez un mot plus court")
    case.agent.get(f"{case.path(LIST)}?interet=R&interet=I&interet=A").has("Gardez-en un ou deux")


def test_a_withdrawn_occupation_is_not_found_and_its_page_says_so(case, rome):
    with case.within():
        one = Occupation.get(Occupation.key == "rome:A1208")
        Occupation.update(withdrawn_in="61").where(Occupation.id == one.id).execute()
    assert one.title not in titles(case.agent.get(f"{case.path(LIST)}?famille=A12").soup)
    case.agent.get(case.path(f"metiers/{one.id}")).has("Le ROME n’a plus cette fiche depuis la version 61.")


def test_what_is_searched_is_in_no_log_and_no_journal(case, caplog, capfd):
    caplog.set_level("INFO")  # that of the server: serving.py
    case.agent.get(f"{case.path(LIST)}?q={quote('motcherché')}")
    said = caplog.text + "".join(capfd.readouterr())
    assert "motcherch" not in said.lower()
    from bilan.journal import JournalEntry

    with case.within():
        assert "motcherch" not in str(list(JournalEntry.select().dicts())).lower()
