"""The pages arrive whole: style, script and policy; what the watch of every test would catch."""

import re

import pytest
from browser.chromium import ChromiumMissing, find_chromium
from browser.deeds import focused, path_of, tab_to
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
FIRST_VISIT_BYTES = 45_000
BACKGROUND = "() => getComputedStyle(document.body).backgroundColor"


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(page_of, story):
    page = page_of(story.agent)
    page.goto("/mon-bilan")
    assert tab_to(page, "Aller au contenu", limit=1) == 1
    box = page.locator(".skip").bounding_box()
    assert min(box["x"], box["y"]) >= 0, "the skip link is focused out of sight"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#contenu$"))
    assert focused(page) == "contenu"
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_stylesheet_and_the_script_are_there(page_of, scheme):
    page = page_of(color_scheme=scheme)
    page.goto("/")
    assert page.evaluate(BACKGROUND) == {"light": "rgb(251, 248, 242)", "dark": "rgb(17, 24, 29)"}[scheme]
    assert page.evaluate("() => htmx.version").startswith("2.")
    assert page.evaluate("() => document.styleSheets.length") == 1
    assert page.evaluate("() => htmx.config.allowEval") is False


def test_a_first_visit_of_a_questionnaire_is_light_and_asks_one_host(live, page_of, story, new_context):
    cookie = next(one["value"] for one in page_of(story.agent).context.cookies() if one["name"] == "bilan")
    page, requests = new_context(live.address, cookie=cookie).new_page(), []
    page.on("requestfinished", lambda one: requests.append(one))  # noqa: PLW0108 -- Playwright marks the function
    page.goto(path_of(live, "questionnaires.fill", id=story.passation.id, number=1), wait_until="networkidle")
    assert page.locator(".question-box").count() == 6
    sizes = {one.url: one.sizes() for one in requests}
    total = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes.values())
    assert len(sizes) >= 4, f"the page, its style and its two scripts: {list(sizes)}"
    assert total < FIRST_VISIT_BYTES, {url: size["responseBodySize"] for url, size in sizes.items()}


def test_the_watch_sees_what_it_is_for(page_of):
    page = page_of()
    page.goto("/")
    watch = page.context.watch
    page.context.route("http://elsewhere.example/**", lambda route: route.fulfill(body=""))
    page.context.route("**/sante", lambda route: route.fulfill(status=503, body=""))
    page.evaluate(
        """() => {
          console.error('planted');
          setTimeout(() => { throw new Error('planted break'); });
          const script = document.createElement('script');
          script.textContent = 'window.planted = true';
          document.body.append(script);
          window.open('http://elsewhere.example/');
          return fetch('/sante');
        }"""
    )
    planted = ("planted", "page error: planted break", "Content Security Policy", "a request to http://elsewhere", "503 on http")
    for _ in range(50):
        missed = [fault for fault in planted if not any(fault in one for one in watch.faults)]
        if not missed:
            break
        page.wait_for_timeout(100)
    watch.faults.clear()
    assert missed == []
    assert page.evaluate("() => window.planted") is None


def test_chromium_is_the_one_that_is_asked_for(monkeypatch, tmp_path):
    programs = {name: tmp_path / name for name in ("chromium", "google-chrome", "mine", "own")}
    for program in programs.values():
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("BILAN_CHROMIUM", str(programs["mine"]))
    own = str(programs.pop("own"))
    found = [find_chromium(own)]
    monkeypatch.delenv("BILAN_CHROMIUM")
    for name in ("chromium", "google-chrome"):
        found.append(find_chromium(own))
        programs[name].unlink()
    assert found == [str(programs[name]) for name in ("mine", "chromium", "google-chrome")]
    assert find_chromium(own) == own
    with pytest.raises(ChromiumMissing, match="on the PATH"):
        find_chromium(str(tmp_path / "nowhere"))
    monkeypatch.setenv("BILAN_CHROMIUM", "nowhere")
    with pytest.raises(ChromiumMissing, match="BILAN_CHROMIUM names"):
        find_chromium(own)
