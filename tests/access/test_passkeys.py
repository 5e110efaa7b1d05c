"""Passkeys: the answer of a key opens one session, to the one who added it, here, once; nothing else opens anything."""

import base64
import datetime
import hashlib
import json
import secrets
import time

import cbor2
import pytest
import time_machine
from access.test_second_factor import add_factor, code_of, kinds
from client import PASSWORD, Browser
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from rush import refused as at_once

from bilan.access.models import RecoveryCode, SecondFactor
from bilan.events import Event
from bilan.journal import JournalEntry
from bilan.mail.models import Email
from bilan.passkeys import actions, rules
from bilan.passkeys.models import Passkey

ADD, ENTER = "/compte/second-facteur/cles", "/connexion/cle"
NOT_RECOGNISED = "Cette clé n’a pas été reconnue"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@pytest.fixture
def clock():
    with time_machine.travel(datetime.datetime.now(datetime.UTC), tick=False) as travelling:
        yield travelling


def text(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class Key:
    """A key in software (ES256): what a browser would bring back of it."""

    def __init__(self, domain="localhost", origin="http://localhost", *, counts=True):
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.credential, self.handle, self.count = secrets.token_bytes(32), b"", 0
        self.domain, self.origin, self.counts = domain, origin, counts

    def create(self, options, **others):
        """Answer to what the browser asks of a new key."""
        self.handle = base64.urlsafe_b64decode(options["user"]["id"] + "==")
        numbers = self.secret.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + cbor2.dumps(public)
        data = self._data(PRESENT | VERIFIED | ATTESTED) + attested
        response = {"attestationObject": text(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data}))}
        return self._answer(response, self._client("webauthn.create", options["challenge"], **others))

    def get(self, options, *, flags=PRESENT | VERIFIED, secret=None, handle=None, **others):
        """Answer to what the browser asks of a key that is known."""
        self.count += self.counts
        data, client = self._data(flags), self._client("webauthn.get", options["challenge"], **others)
        signature = (secret or self.secret).sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        given = text(self.handle if handle is None else handle)
        return self._answer({"authenticatorData": text(data), "signature": text(signature), "userHandle": given}, client)

    def _client(self, kind, asked, **others):
        return json.dumps({"type": kind, "challenge": asked, "origin": self.origin, "crossOrigin": False} | others).encode()

    def _data(self, flags):
        return hashlib.sha256(self.domain.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, response, client):
        name = text(self.credential)
        found = {"id": name, "rawId": name, "type": "public-key", "response": response | {"clientDataJSON": text(client)}}
        return json.dumps(found)


def options_of(page):
    return json.loads(page.soup.find("form", attrs={"data-passkey": True})["data-options"])


def add_key(browser, key=None, *, status=200, answer=None, **others):
    """Add a key from the account; return the page that follows."""
    page = browser.get(ADD)
    answer = answer or (key or Key()).create(options_of(page), **others)
    return browser.submit(page, {"name": "Clé bleue", "answer": answer}, status=status)


def codes_on(page):
    return [one.text for one in page.soup.main.find_all("code")]


def with_key(world, name="counsellor", **others):
    """Return somebody's key, added, and its recovery codes."""
    key = Key(**others)
    return key, codes_on(add_key(world.browser(name), key))


def at_the_key(world, name="counsellor"):
    browser = Browser(world.app)
    page = browser.sign_in(world.people[name])
    assert page.path == ENTER
    return browser, page


def make_it_for(browser, purpose):
    """Let the challenge of a browser be one made for something else."""
    with browser.client.session_transaction() as session:
        session["passkey_challenge"] = [purpose, *session["passkey_challenge"][1:]]


def refused(browser, page, answer):
    """Try an answer that must open nothing, and is written like a wrong code."""
    written = JournalEntry.select().where(JournalEntry.event == Event.SIGN_IN_REFUSED).count()
    browser.submit(page, {"answer": answer}, status=422).has(NOT_RECOGNISED)
    browser.get("/parcours").has("Se connecter")
    assert JournalEntry.select().where(JournalEntry.event == Event.SIGN_IN_REFUSED).count() == written + 1


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://Bilan.exemple.fr", ("bilan.exemple.fr", "https://bilan.exemple.fr")),
        ("https://bilan.exemple.fr:443/", ("bilan.exemple.fr", "https://bilan.exemple.fr")),
        ("http://localhost:5000", ("localhost", "http://localhost:5000")),
    ],
)
def test_a_key_is_bound_to_the_address_of_the_settings(address, site):
    assert rules.site_of(address) == site


