"""The grid of the diagnostic interview, autosaved; its decision; the agent's commitment; what HR reads of it."""

import datetime

import pytest
from client import Browser
from factories import commit, fill_grid, make_interview, make_journey, make_person, propose_programme

from bilan.database import now
from bilan.diagnostics import actions
from bilan.diagnostics.models import Diagnostic
from bilan.diagnostics.rules import Decision
from bilan.french import to_paris
from bilan.interviews.models import Interview
from bilan.journal import Event, JournalEntry
from bilan.journeys.models import Journey
from bilan.journeys.rules import Phase
from bilan.mail.models import Email
from bilan.people.models import Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State

TODAY = to_paris(now()).date()
DATES = {"starts_on": TODAY.isoformat(), "ends_on": (TODAY + datetime.timedelta(days=90)).isoformat()}

# What the grid always posts with its texts.
CHOICES = {"motive": "", "readiness": ""}


class Case:
    """A journey, an interview held, and the browsers of its people."""

    def __init__(self, app):
        with app.test_request_context():
            self.journey = Journey.by_id_with_people(make_journey(expectations="Qu’elle choisisse.").id)
            self.hr = make_person(Role.HR, employer=self.journey.employer)
            Prescription.update(author=self.hr).where(Prescription.id == self.journey.id).execute()
            self.interview = make_interview(self.journey)
        self.counsellor, self.agent = Browser(app), Browser(app)
        self.counsellor.arrive(self.journey.counsellor)
        self.agent.arrive(self.journey.agent)
        self.path = f"/parcours/{self.journey.id}/diagnostic"

    def decide(self, status=200, **values):
        page = self.counsellor.get(f"{self.path}/decision")
        return self.counsellor.submit(page, values, form="decision", status=status)


@pytest.fixture
def case(app):
    return Case(app)


def letters(kind):
    return {email.envelope["to"] for email in Email.select().where(Email.kind == kind)}


def test_the_grid_is_saved_by_its_button_and_while_it_is_typed(case):
    page = case.counsellor.get(case.path)
    page.has("Qu’elle choisisse.", "Pas encore écrites.")
    page = case.counsellor.submit(page, {"demand": "Changer d’air.", "informed": True}, form="diagnostic")
    page.has("Grille enregistrée à", "Changer d’air.")
    data = {"demand": "Changer d’air et de rythme.", "base": "1", **CHOICES}
    fragment = case.counsellor.fragment(case.path, data)
    fragment.has("Enregistré à")
    assert fragment.soup.find(id="base")["value"] == "2"
    found = Diagnostic.of_journey(case.journey)
    assert (found.revision, found.content["demand"]) == (2, "Changer d’air et de rythme.")
    assert JournalEntry.select().where(JournalEntry.event == Event.DIAGNOSTIC_SAVED).count() == 2


def test_the_same_grid_again_makes_no_new_version(app, case):
    with app.test_request_context():
        assert [fill_grid(case.journey, demand="Un.").revision for _ in range(3)] == [1, 1, 1]


def test_two_tabs_show_both_texts_and_lose_neither(case):
    first, second = (case.counsellor.get(case.path) for _ in range(2))
    case.counsellor.submit(first, {"demand": "Un."}, form="diagnostic")
    assert case.counsellor.fragment(case.path, {"demand": "Deux.", "base": "0", **CHOICES}, status=409).text.startswith("✕ Non enregistré")
    page = case.counsellor.submit(second, {"demand": "Deux."}, form="diagnostic", status=409)
    assert page.soup.find(id="other-demand").text.strip() == "Un."
    assert page.soup.find(id="demand").text.strip() == "Deux."
    case.counsellor.submit(page, {"demand": "Un et deux."}, form="diagnostic").has("Grille enregistrée")
    assert Diagnostic.of_journey(case.journey).content["demand"] == "Un et deux."


def test_a_text_that_is_too_long_stays_in_its_field(case):
    page = case.counsellor.submit(case.counsellor.get(case.path), {"context": "é" * 8001}, form="diagnostic", status=422)
    page.has("8 000 caractères au plus")
    assert len(page.soup.find(id="context").text.strip()) == 8001


def test_nothing_is_decided_before_the_first_interview_nor_without_objectives(app, case):
    with app.test_request_context():
        Interview.update(outcome="cancelled", held_minutes=None).where(Interview.id == case.interview.id).execute()
    case.decide(422, decision="not_ready").has("aucun n’a encore commencé")
    with app.test_request_context():
        make_interview(case.journey, days=-1)
    case.decide(422, decision="engaged", **DATES).has("Écrivez d’abord les objectifs définis ensemble")
    assert Diagnostic.of_journey(case.journey) is None


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Choisissez une décision."),
        ({"decision": "engaged", "starts_on": ""}, "Indiquez cette date."),
        ({"decision": "engaged", "starts_on": DATES["ends_on"], "ends_on": DATES["starts_on"]}, "La fin vient après le début."),
        ({"decision": "engaged", "starts_on": "0206-01-01", "ends_on": DATES["ends_on"]}, "Vérifiez l’année de cette date."),
        ({"decision": "reconsider"}, "Indiquez une date à partir de demain."),
        ({"decision": "reconsider", "reconsider_on": TODAY.isoformat()}, "Indiquez une date à partir de demain."),
    ],
)
def test_a_decision_asks_for_what_it_needs(case, values, sentence):
    case.decide(422, **values).has(sentence)


