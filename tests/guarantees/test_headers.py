"""Where people come by https, every answer says so and every cookie is this host's alone (the walks look at the rest)."""

import time

import pytest
from client import PASSWORD
from pages import inspect_headers
from walk import every_get

from bilan.protection import limiter
from bilan.sessions import SEEN

SITE = "https://bilan.exemple.fr"


@pytest.fixture
def site(world, new_app):
    """The populated application, reached by https."""
    app = new_app("world", BILAN_BASE_URL=SITE, BILAN_SECOND_FACTOR="facultatif")
    limiter.enabled = False
    return app


@pytest.mark.parametrize("name", ["agent", "counsellor", "secretariat", "anonymous"])
def test_every_answer_asks_for_https_and_its_cookies_stay_here(world, site, name):
    client = site.test_client()
    if name in world.cookies:
        client.set_cookie("__Host-bilan", world.cookies[name], domain="bilan.exemple.fr", secure=True)
        with client.session_transaction(base_url=SITE) as session:
            session[SEEN] = int(time.time())
    statuses = set()
    for address in every_get(world):
        response = client.get(address.path, base_url=SITE, buffered=True)
        inspect_headers(response, secure=True)
        statuses.add(response.status_code)
    assert 200 in statuses
    assert 302 in statuses or 404 in statuses


def test_the_cookies_of_a_sign_in_are_this_hosts_alone(world, site):
    client = site.test_client()
    page = client.get("/connexion", base_url=SITE)
    token = page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    fields = {"csrf_token": token, "email": world.counsellor.email, "password": PASSWORD, "next": ""}
    answer = client.post("/connexion", base_url=SITE, data=fields, headers={"Referer": f"{SITE}/connexion"})
    assert answer.status_code == 302
    inspect_headers(answer, secure=True)
    assert {one.split("=")[0] for one in answer.headers.getlist("Set-Cookie")} == {"__Host-bilan", "__Host-bilan-navigateur"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Set-Cookie", "__Host-x=1; HttpOnly; Path=/; SameSite=Lax"),
        ("Set-Cookie", "x=1; Secure; HttpOnly; Path=/; SameSite=Lax"),
        ("Set-Cookie", "__Host-x=1; Secure; Path=/; SameSite=Lax"),
        ("Set-Cookie", "__Host-x=1; Secure; HttpOnly; Path=/"),
        ("Cache-Control", "public, max-age=31536000, immutable"),
        ("Strict-Transport-Security", "max-age=1"),
    ],
)
def test_a_planted_weakness_is_reported(site, name, value):
    response = site.test_client().get("/aide", base_url=SITE)
    inspect_headers(response, secure=True)
    response.headers[name] = value
    with pytest.raises(AssertionError):
        inspect_headers(response, secure=True)
