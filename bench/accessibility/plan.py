"""What is looked at: who opens which page, how it is shown, how wide it is.

The pages are those of tests/world.py, and of extra.py: ten persons, two bilans that mirror each other, every state.
Each address of the URL map is asked as each person; what answers 200 with HTML is a page. Two pages that differ by
identifiers, numbers and names only are one page. Every page is looked at in the ordinary display, the fullest one of
each endpoint in each preference; `every` looks at all the pages of both bilans in all the preferences. `only` keeps
the endpoints that begin so.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from browser.test_accessibility import NOT_PAGES, elements, the_fullest
from pages import shape_of
from walk import addresses, get_endpoints

from bilan.pages import DISPLAY_COOKIE
from bilan.people.rules import DISPLAY_CHOICES, Display

ORDINARY, AT_ONCE_IS = "réglages ordinaires", "tout à la fois"
ALL = ("320", "1280", "200 %")
AT_ONCE = {"text": "larger", "typeface": "readable", "spacing": "wide", "contrast": "strong", "wide_targets": True, "no_motion": True}
AT_ONCE |= {"one_question": True, "plain_texts": True}
TABBED = {(ORDINARY, "320"), (ORDINARY, "1280"), (f"{AT_ONCE_IS}, dark", "200 %")}
# What is there for nobody signed in, or is not there any more.
ERRORS = {"/nulle-part": 404, "/connexion/lien/perime": 410, "/mot-de-passe/perime": 410, "/reclamations/suivi/perime": 404}
FIELDS = {"input", "textarea", "select"}
ROOT = re.compile(r"<html([^>]*)>")
# What a page draws anew each time that it is opened: what a key must sign.
DRAWN = re.compile(r' data-options="[^"]*"')


@dataclass(frozen=True)
class Shown:
    """One display of a page: the attributes that it gives to <html>, and the widths."""

    preference: str
    attributes: tuple = ()
    widths: tuple = ALL
    every: bool = False

    def runs_axe(self, width):
        """Whether axe looks too: one preference alone changes at 200 % nothing but the layout."""
        return self.every or width != "200 %" or self.preference.startswith((ORDINARY, AT_ONCE_IS))

    def is_tabbed(self, width):
        """Whether the whole page is gone through by the keyboard: on two screens, then with everything at once where there is least room."""
        return (self.preference, width) in TABBED


@dataclass(frozen=True)
class Visit:
    """One page, opened once by one person, looked at in several displays."""

    endpoint: str
    path: str
    person: str
    shape: str  # what the page is, without its identifiers and numbers
    cookie: str = ""  # the display that the server is told
    shown: tuple = (Shown(ORDINARY),)
    status: int = 200
    keyboard: bool = False
    emptied: bool = False  # its form is sent with nothing in it, which changes the world: last of all

    @property
    def key(self):
        """What the visit is known by, from one run to the next."""
        shown = "; ".join(f"{shown.preference} {' '.join(shown.widths)}" for shown in self.shown)
        return f"{self.endpoint} {self.person} {self.shape} {'Tab' if self.keyboard else ''} {shown}"


def preferences():
    """Return each preference that differs from the ordinary display, one at a time, then all of them in light and in dark."""
    found = {}
    for name, values in DISPLAY_CHOICES.items():
        for value in values:
            if value != getattr(Display(), name):
                found[f"{name}={'oui' if value is True else value}"] = Display(**{name: value})
    for theme in ("light", "dark"):
        found[f"{AT_ONCE_IS}, {theme}"] = Display(theme=theme, **AT_ONCE)
    return found


def pages(world, *, every, only=""):
    """Return (kinds of elements, visit) of each page that somebody may open."""
    found = {}
    wanted = {one for one in get_endpoints(world.app) if one.startswith(only)} - (set(NOT_PAGES) - set(world.extra))
    for person in ("anonymous", *world.cookies):
        client = world.browser(person).client
        role = world.people[person].role.value if person in world.people else "anonymous"
        for endpoint in wanted & world.come_for.get(person, wanted):
            for address in [*addresses(world, endpoint), *world.extra.get(endpoint, ())]:
                if not every and address.side == "away":
                    continue
                with client.get(address.path) as answer:
                    if answer.status_code == 200 and answer.mimetype == "text/html":
                        kind = shape(world, answer.text)
                        one = Visit(endpoint, address.path, person, kind)
                        found.setdefault((endpoint, role, kind), (elements(answer.text), one))
    return list(found.values())


def shape(world, html):
    """Return what a page is, whoever the persons are."""
    for person in world.people.values():
        html = html.replace(person.display_name, "")
    return shape_of(DRAWN.sub("", html)).hex()


def plan(world, *, every=False, only=""):
    """Return the visits: every page, the fullest ones in every preference, and the pages of what is not there."""
    found = pages(world, every=every, only=only)
    by_endpoint = defaultdict(list)
    for kinds, one in found:
        by_endpoint[one.endpoint].append((kinds, one.person, one))
    fullest = {the_fullest(several)[0][1] for several in by_endpoint.values()}
    errors = ERRORS if "error".startswith(only) else {}
    visits = [Visit("error", path, "anonymous", path, status=status, keyboard=True) for path, status in errors.items()]
    at_once, alone, empty = [], [], []
    for kinds, one in sorted(found, key=lambda page: (page[1].endpoint, page[1].person)):
        visits.append(replace(one, keyboard=one in fullest))
        if one in fullest or every:
            others = list(displays(world, one, every=every))
            looks = [other for other in others if isinstance(other, Shown)]
            at_once.append(replace(one, shown=tuple(other for other in looks if other.preference.startswith(AT_ONCE_IS))))
            alone.append(replace(one, shown=tuple(other for other in looks if not other.preference.startswith(AT_ONCE_IS))))
            at_once += [other for other in others if isinstance(other, Visit)]
        if one in fullest and any(name in FIELDS for name, _ in kinds):
            empty.append(emptied(one))
    return visits + [one for one in at_once + alone if one.shown] + empty


def emptied(one):
    """Return the visit of what answers when the form of a page is sent with nothing in it."""
    return replace(one, emptied=True, status=422, shape=f"{one.shape} emptied", shown=(Shown(ORDINARY, (), ("320", "1280")),))


def displays(world, one, *, every=False):
    """Return how else a page is shown; where the server writes another page, its own visit."""
    client = world.browser(one.person).client
    usual = client.get(one.path).text
    known = shape(world, ROOT.sub("", usual))
    for preference, display in preferences().items():
        client.set_cookie(DISPLAY_COOKIE, display.dump())
        html = client.get(one.path).text
        attributes = tuple(re.findall(r'(data-[a-z]+)="([^"]*)"', ROOT.search(html)[1]))
        if shape(world, ROOT.sub("", html)) != known:
            yield replace(one, cookie=display.dump(), shape=shape(world, html), shown=(Shown(preference, attributes, every=every),))
        elif ROOT.search(html)[0] != ROOT.search(usual)[0]:
            yield Shown(preference, attributes, every=every)


def forgotten(world, visits):
    """Return the endpoints that answer a GET, reached by nobody, that are pages for all that is said of them."""
    reached = {one.endpoint for one in visits}
    return sorted(set(get_endpoints(world.app)) - reached - (set(NOT_PAGES) - set(world.extra)))
