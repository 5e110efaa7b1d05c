"""The invented network: written on either database, the same from the same seed; its open bilans read, its closed ones are destroyed."""

import pytest

from bilan.complaints.models import Complaint, ComplaintEntry
from bilan.database import database, now
from bilan.demonstration import network
from bilan.demonstration.network import Network, load_network
from bilan.journeys.models import Journey
from bilan.journeys.rules import ORDER, Phase
from bilan.notes.models import Note
from bilan.people.models import Person
from bilan.privacy.actions import forecast
from bilan.privacy.rules import Kind
from bilan.vault import is_destroyed

COUNT = 130


@pytest.fixture
def grown(app, monkeypatch):
    monkeypatch.setattr(network, "BATCH", 40)
    with app.test_request_context():
        assert list(Network(database.obj, now()).grow(COUNT)) == [40, 80, 120, 130]
        yield app


def test_what_is_open_reads_and_what_is_over_left_only_facts(grown):
    assert Journey.select().count() == COUNT
    opened = list(Journey.select().where(Journey.phase.in_(ORDER)))
    assert 10 < len(opened) < 50
    notes = list(Note.select())
    assert {note.interview.journey_id for note in notes} <= {one.id for one in opened}
    assert all(len(note.text) > 20 for note in notes)
    assert all(is_destroyed(one.id) for one in Journey.select().where(Journey.phase == Phase.CLOSED))


def test_some_have_complained_and_what_they_wrote_reads(grown):
    complaints = list(Complaint.select())
    assert 0 < len(complaints) < COUNT / 5
    assert all(one.complainant and one.content["happened"] for one in complaints)
    threads = [ComplaintEntry.of_complaint(one) for one in complaints]
    assert all(entry.content is not None for thread in threads for entry in thread)
    assert [len(thread) for thread in threads] == [1 if one.is_open else 2 for one in complaints]
    assert all((one.reason is None) == one.is_open for one in complaints)


def test_the_night_has_nothing_to_destroy_of_it(grown):
    assert [one for one in forecast(1) if one.kind in (Kind.CONTENT, Kind.ADMINISTRATIVE, Kind.COMPLAINT)] == []


def test_the_same_seed_gives_the_same_network_and_it_is_loaded_once(grown):
    names = [one.display_name for one in Person.select().order_by(Person.email)]
    assert len(set(names)) > 50
    first = {one.id for one in Journey.select(Journey.id)}
    assert list(load_network(COUNT)) == ["Le réseau de démonstration est déjà là."]
    again = Network(database.obj, now())
    assert {again.new_uuid() for _ in range(40)} <= first
