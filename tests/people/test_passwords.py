"""Signing in by a password, choosing one by invitation or by reset, changing it."""

import datetime
import unicodedata

import pytest
import time_machine
from application import CHEAP_HASHES
from client import PASSWORD, Browser
from factories import last_link
from flask_security import hash_password
from flask_security.utils import get_hmac
from passlib.hash import argon2

from bilan import create_app, worker
from bilan.journal import Event, JournalEntry
from bilan.mail.models import Email
from bilan.people import actions
from bilan.people.models import OneTimeLink, Person
from bilan.people.rules import digest_of, password_fault
from bilan.settings import load

NEW = "un autre mot de passe, long"


@pytest.fixture
def guest(world):
    """An invited person who has not chosen a password yet: her browser and the address of her invitation."""
    with world.app.test_request_context():
        actions.invite(email="Invitee@Exemple.fr", display_name="Inès Lafay", role=world.hr.role, employer_name="Commune home", by=None)
        return Browser(world.app), last_link("invitation")


@pytest.mark.parametrize(
    ("name", "home"),
    [
        ("agent", "Mon bilan"),
        ("counsellor", "Vos parcours"),
        ("hr", "Vos prescriptions"),
        ("secretariat", "Aujourd’hui"),
        ("disability_referent", "Demandes d’adaptation"),
        ("manager", "Indicateurs de qualité"),
    ],
)
def test_each_role_signs_in_to_its_own_page(world, name, home):
    page = Browser(world.app).sign_in(world.people[name])
    assert page.h1 == home
    page.has(f"Prénom {name}", "Se déconnecter")


def test_sign_in_leads_back_to_the_page_that_was_asked(world):
    browser = Browser(world.app)
    page = browser.get(f"/parcours/{world.home.journey.id}")
    assert page.path == "/connexion"
    page = browser.submit(page, {"email": world.counsellor.email, "password": PASSWORD})
    assert page.path == f"/parcours/{world.home.journey.id}"


def test_the_letter_case_of_the_address_does_not_matter(world):
    browser = Browser(world.app)
    browser.submit(browser.get("/connexion"), {"email": world.agent.email.upper(), "password": PASSWORD})
    browser.get("/mon-bilan").has("Prénom agent")


@pytest.mark.parametrize("email", ["agent@exemple.fr", "inconnue@exemple.fr"])
def test_a_refused_sign_in_never_says_whether_the_account_exists(world, email):
    browser = Browser(world.app)
    page = browser.submit(browser.get("/connexion"), {"email": email, "password": "faux"}, status=422)
    page.has("L’adresse et le mot de passe ne vont pas ensemble.")
    page.lacks("n’existe pas", "faux")
    assert page.soup.find("input", {"name": "email"})["value"] == email
    browser.get("/mon-bilan").has("Se connecter")
    assert JournalEntry.select().where(JournalEntry.event == Event.SIGN_IN_REFUSED).count() == 1


def test_a_suspended_person_cannot_sign_in_and_is_out_at_once(world):
    browser = world.browser("agent")
    browser.get("/mon-bilan").has("Mon bilan")
    world.browser("secretariat").post(f"/secretariat/comptes/{world.agent.id}", {"action": "suspend"})
    assert browser.get("/mon-bilan").path == "/connexion"
    Browser(world.app).sign_in(world.agent, status=422)
    world.browser("secretariat").post(f"/secretariat/comptes/{world.agent.id}", {"action": "reopen"})
    assert Browser(world.app).sign_in(world.agent).h1 == "Mon bilan"


def test_signing_out_ends_the_session(world):
    browser = Browser(world.app)
    browser.sign_in(world.agent)
    browser.sign_out()
    assert browser.get("/mon-bilan").path == "/connexion"


def test_signing_out_needs_a_press_of_the_button(world):
    world.browser("agent").get("/deconnexion", status=405)


def test_an_invitation_opens_an_account_once(guest):
    browser, link = guest
    page = browser.submit(browser.get(link), {"password": NEW})
    page.has("Votre mot de passe est enregistré.", "Inès Lafay")
    assert page.h1 == "Vos prescriptions"
    assert browser.get(link, status=410).h1 == "Ce lien ne sert plus"
    page = Browser(browser.client.application).sign_in(Person.by_email("invitee@exemple.fr"), NEW)
    assert page.h1 == "Vos prescriptions"


def test_opening_an_invitation_does_not_spend_it(guest):
    browser, link = guest
    for _ in range(3):
        browser.get(link).has("Inès Lafay")
    assert OneTimeLink.get(OneTimeLink.digest == digest_of(link.rsplit("/", 1)[1])).used_at is None


def test_an_invitation_expires_after_fourteen_days(guest):
    browser, link = guest
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=14, minutes=1)
    with time_machine.travel(later, tick=False):
        browser.get(link, status=410)


