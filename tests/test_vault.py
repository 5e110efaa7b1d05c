"""Keys: rotated without touching content, destroyed for ever, and a store that other master keys do not open."""

import uuid
from pathlib import Path

import pytest
from application import MASTER_KEY, build_app, close_app
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from databases import Urls
from factories import file_complaint
from flask.cli import FlaskGroup

from bilan import vault
from bilan.adaptations.models import AdaptationRequest
from bilan.database import database, keystore
from bilan.notes.models import Note
from bilan.notes.rules import NoteKind
from bilan.preparation import prepare
from bilan.settings import SettingsError
from bilan.vault import ContentDestroyed, ContentKey, KeyMissing, WrongMasterKeys

NEW_KEY = Fernet.generate_key().decode()


def reopen(app, tmp_path, keys):
    """Open the same databases with other master keys, as after a restart."""
    close_app(app)
    return build_app(
        Urls(app.config["BILAN"].database_url, app.config["BILAN"].keystore_url), tmp_path / "instance", BILAN_MASTER_KEYS=keys
    )


def private_note(world):
    return Note.current(world.home.held, NoteKind.PRIVATE, world.counsellor)


def test_content_comes_back_as_it_was_written(world):
    assert private_note(world).text == world.markers["note-privee-2-home"].text
    stored = database.execute_sql("SELECT text FROM note").fetchone()[0]
    assert bytes(stored).startswith(b"gAAAA")


def test_each_journey_has_a_key_of_its_own(world):
    home, away = vault.cipher(world.home.journey.id), vault.cipher(world.away.journey.id)
    token = home.encrypt(b"x")
    assert home.decrypt(token) == b"x"
    with pytest.raises(InvalidToken):
        away.decrypt(token)


def test_rotation_wraps_every_key_under_the_newest_and_leaves_content_alone(world, tmp_path):
    before = {row.id: bytes(row.wrapped) for row in ContentKey.select()}
    content = [bytes(text) for (text,) in database.execute_sql("SELECT text FROM note ORDER BY id").fetchall()]
    app = reopen(world.app, tmp_path, f"{NEW_KEY},{MASTER_KEY}")
    result = app.test_cli_runner().invoke(FlaskGroup(create_app=lambda: app), ["rotate-key"])
    assert result.exit_code == 0, result.output
    assert f"{len(before)}\u00a0clés enveloppées de nouveau." in result.output
    again = app.test_cli_runner().invoke(FlaskGroup(create_app=lambda: app), ["rotate-key"])
    assert (again.exit_code, "Rien à faire" in again.output) == (0, True)
    only_new = MultiFernet([Fernet(NEW_KEY)])
    for row in ContentKey.select():
        assert bytes(row.wrapped) != before[row.id]
        assert only_new.decrypt(bytes(row.wrapped))
    assert [bytes(text) for (text,) in database.execute_sql("SELECT text FROM note ORDER BY id").fetchall()] == content
    app = reopen(app, tmp_path, NEW_KEY)
    prepare()
    assert private_note(world).text == world.markers["note-privee-2-home"].text
    close_app(app)


def test_wrong_master_keys_stop_the_start(world, tmp_path):
    app = reopen(world.app, tmp_path, NEW_KEY)
    with pytest.raises(SettingsError, match="BILAN_MASTER_KEYS"):
        prepare()
    with pytest.raises(WrongMasterKeys):
        vault.cipher(world.home.journey.id)
    close_app(app)


def test_a_destroyed_content_answers_that_it_was_destroyed_and_when(world):
    vault.destroy_key(world.complaint.id)
    browser = world.browser("secretariat")
    page = browser.get(f"/secretariat/reclamations/{world.complaint.id}", status=410)
    assert page.h1 == "Contenu détruit"
    page.has("Contenu détruit le")
    world.browser("anonymous").get(f"/reclamations/suivi/{world.follow_up}", status=410)
    page = world.browser("secretariat").get("/secretariat/reclamations")
    assert page.status == 200


def test_a_destroyed_journey_is_unreadable_and_the_others_are_not(world):
    vault.destroy_key(world.home.journey.id)
    # A request for an adaptation lives beside the bilan, under a key of its own: decision 0024.
    for request in AdaptationRequest.select().where(AdaptationRequest.journey_id == world.home.journey.id):
        vault.destroy_key(request.id)
    world.browser("counsellor").get(f"/parcours/entretiens/{world.home.held.id}", status=410)
    world.browser("counsellor").fragment(f"/parcours/entretiens/{world.home.held.id}", status=410).has("Contenu détruit le")
    world.browser("other_counsellor").get(f"/parcours/entretiens/{world.away.held.id}").has("MARQUEUR-note-privee-2-away")
    world.browser("counsellor").post(f"/parcours/entretiens/{world.home.coming.id}/notes/private", {"text": "x", "base": "0"}, status=410)
    for name, path in (("counsellor", f"/parcours/{world.home.journey.id}"), ("agent", "/mon-bilan"), ("counsellor", "/parcours")):
        assert "MARQUEUR" not in world.browser(name).get(path).text
    world.browser("hr").get("/prescriptions").has("Prénom agent")


def test_a_destruction_is_for_ever_and_keeps_its_date(world):
    vault.destroy_key(world.home.journey.id)
    row = ContentKey.get_by_id(world.home.journey.id)
    first = row.destroyed_at
    vault.destroy_key(world.home.journey.id)
    vault.rotate_master_keys()
    row = ContentKey.get_by_id(world.home.journey.id)
    assert (row.wrapped, row.destroyed_at) == (None, first)
    with pytest.raises(ContentDestroyed):
        vault.cipher(world.home.journey.id)


def test_a_destroyed_key_is_not_on_the_disk_any_more(world, databases):
    if databases.kind != "sqlite":
        pytest.skip("SQLite's own files")
    wrapped = bytes(ContentKey.get_by_id(world.home.journey.id).wrapped)
    vault.destroy_key(world.home.journey.id)
    files = [Path(keystore.obj.database + end) for end in ("", "-wal")]
    assert all(wrapped not in path.read_bytes() for path in files if path.exists())


def test_a_key_that_is_not_there_is_said(app):
    with pytest.raises(KeyMissing):
        vault.cipher(uuid.uuid4())


def test_the_keys_are_not_in_the_main_database(world):
    assert "content_key" not in database.get_tables()
    assert set(keystore.get_tables()) - {"schema_migration"} == {"content_key"}


def test_long_content_of_every_alphabet_comes_back_whole(app):
    with app.test_request_context():
        complaint, _ = file_complaint(happened="é" * 9000 + "👩🏽‍🏫")
    assert type(complaint).get_by_id(complaint.id).content["happened"] == "é" * 9000 + "👩🏽‍🏫"
