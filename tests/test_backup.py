"""Backups: of one moment, whole, encrypted, read again; put back only when all is well; a destroyed journey stays so."""

import datetime
import errno
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine
from application import build_app, close_app
from cryptography.fernet import Fernet
from databases import Urls
from flask.cli import FlaskGroup
from playhouse.migrations import Runner

from bilan import vault
from bilan.backups import copies, nightly, sealing
from bilan.backups.making import AlreadyRunning, alone, back_up, backups, renew_keys
from bilan.backups.restoring import HoldsData, InUse, KeysMissing, NewerSchema, NotWhatWasAsked, restore
from bilan.backups.sealing import BackupError, Damaged, WrongKey
from bilan.database import MIGRATIONS, connection, open_database, transaction
from bilan.mail.models import Email, EmailState
from bilan.notes.models import Note
from bilan.notes.rules import NoteKind
from bilan.people.models import Employer
from bilan.vault import ContentDestroyed, ContentKey

moment = datetime.datetime.fromisoformat
MONDAY = moment("2026-11-23 22:30")


def settings_of(app, **others):
    return replace(app.config["BILAN"], **others)


def rows(url):
    """Return every row of every table."""
    target = open_database(url)
    with target.connection_context():
        found = {table: sorted(map(repr, target.execute_sql(f'SELECT * FROM "{table}"').fetchall())) for table in target.get_tables()}
    target.close_all()
    return found


@pytest.fixture
def elsewhere(databases):
    """Empty databases, as on a new machine."""
    yield databases.create("elsewhere")
    databases.drop("elsewhere")


def reopened(settings, tmp_path):
    return build_app(Urls(settings.database_url, settings.keystore_url), tmp_path / "instance")


def private_text(world):
    return Note.current(world.home.held, NoteKind.PRIVATE, world.counsellor).text


def test_every_row_comes_back_on_a_new_machine_and_is_read_there(world, elsewhere, tmp_path):
    settings = settings_of(world.app)
    text = private_text(world)
    made = back_up(settings)
    close_app(world.app)
    there = replace(settings, database_url=elsewhere.main, keystore_url=elsewhere.keys)
    done = restore(there, made.path, keys=made.keys)
    assert done.moved_to == []
    assert done.rows == made.rows > 500
    assert rows(there.database_url) == rows(settings.database_url)
    assert rows(there.keystore_url) == rows(settings.keystore_url)
    app = reopened(there, tmp_path)
    assert private_text(world) == text
    close_app(app)


def test_what_is_written_at_once_is_in_it_together_or_not_at_all(app, elsewhere):
    settings, stop, written = settings_of(app), threading.Event(), []

    def write():
        while not stop.is_set():
            with connection(), transaction():
                Employer.create(name=f"paire {len(written)} a")
                Employer.create(name=f"paire {len(written)} b")
            written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        before = len(written)
        made = back_up(settings)
    finally:
        stop.set()
        writer.join()
    assert len(written) > before + 1, "nobody wrote meanwhile"
    close_app(app)
    restore(replace(settings, database_url=elsewhere.main), made.path)
    names = rows(elsewhere.main)["employer"]
    assert sum(" a'" in name for name in names) == sum(" b'" in name for name in names)


def test_a_destroyed_journey_cannot_be_read_from_yesterdays_backup(world, databases, tmp_path):
    settings = settings_of(world.app)
    wrapped = bytes(ContentKey.get_by_id(world.home.journey.id).wrapped)
    text = private_text(world)
    yesterday = back_up(settings)
    vault.destroy_key(world.home.journey.id)
    assert renew_keys(settings)
    assert not renew_keys(settings)
    sealing.unseal(yesterday.keys, tmp_path / "copied-keys", settings.master_keys)
    close_app(world.app)
    done = restore(settings, yesterday.path, replace=True)
    assert len(done.moved_to) == 1
    app = reopened(settings, tmp_path)
    with pytest.raises(ContentDestroyed):
        private_text(world)
    assert Note.current(world.away.held, NoteKind.PRIVATE, world.other_counsellor).text
    close_app(app)
    files = [tmp_path / "copied-keys"]
    if databases.kind == "sqlite":
        folder = copies.path_of(settings.database_url).parent
        name = copies.path_of(settings.database_url).stem.removesuffix("main")
        files += [path for path in folder.iterdir() if path.name.startswith(name)]
        assert len(files) >= 4, "the data, what was moved aside, the keys, their copy"
    for path in files:
        assert wrapped not in path.read_bytes()
        assert wrapped.hex().encode() not in path.read_bytes()
        assert text.encode() not in path.read_bytes()


def test_an_older_backup_is_brought_up_to_date_and_what_was_there_is_aside(app, databases, elsewhere):
    old = open_database(elsewhere.main)
    with old.connection_context():
        Runner(old, str(MIGRATIONS)).up(target="0010_synthesis")
        old.execute_sql("DELETE FROM employer")
    old.close_all()
    settings = settings_of(app)
    made = back_up(replace(settings, database_url=elsewhere.main))
    with connection():
        Employer.create(name="Commune d’avant")
    close_app(app)
    before = rows(settings.database_url)
    (aside,) = restore(settings, made.path, replace=True).moved_to
    assert set(rows(settings.database_url)) == set(before)
    assert rows(settings.database_url)["employer"] == []
    if databases.kind == "sqlite":
        assert rows(f"sqlite:///{aside}") == before
    else:
        target = open_database(settings.database_url)
        assert "Commune d’avant" in target.execute_sql(f'SELECT name FROM "{aside}".employer').fetchone()
        target.close_all()


