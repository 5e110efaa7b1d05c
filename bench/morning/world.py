"""The people of the morning and their bilans, written into an empty instance.

BILAN_INSTANCE=… python -m bench.morning.world AGENTS COUNSELLORS OFFICERS < password    prints who works, as JSON
"""

import json
import sys
from typing import Any, NamedTuple

from flask_security import hash_password

from bench.network import write_bilan
from bilan import create_app
from bilan.database import connection, database, now, transaction
from bilan.demonstration.network import Network
from bilan.interviews.models import Interview
from bilan.journeys.models import Journey
from bilan.people.models import Employer, Person, Role
from bilan.preparation import prepare
from bilan.questionnaires.models import Passation

AROUND = 1_000  # bilans of others, so that no table is empty


class Crowd(NamedTuple):
    """How many of each work that morning."""

    agents: int
    counsellors: int
    officers: int


def write(crowd: Crowd, password: str) -> dict[str, list[dict[str, Any]]]:
    """Write everybody and their bilans; return, by trade, what each of them needs to work."""
    moment, hashed = now().replace(microsecond=0), hash_password(password)
    for _ in Network(database.obj, moment).grow(AROUND):
        pass
    with transaction():
        employers = [Employer.create(name=f"Commune du banc {rank}") for rank in range(crowd.officers)]
        officers = [_person(f"rh{rank}", Role.HR, hashed, employer=one) for rank, one in enumerate(employers)]
        counsellors = [_person(f"conseil{rank}", Role.COUNSELLOR, hashed) for rank in range(crowd.counsellors)]
    journeys = []
    for rank in range(crowd.agents):
        people = {"counsellor": counsellors[rank % crowd.counsellors], "employer": employers[rank % crowd.officers]}
        with transaction():
            journeys.append(write_bilan(rank, moment=moment, password=hashed, **people))
    return {
        "Agent": [_agent(one) for one in journeys],
        "Counsellor": [_counsellor(one, journeys[rank :: crowd.counsellors]) for rank, one in enumerate(counsellors)],
        "Officer": [{"email": one.email, "prescription": str(journeys[rank].id)} for rank, one in enumerate(officers)],
    }


def _person(name: str, role: Role, password: str, **others: Any) -> Person:
    return Person.create(email=f"{name}@banc.example", display_name=name, role=role, password=password, **others)


def _agent(journey: Journey) -> dict[str, str]:
    waiting = Passation.get(Passation.journey == journey.id, Passation.submitted_at.is_null())
    return {"email": journey.agent.email, "journey": str(journey.id), "passation": str(waiting.id)}


def _counsellor(person: Person, journeys: list[Journey]) -> dict[str, Any]:
    held = [one for one in Interview.of_journey(journeys[0]) if one.is_held]
    return {"email": person.email, "journeys": [str(one.id) for one in journeys], "interview": str(held[-1].id)}


def main() -> None:
    """Write, and print who works."""
    app = create_app()
    with app.test_request_context():
        prepare()
        with connection():
            print(json.dumps(write(Crowd(*(int(word) for word in sys.argv[1:4])), sys.stdin.read())))


if __name__ == "__main__":
    main()
