"""Asking, once; taking it back; the correction; the clock and its reminders; whose it is."""

import datetime
import uuid

import pytest
import time_machine
from asked import ask_about_data
from client import Browser
from factories import make_person

from bilan.data_requests import actions
from bilan.data_requests.models import DataRequest
from bilan.data_requests.rules import Kind, State, clock, stage
from bilan.database import database, now
from bilan.journal import JournalEntry
from bilan.mail.models import Email
from bilan.people.models import Person, Role

ERASE, CORRECT = "/mes-donnees/demandes/effacement", "/mes-donnees/demandes/correction"


@pytest.fixture
def agent(app):
    with app.test_request_context():
        return make_person()


@pytest.fixture
def desk(app):
    """The browser of somebody of the secretariat."""
    with app.test_request_context():
        person = make_person(Role.SECRETARIAT)
    return signed_in(app, person)


@pytest.fixture
def asked(app, agent):
    """A request to erase that waits."""
    with app.test_request_context():
        return ask_about_data(agent, words="À moi.")


def signed_in(app, person):
    browser = Browser(app)
    browser.arrive(person)
    return browser


def test_a_double_click_makes_one_and_a_second_of_the_kind_is_refused(app, agent):
    browser = signed_in(app, agent)
    form = {"words": "", "submission": str(uuid.uuid4())}
    browser.post(ERASE, form).has("Effacer ce qui peut l’être.")
    browser.post(ERASE, form)
    assert DataRequest.select().count() == 1
    browser.post(ERASE, {**form, "submission": str(uuid.uuid4())}, status=409).has("attend déjà une réponse")
    browser.get(ERASE).has("Votre demande est en cours")
    browser.post(CORRECT, {"datum": "name", "words": "Durand, avec un d.", "submission": str(uuid.uuid4())})
    assert DataRequest.select().count() == 2
    with pytest.raises(Exception, match=r"(?i)unique"), database.atomic():  # the database's own word, whatever the code does
        one = DataRequest.get(DataRequest.kind == Kind.ERASE)
        DataRequest(**{**one.__data__, "id": one.id, "submission": uuid.uuid4()}).clone().save(force_insert=True)


def test_she_takes_it_back_while_nobody_has_answered(app, agent, asked, desk):
    browser = signed_in(app, agent)
    address = f"/mes-donnees/demandes/{asked.id}"
    browser.get(address).has("Reprendre ma demande")
    browser.get(f"{address}/reprendre").has("Rien ne change")
    assert DataRequest.get().is_open, "a GET changes nothing"
    browser.post(f"{address}/reprendre", {}).has("reprise par vous")
    desk.get(f"/secretariat/demandes-donnees/{asked.id}", status=404)
    desk.get("/secretariat/demandes-donnees").lacks(agent.display_name)
    with app.test_request_context(), pytest.raises(actions.AlreadyOver):
        actions.answer_erasure(request=asked, choices={}, answer="Trop tard.", by=agent)
    browser.get(ERASE).lacks("Votre demande est en cours")


def test_a_correction_is_answered_in_writing(app, agent, desk):
    browser = signed_in(app, agent)
    browser.post(CORRECT, {"datum": "", "words": "", "submission": str(uuid.uuid4())}, status=422).has(
        "Choisissez", "Écrivez ce qui est faux"
    )
    browser.submit(browser.get(CORRECT), {"datum": "phone", "words": "Le 06 00 00 00 01."})
    asked = DataRequest.get()
    path = f"/secretariat/demandes-donnees/{asked.id}"
    page = desk.get(path)
    page.has("Mon téléphone", "Le 06 00 00 00 01.", "le service RH la corrige")
    desk.submit(page, {"outcome": "refused", "answer": ""}, status=422)
    desk.post(path, {"answer": "Vu."}, status=422).has("Dites si")
    desk.submit(page, {"outcome": "refused", "answer": "Voyez avec le service RH."}).has("Refusé")
    browser.get(f"/mes-donnees/demandes/{asked.id}").has("Refusé", "Voyez avec le service RH.")
    browser.post(f"/mes-donnees/demandes/{asked.id}/reprendre", {}, status=409).has("finie")
    desk.get("/secretariat/demandes-donnees?etat=finies").has(agent.display_name)
    assert [one.event.value for one in JournalEntry.select().where(JournalEntry.subject_id == asked.id)] == [
        "data_request_made",
        "data_request_answered",
    ]


def test_a_name_is_corrected_with_the_answer(app, agent, desk):
    with app.test_request_context():
        path = f"/secretariat/demandes-donnees/{ask_about_data(agent, Kind.RECTIFY).id}"
    desk.post(path, {"outcome": "corrected", "answer": "Vu.", "name": ""}, status=422).has("Écrivez le nom de son compte")
    desk.submit(desk.get(path), {"outcome": "corrected", "answer": "C’est fait.", "name": "Jeanne Durand"})
    assert Person.get_by_id(agent.id).display_name == "Jeanne Durand"


def test_nobody_else_reads_it(app, asked):
    for role in (Role.AGENT, Role.COUNSELLOR, Role.MANAGER, Role.DISABILITY_REFERENT):
        with app.test_request_context():
            person = make_person(role)
        browser = signed_in(app, person)
        for path in (f"/mes-donnees/demandes/{asked.id}", f"/secretariat/demandes-donnees/{asked.id}"):
            browser.get(path, status=404)


@pytest.mark.usefixtures("asked")
def test_the_secretariat_is_reminded_a_week_before_and_once_late(app):
    told = []
    for days in range(60):
        with app.app_context(), time_machine.travel(now().replace(tzinfo=datetime.UTC) + datetime.timedelta(days=days), tick=False):
            told += [days] * actions.remind()
    assert told == [23, 31]
    subjects = [one.envelope["subject"] for one in Email.select().where(Email.kind == "data_request_reminder").order_by(Email.created_at)]
    assert ["en retard" in one for one in subjects] == [False, True]


@pytest.mark.parametrize(
    ("days", "words", "reminders"),
    [(0, "reste 30\u00a0jours", 0), (23, "reste 7\u00a0jours", 1), (30, "dernier jour", 1), (31, "dépassé de 1\u00a0jour", 2)],
)
def test_the_clock_says_the_days_left(days, words, reminders):
    first = datetime.date(2026, 3, 2)
    one = clock(first + datetime.timedelta(days=30), first + datetime.timedelta(days=days), None)
    assert (one.words, stage(one)) == (words, reminders)
    assert stage(clock(one.deadline, one.today, first)) == 0, "once it is over, nobody is reminded"


def test_one_that_is_over_is_reminded_no_more(app, agent, asked):
    with app.app_context():
        actions.withdraw(request=asked, by=agent)
    with app.app_context(), time_machine.travel(now().replace(tzinfo=datetime.UTC) + datetime.timedelta(days=40)):
        assert actions.remind() == 0
    assert DataRequest.get().state is State.WITHDRAWN
