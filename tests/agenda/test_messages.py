"""What the agent and the counsellor are told, with the calendar that goes with it; the reminder; the private address."""

import datetime

import pytest
import time_machine
from bs4 import BeautifulSoup
from client import Browser
from factories import make_interview, make_journey, make_person, make_slot
from ical.calendar_stream import IcsCalendarStream
from office import open_office
from smtp_server import Server

from bilan.agenda import actions
from bilan.database import now
from bilan.interviews import actions as interviews
from bilan.interviews.models import Interview
from bilan.interviews.rules import Mode, Outcome
from bilan.journeys.models import Journey
from bilan.mail.models import Email
from bilan.people.models import Person, Role
from bilan.worker import run_pending

LINK = "https://visio.exemple/salle-privee"


@pytest.fixture
def server():
    one = Server()
    one.start()
    yield one
    one.stop()


@pytest.fixture
def office(app):
    return open_office(app)


def event_of(text):
    (calendar,) = IcsCalendarStream.from_ics(text).calendars
    (event,) = calendar.events
    return calendar.method, event


def test_each_is_told_in_her_own_words_at_each_step(office):
    interview, seen = office.book(), []
    agent, counsellor = office.journey.agent.email, office.journey.counsellor.email
    office.browser("agent").post(f"/mon-bilan/rendez-vous/{interview.id}/deplacer", {"slot": str(office.slots[2].id)})
    office.browser("agent").post(f"/mon-bilan/rendez-vous/{interview.id}/annuler", {"reason": "personal"})
    for kind, words in (("booked", "fixé"), ("moved", "a changé"), ("cancelled", "annulé")):
        told = office.emails(f"interview_{kind}")
        assert set(told) == {agent, counsellor}
        assert words in told[agent]["body"]
        assert f"/mon-bilan/entretiens/{interview.id}" in told[agent]["body"]
        assert f"/parcours/entretiens/{interview.id}" in told[counsellor]["body"]
        for text in (str(told[counsellor]), told[agent]["subject"], told[agent]["body"]):
            for private in ("diagnostic", "Empêchement", "private"):
                assert private not in text, f"{private} in {kind}"
        assert "Benali" not in str(told[counsellor])
        assert "N. B." in told[counsellor]["body"]
        seen.append(event_of(told[agent]["calendar"]["text"]))
        assert event_of(told[counsellor]["calendar"]["text"])[1].summary == "Entretien N. B."
    assert [method for method, _ in seen] == ["REQUEST", "REQUEST", "CANCEL"]
    assert {event.uid for _, event in seen} == {f"{interview.id}@localhost"}
    assert [event.sequence for _, event in seen] == [0, 1, 2]
    assert [event.dtstart.astimezone(datetime.UTC).replace(tzinfo=None) for _, event in seen] == [
        office.slots[0].starts_at,
        office.slots[2].starts_at,
        office.slots[2].starts_at,
    ]
    assert {event.summary for _, event in seen} == {"Entretien – Bilan professionnel"}
    assert seen[0][1].location == "4 rue Molière, 42300 ROANNE"
    assert (seen[0][1].status.value, seen[2][1].status.value) == ("CONFIRMED", "CANCELLED")


def test_a_change_by_the_counsellor_is_told_too_and_a_correction_is_not(office):
    with office.app.test_request_context():
        interview = make_interview(office.journey, days=5)
        told = {"kind": interview.kind, "planned_minutes": 90, "by": office.journey.counsellor}
        interviews.change_interview(interview=interview, mode=interview.mode, starts_at=interview.starts_at, **told)
        assert office.emails("interview_moved") == {}
        interviews.change_interview(interview=interview, mode=Mode.REMOTE, starts_at=interview.starts_at, **told)
    assert len(office.emails("interview_booked")) == len(office.emails("interview_moved")) == 2
    assert event_of(office.emails("interview_moved")[office.journey.agent.email]["calendar"]["text"])[1].sequence == 1
    past = len(office.emails("interview_booked"))
    with office.app.test_request_context():
        make_interview(office.journey, days=-5)
    assert len(office.emails("interview_booked")) == past


def test_a_move_to_another_referent_tells_the_one_before(office):
    interview = office.book()
    with office.app.test_request_context():
        after = make_person(Role.COUNSELLOR)
        slot = make_slot(after, days=20)
    before = office.journey.counsellor
    Journey.update(counsellor=after).where(Journey.id == office.journey.id).execute()
    office.browser("agent").post(f"/mon-bilan/rendez-vous/{interview.id}/deplacer", {"slot": str(slot.id)})
    assert set(office.emails("interview_moved")) == {office.journey.agent.email, after.email}
    told = office.emails("interview_cancelled")
    assert set(told) == {before.email}
    method, event = event_of(told[before.email]["calendar"]["text"])
    assert (method, event.status.value, event.sequence) == ("CANCEL", "CANCELLED", 1)
    assert event.dtstart.astimezone(datetime.UTC).replace(tzinfo=None) == office.slots[0].starts_at


