"""How each kind of thing goes. Each function may be stopped anywhere and run again: it ends what was begun.

A key goes before the rows under it. Where something is kept, it is encrypted again under a
successor first, in one transaction with the deletions; the key then gives way (see vault.py).
"""

import json
import uuid
from collections.abc import Callable

from bilan import vault
from bilan.access.models import KnownBrowser, OpenSession
from bilan.adaptations.models import AdaptationEntry, AdaptationReminder, AdaptationRequest
from bilan.adaptations.rules import OVER
from bilan.adaptations.rules import State as AdaptationState
from bilan.agenda.models import Slot
from bilan.closing.models import Attainment, Closing
from bilan.closing.rules import Keep
from bilan.complaints.models import Complaint, ComplaintEntry
from bilan.data_requests.models import DataRequest, is_gone, today
from bilan.data_requests.rules import Held
from bilan.database import now, transaction
from bilan.diagnostics.models import Diagnostic
from bilan.disclosure.models import Disclosure
from bilan.exports.models import DataExport
from bilan.followup.models import Interruption, MidwayReview, SilenceTold
from bilan.hr_review.models import HrReview
from bilan.interviews.models import Interview
from bilan.journal import Event, record
from bilan.journeys.models import Journey, Referral, Suspension
from bilan.mail.models import Email, Notice, Relay
from bilan.measures.models import Measure
from bilan.numbering import with_next_number
from bilan.people.models import KeptEntry, OneTimeLink, Person, Role, fresh_uniquifier
from bilan.plans.models import ReviewAsked
from bilan.prescriptions.models import Prescription
from bilan.privacy.contents import count_of, delete_content, encrypt_again, kept_of
from bilan.privacy.models import Certificate, EndTold
from bilan.privacy.rules import ERASED, Kind, Method
from bilan.quotes.models import Quote
from bilan.readings.models import Reading
from bilan.satisfaction.models import Invitation
from bilan.synthesis.models import Synthesis


def destroy_content(bilan: uuid.UUID, kind: Kind, keep: Keep) -> Certificate:
    """Destroy the content of a bilan but what is kept; return its certificate, not finished when the key is still to give way."""
    if keep is not Keep.NOTHING and vault.opens(bilan) and kept_of(bilan, keep):
        # Renewed already, without a certificate: these rows come from a backup of before, and the key opens a newer one.
        if vault.renewed_at(bilan) is None:
            vault.begin_renewal(bilan)
        method = Method.RENEWED
    else:
        vault.destroy_key(bilan)
        keep, method = Keep.NOTHING, Method.KEY

    def write(year: int, number: int) -> Certificate:
        Journey.update(phase=Journey.phase).where(Journey.id == bilan).execute()  # held: two workers queue here
        if known := Certificate.of_journey(bilan, kind):
            return known
        kept = kept_of(bilan, keep)
        counts = count_of(bilan, kept)
        if kept:
            encrypt_again(kept, bilan)
        delete_content(bilan, kept)
        record(Event.CONTENT_DESTROYED, journey_id=bilan, detail=kind.value)
        return Certificate.create(
            year=year, number=number, journey_id=bilan, agent=_agent_of(bilan), kind=kind, method=method, counts=json.dumps(counts)
        )

    return with_next_number(Certificate, write)


def _agent_of(bilan: uuid.UUID) -> uuid.UUID | None:
    found = Journey.select(Journey.agent).where(Journey.id == bilan).scalar()
    return found or Prescription.select(Prescription.agent).where(Prescription.id == bilan).scalar()


def delete_facts(bilan: uuid.UUID) -> None:
    """Delete what a bilan has left, forget the names of its prescription, and its agent when nothing else keeps her."""
    with transaction():
        agent = _agent_of(bilan)
        for model in (Disclosure, HrReview):  # their readings go with them
            model.delete().where(model.journey == bilan).execute()
        Slot.delete().where(Slot.interview.in_(Interview.select(Interview.id).where(Interview.journey == bilan))).execute()
        facts = (Interview, Attainment, MidwayReview, Diagnostic, Closing, Interruption, Suspension, Referral, SilenceTold)
        for each in (*facts, Invitation, Synthesis, ReviewAsked):
            each.delete().where(each.journey == bilan).execute()
        Journey.delete().where(Journey.id == bilan).execute()
        EndTold.delete().where(EndTold.journey_id == bilan).execute()
        Reading.delete().where(Reading.journey_id == bilan).execute()
        names = {"agent_name": ERASED, "agent_email": "", "agent": None, "author": None, "counsellor": None}
        if Quote.select().where(Quote.prescription == bilan).exists():
            Prescription.update(**names).where(Prescription.id == bilan).execute()
        else:
            Prescription.delete().where(Prescription.id == bilan).execute()
        _forget(agent)


def delete_quotes(prescription_id: uuid.UUID) -> None:
    """Delete the quotes of a prescription, and what is left of it."""
    with transaction():
        Quote.delete().where(Quote.prescription == prescription_id).execute()
        Prescription.delete().where(Prescription.id == prescription_id, Prescription.agent_name == ERASED).execute()


def destroy_draft(prescription_id: uuid.UUID) -> None:
    """Destroy a prescription that was never sent."""
    vault.destroy_key(prescription_id)
    with transaction():
        Prescription.delete().where(Prescription.id == prescription_id).execute()


def destroy_adaptation(request_id: uuid.UUID) -> None:
    """Destroy what somebody needed; its dates stay for the figures, without her."""
    vault.destroy_key(request_id)
    _let_adaptation_go(request_id)