def test_a_key_is_added_asked_at_the_next_sign_in_and_removed(world):
    browser, key = world.browser("counsellor"), Key()
    page = browser.get(browser.get("/compte/second-facteur").soup.find("a", string="Ajouter une clé d’accès")["href"])
    options = options_of(page)
    assert options["rp"]["id"] == "localhost"
    assert (options["attestation"], options["authenticatorSelection"]["userVerification"]) == ("none", "preferred")
    assert len(base64.urlsafe_b64decode(options["challenge"] + "==")) >= 32
    assert str(world.counsellor.id).encode() not in base64.urlsafe_b64decode(options["user"]["id"] + "==")
    page = browser.submit(page, {"name": "Clé bleue", "answer": key.create(options)})
    assert len(codes_on(page)) == 10
    assert options_of(browser.get(ADD))["excludeCredentials"][0]["id"] == text(key.credential)
    other, page = at_the_key(world)
    assert [one["id"] for one in options_of(page)["allowCredentials"]] == [text(key.credential)]
    other.get("/parcours").has("Se connecter")
    assert other.submit(other.get(ENTER), {"answer": "{}"}, status=422).path == ENTER
    page = other.get(ENTER)
    assert other.submit(page, {"answer": key.get(options_of(page))}).path == "/parcours"
    page = other.get("/compte/second-facteur")
    page.has("Clé bleue", "utilisée la dernière fois")
    other.submit(other.get(page.soup.find("a", href=lambda path: path.startswith(f"{ADD}/"))["href"])).has(
        "La clé « Clé bleue » est retirée."
    )
    assert Browser(world.app).sign_in(world.counsellor).path == "/parcours"
    assert RecoveryCode.left(world.counsellor) == 0
    assert {Event.PASSKEY_ADDED, Event.PASSKEY_REMOVED} <= set(kinds(world.counsellor))
    told = [one.envelope["body"] for one in Email.select().where(Email.kind == "second_factor_changed").order_by(Email.created_at)]
    assert ["doté d’une clé" in told[0], "privé d’une clé" in told[1]] == [True, True]


def test_a_key_without_a_pin_is_enough_and_one_that_nobody_touched_is_not(world):
    key, _ = with_key(world)
    browser, page = at_the_key(world)
    refused(browser, page, key.get(options_of(page), flags=VERIFIED))
    page = browser.get(ENTER)
    assert browser.submit(page, {"answer": key.get(options_of(page), flags=PRESENT)}).path == "/parcours"


SPOILT = {
    "another origin": {"origin": "https://bilan.exemple.org"},
    "another port": {"origin": "http://localhost:8000"},
    "a challenge of nobody": {"challenge": text(bytes(32))},
    "an answer to another question": {"type": "webauthn.create"},
    "another signature": {"secret": ec.generate_private_key(ec.SECP256R1())},
    "the handle of somebody else": {"handle": b"somebody else"},
}


@pytest.mark.parametrize("fault", SPOILT)
def test_a_spoilt_answer_opens_nothing(world, fault):
    key, _ = with_key(world)
    browser, page = at_the_key(world)
    refused(browser, page, key.get(options_of(page), **SPOILT[fault]))


def test_an_answer_longer_than_any_opens_nothing(world):
    key, _ = with_key(world)
    browser, page = at_the_key(world)
    refused(browser, page, key.get(options_of(page)) + " " * rules.ANSWER_MAX)


def test_a_key_of_another_domain_opens_nothing(world):
    key, _ = with_key(world)
    browser, page = at_the_key(world)
    key.domain = "bilan.exemple.org"
    refused(browser, page, key.get(options_of(page)))


def test_the_key_of_somebody_else_opens_nothing(world):
    with_key(world)
    hers, _ = with_key(world, "secretariat")
    browser, page = at_the_key(world)
    refused(browser, page, hers.get(options_of(page)))


