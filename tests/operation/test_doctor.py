"""What is wrong with an installation is found, said, and followed by what to do; what is well is said too."""

import datetime

import pytest
import time_machine
from cryptography.fernet import Fernet
from factories import make_person
from smtp_server import Server

from bilan import worker
from bilan.backups import making
from bilan.database import BaseModel, database, keystore, now, transaction
from bilan.journal import Event, record
from bilan.mail.models import Email
from bilan.operation import doctor
from bilan.operation.doctor import Level
from bilan.people.models import Role
from bilan.settings import load
from bilan.vault import unlock


@pytest.fixture
def server():
    one = Server()
    one.start()
    yield one
    one.stop()


@pytest.fixture
def app(new_app, migrated, server):
    """An installation that has all that it needs."""
    well = {"BILAN_BASE_URL": "https://bilan.example", "BILAN_PROXY_COUNT": "1", "BILAN_SMTP_URL": server.url, "BILAN_BACKUP_HOUR": "2"}
    app = new_app(migrated, **well)
    with app.test_request_context():
        make_person(Role.SECRETARIAT)
        worker.beat()
        making.back_up(app.config["BILAN"])
        yield app


def found(app, about):
    """Return the levels and the words of what is said about one thing."""
    return [(one.level, one.words, one.todo) for one in doctor.examine(app.config["BILAN"]) if one.about == about]


def test_nothing_is_wrong_where_all_is_there(app):
    said = list(doctor.examine(app.config["BILAN"]))
    assert [one for one in said if one.level is not Level.GOOD] == []
    assert [one.about for one in said] == [about for about, _ in doctor.CHECKS]
    result = app.test_cli_runner().invoke(args=["doctor"])
    assert (result.exit_code, result.output.count("bien")) == (0, len(doctor.CHECKS))


def broken_folder(app, _server):
    app.config["BILAN"].instance.chmod(0o750)


def broken_worker(_app, _server):
    traveller = time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=10))
    traveller.start()
    return traveller.stop


def broken_mail(_app, server):
    server.stop()


def broken_outbox(_app, _server):
    ago = now() - datetime.timedelta(hours=3)
    Email.create(kind="x", envelope={"to": "a@exemple.fr", "subject": "", "body": ""}, created_at=ago)


def broken_backup(app, _server):
    for path in making.backups(app.config["BILAN"].backup_dir):
        path.unlink()


def broken_clock(_app, _server):
    ahead = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=2)
    with time_machine.travel(ahead), transaction():
        record(Event.SIGN_IN_REFUSED)


def broken_schema(_app, _server):
    database.execute_sql("DELETE FROM schema_migration WHERE name = (SELECT MAX(name) FROM schema_migration)")


def broken_keys(_app, _server):
    unlock(keystore.obj, (Fernet.generate_key().decode(),))


BREAKS = {
    broken_folder: ("Dossier d’instance", "d’autres comptes", "chmod"),
    broken_worker: ("Travail de fond", "depuis trois minutes", "app.py"),
    broken_mail: ("Serveur d’envoi", "ne répond pas", "BILAN_SMTP_URL"),
    broken_outbox: ("E-mails", "attend depuis", "worker"),
    broken_backup: ("Sauvegardes", "aucune n’a été faite", "backup"),
    broken_clock: ("Horloge", "l’horloge a reculé", "NTP"),
    broken_schema: ("Bases", "1\u00a0mise à jour attend", "migrate"),
    broken_keys: ("Clés", "n’ouvrent pas", "BILAN_MASTER_KEYS"),
}


@pytest.mark.parametrize("break_it", BREAKS)
def test_what_is_broken_is_said_with_what_to_do(app, server, break_it):
    about, words, todo = BREAKS[break_it]
    put_back = break_it(app, server)
    try:
        (level, said, do) = found(app, about)[0]
        assert level is Level.BAD
        assert words in said
        assert todo in do
        assert app.test_cli_runner().invoke(args=["doctor"]).exit_code == 1
    finally:
        if put_back:
            put_back()


def test_it_writes_nothing_and_sends_nothing(app, server):
    tables = sorted(model._meta.table_name for model in BaseModel.__subclasses__())
    count = lambda: [database.execute_sql(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in tables if database.table_exists(name)]  # noqa: E731
    before = count()
    list(doctor.examine(app.config["BILAN"]))
    assert count() == before
    assert server.mailbox.messages == []


def test_a_wrong_setting_stops_it_with_its_sentence():
    with pytest.raises(SystemExit, match="BILAN_METRICS_TOKEN"):
        load({"BILAN_METRICS_TOKEN": "court"})
    with pytest.raises(SystemExit, match="BILAN_LIMITS_URL"):
        load({"BILAN_LIMITS_URL": "http://ailleurs"})
