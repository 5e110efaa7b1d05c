"""Offering a bilan to an agent, and her answer: to decline is no fault, and HR is never told why."""

import uuid
from typing import Any

from flask import current_app

from bilan.database import now, transaction
from bilan.journal import Event, record
from bilan.mail.actions import link_to, mail
from bilan.people import actions as people
from bilan.people.models import Person, Role
from bilan.prescriptions import actions as prescriptions
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State


class AddressOfStaff(Exception):
    """The agent's address is that of an account of the team or of HR."""


class NotToBeInvited(Exception):
    """The prescription is over or already accepted, or the agent has another open one."""


class ProposalAnswered(Exception):
    """The proposal no longer waits for an answer."""


@mail("bilan_proposed")
def proposed_mail(*, person: Person, employer: str, link: str, personal: bool) -> dict[str, Any]:
    """Invite the agent to read what is proposed; a link that opens the account is personal."""
    return {
        "to": person.email,
        "name": person.display_name,
        "employer": employer,
        "link": link,
        "personal_links": [link] if personal else [],
    }


@mail("proposal_accepted")
def accepted_mail(*, prescription: Prescription, to: str, link: str) -> dict[str, Any]:
    """Tell the secretariat and HR that the agent accepted."""
    return {"to": to, "subject_id": prescription.id, "reference": prescription.reference, "link": link}


def invite_agent(*, prescription_id: uuid.UUID, by: Person | None) -> None:
    """Invite the agent of a prescription, or invite her again; her account is made the first time.

    Raises NotToBeInvited, AddressOfStaff.
    """
    with transaction():
        prescription = Prescription.for_secretariat(prescription_id)
        if prescription is None or prescription.state not in (State.RECEIVED, State.QUOTED, State.INVITED, State.DECLINED):
            raise NotToBeInvited
        if Prescription.open_at(prescription.agent_email, but=prescription):
            raise NotToBeInvited
        agent = _account(prescription)
        change = {"state": State.INVITED, "agent": agent, "invited_at": now(), "answered_at": None, "ended_at": None}
        Prescription.update(**change).where(Prescription.id == prescription.id).execute()
        opens = agent.password is None
        link = people.invitation_link(agent) if opens else link_to("proposals.show")
        proposed_mail(person=agent, employer=prescription.employer.name, link=link, personal=opens)
        record(Event.AGENT_INVITED, person=by, subject_id=prescription.id)


def _account(prescription: Prescription) -> Person:
    known = Person.by_email(prescription.agent_email)
    if known is None:
        name, employer = prescription.agent_name, prescription.employer
        return Person.create(email=prescription.agent_email, display_name=name, role=Role.AGENT, employer=employer)
    if known.role is not Role.AGENT:
        raise AddressOfStaff
    if known.employer_id != prescription.employer_id:
        Person.update(employer=prescription.employer).where(Person.id == known.id).execute()
    return known


def accept_proposal(*, prescription: Prescription, wishes: str, by: Person) -> None:
    """Accept, with the agent's own expectations; raise ProposalAnswered."""
    with transaction():
        _answer(prescription, state=State.ACCEPTED, answered_at=now())
        prescription.state, prescription.wishes = State.ACCEPTED, wishes
        prescription.save(only=[Prescription.wishes])
        _tell(prescription)
        record(Event.PROPOSAL_ACCEPTED, person=by, subject_id=prescription.id)
        prescriptions.open_if_ready(prescription=prescription, by=by)


def decline_proposal(*, prescription: Prescription, by: Person) -> None:
    """Decline, without a reason; raise ProposalAnswered."""
    with transaction():
        _answer(prescription, state=State.DECLINED, answered_at=now(), ended_at=now())
        prescriptions.tell_no_follow_up(prescription=prescription)
        record(Event.PROPOSAL_DECLINED, person=by, subject_id=prescription.id)


def write_wishes(*, prescription: Prescription, wishes: str) -> None:
    """Change the agent's own expectations."""
    with transaction():
        prescription.wishes = wishes
        prescription.save(only=[Prescription.wishes])


def _answer(prescription: Prescription, **change: Any) -> None:
    waiting = (Prescription.id == prescription.id) & (Prescription.state == State.INVITED)
    if not Prescription.update(**change).where(waiting).execute():
        raise ProposalAnswered


def _tell(prescription: Prescription) -> None:
    reception = link_to("reception.show", id=prescription.id)
    accepted_mail(prescription=prescription, to=current_app.config["BILAN"].secretariat_email, link=reception)
    if prescription.author_id:
        page = link_to("prescriptions.show", id=prescription.id)
        accepted_mail(prescription=prescription, to=prescription.author.email, link=page)
