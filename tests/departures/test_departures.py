"""Somebody of the team leaves: what she held passes on in one go, and nothing is lost on the way."""

import concurrent.futures
import datetime
import threading
import uuid

import pytest
from client import Browser
from factories import file_complaint, make_journey, make_person, make_slot

from bilan.agenda import actions as agenda
from bilan.agenda.models import BusyCell, Slot, Subscription
from bilan.complaints.models import Complaint
from bilan.complaints.rules import Kind
from bilan.database import connection, now
from bilan.departures import actions
from bilan.events import Event
from bilan.improvement import actions as improvement
from bilan.improvement.rules import Origin
from bilan.interviews.rules import Mode, Outcome
from bilan.journal import JournalEntry
from bilan.journeys import actions as journeys
from bilan.journeys.models import Journey, Referral
from bilan.mail.models import Email
from bilan.people.models import Person, Role
from bilan.prescriptions.models import Prescription
from bilan.protection import limiter
from bilan.reception import actions as reception
from bilan.treatment import actions as treatment

LIST = "/secretariat/comptes"


@pytest.fixture
def team(app):
    """A counsellor who leaves with two bilans, two who stay, the secretariat."""
    with app.test_request_context():
        names = {"leaving": "Lucie Partante", "heir": "Hélène Suivante", "third": "Théo Troisième"}
        people = {key: make_person(Role.COUNSELLOR, name=name, email=f"{key}@centre.example") for key, name in names.items()}
        people["desk"] = make_person(Role.SECRETARIAT, email="desk@centre.example")
        people["journeys"] = [make_journey(counsellor=people["leaving"]) for _ in range(2)]
    return people


def meeting(journey, *, days, mode=Mode.ON_SITE):
    """Book a slot that the journey's referent has offered, at 8 h UTC so many days from now."""
    slot = make_slot(
        journey.counsellor, days=days, mode=mode, place="https://visio.exemple/la-sienne" if mode is Mode.REMOTE else "1 rue Haute"
    )
    return agenda.book_slot(journey=journey, slot_id=slot.id, by=journey.counsellor)


def enter(app, person):
    browser = Browser(app)
    browser.arrive(person)
    return browser


def address(person):
    return f"{LIST}/{person.id}/depart"


def depart(app, team, **choices):
    """Go through the two pages; return the second and the end."""
    browser = enter(app, team["desk"])
    first = browser.get(address(team["leaving"]))
    check = browser.submit(first, {"everybody": str(team["heir"].id)} | choices, button=("step", "check"))
    return check, browser.submit(check, button=("step", "confirm"))


def letters(kind):
    return sorted(email.envelope["to"] for email in Email.select().where(Email.kind == kind))


def again(row):
    return type(row).get_by_id(row.id)


def test_all_that_she_held_passes_on_and_her_account_closes(app, team):
    leaving, heir, third, (one, two) = team["leaving"], team["heir"], team["third"], team["journeys"]
    with app.test_request_context():
        closed = make_journey(counsellor=leaving)
        journeys.close_journey(journey=closed, by=leaving)
        replaced = make_journey(counsellor=third)
        tomorrow = now().date() + datetime.timedelta(days=3)
        journeys.open_replacement(journey=replaced, counsellor=leaving, until=tomorrow, by=team["desk"])
        kept, remote = meeting(one, days=5), meeting(two, days=6, mode=Mode.REMOTE)
        make_slot(leaving, days=8)
        make_slot(heir, days=5)
        agenda.open_subscription(counsellor=leaving)
        Email.delete().execute()
    check, end = depart(app, team, **{f"heir_{two.id.hex}": str(third.id)})
    check.has(f"{one.agent.display_name}, {one.employer.name} : Hélène Suivante", "Théo Troisième", "le lien est à redonner")
    check.lacks("À déplacer", closed.agent.display_name)
    end.has("Le départ de Lucie Partante est enregistré.")
    assert [again(journey).counsellor_id for journey in (one, two, closed, replaced)] == [heir.id, third.id, leaving.id, third.id]
    assert Prescription.get_by_id(one.id).counsellor_id == heir.id
    assert again(replaced).replacement_id is None
    assert Referral.select().where(Referral.counsellor == leaving, Referral.until.is_null()).count() == 0
    slots = {slot.interview_id: (slot.counsellor_id, slot.place) for slot in Slot.select()}
    assert slots == {kept.id: (heir.id, "1 rue Haute"), remote.id: (third.id, "")}
    assert not BusyCell.select().where(BusyCell.counsellor == leaving).exists()
    assert not Subscription.select().exists()
    assert not again(leaving).active
    assert JournalEntry.get(JournalEntry.event == Event.ACCOUNT_LEFT).person_id == team["desk"].id
    assert letters("referent_named") == sorted(journey.agent.email for journey in (one, two))
    assert letters("journey_entrusted") == ["heir@centre.example", "third@centre.example"]
    assert letters("interview_booked") == ["heir@centre.example"]
    assert letters("interview_moved") == sorted([two.agent.email, "third@centre.example"])
    assert letters("interview_cancelled") == ["leaving@centre.example"] * 2
    enter(app, heir).get(f"/parcours/{one.id}").has(one.agent.display_name)


def test_an_hour_already_taken_is_listed_and_cancelled_with_its_mail(app, team):
    one = team["journeys"][0]
    with app.test_request_context():
        hers = meeting(one, days=5)
        theirs = meeting(make_journey(counsellor=team["heir"]), days=5)
        Email.delete().execute()
    check, _ = depart(app, team)
    check.has("À déplacer", one.agent.display_name)
    assert again(hers).outcome is Outcome.CANCELLED_BY_SERVICE
    assert [slot.interview_id for slot in Slot.select()] == [theirs.id]
    assert one.agent.email in letters("interview_cancelled")
    assert again(one).counsellor_id == team["heir"].id


