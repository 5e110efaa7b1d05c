"""Every endpoint × every person × page and fragment × own and another's object, against one table.

An endpoint without a cell fails; so does a cell without an endpoint.
"""

import pytest
from client import Browser
from walk import addresses, methods
from werkzeug.routing import Rule
from world import EVERYBODY, mirrored

from bilan.permissions import public
from bilan.protection import limiter

ALL = set(EVERYBODY)
SIGNED_IN = ALL - {"anonymous"}
NOBODY: set[str] = set()
AGENT, REFERENT, HR, SECRETARIAT = {"agent"}, {"counsellor"}, {"hr", "other_hr"}, {"secretariat"}
ANY_AGENT, ANY_COUNSELLOR = {"agent", "other_agent"}, {"counsellor", "other_counsellor"}


def on(states, who):
    """Return the cell of an endpoint with objects: `who` (of the object's own bilan) in those states, else nobody."""
    return dict.fromkeys(states.split(), who)


OPEN_INTERVIEWS, INTERVIEWS = "held coming", "held coming closed_held"
JOURNEYS = "journey closed_journey"
SENT, OWN_HR = "received journey closed_journey", {"hr"}
QUOTES = "quote answered_quote"
PASSATIONS = "assigned started entered submitted released grid closed_started closed_released"
SUBMITTED = "submitted released grid closed_released"
# Whoever gives the answers: the agent, or the counsellor who types those given on paper.
ANSWERED_BY = on("assigned started submitted released grid", AGENT) | on("entered", REFERENT)
READ_RESULT = on("submitted", REFERENT) | on("released grid closed_released", AGENT | REFERENT)
OPEN_WORK = "work done_work fresh_work questionnaire_work"

