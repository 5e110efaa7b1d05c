"""The nightly destruction: what goes is unreadable in yesterday's backup too; what is kept is read; a kill on the way is mended."""

import datetime
import json

import pytest
import time_machine
from cryptography.fernet import InvalidToken

from bilan import vault
from bilan.closing.models import Closing
from bilan.closing.rules import Keep
from bilan.database import database, now
from bilan.journeys.models import Journey
from bilan.mail.models import Email
from bilan.plans.models import Step
from bilan.privacy import actions, clearing, contents
from bilan.privacy.models import Certificate, dues, terms
from bilan.privacy.rules import Kind, Method
from bilan.synthesis.models import Synthesis
from bilan.vault import ContentDestroyed


@pytest.fixture(autouse=True)
def _in_application(world):
    with world.app.app_context():
        yield


CHOICES = [Keep.NOTHING, Keep.SYNTHESIS, Keep.FUTURE]


def choose(journey, keep, months=6):
    Closing.update(keep=keep, keep_months=None if keep is Keep.NOTHING else months).where(Closing.journey == journey.id).execute()


def travel(**later):
    return time_machine.travel(now().replace(tzinfo=datetime.UTC) + datetime.timedelta(**later), tick=False)


def sealed_cells(journey):
    """Return every encrypted cell that the bilan's key opens, by table and column."""
    opened, found = vault.cipher(journey.id), {}
    for table in database.get_tables():
        for column in database.get_columns(table):
            if column.data_type.upper() in ("BLOB", "BYTEA"):
                cells = [bytes(cell) for (cell,) in database.execute_sql(f'SELECT "{column.name}" FROM "{table}"').fetchall() if cell]
                if held := [cell for cell in cells if opens(opened, cell)]:
                    found[table, column.name] = held
    return found


def opens(opened, cell):
    try:
        opened.decrypt(cell)
    except InvalidToken:
        return False
    return True


def said(journey):
    synthesis = Synthesis.of_journey(journey)
    return synthesis.version().content


def words_of_plan(journey):
    return [step.content["action"] for step in Step.of_journey(journey)]


KEPT_CELLS = {
    Keep.NOTHING: set(),
    Keep.SYNTHESIS: {("closing", "need"), ("synthesis", "digest"), ("synthesis_version", "content"), ("synthesis_paper", "content")},
}
KEPT_CELLS[Keep.FUTURE] = KEPT_CELLS[Keep.SYNTHESIS] | {
    ("step", "content"),
    ("step", "review"),
    ("scenario", "content"),
    ("scenario", "own"),
}


@pytest.mark.parametrize("keep", CHOICES)
def test_what_was_not_kept_is_unreadable_and_yesterdays_backup_too(world, keep):
    journey = world.home.closed_journey
    choose(journey, keep)
    document, plan = said(journey), words_of_plan(journey)
    yesterday = sealed_cells(journey)
    assert len(yesterday) > 20
    with travel(days=1):
        actions.purge()
        certificate = Certificate.of_journey(journey.id, Kind.CONTENT)
        assert certificate.completed_at
        assert certificate.method is (Method.KEY if keep is Keep.NOTHING else Method.RENEWED)
        if keep is Keep.NOTHING:
            with pytest.raises(ContentDestroyed):
                said(journey)
        else:
            opened = vault.cipher(journey.id)
            assert not any(opens(opened, cell) for cells in yesterday.values() for cell in cells)
            assert set(sealed_cells(journey)) == KEPT_CELLS[keep]
            assert said(journey) == document
            assert Closing.of_journey(journey).need
        assert words_of_plan(journey) == (plan if keep is Keep.FUTURE else [])
        gone = [model for key, model, query in contents.holdings(journey.id) if query.exists()]
        assert len(gone) == {Keep.NOTHING: 0, Keep.SYNTHESIS: 2, Keep.FUTURE: 4}[keep]
        assert vault.cipher(world.home.journey.id), "an open bilan is not touched"
        assert sealed_cells(world.home.journey)


def test_the_certificate_counts_what_was_there(world):
    journey = world.home.closed_journey
    choose(journey, Keep.NOTHING)
    there = {}
    for key, _, query in contents.holdings(journey.id):
        there[key] = there.get(key, 0) + query.count()
    with travel(days=1):
        actions.purge()
        told = json.loads(Certificate.of_journey(journey.id, Kind.CONTENT).counts)
    assert {key: count for key, count in told.items() if key != "words"} == {key: count for key, count in there.items() if count}
    assert set(there) >= {"answers", "notes", "path", "work", "leads", "told", "synthesis", "future"}
    assert all(there[key] for key in ("answers", "notes", "path", "work", "synthesis", "future"))


