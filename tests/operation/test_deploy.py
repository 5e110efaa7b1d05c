"""The files of deploy/, tried: a real nginx before two real processes; what they name is there."""

import contextlib
import re

import pytest
import requests
from cryptography.fernet import Fernet
from processes import ROOT, Process, nginx, running, wait_until
from requests.adapters import HTTPAdapter

from bilan.settings import load

HOST = {"Host": "bilan.example.fr"}
SEARCHED = "MARQUEUR-recherche"


@pytest.fixture(scope="module")
def processes(tmp_path_factory):
    settings = {
        "BILAN_INSTANCE": str(tmp_path_factory.mktemp("instance")),
        "BILAN_BASE_URL": "https://bilan.example.fr",
        "BILAN_PROXY_COUNT": "1",
        "BILAN_METRICS_TOKEN": "x" * 40,
    }
    first = Process(settings)
    # The second one finds the secrets of the first.
    with running(first, Process(settings)) as both:
        yield both


@pytest.fixture(scope="module")
def proxy(processes, tmp_path_factory):
    """The addresses, in clear and in TLS, of nginx with the shipped file; and the folder of its logs."""
    folder = tmp_path_factory.mktemp("nginx")
    with nginx(folder, [one.port for one in processes]) as addresses:
        yield *addresses, folder


@pytest.fixture
def ask(proxy):
    with requests.Session() as session:
        session.verify, session.trust_env = str(proxy[2] / "fullchain.pem"), False
        session.headers.update(HOST)
        yield lambda path, method="GET", **given: session.request(method, proxy[1] + path, timeout=20, **given)


def test_in_clear_leads_to_tls_and_a_year_of_it_is_asked(proxy, ask):
    clear = requests.get(f"{proxy[0]}/aide?q=1", headers=HOST, timeout=10, allow_redirects=False)
    assert (clear.status_code, clear.headers["Location"]) == (301, "https://bilan.example.fr/aide?q=1")
    page = ask("/connexion")
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert page.cookies.keys() == ["__Host-bilan"]
    assert "Server" not in page.headers or "1." not in page.headers["Server"]


def test_the_log_holds_neither_what_is_searched_nor_the_figures_for_a_stranger(proxy, ask):
    ask(f"/metiers?q={SEARCHED}")
    assert ask("/metrics", headers={"Authorization": f"Bearer {'x' * 40}"}).status_code == 404
    wait_until(lambda: "/metiers" in (proxy[2] / "bilan.log").read_text())
    log = (proxy[2] / "bilan.log").read_text()
    assert SEARCHED not in log


class From(HTTPAdapter):
    """Requests that leave from an address of our own."""

    def __init__(self, address):
        self.address = address
        super().__init__()

    def init_poolmanager(self, *given, **named):
        super().init_poolmanager(*given, source_address=(self.address, 0), **named)


@pytest.fixture
def sign_in_from(proxy):
    """Return a way to try to sign in: from an address, as somebody, with headers."""
    with contextlib.ExitStack() as stack:

        def begin(address):
            session = stack.enter_context(requests.Session())
            session.verify, session.trust_env = str(proxy[2] / "fullchain.pem"), False
            session.headers.update(HOST)
            session.mount("https://", From(address))
            page = session.get(f"{proxy[1]}/connexion", timeout=20).text
            token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
            origin = {"Origin": "https://bilan.example.fr", "Referer": "https://bilan.example.fr/connexion"}

            def sign_in(email, **headers):
                fields = {"csrf_token": token, "email": email, "password": "une autre phrase", "next": ""}
                return session.post(f"{proxy[1]}/connexion", headers={**origin, **headers}, data=fields, timeout=20).status_code

            return sign_in

        yield begin


def test_tries_are_counted_by_the_address_that_nginx_saw(sign_in_from):
    """Sixty tries for each of two processes, whatever address the request makes up; and another address has its own."""
    one, other = sign_in_from("127.0.0.2"), sign_in_from("127.0.0.3")
    tries = [one(f"a{rank}@exemple.fr", **{"X-Forwarded-For": f"203.0.113.{rank}"}) for rank in range(122)]
    assert (set(tries[:60]), tries[-1]) == ({422}, 429)
    assert [other(f"b{rank}@exemple.fr") for rank in range(4)] == [422] * 4
    made_up = {"X-Forwarded-For": "127.0.0.3", "X-Real-IP": "127.0.0.3", "Forwarded": "for=127.0.0.3"}
    assert [one(f"c{rank}@exemple.fr", **made_up) for rank in range(4)] == [429] * 4


def test_a_forged_referrer_is_seen_where_the_application_knows_that_it_is_in_tls(sign_in_from):
    """flask-wtf compares the referrer over https only: behind a proxy that says nothing of TLS it never would."""
    assert sign_in_from("127.0.0.4")("d@exemple.fr", Referer="https://ailleurs.example/connexion") == 400


def test_a_large_file_reaches_the_application_and_a_larger_one_reads_a_page(ask):
    ours, theirs = (ask("/reclamations", method="POST", data=b"x" * size) for size in (20_000_000, 26_000_000))
    assert (ours.status_code, "Aller au contenu" in ours.text) == (413, True)
    assert (theirs.status_code, theirs.encoding, "trop volumineux" in theirs.text) == (413, "utf-8", True)


def test_one_process_may_stop_and_when_all_have_it_is_said(processes, ask):
    processes[0].kill()
    assert [ask("/aide").status_code for _ in range(6)] == [200] * 6
    processes[1].kill()
    page = ask("/aide")
    assert (page.status_code, "Le service redémarre" in page.text) == (503, True)


def test_what_the_units_name_is_there():
    for unit in ("bilan-web@.service", "bilan-worker.service"):
        text = (ROOT / "deploy" / unit).read_text()
        assert "WorkingDirectory=/opt/bilan\n" in text
        assert (ROOT / "docs/deployment.md").exists()
        assert "User=bilan" in text
    web, worker = ((ROOT / "deploy" / unit).read_text().splitlines() for unit in ("bilan-web@.service", "bilan-worker.service"))
    differ = {line.split("=")[0] for line in set(web) ^ set(worker) if not line.startswith("#")}
    assert differ == {"Description", "Environment", "ExecStart", "TimeoutStopSec"}


def test_the_settings_that_are_shipped_are_good(tmp_path):
    lines = [line.strip("# ") for line in (ROOT / "deploy/bilan.env").read_text().splitlines() if re.match(r"#? ?BILAN_", line)]
    given = dict(line.split("=", 1) for line in lines)
    # Given here: where they are not, the key store is asked whether it already holds keys before any is made.
    settings = load({**given, "BILAN_INSTANCE": str(tmp_path), "BILAN_MASTER_KEYS": Fernet.generate_key().decode()})
    assert settings.second_factor_required
    assert settings.backup_hour == 2
