"""The secretariat of a network: thousands of prescriptions, a day of hundreds of interviews, a team that no page shows whole."""

import datetime

import pytest
from client import Browser
from factories import make_interview, make_journey, make_person, make_prescription

from bench.queries import listening
from bilan.agenda import rules as agenda_rules
from bilan.database import database, now
from bilan.french import from_paris
from bilan.people.models import Person, Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import DelayReason, State
from bilan.reception import models
from bilan.reception.models import Line, Load, Today, year_of_delays
from bilan.reception.rules import Next

DAYS = 20


def sign_in(app):
    """Return the browser of the secretariat."""
    with app.test_request_context():
        secretariat = make_person(Role.SECRETARIAT)
    browser = Browser(app)
    browser.arrive(secretariat)
    return browser


@pytest.fixture
def desk(app):
    return sign_in(app)


def proposed(received_at, proposed_for, **change):
    """Return an accepted prescription with those two moments of Paris."""
    one = make_prescription(State.ACCEPTED, agent=make_person(), counsellor=make_person(Role.COUNSELLOR))
    moments = {"received_at": from_paris(received_at), "proposed_for": from_paris(proposed_for)}
    Prescription.update(**moments, **change).where(Prescription.id == one.id).execute()
    return one.id


# The days of Paris have 23 hours at the end of March, 25 at the end of October.
@pytest.mark.parametrize(
    "first", [datetime.date(2026, 3, 10), datetime.date(2026, 3, 29), datetime.date(2026, 6, 1), datetime.date(2026, 10, 20)]
)
@pytest.mark.parametrize(("hour", "until"), [("23:59", "00:00"), ("00:00", "23:59"), ("02:30", "02:30")])
def test_what_was_proposed_too_late_waits_for_its_reason_to_the_minute_in_every_season(app, time_machine_at, first, hour, until):
    time_machine_at(first + datetime.timedelta(days=60))
    at = datetime.time.fromisoformat
    with app.test_request_context():
        received = datetime.datetime.combine(first, at(hour))
        in_time, late = (datetime.datetime.combine(first + datetime.timedelta(days=days), at(until)) for days in (DAYS, DAYS + 1))
        proposed(received, in_time)
        unexplained = proposed(received, late)
        proposed(received, late, delay_reason=DelayReason.NO_SLOT)
        found = Line.ours(DAYS)
        assert [(one.prescription.id, one.next) for one in found] == [(unexplained, Next.REASON)]


@pytest.fixture
def time_machine_at(time_machine):
    return lambda day: time_machine.move_to(datetime.datetime.combine(day, datetime.time(9), datetime.UTC))


def test_the_delays_of_many_are_counted_once_until_there_is_one_more(app, monkeypatch):
    monkeypatch.setattr(models, "MANY", 2)
    models._delays_of_many.cache_clear()

    def propose(days):
        day = now() - datetime.timedelta(days=40)
        proposed(day, day + datetime.timedelta(days=days))

    with app.test_request_context():
        for days in (1, 2, 30, 3, 4, 5):
            propose(days)
        assert year_of_delays(DAYS) == (found := year_of_delays(DAYS))
        assert (found.in_time, found.total) == (5, 6)
        with listening(database.obj) as heard:
            year_of_delays(DAYS)
        assert len(heard) == 1
        propose(6)
        assert year_of_delays(DAYS).total == 7


def test_a_day_of_too_many_interviews_shows_the_next_ones(app, monkeypatch, time_machine_at):
    monkeypatch.setattr(models, "SHOWN_TODAY", 2)
    time_machine_at(datetime.date(2027, 6, 1))
    with app.test_request_context():
        _, first, second, _ = [make_interview(make_journey(), days=hours / 24, held=None) for hours in (-2, 1, 2, 3)]
        found = Today.read()
        assert found.total == 4
        assert found.interviews == [first, second]
    page = sign_in(app).get("/secretariat")
    page.has("4 entretiens aujourd’hui", "2 prochains entretiens, sur 4.")
    assert len(page.soup.find("h2", string="Entretiens d’aujourd’hui").parent.select("li")) == 2


