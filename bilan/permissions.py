"""Who may do what, on one screen.

Guarantees: a view that declares neither a permission nor to be public cannot be reached;
an object reaches a view only through the loader of the view's permission, which
authorises it; a refusal looks like an address that does not exist (404).
"""

import enum
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, NoReturn, TypeVar

from flask import Flask, abort, current_app, request
from flask_login import current_user

from bilan.access.models import OpenSession
from bilan.adaptations.models import AdaptationRequest
from bilan.agenda.models import Slot
from bilan.assignments.models import Assignment, Attachment
from bilan.careers.models import Condition, Experience, Skill
from bilan.complaints.models import Complaint, ComplaintEntry, ComplaintFile
from bilan.confirmations.models import AccountRequest
from bilan.data_requests.models import DataRequest
from bilan.disclosure.models import Disclosure, Statement
from bilan.evidence.models import EvidenceFile
from bilan.exports.models import DataExport
from bilan.hr_review.models import HrReview
from bilan.improvement.models import Improvement
from bilan.interviews.models import Interview
from bilan.journeys.models import Journey
from bilan.leads.models import Lead, Survey
from bilan.mail.models import Notice
from bilan.measures.models import Measure
from bilan.passkeys.models import Passkey
from bilan.people.models import Employer, Person
from bilan.plans.models import Step
from bilan.predicates import (
    is_added_by,
    is_agent,
    is_agent_of_journey,
    is_another_pair_of_eyes,
    is_asker,
    is_before_first_interview,
    is_between_two,
    is_closed,
    is_counsellor,
    is_disability_referent,
    is_draft,
    is_entered,
    is_grid,
    is_hr,
    is_invited,
    is_live,
    is_manager,
    is_not_started,
    is_not_subject,
    is_not_withdrawn,
    is_online,
    is_open,
    is_own_key,
    is_own_session,
    is_pending,
    is_prescriber,
    is_recipient,
    is_referent_counsellor,
    is_released,
    is_replacement_counsellor,
    is_requester,
    is_secretariat,
    is_sent,
    is_signed_in,
    is_slot_owner,
    is_staff,
    is_standing,
    is_submitted,
    is_told_of_destruction,
    is_unsubmitted,
)
from bilan.prescriptions.models import Prescription
from bilan.privacy.models import Certificate
from bilan.questionnaires.models import Passation
from bilan.quotes.models import Quote
from bilan.readings.actions import note_reading
from bilan.results.models import Finding
from bilan.scenarios.models import Scenario
from bilan.synthesis.models import SynthesisPaper
from bilan.verbatims import models as verbatims
from bilan.verbatims.models import Theme

logger = logging.getLogger("bilan.permissions")
View = TypeVar("View", bound=Callable[..., Any])
Predicate = Callable[[Person, Any], bool]


