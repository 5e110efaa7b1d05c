"""An agent books, moves and cancels by herself, without JavaScript; what she meets when somebody was quicker."""

import datetime
import uuid

import pytest
import time_machine
from factories import make_interview, make_person, make_slot
from office import open_office

from bilan import french
from bilan.agenda import actions
from bilan.agenda.models import Slot
from bilan.database import now
from bilan.interviews.models import Interview
from bilan.interviews.rules import CancelReason, InterviewKind, Mode, Outcome
from bilan.journeys.actions import open_replacement
from bilan.journeys.models import Journey
from bilan.journeys.rules import Phase
from bilan.people.models import Role
from bilan.prescriptions.models import Prescription

TAKEN = "Ce rendez-vous vient d’être pris. Choisissez-en un autre."


@pytest.fixture
def office(app):
    return open_office(app)


def offered(page):
    return [one["value"] for one in page.soup.find_all("input", {"name": "slot"})]


def test_an_agent_goes_from_her_page_to_a_booked_meeting(office):
    agent = office.browser("agent")
    page = agent.get("/mon-bilan")
    page.has("Votre prochain rendez-vous", "Choisir un rendez-vous")
    page = agent.get(page.soup.find("a", string="Choisir un rendez-vous")["href"])
    assert offered(page) == [str(slot.id) for slot in office.slots[:3]], "the short one is not for a diagnostic"
    assert len(page.soup.find_all("legend")) == 3
    page.has(french.day(office.slots[0].starts_at).capitalize(), "sur place")
    page = agent.submit(page, {"slot": str(office.slots[1].id)})
    page.has("Rendez-vous pris", "4 rue Molière", "Déplacer", "Annuler ce rendez-vous")
    interview = office.interview()
    assert (interview.kind, interview.planned_minutes, interview.mode) == (InterviewKind.DIAGNOSTIC, 90, Mode.ON_SITE)
    assert interview.starts_at == office.slots[1].starts_at
    assert office.slot(1).interview_id == interview.id
    agent.get("/mon-bilan").lacks("Choisir un rendez-vous")


def test_the_first_free_slot_is_the_one_proposed(office):
    office.book(office.slots[2])
    assert Prescription.get_by_id(office.journey.id).proposed_for == office.slots[0].starts_at


@pytest.mark.parametrize(
    ("phase", "kind"), [(Phase.ACCOMPANIMENT, InterviewKind.ACCOMPANIMENT), (Phase.CONCLUSION, InterviewKind.RESTITUTION)]
)
def test_the_phase_says_what_the_meeting_is_for(office, phase, kind):
    Journey.update(phase=phase).where(Journey.id == office.journey.id).execute()
    assert len(offered(office.browser("agent").get("/mon-bilan/rendez-vous"))) == 4
    assert office.book(office.slots[3]).kind is kind
    assert Prescription.get_by_id(office.journey.id).proposed_for is None


def test_the_filters_sift_the_slots(office):
    with office.app.test_request_context():
        local = french.to_paris(now() + datetime.timedelta(days=5)).replace(tzinfo=None, hour=15, minute=0, second=0, microsecond=0)
        evening = make_slot(office.journey.counsellor, french.from_paris(local), mode=Mode.REMOTE, place="https://visio.exemple/salle")
    agent = office.browser("agent")
    for query in ("lieu=remote", "moment=apres-midi"):
        page = agent.get(f"/mon-bilan/rendez-vous?{query}")
        assert offered(page) == [str(evening.id)]
        page.lacks("visio.exemple")
    agent.get("/mon-bilan/rendez-vous?lieu=remote&moment=matin").has("Aucun créneau libre ne correspond", "04 77 68 42 88")


def test_a_long_offer_has_pages(office):
    with office.app.test_request_context():
        for days in range(20, 80):
            make_slot(office.journey.counsellor, days=days)
    agent = office.browser("agent")
    first = agent.get("/mon-bilan/rendez-vous")
    assert len(offered(first)) == 60
    second = agent.get(first.soup.find("a", string="Des dates plus tard")["href"])
    assert len(offered(second)) == 3
    agent.submit(second, {"slot": offered(second)[-1]}).has("Rendez-vous pris")


def test_without_a_choice_the_page_says_so(office):
    agent = office.browser("agent")
    agent.submit(agent.get("/mon-bilan/rendez-vous"), status=422).has("Choisissez un créneau.")
    agent.post("/mon-bilan/rendez-vous", {"slot": "abc"}, status=422).has("Choisissez un créneau dans la liste.")
    assert Interview.select().count() == 0


