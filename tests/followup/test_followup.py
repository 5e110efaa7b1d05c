"""The follow-up of a bilan: its journal, silences, pause, interruption, the mid-way evaluation."""

import datetime

import pytest
from client import Browser
from factories import commit, make_interview, make_journey, make_person, make_slot, propose_programme, write_note
from journals import backdate

from bilan.agenda.models import Slot
from bilan.database import now
from bilan.followup import actions
from bilan.followup.models import Interruption, MidwayReview
from bilan.followup.rules import SENTENCES, silence
from bilan.french import short_day, to_paris
from bilan.interviews.models import Interview
from bilan.interviews.rules import Outcome
from bilan.journal import Event, JournalEntry, record
from bilan.journeys.models import Journey, Suspension
from bilan.mail.models import Email
from bilan.people.models import Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State

AT = datetime.datetime.fromisoformat("2026-11-23T09:00")
DAY = datetime.timedelta(days=1)


def letters(kind):
    return sorted(email.envelope["to"] for email in Email.select().where(Email.kind == kind))


class Case:
    """A bilan on its way, and the browsers of its people."""

    def __init__(self, app):
        with app.test_request_context():
            journey = make_journey()
            self.hr = make_person(Role.HR, employer=journey.employer)
            Prescription.update(author=self.hr).where(Prescription.id == journey.id).execute()
            self.interview = make_interview(journey)
            propose_programme(journey)
            self.journey = commit(journey)
        self.counsellor, self.agent, self.officer = Browser(app), Browser(app), Browser(app)
        for browser, person in ((self.counsellor, journey.counsellor), (self.agent, journey.agent), (self.officer, self.hr)):
            browser.arrive(person)
        self.path = f"/parcours/{journey.id}"

    def fresh(self):
        return Journey.by_id_with_people(self.journey.id)

    def quiet(self, days):
        """Let the last thing that its people did be so many days ago."""
        long_ago = now() - days * DAY
        backdate(long_ago, JournalEntry.journey_id == self.journey.id)
        Journey.update(created_at=long_ago - DAY).where(Journey.id == self.journey.id).execute()


@pytest.fixture
def case(app):
    return Case(app)


def in_days(days):
    return to_paris(now()).date() + datetime.timedelta(days=days)


class TestJournal:
    def test_both_read_dates_and_facts_and_no_private_note(self, app, case):
        with app.test_request_context():
            write_note(case.interview, "private", "Un secret.")
        for browser, path in ((case.counsellor, case.path), (case.agent, f"/mon-bilan/{case.journey.id}")):
            page = browser.get(f"{path}/suivi")
            page.has("Le bilan est ouvert", "Un entretien est clos : tenu", "L’agent s’engage sur le programme", "vous")
            assert "note" not in page.soup.find("table").text.lower()

    def test_what_is_saved_over_and_over_is_told_once_a_day(self, app, case):
        with app.test_request_context():
            for _ in range(3):
                record(Event.EXPERIENCE_SAVED, person=case.journey.agent, journey_id=case.journey.id, subject_id=case.interview.id)
            yesterday = JournalEntry.select().where(JournalEntry.event == Event.EXPERIENCE_SAVED).first()
            backdate(now() - DAY, JournalEntry.id == yesterday.id)
        page = case.counsellor.get(f"{case.path}/suivi")
        assert page.soup.find("table").text.count(SENTENCES[Event.EXPERIENCE_SAVED]) == 2


