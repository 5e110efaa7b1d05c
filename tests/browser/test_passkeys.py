"""A key, real to Chromium: added, asked for at the sign-in, refused, removed; without JavaScript there are other ways in."""

import re

import pytest
from browser.conftest import Live
from browser.deeds import send, sign_in, told
from browser.looking import look
from browser.server import address_of, listening_socket, serving
from client import PASSWORD
from playwright.sync_api import expect

from bilan.access import actions as access
from bilan.passkeys.models import Passkey

pytestmark = pytest.mark.browser
ADD, FACTOR, ENTER = "/compte/second-facteur/cles", "/compte/second-facteur", "/connexion/cle"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def live(new_app, migrated):
    """An application that answers at a name: keys are bound to one, never to the number of a machine."""
    with listening_socket() as listening:
        address = address_of(listening).replace("127.0.0.1", "localhost")
        app = new_app(migrated, BILAN_BASE_URL=address)
        with serving(app, listening):
            yield Live(app, address)


@pytest.fixture
def device(page_of, story):
    """A page of the counsellor's, in a browser with a device that may hold keys; what changes the device."""
    page = page_of(story.counsellor)
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    name = protocol.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def change(command, **others):
        protocol.send(f"WebAuthn.{command}", {"authenticatorId": name, **others})

    page.device = change
    return page


def add_key(page):
    page.goto(ADD)
    page.get_by_label("Nom de la clé").fill("Clé bleue")
    page.get_by_role("button", name="Ajouter cette clé").click()


def leave(page):
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("link", name="Se connecter").first).to_be_visible()


def give_password(page, person):
    page.goto("/connexion")
    page.get_by_label("Adresse e-mail").fill(person.email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page).to_have_url(re.compile(f"{ENTER}$"))


def answer(page, promise):
    """Let the browser answer this when it is asked for a key."""
    page.evaluate(f"() => {{ navigator.credentials.get = () => {promise}; }}")


def test_a_key_is_added_asked_at_the_sign_in_and_removed(live, device, story):
    page = device
    add_key(page)
    expect(page.locator("h1")).to_have_text("Vos codes de secours")
    expect(page.locator("main code")).to_have_count(10)
    leave(page)
    give_password(page, story.counsellor)
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page).to_have_url(re.compile("/parcours$"))
    page.goto(FACTOR)
    expect(page.locator("main")).to_contain_text("utilisée la dernière fois")
    assert look(page) == []
    page.get_by_role("link", name="Retirer la clé Clé bleue").click()
    assert look(page) == []
    page.get_by_role("button", name="Retirer cette clé").click()
    expect(page.locator("#messages")).to_contain_text("Clé bleue » est retirée.")
    leave(page)
    sign_in(page, story.counsellor)
    expect(page).to_have_url(re.compile("/parcours$"))


def test_whatever_goes_wrong_is_said_and_nothing_is_lost(live, device, story):
    page, status = device, device.locator("#passkey-status")
    page.goto(ADD)
    send(page, "Ajouter cette clé")
    assert "Donnez un nom à cette clé." in told(page)
    assert look(page) == []
    add_key(page)
    expect(page.locator("h1")).to_have_text("Vos codes de secours")
    add_key(page)
    expect(status).to_have_text("Cette clé est déjà dans votre liste.")
    expect(page.get_by_label("Nom de la clé")).to_have_value("Clé bleue")
    expect(page.get_by_role("button", name="Ajouter cette clé")).to_be_enabled()
    leave(page)
    give_password(page, story.counsellor)
    assert look(page) == []
    page.device("removeVirtualAuthenticator")
    answer(page, "Promise.reject(new DOMException('', 'NotAllowedError'))")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(status).to_contain_text("vous pouvez recommencer")
    answer(
        page, "Promise.resolve({ id: 'AAAA', rawId: new Uint8Array(3), type: 'public-key', response: { signature: new Uint8Array(9) } })"
    )
    send(page, "Utiliser ma clé d’accès")
    assert "Cette clé n’a pas été reconnue" in told(page)
    assert look(page) == []


def test_a_browser_that_knows_no_key_says_so(live, page_of, story):
    page = page_of(story.counsellor)
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto(ADD)
    expect(page.locator("#passkey-status")).to_have_text("Ce navigateur ne connaît pas les clés d’accès.")
    expect(page.get_by_role("button", name="Ajouter cette clé")).to_be_hidden()


def test_without_javascript_the_page_says_so_and_a_recovery_code_opens(live, page_of, story):
    with live.within():
        Passkey.create(person=story.counsellor, name="Clé", credential="AAAA", public_key=b"", handle="AAAA")
        codes = access.renew_codes(person=story.counsellor)
    page = page_of(javascript=False)
    give_password(page, story.counsellor)
    expect(page.locator("#passkey-status")).to_contain_text("JavaScript")
    expect(page.get_by_role("button", name="Utiliser ma clé d’accès")).to_be_hidden()
    page.get_by_role("link", name="J’utilise un code de secours").press("Enter")
    page.get_by_label("Code de secours").fill(codes[0])
    page.get_by_role("button", name="Entrer").press("Enter")
    expect(page).to_have_url(re.compile("/parcours$"))
