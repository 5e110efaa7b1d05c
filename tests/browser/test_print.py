"""A page of each kind, printed: what one presses is gone, nothing is cut, and every word is dark enough without its background."""

import pytest
from browser.deeds import path_of
from browser.looking import SIDEWAYS

pytestmark = pytest.mark.browser
# The width of an A4 sheet within its margins, in pixels of CSS.
SHEET = 673
# What is there to be pressed, and is seen.
PRESSED = """() => [...document.querySelectorAll('nav, button, .button, .skip, .menu, input[type=submit]')]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height > 0).map((one) => one.outerHTML.slice(0, 120))"""
# Words whose colour has a contrast under 7 with white paper: a printer leaves backgrounds out.
PALE = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const light = (colour) => {
    canvas.fillStyle = '#fff'; canvas.fillRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((one) => one / 255)
      .map((one) => one <= .04045 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4).reduce((sum, one, rank) => sum + one * [.2126, .7152, .0722][rank], 0);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || one.closest('script, option') || !one.checkVisibility()) continue;
    const style = getComputedStyle(one), colour = one.closest('svg') ? style.fill : style.color;
    if (1.05 / (light(colour) + .05) < 7) found.push(`${walker.currentNode.data.trim().slice(0, 40)}: ${colour}`);
  }
  return found;
}"""
# What is asked, in a column too narrow for its words.
SQUEEZED = """() => [...document.querySelectorAll('.field')]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width < 150).map((one) => one.textContent.trim().slice(0, 40))"""
BACKGROUNDS = "() => [document.documentElement, document.body].map((one) => getComputedStyle(one).backgroundColor)"
WHITE = {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}


@pytest.fixture
def addresses(world, live_world):
    home = world.home
    return {
        "sheet": ("anonymous", path_of(live_world, "public.sheet")),
        "legal page": ("anonymous", path_of(live_world, "public.privacy")),
        "today": ("agent", path_of(live_world, "journeys.mine")),
        "today of the secretariat": ("secretariat", "/secretariat"),
        "question": ("agent", path_of(live_world, "questionnaires.fill", id=home.started.id, number=1)),
        "work page": ("counsellor", path_of(live_world, "interviews.show", id=home.held.id)),
        "scenarios": ("counsellor", path_of(live_world, "scenarios.index", way="parcours", id=home.journey.id)),
        "form": ("counsellor", path_of(live_world, "scenarios.new", way="parcours", id=home.journey.id)),
        "week": ("secretariat", path_of(live_world, "agenda.index")),
        "list": ("secretariat", path_of(live_world, "treatment.index")),
        "figures": ("manager", path_of(live_world, "quality.index")),
        "document": ("agent", path_of(live_world, "synthesis.show", way="mon-bilan", id=home.closed_journey.id)),
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_page_of_each_kind_is_printed_whole_in_black_on_white(world, live_world, new_context, addresses, theme):
    faults = []
    for kind, (who, address) in addresses.items():
        page = new_context(live_world.address, cookie=world.cookies.get(who), width=SHEET, color_scheme=theme).new_page()
        page.goto(address)
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme }", theme)
        page.emulate_media(media="print")
        assert page.locator("h1").is_visible()
        found = {"pressed": page.evaluate(PRESSED), "cut": page.evaluate(SIDEWAYS), "pale": page.evaluate(PALE)}
        found["squeezed"] = page.evaluate(SQUEEZED)
        found["background"] = [one for one in page.evaluate(BACKGROUNDS) if one not in WHITE]
        faults += [f"{kind}, {what}: {one}" for what, ones in found.items() for one in ones]
    assert not faults, "\n".join(faults)


def test_what_spoils_a_print_is_seen(live_world, new_context):
    page = new_context(live_world.address, width=SHEET).new_page()
    page.goto("/")
    page.emulate_media(media="print")
    page.evaluate(
        """() => {
          const add = (tag, style, words, className = '') => {
            const one = Object.assign(document.createElement(tag), {textContent: words, className});
            Object.assign(one.style, style);
            document.querySelector('main').append(one);
          };
          add('button', {}, 'Appuyer');
          add('div', {width: '1200px'}, 'large');
          add('p', {color: 'white', background: 'navy'}, 'Blanc sur bleu');
          add('div', {width: '80px'}, 'étroit', 'field');
        }"""
    )
    assert [len(page.evaluate(one)) for one in (PRESSED, SIDEWAYS, PALE, SQUEEZED)] == [1, 1, 1, 1]