class Permission(enum.StrEnum):
    """What a view lets a person do."""

    USE_OWN_ACCOUNT = "use_own_account"
    KEEP_SECOND_FACTOR = "keep_second_factor"
    REMOVE_PASSKEY = "remove_passkey"
    CLOSE_SESSION = "close_session"
    SEE_OWN_BILAN = "see_own_bilan"
    READ_TOGETHER = "read_together"
    WRITE_TOGETHER = "write_together"
    READ_OWN_JOURNEY = "read_own_journey"
    WRITE_OWN_JOURNEY = "write_own_journey"
    WRITE_EXPERIENCE = "write_experience"
    WRITE_SKILL = "write_skill"
    WRITE_CONDITION = "write_condition"
    READ_PASSATION = "read_passation"
    ANSWER_PASSATION = "answer_passation"
    SUBMIT_PASSATION = "submit_passation"
    ENTER_PASSATION = "enter_passation"
    READ_SHARED_NOTE = "read_shared_note"
    SEE_OWN_JOURNEYS = "see_own_journeys"
    READ_JOURNEY = "read_journey"
    WRITE_JOURNEY = "write_journey"
    READ_INTERVIEW = "read_interview"
    WRITE_INTERVIEW = "write_interview"
    READ_RESULT = "read_result"
    WRITE_RESULT = "write_result"
    DEBRIEF_RESULT = "debrief_result"
    KEEP_RESULT_OUT = "keep_result_out"
    CARRY_RESULT = "carry_result"
    WRITE_FINDING = "write_finding"
    WRITE_STATEMENT = "write_statement"
    REVOKE_DISCLOSURE = "revoke_disclosure"
    READ_DISCLOSURE = "read_disclosure"
    ANSWER_HR_REVIEW = "answer_hr_review"
    RUN_HR_REVIEW = "run_hr_review"
    READ_HR_REVIEW = "read_hr_review"
    READ_LEAD = "read_lead"
    WRITE_LEAD = "write_lead"
    SORT_LEAD = "sort_lead"
    WRITE_SURVEY = "write_survey"
    WRITE_SCENARIO = "write_scenario"
    CHOOSE_SCENARIO = "choose_scenario"
    WRITE_STEP = "write_step"
    REVIEW_PLAN = "review_plan"
    REVIEW_STEP = "review_step"
    READ_SYNTHESIS_PAPER = "read_synthesis_paper"
    WITHDRAW_PASSATION = "withdraw_passation"
    FOLLOW_PRESCRIPTIONS = "follow_prescriptions"
    READ_PRESCRIPTION = "read_prescription"
    WRITE_PRESCRIPTION = "write_prescription"
    SEND_PRESCRIPTION = "send_prescription"
    DISCARD_DRAFT = "discard_draft"
    WITHDRAW_PRESCRIPTION = "withdraw_prescription"
    ANSWER_QUOTE = "answer_quote"
    READ_QUOTE = "read_quote"
    RUN_RECEPTION = "run_reception"
    TREAT_PRESCRIPTION = "treat_prescription"
    MANAGE_EMPLOYER = "manage_employer"
    BOOK_FOR_AGENT = "book_for_agent"
    MOVE_FOR_AGENT = "move_for_agent"
    MOVE_OWN_INTERVIEW = "move_own_interview"
    READ_OWN_INTERVIEW = "read_own_interview"
    SEE_AGENDA = "see_agenda"
    OFFER_SLOTS = "offer_slots"
    WITHDRAW_SLOT = "withdraw_slot"
    FOLLOW_QUALITY = "follow_quality"
    SORT_VERBATIM = "sort_verbatim"
    KEEP_THEME = "keep_theme"
    FOLLOW_PLAN = "follow_plan"
    READ_IMPROVEMENT = "read_improvement"
    WRITE_IMPROVEMENT = "write_improvement"
    IMPROVE_COMPLAINT = "improve_complaint"
    READ_EVIDENCE = "read_evidence"
    READ_COMPLAINT = "read_complaint"
    READ_COMPLAINT_ENTRY = "read_complaint_entry"
    READ_COMPLAINT_FILE = "read_complaint_file"
    KEEP_REGISTER = "keep_register"
    LOG_COMPLAINT = "log_complaint"
    READ_OUTBOX_MAIL = "read_outbox_mail"
    ASK_ADAPTATION = "ask_adaptation"
    READ_OWN_ADAPTATION = "read_own_adaptation"
    CHANGE_OWN_ADAPTATION = "change_own_adaptation"
    READ_CERTIFICATE = "read_certificate"
    TAKE_EXPORT = "take_export"
    STOP_KEEPING = "stop_keeping"
    ASK_ABOUT_DATA = "ask_about_data"
    READ_OWN_DATA_REQUEST = "read_own_data_request"
    TREAT_DATA_REQUEST = "treat_data_request"
    FOLLOW_ADAPTATIONS = "follow_adaptations"
    READ_ADAPTATION = "read_adaptation"
    TREAT_ADAPTATION = "treat_adaptation"
    TREAT_MEASURE = "treat_measure"
    TELL_NOTICE = "tell_notice"
    MANAGE_ACCOUNT = "manage_account"
    READ_ACCOUNT_REQUESTS = "read_account_requests"
    DECIDE_ACCOUNT_REQUEST = "decide_account_request"
    READ_ASSIGNMENT = "read_assignment"
    COMMENT_ASSIGNMENT = "comment_assignment"
    TICK_ASSIGNMENT = "tick_assignment"
    WRITE_ASSIGNMENT = "write_assignment"
    READ_ATTACHMENT = "read_attachment"
    REMOVE_ATTACHMENT = "remove_attachment"


