"""Some hundred random requests in each weather (bench/storm.py sends fifty thousand): no 500, no leak, no write by who is refused."""

import pytest
from storm import Storm, full_disk, locked

COUNT = 300


@pytest.fixture
def databases(sqlite_databases):
    """On SQLite: what is locked or full there is a file."""
    return sqlite_databases


def write_until_refused(storm):
    """Save an agent's preferences again and again: chance may have asked for nothing that writes."""
    data = {"theme": "dark", "text": "normal", "spacing": "normal", "typeface": "system", "contrast": "normal"}
    asked = {"person": "agent", "endpoint": "people.display", "path": "/affichage", "query": {}, "method": "POST", "headers": {}}
    for turn in range(80):
        if storm.faults.statuses[503]:
            return
        chosen = data | {"text": "large" if turn % 2 else "normal"}
        storm.send(asked | {"token": "good", "data": chosen, "body": "form", "raw": b"", "kind": ""})


def test_random_requests_break_nothing(world):
    faults = Storm(world).blow(COUNT, seed=1)
    assert faults.found == []
    assert faults.requests > COUNT / 2
    assert {200, 302, 404, 405} <= set(faults.statuses)


def test_neither_does_a_full_disk(world):
    storm = Storm(world)
    with full_disk():
        faults = storm.blow(COUNT, seed=2)
        write_until_refused(storm)
    assert faults.found == []
    assert faults.statuses[503], faults.statuses


def test_nor_a_locked_database(world):
    storm = Storm(world)
    with locked(world.app):
        faults = storm.blow(COUNT, seed=3)
        write_until_refused(storm)
    assert faults.found == []
    assert faults.statuses[503], faults.statuses


def test_a_planted_fault_of_each_sort_is_noted(world):
    storm = Storm(world)
    asked = {"person": "hr", "endpoint": "public.sheet", "path": "/", "query": {}, "method": "GET", "headers": {}, "token": "none"}
    marker = next(iter(world.markers.values()))
    for body, words in (((lambda: 1 / 0), "status 500"), ((lambda: marker.text), f"shows {marker.name}")):
        view, world.app.view_functions["public.sheet"] = world.app.view_functions["public.sheet"], body
        body.is_public = True
        storm.send(asked | {"data": {}, "body": "form", "raw": b"", "kind": ""})
        world.app.view_functions["public.sheet"] = view
        assert storm.faults.found[-1].startswith(words)
