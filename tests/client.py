"""A browser without JavaScript that inspects every page it is given; CSRF stays on.

It posts only what the form of a page would post, with the token of that page.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from bs4 import BeautifulSoup
from pages import inspect_fragment, inspect_headers, inspect_page, words
from werkzeug.datastructures import MultiDict

PASSWORD = "une phrase facile à retenir"
COOKIE = "bilan"
TOKEN = re.compile(r"""data-hx-headers='{"X-CSRFToken": "([^"]+)"}'""")
# The token of the pages of a session that was open before the test: the same each time.
_tokens = {}


@dataclass
class Page:
    """An answer."""

    status: int
    html: str
    path: str
    response: object

    @cached_property
    def soup(self):
        """The page, parsed when a test first looks into it."""
        return BeautifulSoup(self.html, "html.parser")

    @property
    def text(self):
        """The words of the page, with single spaces (French no-break spaces too)."""
        return words(self.soup.text)

    @property
    def h1(self):
        return words(self.soup.h1.text)

    def form(self, ending=None):
        """Return the only form of the page's content, or the one whose address ends so."""
        forms = [one for one in self.soup.find_all("form") if one.get("method") == "post" and "sign-out" not in one.get("class", [])]
        if ending is not None:
            forms = [one for one in forms if one.get("action", self.path).endswith(ending)]
        assert len(forms) == 1, f"{len(forms)} forms on {self.path}: {[one.get('action') for one in forms]}"
        return forms[0]

    def has(self, *texts):
        """Assert that the words are on the page."""
        for text in texts:
            assert words(text) in self.text, f"{text!r} is not on {self.path}:\n{self.text}"

    def lacks(self, *texts):
        """Assert that the words are nowhere in the page."""
        for text in texts:
            assert text not in self.html, f"{text!r} is in {self.path}"
            assert words(text) not in self.text, f"{text!r} is on {self.path}"


class Browser:
    """One browser: its cookies, and the person who may have signed in."""

    def __init__(self, app, cookie=None):
        self.client = app.test_client()
        self.token = None
        self.cookie_given = cookie
        if cookie:
            self.client.set_cookie(COOKIE, cookie)

    def get(self, path, *, status=200, follow=True, echoes=()):
        """Fetch a page."""
        return self._page(self.client.get(path, follow_redirects=follow), status, echoes)

    def submit(self, page, values=None, *, form=None, button=None, status=200, follow=True, echoes=()):
        """Fill the form of a page as a person would, and send it; follow where it leads."""
        found = page.form(form)
        data = fill(found, values or {})
        if button:
            data.add(*button)
        assert data.get("csrf_token"), "the form has no token"
        address = found.get("action") or page.response.request.full_path.rstrip("?")
        return self._page(self.client.post(address, data=data, follow_redirects=follow), status, echoes)

    def post(self, path, data=None, *, status=200, follow=True, echoes=()):
        """Post what no form offers (a tampered or repeated field), with a good token."""
        pairs = MultiDict(data or {})
        pairs.setlistdefault("csrf_token", [self.csrf_token()])
        return self._page(self.client.post(path, data=pairs, follow_redirects=follow), status, echoes)

    def fragment(self, path, data=None, *, status=200, echoes=()):
        """Ask for a part of a page as htmx does: a GET without data, a POST with it."""
        headers = {"HX-Request": "true"}
        if data is None:
            response = self.client.get(path, headers=headers)
        else:
            headers["X-CSRFToken"] = self.csrf_token()
            response = self.client.post(path, data=data, headers=headers)
        return self._page(response, status, echoes)

    def csrf_token(self):
        """Return the token that the pages of this browser hold, as htmx reads it."""
        if self.token is None:
            self.token = _tokens.get(self.cookie_given) or TOKEN.search(self.client.get("/affichage").text)[1]
        if self.cookie_given:
            _tokens[self.cookie_given] = self.token
        return self.token

    def sign_in(self, person, password=PASSWORD, *, status=200, follow=True):
        """Sign in through the form."""
        self.cookie_given = None
        typed = {"email": person.email, "password": password}
        page = self.submit(self.get("/connexion"), typed, status=status, follow=follow)
        self.token = None
        return page

    def arrive(self, person):
        """Sign in, and do not look at the first page: the tests of what comes after."""
        self.sign_in(person, status=302, follow=False)

    def sign_out(self):
        """Sign out through the button of the header."""
        self.cookie_given = None
        page = self.get("/affichage")
        button = page.soup.find("form", class_="sign-out")
        self.token = None
        return self._page(self.client.post(button["action"], data=fill(button, {}), follow_redirects=True), 200, ())

    def cookie(self):
        """Return the session cookie."""
        return self.client.get_cookie(COOKIE).value

    def _page(self, response, status, echoes):
        expected = {status} if isinstance(status, int) else set(status)
        assert response.status_code in expected, f"{response.status_code} on {response.request.path}, expected {status}"
        inspect_headers(response)
        html = ""
        if response.mimetype == "text/html" and response.text and response.status_code // 100 != 3:
            html = response.text
            asked_fragment = "HX-Request" in response.request.headers and "<html" not in html
            (inspect_fragment if asked_fragment else inspect_page)(html, echoes=echoes)
        return Page(response.status_code, html, response.request.path, response)


def fill(form, values):
    """Return what a browser would post: what the form shows, with the values typed or chosen."""
    data, left = MultiDict(), dict(values)
    for field_ in form.find_all(["input", "select", "textarea"]):
        name = field_.get("name")
        if not name or field_.has_attr("disabled"):
            continue
        for value in _values(field_, left, form):
            data.add(name, value)
    unknown = set(left) - {one.get("name") for one in form.find_all(["input", "select", "textarea"])}
    assert not unknown, f"the form has no field {unknown}"
    return data


def _values(field_, given, form):
    name, kind = field_["name"], field_.get("type", "text")
    if field_.name == "select":
        offered = [option.get("value", option.text) for option in field_.find_all("option")]
        chosen = [option.get("value", option.text) for option in field_.find_all("option", selected=True)] or offered[:1]
        value = given.get(name, chosen[0])
        assert value in offered, f"{value!r} is not offered for {name}: {offered}"
        return [value]
    if field_.name == "textarea":
        return [given.get(name, field_.text.removeprefix("\n"))]
    if kind in ("radio", "checkbox"):
        if kind == "radio" and name in given:
            assert form.find("input", attrs={"name": name, "value": given[name]}), f"{given[name]!r} is not offered for {name}"
            return [given[name]] if field_["value"] == given[name] else []
        ticked = given.get(name, field_.has_attr("checked"))
        return [field_.get("value", "on")] if ticked else []
    if kind in ("submit", "button", "image", "reset"):
        return []
    return [given.get(name, field_.get("value", ""))]
