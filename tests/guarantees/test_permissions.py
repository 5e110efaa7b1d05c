"""Every endpoint × every person × page and fragment × own and another's object, against one table.

An endpoint without a cell fails; so does a cell without an endpoint.
"""

import pytest
from client import Browser
from edges import EDGES, Edge
from pages import inspect_headers
from rights import JOURNEYS, NOBODY, REFERENT, TABLE, on
from walk import addresses, methods
from werkzeug.routing import Rule
from world import EVERYBODY, mirrored

from bilan.permissions import public
from bilan.protection import limiter

# What makes a permitted post more than an incomplete one, where an incomplete one answers 404.
DATA = {
    ("agenda.subscription", "POST"): {"action": "open"},
    ("careers.order", "POST"): {"dates": "1"},
    ("mail.show", "POST"): {"action": "settle"},
    ("people.manage_account", "POST"): {"action": "reopen"},
    ("confirmations.decide", "POST"): {"action": "refuse"},
    ("people.resume", "POST"): {"entry": "00000000-0000-4000-8000-000000000000"},
    ("interviews.show", "POST"): {"held_minutes": "60"},
    ("prescriptions.new", "POST"): {"submission": "00000000-0000-4000-8000-000000000001"},
}


# What ends an object is asked last; the work that gives a questionnaire ends both.
ENDING = {"remove", "remove_file", "withdraw"}


@pytest.fixture
def databases(sqlite_databases):
    """Once, on SQLite: predicates are Python, and what the loaders ask is asked of PostgreSQL by test_reading.py and test_bad_input.py."""
    return sqlite_databases


def who_may(table, endpoint, method, address):
    """Return the persons whom the table lets reach this address."""
    cell = table[endpoint, method]
    if isinstance(cell, set):
        return cell
    of_home = cell.get(address.state, NOBODY)
    return of_home if address.side == "home" else mirrored(of_home)


def let_in(response, *, anonymous):
    """Whether the answer is that of a view that was reached."""
    leads_to_sign_in = "/connexion" in response.headers.get("Location", response.headers.get("HX-Redirect", ""))
    if anonymous and (leads_to_sign_in or response.status_code == 401):
        return False
    assert response.status_code < 500
    return response.status_code != 404


def ask(browser, method, path, data, *, fragment):
    """Ask for a page or a fragment, with a good token; whatever the answer, its headers are looked at."""
    headers = {"HX-Request": "true"} if fragment else {}
    if method == "GET":
        response = browser.client.get(path, headers=headers, buffered=True)
    else:
        response = browser.client.post(path, headers=headers, data={"csrf_token": browser.csrf_token(), **(data or {})})
    inspect_headers(response)
    return response


def differences(world, table, endpoint, method, *, fragment, people=EVERYBODY):
    """Return where the answers and the table disagree; the refused try first, so that they meet the object whole."""
    found, browsers = [], {name: world.browser(name) for name in people}
    for address in addresses(world, endpoint):
        allowed = who_may(table, endpoint, method, address)
        for name in sorted(people, key=lambda one: one in allowed):
            response = ask(browsers[name], method, address.path, DATA.get((endpoint, method)), fragment=fragment)
            entered = let_in(response, anonymous=name == "anonymous")
            if entered != (name in allowed):
                word = "reaches" if entered else "does not reach"
                found.append(f"{name} {word} {method} {endpoint} {address.state} ({address.side}): {response.status_code}")
    return found


def cells(wanted):
    return [pytest.param(endpoint, id=endpoint) for endpoint, method in TABLE if method == wanted]


@pytest.mark.parametrize("endpoint", cells("GET"))
def test_each_person_reads_what_the_table_says_and_nothing_else(world, endpoint):
    limiter.enabled = False
    for fragment in (False, True):
        assert differences(world, TABLE, endpoint, "GET", fragment=fragment) == []


@pytest.mark.parametrize("fragment", [False, True], ids=["page", "fragment"])
@pytest.mark.parametrize("endpoint", cells("POST"))
def test_each_person_posts_what_the_table_says_and_nothing_else(world, endpoint, fragment):
    limiter.enabled = False
    assert differences(world, TABLE, endpoint, "POST", fragment=fragment) == []


def edge_differences(world, edge, cells=None):
    """Return where the answers and the changed cells of an edge disagree (all of its cells, or those that are named)."""
    with world.app.app_context():
        edge.make(world)
    asked = sorted(cells or edge.table, key=lambda one: (one[1], one[0].split(".")[1] in ENDING, one[0] == "assignments.withdraw"))
    return [one for cell in asked for one in differences(world, edge.table, *cell, fragment=False, people=edge.people)]


@pytest.mark.parametrize("edge", [pytest.param(edge, id=edge.words) for edge in EDGES])
def test_what_the_world_does_not_hold_is_as_the_edges_say(world, edge):
    limiter.enabled = False
    assert edge_differences(world, edge) == []


def test_an_edge_that_says_otherwise_is_reported(world):
    replaced = EDGES[0]
    planted = Edge("nobody is told", replaced.make, {("journeys.show", "GET"): TABLE["journeys.show", "GET"]})
    assert "other_counsellor reaches GET journeys.show journey (home): 200" in edge_differences(world, planted)


def test_the_table_names_every_endpoint_and_no_other(app):
    assert set(methods(app)) == set(TABLE)


@pytest.mark.parametrize("path", ["/mon-bilan", "/parcours", "/prescriptions", "/secretariat/comptes", "/compte"])
def test_a_stranger_is_led_to_sign_in_and_back(world, path):
    response = world.browser("anonymous").client.get(path)
    assert response.status_code == 302
    assert response.headers["Location"].endswith(f"/connexion?next={path}")


def test_a_planted_wrong_grant_is_reported(world):
    table = TABLE | {("journeys.show", "GET"): on(JOURNEYS, REFERENT | {"hr"})}
    found = differences(world, table, "journeys.show", "GET", fragment=False)
    assert "hr does not reach GET journeys.show journey (home): 404" in found
    table = TABLE | {("mail.index", "GET"): NOBODY}
    assert differences(world, table, "mail.index", "GET", fragment=False) == ["secretariat reaches GET mail.index  (): 200"]


def test_a_view_that_declares_nothing_cannot_be_reached(app):
    planted = Rule("/oubli", endpoint="oubli", methods=["GET"])
    app.url_map.add(planted)
    app.view_functions["oubli"] = lambda: "tout le monde me lit"
    Browser(app).get("/oubli", status=404)
    assert ("oubli", "GET") in set(methods(app)) - set(TABLE)


def test_a_view_that_declares_itself_public_is_reached(app):
    app.url_map.add(Rule("/planted", endpoint="planted", methods=["GET"]))
    app.view_functions["planted"] = public(lambda: "")
    Browser(app).get("/planted")