def test_a_count_that_goes_back_opens_nothing(world):
    key, _ = with_key(world)
    browser, page = at_the_key(world)
    key.count = 6
    browser.submit(page, {"answer": key.get(options_of(page))})
    assert Passkey.get(Passkey.person == world.counsellor).sign_count == 7
    browser, page = at_the_key(world)
    key.count = 6
    refused(browser, page, key.get(options_of(page)))


@pytest.mark.parametrize("counts", [True, False])
def test_an_answer_serves_once_even_with_the_cookie_of_before(world, counts):
    key, _ = with_key(world, counts=counts)
    browser, page = at_the_key(world)
    before, answer = browser.cookie(), key.get(options_of(page))
    browser.submit(page, {"answer": answer}, follow=False, status=302)
    thief = Browser(world.app, before)
    thief.post(ENTER, {"answer": answer}, status=422).has(NOT_RECOGNISED)
    thief.get("/parcours").has("Se connecter")


def test_an_answer_sent_four_times_at_once_is_accepted_once(world):
    key, _ = with_key(world, counts=False)
    challenge = rules.new_challenge(rules.ENTER, time.time())
    answer = key.get(json.loads(rules.asked_to_enter(rules.site_of("http://localhost"), challenge, [])))
    deeds = [lambda: actions.use(person=world.counsellor, challenge=challenge, answer=answer)] * 4
    assert sorted(map(str, at_once(world.app, deeds, rules.Refused))) == ["None", "Refused", "Refused", "Refused"]


def test_a_challenge_serves_once_and_dies_after_five_minutes(world, clock):
    key, _ = with_key(world, counts=False)
    browser, page = at_the_key(world)
    options = options_of(page)
    clock.shift(301)
    refused(browser, page, key.get(options))
    refused(browser, page, key.get(options))
    browser, page = at_the_key(world)
    clock.shift(299)
    assert browser.submit(page, {"answer": key.get(options_of(page))}).path == "/parcours"


def test_a_challenge_of_the_account_does_not_serve_at_the_sign_in(world):
    key, _ = with_key(world)
    browser, page = at_the_key(world)
    make_it_for(browser, "add")
    refused(browser, page, key.get(options_of(page)))


def test_keys_and_codes_have_one_limit_of_tries(world, clock):
    key, codes = with_key(world)
    for number in range(10):
        browser, page = at_the_key(world)
        if number % 2:
            browser.submit(page, {"answer": "{}"}, status=422)
        else:
            browser.submit(browser.get("/connexion/code-de-secours"), {"code": "aaaa"}, status=422)
    browser, page = at_the_key(world)
    browser.submit(page, {"answer": key.get(options_of(page))}, status=429)
    browser.submit(browser.get("/connexion/code-de-secours"), {"code": codes[0]}, status=429)


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", "[" * 19_000, "9" * 19_000, "a" * 20_001, '{"id": 1}', '{"id": "é", "rawId": "é"}']
)
def test_what_is_no_answer_is_refused(world, answer):
    add_key(world.browser("hr"), answer=answer or " ", status=422).has("Cette clé n’a pas pu être ajoutée")
    with_key(world)
    refused(*at_the_key(world), answer)


@pytest.mark.parametrize("fault", [{"origin": "https://ailleurs.exemple"}, {"challenge": text(bytes(32))}, {"type": "webauthn.get"}])
def test_a_spoilt_key_is_not_added(world, fault):
    add_key(world.browser("hr"), status=422, **fault).has("Cette clé n’a pas pu être ajoutée")
    assert not Passkey.is_held_by(world.hr)


def test_neither_a_key_of_another_domain_nor_an_old_or_foreign_challenge_adds_anything(world, clock):
    browser = world.browser("hr")
    add_key(browser, Key(domain="ailleurs.exemple"), status=422)
    page = browser.get(ADD)
    clock.shift(301)
    answer = Key().create(options_of(page))
    browser.submit(page, {"name": "Clé bleue", "answer": answer}, status=422)
    page = browser.get(ADD)
    make_it_for(browser, "enter")
    browser.submit(page, {"name": "Clé bleue", "answer": Key().create(options_of(page))}, status=422)
    assert not Passkey.is_held_by(world.hr)


