"""The journal: who did what to which journey, as typed events.

Guarantee: an entry never holds content, only identifiers, kinds and dates; it is
written in the transaction of what it tells.
"""

import enum
import uuid

from peewee import CharField, ForeignKeyField, UUIDField
from playhouse.fields import EnumField

from bilan.database import BaseModel
from bilan.people.models import Person


class Event(enum.StrEnum):
    """What may happen; the value is what the database keeps, for years."""

    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    LINK_SENT = "link_sent"
    PASSWORD_CHOSEN = "password_chosen"  # noqa: S105 -- the name of an event
    PERSON_INVITED = "person_invited"
    ACCOUNT_SUSPENDED = "account_suspended"
    ACCOUNT_REOPENED = "account_reopened"
    PRESCRIPTION_SENT = "prescription_sent"
    PRESCRIPTION_CHANGED = "prescription_changed"
    PRESCRIPTION_WITHDRAWN = "prescription_withdrawn"
    DELAY_EXPLAINED = "delay_explained"
    EMPLOYER_CHANGED = "employer_changed"
    QUOTE_SENT = "quote_sent"
    QUOTE_ACCEPTED = "quote_accepted"
    QUOTE_REFUSED = "quote_refused"
    AGENT_INVITED = "agent_invited"
    PROPOSAL_ACCEPTED = "proposal_accepted"
    PROPOSAL_DECLINED = "proposal_declined"
    REFERENT_NAMED = "referent_named"
    REPLACEMENT_OPENED = "replacement_opened"
    REPLACEMENT_ENDED = "replacement_ended"
    CONFLICT_DECLARED = "conflict_declared"
    CONFLICT_LIFTED = "conflict_lifted"
    JOURNEY_OPENED = "journey_opened"
    JOURNEY_CLOSED = "journey_closed"
    PHASE_CHANGED = "phase_changed"
    SLOTS_OFFERED = "slots_offered"
    SLOT_WITHDRAWN = "slot_withdrawn"
    CALENDAR_OPENED = "calendar_opened"
    CALENDAR_CLOSED = "calendar_closed"
    INTERVIEW_PLANNED = "interview_planned"
    INTERVIEW_BOOKED = "interview_booked"
    INTERVIEW_MOVED = "interview_moved"
    INTERVIEW_CANCELLED = "interview_cancelled"
    INTERVIEW_CLOSED = "interview_closed"
    DIAGNOSTIC_SAVED = "diagnostic_saved"
    DIAGNOSTIC_DECIDED = "diagnostic_decided"
    PROGRAMME_COMMITTED = "programme_committed"
    INTERVIEW_CHANGED = "interview_changed"
    INTERVIEW_HELD = "interview_held"
    NOTE_SAVED = "note_saved"
    INTERVIEW_LOGGED = "interview_logged"
    EXPERIENCE_SAVED = "experience_saved"
    EXPERIENCES_ORDERED = "experiences_ordered"
    EXPERIENCE_REMOVED = "experience_removed"
    SKILL_SAVED = "skill_saved"
    SKILL_REMOVED = "skill_removed"
    CONDITION_SAVED = "condition_saved"
    CONDITION_REMOVED = "condition_removed"
    ASSIGNMENT_GIVEN = "assignment_given"
    ASSIGNMENT_CHANGED = "assignment_changed"
    ASSIGNMENT_WITHDRAWN = "assignment_withdrawn"
    ASSIGNMENT_DONE = "assignment_done"
    ASSIGNMENT_REOPENED = "assignment_reopened"
    ASSIGNMENT_COMMENTED = "assignment_commented"
    ATTACHMENT_ADDED = "attachment_added"
    ATTACHMENT_READ = "attachment_read"
    ATTACHMENT_REMOVED = "attachment_removed"
    MESSAGE_SENT = "message_sent"
    MESSAGE_READ = "message_read"
    JOURNEY_SUSPENDED = "journey_suspended"
    JOURNEY_RESUMED = "journey_resumed"
    JOURNEY_INTERRUPTED = "journey_interrupted"
    MIDWAY_WRITTEN = "midway_written"
    INACTIVITY_TOLD = "inactivity_told"
    PASSATION_ASSIGNED = "passation_assigned"
    PASSATION_WITHDRAWN = "passation_withdrawn"
    PASSATION_STARTED = "passation_started"
    PASSATION_SUBMITTED = "passation_submitted"
    RESULT_RELEASED = "result_released"
    RESULT_COMMENTED = "result_commented"
    COMPLAINT_FILED = "complaint_filed"
    MAIL_SENT_AGAIN = "mail_sent_again"
    MAIL_SETTLED = "mail_settled"


class JournalEntry(BaseModel):
    """One event. `detail` is a word of the code (a phase, a kind of note), never a text of a person."""

    event = EnumField(Event, max_length=40, index=True)
    person = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    journey_id = UUIDField(null=True, index=True)
    subject_id = UUIDField(null=True)
    detail = CharField(max_length=60, default="")


def record(
    event: Event,
    *,
    person: Person | None = None,
    journey_id: uuid.UUID | None = None,
    subject_id: uuid.UUID | None = None,
    detail: str = "",
) -> None:
    """Write one event in the current transaction."""
    JournalEntry.create(event=event, person=person, journey_id=journey_id, subject_id=subject_id, detail=detail)