def test_a_programme_is_between_twelve_and_fifteen_hours(app, case):
    with app.test_request_context():
        fill_grid(case.journey, objectives="Trois pistes.")
    page = case.counsellor.get(f"{case.path}/decision")
    offered = [int(one["value"]) for one in page.soup.find(id="planned_minutes").find_all("option")]
    assert (offered[0], offered[-1]) == (12 * 60, 15 * 60)
    case.counsellor.post(f"{case.path}/decision", {"decision": "engaged", "planned_minutes": "960", **DATES}, status=422)


def test_the_agent_reads_the_programme_commits_and_the_accompaniment_begins(app, case):
    with app.test_request_context():
        fill_grid(case.journey, objectives="Trouver trois pistes.", demand="Secret.")
    case.agent.get("/mon-bilan/programme", status=404)
    case.decide(decision="engaged", planned_minutes="810", **DATES).has("Le programme est proposé à l’agent")
    assert letters("programme_proposed") == {case.journey.agent.email}
    case.agent.get("/mon-bilan").has("Le programme de votre bilan est prêt")
    page = case.agent.get("/mon-bilan/programme")
    page.has("Trouver trois pistes.", "13 h 30", "un entretien toutes les deux semaines")
    page.lacks("Secret.")
    case.agent.submit(page).has("Votre engagement est enregistré.", "Accompagnement")
    journey, diagnostic = Journey.get_by_id(case.journey.id), Diagnostic.of_journey(case.journey)
    assert journey.phase is Phase.ACCOMPANIMENT
    assert abs((diagnostic.committed_at - journey.accompaniment_at).total_seconds()) < 5
    assert letters("programme_committed") == {case.journey.counsellor.email}
    case.agent.post("/mon-bilan/programme").has("Votre engagement était déjà enregistré.")
    case.decide(409, decision="not_ready").has("L’agent s’est déjà engagé")
    case.agent.get("/mon-bilan/programme").has("Vous vous êtes engagé ou engagée le")


@pytest.mark.parametrize("decision", [Decision.NOT_RELEVANT, Decision.NOT_READY])
def test_a_bilan_that_does_not_engage_closes_and_hr_reads_without_follow_up(app, case, decision):
    with app.test_request_context():
        coming = make_interview(case.journey, days=9)
    case.decide(decision=decision.value).has("Le bilan est clos.")
    assert Journey.get_by_id(case.journey.id).phase is Phase.CLOSED
    assert Prescription.get_by_id(case.journey.id).state is State.ENDED
    assert Interview.get_by_id(coming.id).is_cancelled
    assert letters("prescription_ended") == {case.hr.email, "secretariat@espace2m.org"}
    case.agent.get("/mon-bilan").has("Votre bilan s’arrête là pour l’instant.")
    officer = Browser(app)
    officer.arrive(case.hr)
    page = officer.get("/prescriptions?etat=termines")
    page.has("Sans suite")
    page.lacks("prête", "répond pas")


def test_a_demand_to_be_reconsidered_comes_back_to_the_counsellor_on_its_day(case):
    tomorrow = TODAY + datetime.timedelta(days=1)
    case.decide(decision="reconsider", reconsider_on=tomorrow.isoformat()).has("La date vous sera rappelée")
    assert Journey.get_by_id(case.journey.id).phase is Phase.DIAGNOSTIC
    case.counsellor.get("/parcours").lacks("demande à revoir")
    Diagnostic.update(reconsider_on=TODAY).execute()
    case.counsellor.get("/parcours").has("demande à revoir")


def test_a_decision_to_take_waits_first_in_the_counsellors_list(case):
    case.counsellor.get("/parcours").has("décision à prendre")


def test_the_decision_changes_until_the_agent_commits(app, case):
    with app.test_request_context():
        propose_programme(case.journey)
    case.decide(decision="reconsider", reconsider_on=(TODAY + datetime.timedelta(days=5)).isoformat())
    found = Diagnostic.of_journey(case.journey)
    assert (found.decision, found.planned_minutes) == (Decision.RECONSIDER, None)
    with app.test_request_context(), pytest.raises(actions.NothingToCommit):
        commit(case.journey)


def test_a_closed_journeys_grid_is_read_and_no_longer_written(app, case):
    with app.test_request_context():
        fill_grid(case.journey, demand="Changer.", motive="chosen", readiness="later", informed=["readers"])
    case.decide(decision="not_ready")
    page = case.counsellor.get(case.path)
    page.has("Changer.", "Mobilité choisie", "À revoir plus tard", "Qui voit quoi")
    page.lacks("La durée et le rythme")
    case.counsellor.post(case.path, {"demand": "x", "base": "1"}, status=404)
