"""The journal is append-only, and whoever changes it all the same is found."""

import concurrent.futures
import datetime
import threading
import uuid

import pytest
from factories import make_person
from journals import rewriting
from peewee import DatabaseError, IntegrityError, SqliteDatabase

from bilan.database import connection, database, now
from bilan.french import to_paris
from bilan.journal import Event, JournalEntry
from bilan.people.models import Person
from bilan.seals import actions
from bilan.seals.models import JournalSeal, lines
from bilan.seals.rules import bounds, newest_sealable

DAY = datetime.timedelta(days=1)
SEALED = 5
WORKERS = 4


def write(day, hour, event=Event.SIGNED_IN, **others):
    moment = bounds(day, day)[0] + datetime.timedelta(hours=hour)
    return JournalEntry.create(event=event, created_at=moment, **others)


@pytest.fixture
def days(app):
    """Five days that are sealed, the middle one without an entry, and an entry of today."""
    with app.app_context():
        last = newest_sealable(now())
        found = [last - back * DAY for back in reversed(range(SEALED))]
        for day in found[:2] + found[3:]:
            for hour in (0, 9, 22):
                write(day, hour, subject_id=uuid.uuid4())
        JournalEntry.create(event=Event.SIGNED_IN)
        assert (actions.seal(), actions.seal()) == (SEALED, 0)
        yield found


def test_each_day_that_is_over_is_sealed_once_the_empty_ones_too(days):
    seals = JournalSeal.between(days[0], to_paris(now()).date())
    assert [(one.day, one.count) for one in seals] == list(zip(days, (3, 3, 0, 3, 3), strict=True))
    found = actions.verify()
    assert (found.days, found.entries, found.last.day) == (SEALED, 12, days[-1])
    assert actions.verify(since=days[1], until=days[3]).days == 3
    assert actions.verify(known=seals[0].digest.upper()).days == SEALED


def test_an_empty_journal_has_no_seal(app):
    with app.app_context():
        assert actions.seal() == 0
        assert actions.verify() == (0, 0, None, 0)


@pytest.mark.parametrize("model", [JournalEntry, JournalSeal])
def test_the_database_refuses_that_what_is_written_changes(days, model):
    before = list(model.select().order_by(model.id).tuples())
    one = model.select().first()
    changes = [model.delete(), model.update(created_at=now()), model.delete().where(model.id == one.id)]
    if isinstance(database.obj, SqliteDatabase):  # which deletes and writes in one word
        changes.append(model.replace(**one.__data__))
    for change in changes:
        with pytest.raises(IntegrityError), database.atomic():
            change.execute()
    assert list(model.select().order_by(model.id).tuples()) == before


def test_whoever_has_an_entry_is_not_deleted(app):
    with app.test_request_context():
        person = make_person()
        with pytest.raises(DatabaseError), database.atomic():
            person.delete_instance()
        assert Person.get_or_none_by_id(person.id)


def changed(days, target):
    JournalEntry.update(event=Event.LINK_SENT).where(JournalEntry.id == target.id).execute()


def made_unknown(days, target):
    database.execute_sql("UPDATE journal_entry SET event = 'no_such_event' WHERE event = 'signed_in'")


def moved_in_the_day(days, target):
    JournalEntry.update(created_at=target.created_at + datetime.timedelta(microseconds=1)).where(JournalEntry.id == target.id).execute()


def deleted(days, target):
    JournalEntry.delete().where(JournalEntry.id == target.id).execute()


def added(days, target):
    write(days[1], 3)


def added_on_an_empty_day(days, target):
    write(days[2], 3)


def added_before_the_chain(days, target):
    write(days[0] - 2 * DAY, 3)


def swapped(days, target):
    other = JournalEntry.select().where(JournalEntry.created_at > target.created_at).order_by(JournalEntry.created_at).first()
    for one, moment in ((target, other.created_at), (other, target.created_at)):
        JournalEntry.update(created_at=moment).where(JournalEntry.id == one.id).execute()


def without_a_seal(days, target):
    JournalSeal.delete().where(JournalSeal.day == days[1]).execute()


def without_the_first_seal(days, target):
    JournalSeal.delete().where(JournalSeal.day == days[0]).execute()


def without_the_last_seals(days, target):
    JournalSeal.delete().where(JournalSeal.day >= days[3]).execute()


def without_any_seal(days, target):
    JournalSeal.delete().execute()


def sealed_again(days, target):
    """A day rewritten with a seal of its own content that does not hold on to the day before."""
    JournalSeal.update(digest="0" * 64).where(JournalSeal.day == days[1]).execute()


@pytest.mark.parametrize(
    ("tamper", "rank", "words"),
    [
        (changed, 1, "a changé"),
        (made_unknown, 0, "a changé"),
        (moved_in_the_day, 1, "a changé"),
        (swapped, 1, "a changé"),
        (deleted, 1, "2 entrées au lieu de 3"),
        (added, 1, "4 entrées au lieu de 3"),
        (added_on_an_empty_day, 2, "1 entrée au lieu de 0"),
        (added_before_the_chain, -2, "avant le premier jour"),
        (without_a_seal, 1, "le sceau manque"),
        (without_the_first_seal, 0, "avant le premier jour"),
        (without_the_last_seals, 3, "le sceau manque"),
        (without_any_seal, 0, "le sceau manque"),
        (sealed_again, 1, "ne tient pas"),
    ],
)
def test_what_was_planted_is_found_on_its_day(days, app, tamper, rank, words):
    target = JournalEntry.get_by_id(next(lines(days[1])).id)
    with rewriting():
        tamper(days, target)
    with pytest.raises(actions.ChainBroken) as broken:
        actions.verify()
    assert broken.value.day == days[0] + rank * DAY
    outcome = app.test_cli_runner().invoke(args=["journal", "verify"])
    assert outcome.exit_code == 1
    assert words in outcome.output.replace("\u00a0", " ")


def test_a_chain_rewritten_whole_is_found_by_a_digest_that_was_kept(days, app):
    kept = JournalSeal.last().digest
    with rewriting():
        JournalEntry.delete().where(JournalEntry.id == next(lines(days[1])).id).execute()
        JournalSeal.delete().execute()
    actions.seal()
    assert actions.verify().days == SEALED
    with pytest.raises(actions.ChainBroken):
        actions.verify(known=kept)


def test_the_command_says_what_was_read_in_one_sentence(days, app):
    outcome = app.test_cli_runner().invoke(args=["journal", "verify", "--from", days[1].isoformat(), "--to", days[3].isoformat()])
    assert outcome.exit_code == 0
    assert "3 jours, 6 entrées : rien n’a changé." in outcome.output.replace("\u00a0", " ")
    assert "0 jour scellé" in app.test_cli_runner().invoke(args=["journal", "seal"]).output.replace("\u00a0", " ")


def test_the_night_after_a_day_is_waited_for_and_no_longer(days):
    with rewriting():
        JournalSeal.delete().where(JournalSeal.day == days[-1]).execute()
    assert actions.verify().days == SEALED - 1


def test_several_workers_at_once_make_one_chain(app):
    with app.app_context():
        first = newest_sealable(now()) - (SEALED - 1) * DAY
        write(first, 1)
    ready = threading.Barrier(WORKERS)

    def work(_rank):
        with app.app_context(), connection():
            ready.wait(60)
            return actions.seal()

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        assert sum(pool.map(work, range(WORKERS))) == SEALED
    with app.app_context():
        assert actions.verify().days == SEALED
