"""The demonstration: its pages open, its people have lived what the application offers, and it loads once only."""

import pytest
from client import Browser

from bilan.careers.models import Condition, Experience
from bilan.closing.models import Closing, items_of
from bilan.data_requests.models import DataRequest
from bilan.data_requests.rules import Choice
from bilan.demonstration import load
from bilan.disclosure.models import Disclosure
from bilan.hr_review.models import HrReview
from bilan.hr_review.rules import State as ReviewState
from bilan.journeys.models import Journey
from bilan.leads.models import Lead, Survey
from bilan.leads.rules import Origin
from bilan.people.models import Person
from bilan.plans.models import Step
from bilan.preparation import prepare
from bilan.questionnaires import instruments
from bilan.questionnaires.models import Passation, PassationState
from bilan.questionnaires.rules import Channel, score
from bilan.results.models import Finding
from bilan.results.rules import cautions
from bilan.scenarios.models import Scenario
from bilan.scenarios.rules import Priority

PASSWORD = "une phrase de démonstration"


@pytest.fixture
def app(new_app, migrated):
    """The application with its demonstration, on SQLite alone: nothing here depends on the database."""
    app = new_app(migrated, BILAN_DEMO_PASSWORD=PASSWORD)
    prepare()
    with app.test_request_context():
        assert len(list(load())) == 10
    return app


@pytest.fixture
def databases(sqlite_databases):
    return sqlite_databases


def journey_of(email):
    return Journey.by_id_with_people(Journey.get(Journey.agent == Person.by_email(email)).id)


def addresses(page):
    """Return the addresses of the links in the content of a page, those of the same site."""
    found = [link["href"].partition("#")[0] for link in page.soup.find("main").find_all("a", href=True)]
    return {one for one in found if one.startswith("/")}


@pytest.mark.parametrize("email", ["agent@demo.example", "agent2@demo.example", "conseiller@demo.example", "conseiller2@demo.example"])
def test_every_result_lead_and_finding_of_the_demonstration_is_read(app, email):
    with app.test_request_context():
        whose = {"conseiller@demo.example": "agent@demo.example", "conseiller2@demo.example": "agent2@demo.example"}.get(email)
        journey, person = journey_of(whose or email), Person.by_email(email)
        way = "parcours" if whose else "mon-bilan"
    browser = Browser(app)
    browser.sign_in(person, PASSWORD)
    pages = [browser.get(f"/{way}/{journey.id}/{name}") for name in ("resultats", "lecture-croisee", "pistes", "pistes/suggestions")]
    read = 0
    for path in sorted(set().union(*map(addresses, pages))):
        if path.endswith(("/resultat", ".pdf")) or "/pistes/" in path:
            browser.get(path)
            read += 1
    assert read >= 8


def test_the_first_agent_has_lived_the_whole_exploration(app):
    with app.test_request_context():
        journey = journey_of("agent@demo.example")
        states = {one.slug: one.state for one in Passation.of_journey(journey)}
        released = PassationState.RELEASED
        assert states == {
            "interets": PassationState.STARTED,
            "valeurs": released,
            "ressources-et-freins": released,
            "personnalite": released,
        }
        findings, leads = Finding.of_journey(journey), Lead.of_journey(journey)
        assert {one.written_by_id for one in findings} == {journey.agent_id, journey.counsellor_id}
        assert {one.origin for one in leads} == {Origin.MOVES, Origin.AGENT, Origin.COUNSELLOR}
        assert [one.title for one in leads if one.kept_at] == ["Agent / Agente d’accueil"]
        assert {one.choice for one in leads} == {"interested", "explore", "no", None}
        assert len(Survey.of_journey(journey)) == 2
        assert [one.content["position"] for one in Experience.of_journey(journey) if one.occupation] == [
            "Agente d’entretien des écoles",
            "Aide à domicile",
        ]


def test_a_suggestion_that_was_adopted_gives_the_reasons_of_its_origin(app):
    with app.test_request_context():
        for email, position in (("agent@demo.example", "Aide à domicile"), ("agent2@demo.example", "ATSEM")):
            adopted = [one for one in Lead.of_journey(journey_of(email)) if one.origin is Origin.MOVES]
            assert [f"«\u00a0{position}\u00a0»" in one.content["why"] for one in adopted] == [True]


def test_the_grid_of_the_first_agent_is_where_her_supports_and_obstacles_come_from(app):
    with app.test_request_context():
        journey = journey_of("agent@demo.example")
        grid = next(one for one in Passation.of_journey(journey) if one.slug == "ressources-et-freins")
        assert grid.carried_at
        kinds = {scale.letter: scale.condition for scale in grid.instrument.scales}
        carried = {(kinds[letter], one["phrase"], str(one["force"])) for letter, ones in grid.result["entries"].items() for one in ones}
        own = [one for one in Condition.of_journey(journey) if one.written_by_id == journey.agent_id]
        assert carried == {(one.content["kind"], one.content["sentence"], one.content["strength"]) for one in own}


