"""What people do in a browser, the same in several tests."""

import re
import time

from client import COOKIE, PASSWORD
from playwright.sync_api import expect

SAVED = re.compile(r"Enregistré à \d\d:\d\d")
# Where the focus is: a radio button's name and value, a link's or a button's words, the path of anything else.
FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return '';
  if (one.type === 'radio') return `${one.name}=${one.value}`;
  return one.id || one.textContent.trim().replace(/\\s+/g, ' ');
}"""
# From here on `window.saves` counts what htmx has sent.
COUNT_SAVES = """() => {
  window.saves = 0;
  document.addEventListener('htmx:afterRequest', () => { window.saves += 1; });
}"""


def sign_in(page, person, password=PASSWORD):
    """Sign in through the form."""
    page.goto("/connexion")
    say_who(page, person, password)


def say_who(page, person, password=PASSWORD):
    """Fill the sign-in form that is there, wherever it leads next."""
    page.get_by_label("Adresse e-mail").fill(person.email)
    page.get_by_label("Mot de passe", exact=True).fill(password)
    page.get_by_role("button", name="Se connecter").click()
    expect(page).not_to_have_url(re.compile("/connexion"))


def path_of(live, endpoint, **arguments):
    """Return the address of an endpoint, without the host."""
    with live.within():
        return live.app.url_for(endpoint, **arguments)


def focused(page):
    """Say where the focus is."""
    return page.evaluate(FOCUS)


def tab_to(page, wanted, limit=60):
    """Press Tab until the focus is where it is wanted; return how many times."""
    met = []
    for times in range(1, limit + 1):
        page.keyboard.press("Tab")
        met.append(focused(page))
        if met[-1].startswith(wanted):
            return times
    raise AssertionError(f"no {wanted!r} in {met}")


def past_header(page):
    """Leave the header by the skip link, as people without a mouse do; a page with an anchor begins there."""
    if "#" in page.url:
        return
    assert tab_to(page, "Aller au contenu", limit=1) == 1
    page.keyboard.press("Enter")


def follow(page, words):
    """Go to a link or a button by Tab, and press Enter."""
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def press(page, item, value):
    """Press one answer with the arrows and the space bar, from the first answer of its question."""
    if value == "1":
        page.keyboard.press("Space")
    elif value == "sans":
        page.keyboard.press("ArrowUp")
    else:
        for _ in range(int(value) - 1):
            page.keyboard.press("ArrowDown")
    assert focused(page) == f"{item}={value}"


def fits(page):
    """Return whether nothing lies beyond the right edge of the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def enter(page, name):
    """Follow an entry of the header, which a narrow screen keeps in its menu."""
    page.get_by_role("button", name="Menu", exact=True).click()
    page.locator("#menu").get_by_role("link", name=name, exact=True).click()


def turn_to(page, name):
    """Go to another page of the same bilan, by the list that a narrow screen folds."""
    pages = page.locator("nav.sections")
    pages.locator("summary").click()
    pages.get_by_role("link", name=name, exact=True).click()
    assert fits(page), f"{page.url} scrolls sideways"


def go(page, name):
    """Follow the first link of the page that says so; what comes fits the screen."""
    page.locator("main").get_by_role("link", name=name).first.click()
    assert fits(page), f"{page.url} scrolls sideways"


def no_request(page):
    """Assert that nothing was asked since COUNT_SAVES: what has the focus would be swapped away."""
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
    assert page.evaluate("() => window.saves") == 0


def choose(page, item, value):
    """Press the answer of an item and wait until the server has it."""
    page.bring_to_front()  # Chromium slows the tabs behind
    with page.expect_response(re.compile(f"/reponses/{item}$")) as answer:
        page.locator(f'label[for="{answer_id(page, item, value)}"]').click()
    return answer.value


def answer_id(page, item, value):
    return page.locator(f'input[name="{item}"][value="{value}"]').get_attribute("id")


def write(page, kind, text):
    """Type a note over what its field holds, as somebody who has just arrived in it."""
    page.bring_to_front()
    field = page.locator(f"#text-{kind}")
    field.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)  # in one go: on a slow machine, a pause while typing would save half of it


def grow_old(context, live, hours):
    """Make the session of a browser as old as if nothing had been asked for hours."""
    serializer = live.app.session_interface.get_signing_serializer(live.app)
    (cookie,) = [one for one in context.cookies() if one["name"] == COOKIE]
    session = serializer.loads(cookie["value"])
    session["seen"] = int(time.time()) - hours * 3600
    context.add_cookies([{**cookie, "value": serializer.dumps(session)}])


def send(page, name, status=422):
    """Press a button and check the status of the page that comes back."""
    with page.expect_navigation() as answer:
        page.get_by_role("button", name=name, exact=True).click()
    assert answer.value.status == status, f"{answer.value.status} on {page.url}"


def told(page):
    """Assert that the error summary has the focus and each of its links leads to a field; return what it says, nothing twice."""
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    for link in summary.locator("a").all():
        target = link.get_attribute("href")
        assert page.locator(target).count() == 1, f"{target} leads nowhere"
        assert page.locator(target).evaluate("(one) => one.matches('input, select, textarea')"), f"{target} is no field"
    said = summary.inner_text()
    lines = [line for line in said.splitlines() if line.strip()]
    assert len(lines) == len(set(lines)), f"the same words twice: {lines}"
    return said
