"""What a page must be for everybody: axe's rules, no sideways scrolling, a focus that is seen."""

from axe_playwright_python.sync_playwright import Axe

AXE = Axe()
# Every rule of axe, those it leaves out by default included (AAA contrast, target size…), but for:
LEFT_OUT = {
    "hidden-content": "asks to look at what is hidden, finds no fault",
    "color-contrast": "4.5:1, where color-contrast-enhanced asks 7:1",
}
COLOURS = ["color-contrast-enhanced", "link-in-text-block"]
RUN = """(only) => {
  const rules = Object.fromEntries(axe.getRules().map((rule) => [rule.ruleId, {enabled: !only.leftOut.includes(rule.ruleId)}]));
  const options = only.rules ? {runOnly: {type: 'rule', values: only.rules}} : {rules};
  return axe.run(document, {resultTypes: ['violations'], ...options}).then((found) => found.violations.map(
    (one) => `${one.id}: ${one.help}: ` + one.nodes.slice(0, 3).map((node) => node.target.join(' ') + ' ' + node.html.slice(0, 160)).join(' | ')));
}"""
# Focus each stop in turn; its ring, or the ring of the tile around it, is at least 2 px wide and not transparent.
RINGS = """() => {
  const stops = document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [data-error-summary]');
  const faults = [];
  for (const one of stops) {
    if (one.tabIndex < 0 && !one.matches('[data-error-summary]') || !one.checkVisibility({visibilityProperty: true})) continue;
    one.focus();
    if (document.activeElement !== one) continue;
    const seen = [one, one.closest('label')].filter(Boolean).some((ringed) => {
      const style = getComputedStyle(ringed);
      return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && !/^rgba.*, 0\\)$/.test(style.outlineColor);
    });
    if (!seen) faults.push(`no ring on ${one.outerHTML.slice(0, 120)}`);
  }
  return faults;
}"""
SIDEWAYS = """() => {
  const root = document.documentElement, wide = root.clientWidth;
  if (root.scrollWidth <= wide) return [];
  const widest = [...document.querySelectorAll('main *, header *, footer *')].filter((one) => one.getBoundingClientRect().right > wide + 1);
  return [`scrolls sideways: ${root.scrollWidth} px in ${wide}: ` + widest.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(' | ')];
}"""


def axe_faults(page, rules=None):
    """Return what axe finds on the page as it is."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.axe_script)
    return page.evaluate(RUN, {"rules": rules, "leftOut": list(LEFT_OUT)})


def focus_faults(page):
    """Return the stops of the keyboard whose focus is not seen."""
    page.keyboard.press("Tab")  # from now on the browser draws the focus, as for somebody at a keyboard
    return page.evaluate(RINGS)


def look(page, *, wide=True, dark=True, focus=True):
    """Look at the page on a wide screen, in the dark, then on the narrowest phone; return what is wrong."""
    faults = {"1280": axe_faults(page) if wide else []}
    if dark:
        page.emulate_media(color_scheme="dark")
        faults["dark"] = axe_faults(page, COLOURS)
        page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 320, "height": 640})
    faults["320"] = [*axe_faults(page), *page.evaluate(SIDEWAYS)]
    page.set_viewport_size({"width": 1280, "height": 900})
    if focus:
        faults["focus"] = focus_faults(page)
    return [f"{page.url} at {where}: {fault}" for where, found in faults.items() for fault in found]
