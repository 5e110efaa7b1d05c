"""Sealing the days that are over, and verifying the chain."""

import datetime
from typing import NamedTuple

from huey import crontab
from peewee import IntegrityError

from bilan import french
from bilan.database import now, transaction
from bilan.journal import JournalEntry
from bilan.seals.models import JournalSeal, first_day, lines
from bilan.seals.rules import DAY, Content, bounds, chained, content_of, newest_sealable
from bilan.worker import in_application, queue

FIRST, LAST = datetime.date(2000, 1, 1), datetime.date(2999, 12, 31)


class ChainBroken(Exception):
    """The journal is not what was sealed: on which day, and how."""

    def __init__(self, day: datetime.date | None, words: str) -> None:
        super().__init__(f"{french.short_day(day)}{french.NBSP}: {words}" if day else words)
        self.day = day


class Verified(NamedTuple):
    """A journal that is what was sealed: how many days and entries were read, the last of their seals, how many days are emptied."""

    days: int
    entries: int
    last: JournalSeal | None
    emptied: int


@queue.periodic_task(crontab(hour="2", minute="30"))
@in_application
def seal_task() -> None:
    """Each night: seal the days that are over."""
    seal()


def seal() -> int:
    """Seal every day that is over and is not sealed, those without entries too; return how many."""
    done = 0
    while (sealed := _seal_next()) is not False:
        done += sealed is True
    return done


def _seal_next() -> bool | None:
    """Seal the day after the last sealed; False when there is none to seal, None when another did it meanwhile."""
    try:
        with transaction():
            last = JournalSeal.last()
            day = last.day + DAY if last else first_day()
            if day is None or day > newest_sealable(now()):
                return False
            content = content_of(lines(day))
            digest = chained(last.digest if last else "", day, content)
            JournalSeal.create(day=day, count=content.entries, content=content.digest, digest=digest)
    except IntegrityError:
        return None
    return True


def empty(until: datetime.date) -> int:
    """Delete the entries of every sealed day until that one, a day in a transaction; return how many. Their seals stay."""
    count = 0
    for one in JournalSeal.full_until(until):
        start, beyond = bounds(one.day, one.day)
        with transaction():
            JournalSeal.update(emptied_from=start, emptied_until=beyond).where(JournalSeal.id == one.id).execute()
            within = (JournalEntry.created_at >= start) & (JournalEntry.created_at < beyond)
            count += JournalEntry.delete().where(within).execute()
    return count


def verify(*, since: datetime.date | None = None, until: datetime.date | None = None, known: str = "") -> Verified:
    """Compute the chain again, a day at a time, and compare. Raises ChainBroken at the first day that differs.

    `known` is a digest that somebody has kept elsewhere: it must be that of a day.
    """
    seals = JournalSeal.between(since or FIRST, until or LAST)
    before = JournalSeal.before(since) if since else None
    _check_start(before)
    for one in seals:
        _check(one, before)
        before = one
    _check_end(before, until)
    if known and not JournalSeal.is_known(known.strip().lower()):
        raise ChainBroken(None, "L’empreinte donnée n’est celle d’aucun jour scellé.")
    return Verified(len(seals), sum(one.count for one in seals if not one.is_emptied), before, sum(one.is_emptied for one in seals))


def _check_start(before: JournalSeal | None) -> None:
    """Refuse entries older than the chain, when it is read from its beginning."""
    chain = JournalSeal.select().order_by(JournalSeal.day).first()
    oldest = first_day()
    if before is None and chain is not None and oldest is not None and oldest < chain.day:
        raise ChainBroken(oldest, "des entrées viennent avant le premier jour scellé.")


def _check(one: JournalSeal, before: JournalSeal | None) -> None:
    if before is not None and one.day != before.day + DAY:
        raise ChainBroken(before.day + DAY, "le sceau manque.")
    found = content_of(lines(one.day))
    if one.is_emptied:
        if found.entries:
            raise ChainBroken(one.day, "ce jour est vidé, et des entrées y sont.")
        found = Content(one.count, one.content)
    if found.entries != one.count:
        entries = french.plural(found.entries, "entrée", "entrées")
        raise ChainBroken(one.day, f"{entries} au lieu de {one.count}. Des entrées ont été retirées ou ajoutées.")
    if found.digest != one.content:
        raise ChainBroken(one.day, "une entrée au moins a changé.")
    if chained(before.digest if before else "", one.day, found) != one.digest:
        raise ChainBroken(one.day, "le sceau ne tient pas à celui de la veille.")


def _check_end(last: JournalSeal | None, until: datetime.date | None) -> None:
    """Refuse that the newest days be without a seal; the one that ends this night may still wait for it."""
    due = newest_sealable(now()) - DAY
    if until is not None:
        due = min(due, until)
    expected = last.day + DAY if last else first_day()
    if expected is not None and expected <= due:
        raise ChainBroken(expected, "le sceau manque.")
