"""The counsellor's list and page of a bilan, its phases, the agent's own page, and what HR follows of it."""

import pytest
from client import Browser
from factories import close, commit, make_interview, make_journey, make_person
from peewee import IntegrityError

from bilan.journal import Event, JournalEntry
from bilan.journeys import actions
from bilan.journeys.models import Journey
from bilan.journeys.rules import Phase
from bilan.people.models import Employer, Role


def journey_page(world):
    return world.browser("counsellor").get(f"/parcours/{world.home.journey.id}")


def test_a_counsellor_sees_her_open_journeys_with_what_waits_first(world):
    page = world.browser("counsellor").get("/parcours")
    page.has("Prénom agent", "Commune home", "1 résultat à restituer", "1 h 30")
    page.lacks("Prénom other_agent")
    page = world.browser("counsellor").get("/parcours?etat=termines")
    assert page.h1 == "Parcours terminés"
    page.has("Prénom agent")


def test_a_counsellor_finds_a_journey_by_agent_or_employer(world):
    browser = world.browser("counsellor")
    browser.get("/parcours?q=AGENT").has("Prénom agent")
    browser.get("/parcours?q=commune home").has("Prénom agent")
    browser.get("/parcours?q=other").has("Aucun parcours ne correspond")


def test_a_journey_goes_through_its_phases_one_by_one(world):
    browser = world.browser("counsellor")
    journey_page(world).lacks("Phase suivante")
    agent = world.browser("agent")
    agent.submit(agent.get("/mon-bilan/programme")).has("Votre engagement est enregistré.", "Accompagnement")
    page = browser.submit(journey_page(world), form=str(world.home.journey.id))
    page.has("Le parcours entre dans la phase « Conclusion ».")
    page.lacks("Phase suivante")
    journey = Journey.get_by_id(world.home.journey.id)
    assert journey.created_at <= journey.accompaniment_at <= journey.conclusion_at
    events = JournalEntry.select().where(JournalEntry.event == Event.PHASE_CHANGED, JournalEntry.journey_id == journey.id)
    assert [entry.detail for entry in events.order_by(JournalEntry.created_at)] == ["accompaniment", "conclusion"]


def test_a_counsellor_does_not_leave_the_diagnostic_without_the_agent(world):
    world.browser("counsellor").post(f"/parcours/{world.home.journey.id}", {"leaving": "diagnostic"})
    assert Journey.get_by_id(world.home.journey.id).phase is Phase.DIAGNOSTIC


def test_a_double_click_changes_the_phase_once(world):
    with world.app.test_request_context():
        commit(Journey.by_id_with_people(world.home.journey.id))
    browser = world.browser("counsellor")
    for _ in range(2):
        browser.post(f"/parcours/{world.home.journey.id}", {"leaving": "accompaniment"})
    assert Journey.get_by_id(world.home.journey.id).phase is Phase.CONCLUSION


def test_two_tabs_that_leave_the_same_phase_change_it_once(world):
    journey = Journey.get_by_id(world.home.journey.id)
    actions.enter_next_phase(journey=journey, leaving=Phase.DIAGNOSTIC, by=world.counsellor)
    with pytest.raises(actions.PhaseAlreadyLeft):
        actions.enter_next_phase(journey=journey, leaving=Phase.DIAGNOSTIC, by=world.counsellor)


@pytest.mark.parametrize("leaving", ["conclusion", "closed", "accompaniment", "", "autre"])
def test_no_post_skips_a_phase_or_closes_a_journey(world, leaving):
    world.browser("counsellor").post(f"/parcours/{world.home.journey.id}", {"leaving": leaving})
    assert Journey.get_by_id(world.home.journey.id).phase is Phase.DIAGNOSTIC


def test_a_closed_journey_is_read_only(world):
    page = world.browser("counsellor").get(f"/parcours/{world.home.closed_journey.id}")
    assert [form for form in page.soup.find_all("form") if "sign-out" not in form["class"]] == []
    page = world.browser("counsellor").get(f"/parcours/entretiens/{world.home.closed_held.id}")
    assert page.soup.find("textarea") is None
    page.has(world.markers["closed_note-privee-2-home"].text)


def test_the_agent_sees_where_the_bilan_stands_and_what_to_do_next(world):
    page = world.browser("agent").get("/mon-bilan")
    page.has("Diagnostic", "vous êtes ici", "Le programme de votre bilan est prêt", "Prénom counsellor", "note à lire", "résultat à lire")
    page.lacks("Note privée")


def test_an_agent_without_a_bilan_is_told_so(app):
    with app.test_request_context():
        agent = make_person(Role.AGENT, name="Nadia Benali", employer=Employer.create(name="Commune"))
    page = Browser(app).sign_in(agent)
    assert page.path == "/mon-bilan"
    assert page.h1 == "Votre bilan n’a pas encore commencé"


def test_an_agent_sees_the_open_bilan_first_and_the_closed_one_after(app):
    with app.test_request_context():
        first = make_journey()
        close(first)
        make_journey(first.agent, make_person(Role.COUNSELLOR, name="Hugo Perrin"), first.employer)
    Browser(app).sign_in(first.agent).has("Hugo Perrin")


def test_hr_reads_dates_and_hours_and_nothing_else(world):
    page = world.browser("hr").get("/prescriptions")
    page.has("Commune home", "4 demandes affichées", "Prénom agent", "Diagnostic", "1 h 30")
    page.lacks("Prénom other_agent", "Prénom counsellor", "questionnaire", "note")
    world.browser("hr").get("/prescriptions?etat=termines").has("1 demande affichée", "Prénom agent", "Terminé", "1 h 30")


def test_hr_of_another_employer_sees_none_of_it(world):
    page = world.browser("other_hr").get("/prescriptions")
    page.has("Prénom other_agent")
    assert "Prénom agent" not in page.text.replace("Prénom other_agent", "")


def test_the_hours_that_hr_reads_leave_out_its_own_review(world):
    with world.app.test_request_context():
        interview = make_interview(world.home.journey)
        type(interview).update(kind="hr_review", held_minutes=60, outcome="held").where(type(interview).id == interview.id).execute()
    row = world.browser("hr").get("/prescriptions").soup.find("table").text
    assert "2\xa0h" not in row
    assert "1\xa0h\xa030" in row


def test_a_journey_is_between_two_persons(app):
    with app.test_request_context():
        person = make_person(Role.COUNSELLOR)
        with pytest.raises(IntegrityError, match="agent_is_not_referent"):
            make_journey(person, person)


def test_a_journey_is_closed_with_its_date_and_never_before_it_opened(app):
    with app.test_request_context():
        journey = make_journey()
        with pytest.raises(IntegrityError, match="closed_has_its_date"):
            Journey.update(phase=Phase.CLOSED).where(Journey.id == journey.id).execute()
