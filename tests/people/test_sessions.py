"""Sessions that expire, and what was being written then: kept, sealed, and offered again to the same person."""

import datetime
import re

import pytest
import time_machine
from client import Browser

from bilan.notes.models import Note
from bilan.notes.rules import NoteKind
from bilan.people.models import KeptEntry

TEXT = "MARQUEUR-ce que j’écrivais quand la session a expiré"


@pytest.fixture
def clock():
    with time_machine.travel(datetime.datetime.now(datetime.UTC), tick=False) as travelling:
        yield travelling


def signed_in(world, name):
    browser = Browser(world.app)
    browser.sign_in(world.people[name])
    return browser


def note_form(world, browser):
    return browser.get(f"/parcours/entretiens/{world.home.coming.id}")


@pytest.mark.parametrize(
    ("name", "minutes", "path"), [("counsellor", 30, "/parcours"), ("hr", 30, "/prescriptions"), ("agent", 120, "/mon-bilan")]
)
def test_a_session_lives_as_long_as_its_role_allows(world, clock, name, minutes, path):
    browser = signed_in(world, name)
    clock.shift(60 * minutes - 1)
    assert browser.get(path).path == path
    clock.shift(60 * minutes - 1)
    assert browser.get(path).path == path
    clock.shift(60 * minutes + 1)
    assert browser.get(path).path == "/connexion"


def test_a_session_that_is_used_without_a_pause_ends_too(world, clock):
    browser = signed_in(world, "agent")
    for _ in range(7):
        clock.shift(100 * 60)
        assert browser.get("/mon-bilan").path == "/mon-bilan"
    clock.shift(100 * 60)
    assert browser.get("/mon-bilan").path == "/connexion"


def test_a_note_posted_too_late_is_kept_and_offered_again(world, clock):
    browser = signed_in(world, "counsellor")
    page = note_form(world, browser)
    clock.shift(31 * 60)
    page = browser.submit(page, {"text": TEXT}, form="/notes/private")
    assert page.path == "/connexion"
    page.has("Votre session a expiré par sécurité. Ce que vous aviez écrit est gardé")
    assert Note.current(world.home.coming, NoteKind.PRIVATE, world.counsellor) is None
    page = browser.sign_in(world.counsellor)
    assert page.h1 == "Ce que vous écriviez est gardé"
    page.has(TEXT)
    browser.submit(page, form="/notes/private").has("Note enregistrée")
    assert Note.current(world.home.coming, NoteKind.PRIVATE, world.counsellor).text == TEXT
    browser.get("/compte/reprise").lacks(TEXT)


def test_what_was_kept_can_be_abandoned(world, clock):
    browser = signed_in(world, "counsellor")
    page = note_form(world, browser)
    clock.shift(31 * 60)
    browser.submit(page, {"text": TEXT}, form="/notes/private")
    page = browser.sign_in(world.counsellor)
    browser.submit(page, form="/compte/reprise").has("C’est abandonné.")
    assert not any(b"MARQUEUR" in bytes(entry.sealed) for entry in KeptEntry.select())
    assert browser.get("/accueil").path == "/parcours"
    assert Note.current(world.home.coming, NoteKind.PRIVATE, world.counsellor) is None


def test_a_fragment_posted_too_late_says_so_and_keeps_the_text(world, clock):
    browser = signed_in(world, "counsellor")
    page = note_form(world, browser)
    browser.csrf_token()
    clock.shift(31 * 60)
    answer = browser.fragment(page.form("/notes/private")["action"], {"text": TEXT, "base": "0"}, status=401)
    answer.has("votre session a expiré", "Votre texte est gardé")
    browser.sign_in(world.counsellor).has(TEXT)


def test_a_refused_second_saving_keeps_the_entry(world, clock):
    browser = signed_in(world, "counsellor")
    page = note_form(world, browser)
    clock.shift(31 * 60)
    browser.submit(page, {"text": TEXT}, form="/notes/private")
    elsewhere = signed_in(world, "counsellor")
    elsewhere.submit(note_form(world, elsewhere), {"text": "écrit ailleurs"}, form="/notes/private")
    page = browser.sign_in(world.counsellor)
    conflict = browser.submit(page, form="/notes/private", status=409)
    conflict.has("écrit ailleurs", TEXT)
    browser.get("/compte/reprise").has(TEXT)


def test_somebody_else_at_the_same_computer_reads_nothing_of_it(world, clock):
    browser = signed_in(world, "counsellor")
    page = note_form(world, browser)
    clock.shift(31 * 60)
    browser.submit(page, {"text": TEXT}, form="/notes/private")
    assert browser.sign_in(world.other_counsellor).h1 == "Vos parcours"
    browser.get("/compte/reprise").lacks(TEXT)


def test_the_same_person_elsewhere_reads_nothing_of_it(world, clock):
    browser = signed_in(world, "counsellor")
    page = note_form(world, browser)
    clock.shift(31 * 60)
    browser.submit(page, {"text": TEXT}, form="/notes/private")
    signed_in(world, "counsellor").get("/compte/reprise").lacks(TEXT)


def test_a_stranger_keeps_nothing(world):
    before = KeptEntry.select().count()
    page = Browser(world.app).post(f"/parcours/entretiens/{world.home.coming.id}/notes/private", {"text": TEXT, "base": "0"})
    assert page.path == "/connexion"
    page.lacks("est gardé")
    assert KeptEntry.select().count() == before


def test_a_kept_entry_is_sealed_under_a_key_that_only_the_browser_holds(world, clock):
    browser = signed_in(world, "counsellor")
    page = note_form(world, browser)
    clock.shift(31 * 60)
    browser.submit(page, {"text": TEXT}, form="/notes/private")
    entry = KeptEntry.get(KeptEntry.person == world.counsellor)
    assert TEXT.encode() not in bytes(entry.sealed)


def test_an_expired_fragment_that_only_reads_leads_to_sign_in(world):
    response = Browser(world.app).fragment("/mon-bilan", status=204)
    assert response.response.headers["HX-Redirect"] == "/connexion"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(world):
    response = world.app.test_client().get("/connexion")
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_every_cookie_is_of_this_host_alone_over_https(new_app, migrated):
    app = new_app(migrated, BILAN_BASE_URL="https://bilan.exemple.fr")
    client = app.test_client()
    page = client.get("/affichage", base_url="https://bilan.exemple.fr")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]
    form = {"csrf_token": token, "theme": "dark", "text": "normal", "spacing": "normal", "typeface": "system", "contrast": "normal"}
    headers = {"Referer": "https://bilan.exemple.fr/affichage"}
    response = client.post("/affichage", data=form, base_url="https://bilan.exemple.fr", headers=headers)
    assert response.status_code == 302
    cookies = response.headers.getlist("Set-Cookie")
    assert {one.split("=")[0] for one in cookies} == {"__Host-bilan", "__Host-affichage"}
    assert all("Secure; HttpOnly; Path=/" in one and "SameSite" in one for one in cookies)


def test_over_https_the_cookie_is_secure_and_https_is_asked_for_a_year(new_app, migrated):
    app = new_app(migrated, BILAN_BASE_URL="https://bilan.exemple.fr")
    response = app.test_client().get("/connexion", base_url="https://bilan.exemple.fr")
    assert response.headers["Set-Cookie"].startswith("__Host-bilan=")
    assert "Secure" in response.headers["Set-Cookie"]
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
