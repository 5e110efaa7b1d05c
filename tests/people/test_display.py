"""Display preferences: of the account, on every browser where its owner signs in, and left there when she signs out."""

import pytest
from adaptings import HIDDEN, ask, decide, put_in_place
from client import Browser
from factories import make_journey, make_person

from bilan.people.models import Person, Role
from bilan.people.rules import Display


@pytest.fixture
def databases(sqlite_databases):
    """Once, on SQLite: the subject is a cookie."""
    return sqlite_databases


@pytest.fixture
def agent(app):
    with app.test_request_context():
        return make_person(Role.AGENT)


def looks(browser):
    """What the page of somebody who is not signed in says of its display."""
    page = browser.get("/connexion").soup.html
    return {name.removeprefix("data-"): value for name, value in page.attrs.items() if name.startswith("data-")}


def test_what_was_chosen_elsewhere_is_left_where_one_signs_out(app, agent):
    home, office = Browser(app), Browser(app)
    usual = looks(office)
    home.sign_in(agent)
    home.submit(home.get("/affichage"), {"text": "larger", "contrast": "strong"})
    office.sign_in(agent)
    office.sign_out()
    assert looks(office) == looks(home) | usual | {"text": "larger", "contrast": "strong"}


def test_what_the_disability_referent_puts_in_place_is_left_too(app):
    browser = Browser(app)
    with app.test_request_context():
        journey, referent = make_journey(), make_person(Role.DISABILITY_REFERENT)
    browser.sign_in(journey.agent)
    with app.test_request_context():
        put_in_place(decide(ask(journey.agent, journey, **HIDDEN), referent), referent, "reading", choices=["large"])
    browser.get("/mon-bilan")
    browser.sign_out()
    assert looks(browser)["text"] == "large"


def test_a_choice_made_here_is_not_undone_and_nothing_is_written_again(app, agent):
    with app.test_request_context():
        Person.update(preferences=Display(text="large").dump()).where(Person.id == agent.id).execute()
    browser = Browser(app)
    browser.sign_in(agent)
    browser.submit(browser.get("/affichage"), {"text": "normal", "theme": "dark"})
    response = browser.get("/compte").response
    assert not [one for one in response.headers.getlist("Set-Cookie") if one.startswith("affichage=")]
    browser.sign_out()
    assert (looks(browser)["text"], looks(browser)["theme"]) == ("normal", "dark")


def test_whoever_chose_nothing_leaves_the_choices_of_the_browser(app, agent):
    browser = Browser(app)
    browser.submit(browser.get("/affichage"), {"theme": "dark"})
    browser.sign_in(agent)
    browser.sign_out()
    assert looks(browser)["theme"] == "dark"