def test_an_answer_does_not_add_again_a_key_that_was_removed(world):
    browser, key = world.browser("hr"), Key()
    page = browser.get(ADD)
    given = {"name": "Clé bleue", "answer": key.create(options_of(page))}
    browser.submit(page, given)
    browser.post(f"{ADD}/{Passkey.of(world.hr)[0].id}").has("est retirée")
    browser.submit(page, given, status=422)
    assert not Passkey.is_held_by(world.hr)


def test_a_key_is_added_once_be_it_somebody_else_s(world):
    key, _ = with_key(world)
    for name in ("counsellor", "secretariat"):
        add_key(world.browser(name), key, status=422).has("Cette clé n’a pas pu être ajoutée")
    assert not Passkey.is_held_by(world.people["secretariat"])


def test_ten_keys_at_most(world):
    browser = world.browser("hr")
    for _ in range(rules.KEYS_MAX):
        add_key(browser)
    browser.get("/compte/second-facteur").lacks("Ajouter une clé d’accès")
    add_key(browser, status=422).has("Vous avez déjà 10 clés.")
    assert len(Passkey.of(world.hr)) == rules.KEYS_MAX
    assert len({key.handle for key in Passkey.of(world.hr)}) == 1


def test_a_key_and_a_telephone_live_together(world, clock):
    browser = world.browser("hr")
    codes = add_factor(world, world.hr)
    key = Key()
    assert codes_on(add_key(browser, key)) == []
    clock.shift(60)
    other, page = at_the_key(world, "hr")
    page = other.get(page.soup.find("a", string="J’utilise le code de mon téléphone")["href"])
    assert other.submit(page, {"code": code_of(world.hr)}).path == "/prescriptions"
    page = browser.get("/compte/second-facteur")
    browser.submit(page, form="/application")
    page = browser.submit(browser.get("/compte/second-facteur"), {"code": code_of(world.hr, pending=True)}, form="/compte/second-facteur")
    page.has("Vos codes de secours restent les mêmes.")
    browser.post("/compte/second-facteur/retrait").has("Votre clé d’accès reste demandée")
    assert (SecondFactor.of(world.hr), RecoveryCode.left(world.hr)) == (None, 10)
    other, page = at_the_key(world, "hr")
    assert other.get("/connexion/code").path == ENTER
    other.submit(other.get("/connexion/code-de-secours"), {"code": codes[3]})
    assert other.get("/prescriptions").path == "/prescriptions"


def test_a_key_alone_is_the_required_factor_and_the_last_one_stays(world, new_app):
    world.app = new_app("world", BILAN_SECOND_FACTOR="requis")
    browser = world.browser("counsellor")
    assert browser.get("/parcours").path == "/compte/second-facteur"
    with_key(world)
    assert browser.get("/accueil").path == "/parcours"
    held = Passkey.get(Passkey.person == world.counsellor)
    page = browser.get(f"{ADD}/{held.id}")
    browser.submit(page, status=422).has("Le centre demande un second facteur.")
    add_key(browser)
    browser.submit(page).has("est retirée")
    assert len(Passkey.of(world.counsellor)) == 1
    assert Event.PASSKEY_REMOVED in kinds(world.counsellor)


def test_a_change_of_keys_asks_for_the_password_after_a_while(world, clock):
    add_key(world.browser("hr"))
    browser, page = at_the_key(world, "hr")
    browser.submit(browser.get("/connexion/code-de-secours"), {"code": "x"}, status=422)
    hers = world.browser("hr")
    clock.shift(16 * 60)
    page, held = hers.get(ADD), Passkey.get(Passkey.person == world.hr)
    for path, data in ((ADD, {"name": "N", "answer": Key().create(options_of(page))}), (f"{ADD}/{held.id}", {})):
        for wrong in ("", "un autre mot de passe"):
            hers.post(path, data | {"password": wrong}, status=422)
    assert len(Passkey.of(world.hr)) == 1
    hers.post(f"{ADD}/{held.id}", {"password": PASSWORD}).has("est retirée")


def test_the_secretariat_takes_lost_keys_away(world):
    with_key(world)
    hers, browser = world.browser("counsellor"), world.browser("secretariat")
    browser.post(f"/secretariat/comptes/{world.counsellor.id}", {"action": "factor"}).has("Ses connexions sont fermées")
    assert hers.get("/parcours").path == "/connexion"
    assert Browser(world.app).sign_in(world.counsellor).path == "/parcours"
    assert RecoveryCode.left(world.counsellor) == 0
