"""The secretariat's reception: what waits first, the reminders, the referent, the replacement, the delay."""

import datetime

import pytest
import time_machine
from client import Browser
from factories import make_employer, make_interview, make_journey, make_person, make_prescription, make_slot, write_note

from bilan.database import now
from bilan.french import to_paris
from bilan.journal import Event, JournalEntry
from bilan.journeys import actions as journeys
from bilan.journeys.models import Journey, Referral
from bilan.mail.models import Email
from bilan.notes.models import Note
from bilan.people.models import Employer, Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import DelayReason, State, clock
from bilan.reception import actions, models
from bilan.reception.models import Line, Load
from bilan.reception.rules import Next, next_step


@pytest.fixture
def desk(app):
    """The browser of the secretariat."""
    with app.test_request_context():
        secretariat = make_person(Role.SECRETARIAT)
    browser = Browser(app)
    browser.arrive(secretariat)
    browser.person = secretariat
    return browser


def letters(kind):
    return {email.envelope["to"] for email in Email.select().where(Email.kind == kind)}


def test_the_first_page_says_what_waits_and_the_shortest_delay_comes_first(app, desk):
    with app.test_request_context():
        waiting = [make_prescription(State.RECEIVED, received_days_ago=days) for days in (2, 22, 16)]
        make_prescription(State.QUOTED, received_days_ago=1)
    page = desk.get("/secretariat")
    page.has("3 demandes vous attendent", "dépassé de 2 jours", "reste 4 jours", "reste 18 jours")
    rows = [row.find("a").text for row in page.soup.select("tbody tr")]
    assert rows == [waiting[rank].agent_name for rank in (1, 2, 0)]
    assert waiting[1].agent_name in page.soup.find(class_="card-act").text


def test_an_empty_day_is_said_pleasantly(desk):
    page = desk.get("/secretariat")
    page.has("Aucune demande ne vous attend.", "Tout est à jour", "Aucun entretien aujourd’hui.", "Affiché à partir de cinq")


def test_the_list_shows_the_clocks_at_risk_first_and_finds_by_name(app, desk):
    with app.test_request_context():
        done = make_prescription(State.ACCEPTED, agent=make_person(), received_days_ago=30)
        Prescription.update(proposed_for=now()).where(Prescription.id == done.id).execute()
        late, young = (make_prescription(State.RECEIVED, received_days_ago=days) for days in (19, 1))
        over = make_prescription(State.WITHDRAWN)
    page = desk.get("/secretariat/prescriptions")
    assert [row.find("a").text for row in page.soup.select("tbody tr")] == [late.agent_name, young.agent_name, done.agent_name]
    page.lacks(over.agent_name)
    desk.get("/secretariat/prescriptions?etat=finies").has(over.agent_name, "retirée")
    desk.get(f"/secretariat/prescriptions?q={late.agent_name}").has("1 demande affichée")


@pytest.mark.parametrize("few", [100, 1])
def test_the_list_finds_by_the_middle_of_an_employers_name_be_they_few_or_many(app, desk, monkeypatch, few):
    monkeypatch.setattr(models, "FEW", few)
    with app.test_request_context():
        names = ("Ville de Roanne", "Ville de Riorges", "Communauté d’agglomération")
        asked = [make_prescription(State.RECEIVED, employer=make_employer(name)) for name in names]
    for search, found in (("oanne", asked[:1]), ("VILLE DE", asked[:2]), ("ville de villerest", [])):
        page = desk.get(f"/secretariat/prescriptions?q={search}")
        assert {row.find("a").text for row in page.soup.select("tbody tr")} == {one.agent_name for one in found}, search


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ({"state": State.RECEIVED, "needs_quote": True}, Next.QUOTE),
        ({"state": State.RECEIVED, "needs_quote": False}, Next.INVITE),
        ({"state": State.QUOTED}, Next.HR_ANSWER),
        ({"state": State.INVITED}, Next.AGENT_ANSWER),
        ({"state": State.INVITED, "days": 21}, Next.REASON),
        ({"state": State.INVITED, "days": 21, "delay_reason": DelayReason.QUOTE}, Next.AGENT_ANSWER),
        ({"state": State.ACCEPTED}, Next.REFERENT),
        ({"state": State.ACCEPTED, "has_counsellor": True}, Next.FIRST_INTERVIEW),
        ({"state": State.ACCEPTED, "has_counsellor": True, "proposed": 12}, Next.NOTHING),
        ({"state": State.ACCEPTED, "has_counsellor": True, "proposed": 21}, Next.REASON),
        ({"state": State.ACCEPTED, "has_counsellor": True, "proposed": 21, "delay_reason": DelayReason.NO_SLOT}, Next.NOTHING),
    ],
)
def test_what_comes_next(state, found):
    days, proposed = state.pop("days", 3), state.pop("proposed", None)
    received = now() - datetime.timedelta(days=days)
    given = {"has_counsellor": False, "needs_quote": False, "delay_reason": None, **state}
    one = clock(received, proposed and received + datetime.timedelta(days=proposed), now(), 20)
    assert next_step(clock=one, **given) is found


