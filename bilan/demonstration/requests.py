"""The invented prescriptions: those of the journeys, and those that are still on their way."""

import datetime
import random
from typing import Any

from bilan import vault
from bilan.database import now
from bilan.demonstration.words import EXPECTATIONS, FIRST_NAMES, LAST_NAMES, POSITIONS, WISHES
from bilan.french import to_paris
from bilan.numbering import with_next_number
from bilan.people.models import Employer, Person, Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import MOTIVES, State
from bilan.quotes.models import Quote

# State, days since the reception, rank of the employer.
ON_THEIR_WAY = (
    (State.RECEIVED, 2, 0),
    (State.RECEIVED, 16, 2),
    (State.QUOTED, 4, 0),
    (State.QUOTED, 11, 1),
    (State.INVITED, 9, 0),
    (State.INVITED, 23, 1),
    (State.ACCEPTED, 12, 2),
    (State.DECLINED, 40, 0),
    (State.WITHDRAWN, 35, 1),
    (State.DRAFT, 0, 0),
)


def prescribe(employer: Employer, people: dict[str, Person], *, days_ago: int, rank: int, state: State, **others: Any) -> Prescription:
    """Write a prescription of that state, with what HR asks and what the agent hopes."""
    received_at = now() - datetime.timedelta(days=days_ago)
    author = next((one for one in people.values() if one.role is Role.HR and one.employer_id == employer.id), None)
    agent = others.get("agent")
    name = agent.display_name if agent else f"{FIRST_NAMES[-1 - rank % len(FIRST_NAMES)]} {LAST_NAMES[(rank * 5 + 3) % len(LAST_NAMES)]}"
    prescription = Prescription(employer=employer, author=author, state=state, agent_name=name, created_at=received_at, **others)
    prescription.agent_email = agent.email if agent else f"demande{rank + 1}@demo.example"
    if state in (State.INVITED, State.ACCEPTED, State.DECLINED):
        prescription.invited_at = received_at + datetime.timedelta(days=2)
    if state in (State.ACCEPTED, State.DECLINED):
        prescription.answered_at = received_at + datetime.timedelta(days=4)
    if state in (State.DECLINED, State.WITHDRAWN):
        prescription.ended_at = received_at + datetime.timedelta(days=5)
    vault.create_key(prescription.id)
    status, category = ("titulaire", "C") if rank % 3 else ("non_titulaire", "B")
    prescription.agent_file = {
        "phone": "06 00 00 00 00",
        "position": POSITIONS[rank % len(POSITIONS)],
        "status": status,
        "category": category,
        "french": "yes",
        "mode": "either",
    }
    prescription.request = {"motive": list(MOTIVES)[rank % len(MOTIVES)], "expectations": EXPECTATIONS[rank % len(EXPECTATIONS)]}
    prescription.wishes = WISHES[rank % len(WISHES)] if state is State.ACCEPTED else None

    def write(year: int, number: int) -> Prescription:
        if state is not State.DRAFT:
            prescription.year, prescription.number, prescription.received_at = year, number, received_at
        prescription.save(force_insert=True)
        return prescription

    return with_next_number(Prescription, write)


def ask_for_bilans(people: dict[str, Person], employers: list[Employer], chance: random.Random) -> None:
    """Write the prescriptions that have no journey yet, or never will, with the quotes that wait."""
    for rank, (state, days_ago, place) in enumerate(ON_THEIR_WAY):
        employer, others = employers[place], {}
        if state in (State.INVITED, State.ACCEPTED, State.DECLINED):
            name = f"{FIRST_NAMES[-1 - rank]} {LAST_NAMES[(rank * 5 + 3) % len(LAST_NAMES)]}"
            address = f"demande{rank + 1}@demo.example"
            others["agent"] = Person.create(email=address, display_name=name, role=Role.AGENT, employer=employer)
        prescription = prescribe(employer, people, days_ago=days_ago, rank=rank, state=state, **others)
        if state is State.QUOTED:
            _quote(prescription, people["secretariat@demo.example"], chance)


def _quote(prescription: Prescription, by: Person, chance: random.Random) -> None:
    valid_until = to_paris(now()).date() + datetime.timedelta(days=45)

    def write(year: int, number: int) -> Quote:
        return Quote.create(
            prescription=prescription,
            year=year,
            number=number,
            minutes=chance.choice((12, 14, 15)) * 60,
            hourly_cents=9500,
            exemption="Exonération de TVA, article 261, 4-4° a du Code général des impôts",
            valid_until=valid_until,
            drawn_up_by=by,
        )

    with_next_number(Quote, write)