def test_questionnaires_are_in_every_state_and_their_results_are_those_of_their_answers(app):
    with app.test_request_context():
        told = [Passation.by_id_with_people(one) for (one,) in Passation.select(Passation.id).tuples()]
        scored = [one for one in told if one.submitted_at]
        assert {one.slug for one in scored} == {one.slug for one in instruments.published()}
        assert {one.state for one in told} == set(PassationState)
        assert {one.channel for one in told} == set(Channel)
        assert [one for one in told if one.withdrawn_at]
        for passation in scored:
            answers = passation.answers()
            assert passation.result == score(passation.instrument, answers)
            assert passation.started_at <= max(passation.saved_at().values()) <= passation.submitted_at
            assert cautions(passation.instrument, answers, passation.saved_at()) == []
            if passation.released_at:
                assert passation.comment
            if passation.slug in ("valeurs", "personnalite") and passation.released_at:
                assert passation.own_comment


def test_the_futures_of_the_demonstration_are_weighed_and_planned(app):
    with app.test_request_context():
        nadia, marc = journey_of("agent@demo.example"), journey_of("agent2@demo.example")
        (begun,), complete = Scenario.of_journey(nadia), Scenario.of_journey(marc)
        assert (begun.is_complete, begun.lead_id is not None) == (False, True)
        assert [one.is_complete for one in complete] == [True, True]
        assert {one.priority for one in complete} == {Priority.FIRST, Priority.SECOND}
        steps = Step.of_journey(marc)
        assert len(steps) == 6
        assert {one.written_by_id for one in steps} == {marc.agent_id, marc.counsellor_id}
        assert [one.is_late for one in steps].count(True) == 1
    browser = Browser(app)
    browser.sign_in(Person.by_email("agent2@demo.example"), PASSWORD)
    for page in ("scenarios", "plan", "plan?par=date"):
        browser.get(f"/mon-bilan/{marc.id}/{page}")


def test_it_is_loaded_once(app):
    with app.test_request_context():
        assert list(load()) == ["Les données de démonstration sont déjà là."]


def test_data_are_asked_about(app):
    with app.test_request_context():
        (waiting,) = DataRequest.listed(over=False)
        (answered,) = DataRequest.listed(over=True)
        assert (waiting.agent.email, waiting.clock.is_at_risk) == ("agent@demo.example", True)
        assert {choice for _, choice, _ in answered.told_to(None)} == {Choice.DESTROY}


def test_the_second_agent_tells_her_hr_service_one_thing(app):
    with app.test_request_context():
        journey = journey_of("agent2@demo.example")
        (disclosure,) = Disclosure.of_journey(journey)
        assert disclosure.recipient.email == "rh2@demo.example"
        assert [block["title"] for block in disclosure.content["blocks"]] == ["Besoins de formation"]
        assert (disclosure.is_live, len(disclosure.readings)) == (True, 1)
        # The other HR officer has an agreement of another bilan, about to end, and none of this one.
        received = Disclosure.received_by(Person.by_email("rh@demo.example"))
        assert [one.journey.agent.email for one in received] == ["agent7@demo.example"]


def test_bilans_end_with_reviews_and_decisions(app):
    with app.test_request_context():
        states = {one.journey.agent.email: one.state for one in map(HrReview.by_id_with_people, [row.id for row in HrReview.select()])}
        assert states == {
            "agent@demo.example": ReviewState.PROPOSED,
            "agent2@demo.example": ReviewState.PLANNED,
            "agent7@demo.example": ReviewState.HELD,
        }
        ending = {one.key: one.done for one in items_of(journey_of("agent7@demo.example"))}
        assert (ending["objectives-agent"], ending["objectives-counsellor"], ending["synthesis"]) == (True, False, False)
        closed = [Journey.by_id_with_people(one.journey_id) for one in Closing.select()]
        assert closed
        assert not any(one.is_open for one in closed)
    for email in ("conseiller@demo.example", "conseiller2@demo.example"):
        browser = Browser(app)
        browser.sign_in(Person.by_email(email), PASSWORD)
        for journey in closed:
            if journey.counsellor.email == email:
                browser.get(f"/parcours/{journey.id}/cloture").has("Bilan terminé", "Synthèse remise le")


def test_a_copy_and_an_account_wait(app):
    agent, manager = Browser(app), Browser(app)
    with app.test_request_context():
        people = Person.by_email("agent@demo.example"), Person.by_email("responsable@demo.example")
    agent.sign_in(people[0], PASSWORD)
    agent.get("/mes-donnees/copie").has("en préparation")
    manager.sign_in(people[1], PASSWORD)
    manager.get("/comptes/demandes").has("Yasmine Collet")
