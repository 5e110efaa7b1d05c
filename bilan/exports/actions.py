"""Asking for a copy of one's data, making it in the background, taking it, destroying it with its key."""

import logging
import uuid
from typing import Any

from huey import crontab
from peewee import IntegrityError

from bilan import vault
from bilan.database import now, transaction
from bilan.exports.archive import build
from bilan.exports.models import DataExport
from bilan.exports.rules import State
from bilan.journal import Event, record
from bilan.mail.actions import link_to, mail
from bilan.people.models import Person
from bilan.worker import in_application, queue

logger = logging.getLogger("bilan.exports")


@mail("data_ready")
def ready_mail(*, person: Person, export: DataExport) -> dict[str, Any]:
    """Tell an agent that her copy is ready: a link to the page, nothing of it."""
    return {"to": person.email, "name": person.display_name, "last": export.expires_at, "link": link_to("exports.index"), "relayed": False}


def ask_for_export(*, by: Person) -> DataExport:
    """Have a copy made in the place of the one before; one that is being made is the answer to whoever asks again."""
    known = DataExport.of_agent(by)
    if known is not None and known.is_waiting:
        return known
    try:
        with transaction():
            if known is not None:
                DataExport.delete().where(DataExport.id == known.id).execute()
            made = DataExport.create(agent=by)
            vault.create_key(made.id)
            record(Event.DATA_ASKED, person=by, subject_id=made.id)
            make_export_task(str(made.id))
    except IntegrityError:  # asked twice at the very same moment
        made = DataExport.get(DataExport.agent == by.id)
    if known is not None:
        vault.destroy_key(known.id)
    return made


@queue.task()
@in_application
def make_export_task(export_id: str) -> None:
    """Make one copy in the background."""
    make_export(uuid.UUID(export_id))


def make_export(export_id: uuid.UUID) -> None:
    """Make a copy that waits, keep it encrypted and tell its agent; a failure is kept as its state."""
    found = DataExport.by_id(export_id)
    if found is None or found.state is not State.WAITING:
        return
    try:
        content = build(found.agent)
        found.content, found.size, found.state = content, len(content), State.READY
    except Exception:  # whatever it is, somebody waits for a word
        logger.exception("a copy of somebody's data could not be made")
        found.state = State.FAILED
    found.done_at = now()
    try:
        with transaction():
            changed = found.save(only=[DataExport.content, DataExport.size, DataExport.state, DataExport.done_at])
            if changed and found.state is State.READY and found.agent.active:
                ready_mail(person=found.agent, export=found)
    except vault.VaultError:  # removed while it was made: there is nowhere to keep it
        logger.info("a copy was removed while it was made")


def take_export(*, export: DataExport, by: Person) -> bytes:
    """Return the ZIP, and write that it was taken."""
    content = export.content
    with transaction():
        DataExport.update(taken_at=now()).where(DataExport.id == export.id).execute()
        record(Event.DATA_TAKEN, person=by, subject_id=export.id)
    return content


def remove_export(*, export: DataExport, by: Person | None = None) -> None:
    """Remove a copy and destroy its key: no backup opens it any more."""
    vault.destroy_key(export.id)
    with transaction():
        DataExport.delete().where(DataExport.id == export.id).execute()
        record(Event.DATA_REMOVED, person=by, subject_id=export.id)


@queue.periodic_task(crontab(minute="40"))
@in_application
def forget_exports_task() -> None:
    """Each hour: destroy the copies that have had their days."""
    forget_exports()


def forget_exports() -> int:
    """Destroy the copies that have had their days; return how many."""
    overdue = DataExport.overdue()
    for one in overdue:
        remove_export(export=one)
    return len(overdue)
