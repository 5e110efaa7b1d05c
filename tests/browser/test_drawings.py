"""What is drawn is seen on the page's own background, in forced colours too, and told apart without any hue."""

import factories
import pytest
from browser.deeds import path_of

pytestmark = pytest.mark.browser
SHAPES = "text, rect, line, circle, polygon"
# Of each shape, the better contrast of its fill and of its stroke with the background that is really behind the drawing.
CONTRASTS = """(shapes) => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const over = (behind, colour, opacity) => {
    canvas.globalAlpha = 1; canvas.fillStyle = behind; canvas.fillRect(0, 0, 1, 1);
    canvas.globalAlpha = opacity; canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => rgb.map((one) => one / 255).map((one) => one <= .04045 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4)
    .reduce((sum, one, rank) => sum + one * [.2126, .7152, .0722][rank], 0);
  const ratio = (one, two) => (Math.max(light(one), light(two)) + .05) / (Math.min(light(one), light(two)) + .05);
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/^rgba.*, 0\\)$|transparent/.test(colour)) return colour;
    }
    return 'Canvas';
  };
  return [...document.querySelectorAll('main svg')].flatMap((svg) => [...svg.querySelectorAll(shapes)].map((one) => {
    const style = getComputedStyle(one), page = behind(svg), bare = over(page, page, 1);
    const seen = [[style.fill, style.fillOpacity], [style.stroke, style.strokeOpacity]].filter(([colour]) => colour !== 'none')
      .map(([colour, opacity]) => ratio(over(page, colour, Number(opacity)), bare));
    return [`${svg.id || svg.classList} ${one.tagName}.${one.getAttribute('class')}`, seen.length ? Math.max(...seen) : null, one.tagName];
  }).filter(([, contrast]) => contrast !== null));
}"""
# What a line of the time is made of, by its computed borders.
STATIONS = """() => [...document.querySelectorAll('.timeline > li')].map((one) => getComputedStyle(one, '::before').borderTopColor)"""


@pytest.fixture
def drawings(world, live_world, new_context):
    """Return an opener of each page that draws, and what each page is called."""
    with live_world.within():
        factories.make_scenario(world.home.journey, title="La régie", marks="2", by=world.counsellor)
        # The values, asked twice: what matters, and what is so today.
        passation = factories.assign(world.home.journey, "valeurs")
        values = factories.release(factories.submit(passation))
    addresses = {
        "quality": ("manager", "/qualite"),
        "published": ("anonymous", "/indicateurs"),
        "hexagon": ("counsellor", path_of(live_world, "results.show", way="parcours", id=world.home.released.id)),
        "lines": ("counsellor", path_of(live_world, "results.show", way="parcours", id=values.id)),
        "axes": ("counsellor", path_of(live_world, "scenarios.index", way="parcours", id=world.home.journey.id)),
        "time": ("counsellor", path_of(live_world, "careers.path", way="parcours", id=world.home.journey.id)),
    }

    def open_one(name, **media):
        who, address = addresses[name]
        page = new_context(live_world.address, cookie=world.cookies.get(who), **media).new_page()
        page.goto(address)
        return page

    return open_one


@pytest.mark.parametrize("colours", ["none", "active"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_stroke_is_seen_on_its_background(drawings, colours, scheme):
    faults, counted = [], 0
    for name in ("quality", "published", "hexagon", "lines", "axes"):
        page = drawings(name, forced_colors=colours, color_scheme=scheme)
        for theme in ("", "light", "dark"):
            page.evaluate(
                "(theme) => theme ? document.documentElement.dataset.theme = theme : delete document.documentElement.dataset.theme", theme
            )
            found = page.evaluate(CONTRASTS, SHAPES)
            assert found, f"nothing is drawn on {name}"
            counted += len(found)
            faults += [f"{name}, theme {theme or 'of the system'}: {what}: {contrast:.1f}" for what, contrast, _ in found if contrast < 3]
    assert sorted(set(faults)) == []
    assert counted > 300


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_line_of_the_time_is_drawn_in_forced_colours(drawings, scheme):
    page = drawings("time", forced_colors="active", color_scheme=scheme)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    text = page.evaluate(
        "() => { const one = document.createElement('p'); one.style.color = 'CanvasText'; document.body.append(one); return getComputedStyle(one).color }"
    )
    stations = page.evaluate(STATIONS)
    assert len(stations) >= 2
    assert set(stations) == {text}


def test_two_series_are_told_apart_by_their_shape(drawings):
    page = drawings("lines")
    values, beside = (page.locator(f"main svg .{name}") for name in ("chart-point", "chart-beside"))
    assert values.count() >= 2
    assert beside.count() >= 2
    # A full disc and a hollow square: neither needs its colour, and the margin is a band behind.
    assert set(page.evaluate("() => [...document.querySelectorAll('.chart-point')].map((one) => one.tagName)")) == {"circle"}
    assert set(page.evaluate("() => [...document.querySelectorAll('.chart-beside')].map((one) => one.tagName)")) == {"rect"}
    page = drawings("axes")
    shapes = page.evaluate("() => [...document.querySelectorAll('.chart-shape')].map((one) => one.points?.numberOfItems ?? 0)")
    assert len(shapes) == len(set(shapes)) >= 2, "two scenarios have the same shape"
    numbers = page.locator("main svg .chart-label").all_text_contents()[-len(shapes) :]
    assert numbers == [str(rank) for rank in range(1, len(shapes) + 1)], "each shape has its number beside it"


def test_a_drawing_that_fades_is_seen(drawings):
    page = drawings("axes", forced_colors="active", color_scheme="dark")
    page.evaluate("document.querySelectorAll('.chart-grid').forEach((one) => { one.style.stroke = '#222' })")
    assert [what for what, contrast, _ in page.evaluate(CONTRASTS, SHAPES) if contrast < 3]
