"""What every page must be: `inspect_page` is run on each one that a test fetches. And htmx's swap, replayed."""

import hashlib
import re

import html5lib
from bs4 import BeautifulSoup, Tag

POLICY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
IMMUTABLE = "public, max-age=31536000, immutable"
POLICY = ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
LOADED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "form": "action", "use": "href"}
NOT_TYPED = {"hidden", "submit", "button", "reset", "image"}
_valid = set()


def words(text):
    """Return a text with single spaces."""
    return " ".join(text.split())


def inspect_page(html, *, echoes=()):
    """Raise AssertionError listing what is wrong with a whole page; `echoes` are texts that a person typed.

    A page that differs from a good one by its identifiers and numbers only was looked at already.
    """
    shape = shape_of(html)
    faults = unrendered(html, echoes)
    if shape not in _valid:
        soup = BeautifulSoup(html, "html.parser")
        faults += [*page_faults(soup), *common_faults(soup), *html_faults(html)]
    assert not faults, "\n".join(faults)
    _valid.add(shape)


def inspect_fragment(html, *, echoes=()):
    """Raise AssertionError listing what is wrong with a fragment."""
    soup = BeautifulSoup(html, "html.parser")
    faults = unrendered(html, echoes) + common_faults(soup)
    if soup.find(["html", "head", "body", "script"]) or "<!doctype" in html.lower():
        faults.append("a fragment is not a page")
    assert not faults, "\n".join(faults)


def shape_of(html):
    """Return the digest of a page without its token, its identifiers, its numbers: what is left is as valid as what it stands for."""
    same = re.sub(r'(name="csrf_token" value=|X-CSRFToken": )"[^"]*"', "", html)
    same = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "#", same)
    # Two identifiers that are the same would be one page's fault and another's good order: how many differ is kept.
    ids = re.findall(r'\bid="([^"]*)"', html)
    same = re.sub(r"-[0-9a-f]{8}\b|\d+", "0", same)
    return hashlib.sha256(f"{len(ids) - len(set(ids))} {same}".encode()).digest()


def unrendered(html, echoes):
    """Return the marks of a template that a page still shows."""
    for text in echoes:
        html = html.replace(text, "")
    return [f"unrendered {mark}" for mark in ("{{", "{%", "Undefined") if mark in html]


def page_faults(soup):
    """What only a whole page must have."""
    faults = []
    headings = soup.find_all("h1")
    if len(headings) != 1:
        faults.append(f"{len(headings)} h1 instead of one")
    elif not words(soup.title.text).startswith(words(headings[0].text)) or not words(headings[0].text):
        faults.append(f"the title {words(soup.title.text)!r} does not begin with the h1 {words(headings[0].text)!r}")
    if not soup.html or soup.html.get("lang") != "fr":
        faults.append("the page does not say that it is in French")
    return faults


def common_faults(soup):
    """What pages and fragments must not have."""
    faults = []
    for tag in soup.find_all(True):
        faults += [f"inline handler {name} on {tag.name}" for name in tag.attrs if name.startswith("on")]
        faults += [f"style attribute on {tag.name}" for name in tag.attrs if name == "style"]
    if soup.find("style"):
        faults.append("a style element")
    faults += ["a script with inline content" for script in soup.find_all("script") if script.text.strip() or not script.get("src")]
    faults += duplicate_ids(soup) + unlabelled_fields(soup) + foreign_addresses(soup)
    return faults


def duplicate_ids(soup):
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    return [f"duplicate id {one}" for one in sorted({one for one in ids if ids.count(one) > 1})]


def unlabelled_fields(soup):
    labelled = {label["for"] for label in soup.find_all("label") if label.get("for") and label.text.strip()}
    faults = []
    for field in soup.find_all(["input", "select", "textarea"]):
        if field.get("type") in NOT_TYPED:
            continue
        if field.get("id") not in labelled and not field.find_parent("label") and not field.get("aria-label"):
            faults.append(f"no label for {field.get('name')}")
        group = field.find_parent("fieldset")
        if field.get("type") == "radio" and not (group and group.legend and group.legend.text.strip()):
            faults.append(f"no legend for {field.get('name')}")
    return faults


def foreign_addresses(soup):
    faults = []
    for tag in soup.find_all(list(LOADED)):
        address = tag.get(LOADED[tag.name])
        if address and (not address.startswith("/") or address.startswith("//")) and not address.startswith("#"):
            faults.append(f"{tag.name} loads {address}")
    return faults


def html_faults(html):
    """What a strict HTML parser finds."""
    parser = html5lib.HTMLParser()
    parser.parse(html)
    return [f"HTML, line {place[0]}: {code} {values}" for place, code, values in parser.errors]


def inspect_headers(response, *, secure=False):
    """Raise AssertionError unless the answer, and each cookie that it sets, protects itself; `secure` where people come by https."""
    for name, value in POLICY_HEADERS.items():
        assert response.headers.getlist(name) == [value], f"{name}: {response.headers.getlist(name)}"
    kept = response.headers.getlist("Cache-Control")
    assert kept == ["no-store"] or (kept == [IMMUTABLE] and response.request.path.startswith(("/statique/", "/static-lib/"))), kept
    assert response.headers.get("Strict-Transport-Security", "") == ("max-age=31536000; includeSubDomains" if secure else "")
    policy = response.headers.get("Content-Security-Policy", "")
    for part in POLICY:
        assert part in policy, policy
    assert "unsafe" not in policy
    for cookie in response.headers.getlist("Set-Cookie"):
        name, *attributes = cookie.split("; ")
        assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(attributes), cookie
        assert not any(one.startswith("Domain") for one in attributes), cookie
        assert ("Secure" in attributes, name.startswith("__Host-")) == (secure, secure), cookie


def swap(page_html, fragment_html, target_id):
    """Return the page as htmx leaves it: the fragment inside its target, out-of-band parts in their places."""
    page = BeautifulSoup(page_html, "html.parser")
    fragment = BeautifulSoup(fragment_html, "html.parser")
    for part in fragment.find_all(attrs={"data-hx-swap-oob": True}):
        way = part.attrs.pop("data-hx-swap-oob")
        part.extract()
        place = page.find(id=part["id"])
        assert place is not None, f"no place for the out-of-band part {part['id']}"
        if way == "true":
            place.replace_with(part)
        else:
            assert way == "innerHTML", way
            _fill(place, part)
    target = page.find(id=target_id)
    assert target is not None, f"no target {target_id}"
    _fill(target, fragment)
    return page


def _fill(place: Tag, part: Tag):
    place.clear()
    for child in list(part.children):
        place.append(child.extract())
