"""Notes: each saving is a version, a conflict shows both texts, nothing is overwritten in silence."""

import concurrent.futures
import datetime
import threading

import pytest
from pages import swap

from bilan.database import connection, now
from bilan.french import to_paris
from bilan.interviews.models import Interview
from bilan.journeys.models import Journey
from bilan.notes import actions
from bilan.notes.models import Note
from bilan.notes.rules import NoteKind

PRIVATE, SHARED = NoteKind.PRIVATE, NoteKind.SHARED


@pytest.fixture
def counsellor(world):
    return world.browser("counsellor")


@pytest.fixture
def path(world):
    return f"/parcours/entretiens/{world.home.coming.id}"


def texts(world, kind=PRIVATE, interview=None):
    query = Note.versions_query(interview or world.home.coming, kind, world.counsellor)
    return [note.text for note in query]


def test_a_note_is_saved_by_its_button(world, counsellor, path):
    page = counsellor.submit(counsellor.get(path), {"text": "  Premier texte\r\nde deux lignes  "}, form="/notes/private")
    page.has("Note enregistrée à")
    assert texts(world) == ["Premier texte\nde deux lignes"]
    assert page.form("/notes/private").textarea.text.removeprefix("\n") == "Premier texte\nde deux lignes"


def test_a_note_is_saved_while_it_is_typed(world, counsellor, path):
    page = counsellor.get(path)
    answer = counsellor.fragment(f"{path}/notes/shared", {"text": "Partagée", "base": "0"})
    answer.has("Enregistré à")
    soup = swap(page.html, answer.html, "status-shared")
    assert soup.find(id="base-shared")["value"] == "1"
    assert soup.find(id="what-agent-sees").text.strip() == "Partagée"
    assert soup.find(id="text-shared").text == page.soup.find(id="text-shared").text, "the field being typed in is left alone"
    fresh = counsellor.get(path).soup
    for place in ("what-agent-sees", "status-shared"):
        assert soup.find(id=place).text.split() == fresh.find(id=place).text.split()
    assert fresh.find(id="base-shared")["value"] == "1"


def test_each_saving_is_a_version_and_the_same_text_is_none(world, counsellor, path):
    for base, text in enumerate(("un", "deux", "trois")):
        counsellor.fragment(f"{path}/notes/private", {"text": text, "base": str(base)})
    counsellor.fragment(f"{path}/notes/private", {"text": "trois", "base": "3"})
    counsellor.fragment(f"{path}/notes/private", {"text": "trois", "base": "1"})
    assert texts(world) == ["trois", "deux", "un"]


def test_a_conflict_shows_both_texts_on_the_page(world, counsellor, path):
    page = counsellor.get(path)
    counsellor.fragment(f"{path}/notes/private", {"text": "écrit dans l’autre onglet", "base": "0"})
    conflict = counsellor.submit(page, {"text": "écrit ici"}, form="/notes/private", status=409)
    conflict.has("Cette note a été enregistrée ailleurs pendant que vous écriviez.", "écrit dans l’autre onglet", "écrit ici")
    assert texts(world) == ["écrit dans l’autre onglet"]
    merged = counsellor.submit(conflict, {"text": "les deux ensemble"}, form="/notes/private")
    merged.has("Note enregistrée")
    assert texts(world) == ["les deux ensemble", "écrit dans l’autre onglet"]


def test_a_conflict_while_typing_shows_the_other_text_beside_the_field(world, counsellor, path):
    page = counsellor.get(path)
    counsellor.fragment(f"{path}/notes/private", {"text": "l’autre", "base": "0"})
    answer = counsellor.fragment(f"{path}/notes/private", {"text": "le mien", "base": "0"}, status=409)
    answer.has("Non enregistré", "l’autre")
    soup = swap(page.html, answer.html, "status-private")
    assert soup.find(id="base-private")["value"] == "0", "the next saving meets the conflict again, until a person decides"
    assert texts(world) == ["l’autre"]


def test_a_version_that_never_was_is_a_conflict_and_no_crash(world, counsellor, path):
    counsellor.fragment(f"{path}/notes/private", {"text": "t", "base": "7"}, status=409)
    page = counsellor.post(f"{path}/notes/private", {"text": "t", "base": "7"}, status=409)
    assert page.form("/notes/private").textarea.text.strip() == "t"
    assert texts(world) == []


