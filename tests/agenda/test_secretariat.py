"""The secretariat books, moves and cancels for anybody, without the limit of hours and without reading content."""

import pytest
from factories import make_interview
from office import open_office

from bilan import french
from bilan.interviews import actions as interviews
from bilan.interviews.models import Interview
from bilan.interviews.rules import CancelReason, InterviewKind, Outcome
from bilan.prescriptions.models import Prescription


@pytest.fixture
def office(app):
    return open_office(app)


def test_the_secretariat_books_several_meetings_and_lands_on_their_day(office):
    desk, path = office.browser("secretary"), f"/secretariat/parcours/{office.journey.id}/rendez-vous"
    page = desk.submit(desk.get(path), {"slot": str(office.slots[1].id)})
    assert page.h1 == f"Agenda du {french.day(office.slots[1].starts_at)}".replace("\u00a0", " ")
    page.has("Rendez-vous pris", "Nadia Benali", "Inès Caron", "Entretien de diagnostic", "réservé")
    assert Prescription.get_by_id(office.journey.id).proposed_for == office.slots[1].starts_at, "the one it fixed, not the first free"
    page = desk.get(path)
    page.has("Un rendez-vous est déjà prévu")
    desk.submit(page, {"slot": str(office.slots[2].id)})
    assert Interview.select().count() == 2
    desk.post(path, {"slot": str(office.slots[2].id)}, status=409).has("vient d’être pris")


def test_the_secretariat_moves_within_the_limit_of_the_agent(office):
    interview = office.book()
    with office.before(interview, hours=1):
        desk = office.browser("secretary")
        page = desk.get(f"/secretariat/rendez-vous/{interview.id}/deplacer")
        desk.submit(page, {"slot": str(office.slots[1].id)}).has("Rendez-vous déplacé", french.day(office.slots[1].starts_at))
    assert Interview.get_by_id(interview.id).starts_at == office.slots[1].starts_at


def test_a_meeting_that_has_begun_is_not_moved(office):
    interview = office.book()
    with office.before(interview, minutes=-5):
        desk = office.browser("secretary")
        path = f"/secretariat/rendez-vous/{interview.id}/deplacer"
        desk.post(path, {"slot": str(office.slots[1].id)}, status=409).has("Rien n’a changé.")
    assert Interview.get_by_id(interview.id).starts_at == interview.starts_at
    assert office.slot(1).interview_id is None


@pytest.mark.parametrize(
    ("values", "outcome", "reason", "proposed"),
    [
        ({"outcome": "cancelled", "reason": "personal"}, Outcome.CANCELLED, CancelReason.PERSONAL, True),
        ({"outcome": "cancelled_by_service"}, Outcome.CANCELLED_BY_SERVICE, None, False),
    ],
)
def test_the_secretariat_says_who_cancels(office, values, outcome, reason, proposed):
    interview = office.book()
    desk = office.browser("secretary")
    page = desk.get(f"/secretariat/rendez-vous/{interview.id}/annuler")
    page = desk.submit(page, values)
    page.has("Le rendez-vous est annulé.", outcome.label, "libre")
    gone = Interview.get_by_id(interview.id)
    assert (gone.outcome, gone.reason) == (outcome, reason)
    assert (Prescription.get_by_id(office.journey.id).proposed_for is not None) is proposed, "the clock runs again when the service cancels"
    desk.get("/agenda").lacks("Empêchement")


@pytest.mark.parametrize(("values", "sentence"), [({}, "Dites qui annule."), ({"outcome": "cancelled"}, "Choisissez une raison.")])
def test_who_cancels_must_be_said(office, values, sentence):
    interview = office.book()
    desk = office.browser("secretary")
    page = desk.get(f"/secretariat/rendez-vous/{interview.id}/annuler")
    desk.submit(page, values, status=422).has(sentence)
    assert Interview.get_by_id(interview.id).is_pending


def test_the_counsellor_cancels_for_the_service_from_the_meeting(office):
    interview = office.book()
    counsellor = office.browser("counsellor")
    page = counsellor.get(f"/parcours/entretiens/{interview.id}")
    page = counsellor.submit(page, {"outcome": "cancelled_by_service"}, form=str(interview.id))
    page.has("L’entretien est annulé. L’agent est prévenu par e-mail.", "annulé par le service")
    page.lacks("Clore l’entretien")
    assert office.slot(0).interview_id is None
    assert Prescription.get_by_id(office.journey.id).proposed_for is None
    counsellor.post(f"/parcours/entretiens/{interview.id}", {"outcome": "held", "held_minutes": "60"}, status=422).has("déjà annulé")
    assert Interview.get_by_id(interview.id).outcome is Outcome.CANCELLED_BY_SERVICE
    meeting = {"kind": "diagnostic", "date": "2031-01-07", "time": "10:00", "planned_minutes": "90", "mode": "remote"}
    counsellor.post(f"/parcours/entretiens/{interview.id}/modifier", meeting, status=422).has("Cet entretien est annulé.")


def test_a_cancelled_meeting_is_cancelled_once(office):
    with office.app.test_request_context():
        interview = make_interview(office.journey, days=5)
        for expected in (None, interviews.MeetingOver):
            cancel = {"outcome": Outcome.CANCELLED_BY_SERVICE, "held_minutes": None, "by": office.journey.counsellor}
            if expected:
                with pytest.raises(expected):
                    interviews.close_interview(interview=interview, **cancel)
            else:
                interviews.close_interview(interview=interview, **cancel)
    assert Interview.get_by_id(interview.id).sequence == 1
    assert interview.kind is InterviewKind.DIAGNOSTIC
