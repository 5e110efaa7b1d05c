"""The agenda as the counsellor and the secretariat read it."""

import datetime

import pytest
from factories import make_interview, make_journey, make_slot
from office import open_office

from bilan import french
from bilan.agenda.models import agenda, counsellors_seen_by
from bilan.database import database, now


@pytest.fixture
def office(app):
    return open_office(app)


def day_of(slot):
    return french.to_paris(slot.starts_at).date().isoformat()


def test_a_counsellor_reads_her_own_day(office):
    interview = office.book()
    with office.app.test_request_context():
        make_slot(open_office(office.app).journey.counsellor, office.slots[0].starts_at + datetime.timedelta(hours=2))
    page = office.browser("counsellor").get(f"/agenda?jour={day_of(office.slots[0])}")
    page.has("réservé", "Nadia Benali", "Entretien de diagnostic", "sur place")
    page.lacks("libre", "Inès Caron, ")
    assert page.soup.find("a", href=f"/parcours/entretiens/{interview.id}")
    assert len(page.soup.select(".lines > li")) == 1


def test_an_empty_day_says_so_and_a_week_has_its_days(office):
    page = office.browser("counsellor").get("/agenda?semaine=2031-W30")
    assert page.soup.h2.text == "Lundi 21\u00a0juillet 2031"
    assert page.text.count("Rien de prévu.") == len(page.soup.find_all("h2")) == 5
    page = office.browser("counsellor").get("/agenda?semaine=2031-W29")
    page.has("férié", "Fête nationale")
    links = [one["href"] for one in page.soup.select("nav[aria-label='Autres semaines'] a")]
    assert links == ["/agenda?semaine=2031-W28", "/agenda", "/agenda?semaine=2031-W30"]


@pytest.mark.parametrize("query", ["", "?jour=2026-13-40", "?semaine=2026-W99", "?jour=x&semaine=y", "?conseil=x"])
def test_a_bad_date_gives_this_week(office, query):
    today = french.to_paris(now()).date()
    monday = today - datetime.timedelta(days=today.weekday())
    assert office.browser("counsellor").get(f"/agenda{query}").soup.h2.text == french.day(monday).capitalize()


def test_the_secretariat_reads_everybody_and_chooses_one(world):
    desk = world.browser("secretariat")
    day = day_of(world.home.coming)
    page = desk.get(f"/agenda?jour={day}")
    page.has("Prénom agent", "Prénom other_agent", "Prénom counsellor", "Prénom other_counsellor", "Entretien de diagnostic", "à distance")
    assert page.soup.find("a", href=f"/secretariat/rendez-vous/{world.home.coming.id}/deplacer")
    page = desk.get(f"/agenda?jour={day}&conseil={world.counsellor.id}")
    page.has("Prénom agent")
    page.lacks("Prénom other_agent")
    assert f"conseil={world.counsellor.id}" in page.soup.find("a", rel="next")["href"]


def test_the_secretariat_cannot_withdraw_and_the_counsellor_can(world):
    day = day_of(world.home.free_slot)
    world.browser("secretariat").get(f"/agenda?jour={day}").lacks("Retirer")
    page = world.browser("counsellor").get(f"/agenda?jour={day}")
    assert page.form("/retirer")["action"] == f"/agenda/creneaux/{world.home.free_slot.id}/retirer"


def test_a_held_and_a_cancelled_meeting_stay_in_the_agenda(office):
    with office.app.test_request_context():
        held = make_interview(office.journey, days=-2)
    interview = office.book()
    office.browser("agent").post(f"/mon-bilan/rendez-vous/{interview.id}/annuler", {"reason": "work"})
    desk = office.browser("counsellor")
    desk.get(f"/agenda?jour={day_of(held)}").has("tenu", "Nadia Benali")
    desk.get(f"/agenda?jour={day_of(interview)}").has("annulé par l’agent", "libre")


def test_the_night_belongs_to_its_day_of_paris(office):
    local = french.to_paris(now() + datetime.timedelta(days=6)).replace(tzinfo=None, hour=23, minute=30, second=0, microsecond=0)
    with office.app.test_request_context():
        slot = make_slot(office.journey.counsellor, french.from_paris(local))
    office.browser("counsellor").get(f"/agenda?jour={local.date().isoformat()}").has("23:30 – 01:00")
    assert slot.starts_at.date() <= local.date()


def test_the_queries_do_not_grow_with_the_week(office, monkeypatch):
    with office.app.test_request_context():
        make_interview(make_journey(counsellor=office.journey.counsellor), days=20)
        asked, ask = [], database.obj.execute_sql
        monkeypatch.setattr(database.obj, "execute_sql", lambda *given, **named: asked.append(given[0]) or ask(*given, **named))
        entries = agenda(counsellors_seen_by(office.secretary), now(), now() + datetime.timedelta(days=30))
        names = [(one.counsellor.display_name, one.interview and one.interview.journey.agent.display_name) for one in entries]
    assert len(entries) == 5
    assert len([name for _, name in names if name]) == 1
    assert len(asked) == 3, "the counsellors, the slots, the interviews without one"
