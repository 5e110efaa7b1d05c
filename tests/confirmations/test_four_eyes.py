"""Four eyes: the rights of the secretariat and the manager change only when somebody else says yes."""

import datetime

import pytest
import time_machine
from client import Browser
from factories import make_person

from bilan.access.models import OpenSession
from bilan.confirmations import actions
from bilan.confirmations.models import AccountRequest
from bilan.confirmations.rules import Change, Outcome
from bilan.events import Event
from bilan.journal import JournalEntry
from bilan.mail.models import Email
from bilan.people.models import Person, Role

LIST, ASKED = "/secretariat/comptes", "/comptes/demandes"


@pytest.fixture
def office(app):
    """Two of the secretariat and the manager; the first is the one who asks."""
    with app.test_request_context():
        names = {"asker": Role.SECRETARIAT, "colleague": Role.SECRETARIAT, "manager": Role.MANAGER}
        return {name: make_person(role, email=f"{name}@centre.example") for name, role in names.items()}


def enter(app, person):
    browser = Browser(app)
    browser.arrive(person)
    return browser


def ask(app, office, person, change="suspend", status=200):
    browser = enter(app, office["asker"])
    return browser.submit(browser.get(LIST), form=f"/{person.id}", button=("action", change), status=status)


def again(person):
    return Person.get_by_id(person.id)


def test_a_colleague_is_suspended_when_another_confirms(app, office):
    OpenSession.create(person=office["colleague"], browser="Firefox")
    ask(app, office, office["colleague"]).has("Une autre personne du secrétariat, ou le responsable, doit le confirmer")
    ask(app, office, office["colleague"])
    assert AccountRequest.select().count() == 1
    assert again(office["colleague"]).active
    assert [one.envelope["to"] for one in Email.select().where(Email.kind == "confirmation_asked")] == ["manager@centre.example"]
    manager = enter(app, office["manager"])
    page = manager.submit(manager.get(ASKED), button=("action", "confirm"))
    page.has("C’est confirmé, et fait.", "Rien n’attend de confirmation.")
    assert not again(office["colleague"]).active
    assert not OpenSession.select().where(OpenSession.person == office["colleague"]).exists()
    events = [one.event for one in JournalEntry.select().order_by(JournalEntry.created_at)]
    assert events.count(Event.ACCOUNT_CHANGE_ASKED) == events.count(Event.ACCOUNT_CHANGE_CONFIRMED) == 1


def test_neither_who_asks_nor_whom_it_is_about_confirms(app, office):
    ask(app, office, office["colleague"])
    address = f"{ASKED}/{AccountRequest.get().id}"
    for name in ("asker", "colleague"):
        browser = enter(app, office[name])
        browser.get(ASKED).has("Une autre personne du secrétariat, ou le responsable, doit répondre.")
        browser.post(address, {"action": "confirm"}, status=404)
    assert again(office["colleague"]).active


def test_an_invitation_into_the_secretariat_waits_too(app, office):
    browser = enter(app, office["asker"])
    typed = {"display_name": "Nouvelle Venue", "email": "Nouvelle@centre.example", "role": "secretariat"}
    browser.submit(browser.get(LIST), typed, form=LIST).has("C’est demandé.")
    assert Person.by_email("nouvelle@centre.example") is None
    colleague = enter(app, office["colleague"])
    page = colleague.get(ASKED)
    page.has("Inviter Nouvelle Venue (nouvelle@centre.example)")
    colleague.submit(page, button=("action", "confirm"))
    assert Person.by_email("nouvelle@centre.example").role is Role.SECRETARIAT
    assert Email.select().where(Email.kind == "invitation").count() == 4


def test_what_is_refused_is_not_done_and_is_decided_once(app, office):
    ask(app, office, office["manager"])
    colleague = enter(app, office["colleague"])
    colleague.submit(colleague.get(ASKED), button=("action", "refuse")).has("C’est refusé.")
    request = AccountRequest.get()
    assert request.outcome is Outcome.REFUSED
    colleague.post(f"{ASKED}/{request.id}", {"action": "confirm"}, status=404)
    with app.test_request_context(), pytest.raises(actions.AlreadyDecided):
        actions.confirm(request=request, by=office["colleague"])
    assert again(office["manager"]).active


@pytest.mark.parametrize(("days", "status"), [(6.99, 302), (7.01, 404)])
def test_seven_days_then_nothing(app, office, days, status):
    ask(app, office, office["colleague"])
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days), tick=False):
        manager = enter(app, office["manager"])
        manager.post(f"{ASKED}/{AccountRequest.get().id}", {"action": "confirm"}, status=status, follow=False)
    assert again(office["colleague"]).active is (status == 404)


def test_the_request_of_somebody_who_was_suspended_meanwhile_is_void(app, office):
    ask(app, office, office["colleague"])
    Person.update(active=False).where(Person.id == office["asker"].id).execute()
    enter(app, office["manager"]).get(ASKED).has("Rien n’attend de confirmation.")


@pytest.mark.parametrize("change", ["suspend", "reopen"])
def test_with_nobody_else_nothing_is_done_and_the_way_out_is_said(app, office, change):
    Person.update(active=False).where(Person.id == office["manager"].id).execute()
    ask(app, office, office["colleague"], change).has("flask create-user")
    assert not AccountRequest.select().exists()
    assert again(office["colleague"]).active


def test_an_invitation_that_nobody_could_confirm_keeps_what_was_typed(app, office):
    Person.update(active=False).where(Person.id != office["asker"].id).execute()
    browser = enter(app, office["asker"])
    typed = {"display_name": "Nouvelle Venue", "email": "nouvelle@centre.example", "role": "manager"}
    page = browser.submit(browser.get(LIST), typed, form=LIST, status=422)
    page.has("flask create-user")
    assert page.soup.find("input", {"name": "display_name"})["value"] == "Nouvelle Venue"
    assert Person.by_email("nouvelle@centre.example") is None


def test_the_accounts_of_others_change_at_once(app, office):
    with app.test_request_context():
        counsellor = make_person(Role.COUNSELLOR)
    ask(app, office, counsellor)
    assert not again(counsellor).active
    assert not AccountRequest.select().exists()


def test_requests_are_forgotten_after_a_month(app, office):
    with app.test_request_context():
        actions.ask(change=Change.SUSPEND, person=office["manager"], by=office["asker"])
    for days, left in ((29, 1), (31, 0)):
        with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)):
            actions.forget_old()
        assert AccountRequest.select().count() == left