def test_the_file_and_its_working_copies_show_nothing(world):
    settings = settings_of(world.app)
    made = back_up(settings)
    raw = made.path.read_bytes() + made.keys.read_bytes()
    for clear in (b"MARQUEUR", b"SQLite format", b"PGDMP", b"gAAAA", b"exemple.fr", b"note"):
        assert clear not in raw
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert made.path.parent.stat().st_mode & 0o777 == 0o700
    left = [*settings.instance.glob("sauvegarde-*"), *copies.path_of(settings.database_url).parent.glob("sauvegarde-*")]
    assert left == []


def test_the_server_is_never_restored_under_the_feet_of_who_uses_it(world):
    settings = settings_of(world.app)
    made = back_up(settings)
    before = rows(settings.database_url)
    with connection(), pytest.raises(InUse):
        restore(settings, made.path, replace=True)
    assert rows(settings.database_url) == before


def fresh(folder):
    return {str(path): path.stat().st_mtime_ns for path in Path(folder).rglob("*") if path.suffix in {".db", ".sauvegarde"}}


REFUSALS = {
    "damaged": (Damaged, {}, lambda made, settings: made.path.write_bytes(made.path.read_bytes()[:-30])),
    "wrong key": (WrongKey, {}, lambda made, settings: replace(settings, master_keys=(Fernet.generate_key().decode(),))),
    "no replace": (HoldsData, {"replace": False}, None),
    "keys there": (HoldsData, {"keys": True}, None),
    "no keys": (KeysMissing, {}, lambda made, settings: replace(settings, keystore_url=settings.keystore_url + "-none")),
    "other kind": (NotWhatWasAsked, {}, lambda made, settings: resealed(made.path, settings, kind="postgresql")),
    "keys for data": (NotWhatWasAsked, {}, lambda made, settings: made.path.write_bytes(made.keys.read_bytes())),
    "newer": (NewerSchema, {}, lambda made, settings: resealed(made.path, settings, schema="9999_later")),
    "rows missing": (Damaged, {}, lambda made, settings: resealed(made.path, settings, rows={"note": 3})),
    "no database": (Damaged, {}, lambda made, settings: resealed(made.path, settings, content=b"x" * 5000)),
}


def resealed(path, settings, content=None, **others):
    """Seal a backup again under the right key, but saying something else of itself."""
    clear = path.with_name("clear")
    about = sealing.unseal(path, clear, settings.master_keys)
    if content:
        clear.write_bytes(content)
    sealing.seal(clear, path, settings.master_keys[0], {**about, **others})
    clear.unlink()


@pytest.mark.parametrize("name", REFUSALS)
def test_what_does_not_fit_is_refused_in_a_sentence_and_nothing_is_touched(app, databases, name):
    refusal, options, harm = REFUSALS[name]
    settings = settings_of(app)
    made = back_up(settings)
    close_app(app)
    changed = harm(made, settings) if harm else None
    before = fresh(databases.folder)
    content = copies.path_of(settings.database_url).read_bytes()
    with pytest.raises(refusal) as refused:
        restore(
            changed if hasattr(changed, "instance") else settings,
            made.path,
            keys=made.keys if options.get("keys") else None,
            replace=options.get("replace", True),
        )
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)
    assert fresh(databases.folder) == before
    assert copies.path_of(settings.database_url).read_bytes() == content


def test_a_restoration_that_fails_on_the_way_leaves_what_was_there(app, monkeypatch):
    settings = settings_of(app)
    made = back_up(settings)
    with connection():
        Employer.create(name="Commune d’après")
    close_app(app)
    before = rows(settings.database_url)

    def fail(target, migrations):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("bilan.backups.restoring.migrate", fail)
    with pytest.raises(BackupError):
        restore(settings, made.path, replace=True)
    assert rows(settings.database_url) == before


def test_a_base_that_cannot_be_read_any_more_is_replaced_and_kept(app):
    settings = settings_of(app)
    made = back_up(settings)
    close_app(app)
    before, path = rows(settings.database_url), copies.path_of(settings.database_url)
    path.write_bytes(b"a disk has failed" * 1000)
    (aside,) = restore(settings, made.path, replace=True).moved_to
    assert rows(settings.database_url) == before
    assert Path(aside).read_bytes() == b"a disk has failed" * 1000


def test_a_full_disk_leaves_no_half_file(app, monkeypatch):
    settings = settings_of(app)
    good = back_up(settings, moment=MONDAY)
    raw = good.path.read_bytes()

    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(sealing.os, "fsync", full)
    with pytest.raises(BackupError, match="No space left"):
        back_up(settings)
    found = [path for path in settings.backup_dir.rglob("*") if path.is_file()]
    assert sorted(found) == sorted([good.path, good.keys])
    assert good.path.read_bytes() == raw


