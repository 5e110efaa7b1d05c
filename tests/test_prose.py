"""Light formatting lets nothing through but its own few tags, and a comparison gives both texts back."""

import itertools

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st

from bilan.prose import changes, formatted

TAGS = {"p", "br", "strong", "ul", "ol", "li"}
MARKS = st.lists(
    st.sampled_from(["**", "*", "- ", "1. ", "\n", "  ", "<b>", "<script>", "</p>", "&lt;", "[a](javascript:x)", "é", "\\", "`"])
)
PASTED = '<h1>Titre</h1><img src=x onerror=alert(1)><a href="javascript:alert(1)">ici</a><style>p{}</style>'


@given(st.one_of(st.text(), MARKS.map("".join)))
@example(PASTED)
@example("<svg/onload=alert(1)>")
@example("- <ul><li>\n\n1. **<i>**")
def test_whatever_is_typed_or_pasted_only_the_few_tags_come_out(text):
    for tag in BeautifulSoup(formatted(text), "html.parser").find_all(True):
        assert tag.name in TAGS
        assert set(tag.attrs) <= ({"start"} if tag.name == "ol" else set())


def test_html_that_is_pasted_is_read_as_it_was_pasted():
    assert BeautifulSoup(formatted(PASTED), "html.parser").text.strip() == PASTED


def test_paragraphs_lists_and_bold():
    html = formatted("Un **mot** et 3 * 4 * 5.\nÀ la ligne.\n\n- un\n- deux\n\n1. a\n2. b")
    soup = BeautifulSoup(html, "html.parser")
    assert [tag.name for tag in soup.find_all(True)] == ["p", "strong", "br", "ul", "li", "li", "ol", "li", "li"]
    assert soup.strong.text == "mot"
    assert soup.p.get_text(" ", strip=True) == "Un mot et 3 * 4 * 5. À la ligne."
    assert BeautifulSoup(formatted("*seul*"), "html.parser").text.strip() == "*seul*"


@given(st.text(alphabet="ab \n-é", max_size=200), st.text(alphabet="ab \n-é", max_size=200))
def test_a_comparison_holds_both_texts_whole(before, after):
    found = changes(before, after)
    assert "".join(change.text for change in found if change.kind != "added") == before
    assert "".join(change.text for change in found if change.kind != "removed") == after
    assert all(first.kind != second.kind for first, second in itertools.pairwise(found))


@pytest.mark.parametrize("size", [1_000, 25_000])
def test_a_word_that_changes_is_shown_alone_and_long_texts_are_still_compared(size):
    before = "mot " * size
    found = changes(before + "\ndernière ligne", before + "\nautre ligne")
    assert [(change.kind, change.text) for change in found if change.kind != "same"] == [("removed", "dernière"), ("added", "autre")]
    assert changes("a\n" * size, "b\n" * size)[0].kind == "removed"
