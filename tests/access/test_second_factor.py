"""The second factor: whoever has one comes in by no way without it; whoever must have one reaches nothing before."""

import datetime
import logging

import pytest
import time_machine
from client import PASSWORD, Browser
from factories import last_link
from walk import addresses

from bilan.access import actions
from bilan.access.models import SECRETS_KEY, RecoveryCode, SecondFactor
from bilan.access.rules import code_at, new_secret, step_of
from bilan.database import database
from bilan.events import Event
from bilan.journal import JournalEntry
from bilan.mail.models import Email
from bilan.people.actions import send_reset_link
from bilan.permissions import PUBLIC_LIBRARY_ENDPOINTS
from bilan.vault import ContentKey

BEFORE_SET_UP = {"access.factor", "access.begin", "access.image", "passkeys.add", "security.logout"}


@pytest.fixture
def clock():
    with time_machine.travel(datetime.datetime.now(datetime.UTC), tick=False) as travelling:
        yield travelling


def code_of(person, *, pending=False):
    factor = SecondFactor.of(person)
    return code_at(factor.pending if pending else factor.secret, int(datetime.datetime.now(datetime.UTC).timestamp()) // 30)


def add_factor(world, person):
    """Give somebody a second factor; return her recovery codes."""
    with world.app.test_request_context():
        actions.begin(person=person)
        return actions.confirm(person=person, code=code_of(person, pending=True))


def at_the_code(world, person):
    browser = Browser(world.app)
    page = browser.sign_in(person)
    assert page.path == "/connexion/code"
    return browser, page


def kinds(person):
    return [one.event for one in JournalEntry.select().where(JournalEntry.person == person).order_by(JournalEntry.created_at)]


def test_the_codes_are_those_of_the_standard():
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        assert code_at(secret, seconds // 30) == code
        assert step_of(secret, f" {code[:3]} {code[3:]}", seconds + 30) == seconds // 30
        assert step_of(secret, code, seconds + 90) is None
    assert step_of(new_secret(), "١٢٣٤٥٦", 59) is None


def test_it_is_added_from_the_account_and_asked_at_the_next_sign_in(world, clock):
    browser = world.browser("counsellor")
    page = browser.get(browser.get("/compte").soup.find("a", string="Ajouter un second facteur")["href"])
    page = browser.submit(page, form="/application")
    page.has("Photographiez cette image")
    drawn = browser.client.get("/compte/second-facteur/image.svg")
    assert drawn.mimetype == "image/svg+xml"
    assert drawn.headers["Cache-Control"] == "no-store"
    page = browser.submit(page, {"code": "000000"}, form="/compte/second-facteur", status=422)
    page.has("Ce code n’est pas le bon")
    page = browser.submit(page, {"code": code_of(world.counsellor, pending=True)}, form="/compte/second-facteur")
    assert len(page.soup.main.find_all("code")) == 10
    clock.shift(60)
    other, page = at_the_code(world, world.counsellor)
    other.get("/parcours").has("Se connecter")
    page = other.submit(page, {"code": code_of(world.counsellor)})
    assert page.path == "/parcours"
    assert Event.SECOND_FACTOR_ADDED in kinds(world.counsellor)
    assert Email.select().where(Email.kind == "second_factor_changed").count() == 1


def test_a_code_serves_once_and_a_wrong_one_opens_nothing(world, clock):
    add_factor(world, world.counsellor)
    used = code_of(world.counsellor)
    browser, page = at_the_code(world, world.counsellor)
    for wrong in (used, "000000", "abc"):
        page = browser.submit(page, {"code": wrong}, status=422)
        page.has("ou il a déjà servi")
    clock.shift(60)
    fresh = code_of(world.counsellor)
    assert browser.submit(page, {"code": fresh}).path == "/parcours"
    second, page = at_the_code(world, world.counsellor)
    second.submit(page, {"code": fresh}, status=422)


def test_tries_are_limited_whatever_the_browser(world, clock):
    add_factor(world, world.counsellor)
    for _ in range(10):
        browser, page = at_the_code(world, world.counsellor)
        browser.submit(page, {"code": "000000"}, status=422)
    browser, page = at_the_code(world, world.counsellor)
    clock.shift(60)
    browser.submit(page, {"code": code_of(world.counsellor)}, status=429)


def test_the_step_is_over_after_ten_minutes_and_at_a_change_of_password(world, clock):
    add_factor(world, world.counsellor)
    browser, page = at_the_code(world, world.counsellor)
    clock.shift(601)
    assert browser.submit(page, {"code": code_of(world.counsellor)}, status=410).h1 == "Recommencez la connexion"
    assert Browser(world.app).get("/connexion/code", status=410).h1 == "Recommencez la connexion"


def test_a_recovery_code_serves_once_and_is_told(world):
    codes = add_factor(world, world.counsellor)
    for status in (200, 422):
        browser, page = at_the_code(world, world.counsellor)
        page = browser.get(page.soup.find("a", string="J’utilise un code de secours")["href"])
        page = browser.submit(page, {"code": codes[0].upper().replace("-", " ")}, status=status)
    page.has("il a déjà servi")
    assert RecoveryCode.left(world.counsellor) == 9
    assert Event.RECOVERY_CODE_USED in kinds(world.counsellor)
    with world.app.test_request_context():
        fresh = actions.renew_codes(person=world.counsellor)
    browser.submit(page, {"code": codes[1]}, status=422)
    assert browser.submit(page, {"code": fresh[1]}).path == "/parcours"


def test_a_password_just_chosen_does_not_replace_the_code(world):
    add_factor(world, world.counsellor)
    browser = Browser(world.app)
    with world.app.test_request_context():
        send_reset_link(email=world.counsellor.email)
    page = browser.submit(browser.get(last_link("password_reset")), {"password": "encore une autre phrase"})
    assert page.path == "/connexion/code"
    browser.get("/parcours").has("Se connecter")


def test_what_was_asked_and_what_was_being_written_survive_the_two_steps(world, clock):
    browser = Browser(world.app)
    browser.sign_in(world.counsellor)
    page = browser.get(f"/parcours/entretiens/{world.home.coming.id}")
    add_factor(world, world.counsellor)
    clock.shift(31 * 60)
    browser.submit(page, {"text": "MARQUEUR-écrit trop tard"}, form="/notes/private")
    page = browser.sign_in(world.counsellor)
    page = browser.submit(page, {"code": code_of(world.counsellor)})
    page.has("MARQUEUR-écrit trop tard")
    clock.shift(31 * 60)
    elsewhere = Browser(world.app)
    page = elsewhere.get("/compte?a=1")
    page = elsewhere.submit(page, {"email": world.counsellor.email, "password": PASSWORD})
    page = elsewhere.submit(page, {"code": code_of(world.counsellor)})
    assert page.path == "/compte"


@pytest.mark.parametrize("name", ["counsellor", "secretariat", "disability_referent", "manager"])
def test_nothing_is_reached_before_a_required_factor_is_there(world, new_app, name):
    world.app = new_app("world", BILAN_SECOND_FACTOR="requis")
    browser = world.browser(name)
    for rule in world.app.url_map.iter_rules():
        view = world.app.view_functions[rule.endpoint]
        if rule.endpoint in BEFORE_SET_UP | set(PUBLIC_LIBRARY_ENDPOINTS) or hasattr(view, "is_public") or not hasattr(view, "permission"):
            continue
        for address in addresses(world, rule.endpoint):
            for method in rule.methods & {"GET", "POST"}:
                data = {"csrf_token": browser.csrf_token()} if method == "POST" else None
                response = browser.client.open(address.path, method=method, data=data)
                assert response.headers.get("Location") == "/compte/second-facteur", f"{method} {address.path}: {response.status_code}"
    assert browser.fragment("/parcours", status=204).response.headers["HX-Redirect"] == "/compte/second-facteur"


def test_a_required_factor_is_set_up_and_not_given_up(world, new_app):
    world.app = new_app("world", BILAN_SECOND_FACTOR="requis")
    browser = world.browser("counsellor")
    page = browser.submit(browser.get("/parcours"), form="/application")
    page = browser.submit(page, {"code": code_of(world.counsellor, pending=True)}, form="/compte/second-facteur")
    assert browser.get("/accueil").path == "/parcours"
    browser.get("/compte/second-facteur").lacks("Retirer le second facteur")
    browser.post("/compte/second-facteur/retrait")
    assert SecondFactor.of(world.counsellor).confirmed_at
    assert world.browser("hr").get("/prescriptions").path == "/prescriptions"
    assert world.browser("agent").get("/mon-bilan").path == "/mon-bilan"


def test_a_change_asks_for_the_password_again_after_a_while(world, clock):
    add_factor(world, world.hr)
    browser, page = at_the_code(world, world.hr)
    clock.shift(60)
    browser.submit(page, {"code": code_of(world.hr)})
    clock.shift(16 * 60)
    page = browser.get("/compte/second-facteur")
    for wrong in ("", "un autre mot de passe"):
        browser.post("/compte/second-facteur/retrait", {"password": wrong}, status=422)
    browser.post("/compte/second-facteur/retrait", {"password": PASSWORD}).has("Votre mot de passe suffit de nouveau")
    assert SecondFactor.of(world.hr) is None
    assert RecoveryCode.left(world.hr) == 0


def test_the_secretariat_takes_away_a_lost_factor_but_not_its_own(world):
    add_factor(world, world.counsellor)
    add_factor(world, world.people["secretariat"])
    hers, browser = world.browser("counsellor"), world.browser("secretariat")
    path = "/secretariat/comptes/{}"
    browser.post(path.format(world.people["secretariat"].id), {"action": "factor"}, status=404)
    browser.post(path.format(world.hr.id), {"action": "factor"}, status=404)
    browser.post(path.format(world.counsellor.id), {"action": "factor"}).has("Ses connexions sont fermées")
    assert hers.get("/parcours").path == "/connexion"
    assert Browser(world.app).sign_in(world.counsellor).path == "/parcours"
    assert kinds(world.people["secretariat"])[-1] is Event.SECOND_FACTOR_TAKEN_AWAY
    last = Email.select().where(Email.kind == "second_factor_changed").order_by(Email.created_at.desc()).first()
    assert last.envelope["to"] == world.counsellor.email
    assert "retiré par le secrétariat" in last.envelope["body"]


def test_neither_the_database_nor_the_logs_nor_the_mails_hold_a_secret_or_a_code(world, caplog):
    with caplog.at_level(logging.DEBUG):
        codes = add_factor(world, world.counsellor)
        browser, _ = at_the_code(world, world.counsellor)
        browser.submit(browser.get("/connexion/code-de-secours"), {"code": codes[0]})
    secret = SecondFactor.of(world.counsellor).secret
    held = [str(row) for table in database.get_tables() for row in database.execute_sql(f'SELECT * FROM "{table}"').fetchall()]
    mails = [str(one.envelope) for one in Email.select().where(Email.kind == "second_factor_changed")]
    for secret_or_code in (secret, *codes):
        assert not any(secret_or_code in text for text in [*held, *mails, caplog.text])


def test_a_database_without_its_keys_leaves_the_recovery_codes(world):
    codes = add_factor(world, world.counsellor)
    browser, page = at_the_code(world, world.counsellor)
    ContentKey.delete().where(ContentKey.id == SECRETS_KEY).execute()
    browser.submit(page, {"code": "123456"}, status=422).has("ne peut plus être lu")
    browser.submit(browser.get("/connexion/code-de-secours"), {"code": codes[0]})
    assert browser.get("/parcours").path == "/parcours"