def _let_adaptation_go(request_id: uuid.UUID) -> None:
    with transaction():
        one = AdaptationRequest.get_or_none_by_id(request_id)
        if one is None:
            return
        Relay.delete().where(Relay.source_id.in_(Measure.select(Measure.id).where(Measure.request == request_id))).execute()
        for model in (AdaptationEntry, AdaptationReminder):
            model.delete().where(model.request == request_id).execute()
        Reading.delete().where(Reading.journey_id == request_id).execute()
        over = {} if one.state in OVER else {"state": AdaptationState.WITHDRAWN, "closed_at": now()}
        AdaptationRequest.update(agent=None, journey_id=None, **over).where(AdaptationRequest.id == request_id).execute()
        _forget(one.agent_id)


def end_adaptations() -> None:
    """End the destructions of requests that were stopped between the key and the rows."""
    for (one,) in AdaptationRequest.select(AdaptationRequest.id).where(~AdaptationRequest.agent.is_null()).tuples():
        if vault.is_destroyed(one):
            _let_adaptation_go(one)


def delete_adaptation(request_id: uuid.UUID) -> None:
    """Delete the dates of a request."""
    with transaction():
        AdaptationRequest.delete().where(AdaptationRequest.id == request_id).execute()


def destroy_complaint(complaint_id: uuid.UUID) -> None:
    """Destroy a complaint, its exchanges, its files and its e-mails."""
    vault.destroy_key(complaint_id)
    with transaction():
        who = Complaint.select(Complaint.person).where(Complaint.id == complaint_id).scalar()
        Email.delete().where((Email.key_id == complaint_id) | (Email.subject_id == complaint_id)).execute()
        Reading.delete().where(Reading.journey_id == complaint_id).execute()
        Complaint.delete().where(Complaint.id == complaint_id).execute()
        _forget(who)


def erase_complaint(complaint_id: uuid.UUID) -> None:
    """Destroy what a complaint said, before its day, as its agent asks; its dates stay for the register, without her."""
    vault.destroy_key(complaint_id)
    with transaction():
        who = Complaint.select(Complaint.person).where(Complaint.id == complaint_id).scalar()
        ComplaintEntry.delete().where(ComplaintEntry.complaint == complaint_id).execute()  # their files go with them
        Email.delete().where((Email.key_id == complaint_id) | (Email.subject_id == complaint_id)).execute()
        Reading.delete().where(Reading.journey_id == complaint_id).execute()
        Complaint.update(person=None).where(Complaint.id == complaint_id).execute()
        _forget(who)


def destroy_data_request(request_id: uuid.UUID) -> None:
    """Destroy what an agent asked about her data, and the answer."""
    vault.destroy_key(request_id)
    with transaction():
        who = DataRequest.select(DataRequest.agent).where(DataRequest.id == request_id).scalar()
        Reading.delete().where(Reading.journey_id == request_id).execute()
        DataRequest.delete().where(DataRequest.id == request_id).execute()
        _forget(who)


def end_data_requests() -> None:
    """Note what is destroyed of what was accepted: its day, and nothing more that leads to it; then forget whoever nothing keeps."""
    for request in DataRequest.answered_erasures():
        decided = request.decided
        done = [one for one in decided if one["subject"] and is_gone(Held(one["kind"]), uuid.UUID(one["subject"]))]
        with transaction():
            for one in done:
                one |= {"subject": "", "gone": today().isoformat()}
            same = (DataRequest.id == request.id) & (DataRequest.decisions == request.decisions)
            if done and DataRequest.update(decisions=json.dumps(decided)).where(same).execute():
                for one in done:
                    record(Event.DATA_ERASED, subject_id=request.id, detail=one["kind"])
            _forget(request.agent_id)


def _forget(person_id: uuid.UUID | None) -> None:
    """Empty an agent of what names her when nothing is kept of her any more; what the journal says of her then leads to nobody."""
    person = Person.get_or_none(Person.id == person_id, Person.role == Role.AGENT)
    if person is None or any(_keeps(person)):
        return
    for model in (OneTimeLink, KeptEntry, Notice, Relay, OpenSession, KnownBrowser):
        model.delete().where(model.person == person.id).execute()
    for (copy,) in DataExport.select(DataExport.id).where(DataExport.agent == person.id).tuples():
        vault.destroy_key(copy)
    DataExport.delete().where(DataExport.agent == person.id).execute()
    for (request,) in DataRequest.select(DataRequest.id).where(DataRequest.agent == person.id).tuples():
        vault.destroy_key(request)
        Reading.delete().where(Reading.journey_id == request).execute()
    DataRequest.delete().where(DataRequest.agent == person.id).execute()
    Certificate.update(agent=None, journey_id=None).where(Certificate.agent == person.id).execute()
    empty = {"email": f"{person.id.hex}@efface.invalid", "display_name": "Compte effacé", "employer": None, "password": None}
    Person.update(**empty, active=False, preferences="", fs_uniquifier=fresh_uniquifier()).where(Person.id == person.id).execute()


def _keeps(person: Person) -> list[bool]:
    own = (Journey.agent, Prescription.agent, AdaptationRequest.agent, Complaint.person)
    return [DataRequest.keeps(person), *(field.model.select().where(field == person.id).exists() for field in own)]


GOING: dict[Kind, Callable[[uuid.UUID], None]] = {
    Kind.ADMINISTRATIVE: delete_facts,
    Kind.QUOTES: delete_quotes,
    Kind.DRAFT: destroy_draft,
    Kind.ADAPTATION: destroy_adaptation,
    Kind.ADAPTATION_FACTS: delete_adaptation,
    Kind.COMPLAINT: destroy_complaint,
    Kind.COMPLAINT_ERASED: erase_complaint,
    Kind.DATA_REQUEST: destroy_data_request,
}