def test_a_copy_that_misses_a_row_never_has_the_name_of_a_backup(app, monkeypatch):
    settings, honest = settings_of(app), copies.copy
    monkeypatch.setattr(copies, "copy", lambda url, target: (held := honest(url, target))._replace(rows={**held.rows, "person": 1}))
    with pytest.raises(Damaged):
        back_up(settings)
    assert [path for path in settings.backup_dir.rglob("*") if path.is_file()] == []


def test_the_oldest_go_and_the_keys_have_one_copy(app):
    settings = settings_of(app, backup_keep=2)
    settings.backup_dir.mkdir()
    (settings.backup_dir / "autre.sauvegarde").touch()
    made = [back_up(settings, moment=MONDAY + datetime.timedelta(days=day)) for day in range(3)]
    assert backups(settings.backup_dir) == [one.path for one in made[1:]]
    assert made[0].path.name == "bilan-2026-11-23T223000Z.sauvegarde"
    assert (settings.backup_dir / "autre.sauvegarde").exists()
    assert list((settings.backup_dir / "cles").iterdir()) == [made[0].keys]
    assert not renew_keys(settings)
    made[0].keys.write_bytes(b"no longer a copy")
    assert renew_keys(settings)


def test_two_at_once_do_not_mix_and_a_killed_one_leaves_nothing(app):
    settings = settings_of(app)
    left = copies.path_of(settings.database_url).parent / "sauvegarde-tuee"
    left.mkdir()
    (left / "copy").touch()
    with alone(settings), pytest.raises(AlreadyRunning):
        back_up(settings)
    assert back_up(settings).path.exists()
    assert not left.exists()


@pytest.mark.parametrize(
    ("hour", "at", "last", "due"),
    [
        (None, MONDAY, None, False),
        (2, MONDAY, None, True),
        (2, moment("2026-11-24 00:59"), MONDAY - datetime.timedelta(hours=21), False),
        (2, moment("2026-11-24 01:07"), MONDAY - datetime.timedelta(hours=21), True),
        (2, moment("2026-11-24 09:07"), moment("2026-11-24 01:07"), False),
        (2, moment("2026-11-27 09:07"), moment("2026-11-24 01:07"), True),
    ],
)
def test_the_nights_backup_is_made_once_and_caught_up(tmp_path, hour, at, last, due):
    folder = tmp_path / "sauvegardes"
    folder.mkdir()
    if last:
        (folder / f"bilan-{last:%Y-%m-%dT%H%M%S}Z.sauvegarde").touch()
    settings = nightly.Settings(*[None] * len(nightly.Settings.__dataclass_fields__))
    with time_machine.travel(at.replace(tzinfo=datetime.UTC), tick=False):
        assert nightly.is_due(replace(settings, backup_hour=hour, backup_dir=folder)) is due


def test_a_failure_is_told_once_a_day(app):
    settings = settings_of(app, backup_hour=2)
    settings.backup_dir.write_text("a file where the folder goes")
    with app.app_context():
        for hours in (0, 3, 23, 25):
            with time_machine.travel(MONDAY.replace(tzinfo=datetime.UTC) + datetime.timedelta(hours=hours), tick=False):
                nightly.nightly(settings)
    told = list(Email.select().where(Email.kind == "backup_failed"))
    assert len(told) == 2
    assert told[0].recipient == settings.secretariat_email
    assert "n’a pas pu être lu ou écrit" in told[0].envelope["body"]


def test_the_commands_say_what_they_did_and_what_waited_is_looked_at_first(world, tmp_path):
    def run(*words):
        return world.app.test_cli_runner().invoke(FlaskGroup(create_app=lambda: world.app), list(words))

    with connection():
        waiting = Email.update(state=EmailState.WAITING).where(Email.kind == Email.select(Email.kind).limit(1)).execute()
    assert waiting
    done = run("backup", "--to", str(tmp_path / "ailleurs"))
    assert done.exit_code == 0, done.output
    (path,) = backups(tmp_path / "ailleurs")
    assert f"Sauvegarde faite et relue\u00a0: {path}" in done.output
    close_app(world.app)
    refused = run("restore", str(path))
    assert refused.exit_code == 1
    assert "--replace la met de côté" in refused.output
    assert "Rien n’a changé." in refused.output
    close_app(world.app)
    done = run("restore", str(path), "--replace")
    assert done.exit_code == 0, done.output
    assert "Ce qu’il y avait est gardé" in done.output
    assert f"{waiting}\u00a0e-mail" in done.output
    with connection():
        assert Email.select().where(Email.state == EmailState.WAITING).count() == 0


def test_without_the_programs_of_postgresql_a_sentence_says_so(app, databases, monkeypatch):
    if databases.kind != "postgres":
        pytest.skip("SQLite needs none")
    monkeypatch.setenv("PATH", "/nulle/part")
    with pytest.raises(BackupError, match="pg_dump manque"):
        back_up(settings_of(app))
