"""The rules of the synthesis: its digest, what it warns of, what it never says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.synthesis.rules import Block, assemble, digest, line, results_text, warnings, with_block

TEXTS = st.dictionaries(st.sampled_from(list(Block)), st.text(max_size=40))


@given(TEXTS)
def test_the_digest_does_not_depend_on_the_order_of_the_keys(sources):
    content = assemble(sources)
    assert digest([dict(reversed(one.items())) for one in content]) == digest(content)


@given(TEXTS, st.sampled_from(list(Block)), st.text(min_size=1, max_size=10))
def test_the_digest_differs_when_a_word_does(sources, key, more):
    content = assemble(sources)
    assert digest(with_block(content, key, text=sources.get(key, "") + more)) != digest(content)


@pytest.mark.parametrize("text", ["27 sur 50", "27\u00a0sur\u00a050", "27/50", "le code RIA", "Son score", "12,5 points"])
def test_what_looks_like_a_raw_score_is_warned_of(text):
    assert warnings(assemble({Block.RESULTS: text}))


@pytest.mark.parametrize("text", ["Le 12/03/2026.", "Un entretien de 1 h 30.", "Le code de la route.", "Deux points d’appui."])
def test_what_is_no_score_is_not(text):
    assert warnings(assemble({Block.RESULTS: text})) == []


def test_what_is_left_out_is_not_warned_of():
    assert warnings(with_block(assemble({Block.RESULTS: "27 sur 50"}), Block.RESULTS, left_out=True)) == []


def test_a_result_is_told_without_its_code():
    assert results_text([("Intérêts", ["Social, Artistique (code SA)"])]) == "**Intérêts**\n\n- Social, Artistique."


def test_what_was_typed_on_several_lines_is_one_element():
    assert line("Un\n\n# deux", "") == "- Un # deux."
