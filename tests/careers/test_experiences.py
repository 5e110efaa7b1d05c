"""Experiences: written by both, one form at a time; their order; what a removal leaves."""

import datetime
import uuid

import pytest
from client import Browser
from factories import close, make_experience, make_journey, make_person, make_skill
from pages import swap

from bilan.careers.models import Experience, Skill
from bilan.database import database, keystore, now
from bilan.french import to_paris
from bilan.journal import Event, JournalEntry
from bilan.journeys.models import Journey
from bilan.people.models import Role

LIST, NEW, ORDER = "experiences", "experiences/nouvelle", "experiences/ordre"


def positions(page):
    return [one.text for one in page.soup.select(".timeline h2")]


def test_a_position_and_a_year_are_enough(case):
    page = case.agent.get(case.path(LIST))
    page.has("Rien n’est encore écrit.")
    case.write(NEW, {"position": "Jardinier", "starts": "mars 2015", "ongoing": True}).has(
        "C’est enregistré.", "Depuis mars 2015", "Écrit par vous"
    )
    page = case.counsellor.get(case.path(LIST, way="parcours"))
    page.has(f"Bilan de {case.journey.agent.display_name}", "Jardinier", f"Écrit par {case.journey.agent.display_name}")
    assert page.soup.select_one(".sections [aria-current]").text == "Parcours"


def test_each_sees_who_completed_it(case):
    case.write(NEW, {"position": "Jardinier", "starts": "2015"})
    (experience,) = Experience.select()
    page = case.counsellor.get(f"/parcours/experiences/{experience.id}")
    values = {"ends": "06/2019", "pleasure": "4", "status": "tenured", "grade": "Adjoint", "tasks": "Tondre.\nTailler."}
    page = case.counsellor.submit(page, values)
    page.has("De 2015 à juin 2019", "plaisir 4 sur 5", "Titulaire de la fonction publique, Adjoint", "Tailler.", "modifié par vous le")
    case.agent.get(case.path(LIST)).has(f"Écrit par vous, modifié par {case.journey.counsellor.display_name} le")
    assert JournalEntry.select().where(JournalEntry.event == Event.EXPERIENCE_SAVED, JournalEntry.subject_id == experience.id).count() == 2


def test_a_replacement_writes_while_it_lasts_and_the_agent_reads_who(app, case):
    with case.within():
        replacement = make_person(Role.COUNSELLOR, name="Hugo Perrin")
    tomorrow = to_paris(now()).date() + datetime.timedelta(days=1)
    Journey.update(replacement=replacement, replacement_until=tomorrow).where(Journey.id == case.journey.id).execute()
    browser = Browser(app)
    browser.arrive(replacement)
    page = browser.submit(browser.get(case.path(NEW, way="parcours")), {"position": "Jardinier", "starts": "2015"})
    page.has("Écrit par vous")
    case.agent.get(case.path(LIST)).has("Hugo Perrin aussi, pendant le remplacement.", "Écrit par Hugo Perrin")
    Journey.update(replacement_until=tomorrow - datetime.timedelta(days=2)).where(Journey.id == case.journey.id).execute()
    browser.get(case.path(LIST, way="parcours"), status=404)
    case.agent.get(case.path(LIST)).lacks("pendant le remplacement")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"position": "", "starts": "2015"}, "Indiquez le poste ou l’activité."),
        ({"starts": ""}, "Indiquez le début : une année suffit."),
        ({"starts": "l’an dernier"}, "Écrivez un mois et une année, comme mars 2015, ou une année seule."),
        ({"starts": "2015", "ends": "2014-12"}, "La fin vient après le début."),
        ({"starts": "2015-05", "ends": "2015-03"}, "La fin vient après le début."),
        ({"starts": "2015", "ends": "2016", "ongoing": True}, "Effacez la fin, ou décochez « Toujours en cours »."),
        ({"starts": "2015", "tasks": "é" * 4001}, "Ce texte est trop long : 4 000 caractères au plus."),
    ],
)
def test_what_is_to_correct_is_said_and_what_was_typed_is_kept(case, values, sentence):
    page = case.write(NEW, {"position": "Jardinier", "successes": "Le rond-point.", **values}, status=422)
    page.has(sentence, "Le rond-point.")
    assert page.soup.find(id="starts")["value"] == values["starts"]
    assert Experience.select().count() == 0


