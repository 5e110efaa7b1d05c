"""The tables of docs/security.md and docs/asvs.md name things that exist, and every point of level 2 has its line."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STATES = {"held", "read", "partly", "not held", "centre", "none here"}
# How many points of levels 1 and 2 each chapter of the standard has (5.0; of V10, those of a client).
POINTS = {1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 33, 7: 18, 8: 7, 9: 7, 10: 9, 11: 13, 12: 9, 13: 13, 14: 9, 15: 13, 16: 16}


def rows():
    text = (ROOT / "docs/asvs.md").read_text(encoding="utf-8")
    return re.findall(r"^\| (\d+)\.(\d+)\.(\d+) \| ([123]) \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)


@pytest.mark.parametrize("name", ["security.md", "asvs.md", "retention.md"])
def test_every_file_that_is_named_exists(name):
    named = set(re.findall(r"\b(?:tests|bench|docs|bilan|static)/[\w./-]*\w", (ROOT / "docs" / name).read_text(encoding="utf-8")))
    assert named, "the page names nothing"
    assert {one for one in named if not (ROOT / one).exists()} == set()


def test_every_point_has_one_line_and_a_state():
    found = rows()
    assert len({one[:3] for one in found}) == len(found)
    assert {one[4] for one in found} <= STATES
    counted = Counter(int(one[0]) for one in found if one[3] != "3")
    assert counted == Counter(POINTS)


def test_what_is_held_says_where():
    silent = [".".join(one[:3]) for one in rows() if one[4] == "held" and len(one[5].strip()) < 8]
    assert silent == []
