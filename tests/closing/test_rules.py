"""The checklist: what forbids a closing, what asks for a reason, what is only said."""

import datetime
from dataclasses import replace

import pytest

from bilan.closing.rules import Facts, Keep, Side, checklist, forbidding, kept_words, left_open, to_explain, waiting_for

MOMENT = datetime.datetime.fromisoformat("2026-11-02 09:00:00")
READY = Facts(
    in_conclusion=True,
    coming=None,
    unclosed=False,
    held=13 * 60,
    hours=(12 * 60, 15 * 60),
    synthesis="validated",
    handed_over_on=MOMENT.date(),
    steps=2,
    told=True,
    nothing_told_at=None,
    review="held",
    no_review_at=None,
    objectives=2,
    assessed={Side.AGENT: 2, Side.COUNSELLOR: 2},
    keep=Keep.NOTHING,
    keep_months=None,
    keep_chosen_at=MOMENT,
)


def keys(items):
    return [one.key for one in items]


def test_when_all_is_done_nothing_holds_back():
    items = checklist(READY)
    assert all(one.done for one in items)
    assert keys(items) == [
        "phase",
        "meetings",
        "hours",
        "synthesis",
        "handing",
        "plan",
        "told",
        "review",
        "objectives-agent",
        "objectives-counsellor",
        "keeping",
    ]


@pytest.mark.parametrize(
    ("change", "forbids", "asks_why", "said"),
    [
        ({"in_conclusion": False}, ["phase"], [], []),
        ({"coming": MOMENT}, ["meetings"], [], []),
        ({"unclosed": True}, ["meetings"], [], []),
        ({"held": 11 * 60}, [], [], ["hours"]),
        ({"held": 16 * 60}, [], [], ["hours"]),
        ({"synthesis": ""}, [], ["synthesis"], []),
        ({"synthesis": "draft"}, [], ["synthesis"], []),
        ({"synthesis": "proposed"}, [], ["synthesis"], []),
        ({"handed_over_on": None}, ["handing"], [], []),
        ({"synthesis": "draft", "handed_over_on": None}, [], ["synthesis"], []),
        ({"steps": 0}, [], ["plan"], []),
        ({"told": False}, [], [], ["told"]),
        ({"told": False, "nothing_told_at": MOMENT}, [], [], []),
        ({"review": ""}, [], [], ["review"]),
        ({"review": "going"}, [], [], ["review"]),
        ({"review": "", "no_review_at": MOMENT}, [], [], []),
        ({"review": "going", "no_review_at": MOMENT}, [], [], ["review"]),
        ({"assessed": {Side.COUNSELLOR: 2}}, [], [], ["objectives-agent"]),
        ({"assessed": {Side.AGENT: 2, Side.COUNSELLOR: 1}}, ["objectives-counsellor"], [], []),
        ({"objectives": 0, "assessed": {}}, [], [], []),
        ({"keep_chosen_at": None}, [], [], ["keeping"]),
    ],
)
def test_what_is_missing_holds_the_closing_back_as_it_should(change, forbids, asks_why, said):
    items = checklist(replace(READY, **change))
    assert (keys(forbidding(items)), keys(to_explain(items)), keys(left_open(items))) == (forbids, asks_why, said)


def test_each_of_the_two_is_told_what_waits_for_them():
    empty = {"synthesis": "draft", "told": False, "review": "", "assessed": {}, "keep_chosen_at": None}
    items = checklist(replace(READY, **empty))
    assert keys(waiting_for(items, Side.AGENT)) == ["told", "review", "objectives-agent", "keeping"]
    assert keys(waiting_for(items, Side.COUNSELLOR)) == ["synthesis", "objectives-counsellor"]


def test_what_is_kept_in_words():
    assert kept_words(Keep.NOTHING, None) == "Rien n’est gardé."
    assert kept_words(Keep.SYNTHESIS, 6) == "La synthèse seulement, 6\u00a0mois au plus."
