"""What the measures in place change, and that they stop."""

import pytest
from adaptings import HIDDEN, ask, decide, put_in_place
from client import Browser
from factories import close, make_employer, make_interview, make_journey, make_person, make_prescription, make_slot

from bilan.adaptations import actions
from bilan.adaptations.models import AdaptationRequest
from bilan.adaptations.rules import Channel, Decision
from bilan.agenda.actions import book_slot, open_slots
from bilan.hours.models import account_of, warned_of
from bilan.interviews.models import Interview
from bilan.interviews.rules import InterviewKind, Mode
from bilan.journeys.actions import open_journey
from bilan.journeys.models import Journey
from bilan.mail.models import Email, Notice
from bilan.measures import actions as measures
from bilan.measures.models import effects_of
from bilan.measures.rules import Effects
from bilan.messages.actions import send
from bilan.people.actions import send_sign_in_link
from bilan.people.models import Role
from bilan.prescriptions.rules import State


@pytest.fixture
def referent(app):
    with app.test_request_context():
        return make_person(Role.DISABILITY_REFERENT)


@pytest.fixture
def journey(app):
    with app.test_request_context():
        return Journey.by_id_with_people(make_journey().id)


@pytest.fixture
def granted(app, journey, referent):
    with app.test_request_context():
        return decide(ask(journey.agent, journey, **HIDDEN), referent)


@pytest.fixture
def _inside(app):
    with app.test_request_context():
        yield


def lengths(journey):
    return [one.minutes for one in open_slots(journey, InterviewKind.DIAGNOSTIC, journey.counsellor)]


@pytest.mark.usefixtures("_inside")
def test_a_longer_meeting_is_offered_long_slots_only_and_is_no_fault_of_the_hours(journey, granted, referent):
    for day, minutes in ((7, 90), (8, 180)):
        make_slot(journey.counsellor, days=day, minutes=minutes)
    meeting = {"kind": InterviewKind.ACCOMPANIMENT, "starts_at": make_slot(journey.counsellor, days=9).starts_at}
    assert lengths(journey) == [90, 180, 90]
    measure = put_in_place(granted, referent, "session", minutes=150)
    assert lengths(journey) == [150]
    warned = {minutes: warned_of(journey.id, {"": meeting | {"planned_minutes": minutes}})[""] for minutes in (90, 150)}
    assert [len(warned[90]), len(warned[150])] == [1, 0]
    measures.end_measure(measure=measure, by=referent)
    assert lengths(journey) == [90, 180, 90]
    assert len(warned_of(journey.id, {"": meeting | {"planned_minutes": 150}})[""]) == 1


@pytest.mark.usefixtures("_inside")
def test_a_shorter_meeting_takes_its_own_length_of_a_slot(journey, granted, referent):
    slot = make_slot(journey.counsellor)
    put_in_place(granted, referent, "session", minutes=45)
    booked = book_slot(journey=journey, slot_id=slot.id, by=journey.agent)
    assert Interview.get_by_id(booked.id).planned_minutes == 45
    assert account_of(journey.id, is_open=True).scheduled == 45
    assert not account_of(journey.id, is_open=True).warnings


@pytest.mark.parametrize("answered", [False, True], ids=["before her answer", "once she accepted"])
def test_what_is_asked_and_put_in_place_before_the_bilan_acts_once_it_is_open(app, referent, answered):
    with app.test_request_context():
        employer, counsellor = make_employer(), make_person(Role.COUNSELLOR)
        agent = make_person(Role.AGENT, employer=employer)
        prescription = make_prescription(State.ACCEPTED if answered else State.INVITED, agent=agent, counsellor=counsellor)
        make_slot(counsellor, days=7, minutes=90)
        make_slot(counsellor, days=8, minutes=180)
    hers = Browser(app)
    hers.arrive(agent)
    page = hers.get("/mon-bilan/adaptations/nouvelle")
    hers.submit(page, {"meetings": "longer"}).has("Ma demande du", "à l’étude")
    with app.test_request_context():
        asked = AdaptationRequest.get()
        assert (asked.channel, asked.journey_id) == (Channel.ACCEPTANCE, prescription.id)
        put_in_place(decide(asked, referent), referent, "session", minutes=150)
        assert effects_of(prescription.id) == Effects(), "there is no bilan yet"
        opened = open_journey(journey_id=prescription.id, agent=agent, counsellor=counsellor, employer=employer, by=counsellor)
        assert effects_of(opened.id) == Effects(minutes=150)
        assert lengths(opened) == [150]