def test_the_months_of_a_year_alone_are_not_guessed(case):
    case.write(NEW, {"position": "Saison", "starts": "2015-05", "ends": "2015"}).has("De mai 2015 à 2015")


def test_a_double_click_writes_one_and_other_words_another(case):
    page = case.agent.get(case.path(NEW))
    for position in ("Jardinier", "Jardinier", "Cuisinier"):
        case.agent.submit(page, {"position": position, "starts": "2015"})
    assert sorted(one.content["position"] for one in Experience.select()) == ["Cuisinier", "Jardinier"]


def test_the_number_of_anothers_form_opens_nothing(app, case):
    with case.within():
        page = case.agent.get(case.path(NEW))
        theirs = make_experience(make_journey(), position="Secret")
    data = {"position": "Jardinier", "starts": "2015", "ongoing": "", "status": "", "pleasure": "", "base": "0"}
    page = case.agent.post(case.path(NEW), data | {"submission": str(theirs.id)})
    page.lacks("Secret")
    assert Experience.get_by_id(theirs.id).content["position"] == "Secret"
    assert Experience.select().count() == 2


def test_one_more_is_written_at_once(case):
    page = case.write(NEW, {"position": "Jardinier", "starts": "2015"}, button=("then", "another"))
    assert page.path.endswith(NEW)
    assert page.soup.find(id="position")["value"] == ""


def test_two_people_at_once_see_both_texts_and_lose_neither(case):
    with case.within():
        experience = make_experience(case.journey, tasks="Avant.", status="employee")
    mine = case.agent.get(f"/mon-bilan/experiences/{experience.id}")
    theirs = case.counsellor.get(f"/parcours/experiences/{experience.id}")
    case.counsellor.submit(theirs, {"tasks": "De la conseillère.", "status": "tenured", "ongoing": True})
    page = case.agent.submit(mine, {"tasks": "De l’agente."}, status=409)
    page.has(f"enregistrée par {case.journey.counsellor.display_name} pendant que vous écriviez", "De la conseillère.", "De l’agente.")
    assert [one.text for one in page.soup.find_all("blockquote")] == ["Oui", "Titulaire de la fonction publique", "De la conseillère."]
    case.agent.submit(page, {"tasks": "Les deux.", "status": "tenured"})
    content = Experience.get_by_id(experience.id).content
    assert (content["tasks"], content["status"]) == ("Les deux.", "tenured")


def test_the_same_words_again_are_no_saving(case):
    with case.within():
        experience = make_experience(case.journey)
    page = case.agent.get(f"/mon-bilan/experiences/{experience.id}")
    for _ in range(2):
        case.agent.submit(page, {"tasks": "Une fois."})
    assert Experience.get_by_id(experience.id).revision == 2


def test_a_removal_says_what_stays_and_leaves_the_skills(case):
    with case.within():
        experience = make_experience(case.journey)
        drawn = make_skill(case.journey, experience, name="Tailler une haie", proof="Le parc.")
    page = case.agent.get(f"/mon-bilan/experiences/{experience.id}/retirer")
    page.has("Agent d’accueil", "Sa compétence reste dans votre liste", "Tailler une haie", "Cela ne se défait pas.")
    case.agent.submit(page).has("C’est retiré.")
    assert Experience.select().count() == 0
    assert Skill.get_by_id(drawn.id).experience_id is None
    case.agent.get(case.path("competences")).has("Tailler une haie", "Le parc.")
    assert JournalEntry.select().where(JournalEntry.event == Event.EXPERIENCE_REMOVED).count() == 1


def test_what_was_changed_meanwhile_is_read_again_before_it_is_removed(case):
    with case.within():
        experience = make_experience(case.journey)
    page = case.agent.get(f"/mon-bilan/experiences/{experience.id}/retirer")
    case.counsellor.submit(case.counsellor.get(f"/parcours/experiences/{experience.id}"), {"position": "Agente d’accueil"})
    page = case.agent.submit(page, status=409)
    page.has("modifiée pendant ce temps", "Agente d’accueil")
    case.agent.submit(page).has("C’est retiré.")


def test_what_was_typed_in_a_removed_one_is_given_back(case):
    with case.within():
        experience = make_experience(case.journey)
    page = case.agent.get(f"/mon-bilan/experiences/{experience.id}")
    case.counsellor.submit(case.counsellor.get(f"/parcours/experiences/{experience.id}/retirer"))
    case.agent.submit(page, {"tasks": "Tout ce que j’ai écrit."}, status=404).has("Tout ce que j’ai écrit.")


