"""An open answer is read once nobody can be recognised by its date; then it is sorted, and a name in it hidden for good."""

import datetime

import pytest
from client import Browser
from factories import make_person
from improvements import OLD, give_opinions
from pages import swap

from bilan.database import now
from bilan.improvement.models import Improvement
from bilan.journal import Event, JournalEntry
from bilan.people.models import Role
from bilan.satisfaction.models import Verbatim
from bilan.satisfaction.rules import quarter_of
from bilan.verbatims import actions
from bilan.verbatims.models import Sorting, Theme
from bilan.verbatims.rules import hide, periods


@pytest.fixture
def manager(app):
    with app.test_request_context():
        return make_person(Role.MANAGER, name="Prénom manager")


@pytest.fixture
def reader(app, manager):
    found = Browser(app)
    found.arrive(manager)
    return found


def theme(name, manager):
    return actions.add_theme(name=name, by=manager)


def themes_of(verbatim):
    return {one.theme.name for one in Sorting.select(Sorting, Theme).join(Theme).where(Sorting.verbatim == verbatim.id)}


def test_a_text_of_a_quarter_whose_surveys_go_on_is_on_no_page(reader):
    (fresh,) = give_opinions("Texte tout frais.", quarter=quarter_of(now().date()))
    page = reader.get("/qualite/avis")
    page.lacks("Texte tout frais")
    page.has("Aucun avis ne peut encore être lu.")
    for path in ("masquer", "themes"):
        reader.post(f"/qualite/avis/{fresh.id}/{path}", {"words": "frais"}, status=404)


def test_texts_of_few_people_wait_for_the_next_quarter_and_are_told_with_it():
    first, second = datetime.date(2025, 1, 1), datetime.date(2025, 4, 1)
    day = datetime.date(2026, 1, 1)
    assert periods({("a", first): 4}, day) == {}
    found = periods({("a", first): 4, ("a", second): 1, ("b", second): 1}, day)
    assert {key: period.name for key, period in found.items()} == dict.fromkeys(
        (("a", first), ("a", second)), "T1\u00a02025 à T2\u00a02025"
    )
    assert periods({("a", second): 5}, datetime.date(2025, 8, 29)) == {}, "the surveys of a quarter are open sixty days after its end"
    assert periods({("a", second): 5}, datetime.date(2025, 8, 30))


def test_each_box_is_saved_at_once_and_the_form_knows_what_it_saved(reader, manager):
    (verbatim,) = give_opinions("On m’a écoutée.")
    kept, other = theme("Accueil", manager), theme("Horaires", manager)
    page = reader.get("/qualite/avis")
    path = f"/qualite/avis/{verbatim.id}/themes"
    answer = reader.fragment(path, {"themes": [str(kept.id)], "shown": ""})
    answer.has("Enregistré : Accueil.")
    shown = swap(page.html, answer.html, f"status-{verbatim.id}").find(id=f"shown-{verbatim.id}")["value"]
    assert shown == str(kept.id)
    # Another page gives a theme meanwhile: taking the first away leaves it.
    actions.sort(verbatim=verbatim, added=[other.id], removed=[], by=manager)
    reader.fragment(path, {"shown": shown})
    assert themes_of(verbatim) == {"Horaires"}


def test_a_text_is_sorted_without_javascript_and_leaves_those_to_sort(reader, manager):
    theme("Accueil", manager)
    (verbatim,) = give_opinions("On m’a écoutée.")
    page = reader.get("/qualite/avis?etat=a-trier")
    page.has("1 avis à trier")
    page = reader.submit(page, {"themes": True}, form="/themes?etat=a-trier")
    page.has("Enregistré : Accueil.", "Aucun avis ne correspond.")
    assert themes_of(verbatim) == {"Accueil"}


def test_words_are_found_whatever_their_capitals_and_accents(reader):
    give_opinions("L’Écoute était là.", "Le parking est cher.")
    page = reader.get("/qualite/avis?q=ecoute")
    page.has("L’Écoute était là.")
    page.lacks("Le parking est cher.")


def test_two_themes_become_one_with_their_texts_and_their_actions(reader, manager):
    one, two = theme("Horaires", manager), theme("Le temps", manager)
    (verbatim,) = give_opinions("Plus tard le soir.")
    actions.sort(verbatim=verbatim, added=[one.id, two.id], removed=[], by=manager)
    page = reader.get(f"/qualite/plan/themes/{two.id}")
    reader.submit(page)
    page = reader.get(f"/qualite/themes/{two.id}")
    reader.submit(page, {"into": str(one.id)}, form="/reunir").has("Les deux thèmes n’en font plus qu’un.")
    assert themes_of(verbatim) == {"Horaires"}
    assert Improvement.get().theme_id == one.id


def test_a_theme_in_use_is_removed_only_once_it_is_confirmed(reader, manager):
    used = theme("Horaires", manager)
    (verbatim,) = give_opinions("Plus tard le soir.")
    actions.sort(verbatim=verbatim, added=[used.id], removed=[], by=manager)
    page = reader.get(f"/qualite/themes/{used.id}")
    page = reader.submit(page, form="/retirer", status=422)
    page.has("Des avis ont ce thème")
    reader.submit(page, {"confirmed": True}, form="/retirer").has("Le thème est retiré.")
    assert (Theme.select().count(), Verbatim.select().count()) == (0, 1)


def test_two_themes_that_read_the_same_are_one(reader, manager):
    theme("Équipe", manager)
    page = reader.submit(reader.get("/qualite/themes"), {"name": "equipe"}, status=422)
    page.has("Un thème porte déjà ce nom.")


def test_a_name_is_hidden_for_good_after_it_was_read_again(reader):
    (verbatim,) = give_opinions("Merci à Claire. CLAIRE est claire, éclairée.")
    path = f"/qualite/avis/{verbatim.id}/masquer"
    page = reader.submit(reader.get(path), {"words": "Claire"})
    page.has("Merci à […]. […] est […], éclairée.")
    assert Verbatim.get().text.startswith("Merci à Claire"), "nothing is written before it was read"
    reader.submit(page).has("Les mots sont masqués.")
    assert Verbatim.get().text == "Merci à […]. […] est […], éclairée."
    entry = JournalEntry.get(JournalEntry.event == Event.VERBATIM_REDACTED)
    assert (entry.subject_id, entry.detail) == (verbatim.id, "")
    reader.submit(reader.get(path), {"words": "Claire"}, status=422).has("Ces mots ne sont pas dans le texte.")


def test_what_is_hidden_is_what_was_typed_and_no_pattern():
    assert hide("a.c abc", "a.c") == "[…] abc"


def test_the_page_names_the_period_and_never_another_date(reader):
    give_opinions("Un texte.", quarter=OLD)
    reader.get("/qualite/avis").has(f"T{(OLD.month + 2) // 3} {OLD.year}")
