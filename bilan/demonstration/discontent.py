"""The complaints of the invented network, each under its own key."""

import datetime

from bilan.complaints.models import Complaint, ComplaintEntry
from bilan.complaints.rules import EntryKind, Kind, Reason, State, deadlines
from bilan.demonstration.bulk import Bulk, Row, Rows
from bilan.keys import make_keys

# Younger than what becomes due for destruction.
OLDEST_DAYS, LONGEST_DAYS = 1_050, 35
DELAYS = {"acknowledge": 5, "answer": 30}


def write_complaints(network: Bulk, rows: Rows, ranks: list[int]) -> None:
    """Write complaints with their acknowledgements and, but for those of the last weeks, their answers."""
    keys = {rank: network.new_uuid() for rank in ranks}
    ciphers = make_keys(keys.values())
    for rank, key in keys.items():
        ago, took, complaint = network.random.randrange(OLDEST_DAYS), network.random.randrange(2, LONGEST_DAYS), network.as_column(key)
        answered_at = network.at(ago - took) if took <= ago else None
        told = {"name": network.new_name(), "email": f"agent{rank}@reseau.example", "phone": "", "link": "agent", "call_back": False}
        told |= {"happened": "Un rendez-vous a été déplacé deux fois.", "expected": ""}
        fixed: Row = {"id": complaint, "year": 2001, "number": rank + 1, "submission": str(key), "follow_up_digest": f"{key.hex:0>64}"}
        content = {"content": Complaint.content.seal(ciphers[key], told), "channel": "form"}
        rows[Complaint].append({**fixed, **content, **_dates(network, ago), **_ending(network, answered_at)})
        lines = [(EntryKind.ACKNOWLEDGEMENT, ago, {"text": ""})]
        lines += [(EntryKind.ANSWER, ago - took, {"text": "Nous avons eu tort.", "measure": ""})] if answered_at else []
        for kind, day, words in lines:
            sealed = ComplaintEntry.content.seal(ciphers[key], words)
            network.row(rows, ComplaintEntry, day, complaint_id=complaint, kind=kind.value, detail="", content=sealed)


def _dates(network: Bulk, ago: int) -> Row:
    """Return what the day of a complaint says: it is acknowledged at once, as the form does."""
    received_on = datetime.date.fromisoformat(network.at(ago)[:10])
    acknowledge_by, answer_by = deadlines(received_on, **DELAYS)
    days = {"received_on": str(received_on), "acknowledge_by": str(acknowledge_by), "answer_by": str(answer_by)}
    return {"created_at": network.at(ago), "acknowledged_at": network.at(ago), **days}


def _ending(network: Bulk, answered_at: str | None) -> Row:
    """Return the kind of a complaint and how it ended, if it did."""
    state = State.ANSWERED if answered_at else State.ACKNOWLEDGED
    reason, measure_taken = network.random.choice(list(Reason)), network.random.random() < 0.5
    found: Row = {
        "kind": network.random.choice(list(Kind)).value,
        "state": state.value,
        "answered_at": answered_at,
        "closed_at": answered_at,
    }
    return {**found, "reason": reason.value if answered_at else None, "measure_taken": measure_taken if answered_at else None}
