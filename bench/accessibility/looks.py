"""The looking itself: one Chromium in a process of its own, that opens the pages of a queue and says what it finds."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import parent_process
from urllib.parse import urlsplit

from browser.checks import arm, names, run, run_axe, run_keyboard
from browser.chromium import ARGUMENTS, find_chromium
from browser.watching import Watch
from client import COOKIE
from pages import html_faults
from playwright.sync_api import Error, sync_playwright
from werkzeug.http import dump_cookie

from bench.accessibility.plan import ORDINARY
from bilan.pages import DISPLAY_COOKIE

# Width, height and device pixels to one of CSS: a phone, a wide screen, a screen of 1280 px at 200 %.
WIDTHS = {"320": (320, 640, 1), "1280": (1280, 900, 1), "200 %": (640, 450, 2)}
# What only one column shows: on a wide screen a side column may well stand to the left.
ONE_COLUMN = {"reading-order"}
# What the display may change; the rest is in the document, whatever its looks.
OF_DISPLAY = {"reflow", "clipped", "text-spacing", "target-size", "reading-order", "css-words", "field-contrast"}
COUNT = (
    "(wanted) => Object.fromEntries(Object.entries(wanted).map(([name, selector]) => [name, document.querySelectorAll(selector).length]))"
)
# A form that may be sent empty, or whose press is refused on another page.
LED_ELSEWHERE = {200, 302, 404, 409}
# The attributes by which the page's display is chosen, as templates/layouts/base.html writes them.
SHOW = """(attributes) => {
  const root = document.documentElement;
  for (const name of root.getAttributeNames()) if (name.startsWith('data-')) root.removeAttribute(name);
  for (const [name, value] of attributes) root.setAttribute(name, value);
}"""

# Send the first form of the content with nothing in it, as somebody who has pressed too early.
FILLED = "main form[method=post] :is(input:not([type=hidden], [type=file]), select, textarea)"
SEND_EMPTY = """() => {
  const field = 'input:not([type=hidden], [type=file], .trap *), select, textarea';
  const form = [...document.querySelectorAll('main form[method=post]')].find((one) => one.querySelector(field));
  for (const one of form.querySelectorAll(field)) {
    if (one.matches('[type=radio], [type=checkbox]')) one.checked = false;
    else one.value = '';
  }
  HTMLFormElement.prototype.submit.call(form);
}"""


@dataclass
class Found:
    """What one visit found: faults as [preference, width, check, detail], how often each kind of element is there."""

    endpoint: str
    path: str
    person: str
    shape: str
    looks: list = field(default_factory=list)  # [preference, width] of each run of axe
    laid: list = field(default_factory=list)  # and of what was looked at without it
    faults: list = field(default_factory=list)
    counts: dict = field(default_factory=dict)
    title: str = ""
    keyboard: bool = False
    seconds: float = 0
    key: str = ""


class Looker:
    """A browser, with one page kept for each person."""

    def __init__(self, browser, address, cookies, kinds):
        self.browser, self.address, self.cookies, self.kinds = browser, address, cookies, kinds
        self.opened = {}

    def page(self, person, display):
        """Return the page of somebody, whose browser holds a display."""
        if (person, display) not in self.opened:
            context = self.browser.new_context(base_url=self.address, locale="fr-FR")
            given = ({DISPLAY_COOKIE: display} if display else {}) | ({COOKIE: self.cookies[person]} if person in self.cookies else {})
            for name, value in given.items():
                context.add_cookies([{"name": name, "value": written(value), "url": self.address, "httpOnly": True, "sameSite": "Lax"}])
            watch = Watch(context, urlsplit(self.address).netloc)
            page = context.new_page()
            self.opened[person, display] = page, context.new_cdp_session(page), watch
        return self.opened[person, display]

    def look(self, visit):
        """Open the page, and look at it in each display at each width."""
        page, session, watch = self.page(visit.person, visit.cookie)
        found = Found(visit.endpoint, visit.path, visit.person, visit.shape, keyboard=visit.keyboard)
        answer = page.goto(visit.path)
        if visit.emptied and not page.locator(FILLED).count():
            return found
        if visit.emptied:
            with page.expect_navigation() as sent:
                page.evaluate(SEND_EMPTY)
            if sent.value.status in LED_ELSEWHERE:
                watch.faults.clear()
                return found
            answer = sent.value
        if answer.status != visit.status:
            found.faults.append(["", "", "status", f"{answer.status} and not {visit.status}"])
            return found
        found.title = page.title()
        arm(page)
        found.counts = page.evaluate(COUNT, self.kinds)
        found.faults += [["", "", "valid-html", fault] for fault in html_faults(page.content())] if visit.keyboard else []
        for shown in visit.shown:
            self.show(page, session, visit, shown, found)
        found.faults += [["", "", "console", fault] for fault in watch.faults]
        watch.faults.clear()
        if visit.cookie:
            self.opened.pop((visit.person, visit.cookie))[0].context.close()
        return found

    def show(self, page, session, visit, shown, found):
        """Look at one display."""
        if shown.preference != ORDINARY:
            page.evaluate(SHOW, shown.attributes)
        # Whoever has chosen the light colours has them on a machine that is set to the dark ones.
        page.emulate_media(color_scheme="dark" if shown.preference == "theme=light" else "light")
        for width in shown.widths:
            wide, high, ratio = WIDTHS[width]
            sizes = {"width": wide, "height": high, "deviceScaleFactor": ratio, "mobile": False}
            session.send("Emulation.setDeviceMetricsOverride", sizes)
            own = shown.preference == ORDINARY or visit.cookie
            wanted = [one for one in names(page) if (own or one in OF_DISPLAY) and (wide < 960 or one not in ONE_COLUMN)]
            faults = (run_axe(page) if shown.runs_axe(width) else []) + run(page, wanted)
            (found.looks if shown.runs_axe(width) else found.laid).append([shown.preference, width])
            if shown.is_tabbed(width) and (visit.keyboard or shown.preference != ORDINARY):
                faults += run_keyboard(page)
            found.faults += [[shown.preference, width, *fault] for fault in faults]


def written(value):
    """Return the value of a cookie as a server writes it."""
    return dump_cookie("x", value, max_size=0).split(";", 1)[0].removeprefix("x=") if '"' in value else value


def work(tasks, results, until, *given):
    """Look at what the queue gives until it gives None, or until a moment; a page that breaks the browser is a fault, not the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(playwright.chromium.executable_path), args=ARGUMENTS)
        looker = Looker(browser, *given)
        while (visit := tasks.get()) is not None and parent_process().is_alive() and time.time() < until:
            start = time.monotonic()
            try:
                found = looker.look(visit)
            except Exception as error:  # noqa: BLE001 -- whatever breaks on a page is said, and the next one is opened
                found = Found(visit.endpoint, visit.path, visit.person, visit.shape)
                found.faults.append(["", "", "broken", (str(error) or repr(error)).splitlines()[0]])
                with suppress(Error, KeyError):
                    looker.opened.pop((visit.person, visit.cookie))[0].context.close()
            found.key, found.seconds = visit.key, round(time.monotonic() - start, 1)
            results.put(found)
        browser.close()
    results.put(None)
