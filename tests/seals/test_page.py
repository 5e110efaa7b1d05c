"""The manager reads the journal: words, days, roles; nobody's name outside her team, nothing of a complaint about her."""

import datetime

import pytest
from client import Browser
from factories import file_complaint, make_person
from journals import backdate

from bilan.complaints.models import Complaint
from bilan.database import now
from bilan.french import short_day
from bilan.journal import Event, JournalEntry, record
from bilan.people.models import Role
from bilan.seals import actions
from bilan.seals.models import JournalSeal
from bilan.seals.words import WORDS

PATH = "/qualite/journal"
DAY = datetime.timedelta(days=1)


class Case:
    """A manager, an agent, an HR officer and a counsellor, who have each done something."""

    def __init__(self, app):
        with app.test_request_context():
            self.manager = make_person(Role.MANAGER, name="Mona Responsable")
            self.agent = make_person(Role.AGENT, name="Alma Cachée")
            self.officer = make_person(Role.HR, name="Rose Humaine")
            self.counsellor = make_person(Role.COUNSELLOR, name="Claire Conseil")
            for person in (self.agent, self.officer, self.counsellor, None):
                record(Event.SIGNED_IN, person=person, detail="un-mot-du-code")
        self.browser = Browser(app)
        self.browser.arrive(self.manager)


@pytest.fixture
def case(app):
    return Case(app)


def test_names_are_those_of_the_team_and_no_identifier_shows(app, case):
    page = case.browser.get(PATH)
    page.has("Connexion", "Claire Conseil", "Conseil", "Agent", "Service RH", "Sans compte")
    assert "Alma" not in page.html
    assert "Rose" not in page.html
    assert "un-mot-du-code" not in page.html
    with app.app_context():
        named = {one.id for one in JournalEntry.select()} | {one.subject_id for one in JournalEntry.select() if one.subject_id}
    assert not [one for one in named if str(one) in page.html]


def test_nothing_of_a_complaint_betrays_it_to_whom_it_concerns(app, case):
    with app.test_request_context():
        for about in (case.manager, case.counsellor):
            complaint, _ = file_complaint()
            Complaint.update(about=about).where(Complaint.id == complaint.id).execute()
            record(Event.COMPLAINT_REPLIED, person=case.counsellor, subject_id=complaint.id)
        other = make_person(Role.MANAGER)
    page = case.browser.get(f"{PATH}?sorte=reclamations")
    assert page.soup.find("table").text.count(WORDS[Event.COMPLAINT_REPLIED]) == 1
    page.has("2 événements")
    second = Browser(app)
    second.arrive(other)
    second.get(f"{PATH}?sorte=reclamations").has("4 événements")


def test_the_period_and_the_kind_are_chosen_and_the_pages_turned(app, case):
    with app.test_request_context():
        for _ in range(60):
            record(Event.NOTE_SAVED, person=case.counsellor)
        backdate(now() - 100 * DAY, JournalEntry.event == Event.NOTE_SAVED)
    assert WORDS[Event.NOTE_SAVED] not in case.browser.get(PATH).text
    day = (now() - 100 * DAY).date()
    address = f"{PATH}?du={day - DAY}&au={day + DAY}&sorte=rendez-vous"
    case.browser.get(address).has("60 événements", WORDS[Event.NOTE_SAVED])
    assert len(case.browser.get(f"{address}&page=3").soup.select("tbody tr")) == 10
    case.browser.get(f"{PATH}?du=2020-01-01&au=2020-01-02").has("Rien ne s’est passé dans cette période")


def test_the_state_of_the_chain_is_said(app, case):
    case.browser.get(PATH).has("Aucun jour n’est encore scellé")
    with app.test_request_context():
        backdate(now() - 3 * DAY, JournalEntry.event == Event.SIGNED_IN)
        actions.seal()
        last = JournalSeal.last()
    page = case.browser.get(PATH)
    page.has(short_day(last.day).replace("\u00a0", " "))
    assert last.digest in page.soup.find("aside").text.replace("\n", "")
    assert "attendent leur sceau" not in page.text