def test_the_calendar_arrives_beside_the_text_and_as_a_file(new_app, migrated, server):
    app = new_app(migrated, BILAN_SMTP_URL=server.url)
    with app.test_request_context():
        run_pending()
        server.mailbox.messages.clear()
        journey = make_journey(agent=make_person(name="Zoé Œillet"))
        make_interview(journey, days=5)
        run_pending()
    found = {to[0]: message for to, message in server.mailbox.messages if message["Subject"].startswith("Entretien fixé")}
    assert set(found) == {journey.agent.email, journey.counsellor.email}
    message = found[journey.agent.email]
    parts = [part for part in message.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/calendar", "text/calendar"]
    assert message.get_content_type() == "multipart/mixed"
    assert "Votre entretien est fixé" in parts[0].get_content()
    for part in parts[1:]:
        assert part.get_param("method") == "REQUEST"
        assert part.get_content_charset() == "utf-8"
        method, event = event_of(part.get_content())
        assert (method, event.summary) == ("REQUEST", "Entretien – Bilan professionnel")
    assert parts[2].get_filename() == "invitation.ics"


def test_the_outbox_shows_the_text_and_not_the_link_of_the_meeting(world):
    with world.app.test_request_context():
        interviews.tell(interviews.moved_mail, world.home.coming, actions.Slot.of_interview(world.home.coming))
    email = Email.select().where(Email.kind == "interview_moved").first()
    page = world.browser("secretariat").get(f"/secretariat/courriers/{email.id}")
    page.has("à distance")
    page.lacks(world.markers["lien-visio-home"].text, "BEGIN:VCALENDAR")


def test_the_agent_takes_her_meeting_home(world):
    response = world.browser("agent").client.get(f"/mon-bilan/rendez-vous/{world.home.coming.id}.ics")
    assert response.mimetype == "text/calendar"
    method, event = event_of(response.text)
    assert (method, event.uid) == ("PUBLISH", f"{world.home.coming.id}@localhost")
    assert event.location.startswith("https://visio.exemple/MARQUEUR-lien-visio-home")
    response = world.browser("counsellor").client.get(f"/mon-bilan/rendez-vous/{world.home.coming.id}.ics")
    assert event_of(response.text)[1].summary == "Entretien P. A."


def reminders(office):
    with office.app.test_request_context():
        return actions.remind()


def test_a_reminder_leaves_two_days_before_and_once(office):
    interview = office.book()
    with office.before(interview, hours=48, minutes=1):
        assert reminders(office) == 0
    with office.before(interview, hours=47):
        assert [reminders(office), reminders(office)] == [1, 0]
    told = office.emails("interview_reminder")
    assert set(told) == {office.journey.agent.email}
    assert told[office.journey.agent.email]["subject"].startswith("Rappel")
    assert told[office.journey.agent.email]["calendar"] is None


def test_what_is_booked_within_two_days_was_told_already_and_a_move_reminds_again(office):
    with office.before(office.slots[0], hours=30):
        interview = office.book()
        assert Interview.get_by_id(interview.id).reminded_at is not None
        assert reminders(office) == 0
        office.browser("agent").post(f"/mon-bilan/rendez-vous/{interview.id}/deplacer", {"slot": str(office.slots[2].id)})
        assert reminders(office) == 0
    with office.before(office.slots[2], hours=40):
        assert reminders(office) == 1


def test_a_cancelled_meeting_is_not_reminded_of(office):
    interview = office.book()
    Interview.update(outcome=Outcome.CANCELLED).where(Interview.id == interview.id).execute()
    with office.before(interview, hours=40):
        assert reminders(office) == 0


def test_of_two_reminders_at_once_one_is_written(office, monkeypatch):
    interview = office.book()
    with office.before(interview, hours=40), office.app.test_request_context():
        both = Interview.to_remind(now() + datetime.timedelta(hours=48)) * 2
        monkeypatch.setattr(Interview, "to_remind", lambda until: both)
        assert actions.remind() == 1


def opened(office):
    counsellor = office.browser("counsellor")
    page = counsellor.submit(counsellor.get("/agenda/abonnement"), button=("action", "open"))
    return page, page.soup.find("input", id="address")["value"].removeprefix("http://localhost")


def test_the_private_address_says_hours_and_initials_only(office):
    interview = office.book()
    _, address = opened(office)
    assert BeautifulSoup(office.browser("counsellor").get("/agenda/abonnement").html, "html.parser").find(id="address") is None
    answer = Browser(office.app).client.get(address)
    method, event = event_of(answer.text)
    assert (method, event.summary, event.uid) == ("PUBLISH", "Entretien N. B.", f"{interview.id}@localhost")
    for private in ("Nadia", "Benali", "diagnostic", "LOCATION", "DESCRIPTION", "ATTENDEE", "Molière"):
        assert private not in answer.text
    with time_machine.travel(interview.starts_at.replace(tzinfo=datetime.UTC) + datetime.timedelta(days=31)):
        assert "VEVENT" not in Browser(office.app).client.get(address).text


def test_the_private_address_dies_when_renewed_revoked_or_when_the_account_is_closed(office):
    _, first = opened(office)
    _, second = opened(office)
    stranger = Browser(office.app)
    stranger.get(first, status=404)
    assert stranger.client.get(second).status_code == 200
    counsellor = office.browser("counsellor")
    counsellor.submit(counsellor.get("/agenda/abonnement"), button=("action", "revoke")).has("L’adresse est fermée.")
    stranger.get(second, status=404)
    _, third = opened(office)
    Person.update(active=False).where(Person.id == office.journey.counsellor.id).execute()
    stranger.get(third, status=404)


def test_the_private_address_is_not_in_the_database(office):
    _, address = opened(office)
    token = address.rsplit("/", 1)[1].removesuffix(".ics")
    assert len(token) > 40
    assert token not in str(list(actions.Subscription.select().dicts()))