@dataclass(frozen=True)
class Grant:
    """Any of (all of predicates), on the object that the loader finds by its identifier."""

    any_of: tuple[tuple[Predicate, ...], ...]
    load: Callable[[Any], Any] | None = None

    def allows(self, person: Person, subject: object) -> bool:
        """Whether one of the alternatives holds entirely."""
        return any(all(predicate(person, subject) for predicate in every) for every in self.any_of)


OF_COUNSELLOR = ((is_referent_counsellor,), (is_replacement_counsellor,))


def of_counsellor(*conditions: Predicate) -> tuple[tuple[Predicate, ...], ...]:
    """Return the alternatives of whoever accompanies the agent: the referent, or the replacement while it lasts."""
    return tuple((*every, *conditions) for every in OF_COUNSELLOR)


def of_both(*conditions: Predicate) -> tuple[tuple[Predicate, ...], ...]:
    """Return the alternatives of the two people of a bilan: its agent, and whoever accompanies her."""
    return ((is_agent_of_journey, *conditions), *of_counsellor(*conditions))


def of_whoever_answers(*conditions: Predicate) -> tuple[tuple[Predicate, ...], ...]:
    """Return the alternatives of whoever gives the answers: the agent online, else the counsellor who types them."""
    return ((is_agent_of_journey, is_online, *conditions), *of_counsellor(is_entered, *conditions))


def of_keepers() -> tuple[tuple[Predicate, ...], ...]:
    """Return the alternatives of whoever keeps the register of complaints, but for those that concern her."""
    return ((is_secretariat, is_not_subject), (is_manager, is_not_subject))


