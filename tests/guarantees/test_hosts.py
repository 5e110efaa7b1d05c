"""The application answers to its own name alone; nobody else's is taken for it, nor repeated."""

import pytest
from client import Browser
from pages import inspect_headers, inspect_page
from werkzeug.test import EnvironBuilder, run_wsgi_app

FOREIGN = "attaquant.example"
SITE = "https://bilan.exemple.fr"


def ask(app, path, host, **headers):
    return app.test_client(use_cookies=False).get(path, base_url=app.config["BILAN"].base_url, headers={"Host": host, **headers})


@pytest.fixture
def site(new_app, migrated):
    return new_app(migrated, BILAN_BASE_URL=SITE)


@pytest.mark.parametrize(
    "host",
    [
        FOREIGN,
        f"{FOREIGN}:443",
        "bilan.exemple.fr.attaquant.example",
        "xbilan.exemple.fr",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "",
        "a b",
        "é",
        "0..0",
        "." * 300,
        f"{'a' * 64}.fr",
    ],
)
@pytest.mark.parametrize("path", ["/", "/connexion", "/static-lib/atkinson/x.ttf", "/nulle-part"])
def test_another_host_reads_a_page_in_french_that_does_not_name_it(site, path, host):
    answer = ask(site, path, host)
    assert answer.status_code == 400
    assert "La sienne est https://bilan.exemple.fr" in answer.text
    assert FOREIGN not in f"{answer.text}{answer.headers}"
    inspect_page(answer.text)
    inspect_headers(answer, secure=True)


def test_what_looks_like_an_address_and_is_none_is_refused_too(site):
    """Werkzeug's own client cannot read it: the application is called without it."""
    _, status, _ = run_wsgi_app(site.wsgi_app, EnvironBuilder("/aide").get_environ() | {"HTTP_HOST": "[1:.]"})
    assert status == "400 BAD REQUEST"


@pytest.mark.parametrize("host", ["bilan.exemple.fr", "bilan.exemple.fr:8443", "BILAN.exemple.FR"])
def test_its_own_name_is_answered_whatever_the_port(site, host):
    assert ask(site, "/connexion", host).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"), [("127.0.0.1:8001", 200), ("localhost", 200), ("[::1]:8001", 200), ("10.0.0.5", 200), (FOREIGN, 400)]
)
def test_a_monitor_asks_on_the_machine(site, host, status):
    assert ask(site, "/sante", host).status_code == status


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1:9", 200), ("localhost:8000", 200), ("[::1]", 200), (FOREIGN, 400)])
@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8000", "http://localhost"])
def test_on_ones_own_machine_any_of_its_names_is_answered(new_app, migrated, base_url, host, status):
    assert ask(new_app(migrated, BILAN_BASE_URL=base_url), "/aide", host).status_code == status


def test_a_name_with_accents_is_answered_as_browsers_write_it(new_app, migrated):
    app = new_app(migrated, BILAN_BASE_URL="https://bilan-métier.fr")
    assert ask(app, "/aide", "xn--bilan-mtier-hbb.fr").status_code == 200


@pytest.mark.parametrize(("count", "status"), [("0", 200), ("1", 400)])
def test_a_forwarded_host_counts_where_a_proxy_is_trusted_and_is_then_checked(new_app, migrated, count, status):
    app = new_app(migrated, BILAN_BASE_URL=SITE, BILAN_PROXY_COUNT=count)
    assert ask(app, "/aide", "bilan.exemple.fr", **{"X-Forwarded-Host": FOREIGN}).status_code == status
    # And no forwarded name opens what the true one does not, unless a proxy says it.
    assert ask(app, "/aide", FOREIGN, **{"X-Forwarded-Host": "bilan.exemple.fr"}).status_code == 600 - status


def test_a_post_for_another_host_changes_nothing(app, migrated):
    browser = Browser(app)
    token = browser.csrf_token()
    fields = {"csrf_token": token, "theme": "dark", "text": "normal", "spacing": "normal", "typeface": "system", "contrast": "normal"}
    answer = browser.client.post("/affichage", data=fields, headers={"Host": FOREIGN})
    assert answer.status_code == 400
    assert not any(one.startswith("affichage=") for one in answer.headers.getlist("Set-Cookie"))