def test_a_slot_withdrawn_while_she_chooses_is_said(office):
    agent = office.browser("agent")
    page = agent.get("/mon-bilan/rendez-vous")
    with office.app.test_request_context():
        actions.withdraw_slot(slot=office.slots[0], whole_series=False, by=office.journey.counsellor)
    page = agent.submit(page, {"slot": str(office.slots[0].id)}, status=409)
    page.has(TAKEN)
    assert str(office.slots[0].id) not in offered(page)
    assert Interview.select().count() == 0


def test_slots_that_are_not_hers_to_take_are_refused(office):
    with office.app.test_request_context():
        soon = make_slot(office.journey.counsellor, now() + datetime.timedelta(hours=1))
        others = open_office(office.app).slots[0]
    agent = office.browser("agent")
    assert str(soon.id) not in offered(agent.get("/mon-bilan/rendez-vous"))
    agent.post("/mon-bilan/rendez-vous", {"slot": str(soon.id)}, status=409).has("passé, ou commence dans moins de deux heures")
    for slot_id in (others.id, office.slots[3].id, uuid.uuid4()):
        agent.post("/mon-bilan/rendez-vous", {"slot": str(slot_id)}, status=409).has(TAKEN)
    assert Interview.select().count() == 0


def test_a_past_slot_is_refused(office):
    with time_machine.travel(office.slots[0].starts_at.replace(tzinfo=datetime.UTC) + datetime.timedelta(minutes=5)):
        page = office.browser("agent").post("/mon-bilan/rendez-vous", {"slot": str(office.slots[0].id)}, status=409)
    page.has("passé, ou commence dans moins de deux heures")
    assert Interview.select().count() == 0


def test_a_double_click_books_once(office):
    agent = office.browser("agent")
    page = agent.get("/mon-bilan/rendez-vous")
    agent.submit(page, {"slot": str(office.slots[0].id)})
    agent.submit(page, {"slot": str(office.slots[0].id)}).has("Vous avez déjà un rendez-vous.")
    agent.submit(page, {"slot": str(office.slots[1].id)}).has("Vous avez déjà un rendez-vous.")
    assert Interview.select().count() == 1
    assert agent.get("/mon-bilan/rendez-vous").h1 == "Vous avez déjà un rendez-vous"


def test_an_agent_moves_her_meeting(office):
    interview = office.book()
    agent = office.browser("agent")
    page = agent.get(f"/mon-bilan/rendez-vous/{interview.id}/deplacer")
    assert offered(page) == [str(slot.id) for slot in office.slots[1:3]]
    for _ in range(2):  # the second time as a double click
        agent.submit(page, {"slot": str(office.slots[1].id)}).has("Rendez-vous déplacé")
    moved = Interview.get_by_id(interview.id)
    assert (moved.starts_at, moved.sequence, moved.reminded_at) == (office.slots[1].starts_at, 1, None)
    assert (office.slot(0).interview_id, office.slot(1).interview_id) == (None, interview.id)
    assert Prescription.get_by_id(office.journey.id).proposed_for == office.slots[0].starts_at


def test_a_move_to_a_slot_that_has_gone_changes_nothing(office):
    interview = office.book()
    Slot.delete().where(Slot.id == office.slots[1].id).execute()
    path = f"/mon-bilan/rendez-vous/{interview.id}/deplacer"
    office.browser("agent").post(path, {"slot": str(office.slots[1].id)}, status=409).has(TAKEN)
    assert office.slot(0).interview_id == interview.id
    assert Interview.get_by_id(interview.id).sequence == 0


def test_an_agent_cancels_and_the_slot_is_offered_again(office):
    interview = office.book()
    agent = office.browser("agent")
    page = agent.get(f"/mon-bilan/rendez-vous/{interview.id}/annuler")
    agent.submit(page, status=422).has("Choisissez une raison.")
    page = agent.submit(page, {"reason": "transport"})
    page.has("Le rendez-vous est annulé.", "annulé par l’agent", "Choisir un rendez-vous")
    gone = Interview.get_by_id(interview.id)
    assert (gone.outcome, gone.reason, gone.sequence) == (Outcome.CANCELLED, CancelReason.TRANSPORT, 1)
    assert office.slot(0).interview_id is None
    assert Prescription.get_by_id(office.journey.id).proposed_for == office.slots[0].starts_at, "the centre had proposed it"
    assert office.book().id != interview.id
    for action in ("deplacer", "annuler"):
        agent.get(f"/mon-bilan/rendez-vous/{interview.id}/{action}", status=404)
    agent.get(f"/mon-bilan/entretiens/{interview.id}").has("annulé par l’agent")
    office.browser("counsellor").get(f"/parcours/entretiens/{interview.id}").has("annulé par l’agent", "Problème de transport")
    office.browser("counsellor").get(f"/parcours/{office.journey.id}").has("annulé par l’agent")


