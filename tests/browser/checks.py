"""What a page must be beside axe's rules, for the tests and for bench/accessibility; the checks of one moment are in checks.js."""

from pathlib import Path

from browser.looking import AXE, LEFT_OUT

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
# axe's faults as (rule, detail).
RUN_AXE = """(leftOut) => {
  const rules = Object.fromEntries(axe.getRules().map((rule) => [rule.ruleId, {enabled: !leftOut.includes(rule.ruleId)}]));
  return axe.run(document, {resultTypes: ['violations'], rules}).then((found) => found.violations.flatMap(
    (one) => one.nodes.slice(0, 3).map((node) => ['axe:' + one.id, node.target.join(' ') + ' ' + node.html.slice(0, 160)])));
}"""
RUN_CHECKS = "(names) => names.flatMap((name) => window.bilanChecks[name]().map((fault) => [name, fault]))"
# The keyboard stands before the first stop again.
BEGIN = """() => {
  window.bilanStops = [];
  document.body.tabIndex = -1;
  document.body.focus({preventScroll: true});
  document.body.removeAttribute('tabindex');
  document.activeElement?.blur();
  scrollTo(0, 0);
}"""
# The next stop of the keyboard: what it is, where it is, whether one sees that it has the focus.
STOP = """() => {
  const one = document.activeElement;
  if (!one || one === document.body || one === document.documentElement) return null;
  if (window.bilanStops.at(-1) === one) return {within: true};
  if (window.bilanStops.includes(one)) return {again: true};
  window.bilanStops.push(one);
  const ringed = [one, one.closest('label')].filter(Boolean).some((other) => {
    const style = getComputedStyle(other);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && !/^rgba.*, 0\\)$/.test(style.outlineColor);
  });
  const box = (one.closest('label') ?? one).getBoundingClientRect();
  const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 20), 0), innerWidth - 1);
  const ys = [box.top + box.height / 2, box.top + 2, box.bottom - 2];
  const shown = ys.some((y) => {
    const on = document.elementFromPoint(x, y);
    return on && (on === one || one.contains(on) || on.contains(one) || one.labels && [...one.labels].some((label) => label.contains(on)));
  });
  const last = window.bilanStops.at(-2);
  const behind = last && !(last.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) && one.tabIndex <= 0;
  return {html: one.outerHTML.replace(/\\s+/g, ' ').slice(0, 140), ringed, shown, behind, jumps: one.tabIndex > 0};
}"""
# Every stop that the keyboard must reach: of a group of radio buttons one is enough, where none is chosen the browser takes either end.
MISSED = """() => {
  const stops = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')];
  const reached = window.bilanStops ?? [];
  return stops.filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({visibilityProperty: true}) && !reached.includes(one)
    && !(one.type === 'radio' && reached.some((other) => other.type === 'radio' && other.name === one.name)))
    .map((one) => [one.tabIndex > 0 ? 'focus-order' : 'focus-trap', 'not met on the way: ' + one.outerHTML.replace(/\\s+/g, ' ').slice(0, 140)]);
}"""
STOPS_LIMIT = 600


def arm(page):
    """Give the page what looks at it."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.axe_script)
        page.evaluate(f"() => {{ window.bilanChecks = {SCRIPT}; }}")


def names(page):
    """Return the names of the checks."""
    arm(page)
    return page.evaluate("() => Object.keys(window.bilanChecks)")


def run(page, wanted):
    """Return the faults of the checks, each as [name, detail]."""
    arm(page)
    return page.evaluate(RUN_CHECKS, list(wanted))


def run_axe(page):
    """Return what every rule of axe finds, each as [axe:rule, detail]."""
    arm(page)
    return page.evaluate(RUN_AXE, list(LEFT_OUT))


def run_keyboard(page):
    """Press Tab through the whole page: each stop is seen, in the order of the document, and one gets out at the end."""
    page.evaluate(BEGIN)
    faults = []
    for _ in range(STOPS_LIMIT):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or stop.get("again"):
            break
        if stop.get("within"):  # the day, then the month of a date
            continue
        wrong = {"focus-ring": not stop["ringed"], "focus-hidden": not stop["shown"], "focus-order": stop["behind"] or stop["jumps"]}
        faults += [[name, stop["html"]] for name, is_wrong in wrong.items() if is_wrong]
    else:
        faults.append(["focus-trap", f"{STOPS_LIMIT} stops and no end"])
    faults += page.evaluate(MISSED)
    page.evaluate(BEGIN)
    return faults
