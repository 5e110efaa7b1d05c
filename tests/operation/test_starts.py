"""A start that could read nothing is refused with one sentence, whoever serves; the commands that repair go on working."""

import os
import subprocess
import sys
import time

import pytest
import requests
from application import MASTER_KEY
from cryptography.fernet import Fernet
from processes import ROOT, Process, running, wait_until
from smtp_server import free_port

from bilan.settings import SettingsError, load

WRONG = Fernet.generate_key().decode()
WAYS = {
    "python app.py": ["app.py"],
    "another server": ["-m", "waitress", "--port", "8", "app:app"],
    "flask run": ["-m", "flask", "--app", "app", "run", "--port", "8"],
}


@pytest.fixture
def environment(migrated, databases, tmp_path):
    """An installation whose keys are in use, and which has lost its `master.keys`."""
    urls = databases.copy(migrated, "starts")
    yield {"BILAN_INSTANCE": str(tmp_path / "lost"), "BILAN_DATABASE_URL": urls.main, "BILAN_KEYSTORE_URL": urls.keys}
    databases.drop("starts")


def run(environment, words):
    environment = {"PATH": os.environ["PATH"], "BILAN_WORKER": "separate", **environment}
    return subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("way", WAYS)
def test_wrong_master_keys_stop_every_start(environment, way):
    said = run({**environment, "BILAN_MASTER_KEYS": WRONG}, WAYS[way])
    assert said.returncode == 1
    (sentence,) = said.stderr.splitlines()
    assert sentence.startswith("Réglage BILAN_MASTER_KEYS\u00a0: ces clés n’ouvrent pas")
    assert WRONG not in said.stdout + said.stderr


def test_the_commands_go_on_where_the_start_is_refused(environment):
    said = run({**environment, "BILAN_MASTER_KEYS": WRONG}, ["-m", "flask", "--app", "app", "doctor"])
    assert "n’ouvrent pas les clés enregistrées" in said.stdout, said.stderr
    assert "Traceback" not in said.stderr


def test_lost_master_keys_stop_the_start_and_no_others_are_made(environment, tmp_path):
    for _ in range(2):
        with pytest.raises(SettingsError, match="Réglage BILAN_MASTER_KEYS\u00a0: manque, alors que la base des clés en contient"):
            load(environment)
    assert not (tmp_path / "lost/master.keys").exists()
    (tmp_path / "lost/master.keys").write_text(MASTER_KEY)
    assert load(environment).master_keys == (MASTER_KEY,)


def test_a_key_store_that_does_not_answer_gets_no_master_keys(environment, tmp_path):
    away = {**environment, "BILAN_KEYSTORE_URL": f"postgresql://nobody@127.0.0.1:{free_port()}/keys"}
    with pytest.raises(SettingsError, match=r"la base des clés .* ne répond pas"):
        load(away)
    assert not (tmp_path / "lost/master.keys").exists()


def test_the_keys_have_a_database_of_their_own(environment):
    url = environment["BILAN_DATABASE_URL"]
    written_otherwise = url.replace("sqlite:///", "sqlite:////.") if url.startswith("sqlite") else f"{url}?connect_timeout=5"
    for keys in (url, written_otherwise):
        with pytest.raises(SettingsError, match="Réglage BILAN_KEYSTORE_URL\u00a0: doit être une autre base") as stopped:
            load({**environment, "BILAN_KEYSTORE_URL": keys, "BILAN_MASTER_KEYS": MASTER_KEY})
        assert len(str(stopped.value).splitlines()) == 1


def test_another_server_makes_the_databases_ready_and_serves(tmp_path):
    environment = {"BILAN_INSTANCE": str(tmp_path), "BILAN_WORKER": "separate"}
    port = free_port()
    process = Process(environment, "-m", "waitress", "--listen", f"127.0.0.1:{port}", "app:app")
    process.url = f"http://127.0.0.1:{port}"
    with running(process):
        wait_until(process.answers)
        assert requests.get(f"{process.url}/aide", timeout=10).status_code == 200
    assert sorted(path.name for path in tmp_path.glob("*.k*")) == ["master.keys", "secret.key"]
    started = time.monotonic()
    from bilan import create_app
    from bilan.preparation import prepare_for_another_server

    prepare_for_another_server(create_app(load({**environment})))
    assert time.monotonic() - started < 2, "a second start"