def test_an_agreement_goes_without_a_quote_and_only_an_agreement(app, desk):
    with app.test_request_context():
        plain, agreed = make_prescription(State.RECEIVED), make_prescription(State.RECEIVED)
        today = to_paris(now()).date()
        Employer.update(agreement_until=today).where(Employer.id == agreed.employer_id).execute()
    desk.get(f"/secretariat/prescriptions/{plain.id}").has("Établir le devis")
    desk.post(f"/secretariat/prescriptions/{plain.id}/invitation", status=409).has("n’a pas encore accepté de devis")
    page = desk.get(f"/secretariat/prescriptions/{agreed.id}")
    desk.submit(page, form="invitation").has("L’invitation part")
    assert Prescription.get_by_id(agreed.id).state is State.INVITED
    assert Prescription.get_by_id(plain.id).state is State.RECEIVED


def test_the_secretariat_is_reminded_at_ten_fifteen_and_eighteen_days_once_each(app):
    with app.test_request_context():
        prescription = make_prescription(State.INVITED)
        make_prescription(State.DECLINED)
        proposed = make_prescription(State.ACCEPTED, agent=make_person())
        Prescription.update(proposed_for=now()).where(Prescription.id == proposed.id).execute()
        Email.delete().execute()
        sent = {}
        for hour in range(0, 22 * 24, 6):
            moment = prescription.received_at + datetime.timedelta(hours=hour)
            day = (to_paris(moment).date() - to_paris(prescription.received_at).date()).days
            count = actions.remind(moment)
            sent |= {day: count} if count else {}
        assert sent == {10: 1, 15: 1, 18: 1}
        bodies = [email.envelope["body"] for email in Email.select().order_by(Email.created_at)]
    assert len(bodies) == 3
    assert all(prescription.reference in body and prescription.agent_name not in body for body in bodies)
    assert letters("delay_reminder") == {"secretariat@espace2m.org"}


def test_a_reminder_missed_by_a_sleeping_worker_is_sent_once_for_the_last_step(app):
    with app.test_request_context():
        prescription = make_prescription(State.INVITED)
        assert [actions.remind(prescription.received_at + datetime.timedelta(days=19)) for _ in range(3)] == [1, 0, 0]


def test_an_exceeded_delay_asks_for_its_reason(app, desk):
    with app.test_request_context():
        late = make_prescription(State.INVITED, received_days_ago=24)
    path = f"/secretariat/prescriptions/{late.id}"
    page = desk.submit(desk.get(path), {"reason": "other"}, form=str(late.id), status=422)
    page.has("Précisez la raison en quelques mots.")
    page = desk.submit(page, {"reason": "other", "note": "Travaux au centre."}, form=str(late.id))
    page.has("La raison du dépassement est enregistrée.", "autre raison")
    found = Prescription.get_by_id(late.id)
    assert (found.delay_reason, found.delay_note) == (DelayReason.OTHER, "Travaux au centre.")
    assert Line.of(Prescription.for_secretariat(late.id), 20).next is Next.AGENT_ANSWER


def test_the_indicator_counts_and_hides_under_five(app, desk):
    with app.test_request_context():
        for days in (5, 10, 15, 20, 25):
            one = make_prescription(State.ACCEPTED, agent=make_person(), received_days_ago=60)
            proposed = one.received_at + datetime.timedelta(days=days)
            Prescription.update(proposed_for=proposed).where(Prescription.id == one.id).execute()
    desk.get("/secretariat").has("4 sur 5", "délai médian : 15 jours", "Demandes reçues depuis 365 jours")


