"""Two web processes and a separate worker on one PostgreSQL: one session, one count of tries, each periodic task once."""

import re

import pytest
import requests
from application import MASTER_KEY, SECRET_KEY
from factories import PASSWORD, make_person
from processes import Process, redis_server, running, wait_until
from smtp_server import Server

from bilan.mail.models import Email
from bilan.people.models import Role

TRIES = 10


@pytest.fixture
def databases(postgres_databases):
    return postgres_databases


@pytest.fixture
def redis():
    with redis_server() as address:
        yield address


@pytest.fixture
def mail_server():
    server = Server()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def environment(app, mail_server, tmp_path):
    settings = app.config["BILAN"]
    return {
        "BILAN_INSTANCE": str(tmp_path / "instance"),
        "BILAN_DATABASE_URL": settings.database_url,
        "BILAN_KEYSTORE_URL": settings.keystore_url,
        "BILAN_SECRET_KEY": SECRET_KEY,
        "BILAN_MASTER_KEYS": MASTER_KEY,
        "BILAN_BASE_URL": "http://127.0.0.1",
        "BILAN_SMTP_URL": mail_server.url,
        "BILAN_WORKER": "separate",
    }


def sign_in(session, url, password):
    page = session.get(f"{url}/connexion", timeout=10).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
    fields = {"csrf_token": token, "email": "conseil@exemple.fr", "password": password, "next": ""}
    return session.post(f"{url}/connexion", data=fields, timeout=10, allow_redirects=False).status_code


def test_a_session_is_good_in_each_and_tries_are_counted_together(app, environment, redis):
    with app.test_request_context():
        make_person(Role.COUNSELLOR, email="conseil@exemple.fr")
    environment["BILAN_LIMITS_URL"] = redis
    with running(Process(environment), Process(environment)) as (one, other), requests.Session() as session:
        assert sign_in(session, one.url, PASSWORD) == 302
        assert "Mes parcours" in session.get(f"{other.url}/parcours", timeout=10).text
        with requests.Session() as stranger:
            refused = [sign_in(stranger, (one, other)[rank % 2].url, "une autre phrase") for rank in range(TRIES + 2)]
        assert refused == [422] * TRIES + [429] * 2


def test_a_counter_that_goes_away_closes_no_door(app, environment):
    with app.test_request_context():
        make_person(Role.COUNSELLOR, email="conseil@exemple.fr")
    with redis_server() as address:
        environment["BILAN_LIMITS_URL"] = address
        process = Process(environment)
    with running(process), requests.Session() as session:
        assert sign_in(session, process.url, "une autre phrase") == 422
        assert sign_in(session, process.url, PASSWORD) == 302


def test_of_two_workers_each_email_leaves_once(app, environment, mail_server, tmp_path):
    logs = [tmp_path / f"worker{rank}.log" for rank in range(2)]
    words = ("-m", "flask", "--app", "app", "worker")
    with running(Process(environment), *(Process(environment, *words, log=log) for log in logs)) as (web, *_workers):
        with app.test_request_context():
            for rank in range(20):
                Email.create(kind="essai", envelope={"to": f"a{rank}@exemple.fr", "subject": f"n{rank}", "body": "x", "reply_to": None})
        wait_until(lambda: len(mail_server.mailbox.messages) >= 20, seconds=100)
        wait_until(lambda: requests.get(f"{web.url}/sante", timeout=5).json()["worker"] == "ok", seconds=100)
    assert sorted(message["Subject"] for _, message in mail_server.mailbox.messages) == sorted(f"n{rank}" for rank in range(20))
