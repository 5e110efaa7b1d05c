"""Signing in by a link: it serves once, for half an hour, at the press of a button; limits on what asks for links."""

import datetime

import pytest
import time_machine
from client import Browser
from factories import last_link

from bilan.mail.models import Email
from bilan.people.models import OneTimeLink

THIRTY_MINUTES = datetime.timedelta(minutes=30, seconds=1)


def ask(browser, email, address="/connexion/lien", status=200):
    return browser.submit(browser.get(address), {"email": email}, status=status)


def links():
    return OneTimeLink.select().count()


def test_an_agent_signs_in_by_a_link(world):
    browser = Browser(world.app)
    ask(browser, world.agent.email)
    page = browser.get(last_link("sign_in_link"))
    page.has("Bonjour Prénom agent")
    assert browser.submit(page).h1 == "Mon bilan"


def test_a_link_serves_once(world):
    browser = Browser(world.app)
    ask(browser, world.agent.email)
    link = last_link("sign_in_link")
    page = browser.get(link)
    browser.submit(page)
    assert Browser(world.app).get(link, status=410).h1 == "Ce lien ne sert plus"
    browser.submit(page, status=410)


def test_a_mail_filter_that_opens_the_link_does_not_spend_it(world):
    link = f"/connexion/lien/{world.tokens['sign_in_link']}"
    for _ in range(3):
        assert world.app.test_client().get(link).status_code == 200
        assert world.app.test_client().head(link).status_code == 200
    browser = Browser(world.app)
    browser.submit(browser.get(link)).has("Mon bilan")


def test_a_link_expires_after_half_an_hour(world):
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + THIRTY_MINUTES):
        Browser(world.app).get(f"/connexion/lien/{world.tokens['sign_in_link']}", status=410)


def test_a_reset_link_does_not_sign_in_and_a_sign_in_link_resets_nothing(world):
    browser = Browser(world.app)
    browser.get(f"/connexion/lien/{world.tokens['password_reset']}", status=410)
    browser.get(f"/mot-de-passe/{world.tokens['sign_in_link']}", status=410)


@pytest.mark.parametrize("address", ["/connexion/lien", "/mot-de-passe-oublie"])
def test_an_unknown_address_gets_the_same_page(world, address):
    pages = [ask(Browser(world.app), email, address).text.replace(email, "…") for email in (world.agent.email, "inconnue@exemple.fr")]
    assert pages[0] == pages[1]


def test_an_unknown_address_gets_no_mail(world):
    before = Email.select().count()
    ask(Browser(world.app), "inconnue@exemple.fr")
    ask(Browser(world.app), "inconnue@exemple.fr", "/mot-de-passe-oublie")
    assert Email.select().count() == before


@pytest.mark.parametrize("name", ["counsellor", "hr", "secretariat", "manager", "disability_referent"])
def test_the_team_and_hr_get_no_sign_in_link(world, name):
    before = links()
    ask(Browser(world.app), world.people[name].email).has("Si un compte correspond")
    assert links() == before


def test_a_suspended_agent_gets_no_link_and_the_old_one_is_spent(world):
    world.browser("secretariat").post(f"/secretariat/comptes/{world.agent.id}", {"action": "suspend"})
    before = links()
    ask(Browser(world.app), world.agent.email)
    assert links() == before
    Browser(world.app).get(f"/connexion/lien/{world.tokens['sign_in_link']}", status=410)


def test_only_the_digest_of_a_link_is_kept(world):
    token = world.tokens["sign_in_link"]
    assert not OneTimeLink.select().where(OneTimeLink.digest == token).exists()


@pytest.mark.parametrize("address", ["/connexion/lien", "/mot-de-passe-oublie"])
def test_the_sixth_demand_for_one_address_meets_the_limit_known_or_not(world, address):
    for email in (world.agent.email, "inconnue@exemple.fr"):
        browser = Browser(world.app)
        for _ in range(5):
            ask(browser, email, address)
        page = ask(browser, email, address, status=429)
        assert page.h1 == "Trop d’essais"
        page.has("Attendez un quart d’heure au plus, puis réessayez.")


def test_a_password_cannot_be_guessed_by_trying(world):
    browser = Browser(world.app)
    for _ in range(10):
        browser.submit(browser.get("/connexion"), {"email": world.agent.email, "password": "faux"}, status=422)
    page = browser.submit(browser.get("/connexion"), {"email": world.agent.email, "password": "faux"}, status=429)
    assert page.h1 == "Trop d’essais"
    other = Browser(world.app)
    assert other.sign_in(world.hr).h1 == "Vos prescriptions"


def test_signing_in_again_and_again_meets_no_limit(world):
    for _ in range(12):
        Browser(world.app).sign_in(world.agent)


def test_a_wrong_address_is_said_and_kept(world):
    page = ask(Browser(world.app), "pas une adresse", status=422)
    page.has("Indiquez une adresse e-mail complète")
    assert page.soup.find("input", {"name": "email"})["value"] == "pas une adresse"
