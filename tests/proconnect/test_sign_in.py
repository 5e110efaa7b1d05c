"""HR comes in by ProConnect, and nobody by a forged answer; the sign-out goes there too."""

import json
import time

import pytest
from client import Browser
from factories import make_employer, make_person
from oidc_server import CLIENT, KEY, OTHER_KEY, SECRET, query, running, signed, signed_with_the_public_key, unsigned

from bilan.access import actions as access
from bilan.access.models import OpenSession, SecondFactor
from bilan.access.rules import code_at
from bilan.events import Event
from bilan.journal import JournalEntry
from bilan.mail.models import Email
from bilan.people.models import Person, Role
from bilan.proconnect import actions
from bilan.proconnect.models import ProconnectIdentity, ProconnectVisit
from bilan.proconnect.rules import Unbelievable, provider_of

USERS = {
    "hr": "RH@Ville.Example",
    "thief": "rh@ville.example",
    "agent": "agent@chez-elle.example",
    "team": "secretariat@centre.example",
    "gone": "parti@ville.example",
    "nobody": "inconnu@ville.example",
}


@pytest.fixture(scope="module")
def server():
    with running(USERS) as provider:
        yield provider


@pytest.fixture
def provider(server, monkeypatch):
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    server.reset()
    server.asked.clear()
    return server


@pytest.fixture
def app(new_app, migrated, provider):
    application = new_app(
        migrated,
        BILAN_PROCONNECT_DISCOVERY=f"{provider.url}/.well-known/openid-configuration",
        BILAN_PROCONNECT_CLIENT_ID=CLIENT,
        BILAN_PROCONNECT_CLIENT_SECRET=SECRET,
    )
    with application.test_request_context():
        town = make_employer()
        make_person(Role.HR, email="rh@ville.example", employer=town)
        make_person(Role.HR, email="parti@ville.example", employer=town)
        Person.update(active=False).where(Person.email == "parti@ville.example").execute()
        make_person(Role.AGENT, email="agent@chez-elle.example")
        make_person(Role.SECRETARIAT, email="secretariat@centre.example")
    return application


def hr():
    return Person.by_email("rh@ville.example")


def go(browser, path="/connexion/proconnect"):
    return browser.get(path, status=302, follow=False).response.location


def arrive(browser, provider, subject="hr", status=200):
    return browser.get(provider.sign_in(go(browser), subject), status=status)


def refused(browser, provider, subject="hr", status=400):
    page = arrive(browser, provider, subject, status)
    assert not OpenSession.select().exists()
    browser.get("/prescriptions").has("Se connecter")
    return page


