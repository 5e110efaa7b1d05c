"""What the service says of itself, of its refusals and of its failures; the mail server that it believes."""

import contextlib
import datetime
import logging
import socket
import ssl
import threading

import pytest
from client import Browser
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from world import EVERYBODY

from bilan.mail.actions import connected
from bilan.settings import SmtpServer


def test_the_state_of_the_service_is_two_words_and_no_version(app):
    answer = app.test_client().get("/sante")
    assert set(answer.json) == {"database", "worker"}
    assert not {"Server", "X-Powered-By"} & set(answer.headers)


def test_a_failure_shows_neither_its_words_nor_where_it_was(app, monkeypatch):
    app.config["RAISE_UNEXPECTED"] = False

    def fail(*_given, **_others):
        raise ValueError("un secret de la base")

    monkeypatch.setattr("bilan.public.views.render", fail)
    page = Browser(app).get("/aide", status=500)
    page.has("Un problème est survenu")
    page.lacks("un secret de la base", "Traceback", "ValueError", "views.py")
    assert not app.debug


def test_a_refusal_is_a_line_that_says_whose_account_was_refused_what(world, caplog):
    with caplog.at_level(logging.WARNING, "bilan.permissions"):
        world.browser("other_counsellor").get(f"/parcours/{world.home.journey.id}", status=404)
    assert [one.getMessage() for one in caplog.records] == [f"refused: read_journey to {world.people['other_counsellor'].id}"]


@pytest.mark.parametrize("name", [one for one in EVERYBODY if one != "anonymous"])
def test_the_sign_out_is_on_every_page_of_whoever_is_signed_in(world, name):
    for path in ("/", "/compte", "/aide"):
        button = world.browser(name).get(path).soup.select_one("header form.sign-out button")
        assert button.text.strip() == "Se déconnecter"


@pytest.fixture
def impostor(tmp_path):
    """A server in TLS whose certificate nobody has signed."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + datetime.timedelta(days=1)).sign(key, hashes.SHA256())
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "both.pem").write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")

    def answer() -> None:
        raw, _ = listening.accept()
        with raw:
            if tls == ["starttls"]:
                raw.sendall(b"220 a\r\n")
                raw.recv(100)
                raw.sendall(b"250-a\r\n250 STARTTLS\r\n")
                raw.recv(100)
                raw.sendall(b"220 b\r\n")
            with contextlib.suppress(ssl.SSLError, OSError):
                context.wrap_socket(raw, server_side=True).close()

    tls: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answer, daemon=True)

        def start(kind: str) -> int:
            tls.append(kind)
            thread.start()
            return listening.getsockname()[1]

        yield start
        thread.join(5)


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_mail_server_whose_certificate_nobody_signed_is_not_believed(impostor, tls):
    port = impostor(tls)
    with pytest.raises(ssl.SSLCertVerificationError):
        connected(SmtpServer(host="127.0.0.1", port=port, tls=tls, user="a", password="b"))
