"""Hands that have no mouse: what a test clicks, fills, ticks or chooses is reached with Tab and done with keys.

A date or an hour is typed by Playwright once it is reached: the order of its parts is the browser's own.
"""

from browser.deeds import fits
from playwright.sync_api import Locator

STOPS_LIMIT = 400
REACHED = """(one) => {
  const here = document.activeElement;
  return here === one || (one.type === 'radio' && here?.type === 'radio' && here.name === one.name && here.form === one.form);
}"""
# A link within the page and a file leave one where one is.
LEADS_AWAY = """(one) => one.matches('button[type=submit], input[type=submit]')
  || (one.matches('a[href]') && !/^#|\\.(pdf|ics|csv|ods|zip)$|fichiers/.test(one.getAttribute('href')))"""
fill_in_one_go = Locator.fill


class NotReached(AssertionError):
    """Tab went round the page without meeting it."""


def reach(locator):
    """Press Tab until it has the focus, or the focus is in its group of radio buttons."""
    page = locator.page
    page.bring_to_front()
    locator.wait_for(state="attached")
    for _ in range(STOPS_LIMIT):
        if locator.evaluate(REACHED):
            return
        page.keyboard.press("Tab")
    raise NotReached(str(locator))


def click(locator, **_others):
    """Press Enter on a link or a button, and see that what comes fits the screen; tick or choose what is ticked or chosen."""
    if locator.evaluate("(one) => one.matches('input[type=radio], input[type=checkbox]')"):
        check(locator)
        return
    reach(locator)
    if not locator.evaluate(LEADS_AWAY):
        locator.page.keyboard.press("Enter")
        return
    page = locator.page
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert fits(page), f"{page.url} scrolls sideways"


def fill(locator, value, **_others):
    """Write a text over what a field holds."""
    reach(locator)
    if locator.evaluate("(one) => one.matches('input[type=date], input[type=time], input[type=month], input[type=number]')"):
        fill_in_one_go(locator, value)
        return
    locator.page.keyboard.press("Control+A")
    locator.page.keyboard.insert_text(value)


def check(locator, **_others):
    """Tick a box, or choose an answer with the arrows."""
    reach(locator)
    locator.page.keyboard.press("Space") if not locator.is_checked() else None
    for _ in range(STOPS_LIMIT):
        if locator.is_checked():
            return
        locator.page.keyboard.press("ArrowDown")
    raise NotReached(str(locator))


def select_option(locator, value=None, *, label=None, **_others):
    """Choose in a list with the arrows."""
    reach(locator)
    wanted = locator.evaluate(
        "(one, [value, label]) => [...one.options].findIndex((option) => option.label === (label ?? value) || option.value === value)",
        [value, label],
    )
    for _ in range(STOPS_LIMIT):
        here = locator.evaluate("(one) => one.selectedIndex")
        if here == wanted:
            return
        locator.page.keyboard.press("ArrowDown" if here < wanted else "ArrowUp")
    raise NotReached(f"{value or label} in {locator}")


def take_the_mouse(monkeypatch):
    """From now on, nothing is done but with the keyboard."""
    for name, done in {"click": click, "fill": fill, "check": check, "select_option": select_option}.items():
        monkeypatch.setattr(Locator, name, done)