@pytest.mark.parametrize(("action", "values"), [("annuler", {"reason": "work"}), ("deplacer", {"slot": "{later}"})])
def test_exactly_at_the_limit_she_may_and_a_second_later_she_calls(office, action, values):
    interview = office.book()
    path = f"/mon-bilan/rendez-vous/{interview.id}/{action}"
    values = {name: value.replace("{later}", str(office.slots[2].id)) for name, value in values.items()}
    with office.before(interview, hours=24, seconds=-1):
        office.browser("agent").get(path, status=409)
        page = office.browser("agent").post(path, values, status=409)
        page.has("Rien n’a changé.", "jusqu’à 24 heures avant", "04 77 68 42 88")
        assert Interview.get_by_id(interview.id) == interview
        assert (Interview.get_by_id(interview.id).outcome, Interview.get_by_id(interview.id).sequence) == (None, 0)
    with office.before(interview, hours=24):
        office.browser("agent").post(path, values)
    assert Interview.get_by_id(interview.id).sequence == 1


def test_a_closed_bilan_or_none_has_nothing_to_book(office):
    Journey.update(phase=Phase.CLOSED, closed_at=now()).where(Journey.id == office.journey.id).execute()
    agent = office.browser("agent")
    assert agent.get("/mon-bilan/rendez-vous").path == "/mon-bilan"
    Prescription.update(agent=None).where(Prescription.id == office.journey.id).execute()
    assert agent.post("/mon-bilan/rendez-vous", {"slot": str(office.slots[0].id)}).path == "/mon-bilan"
    assert Interview.select().count() == 0


def test_a_meeting_planned_by_the_counsellor_is_moved_by_the_agent(office):
    with office.app.test_request_context():
        interview = make_interview(office.journey, days=5)
    assert Prescription.get_by_id(office.journey.id).proposed_for == interview.starts_at
    own = Slot.get(Slot.interview == interview.id)
    office.browser("agent").post(f"/mon-bilan/rendez-vous/{interview.id}/deplacer", {"slot": str(office.slots[2].id)})
    assert Slot.get_or_none(Slot.id == own.id) is None, "a time that was never offered is not offered now"
    assert office.slot(2).interview_id == interview.id


def test_a_replacement_offers_her_slots_as_long_as_she_replaces(office):
    with office.app.test_request_context():
        other = make_person(Role.COUNSELLOR, name="Hugo Perrin")
        during, after = (make_slot(other, days=days) for days in (4, 12))
        until = french.to_paris(during.starts_at).date()
        open_replacement(journey=Journey.by_id_with_people(office.journey.id), counsellor=other, until=until, by=office.secretary)
    page = office.browser("agent").get("/mon-bilan/rendez-vous")
    page.has("avec Hugo Perrin")
    assert str(during.id) in offered(page)
    assert str(after.id) not in offered(page)
    office.browser("agent").submit(page, {"slot": str(during.id)})
    assert set(office.emails("interview_booked")) == {office.journey.agent.email, other.email}
    with office.before(Slot.get_by_id(after.id), days=2):
        assert "Hugo Perrin" not in office.browser("agent").get("/mon-bilan").text


def test_a_meeting_is_moved_with_its_reason_which_the_counsellor_reads(office):
    interview = office.book()
    agent = office.browser("agent")
    page = agent.get(f"/mon-bilan/rendez-vous/{interview.id}/deplacer")
    agent.submit(page, {"slot": str(office.slots[1].id), "reason": "transport"})
    assert Interview.get_by_id(interview.id).reason is CancelReason.TRANSPORT
    page = office.browser("counsellor").get(f"/parcours/entretiens/{interview.id}")
    page.has("déplacé", "Problème de transport", "Ouvrir la grille du diagnostic")
