"""Opinions are sorted without a mouse: a box, the space bar, what is saved is said beside it, and the focus stays there."""

import pytest
from browser.deeds import focused, past_header, path_of, tab_to
from browser.looking import axe_faults
from factories import make_person
from improvements import give_opinions
from playwright.sync_api import expect

from bilan.people.models import Role
from bilan.verbatims import actions
from bilan.verbatims.models import Sorting, Theme

pytestmark = pytest.mark.browser


@pytest.fixture
def sorter(live):
    """The manager, an open answer and two themes."""
    with live.within():
        manager = make_person(Role.MANAGER, name="Stéphanie Faure")
        (verbatim,) = give_opinions("On m’a écoutée, mais tard le soir.")
        for name in ("Accueil", "Horaires"):
            actions.add_theme(name=name, by=manager)
    return manager, verbatim


def names(live):
    with live.within():
        return {one.name for one in Theme.select().join(Sorting)}


def test_boxes_are_ticked_with_the_space_bar_and_each_is_saved(live, page_of, sorter):
    manager, verbatim = sorter
    page = page_of(manager, width=320)
    page.goto(path_of(live, "verbatims.index"))
    status = page.locator(f"#status-{verbatim.id}")
    past_header(page)
    for rank, said in enumerate(("Accueil", "Accueil, Horaires"), start=1):
        tab_to(page, f"theme-{verbatim.id}-{rank}")
        page.keyboard.press("Space")
        expect(status).to_contain_text(f"Enregistré\u00a0: {said}.")
        assert focused(page) == f"theme-{verbatim.id}-{rank}", "saving took the focus away"
    page.keyboard.press("Space")
    expect(status).to_contain_text("Enregistré\u00a0: Accueil.")
    assert axe_faults(page) == []
    assert names(live) == {"Accueil"}
    page.reload()
    expect(page.locator(".lead")).to_have_text("Tous les avis ont un thème.")
    expect(page.get_by_label("Accueil")).to_be_checked()


def test_a_button_saves_them_without_javascript(live, page_of, sorter):
    manager, _ = sorter
    page = page_of(manager, javascript=False, width=320)
    page.goto(path_of(live, "verbatims.index"))
    page.get_by_label("Horaires").check()
    page.get_by_role("button", name="Enregistrer les thèmes de l’avis 1").click()
    expect(page.locator("#messages")).to_contain_text("Enregistré\u00a0: Horaires.")
    assert names(live) == {"Horaires"}