GRANTS: dict[Permission, Grant] = {
    Permission.USE_OWN_ACCOUNT: Grant(((is_signed_in,),)),
    Permission.KEEP_SECOND_FACTOR: Grant(((is_staff,),)),
    Permission.REMOVE_PASSKEY: Grant(((is_own_key,),), Passkey.get_or_none_by_id),
    Permission.CLOSE_SESSION: Grant(((is_own_session,),), OpenSession.get_or_none_by_id),
    Permission.SEE_OWN_BILAN: Grant(((is_agent,),)),
    Permission.READ_TOGETHER: Grant(of_both(), Journey.by_id_with_people),
    Permission.READ_OWN_JOURNEY: Grant(((is_agent_of_journey,),), Journey.by_id_with_people),
    Permission.WRITE_OWN_JOURNEY: Grant(((is_agent_of_journey, is_open),), Journey.by_id_with_people),
    Permission.WRITE_TOGETHER: Grant(of_both(is_open), Journey.by_id_with_people),
    Permission.WRITE_EXPERIENCE: Grant(of_both(is_open), Experience.by_id_with_people),
    Permission.WRITE_SKILL: Grant(of_both(is_open), Skill.by_id_with_people),
    Permission.WRITE_CONDITION: Grant(of_both(is_open), Condition.by_id_with_people),
    Permission.ANSWER_PASSATION: Grant(of_whoever_answers(is_open), Passation.by_id_with_journey),
    Permission.SUBMIT_PASSATION: Grant(of_whoever_answers(is_open), Passation.by_id_with_people),
    Permission.READ_PASSATION: Grant(
        ((is_agent_of_journey,), *of_counsellor(is_entered), *of_counsellor(is_submitted)), Passation.by_id_with_people
    ),
    Permission.READ_RESULT: Grant(((is_agent_of_journey, is_released), *of_counsellor(is_submitted)), Passation.by_id_with_people),
    Permission.WRITE_RESULT: Grant(
        ((is_agent_of_journey, is_released, is_open), *of_counsellor(is_submitted, is_open)), Passation.by_id_with_people
    ),
    Permission.CARRY_RESULT: Grant(
        ((is_agent_of_journey, is_released, is_grid, is_open), *of_counsellor(is_submitted, is_grid, is_open)), Passation.by_id_with_people
    ),
    Permission.KEEP_RESULT_OUT: Grant(((is_agent_of_journey, is_released, is_open),), Passation.by_id_with_people),
    Permission.WRITE_FINDING: Grant(of_both(is_open), Finding.by_id_with_people),
    Permission.WRITE_STATEMENT: Grant(of_both(is_open), Statement.by_id_with_people),
    Permission.REVOKE_DISCLOSURE: Grant(((is_agent_of_journey,),), Disclosure.by_id_with_people),
    # No role overrides it: the person whom the agent has named, while the agreement lives.
    Permission.READ_DISCLOSURE: Grant(((is_recipient, is_live),), Disclosure.by_id_with_people),
    Permission.ANSWER_HR_REVIEW: Grant(((is_agent_of_journey, is_open),), HrReview.by_id_with_people),
    Permission.RUN_HR_REVIEW: Grant(of_counsellor(is_open), HrReview.by_id_with_people),
    # The meeting; its minutes are asked for apart, and are read while the agreement lives.
    Permission.READ_HR_REVIEW: Grant(((is_invited,),), HrReview.by_id_with_people),
    Permission.READ_LEAD: Grant(of_both(), Lead.by_id_with_people),
    Permission.WRITE_LEAD: Grant(of_both(is_open), Lead.by_id_with_people),
    Permission.SORT_LEAD: Grant(((is_agent_of_journey, is_open),), Lead.by_id_with_people),
    Permission.WRITE_SURVEY: Grant(of_both(is_open), Survey.by_id_with_people),
    Permission.WRITE_SCENARIO: Grant(of_both(is_open), Scenario.by_id_with_people),
    Permission.CHOOSE_SCENARIO: Grant(((is_agent_of_journey, is_open),), Scenario.by_id_with_people),
    Permission.WRITE_STEP: Grant(of_both(is_open), Step.by_id_with_people),
    Permission.REVIEW_PLAN: Grant(((is_agent_of_journey, is_closed),), Journey.by_id_with_people),
    Permission.REVIEW_STEP: Grant(((is_agent_of_journey, is_closed),), Step.by_id_with_people),
    Permission.READ_SYNTHESIS_PAPER: Grant(of_both(), SynthesisPaper.by_id_with_people),
    Permission.READ_SHARED_NOTE: Grant(((is_agent_of_journey,),), Interview.by_id_with_people),
    Permission.SEE_OWN_JOURNEYS: Grant(((is_counsellor,),)),
    Permission.READ_JOURNEY: Grant(of_counsellor(), Journey.by_id_with_people),
    Permission.WRITE_JOURNEY: Grant(of_counsellor(is_open), Journey.by_id_with_people),
    Permission.READ_INTERVIEW: Grant(of_counsellor(), Interview.by_id_with_people),
    Permission.WRITE_INTERVIEW: Grant(of_counsellor(is_open), Interview.by_id_with_people),
    Permission.DEBRIEF_RESULT: Grant(of_counsellor(is_submitted, is_open), Passation.by_id_with_people),
    Permission.ENTER_PASSATION: Grant(of_counsellor(is_unsubmitted, is_open), Passation.by_id_with_people),
    Permission.WITHDRAW_PASSATION: Grant(of_counsellor(is_not_started, is_open), Passation.by_id_with_people),
    Permission.FOLLOW_PRESCRIPTIONS: Grant(((is_hr,),)),
    Permission.READ_PRESCRIPTION: Grant(((is_prescriber, is_sent),), Prescription.for_hr),
    Permission.WRITE_PRESCRIPTION: Grant(((is_prescriber, is_draft), (is_prescriber, is_before_first_interview)), Prescription.for_hr),
    Permission.SEND_PRESCRIPTION: Grant(((is_prescriber,),), Prescription.for_hr),
    Permission.DISCARD_DRAFT: Grant(((is_prescriber, is_draft),), Prescription.for_hr),
    Permission.WITHDRAW_PRESCRIPTION: Grant(((is_prescriber, is_before_first_interview),), Prescription.for_hr),
    Permission.ANSWER_QUOTE: Grant(((is_prescriber,),), Quote.by_id_with_prescription),
    Permission.READ_QUOTE: Grant(((is_prescriber,), (is_secretariat,)), Quote.by_id_with_prescription),
    Permission.RUN_RECEPTION: Grant(((is_secretariat,),)),
    Permission.TREAT_PRESCRIPTION: Grant(((is_secretariat, is_sent),), Prescription.for_secretariat),
    Permission.MANAGE_EMPLOYER: Grant(((is_secretariat,),), Employer.get_or_none_by_id),
    Permission.BOOK_FOR_AGENT: Grant(((is_secretariat, is_open),), Journey.by_id_with_people),
    Permission.MOVE_FOR_AGENT: Grant(((is_secretariat, is_open, is_pending, is_between_two),), Interview.by_id_with_people),
    Permission.MOVE_OWN_INTERVIEW: Grant(((is_agent_of_journey, is_open, is_pending, is_between_two),), Interview.by_id_with_people),
    Permission.READ_OWN_INTERVIEW: Grant(of_both(), Interview.by_id_with_people),
    Permission.SEE_AGENDA: Grant(((is_counsellor,), (is_secretariat,))),
    Permission.OFFER_SLOTS: Grant(((is_counsellor,),)),
    Permission.WITHDRAW_SLOT: Grant(((is_slot_owner,),), Slot.get_or_none_by_id),
    Permission.FOLLOW_QUALITY: Grant(((is_manager,),)),
    # Once its surveys are closed: the loader finds no other.
    Permission.SORT_VERBATIM: Grant(((is_manager,),), verbatims.by_id),
    Permission.KEEP_THEME: Grant(((is_manager,),), Theme.get_or_none_by_id),
    Permission.FOLLOW_PLAN: Grant(((is_secretariat,), (is_manager,))),
    Permission.READ_IMPROVEMENT: Grant(((is_secretariat,), (is_manager,)), Improvement.by_id_with_people),
    Permission.WRITE_IMPROVEMENT: Grant(((is_manager,),), Improvement.by_id_with_people),
    Permission.IMPROVE_COMPLAINT: Grant(((is_manager, is_not_subject),), Complaint.by_id_with_people),
    Permission.READ_EVIDENCE: Grant(((is_manager,),), EvidenceFile.by_id),
    Permission.KEEP_REGISTER: Grant(((is_secretariat,), (is_manager,))),
    Permission.LOG_COMPLAINT: Grant(((is_secretariat,), (is_manager,), (is_counsellor,))),
    # Never whom it concerns, whatever the role.
    Permission.READ_COMPLAINT: Grant(of_keepers(), Complaint.by_id_with_people),
    Permission.READ_COMPLAINT_ENTRY: Grant(of_keepers(), ComplaintEntry.by_id_with_complaint),
    Permission.READ_COMPLAINT_FILE: Grant(of_keepers(), ComplaintFile.by_id_with_complaint),
    Permission.READ_OUTBOX_MAIL: Grant(((is_secretariat, is_not_subject),), Complaint.email_by_id),
    Permission.ASK_ADAPTATION: Grant(((is_agent,),)),
    Permission.READ_OWN_ADAPTATION: Grant(((is_requester,),), AdaptationRequest.get_or_none_by_id),
    Permission.CHANGE_OWN_ADAPTATION: Grant(((is_requester, is_standing),), AdaptationRequest.get_or_none_by_id),
    Permission.READ_CERTIFICATE: Grant(((is_told_of_destruction,),), Certificate.by_id_with_agent),
    Permission.STOP_KEEPING: Grant(((is_agent_of_journey, is_closed),), Journey.by_id_with_people),
    Permission.ASK_ABOUT_DATA: Grant(((is_agent,),)),
    Permission.READ_OWN_DATA_REQUEST: Grant(((is_asker,),), DataRequest.get_or_none_by_id),
    # Neither the manager nor anybody else; nothing of one that was taken back.
    Permission.TREAT_DATA_REQUEST: Grant(((is_secretariat, is_not_withdrawn),), DataRequest.by_id_with_agent),
    Permission.TAKE_EXPORT: Grant(((is_asker,),), DataExport.by_id),
    Permission.FOLLOW_ADAPTATIONS: Grant(((is_disability_referent,),)),
    # The loader gives what the person shows, and nothing else.
    Permission.READ_ADAPTATION: Grant(((is_disability_referent,),), AdaptationRequest.for_referent),
    Permission.TREAT_ADAPTATION: Grant(((is_disability_referent, is_standing),), AdaptationRequest.for_referent),
    Permission.TREAT_MEASURE: Grant(((is_disability_referent,),), Measure.by_id_with_request),
    Permission.TELL_NOTICE: Grant(((is_secretariat,),), Notice.by_id_with_email),
    Permission.MANAGE_ACCOUNT: Grant(((is_secretariat,),), Person.get_or_none_by_id),
    Permission.READ_ACCOUNT_REQUESTS: Grant(((is_secretariat,), (is_manager,))),
    Permission.DECIDE_ACCOUNT_REQUEST: Grant(
        ((is_secretariat, is_another_pair_of_eyes), (is_manager, is_another_pair_of_eyes)), AccountRequest.pending_by_id
    ),
    Permission.READ_ASSIGNMENT: Grant(of_both(), Assignment.by_id_with_people),
    Permission.COMMENT_ASSIGNMENT: Grant(of_both(is_open), Assignment.by_id_with_people),
    Permission.TICK_ASSIGNMENT: Grant(((is_agent_of_journey, is_open),), Assignment.by_id_with_people),
    Permission.WRITE_ASSIGNMENT: Grant(of_counsellor(is_open), Assignment.by_id_with_people),
    Permission.READ_ATTACHMENT: Grant(of_both(), Attachment.by_id_with_people),
    Permission.REMOVE_ATTACHMENT: Grant(of_both(is_open, is_added_by), Attachment.by_id_with_people),
}