# (endpoint, method) → who may, or state of the object → who of its bilan may. A state that is not named: nobody.
TABLE = {
    ("agenda.book_for", "GET"): on("journey", SECRETARIAT),
    ("agenda.book_for", "POST"): on("journey", SECRETARIAT),
    ("agenda.cancel", "GET"): on("coming", AGENT),
    ("agenda.cancel", "POST"): on("coming", AGENT),
    ("agenda.cancel_for", "GET"): on("coming", SECRETARIAT),
    ("agenda.cancel_for", "POST"): on("coming", SECRETARIAT),
    ("agenda.choose", "GET"): ANY_AGENT,
    ("agenda.choose", "POST"): ANY_AGENT,
    ("agenda.event", "GET"): on(INTERVIEWS, AGENT | REFERENT),
    ("agenda.feed", "GET"): ALL,
    ("agenda.index", "GET"): ANY_COUNSELLOR | SECRETARIAT,
    ("agenda.move", "GET"): on("coming", AGENT),
    ("agenda.move", "POST"): on("coming", AGENT),
    ("agenda.move_for", "GET"): on("coming", SECRETARIAT),
    ("agenda.move_for", "POST"): on("coming", SECRETARIAT),
    ("agenda.publish", "GET"): ANY_COUNSELLOR,
    ("agenda.publish", "POST"): ANY_COUNSELLOR,
    ("agenda.subscription", "GET"): ANY_COUNSELLOR,
    ("agenda.subscription", "POST"): ANY_COUNSELLOR,
    ("agenda.withdraw_slot", "POST"): on("free_slot", REFERENT),
    ("assignments.answer", "POST"): on(OPEN_WORK, AGENT | REFERENT),
    ("assignments.change", "GET"): on(OPEN_WORK, REFERENT),
    ("assignments.change", "POST"): on(OPEN_WORK, REFERENT),
    ("assignments.download", "GET"): on("agent_file counsellor_file closed_file closed_other_file", AGENT | REFERENT),
    ("assignments.give", "GET"): on("journey", REFERENT),
    ("assignments.give", "POST"): on("journey", REFERENT),
    ("assignments.index", "GET"): on(JOURNEYS, AGENT | REFERENT),
    ("assignments.remove_file", "POST"): {"agent_file": AGENT, "counsellor_file": REFERENT},
    ("assignments.show", "GET"): on(f"{OPEN_WORK} closed_work", AGENT | REFERENT),
    ("assignments.tick", "POST"): on(OPEN_WORK, AGENT),
    ("assignments.withdraw", "POST"): on(OPEN_WORK, REFERENT),
    ("occupations.index", "GET"): on(JOURNEYS, AGENT | REFERENT),
    ("occupations.link", "GET"): on("experience", AGENT | REFERENT),
    ("occupations.link", "POST"): on("experience", AGENT | REFERENT),
    ("occupations.show", "GET"): on(JOURNEYS, AGENT | REFERENT),
    ("messages.index", "GET"): on(JOURNEYS, AGENT | REFERENT),
    ("messages.mark_read", "POST"): on(JOURNEYS, AGENT | REFERENT),
    ("messages.send", "POST"): on("journey", AGENT | REFERENT),
    ("careers.condition", "GET"): on("condition", AGENT | REFERENT),
    ("careers.condition", "POST"): on("condition", AGENT | REFERENT),
    ("careers.conditions", "GET"): on(JOURNEYS, AGENT | REFERENT),
    ("careers.experience", "GET"): on("experience", AGENT | REFERENT),
    ("careers.experience", "POST"): on("experience", AGENT | REFERENT),
    ("careers.new_condition", "GET"): on("journey", AGENT | REFERENT),
    ("careers.new_condition", "POST"): on("journey", AGENT | REFERENT),
    ("careers.new_experience", "GET"): on("journey", AGENT | REFERENT),
    ("careers.new_experience", "POST"): on("journey", AGENT | REFERENT),
    ("careers.new_skill", "GET"): on("journey", AGENT | REFERENT),
    ("careers.new_skill", "POST"): on("journey", AGENT | REFERENT),
    ("careers.order", "GET"): on("journey", AGENT | REFERENT),
    ("careers.order", "POST"): on("journey", AGENT | REFERENT),
    ("careers.path", "GET"): on(JOURNEYS, AGENT | REFERENT),
    ("careers.remove_condition", "GET"): on("condition", AGENT | REFERENT),
    ("careers.remove_condition", "POST"): on("condition", AGENT | REFERENT),
    ("careers.remove_experience", "GET"): on("experience", AGENT | REFERENT),
    ("careers.remove_experience", "POST"): on("experience", AGENT | REFERENT),
    ("careers.remove_skill", "GET"): on("skill", AGENT | REFERENT),
    ("careers.remove_skill", "POST"): on("skill", AGENT | REFERENT),
    ("careers.skill", "GET"): on("skill", AGENT | REFERENT),
    ("careers.skill", "POST"): on("skill", AGENT | REFERENT),
    ("careers.skills", "GET"): on(JOURNEYS, AGENT | REFERENT),
    ("complaints.filed", "GET"): ALL,
    ("complaints.follow", "GET"): ALL,
    ("complaints.index", "GET"): SECRETARIAT,
    ("complaints.new", "GET"): ALL,
    ("complaints.new", "POST"): ALL,
    ("complaints.show", "GET"): SECRETARIAT,
    ("diagnostics.decide", "GET"): on("journey", REFERENT),
    ("diagnostics.decide", "POST"): on("journey", REFERENT),
    ("diagnostics.programme", "GET"): ANY_AGENT,
    ("diagnostics.programme", "POST"): ANY_AGENT,
    ("diagnostics.save", "POST"): on("journey", REFERENT),
    ("diagnostics.show", "GET"): on(JOURNEYS, REFERENT),
    ("disclosure.agree", "GET"): on("journey", AGENT),
    ("disclosure.agree", "POST"): on("journey", AGENT),
    ("disclosure.index", "GET"): on(JOURNEYS, AGENT | REFERENT),
    ("disclosure.new_statement", "GET"): on("journey", AGENT | REFERENT),
    ("disclosure.new_statement", "POST"): on("journey", AGENT | REFERENT),
    ("disclosure.read", "GET"): on("disclosure", OWN_HR),
    ("disclosure.read", "POST"): on("disclosure", OWN_HR),
    ("disclosure.received", "GET"): {"hr", "other_hr"},
    ("disclosure.remove_statement", "GET"): on("statement", AGENT | REFERENT),
    ("disclosure.remove_statement", "POST"): on("statement", AGENT | REFERENT),
    ("disclosure.revoke", "POST"): on("disclosure closed_disclosure", AGENT),
    ("disclosure.statement", "GET"): on("statement", AGENT | REFERENT),
    ("disclosure.statement", "POST"): on("statement", AGENT | REFERENT),
    ("followup.interrupt", "GET"): on("journey", REFERENT),
    ("followup.interrupt", "POST"): on("journey", REFERENT),
    ("followup.journal", "GET"): on(JOURNEYS, AGENT | REFERENT),
    ("followup.midway", "GET"): on(JOURNEYS, AGENT | REFERENT),
    ("followup.resume", "POST"): on("journey", REFERENT),
    ("followup.suspend", "GET"): on("journey", REFERENT),
    ("followup.suspend", "POST"): on("journey", REFERENT),
    ("followup.write_midway", "POST"): on("journey", AGENT),
    ("hours.show", "GET"): on(JOURNEYS, AGENT | REFERENT),
    ("interviews.log", "GET"): on("journey", REFERENT),
    ("interviews.log", "POST"): on("journey", REFERENT),
    ("interviews.own_certificate", "GET"): on(JOURNEYS, AGENT),
    ("interviews.take_slot", "POST"): on("journey", REFERENT),
    ("interviews.touch", "POST"): on(OPEN_INTERVIEWS, REFERENT),
    ("notes.compare", "GET"): on("held closed_held", REFERENT),
    ("interviews.certificate", "GET"): on(JOURNEYS, OWN_HR),
    ("interviews.change", "GET"): on(OPEN_INTERVIEWS, REFERENT),
    ("interviews.change", "POST"): on(OPEN_INTERVIEWS, REFERENT),
    ("interviews.plan", "GET"): on("journey", REFERENT),
    ("interviews.plan", "POST"): on("journey", REFERENT),
    ("interviews.read", "GET"): on(INTERVIEWS, AGENT),
    ("notes.save", "POST"): on(OPEN_INTERVIEWS, REFERENT),
    ("interviews.show", "GET"): on(INTERVIEWS, REFERENT),
    ("interviews.show", "POST"): on(OPEN_INTERVIEWS, REFERENT),
    ("notes.versions", "GET"): on(INTERVIEWS, REFERENT),
    ("journeys.conflicts", "GET"): ANY_COUNSELLOR,
    ("journeys.conflicts", "POST"): ANY_COUNSELLOR,
    ("journeys.index", "GET"): ANY_COUNSELLOR,
    ("journeys.mine", "GET"): ANY_AGENT,
    ("journeys.show", "GET"): on(JOURNEYS, REFERENT),
    ("journeys.show", "POST"): on(JOURNEYS, REFERENT),
    ("mail.index", "GET"): SECRETARIAT,
    ("mail.show", "GET"): SECRETARIAT,
    ("mail.show", "POST"): SECRETARIAT,
    ("pages.font", "GET"): ALL,
    ("pages.static_file", "GET"): ALL,
    ("people.account", "GET"): SIGNED_IN,
    ("people.account", "POST"): SIGNED_IN,
    ("people.accounts", "GET"): SECRETARIAT,
    ("people.accounts", "POST"): SECRETARIAT,
    ("people.ask_link", "GET"): ALL,
    ("people.ask_link", "POST"): ALL,
    ("people.ask_reset", "GET"): ALL,
    ("people.ask_reset", "POST"): ALL,
    ("people.choose_password", "GET"): ALL,
    ("people.choose_password", "POST"): ALL,
    ("people.display", "GET"): ALL,
    ("people.display", "POST"): ALL,
    ("people.home", "GET"): SIGNED_IN,
    ("people.manage_account", "POST"): SECRETARIAT,
    ("people.open_link", "GET"): ALL,
    ("people.open_link", "POST"): ALL,
    ("people.resume", "GET"): SIGNED_IN,
    ("people.resume", "POST"): SIGNED_IN,
    ("prescriptions.check", "GET"): on("draft received journey closed_journey", OWN_HR),
    ("prescriptions.check", "POST"): on("draft received journey closed_journey", OWN_HR),
    ("prescriptions.discard", "POST"): on("draft", OWN_HR),
    ("prescriptions.index", "GET"): HR,
    ("prescriptions.new", "GET"): HR,
    ("prescriptions.new", "POST"): HR,
    ("prescriptions.show", "GET"): on(SENT, OWN_HR),
    ("prescriptions.step", "GET"): on("draft received", OWN_HR),
    ("prescriptions.step", "POST"): on("draft received", OWN_HR),
    ("prescriptions.withdraw", "GET"): on("received", OWN_HR),
    ("prescriptions.withdraw", "POST"): on("received", OWN_HR),
    ("proposals.decline", "GET"): ANY_AGENT,
    ("proposals.decline", "POST"): ANY_AGENT,
    ("proposals.show", "GET"): ANY_AGENT,
    ("proposals.show", "POST"): ANY_AGENT,
    ("public.accessibility", "GET"): ALL,
    ("public.health", "GET"): ALL,
    ("public.privacy", "GET"): ALL,
    ("public.sheet", "GET"): ALL,
    ("questionnaires.assign", "GET"): on("journey", REFERENT),
    ("questionnaires.assign", "POST"): on("journey", REFERENT),
    ("questionnaires.blank", "GET"): on("assigned started entered", REFERENT),
    ("questionnaires.check", "GET"): ANSWERED_BY,
    ("questionnaires.check", "POST"): ANSWERED_BY,
    ("questionnaires.enter", "GET"): on("assigned started entered", REFERENT),
    ("questionnaires.enter", "POST"): on("assigned started entered", REFERENT),
    ("questionnaires.fill", "GET"): ANSWERED_BY,
    ("questionnaires.fill", "POST"): ANSWERED_BY,
    # The item that is posted is none of the grid's.
    ("questionnaires.save", "POST"): ANSWERED_BY | on("grid", set()),
    ("questionnaires.start", "GET"): on(PASSATIONS, AGENT) | on(f"entered {SUBMITTED}", AGENT | REFERENT),
    ("plans.answer", "GET"): on("closed_step", AGENT),
    ("plans.answer", "POST"): on("closed_step", AGENT),
    ("plans.calendar", "GET"): on(JOURNEYS, AGENT),
    ("plans.edit", "GET"): on("step", AGENT | REFERENT),
    ("plans.edit", "POST"): on("step", AGENT | REFERENT),
    ("plans.index", "GET"): on(JOURNEYS, AGENT | REFERENT),
    ("plans.move", "POST"): on("step", AGENT | REFERENT),
    ("plans.new", "GET"): on("journey", AGENT | REFERENT),
    ("plans.new", "POST"): on("journey", AGENT | REFERENT),
    ("plans.remove", "GET"): on("step", AGENT | REFERENT),
    ("plans.remove", "POST"): on("step", AGENT | REFERENT),
    ("plans.review", "GET"): on("closed_journey", AGENT),
    ("synthesis.assemble", "POST"): on("journey", AGENT | REFERENT),
    ("synthesis.block", "GET"): on("journey", AGENT | REFERENT),
    ("synthesis.block", "POST"): on("journey", AGENT | REFERENT),
    ("synthesis.document", "GET"): on("paper closed_paper", AGENT | REFERENT),
    ("synthesis.leave_out", "POST"): on("journey", AGENT),
    ("synthesis.observations", "GET"): on("journey", AGENT),
    ("synthesis.observations", "POST"): on("journey", AGENT),
    ("synthesis.paper", "GET"): on("paper closed_paper", AGENT | REFERENT),
    ("synthesis.print_document", "POST"): on(JOURNEYS, AGENT | REFERENT),
    ("synthesis.propose", "GET"): on("journey", REFERENT),
    ("synthesis.propose", "POST"): on("journey", REFERENT),
    ("synthesis.restore", "POST"): on("journey", AGENT | REFERENT),
    ("synthesis.show", "GET"): on(JOURNEYS, AGENT | REFERENT),
    ("synthesis.validate", "GET"): on("journey", AGENT | REFERENT),
    ("synthesis.validate", "POST"): on("journey", AGENT | REFERENT),
    ("synthesis.version", "GET"): on(JOURNEYS, AGENT | REFERENT),
    ("scenarios.choose", "GET"): on("scenario", AGENT),
    ("scenarios.choose", "POST"): on("scenario", AGENT),
    ("scenarios.edit", "GET"): on("scenario", AGENT | REFERENT),
    ("scenarios.edit", "POST"): on("scenario", AGENT | REFERENT),
    ("scenarios.index", "GET"): on(JOURNEYS, AGENT | REFERENT),
    ("scenarios.new", "GET"): on("journey", AGENT | REFERENT),
    ("scenarios.new", "POST"): on("journey", AGENT | REFERENT),
    ("scenarios.remove", "GET"): on("scenario", AGENT | REFERENT),
    ("scenarios.remove", "POST"): on("scenario", AGENT | REFERENT),
    ("leads.edit", "GET"): on("lead", AGENT | REFERENT),
    ("leads.edit", "POST"): on("lead", AGENT | REFERENT),
    ("leads.index", "GET"): on(JOURNEYS, AGENT | REFERENT),
    ("leads.keep", "POST"): on("lead", AGENT | REFERENT),
    ("leads.new", "GET"): on("journey", AGENT | REFERENT),
    ("leads.new", "POST"): on("journey", AGENT | REFERENT),
    ("leads.new_survey", "GET"): on("lead", AGENT | REFERENT),
    ("leads.new_survey", "POST"): on("lead", AGENT | REFERENT),
    ("leads.remove", "GET"): on("lead", AGENT | REFERENT),
    ("leads.remove", "POST"): on("lead", AGENT | REFERENT),
    ("leads.remove_survey", "GET"): on("survey", AGENT | REFERENT),
    ("leads.remove_survey", "POST"): on("survey", AGENT | REFERENT),
    ("leads.show", "GET"): on("lead closed_lead", AGENT | REFERENT),
    ("leads.sort", "POST"): on("lead", AGENT),
    ("leads.suggestions", "GET"): on("journey", AGENT | REFERENT),
    ("leads.suggestions", "POST"): on("journey", AGENT | REFERENT),
    ("leads.survey", "GET"): on("survey", AGENT | REFERENT),
    ("leads.survey", "POST"): on("survey", AGENT | REFERENT),
    ("results.carry", "POST"): on("grid", AGENT | REFERENT),
    ("results.comment", "POST"): on("submitted", REFERENT) | on("released grid", AGENT | REFERENT),
    ("results.crossing", "GET"): on(JOURNEYS, AGENT | REFERENT),
    ("results.finding", "GET"): on("finding", AGENT | REFERENT),
    ("results.finding", "POST"): on("finding", AGENT | REFERENT),
    ("results.index", "GET"): on(JOURNEYS, AGENT | REFERENT),
    ("results.keep_out", "POST"): on("released grid", AGENT),
    ("results.new_finding", "GET"): on("journey", AGENT | REFERENT),
    ("results.new_finding", "POST"): on("journey", AGENT | REFERENT),
    ("results.paper", "GET"): READ_RESULT,
    ("results.release", "POST"): on("submitted released grid", REFERENT),
    ("results.remove_finding", "GET"): on("finding", AGENT | REFERENT),
    ("results.remove_finding", "POST"): on("finding", AGENT | REFERENT),
    ("results.show", "GET"): READ_RESULT,
    ("questionnaires.withdraw", "POST"): on("assigned", REFERENT),
    ("reception.assign", "GET"): on(SENT, SECRETARIAT),
    ("reception.assign", "POST"): on(SENT, SECRETARIAT),
    ("reception.home", "GET"): SECRETARIAT,
    ("reception.index", "GET"): SECRETARIAT,
    ("reception.invite", "POST"): on(SENT, SECRETARIAT),
    ("reception.replace", "GET"): on(SENT, SECRETARIAT),
    ("reception.replace", "POST"): on(SENT, SECRETARIAT),
    ("reception.show", "GET"): on(SENT, SECRETARIAT),
    ("reception.show", "POST"): on(SENT, SECRETARIAT),
    ("quotes.answer", "GET"): on(QUOTES, OWN_HR),
    ("quotes.answer", "POST"): on(QUOTES, OWN_HR),
    ("quotes.document", "GET"): on(QUOTES, OWN_HR | SECRETARIAT),
    ("quotes.draw_up", "GET"): on("quoted journey", SECRETARIAT),
    ("quotes.draw_up", "POST"): on("quoted journey", SECRETARIAT),
    ("quotes.employer", "GET"): on("employer", SECRETARIAT),
    ("quotes.employer", "POST"): on("employer", SECRETARIAT),
    ("quotes.employers", "GET"): SECRETARIAT,
    ("security.login", "GET"): ALL,
    ("security.login", "POST"): ALL,
    ("security.logout", "POST"): ALL,
    ("security.verify", "GET"): NOBODY,
    ("security.verify", "POST"): NOBODY,
}
# What makes a permitted post more than an incomplete one, where an incomplete one answers 404.
DATA = {
    ("agenda.subscription", "POST"): {"action": "open"},
    ("careers.order", "POST"): {"dates": "1"},
    ("mail.show", "POST"): {"action": "settle"},
    ("people.manage_account", "POST"): {"action": "reopen"},
    ("people.resume", "POST"): {"entry": "00000000-0000-4000-8000-000000000000"},
    ("interviews.show", "POST"): {"held_minutes": "60"},
    ("prescriptions.new", "POST"): {"submission": "00000000-0000-4000-8000-000000000001"},
}


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
    """Ask for a page or a fragment, with a good token."""
    headers = {"HX-Request": "true"} if fragment else {}
    if method == "GET":
        return browser.client.get(path, headers=headers, buffered=True)
    return browser.client.post(path, headers=headers, data={"csrf_token": browser.csrf_token(), **(data or {})})


def differences(world, table, endpoint, method, *, fragment):
    """Return where the answers and the table disagree; the refused try first, so that they meet the object whole."""
    found, browsers = [], {name: world.browser(name) for name in EVERYBODY}
    for address in addresses(world, endpoint):
        allowed = who_may(table, endpoint, method, address)
        for name in sorted(EVERYBODY, key=lambda one: one in allowed):
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
