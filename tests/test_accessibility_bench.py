"""The bench's answers to the criteria: none is forgotten, each rests on something that exists, a fault fails what it concerns."""

import re
from pathlib import Path

import pytest
from browser.looking import AXE
from browser.test_accessibility import NOT_PAGES

from bench.accessibility.extra import COME_FOR, add_extra
from bench.accessibility.plan import ORDINARY, plan
from bench.accessibility.report import Run, criteria_page, figures_file, run_page, titles_alike
from bench.accessibility.rgaa import ABSENT, CRITERIA, FAILED, KINDS, OTHER_CHECKS, PASSED, PERSON, answers
from bilan.public.rules import read_trial

# How many criteria each of the thirteen themes of the RGAA 4.1.2 holds.
THEMES = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)
CHECKS = set(
    re.findall(r"^    '?([a-z-]+)'?\(\) \{", (Path(__file__).parent / "browser/checks.js").read_text(encoding="utf-8"), re.MULTILINE)
)


def found(**others):
    """One visit of a run, as a dictionary."""
    one = {"endpoint": "public.sheet", "path": "/", "person": "anonymous", "shape": "a", "title": "Titre", "keyboard": True}
    return one | {"looks": [["réglages ordinaires", "320"]], "laid": [], "faults": [], "counts": dict.fromkeys(("any", "link"), 1)} | others


def results(*visits):
    return {one.number: one.result for one in answers(list(visits))}


def test_every_criterion_is_answered_by_something_that_exists():
    assert list(CRITERIA["criteria"]) == [f"{theme}.{rank + 1}" for theme, many in enumerate(THEMES, 1) for rank in range(many)]
    assert sum(THEMES) == 106
    rules = set(re.findall(r'id:\s?"([a-z-]+)"', AXE.axe_script))
    for number, criterion in CRITERIA["criteria"].items():
        kind, checks = criterion["kind"], criterion.get("checks", [])
        assert criterion["pages"] in KINDS, number
        assert {"automatic": checks and "sentence" in criterion, "partly": checks and "sentence" in criterion}.get(kind, not checks), number
        assert kind in ("automatic", "partly", "absent") or criterion["sentence"], number
        unknown = {one for one in checks if one.removeprefix("axe:") not in (rules if one.startswith("axe:") else CHECKS | OTHER_CHECKS)}
        assert not unknown, f"{number}: {unknown}"


def test_every_check_answers_a_criterion():
    used = {check for criterion in CRITERIA["criteria"].values() for check in criterion.get("checks", [])}
    assert (CHECKS | OTHER_CHECKS) - used == {"target-size"}, "target sizes are of WCAG 2.2, which the RGAA 4.1.2 does not know"


@pytest.mark.parametrize(
    ("number", "check", "before"),
    [("3.2", "axe:color-contrast-enhanced", PASSED), ("6.1", "same-words", PERSON), ("12.9", "focus-trap", PASSED)],
)
def test_one_fault_on_one_page_fails_its_criterion(number, check, before):
    assert results(found())[number] == before
    assert results(found(), found(faults=[["", "320", check, "…"]]))[number] == FAILED


def test_a_criterion_without_object_has_one_as_soon_as_a_page_holds_it():
    assert results(found())["4.1"] == ABSENT
    assert {one.result for one in answers([found()], complete=False)} == {PASSED, PERSON}, "a run that was stopped proves no absence"
    assert results(found(), found(counts={"media": 1}))["4.1"] == PERSON


def test_a_title_that_two_pages_share_is_a_fault():
    assert titles_alike([found(), found(endpoint="public.privacy")])
    assert not titles_alike([found(), found(shape="b"), found(endpoint="public.privacy", person="agent")])


def test_the_reports_say_the_run_and_the_application_reads_its_figures():
    run = Run(
        "2026-11-23",
        12,
        "Chromium 150, axe-core 4",
        [found(faults=[["", "320", "reflow", "…"]])],
        {"operation.health": "JSON"},
        3,
        every=False,
        wanted=1,
    )
    answered = answers(run.found)
    trial = read_trial(figures_file(run, answered))
    assert (trial.faults, trial.axe_runs, trial.passed + trial.failed + trial.person + trial.absent) == (1, 1, 106)
    criteria = criteria_page(run, answered, {"1": "Images"}, {"1.1": "Un intitulé"}, {})
    assert criteria.count("| **") == 106
    assert "| **10.11**  | échoué |" in criteria
    assert "- reflow\u00a0: 1" in run_page(run, KINDS, {})


def test_the_crawl_reaches_what_the_world_does_not_hold(world):
    add_extra(world)
    needed = {name for name, reason in NOT_PAGES.items() if reason.startswith("needs")}
    assert needed == set(world.extra) & set(NOT_PAGES), "a page is excused whose state could be brought, or a file is taken for one"
    visits = plan(world, only=tuple(needed))
    assert {one.endpoint for one in visits} == needed
    assert {one.person for one in visits if one.endpoint in COME_FOR["code_awaited"]} == {"code_awaited", "key_awaited"}
    assert not [one for one in visits if one.person in COME_FOR and one.endpoint not in COME_FOR[one.person]]


def test_everything_at_once_is_gone_through_by_keyboard_and_each_preference_is_laid_out_at_200_percent(world):
    add_extra(world)
    visits = plan(world, only=("access.code",))
    shown = {one.preference: one for visit in visits for one in visit.shown if not visit.emptied}
    tabbed = {(name, width) for name, one in shown.items() for width in one.widths if one.is_tabbed(width)}
    assert tabbed == {(ORDINARY, "320"), (ORDINARY, "1280"), ("tout à la fois, dark", "200 %")}
    assert all("200 %" in one.widths for one in shown.values())
    assert {name for name, one in shown.items() if one.runs_axe("200 %")} == {ORDINARY, "tout à la fois, light", "tout à la fois, dark"}