def test_a_fresh_invitation_replaces_the_one_before(world, guest):
    browser, link = guest
    person = Person.by_email("invitee@exemple.fr")
    world.browser("secretariat").post(f"/secretariat/comptes/{person.id}", {"action": "invite"}).has("nouvelle invitation")
    browser.get(link, status=410)
    browser.get(last_link("invitation")).has("Choisir votre mot de passe")


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Indiquez un mot de passe."),
        ("court", "Choisissez au moins 12 caractères."),
        ("aaaaaaaaaaaaaa", "répète trop les mêmes caractères"),
        ("invitee de la ville", "contient votre adresse e-mail"),
        ("x" * 150 + "abcdefghij" * 10, "trop long : 200 caractères au plus"),
        ("un mot de\u0007passe long", "ne peut pas être enregistré"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(guest, password, sentence):
    browser, link = guest
    page = browser.submit(browser.get(link), {"password": password}, status=422)
    page.has(sentence)
    assert page.soup.find(attrs={"data-error-summary": True})
    browser.submit(page, {"password": NEW})


def test_a_password_with_accents_opens_the_account(guest):
    browser, link = guest
    browser.submit(browser.get(link), {"password": "Œuvre d’été à l’ﬁn 12"})
    person = Person.by_email("invitee@exemple.fr")
    assert Browser(browser.client.application).sign_in(person, "Œuvre d’été à l’ﬁn 12").h1 == "Vos prescriptions"


def test_a_reset_link_changes_the_password_and_ends_the_sessions(world):
    elsewhere, browser = world.browser("hr"), Browser(world.app)
    page = browser.submit(browser.get("/mot-de-passe-oublie"), {"email": world.hr.email})
    assert page.h1 == "Regardez vos e-mails"
    worker.run_pending()
    browser.submit(browser.get(last_link("password_reset")), {"password": NEW}).has("Vous êtes connecté ou connectée.")
    assert elsewhere.get("/prescriptions").path == "/connexion"
    Browser(world.app).sign_in(world.hr, PASSWORD, status=422)
    assert Email.select().where(Email.kind == "password_changed").order_by(Email.created_at.desc()).first().envelope["to"] == world.hr.email


def test_changing_the_password_keeps_this_session_and_ends_the_others(world):
    elsewhere, browser = world.browser("agent"), Browser(world.app)
    browser.sign_in(world.agent)
    browser.submit(browser.get("/compte"), {"current": PASSWORD, "password": NEW}, form="/compte").has("Votre mot de passe est changé.")
    browser.get("/mon-bilan").has("Mon bilan")
    assert elsewhere.get("/mon-bilan").path == "/connexion"


def test_a_password_is_never_shown_again(world):
    page = world.browser("agent").submit(
        world.browser("agent").get("/compte"), {"current": PASSWORD, "password": "court"}, form="/compte", status=422
    )
    assert page.soup.find("input", {"name": "password"}).get("value", "") == ""


def test_changing_the_password_asks_for_the_present_one_which_is_not_guessed_for_ever(world):
    browser = world.browser("agent")
    for status in [422] * 10 + [429]:
        page = browser.submit(browser.get("/compte"), {"current": "un autre", "password": NEW}, form="/compte", status=status)
    assert page.status == 429
    Browser(world.app).sign_in(world.agent, PASSWORD)


@pytest.mark.parametrize(
    "guessed", ["motdepasse123", "azertyuiop12", "aaabbbcccddd", "Bilan professionnel", "espace2m-roanne", "123456789012"]
)
def test_a_password_that_is_guessed_at_once_is_refused(guessed):
    assert password_fault(guessed, "nadia@exemple.fr") is not None


@pytest.mark.parametrize(
    "kept", ["trois poules vertes au marché", "Le vélo bleu dort sous l’escalier", "é" * 3 + "kQ7-zW2!pL9x", "a" * 5 + " orage lent " * 15]
)
def test_a_sentence_is_taken_however_long(kept):
    assert password_fault(kept, "nadia@exemple.fr") is None


def test_a_password_is_hashed_at_the_cost_that_was_decided(tmp_path):
    app = create_app(load({"BILAN_INSTANCE": str(tmp_path)}))
    with app.app_context():
        assert hash_password(NEW).startswith("$argon2id$v=19$m=47104,t=1,p=1$")


def test_a_hash_of_another_cost_opens_and_is_replaced_at_the_sign_in(world):
    others = {**CHEAP_HASHES, "argon2__time_cost": 2}
    with world.app.test_request_context():
        old = argon2.using(**{name.removeprefix("argon2__"): cost for name, cost in others.items()})
        Person.update(password=old.hash(get_hmac(unicodedata.normalize("NFKD", PASSWORD)))).where(Person.id == world.agent.id).execute()
        before = Person.get_by_id(world.agent.id).password
    Browser(world.app).sign_in(world.agent, PASSWORD)
    with world.app.test_request_context():
        after = Person.get_by_id(world.agent.id).password
    assert ",t=2," in before
    assert ",t=1," in after


@pytest.mark.parametrize("path", ["/connexion/lien", "/mot-de-passe-oublie"])
def test_asking_for_a_link_does_the_same_work_whoever_it_is(world, path):
    """What differs is done by the worker: the time of the answer says nothing (bench/timing.py measures it)."""
    browser, asked = world.browser("anonymous"), []
    for email in (world.agent.email, "personne@exemple.fr"):
        before, kinds = Email.select().count(), len(worker.queue.pending())
        page = browser.submit(browser.get(path), {"email": email})
        asked.append((page.text.replace(email, ""), Email.select().count() - before, len(worker.queue.pending()) - kinds))
    assert asked[0] == asked[1]
    assert asked[0][1:] == (0, 1)