def test_the_evening_of_such_a_day_lists_nothing_and_says_so(app, monkeypatch, time_machine_at):
    monkeypatch.setattr(models, "SHOWN_TODAY", 1)
    time_machine_at(datetime.date(2027, 6, 1))
    with app.test_request_context():
        for hours in (-3, -2):
            make_interview(make_journey(), days=hours / 24, held=None)
    page = sign_in(app).get("/secretariat")
    page.has("2 entretiens aujourd’hui", "Tous ont commencé.", "Voir l’agenda")
    assert not page.soup.find("h2", string="Entretiens d’aujourd’hui").parent.find("ul")


@pytest.fixture
def large_team(app, monkeypatch):
    """A prescription to entrust, in a team of which a page shows two."""
    monkeypatch.setattr(models, "SHOWN_TEAM", 2)
    with app.test_request_context():
        for name in ("Zoé Étienne", "Luc Aubert", "Ana Roux"):
            make_person(Role.COUNSELLOR, name=name)
        return make_prescription(State.ACCEPTED, agent=make_person())


def shown(page):
    return [row.find("th").text for row in page.soup.select("tbody tr")]


def test_a_large_team_is_searched_by_name_without_accents(desk, large_team):
    path = f"/secretariat/prescriptions/{large_team.id}/referent"
    page = desk.get(path)
    assert shown(page) == ["Ana Roux", "Luc Aubert"]
    page.has("2 personnes affichées sur 3, les moins chargées d’abord.")
    page = desk.get(f"{path}?q=etienne")
    assert shown(page) == ["Zoé Étienne"]
    assert [one["value"] for one in page.soup.select("input[name=counsellor]")] == [str(Person.get(display_name="Zoé Étienne").id)]
    desk.get(f"{path}?q=personne").has("Personne de l’équipe ne porte ce nom.", "Effacer la recherche")


def test_whoever_was_found_is_named(app, desk, large_team):
    chosen = Person.get(display_name="Zoé Étienne")
    desk.post(f"/secretariat/prescriptions/{large_team.id}/referent?q=etienne", {"counsellor": str(chosen.id)}).has(
        "Zoé Étienne accompagne cette personne"
    )
    assert Prescription.get_by_id(large_team.id).counsellor_id == chosen.id
    with app.test_request_context():
        team = Load.listed(large_team)
        assert chosen.id in {one.counsellor.id for one in Load.shown(team, "", str(chosen.id))}
    page = desk.get(f"/secretariat/prescriptions/{large_team.id}/referent")
    assert page.soup.select_one("input[name=counsellor][checked]")["value"] == str(chosen.id)


def test_the_agenda_of_a_large_team_asks_whose(app, desk, monkeypatch):
    with app.test_request_context():
        journey = make_journey()
        make_interview(journey, days=1)
        make_person(Role.COUNSELLOR)
    desk.get("/agenda").lacks("Choisissez une personne")
    monkeypatch.setattr(agenda_rules, "TEAM", 1)
    page = desk.get("/agenda")
    page.has("Choisissez une personne", "L’équipe compte 2 personnes")
    page.lacks("Rien de prévu", journey.agent.display_name)
    desk.get(f"/agenda?conseil={journey.counsellor_id}").lacks("Choisissez une personne")


@pytest.mark.parametrize("path", ["/secretariat/prescriptions", "/secretariat/collectivites", "/secretariat/comptes"])
def test_a_list_is_one_query_for_its_page_and_one_for_its_count(app, desk, path):
    with app.test_request_context():
        for _ in range(3):
            make_prescription(State.RECEIVED)
    with listening(database.obj) as heard:
        desk.get(path)
    tables = {
        "/secretariat/prescriptions": '"prescription"',
        "/secretariat/collectivites": '"employer"',
        "/secretariat/comptes": '"person"',
    }
    about = [one.sql for one in heard if f'FROM {tables[path]} AS "t1"' in one.sql and "open_session" not in one.sql]
    assert len(about) == 2, about
    assert sum("COUNT(1)" in one for one in about) == 1