def test_hr_comes_in_by_proconnect(app, provider):
    browser = Browser(app)
    page = browser.get("/connexion?next=/compte")
    page.has("une adresse personnelle que son employeur ne peut ni ouvrir ni reprendre")
    address = go(browser, page.soup.find("a", string="S’identifier avec ProConnect")["href"])
    asked = query(address)
    assert set(asked) == {"response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "acr_values"}
    assert len(asked["state"]) >= 32
    assert len(asked["nonce"]) >= 32
    assert browser.get(provider.sign_in(address, "hr")).path == "/compte"
    token = next(form for path, _, form in provider.asked if path == "/oauth2/token")
    assert set(token) == {"grant_type", "code", "redirect_uri", "client_id", "client_secret"}
    assert {path: args for path, args, _ in provider.asked}["/userinfo"] == {}
    assert ProconnectIdentity.get().person == hr()
    events = [one.event for one in JournalEntry.select().where(JournalEntry.person == hr())]
    assert {Event.PROCONNECT_LINKED, Event.SIGNED_IN} <= set(events)


def test_the_verifier_is_proved_where_the_provider_asks(app, provider):
    provider.metadata = {"code_challenge_methods_supported": ["S256"]}
    browser = Browser(app)
    asked = query(go(browser))
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    arrive(browser, provider)
    assert [form for path, _, form in provider.asked if path == "/oauth2/token"][-1]["code_verifier"]


LIES = {
    "signed by another": {"sign": lambda claims: signed(claims, OTHER_KEY)},
    "userinfo signed by another": {"sign_about": lambda claims: signed(claims, OTHER_KEY)},
    "not signed": {"sign": unsigned},
    "userinfo not signed": {"sign_about": unsigned},
    "userinfo as plain JSON": {"sign_about": json.dumps, "kind_about": "application/json"},
    "userinfo as plain JSON that is said to be signed": {"sign_about": json.dumps},
    "userinfo signed and said to be plain": {"kind_about": "application/json"},
    "signed with the public key": {"sign": signed_with_the_public_key},
    "signed by an algorithm that is not allowed": {"sign": lambda claims: signed(claims, KEY, "RS512")},
    "another nonce": {"claims": {"nonce": "n" * 43}},
    "no nonce": {"claims": {"nonce": None}},
    "expired": {"claims": {"exp": int(time.time()) - 120}},
    "without an end": {"claims": {"exp": None}},
    "userinfo expired": {"about": {"exp": int(time.time()) - 120}},
    "of tomorrow": {"claims": {"iat": int(time.time()) + 86400}},
    "for another service": {"claims": {"aud": "another"}},
    "by another provider": {"claims": {"iss": "https://another.example"}},
    "userinfo for another service": {"about": {"aud": "another"}},
    "userinfo by another provider": {"about": {"iss": "https://another.example"}},
    "userinfo of somebody else": {"about": {"sub": "thief"}},
    "userinfo without an address": {"about": {"email": None}},
    "an address that is none": {"about": {"email": ["rh@ville.example"]}},
    "of nobody": {"claims": {"sub": ""}},
    "a token of nothing": {"sign": lambda claims: "rien"},
    "at a lower level": {"claims": {"acr": "eidas0"}},
    "at a level that is none": {"claims": {"acr": ["eidas1"]}},
    "of another access token": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_forged_answer_opens_nothing(app, provider, lie):
    vars(provider).update(LIES[lie])
    assert refused(Browser(app), provider).h1 == "Recommencez l’identification"


@pytest.mark.parametrize("level", ["eidas1", "eidas3", None])
def test_the_level_asked_or_a_higher_one_comes_in(app, provider, level):
    provider.claims = {"acr": level}
    assert arrive(Browser(app), provider).h1 == "Vos prescriptions"


def test_a_return_serves_once_in_the_browser_that_left(app, provider):
    browser, other = Browser(app), Browser(app)
    path = provider.sign_in(go(browser), "hr")
    go(other)
    for stranger in (other, Browser(app)):
        stranger.get(path, status=400)
    browser.get(path.replace("state=", "state=x"), status=400)
    browser.get(path, status=400)
    assert not OpenSession.select().exists()
    path = provider.sign_in(go(browser), "hr")
    cookie = browser.cookie()
    browser.get(path)
    replayed = Browser(app, cookie)
    replayed.get(path, status=400)
    assert OpenSession.select().count() == 1


@pytest.mark.parametrize("subject", ["nobody", "agent", "team", "gone"])
def test_who_has_no_open_hr_account_reads_one_page_whatever_she_has(app, provider, subject):
    page = refused(Browser(app), provider, subject, 403)
    page.has("seul un compte de service RH", "Le secrétariat vous renseigne")
    page.lacks("suspendu", "inconnu")
    assert not ProconnectIdentity.select().exists()
    assert not Email.select().where(Email.kind.in_(["proconnect_refused", "new_device"])).exists()


def test_another_proconnect_account_with_the_same_address_is_refused_and_told(app, provider):
    arrive(Browser(app), provider)
    Browser(app).get(provider.sign_in(go(thief := Browser(app)), "thief"), status=400)
    arrive(thief, provider, "thief", 403).has("seul un compte de service RH")
    assert [one.envelope["to"] for one in Email.select().where(Email.kind == "proconnect_refused")] == ["rh@ville.example"]
    assert JournalEntry.select().where(JournalEntry.event == Event.PROCONNECT_REFUSED, JournalEntry.person == hr()).exists()
    secretariat = Browser(app)
    secretariat.arrive(Person.by_email("secretariat@centre.example"))
    page = secretariat.get("/secretariat/comptes")
    secretariat.submit(page, form=f"/{hr().id}", button=("action", "proconnect")).has("est détaché")
    arrive(Browser(app), provider, "thief")
    assert ProconnectIdentity.get().subject == "thief"


def test_the_code_of_a_second_factor_is_asked_all_the_same(app, provider):
    with app.test_request_context():
        access.begin(person=hr())
        access.confirm(person=hr(), code=code_at(SecondFactor.of(hr()).pending, int(time.time()) // 30))
    page = arrive(Browser(app), provider)
    assert page.path == "/connexion/code"
    assert not OpenSession.select().exists()
    assert ProconnectVisit.get().opened is None


def test_signing_out_leaves_proconnect_too_and_the_token_goes_with_the_session(app, provider):
    browser = Browser(app)
    arrive(browser, provider)
    visit = ProconnectVisit.get()
    assert visit.id_token == provider.given[-1]
    assert visit.opened is not None
    assert provider.given[-1] not in browser.cookie()
    page = browser.sign_out()
    told = query(page.soup.find("a", string="Quitter ProConnect")["href"])
    assert page.response.headers["Refresh"].startswith(f"0; url={provider.url}/oauth2/end_session?")
    assert told["id_token_hint"] == provider.given[-1]
    assert set(told) == {"id_token_hint", "state", "post_logout_redirect_uri"}
    assert len(told["state"]) >= 32
    assert not ProconnectVisit.select().exists()
    browser.get("/deconnexion/proconnect?state=faux").lacks("quitté ProConnect")


def test_coming_back_from_the_sign_out_says_so(app, provider):
    browser = Browser(app)
    arrive(browser, provider)
    told = query(browser.sign_out().soup.find("a", string="Quitter ProConnect")["href"])
    browser.get(f"/deconnexion/proconnect?state={told['state']}").has("Vous avez quitté ProConnect aussi.")


def test_when_proconnect_is_down_the_password_still_serves(app, provider):
    provider.down = True
    browser = Browser(app)
    browser.get("/connexion/proconnect", status=503).has("ProConnect ne répond pas", "Votre mot de passe")
    browser.sign_in(hr())
    browser.sign_out().has("Se connecter")
    provider.down = False
    path = provider.sign_in(go(browser), "hr")
    provider.down = True
    browser.get(path, status=503)
    provider.down = False
    arrive(browser, provider)
    provider.down = True
    app.extensions["proconnect"]._provider = None
    browser.sign_out().has("ProConnect ne répond pas")


def test_a_denial_brings_back_to_the_sign_in(app, provider):
    browser = Browser(app)
    state = query(go(browser))["state"]
    browser.get(f"/connexion/proconnect/retour?error=access_denied&state={state}", status=400).has("Recommencez l’identification")


def test_what_opened_no_session_is_forgotten(app, provider, monkeypatch):
    with app.test_request_context():
        actions.remember(person=hr(), id_token="a.b.c")
    actions.forget_old()
    assert ProconnectVisit.select().exists()
    monkeypatch.setattr(actions, "UNUSED", -actions.UNUSED)
    actions.forget_old()
    assert not ProconnectVisit.select().exists()


@pytest.mark.parametrize("change", [{"issuer": "https://another.example"}, {"token_endpoint": "http://a.example"}, {"jwks_uri": ""}])
def test_a_description_of_another_or_in_clear_is_not_believed(change):
    base = "https://proconnect.example/api/v2"
    names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint")
    described = {"issuer": base, **{name: f"{base}/{name}" for name in names}}
    discovery = f"{base}/.well-known/openid-configuration"
    assert provider_of(described, discovery).issuer == base
    with pytest.raises(Unbelievable):
        provider_of({**described, **change}, discovery)