def test_a_note_that_is_too_long_stays_in_the_field(world, counsellor, path):
    long = "mot " * 12_501
    page = counsellor.submit(counsellor.get(path), {"text": long}, form="/notes/private", status=422)
    page.has("trop long : 50 000 caractères au plus")
    assert page.form("/notes/private").textarea.text.strip() == long.strip()
    counsellor.fragment(f"{path}/notes/private", {"text": long, "base": "0"}, status=422).has("Non enregistré")
    assert texts(world) == []


def test_html_in_a_note_is_text(world, counsellor, path):
    text = "</textarea><script>alert(1)</script>{{ 7*7 }}"
    page = counsellor.submit(counsellor.get(path), {"text": text}, form="/notes/shared", echoes=("{{ 7*7 }}",))
    assert page.form("/notes/shared").textarea.text.removeprefix("\n") == text
    page = world.browser("agent").get(f"/mon-bilan/entretiens/{world.home.coming.id}", echoes=("{{ 7*7 }}",))
    page.has(text)


def test_the_versions_are_listed_and_one_is_taken_up_again(world, counsellor):
    path = f"/parcours/entretiens/{world.home.held.id}/notes/private"
    page = counsellor.get(f"{path}/versions?toutes=1")
    page.has("Version 2", "Version 1", "C’est la version actuelle.")
    counsellor.submit(page, form="/notes/private").has("Note enregistrée")
    first, second = (world.markers[f"note-privee-{n}-home"].text for n in (1, 2))
    assert texts(world, interview=world.home.held) == [first, second, first]


def test_many_versions_have_pages(world, counsellor, path):
    with world.app.test_request_context():
        for base in range(12):
            actions.save_note(interview=world.home.coming, kind=PRIVATE, text=f"texte {base}", base=base, author=world.counsellor)
    page = counsellor.get(f"{path}/notes/private/versions")
    page.has("Version 12", "11 enregistrements rapprochés ne sont pas montrés")
    page.lacks("Version 11")
    page = counsellor.get(f"{path}/notes/private/versions?toutes=1")
    page.has("Version 12", "Version 3", "Suivante")
    page = counsellor.get(f"{path}/notes/private/versions?toutes=1&page=2")
    page.has("Version 2", "Version 1")
    page.lacks("Version 3")


def test_what_changed_is_shown_from_one_moment_of_writing_to_the_next(world, counsellor, path):
    with world.app.test_request_context():
        for base, text in enumerate(("Elle hésite.", "Elle hésite encore.", "Elle a choisi le jardin.", "Elle a choisi le jardin, enfin.")):
            actions.save_note(interview=world.home.coming, kind=PRIVATE, text=text, base=base, author=world.counsellor)
        Note.update(created_at=now() - datetime.timedelta(hours=2)).where(Note.interview == world.home.coming.id, Note.number < 3).execute()
    page = counsellor.get(f"{path}/notes/private/versions")
    page.lacks("Version 1", "Version 3")
    links = [link["href"] for link in page.soup.select('a[href*="/versions/"]')]
    changed = counsellor.get(links[0])
    changed.has("De la version 2", "à la version 4", "vous")
    assert [one.text for one in changed.soup.select(".as-written del")] == ["[retiré\u00a0:  hésite encore]"]
    assert [one.text for one in changed.soup.select(".as-written ins")] == ["[ajouté\u00a0:  a choisi le jardin, enfin]"]
    counsellor.get(links[1]).has("De la version 1", "à la version 2")
    counsellor.get(f"{path}/notes/private/versions/1").has("La version 1 est la première")
    counsellor.get(f"{path}/notes/private/versions/4?depuis=abc").has("De la version 3")
    for number in ("0", "5", "99999999"):
        counsellor.get(f"{path}/notes/private/versions/{number}", status=404)