class TestSilence:
    @pytest.mark.parametrize(("days", "found"), [(14, None), (15, (15, 15)), (29, (29, 15)), (30, (30, 30)), (200, (200, 30))])
    def test_it_begins_at_each_threshold(self, days, found):
        assert silence(AT - days * DAY, AT, (15, 30)) == found

    def test_a_second_before_the_threshold_there_is_none(self):
        assert silence(AT - 15 * DAY + datetime.timedelta(seconds=1), AT, (15, 30)) is None

    def test_it_is_told_to_the_right_people_once_per_threshold(self, app, case):
        agent, counsellor = case.journey.agent.email, case.journey.counsellor.email
        with app.test_request_context():
            case.quiet(14)
            assert actions.tell_silences() == 0
            case.quiet(16)
            assert [actions.tell_silences() for _ in range(2)] == [1, 0]
            assert (letters("inactivity_agent"), letters("inactivity_counsellor")) == ([agent], [counsellor])
            assert letters("inactivity_secretariat") == []
            assert actions.tell_silences(now() + 15 * DAY) == 1
            assert (letters("inactivity_agent"), letters("inactivity_secretariat")) == ([agent], ["secretariat@espace2m.org"])
        page = case.counsellor.get("/parcours")
        page.has("sans activité depuis 16 jours")
        case.counsellor.get(case.path).has("sans activité depuis 16 jours")

    def test_nothing_is_told_while_a_meeting_is_to_come_or_the_bilan_waits(self, app, case):
        with app.test_request_context():
            make_interview(case.journey, days=9)
            case.quiet(40)
            assert actions.tell_silences() == 0
            Interview.update(outcome=Outcome.CANCELLED).where(Interview.starts_at > now()).execute()
            suspension = Suspension.create(journey=case.journey.id, since=in_days(-3), resumes_on=in_days(9))
            assert actions.tell_silences() == 0
            suspension.delete_instance()
            assert actions.tell_silences() == 1

    def test_what_somebody_else_does_is_no_activity_of_the_two(self, app, case):
        with app.test_request_context():
            case.quiet(16)
            record(Event.INTERVIEW_PLANNED, person=case.hr, journey_id=case.journey.id)
            assert actions.tell_silences() == 1
            record(Event.MESSAGE_SENT, person=case.journey.agent, journey_id=case.journey.id)
        assert "sans activité" not in case.counsellor.get("/parcours").text


class TestPause:
    def test_it_has_its_date_cancels_what_comes_before_and_is_known_to_all_three(self, app, case):
        with app.test_request_context():
            make_interview(case.journey, days=5)
            make_interview(case.journey, days=25)
        page = case.counsellor.get(f"{case.path}/pause")
        case.counsellor.submit(page, {"resumes_on": in_days(20).isoformat()}, form="").has("1 rendez-vous annulé.")
        assert [one.outcome for one in Interview.of_journey(case.journey)] == [Outcome.HELD, Outcome.CANCELLED_BY_SERVICE, None]
        assert letters("journey_suspended") == [case.journey.agent.email]
        case.agent.get("/mon-bilan").has("en pause")
        case.officer.get(f"/prescriptions/{case.journey.id}").has("en pause", f"Reprise prévue le {short_day(in_days(20))}")
        again = case.counsellor.post(f"{case.path}/pause", {"resumes_on": in_days(40).isoformat()})
        again.has("Le bilan est déjà en pause.")
        case.counsellor.submit(case.counsellor.get(f"{case.path}/suivi"), form="reprise").has("Le bilan reprend.")
        assert Suspension.current(case.journey.id) is None
        assert letters("journey_resumes") == [case.journey.agent.email]

    @pytest.mark.parametrize("resumes_on", ["", "hier", "2020-01-01", "2090-01-01"])
    def test_a_date_that_is_none_is_said(self, case, resumes_on):
        page = case.counsellor.submit(case.counsellor.get(f"{case.path}/pause"), {"resumes_on": resumes_on}, form="", status=422)
        assert page.soup.find(attrs={"data-error-summary": True})
        assert Suspension.select().count() == 0

    def test_its_end_is_told_once_on_its_day(self, app, case):
        with app.test_request_context():
            suspension = Suspension.create(journey=case.journey.id, since=in_days(-3), resumes_on=in_days(1))
            assert actions.tell_resumptions() == 0
            Suspension.update(resumes_on=in_days(0)).where(Suspension.id == suspension.id).execute()
            assert [actions.tell_resumptions() for _ in range(2)] == [1, 0]
            assert letters("journey_resumes") == sorted((case.journey.agent.email, case.journey.counsellor.email))