class Killed(BaseException):
    """The process ends there."""


STEPS = [
    ("begin_renewal", vault, "begin_renewal"),
    ("encrypt_again", clearing, "encrypt_again"),
    ("delete_content", clearing, "delete_content"),
    ("record", clearing, "record"),
    ("end_renewal", vault, "end_renewal"),
    ("mail", actions, "destroyed_mail"),
]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS, ids=[one[0] for one in STEPS])
@pytest.mark.parametrize("keep", [Keep.NOTHING, Keep.FUTURE])
def test_killed_on_the_way_nothing_kept_is_lost_and_the_next_run_ends_it(world, monkeypatch, keep, step, when):
    _, module, name = step
    if keep is Keep.NOTHING:
        module, name = {"begin_renewal": (vault, "destroy_key"), "end_renewal": (vault, "destroy_key")}.get(name, (module, name))
        if name == "encrypt_again":
            pytest.skip("nothing is encrypted again")
    journey, real = world.home.closed_journey, getattr(module, name)
    choose(journey, keep)
    document, plan, yesterday = said(journey), words_of_plan(journey), sealed_cells(journey)

    def die(*args, **kwargs):
        if when == "after":
            real(*args, **kwargs)
        raise Killed

    with travel(days=1):
        with monkeypatch.context() as patched:
            patched.setattr(module, name, die)
            with pytest.raises(Killed):
                actions.purge()
        if keep is Keep.FUTURE:
            assert said(journey) == document
            assert words_of_plan(journey) == plan
        actions.purge()
        certificate = Certificate.of_journey(journey.id, Kind.CONTENT)
        assert certificate.completed_at
        if keep is Keep.FUTURE:
            assert said(journey) == document
            assert words_of_plan(journey) == plan
            opened = vault.cipher(journey.id)
            assert not any(opens(opened, cell) for cells in yesterday.values() for cell in cells)
            assert set(sealed_cells(journey)) == KEPT_CELLS[keep]
        else:
            assert not vault.opens(journey.id)
        assert [query.count() for _, model, query in contents.holdings(journey.id) if model not in contents.kept_of(journey.id, keep)] == [
            0 for _, model, _ in contents.holdings(journey.id) if model not in contents.kept_of(journey.id, keep)
        ]
        told = [one for one in Email.select().where(Email.kind == "content_destroyed") if str(certificate.id) in one.envelope["body"]]
        assert len(told) == 1
        before = Certificate.select().count(), Email.select().count()
        assert actions.purge() == []
        assert (Certificate.select().count(), Email.select().count()) == before


def test_what_is_given_up_after_the_closing_goes_in_the_night(world):
    journey = world.home.closed_journey
    choose(journey, Keep.FUTURE)
    with travel(days=1):
        actions.purge()
        assert said(journey)
    with travel(days=10):
        assert actions.stop_keeping(journey=journey, by=world.agent)
        assert not actions.stop_keeping(journey=journey, by=world.agent)
        actions.purge()
        assert said(journey), "not before the night"
    with travel(days=11):
        actions.purge()
        assert Certificate.of_journey(journey.id, Kind.KEPT).completed_at
        with pytest.raises(ContentDestroyed):
            said(journey)
        assert actions.purge() == []


def test_nothing_goes_the_day_before(world):
    journey = world.home.closed_journey
    choose(journey, Keep.SYNTHESIS, months=6)
    with travel():
        actions.purge()
        assert Certificate.of_journey(journey.id, Kind.CONTENT) is None
        last = {one.kind: one.last for one in dues(terms()) if one.subject_id == journey.id}
    with travel(days=1):
        actions.purge()
    for kind in (Kind.KEPT, Kind.ADMINISTRATIVE):
        evening = datetime.datetime.combine(last[kind], datetime.time(21), datetime.UTC)
        with time_machine.travel(evening, tick=False):
            actions.purge()
            assert said(journey) if kind is Kind.KEPT else Journey.get_or_none_by_id(journey.id)
        with time_machine.travel(evening + datetime.timedelta(hours=4), tick=False):
            actions.purge()
            if kind is Kind.KEPT:
                with pytest.raises(ContentDestroyed):
                    said(journey)
            assert kind is Kind.KEPT or Journey.get_or_none_by_id(journey.id) is None
