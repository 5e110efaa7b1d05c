"""What a screen reader is given: Chromium's accessibility tree, and what live regions announce."""

from typing import NamedTuple

# Announced: the words of a live region that was there before, each time that something is put in it, the same words included.
HEAR = """() => {
  window.heard = [];
  const live = '[aria-live]:not([aria-live=off]), [role=status], [role=alert]';
  const words = (one) => one.textContent.trim().replace(/\\s+/g, ' ');
  const there = new Set(document.querySelectorAll(live));
  new MutationObserver((records) => {
    const put = records.filter(({addedNodes, type}) => type === 'characterData' || [...addedNodes].some(words));
    const regions = put.map(({target}) => (target.closest ? target : target.parentElement)?.closest(live));
    new Set(regions).forEach((one) => { if (there.has(one) && one.isConnected && words(one)) window.heard.push(words(one)); });
    document.querySelectorAll(live).forEach((one) => there.add(one));
  }).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""
TWICE = 300  # milliseconds: what would be said twice would be said by then


class Node(NamedTuple):
    """A node of the tree: its role, its name, what describes it, its states."""

    role: str
    name: str
    description: str
    states: dict


def tree(page):
    """Return the nodes that a screen reader meets, in order."""
    session = page.context.new_cdp_session(page)
    found = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    held = {one["nodeId"]: one for one in found}

    def in_order(one):
        yield one
        for child in one.get("childIds", ()):
            if child in held:
                yield from in_order(held[child])

    return [node(one) for one in in_order(found[0]) if not one.get("ignored") and one["role"]["value"] not in ("none", "InlineTextBox")]


def node(raw):
    """Return one node of the protocol, its spaces made single."""

    def said(part):
        return " ".join(str(raw.get(part, {}).get("value", "")).split())

    states = {one["name"]: one["value"].get("value") for one in raw.get("properties", [])}
    return Node(raw["role"]["value"], said("name"), said("description"), states)


def named(nodes, role):
    """Return the names of the nodes of a role, in order."""
    return [one.name for one in nodes if one.role == role]


def the(nodes, role, beginning=""):
    """Return the only node of a role whose name begins so."""
    found = [one for one in nodes if one.role == role and one.name.startswith(beginning)]
    assert len(found) == 1, f"{len(found)} {role} {beginning!r} among {named(nodes, role)}"
    return found[0]


def heard(page):
    """Return what was announced since HEAR, or since the last time."""
    page.wait_for_timeout(TWICE)
    return page.evaluate("() => window.heard.splice(0)")
