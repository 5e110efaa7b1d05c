"""What the load and the faults are judged by: the log of what was acknowledged, read as it was meant; a planted loss is seen."""

import json
import uuid

from factories import make_journey

from bench.morning.kept import acknowledged, look
from bilan.database import transaction
from bilan.messages import actions
from bilan.messages.models import Message

PLACE = f"{uuid.UUID(int=1)} R1"


def written(folder, *lines):
    log = folder / "log.jsonl"
    log.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return acknowledged(log)


def test_an_answer_may_be_the_acknowledged_one_or_one_sent_after_it(tmp_path):
    first = ["sent", "answer", PLACE, "3"]
    assert written(tmp_path, first).answers == {PLACE: [None, "3"]}
    kept = ["kept", "answer", PLACE, "3"]
    assert written(tmp_path, first, kept).answers == {PLACE: ["3"]}
    cut = ["sent", "answer", PLACE, "5"]
    assert written(tmp_path, first, kept, cut).answers == {PLACE: ["3", "5"]}
    assert written(tmp_path, first, kept, cut, first, kept).answers == {PLACE: ["3"]}


def test_what_is_lost_is_said(app, tmp_path):
    with app.test_request_context():
        journey, number = make_journey(), uuid.uuid4()
        actions.send(journey=journey, text=f"Bonjour {number}", submission=number, by=journey.agent)
        kept = written(tmp_path, ["kept", "message", str(number)], ["kept", "answer", PLACE, "3"])
        assert [fault.split()[0] for fault in look(kept)] == ["answer"]
        with transaction():
            Message.delete().execute()
        assert [fault.split()[0] for fault in look(kept)] == ["answer", "message"]


def test_an_answer_never_acknowledged_may_be_missing(app, tmp_path):
    with app.test_request_context():
        assert look(written(tmp_path, ["sent", "answer", PLACE, "3"])) == []
