"""A backup of yesterday, put back beside today's keys: what was not kept is unreadable, and goes again the next night."""

import datetime

import pytest
import time_machine
from application import close_app
from test_backup import reopened, settings_of

from bilan.backups import sealing
from bilan.backups.making import back_up, renew_keys
from bilan.backups.restoring import restore
from bilan.closing.models import Closing
from bilan.closing.rules import Keep
from bilan.notes.models import Note
from bilan.notes.rules import NoteKind
from bilan.privacy.actions import purge
from bilan.questionnaires.models import Passation
from bilan.synthesis.models import Synthesis
from bilan.vault import ContentDestroyed, ContentKey


@pytest.mark.parametrize("keep", list(Keep))
def test_what_was_not_kept_of_a_bilan_cannot_be_read_from_yesterdays_backup(world, tmp_path, keep):
    settings, journey = settings_of(world.app), world.home.closed_journey
    Closing.update(keep=keep, keep_months=None if keep is Keep.NOTHING else 6).where(Closing.journey == journey.id).execute()
    wrapped = bytes(ContentKey.get_by_id(journey.id).wrapped)
    yesterday = back_up(settings)
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)), world.app.app_context():
        assert purge()
    assert renew_keys(settings)
    sealing.unseal(yesterday.keys, tmp_path / "copied-keys", settings.master_keys)
    for held in (wrapped, wrapped.hex().encode()):
        assert held not in (tmp_path / "copied-keys").read_bytes()
    key = bytes(ContentKey.get_by_id(journey.id).wrapped or b"")
    close_app(world.app)
    restore(settings, yesterday.path, replace=True)
    app = reopened(settings, tmp_path)
    for read in (
        lambda: Note.current(world.home.closed_held, NoteKind.PRIVATE, world.counsellor).text,
        lambda: Synthesis.of_journey(journey).version().content,
        lambda: Passation.get_by_id(world.home.closed_released.id).result,
    ):
        with pytest.raises(ContentDestroyed):
            read()
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)), app.app_context():
        assert purge(), "what the backup brought back is destroyed again"
    assert not Note.select().where(Note.interview == world.home.closed_held.id).exists()
    assert bytes(ContentKey.get_by_id(journey.id).wrapped or b"") == key, "what a newer backup keeps is still opened by it"
    close_app(app)