class TestReferent:
    """Naming, changing, replacing."""

    def test_the_load_of_each_is_shown_and_conflicts_are_not_offered(self, app, desk):
        with app.test_request_context():
            busy, free, barred = (make_person(Role.COUNSELLOR, name=name) for name in ("Claire M", "Hugo P", "Zoé R"))
            make_journey(counsellor=busy)
            make_slot(free)
            prescription = make_prescription(State.ACCEPTED, agent=make_person(employer=make_employer("Commune A")))
            journeys.declare_conflict(counsellor=barred, employer=prescription.employer, person_name="")
            loads = Load.listed(prescription)
        assert [(load.counsellor.id, load.journeys, len(load.free), load.has_conflict) for load in loads] == [
            (free.id, 0, 1, False),
            (busy.id, 1, 0, False),
            (barred.id, 0, 0, True),
        ]
        path = f"/secretariat/prescriptions/{prescription.id}/referent"
        page = desk.get(path)
        offered = [one["value"] for one in page.soup.find_all("input", attrs={"name": "counsellor"})]
        assert offered == [str(free.id), str(busy.id)]
        page.has("Conflit d’intérêts", "déclaré")
        desk.post(path, {"counsellor": str(barred.id)}, status=422)
        page = desk.submit(page, {"counsellor": str(free.id)})
        page.has("Hugo P accompagne cette personne.")
        journey = Journey.get_by_id(prescription.id)
        assert journey.counsellor_id == free.id
        assert {free.email, prescription.agent_email} <= letters("journey_entrusted") | letters("referent_named")

    def test_a_conflict_with_a_person_counts_whatever_the_letter_case(self, app):
        with app.test_request_context():
            counsellor = make_person(Role.COUNSELLOR)
            prescription = make_prescription(State.ACCEPTED, agent=make_person(name="Nadia Benali"))
            journeys.declare_conflict(counsellor=counsellor, employer=None, person_name="nadia BENALI")
            with pytest.raises(actions.ConflictDeclared):
                actions.name_referent(prescription=prescription, counsellor=counsellor, by=counsellor)

    def test_a_journey_opens_when_both_the_agent_and_the_secretariat_have_spoken(self, app, desk):
        with app.test_request_context():
            prescription = make_prescription(State.RECEIVED)
            counsellor = make_person(Role.COUNSELLOR)
        path = f"/secretariat/prescriptions/{prescription.id}/referent"
        desk.submit(desk.get(path), {"counsellor": str(counsellor.id)})
        assert Journey.get_or_none_by_id(prescription.id) is None
        assert "journey_entrusted" not in {email.kind for email in Email.select()}

    def test_a_change_is_dated_and_announced_and_the_private_notes_stay_with_their_author(self, app, desk):
        with app.test_request_context():
            journey = make_journey()
            interview = make_interview(journey)
            write_note(interview, "private", "À moi.")
            write_note(interview, "shared", "À nous.")
            other = make_person(Role.COUNSELLOR, name="Hugo P")
            Email.delete().execute()
        path = f"/secretariat/prescriptions/{journey.id}/referent"
        desk.submit(desk.get(path), {"counsellor": str(other.id)})
        dates = [(one.counsellor_id, one.until is None) for one in Referral.select().order_by(Referral.since)]
        assert dates == [(journey.counsellor_id, False), (other.id, True)]
        assert letters("journey_entrusted") == {other.email}
        assert letters("journey_handed_over") == {journey.counsellor.email}
        assert letters("referent_named") == {journey.agent.email}
        new, former = Browser(app), Browser(app)
        new.arrive(other)
        former.arrive(journey.counsellor)
        page = new.get(f"/parcours/entretiens/{interview.id}")
        page.has("À nous.")
        page.lacks("À moi.")
        former.get(f"/parcours/{journey.id}", status=404)
        assert Note.select().count() == 2

    def test_a_replacement_sees_the_journey_until_its_last_day_and_the_agent_knows(self, app, desk):
        with app.test_request_context():
            journey = make_journey()
            other = make_person(Role.COUNSELLOR, name="Hugo P")
            Email.delete().execute()
        last = to_paris(now()).date() + datetime.timedelta(days=10)
        path = f"/secretariat/prescriptions/{journey.id}/remplacement"
        desk.submit(desk.get(path), {"counsellor": str(other.id), "until": "2020-01-01"}, status=422).has(
            "Indiquez une date à partir d’aujourd’hui"
        )
        page = desk.submit(desk.get(path), {"counsellor": str(other.id), "until": last.isoformat()})
        page.has("Hugo P a accès au bilan jusqu’au")
        assert letters("replacement_opened") == {journey.agent.email, journey.counsellor.email, other.email}
        browser = Browser(app)
        browser.arrive(other)
        browser.get(f"/parcours/{journey.id}").has("Remplacement", "Hugo P")
        browser.get("/parcours").has(journey.agent.display_name)
        for days, status in ((10, 200), (11, 404)):
            with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days), tick=False):
                again = Browser(app)
                again.arrive(other)
                again.get(f"/parcours/{journey.id}", status=status)
        desk.post(path, {"action": "end"}).has("Le remplacement est terminé.")
        browser.get(f"/parcours/{journey.id}", status=404)
        browser.get("/parcours").lacks(journey.agent.display_name)
        assert JournalEntry.select().where(JournalEntry.event == Event.REPLACEMENT_ENDED).count() == 1


def test_a_counsellor_declares_a_conflict_and_takes_it_back(world):
    browser = world.browser("counsellor")
    page = browser.submit(browser.get("/parcours/conflits"), {}, form="conflits", status=422)
    page.has("Choisissez une collectivité, ou écrivez le nom d’une personne.")
    page = browser.submit(page, {"person_name": "Paul Mercier"}, form="conflits")
    page.has("Votre déclaration est enregistrée.", "Paul Mercier")
    lift = page.soup.find("button", attrs={"name": "lift"})["value"]
    world.browser("other_counsellor").post("/parcours/conflits", {"lift": lift}, status=404)
    browser.post("/parcours/conflits", {"lift": lift}).has("La déclaration est retirée.", "Aucune déclaration.")