def test_a_conflict_of_interest_is_neither_offered_nor_taken_for_all(app, team):
    one, two = team["journeys"]
    heir = str(team["heir"].id)
    with app.test_request_context():
        journeys.declare_conflict(counsellor=team["heir"], employer=one.employer, person_name="")
    browser = enter(app, team["desk"])
    page = browser.get(address(team["leaving"]))
    offered = {
        name: {option["value"] for option in page.soup.find(id=f"heir_{name}").find_all("option")} for name in (one.id.hex, two.id.hex)
    }
    assert heir not in offered[one.id.hex]
    assert heir in offered[two.id.hex]
    page = browser.submit(page, {"everybody": heir}, button=("step", "confirm"), status=422)
    page.has("Cette personne a déclaré un conflit d’intérêts pour ce bilan.")
    assert again(team["leaving"]).active
    browser.submit(page, {f"heir_{one.id.hex}": str(team["third"].id)}, button=("step", "check")).has("Vérifiez le départ")


def test_a_prescription_that_the_agent_has_not_answered_passes_on_too(app, team):
    one = team["journeys"][0]
    with app.test_request_context():
        Journey.delete().where(Journey.id == one.id).execute()
    depart(app, team)
    assert Prescription.get_by_id(one.id).counsellor_id == team["heir"].id


def test_two_departures_at_once_leave_no_bilan_to_somebody_who_has_left(app, team):
    limiter.enabled = False
    leaving, heir, third = team["leaving"], team["heir"], team["third"]
    with app.test_request_context():
        theirs = make_journey(counsellor=heir)
        colleague = make_person(Role.SECRETARIAT)
    mine = {journey.id: heir for journey in team["journeys"]}
    stories = [
        {"person": leaving, "heirs": mine, "by": team["desk"]},
        {"person": leaving, "heirs": mine, "by": colleague},
        {"person": heir, "heirs": {theirs.id: leaving}, "by": colleague},
    ]
    ready = threading.Barrier(len(stories))

    def go(story):
        with connection(), app.test_request_context():
            ready.wait(60)
            try:
                actions.leave(successor=None, **story)
            except actions.Overtaken:
                return False
            return True

    with concurrent.futures.ThreadPoolExecutor(len(stories)) as pool:
        done = list(pool.map(go, stories))
    assert done.count(True) == 1
    assert JournalEntry.select().where(JournalEntry.event == Event.ACCOUNT_LEFT).count() == 1
    assert all(Person.get_by_id(journey.counsellor_id).active for journey in Journey.select())
    with app.test_request_context(), pytest.raises(reception.CounsellorGone):
        gone = leaving if not again(leaving).active else heir
        reception.name_referent(prescription=Prescription.get_by_id(theirs.id), counsellor=gone, by=third)


def test_a_bilan_entrusted_meanwhile_stops_the_departure(app, team):
    with app.test_request_context(), pytest.raises(actions.Overtaken):
        actions.leave(person=team["leaving"], heirs={team["journeys"][0].id: team["heir"]}, successor=None, by=team["desk"])
    assert again(team["leaving"]).active
    assert {again(journey).counsellor_id for journey in team["journeys"]} == {team["leaving"].id}


def test_the_secretariats_own_departure_waits_and_keeps_who_goes_on(app, team):
    with app.test_request_context():
        leaving = team["leaving"] = make_person(Role.SECRETARIAT, name="Odile Bureau")
        manager = make_person(Role.MANAGER, name="Marc Responsable")
        plain, about = (file_complaint()[0] for _ in range(2))
        for complaint, whom in ((plain, None), (about, manager)):
            fresh = Complaint.by_id_with_people(complaint.id)
            treatment.qualify(complaint=fresh, kind=Kind.COMPLAINT, about=whom, owner=leaving, by=leaving)
        day = now().date()
        values = {"title": "Mieux dire", "origin": Origin.OPINIONS, "owner": leaving, "due_on": day}
        action = improvement.start(submission=uuid.uuid4(), values=values, by=manager)
    browser = enter(app, team["desk"])
    page = browser.get(address(leaving))
    page.has("2 réclamations à traiter, 1 action d’amélioration en cours")
    check = browser.submit(page, {"successor": str(manager.id)}, button=("step", "check"))
    browser.submit(check, button=("step", "confirm")).has("C’est demandé.")
    assert again(leaving).active
    boss = enter(app, manager)
    asked = boss.get("/comptes/demandes")
    asked.has("Enregistrer le départ d’Odile Bureau, et confier ses réclamations et ses actions à Marc Responsable")
    boss.submit(asked, button=("action", "confirm")).has("C’est confirmé, et fait.")
    assert not again(leaving).active
    assert [again(plain).owner_id, again(about).owner_id, again(action).owner_id] == [manager.id, None, manager.id]


def test_no_departure_for_an_agent_the_hr_service_oneself_or_a_closed_account(app, team):
    with app.test_request_context():
        officer = make_person(Role.HR, employer=team["journeys"][0].employer)
    browser = enter(app, team["desk"])
    Person.update(active=False).where(Person.id == team["third"].id).execute()
    for person in (officer, team["desk"], team["third"], team["journeys"][0].agent):
        browser.get(address(person), status=404)
    for person in (team["heir"], officer, team["journeys"][0].agent):
        enter(app, person).get(address(team["leaving"]), status=404)