# Views of the libraries, each public for a reason.
PUBLIC_LIBRARY_ENDPOINTS = {
    "security.login": "to sign in, one is not signed in yet",
    "security.logout": "signing out twice is no fault",
}


def refuse(permission: Permission, person: Person) -> NoReturn:
    """Answer as if there were nothing there; the log says whose account was refused what, without a name."""
    logger.warning("refused: %s to %s", permission.value, person.id)
    abort(404)


def requires(permission: Permission) -> Callable[[View], View]:
    """Give the view its object, already authorised; anybody else meets a 404, or signs in first."""

    def decorate(view: View) -> View:
        @wraps(view)
        def authorised(*, id: object = None, **arguments: object) -> Any:
            person = current_user._get_current_object()  # noqa: SLF001 -- the proxy asks for the session at each attribute
            if not person.is_authenticated:
                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
            grant = GRANTS[permission]
            if grant.load is None:
                if not grant.allows(person, None):
                    refuse(permission, person)
                return view(**arguments)
            subject = grant.load(id)
            if subject is None or not grant.allows(person, subject):
                refuse(permission, person)
            answer = view(subject, **arguments)
            if request.method == "GET":
                note_reading(person=person, subject=subject, endpoint=request.endpoint)
            return answer

        authorised.permission = permission  # type: ignore[attr-defined]
        return authorised  # type: ignore[return-value]

    return decorate


def public(view: View) -> View:
    """Declare that anybody may reach this view."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def is_declared(app: Flask, endpoint: str) -> bool:
    """Whether the view of this endpoint has said who may reach it."""
    view = app.view_functions[endpoint]
    return endpoint in PUBLIC_LIBRARY_ENDPOINTS or hasattr(view, "permission") or hasattr(view, "is_public")


def deny_by_default() -> None:
    """Refuse a request whose view has declared nothing."""
    if request.endpoint and not is_declared(current_app, request.endpoint):
        abort(404)
