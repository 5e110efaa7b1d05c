"""What a person may be to an object, in sentences: pure, and short enough to be read aloud.

The table of permissions.py is made of them.
"""

from typing import Any

from bilan.access.models import OpenSession
from bilan.adaptations.models import AdaptationRequest
from bilan.agenda.models import Slot
from bilan.assignments.models import Attachment
from bilan.confirmations.models import AccountRequest
from bilan.data_requests.models import DataRequest
from bilan.data_requests.rules import State as RequestState
from bilan.disclosure.models import Disclosure
from bilan.exports.models import DataExport
from bilan.hr_review.models import HrReview
from bilan.interviews.models import Interview
from bilan.interviews.rules import InterviewKind
from bilan.journeys.models import Journey
from bilan.passkeys.models import Passkey
from bilan.people.models import Person, Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.privacy.models import Certificate
from bilan.questionnaires.models import Passation


def is_signed_in(_person: Person, _subject: object) -> bool:
    """Anybody with an account."""
    return True


def is_staff(person: Person, _subject: object) -> bool:
    """The team or HR: everybody but the agents."""
    return person.is_staff


def is_own_session(person: Person, opened: OpenSession) -> bool:
    """Whoever signed in there."""
    return opened.person_id == person.id


def is_own_key(person: Person, key: Passkey) -> bool:
    """Whoever added it."""
    return key.person_id == person.id


def is_agent(person: Person, _subject: object) -> bool:
    """An agent (bénéficiaire)."""
    return person.role is Role.AGENT


def is_counsellor(person: Person, _subject: object) -> bool:
    """A counsellor (conseiller référent)."""
    return person.role is Role.COUNSELLOR


def is_hr(person: Person, _subject: object) -> bool:
    """A prescriber, of a known employer."""
    return person.role is Role.HR and person.employer_id is not None


def is_another_pair_of_eyes(person: Person, asked: AccountRequest) -> bool:
    """Neither whoever asked for the change nor whom it is about."""
    return person.id not in (asked.asked_by_id, asked.person_id)


def is_secretariat(person: Person, _subject: object) -> bool:
    """The secretariat."""
    return person.role is Role.SECRETARIAT


def is_manager(person: Person, _subject: object) -> bool:
    """The manager of the centre."""
    return person.role is Role.MANAGER


def is_disability_referent(person: Person, _subject: object) -> bool:
    """The disability referent."""
    return person.role is Role.DISABILITY_REFERENT


def is_requester(person: Person, request: AdaptationRequest) -> bool:
    """The agent who asks for this adaptation."""
    return person.role is Role.AGENT and request.agent_id == person.id


def is_told_of_destruction(person: Person, certificate: Certificate) -> bool:
    """The agent whose content was destroyed."""
    return person.role is Role.AGENT and certificate.agent_id == person.id


def is_asker(person: Person, asked: DataExport | DataRequest) -> bool:
    """The agent whose data it is a copy of, or who asks something about them."""
    return person.role is Role.AGENT and asked.agent_id == person.id


def is_not_withdrawn(_person: Person, request: DataRequest) -> bool:
    """The request was not taken back."""
    return request.state is not RequestState.WITHDRAWN


def is_standing(_person: Person, request: AdaptationRequest) -> bool:
    """The request was not taken back."""
    return request.is_open


def is_not_subject(person: Person, subject: Any) -> bool:
    """Anybody but whom the complaint concerns; `subject` says `about_id`."""
    return subject.about_id != person.id


def is_agent_of_journey(person: Person, subject: object) -> bool:
    """The agent whose bilan it is."""
    return person.role is Role.AGENT and _journey(subject).agent_id == person.id


def is_referent_counsellor(person: Person, subject: object) -> bool:
    """The counsellor of this very bilan."""
    return person.role is Role.COUNSELLOR and _journey(subject).counsellor_id == person.id


def is_replacement_counsellor(person: Person, subject: object) -> bool:
    """The counsellor who replaces the referent of this bilan, until the day that was announced to the agent."""
    journey = _journey(subject)
    return journey.replacement_ends_at is not None and person.role is Role.COUNSELLOR and journey.replacement_id == person.id


def is_open(_person: Person, subject: object) -> bool:
    """The bilan is not closed."""
    return _journey(subject).is_open


def is_closed(_person: Person, subject: object) -> bool:
    """The bilan is closed."""
    return not _journey(subject).is_open


def is_submitted(_person: Person, passation: Passation) -> bool:
    """The agent has handed in her answers."""
    return passation.submitted_at is not None


def is_unsubmitted(_person: Person, passation: Passation) -> bool:
    """The answers are not handed in yet."""
    return passation.submitted_at is None


def is_online(_person: Person, passation: Passation) -> bool:
    """The agent answers herself."""
    return not passation.is_entered


def is_entered(_person: Person, passation: Passation) -> bool:
    """A counsellor types the answers that the agent gives on paper, by phone or in an interview."""
    return passation.is_entered


def is_grid(_person: Person, passation: Passation) -> bool:
    """A guided grid: its answers are sentences, not scores."""
    return passation.instrument.scoring is None


def is_not_started(_person: Person, passation: Passation) -> bool:
    """The agent has not begun to answer."""
    return passation.started_at is None


def is_released(_person: Person, passation: Passation) -> bool:
    """The counsellor has opened the result to the agent."""
    return passation.released_at is not None


def is_prescriber(person: Person, subject: Any) -> bool:
    """An HR officer of the employer that prescribes."""
    prescription = subject if isinstance(subject, Prescription) else subject.prescription
    return is_hr(person, None) and prescription.employer_id == person.employer_id


def is_recipient(person: Person, disclosure: Disclosure) -> bool:
    """The HR officer whom the agent has named, still of her employer."""
    return is_hr(person, None) and disclosure.recipient_id == person.id and disclosure.journey.employer_id == person.employer_id


def is_live(_person: Person, disclosure: Disclosure) -> bool:
    """The agreement was not revoked, has not expired, and its bilan is not closed."""
    return disclosure.is_live


def is_invited(person: Person, review: HrReview) -> bool:
    """The HR officer with whom the agent has accepted a review that was given a date, still of her employer."""
    named = is_hr(person, None) and review.recipient_id == person.id and review.interview_id is not None
    return named and review.journey.employer_id == person.employer_id


def is_between_two(_person: Person, interview: Interview) -> bool:
    """The meeting is not a review with HR, which is moved and given up on its own pages."""
    return interview.kind is not InterviewKind.HR_REVIEW


def is_draft(_person: Person, prescription: Prescription) -> bool:
    """The prescription was not sent."""
    return prescription.state is State.DRAFT


def is_sent(_person: Person, prescription: Prescription) -> bool:
    """The prescription was sent."""
    return prescription.state is not State.DRAFT


def is_before_first_interview(_person: Person, prescription: Prescription) -> bool:
    """The prescription is open and no interview has begun: HR may still correct or withdraw it."""
    return prescription.is_open and not prescription.has_begun


def is_slot_owner(person: Person, slot: Slot) -> bool:
    """The counsellor who offers this slot."""
    return person.role is Role.COUNSELLOR and slot.counsellor_id == person.id


def is_added_by(person: Person, attachment: Attachment) -> bool:
    """Whoever attached this file."""
    return attachment.added_by_id == person.id


def is_pending(_person: Person, interview: Interview) -> bool:
    """Nobody has said what became of the meeting."""
    return interview.is_pending


def _journey(subject: Any) -> Journey:
    return subject if isinstance(subject, Journey) else subject.journey
