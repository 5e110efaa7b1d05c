"""The schedule says everything: no table without a line, no line without a table; each term is seen to the day."""

import datetime

import pytest
import time_machine
from factories import close, make_interview, make_journey, make_person
from journals import backdate

from bilan.closing.rules import Keep
from bilan.complaints.models import Complaint
from bilan.complaints.rules import Reason
from bilan.database import BaseModel, database, now
from bilan.events import Event
from bilan.french import to_paris
from bilan.journal import JournalEntry
from bilan.journeys.models import Journey
from bilan.mail.models import Email
from bilan.people.models import Person, Role
from bilan.pieces.models import Piece
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.privacy import actions
from bilan.privacy.rules import ERASED, SCHEDULE, Kind, Terms, after, countdown, kept_until, older_than, until
from bilan.quality import actions as quality
from bilan.quality.models import QualityReport
from bilan.seals import actions as seals
from bilan.seals.models import JournalSeal

TERMS = Terms(0, 12, 36, 120, 36, 12, 12, 12, 36)
day = datetime.date.fromisoformat


def models(base=BaseModel):
    for one in base.__subclasses__():
        yield from models(one)
        if one is not Piece and one.__module__.startswith("bilan."):
            yield one._meta.table_name


def test_every_table_has_one_line_of_the_schedule(app):
    named = [name for line in SCHEDULE for name in line.tables]
    assert sorted(named) == sorted(set(models())), "a table without a line: say why it is kept, until when, how it ends"
    assert all(TERMS.words(line) and "{" not in TERMS.words(line) for line in SCHEDULE)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (after(day("2024-02-29"), 12), day("2025-02-28")),
        (after(day("2026-11-30"), 3), day("2027-02-28")),
        (until(day("2026-11-24"), 36), day("2029-11-24")),
        (until(day("2026-11-24"), days=3), day("2026-11-27")),
        (older_than(day("2027-11-25"), 12), day("2026-11-24")),
        (older_than(day("2027-03-01"), 3), day("2026-11-30")),
        (older_than(day("2027-02-28"), 3), day("2026-11-27")),
        (kept_until(day("2026-11-24"), Keep.NOTHING, None, TERMS), None),
        (kept_until(day("2026-11-24"), Keep.SYNTHESIS, 6, TERMS), day("2027-05-24")),
        (kept_until(day("2026-11-24"), Keep.FUTURE, 36, TERMS), day("2027-11-24")),
        (countdown(day("2026-12-06"), day("2026-11-24")), "encore 12\u00a0jours"),
        (countdown(day("2027-05-23"), day("2026-11-24")), "encore 5\u00a0mois"),
        (countdown(day("2029-11-23"), day("2026-11-24")), "encore 2\u00a0ans"),
        (countdown(day("2026-11-24"), day("2026-11-24")), "jusqu’à ce soir"),
    ],
)
def test_terms_are_counted_in_whole_days(found, expected):
    assert found == expected


def test_the_public_page_says_the_terms_that_are_set(visitor):
    page = visitor.get("/donnees-personnelles")
    for line in SCHEDULE:
        assert (line.title.replace("\u00a0", " ") in page.text.replace("\u00a0", " ")) is line.public


def test_a_day_of_the_journal_goes_whole_and_the_chain_still_holds(app):
    with app.app_context():
        person = make_person(Role.SECRETARIAT)
        for days in (1200, 1199, 1198, 2):
            JournalEntry.create(event=Event.SIGNED_IN, person=person, created_at=now() - datetime.timedelta(days=days))
        backdate(now() - datetime.timedelta(days=1198), JournalEntry.created_at > now() - datetime.timedelta(days=1))
        seals.seal()
        count = JournalEntry.select().count()
        oldest = JournalSeal.select().order_by(JournalSeal.day).first().day
        assert seals.empty(oldest) == 1
        assert seals.empty(oldest) == 0
        found = seals.verify()
        assert (found.emptied, found.entries, JournalEntry.select().count()) == (1, count - 1, count - 1)
        one = JournalEntry.select().order_by(JournalEntry.created_at).first()
        for refused in (
            JournalEntry.delete().where(JournalEntry.id == one.id),
            JournalSeal.delete().where(JournalSeal.day == oldest),
            JournalSeal.update(count=0).where(JournalSeal.day == oldest),
            JournalSeal.update(emptied_from=None, emptied_until=None).where(JournalSeal.day == oldest),
            # A mark that would reach beyond its own day.
            JournalSeal.update(emptied_from=now() - datetime.timedelta(days=2000), emptied_until=now()).where(
                JournalSeal.emptied_from.is_null()
            ),
        ):
            with pytest.raises(Exception, match="append-only"), database.atomic():
                refused.execute()
        JournalEntry.create(event=Event.SIGNED_IN, person=person, created_at=now() - datetime.timedelta(days=1200))
        with pytest.raises(seals.ChainBroken, match="vidé"):
            seals.verify()


def figures():
    return {one.year: one.figures for one in QualityReport.select()}


def nightly(night):
    start = datetime.datetime.combine(now().date(), datetime.time(23, 30), datetime.UTC)
    return time_machine.travel(start + datetime.timedelta(days=night), tick=False)


def test_over_four_years_each_night_does_what_was_foretold(world):
    closed, foretold, done = world.home.closed_journey, {}, {}
    with world.app.app_context():
        Complaint.update(closed_at=now(), reason=Reason.WITHDRAWN, measure_taken=False).where(Complaint.id == world.complaint.id).execute()
        nights = sorted({0, 1, 2, *range(100, 1500, 100), 181, 182, 183, 364, 366, 367, 1094, 1095, 1096, 1097, 1098})
        for night in nights:
            with nightly(night):
                foretold |= {(one.kind, one.subject_id): one.last for one in actions.forecast(1500 - night)}
                expected = set(actions.forecast(0))
                run = actions.purge()
                assert expected == set(run)
                done |= {(one.kind, one.subject_id): one.last for one in run}
                assert actions.purge() == []
        with nightly(nights[-1]):
            today = to_paris(now()).date()
    assert {key: last for key, last in foretold.items() if last < today} == done
    assert {kind.value for kind, subject in done if subject == closed.id} == {"content", "kept", "administrative"}
    assert Kind.COMPLAINT in {kind for kind, _ in done}
    assert Kind.DRAFT in {kind for kind, _ in done}
    with world.app.app_context():
        assert Person.get_by_id(world.agent.id).display_name == world.agent.display_name, "her open bilan keeps her"
        assert Email.select().where(Email.kind == "keeping_ends").count() == 0, "an e-mail has its time too"


def test_the_figures_of_the_past_are_the_same_once_nothing_is_left_of_it(app):
    with app.test_request_context():
        counsellor = make_person(Role.COUNSELLOR)
        for _ in range(6):
            journey = make_journey(counsellor=counsellor)
            make_interview(journey)
            Prescription.update(state=State.ENDED, ended_at=now(), proposed_for=now()).where(Prescription.id == journey.id).execute()
            close(journey)
        year = now().year
        with nightly(1090):
            actions.purge()
            quality.compute()
            before = figures()[year]
        assert {name for name, found in before.items() if found["whole"]} >= {"interruption", "delay", "no_show"}
        for night in (1100, 1460):
            with nightly(night):
                seals.seal()
                actions.purge()
                quality.compute()
                assert figures()[year] == before
        assert not Journey.select().exists()
        assert not Prescription.select().where(Prescription.agent_name != ERASED).exists()
        assert not JournalEntry.select().where(JournalEntry.created_at < now()).exists()
        assert seals.verify(until=to_paris(now()).date()).emptied