@pytest.mark.usefixtures("_inside")
@pytest.mark.parametrize("ending", ["closed", "withdrawn", "refused"])
def test_everything_stops_with_the_bilan_or_the_request(journey, granted, referent, ending):
    put_in_place(granted, referent, "session", minutes=150)
    put_in_place(granted, referent, "breaks", every=45, pause=10)
    put_in_place(granted, referent, "remote")
    put_in_place(granted, referent, "phone", contact="06")
    assert effects_of(journey.id) == Effects(150, 45, 10, remote=True)
    count = Notice.select().count()
    if ending == "closed":
        close(journey)
    elif ending == "withdrawn":
        actions.withdraw(request=granted, by=journey.agent)
    else:
        decide(granted, referent, Decision.REFUSED, "Plus possible.")
    assert effects_of(journey.id) == Effects()
    send(journey=journey, text="Bonjour.", submission=granted.id, by=journey.counsellor)
    assert Notice.select().count() == count


def test_the_forms_and_pages_of_the_counsellor_have_her_length_and_not_its_reason(app, journey, granted, referent):
    with app.test_request_context():
        put_in_place(granted, referent, "session", minutes=150)
        put_in_place(granted, referent, "breaks", every=45, pause=10)
        put_in_place(granted, referent, "remote")
        interview = make_interview(journey, days=5)
    desk = Browser(app)
    desk.arrive(journey.counsellor)
    form = desk.get(f"/parcours/{journey.id}/entretiens/nouveau").soup
    assert form.find(id="planned_minutes").find("option", selected=True)["value"] == "150"
    assert form.find("input", {"name": "mode", "checked": True})["value"] == Mode.REMOTE.value
    for path in (f"/parcours/entretiens/{interview.id}", f"/parcours/{journey.id}"):
        page = desk.get(path)
        page.has("2 h 30", "10 min toutes les 45 min")
        page.lacks("Adaptation", "adaptation")
    agent = Browser(app)
    agent.arrive(journey.agent)
    agent.get("/mon-bilan").has("10 min toutes les 45 min")


def test_remote_slots_come_first(app, journey, granted, referent):
    make_slot(journey.counsellor, days=7)
    make_slot(journey.counsellor, days=8, mode=Mode.REMOTE, place="https://visio.exemple/a")
    with app.test_request_context():
        put_in_place(granted, referent, "remote")
    agent = Browser(app)
    agent.arrive(journey.agent)
    assert len(agent.get("/mon-bilan/rendez-vous").soup.find_all("input", {"name": "slot"})) == 1
    assert len(agent.get("/mon-bilan/rendez-vous?lieu=").soup.find_all("input", {"name": "slot"})) == 2


def test_each_email_is_told_by_phone_and_by_post_once(app, journey, granted, referent):
    with app.test_request_context():
        put_in_place(granted, referent, "phone", contact="06 11 22 33 44")
        put_in_place(granted, referent, "post", contact="3 rue du Lac\n42300 ROANNE")
        Notice.delete().execute()
        send(journey=journey, text="Un mot.", submission=granted.id, by=journey.counsellor)
        send(journey=journey, text="Un mot.", submission=granted.id, by=journey.counsellor)
        send_sign_in_link(email=journey.agent.email)
        secretary = make_person(Role.SECRETARIAT)
    assert sorted(one.channel.value for one in Notice.select()) == ["phone", "post"]
    assert Email.select().where(Email.kind == "message_received").count() == 1
    office = Browser(app)
    office.arrive(secretary)
    assert "Avis à donner par téléphone ou par courrier ▲ 2" in office.get("/secretariat").text
    page = office.get("/secretariat/avis")
    page.has("2 avis à donner", "par téléphone", "par courrier")
    by_post = Notice.get(Notice.channel == "post")
    page = office.get(f"/secretariat/avis/{by_post.id}")
    page.has("3 rue du Lac", "Un message vous attend")
    page.lacks("Un mot.")
    assert office.client.get(page.soup.find("a", string="Lettre à imprimer (PDF)")["href"]).mimetype == "application/pdf"
    office.submit(page, button=("action", "told")).has("1 avis à donner")
    office.get("/secretariat/avis?etat=faits").has("1 avis donné")
    office.submit(office.get(f"/secretariat/avis/{by_post.id}"), button=("action", "untold")).has("2 avis à donner")


@pytest.mark.usefixtures("_inside")
def test_the_hr_service_reads_no_length(journey, granted, referent):
    put_in_place(granted, referent, "session", minutes=150)
    make_interview(journey, days=5)
    asked = account_of(journey.id, is_open=False)
    assert (asked.warnings, asked.scheduled) == ((), 90)