def test_private_and_shared_notes_do_not_mix(world, counsellor, path):
    counsellor.submit(counsellor.get(path), {"text": "pour moi"}, form="/notes/private")
    counsellor.submit(counsellor.get(path), {"text": "pour nous"}, form="/notes/shared")
    assert texts(world, PRIVATE) == ["pour moi"]
    assert texts(world, SHARED) == ["pour nous"]
    page = world.browser("agent").get(f"/mon-bilan/entretiens/{world.home.coming.id}")
    page.has("pour nous")
    page.lacks("pour moi")


def test_of_two_savings_at_once_one_meets_the_conflict(world):
    interview = Interview.by_id_with_people(world.home.coming.id)

    def save(text):
        with connection():
            try:
                return actions.save_note(interview=interview, kind=PRIVATE, text=text, base=0, author=world.counsellor).number
            except actions.NoteConflict as conflict:
                return conflict.current.text

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(save, ["a", "b", "c", "d"]))
    (kept,) = texts(world)
    assert sorted(map(str, outcomes)) == sorted(["1", kept, kept, kept])


def test_many_savings_at_once_follow_each_other_one_by_one(world):
    """The version is read and numbered by two queries: nobody may come between them unseen."""
    interview = Interview.by_id_with_people(world.home.coming.id)
    crowd, rounds = 6, 15
    ready = threading.Barrier(crowd)

    def save(name):
        outcomes = []
        with connection():
            for base in range(rounds):
                ready.wait(60)
                try:
                    note = actions.save_note(interview=interview, kind=PRIVATE, text=f"{base} {name}", base=base, author=world.counsellor)
                    outcomes.append(("saved", note.number))
                except actions.NoteConflict as conflict:
                    outcomes.append(("met", conflict.current.number))
                ready.wait(60)
        return outcomes

    with concurrent.futures.ThreadPoolExecutor(crowd) as pool:
        outcomes = list(pool.map(save, range(crowd)))
    for number, together in enumerate(zip(*outcomes, strict=True), start=1):
        assert sorted(together) == [*[("met", number)] * (crowd - 1), ("saved", number)]
    assert len(texts(world)) == rounds


def test_hr_reads_no_note(world):
    for path in (f"/parcours/entretiens/{world.home.held.id}", f"/mon-bilan/entretiens/{world.home.held.id}"):
        world.browser("hr").get(path, status=404)
        world.browser("hr").fragment(path, status=404)


def test_a_private_note_stays_with_its_author(world):
    """A replacement writes her own: neither reads the other's, and the numbers stay unique."""
    until = to_paris(now()).date() + datetime.timedelta(days=3)
    Journey.update(replacement=world.other_counsellor, replacement_until=until).where(Journey.id == world.home.journey.id).execute()
    path = f"/parcours/entretiens/{world.home.held.id}"
    referent, replacement = world.browser("counsellor"), world.browser("other_counsellor")
    marker = world.markers["note-privee-2-home"].text
    page = replacement.get(path)
    page.lacks(marker)
    page.has(world.markers["note-partagee-2-home"].text)
    replacement.get(f"{path}/notes/private/versions").has("Rien n’a encore été écrit.")
    replacement.submit(page, {"text": "à moi seule"}, form="/notes/private").has("Note enregistrée")
    replacement.fragment(f"{path}/notes/private", {"text": "à moi, encore", "base": "3"}).has("Enregistré à")
    assert referent.get(path).form("/notes/private").textarea.text.strip() == marker
    referent.get(path).lacks("à moi")
    referent.get(f"{path}/notes/private/versions").lacks("à moi")
    referent.fragment(f"{path}/notes/private", {"text": "la suite", "base": "2"}).has("Enregistré à")
    numbers = Note.select(Note.number, Note.author).where(Note.interview == world.home.held, Note.kind == PRIVATE).order_by(Note.number)
    a, b = world.counsellor.id, world.other_counsellor.id
    assert list(numbers.tuples()) == [(1, a), (2, a), (3, b), (4, b), (5, a)]


def test_a_later_referent_finds_no_private_note(world):
    Journey.update(counsellor=world.other_counsellor).where(Journey.id == world.home.journey.id).execute()
    page = world.browser("other_counsellor").get(f"/parcours/entretiens/{world.home.held.id}")
    for number in (1, 2):
        page.lacks(world.markers[f"note-privee-{number}-home"].text)
    assert page.form("/notes/private").textarea.text.strip() == ""
