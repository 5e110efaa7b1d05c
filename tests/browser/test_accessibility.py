"""Every page that exists, as each person who may see it, is looked at on a wide screen, in the dark and on a phone."""

import re
from collections import defaultdict

import pytest
from browser.looking import axe_faults, focus_faults, look
from playwright.sync_api import expect
from walk import Address, addresses, get_endpoints
from world import EVERYBODY

pytestmark = pytest.mark.browser
SHARDS = 8
# The endpoints that answer a GET without a page of their own.
NOT_PAGES = {
    "agenda.event": "a calendar file",
    "assignments.download": "a file",
    "agenda.feed": "a calendar file",
    "complaints.download": "a file",
    "treatment.download": "a file",
    "access.image": "an image, on access.factor",
    "treatment.export": "a table for a spreadsheet",
    "improvement.export": "tables and a PDF, whose page is improvement.index",
    "mail.letter": "a PDF, whose page is mail.notice",
    "treatment.letter": "a PDF, whose page is treatment.show",
    "plans.calendar": "a calendar file",
    "hr_review.minutes": "needs a review that was held: test_accessibility_of_endings.py",
    "interviews.certificate": "a PDF",
    "privacy.document": "a PDF, whose page is privacy.certificate",
    "interviews.own_certificate": "a PDF",
    "followup.interrupt": "needs a bilan on its way: test_accessibility_of_requests.py",
    "pages.font": "a file",
    "pages.static_file": "a file",
    "proposals.decline": "needs a proposal that waits: test_accessibility_of_requests.py",
    "people.home": "leads each role to its first page",
    "people.resume": "needs a kept entry: test_accessibility_of_errors.py",
    "access.code": "needs a password just given: test_accessibility_of_errors.py",
    "access.recovery": "needs a password just given: test_accessibility_of_errors.py",
    "passkeys.enter": "needs a password just given: test_passkeys.py",
    "operation.health": "JSON",
    "operation.metrics": "figures for a monitor",
    "proconnect.back": "leads home, where ProConnect is set",
    "proconnect.begin": "leads to ProConnect, where it is set",
    "proconnect.left": "leads to the sign-in, where ProConnect is set",
    "public.security": "a text for machines",
    "quotes.document": "a PDF, whose page is quotes.answer",
    "security.verify": "of Flask-Security, reached by nobody",
    "questionnaires.blank": "a PDF, whose page is questionnaires.fill",
    "synthesis.document": "a PDF, whose page is synthesis.show",
    "evidence.take": "a file, whose page is evidence.index",
    "quality.export": "a table for a spreadsheet",
    "results.paper": "a PDF, whose page is results.show",
}
# What an element is in its place: the stylesheet gives it its colours and its ring by nothing else.
PLACES = """() => [...new Set([...document.querySelectorAll('body *')].map((one) => {
  const name = (two) => `${two.tagName}.${two.getAttribute('class') ?? ''}.${two.getAttribute('aria-current') ?? ''}`;
  return `${name(one.parentElement.parentElement)}>${name(one.parentElement)}>${name(one)}`;
}))]"""
_plans = {}
_seen = set()


def plan(world):
    """Return (person, address) of every page of the application.

    Of two pages of an endpoint of which one holds all the kinds of elements of the other, in other
    words or under the header of another person, that one is looked at; each person's account shows
    each person's header.
    """
    if "pages" not in _plans:
        found = defaultdict(list)
        for person in EVERYBODY:
            client = world.browser(person).client
            for address in home_addresses(world):
                with client.get(address.path) as answer:
                    if answer.status_code == 200 and answer.mimetype == "text/html":
                        whose = person if address.endpoint == "people.account" else ""
                        found[address.endpoint, whose].append((elements(answer.text), person, address))
        _plans["pages"] = [page for pages in found.values() for page in the_fullest(pages)]
    return _plans["pages"]


def the_fullest(pages):
    """Return (person, address) of the pages whose kinds of elements are not all in another one."""
    kept = []
    for kinds, person, address in sorted(pages, key=lambda page: len(page[0]), reverse=True):
        if not any(kinds <= others for others, _, _ in kept):
            kept.append((kinds, person, address))
    return [(person, address) for _, person, address in kept]


def home_addresses(world):
    """Return the addresses of one of the two bilans, which mirror each other, and of what has no bilan."""
    for endpoint in get_endpoints(world.app):
        yield from (address for address in addresses(world, endpoint) if address.side in ("", "home"))
    yield Address("mail.show", f"/secretariat/courriers/{world.sent.id}")


def elements(html):
    """Return the kinds of elements of a page's content: their names, each with its classes."""
    return frozenset(re.findall(r'<(\w+)(?:[^>]*? class="([^"]*)")?', html[html.index("<main") : html.index("</main>")]))


def test_no_page_is_forgotten(world):
    reached = {address.endpoint for _, address in plan(world)}
    assert set(get_endpoints(world.app)) - reached == set(NOT_PAGES), "an endpoint is looked at by nobody, or is a page after all"
    assert {person for person, _ in plan(world)} == set(EVERYBODY), "somebody's pages are not looked at"
    assert len(plan(world)) > 50, "fewer pages than the walk once reached"


@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_page_is_accessible(live_world, world, new_context, shard):
    faults, contexts = [], {}
    for person, address in plan(world)[shard::SHARDS]:
        if person not in contexts:
            contexts[person] = new_context(live_world.address, cookie=world.cookies.get(person)).new_page()
        page = contexts[person]
        answer = page.goto(address.path)
        assert answer.status == 200, f"{answer.status} on {address.path} as {person}"
        places = set(page.evaluate(PLACES))
        fresh = not places <= _seen
        _seen.update(places)
        # The wide screen, the dark colours and the rings are looked at where an element is in a place not met before.
        faults += [f"{address.endpoint} ({person}, {address.state}) {fault}" for fault in look(page, wide=fresh, dark=fresh, focus=fresh)]
    assert not faults, "\n".join(faults)


def test_the_look_sees_what_is_planted(page_of):
    page = page_of()
    page.goto("/connexion")
    assert look(page) == []
    page.evaluate(
        """() => {
          const add = (tag, where, style, words, others) => {
            const one = Object.assign(document.createElement(tag), {textContent: words, ...others});
            Object.assign(one.style, style);
            document.querySelector(where).append(one);
          };
          add('input', 'main form', {}, '', {type: 'text', name: 'planted'});
          add('p', 'main', {color: '#717171', background: '#fff'}, 'Gris, 4.9:1 : assez pour AA, pas pour AAA.');
          add('p', 'main', {color: 'light-dark(#000, #333)'}, 'Trop sombre la nuit.');
          add('div', 'main', {width: '400px'}, 'large');
          add('button', 'main form', {outline: 'none'}, 'Sans anneau', {type: 'button'});
        }"""
    )
    said = "\n".join(look(page))
    for where, fault in (
        ("1280", "label: "),
        ("1280", "color-contrast-enhanced: "),
        ("dark", "color-contrast-enhanced: "),
        ("320", "scrolls sideways"),
        ("focus", "no ring on <button"),
    ):
        assert re.search(f"at {where}: {fault}", said), f"{fault!r} was not seen at {where} in:\n{said}"


def test_a_menu_of_a_phone_is_accessible_when_open(page_of, story):
    page = page_of(story.secretariat, width=320)
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Courriers", exact=True)).to_be_visible()
    assert axe_faults(page) == []
    assert focus_faults(page) == []