class TestInterruption:
    def interrupt(self, case, status=200, **values):
        page = case.counsellor.get(f"{case.path}/interruption")
        form = {"origin": "employer", "reason": "agreement", "detail": "La mairie MARQUEUR-detail.", **values}
        return case.counsellor.submit(page, form, form="", status=status)

    def test_it_closes_the_bilan_and_hr_reads_interrupted_and_nothing_more(self, app, case):
        with app.test_request_context():
            coming = make_interview(case.journey, days=5)
        self.interrupt(case).has("Le bilan est interrompu.", "La collectivité", "L’accord de la collectivité a pris fin", "MARQUEUR-detail")
        assert not case.fresh().is_open
        assert Interview.get_by_id(coming.id).outcome is Outcome.CANCELLED_BY_SERVICE
        assert Prescription.get_by_id(case.journey.id).state is State.INTERRUPTED
        assert letters("journey_interrupted") == [case.journey.agent.email]
        assert letters("prescription_interrupted") == sorted((case.hr.email, "secretariat@espace2m.org"))
        for path in (f"/prescriptions/{case.journey.id}", "/prescriptions?etat=termines"):
            page = case.officer.get(path)
            page.has("Interrompu")
            for words in ("MARQUEUR-detail", "accord de la collectivité a pris fin", "La collectivité"):
                assert words not in page.text
        assert "MARQUEUR-detail" not in case.agent.get(f"/mon-bilan/{case.journey.id}/suivi").text
        assert all("MARQUEUR" not in str(email.envelope) for email in Email.select())

    def test_who_and_why_are_asked_and_the_detail_is_kept(self, case):
        page = case.counsellor.post(f"{case.path}/interruption", {"detail": "La mairie MARQUEUR-detail."}, status=422)
        page.has("Dites qui interrompt le bilan.", "Choisissez un motif.", "MARQUEUR-detail")
        assert case.fresh().is_open
        assert Interruption.select().count() == 0

    def test_before_the_commitment_the_diagnostic_decides(self, app):
        with app.test_request_context():
            journey = make_journey()
        browser = Browser(app)
        browser.arrive(journey.counsellor)
        assert browser.get(f"/parcours/{journey.id}/interruption").path.endswith("/diagnostic/decision")


class TestMidway:
    def write(self, case, status=200, page=None, **values):
        page = page or case.agent.get(f"/mon-bilan/{case.journey.id}/point-a-mi-parcours")
        return case.agent.submit(page, values, form="point-a-mi-parcours", status=status)

    def test_the_agent_is_asked_half_way_and_her_counsellor_reads_it(self, app, case):
        assert "mi-parcours" not in case.agent.get("/mon-bilan").soup.main.text
        with app.test_request_context():
            for days in (-20, -18, -16, -14):
                make_interview(case.journey, days=days, held=90)
        case.agent.get("/mon-bilan").has("mi-parcours")
        self.write(case, useful="Les récits.", adjust="Moins vite.", pace="fast").has("C’est enregistré.")
        self.write(case, useful="Les récits, surtout.").has("C’est enregistré.")
        assert letters("midway_written") == [case.journey.counsellor.email]
        case.counsellor.get(case.path).has("Lire ce que l’agent en dit")
        page = case.counsellor.get(f"{case.path}/point-a-mi-parcours")
        page.has("Les récits, surtout.", "Moins vite.", "Un peu rapide pour moi")
        assert not page.soup.main.find("textarea")

    def test_an_empty_one_is_refused_and_two_tabs_keep_both_texts(self, case):
        self.write(case, 422).has("Écrivez au moins une chose")
        old = case.agent.get(f"/mon-bilan/{case.journey.id}/point-a-mi-parcours")
        self.write(case, useful="Écrit ailleurs.")
        conflict = self.write(case, 409, page=old, useful="Écrit ici.")
        conflict.has("Écrit ailleurs.", "Écrit ici.")
        self.write(case, page=conflict, useful="Les deux.")
        assert MidwayReview.of_journey(case.journey).content["useful"] == "Les deux."


def test_the_next_meeting_is_fixed_in_the_session_on_a_slot(app, case):
    with app.test_request_context():
        slot = make_slot(case.journey.counsellor, days=6)
    page = case.counsellor.get(f"/parcours/entretiens/{case.interview.id}")
    page.has("Fixer")
    take = {"slot": str(slot.id), "entretien": str(case.interview.id)}
    case.counsellor.post(f"{case.path}/prochain-rendez-vous", take).has("Rendez-vous fixé")
    assert Slot.get_by_id(slot.id).interview_id == Interview.coming_of(case.journey).id
    case.counsellor.post(f"{case.path}/prochain-rendez-vous", {"slot": str(slot.id), "entretien": ""}).has("n’est plus libre")