def test_there_is_a_limit_said_in_a_sentence(case, monkeypatch):
    monkeypatch.setattr(Experience, "maximum", 1)
    case.write(NEW, {"position": "Un", "starts": "2015"})
    page = case.write(NEW, {"position": "Deux", "starts": "2016"}, status=422)
    page.has("Ce bilan en contient déjà 1, et c’est le maximum.")
    assert Experience.select().count() == 1


@pytest.fixture
def three(case):
    """Three experiences, the newest first: C, B, A."""
    with case.within():
        return {
            name: make_experience(case.journey, position=name, starts=str(year)) for name, year in (("A", 2001), ("B", 2002), ("C", 2003))
        }


def test_an_experience_is_moved_by_buttons_and_the_order_of_dates_comes_back(case, three):
    page = case.agent.submit(case.agent.get(case.path(ORDER)), button=("up", str(three["A"].id)))
    page.has("« A » est en position 2.")
    assert positions(case.counsellor.get(case.path(LIST, way="parcours"))) == ["C", "A", "B"]
    case.agent.get(case.path(LIST)).has("dans l’ordre que vous avez choisi")
    for _ in range(2):
        page = case.agent.submit(page, button=("down", str(three["C"].id)))
    assert positions(case.agent.get(case.path(LIST))) == ["A", "B", "C"]
    case.agent.submit(page, button=("down", str(three["C"].id))).has("« C » est en position 3.")
    case.write(NEW, {"position": "Z", "starts": "1990"})
    assert positions(case.agent.get(case.path(LIST))) == ["Z", "A", "B", "C"]
    case.agent.submit(page, button=("dates", "1")).has("dans l’ordre des dates")
    assert positions(case.agent.get(case.path(LIST))) == ["C", "B", "A", "Z"]
    assert JournalEntry.select().where(JournalEntry.event == Event.EXPERIENCES_ORDERED).count() == 4, "a move that moves nothing is none"


def test_a_move_by_htmx_leaves_the_page_that_a_fresh_load_gives(case, three):
    path = case.path(ORDER)
    page = case.agent.get(path)
    assert page.form()["data-hx-target"] == "#order"
    answer = case.agent.fragment(path, {"up": str(three["A"].id)})
    soup, fresh = swap(page.html, answer.html, "order"), case.agent.get(path).soup
    assert str(soup.find(id="order")).split() == str(fresh.find(id="order")).split()
    assert "« A » est en position 2." in " ".join(soup.find(id="status-order").text.split())
    assert soup.find(id=f"up-{three['A'].id}"), "the button that has the focus is still there, under its name"


@pytest.mark.parametrize("data", [{"up": str(uuid.UUID(int=5))}, {"up": "x"}, {"down": ""}, {}])
def test_what_is_not_there_is_not_moved(case, three, data):
    case.agent.post(case.path(ORDER), data, status=404)
    assert positions(case.agent.get(case.path(LIST))) == ["C", "B", "A"]


def test_another_bilans_experience_is_not_moved(case, three):
    with case.within():
        theirs = make_experience(make_journey())
    case.agent.post(case.path(ORDER), {"up": str(theirs.id)}, status=404)
    assert Experience.get_by_id(theirs.id).place is None


def test_a_closed_bilan_is_read_and_no_longer_written(case, three):
    with case.within():
        close(case.journey)
    page = case.agent.get(case.path(LIST))
    assert positions(page) == ["C", "B", "A"]
    assert not [one for one in page.soup.select("main a") if "experiences/" in one["href"]]
    case.agent.post(f"/mon-bilan/experiences/{three['A'].id}", {"position": "x"}, status=404)


def test_the_queries_do_not_grow_with_the_experiences(case, three, monkeypatch):
    """Two for the pieces, and each key is read once: what the request itself asks does not depend on them."""

    def asked():
        found = []
        with monkeypatch.context() as patch:
            for one in (database.obj, keystore.obj):
                patch.setattr(
                    one, "execute_sql", lambda *given, ask=one.execute_sql, **named: found.append(given[0]) or ask(*given, **named)
                )
            case.agent.get(case.path(LIST))
        return len(found)

    with case.within():
        make_skill(case.journey, three["A"])
    few = asked()
    with case.within():
        for rank in range(10):
            make_skill(case.journey, make_experience(case.journey, position=f"P{rank}", by=case.journey.counsellor))
    assert asked() == few
