"""Filling a questionnaire: each answer is saved, two tabs lose nothing, one resumes at the exact place, one submits once."""

from urllib.parse import urljoin

import pytest
from factories import answer, assign, make_journey
from pages import swap

from bilan.journal import Event, JournalEntry
from bilan.mail.models import Email
from bilan.questionnaires import actions
from bilan.questionnaires.models import Answer, Passation

PAGES = 8
ITEMS = 48


@pytest.fixture
def agent(world):
    return world.browser("agent")


@pytest.fixture
def path(world):
    return f"/mon-bilan/questionnaires/{world.home.started.id}"


def held(world, name="started"):
    return Passation.by_id_with_people(getattr(world.home, name).id).answers()


def items(page):
    """Return the items of a page, in order."""
    return list(dict.fromkeys(one["name"] for one in page.form().find_all("input", type="radio")))


def fill_page(browser, page, level="4"):
    return browser.submit(page, dict.fromkeys(items(page), level))


def test_the_start_says_what_waits_and_resumes_at_the_exact_place(world, agent, path):
    page = agent.get(path)
    page.has("48 questions, environ 10 minutes", "7 sur 48")
    link = page.soup.find("a", string=lambda text: text and "Reprendre où vous en étiez" in text)
    assert link["href"] == f"{path}/page/2#suite"
    page = agent.get(link["href"])
    waiting = page.soup.find(id="suite").find("input", type="radio")["name"]
    assert waiting == world.home.started.instrument.items[7].id


def test_a_page_is_saved_by_its_button_and_leads_to_the_next(world, agent):
    path = f"/mon-bilan/questionnaires/{world.home.assigned.id}"
    page = agent.get(f"{path}/page/1")
    assert len(items(page)) == 6
    page = fill_page(agent, page)
    assert page.path == f"{path}/page/2"
    assert list(held(world, "assigned").values()) == [4] * 6
    assert Passation.get_by_id(world.home.assigned.id).started_at is not None
    assert (
        JournalEntry.select()
        .where(JournalEntry.event == Event.PASSATION_STARTED, JournalEntry.subject_id == world.home.assigned.id)
        .count()
        == 1
    )


def test_the_whole_way_without_javascript(world, agent):
    path = f"/mon-bilan/questionnaires/{world.home.assigned.id}"
    page = agent.get(f"{path}/page/1")
    for _ in range(PAGES):
        page = fill_page(agent, page)
    assert page.h1 == "Relire vos réponses"
    page.has("48 réponses sur 48", "Plutôt oui")
    page = agent.submit(page)
    page.has("Les réponses sont envoyées", "Elles ne changent plus.")
    passation = Passation.get_by_id(world.home.assigned.id)
    assert passation.result["complete"]
    assert passation.result["scores"] == dict.fromkeys("RIASEC", 32)


def test_what_is_given_on_an_incomplete_page_is_saved_and_the_rest_is_asked(world, agent):
    page = agent.get(f"/mon-bilan/questionnaires/{world.home.assigned.id}/page/1")
    first, second = items(page)[:2]
    page = agent.submit(page, {first: "5"}, status=422)
    page.has("5 informations sont à corriger", "Choisissez une réponse, ou « Je préfère ne pas répondre »")
    assert held(world, "assigned") == {first: 5}
    assert page.form().find("input", {"name": first, "value": "5"}).has_attr("checked")
    assert not page.form().find("input", {"name": second, "checked": True})


def test_preferring_not_to_answer_is_an_answer(world, agent):
    page = agent.get(f"/mon-bilan/questionnaires/{world.home.assigned.id}/page/1")
    fill_page(agent, page, "sans")
    assert list(held(world, "assigned").values()) == [None] * 6


def test_an_answer_is_saved_as_it_is_given(world, agent, path):
    page = agent.get(f"{path}/page/2")
    item = page.soup.find(id="suite").find("input", type="radio")
    seen = page.soup.find(id="seen")["value"]
    answer_ = agent.fragment(urljoin(f"{path}/page/2", item.find_parent("fieldset")["data-hx-post"]), {item["name"]: "2", "seen": seen})
    answer_.has("Enregistré à")
    soup = swap(page.html, answer_.html, "status")
    assert "8 sur 48" in " ".join(soup.find(id="progress").text.split())
    fresh = agent.get(f"{path}/page/2").soup
    assert soup.find(id="seen")["value"] == fresh.find(id="seen")["value"]
    assert soup.find(id="progress").text.split() == fresh.find(id="progress").text.split()
    assert held(world)[item["name"]] == 2


def test_two_tabs_keep_both_answers_and_the_later_is_told(world, agent, path):
    one, other = agent.get(f"{path}/page/2"), agent.get(f"{path}/page/3")
    seen = one.soup.find(id="seen")["value"]
    first, second = items(one)[3], items(other)[0]
    agent.fragment(f"{path}/reponses/{first}", {first: "1", "seen": seen}).lacks("aussi ouvert ailleurs")
    told = agent.fragment(f"{path}/reponses/{second}", {second: "5", "seen": seen})
    told.has("Ce questionnaire est aussi ouvert ailleurs")
    assert (held(world)[first], held(world)[second]) == (1, 5)


def test_of_two_answers_to_one_item_the_later_wins(world, agent, path):
    item = world.home.started.instrument.items[10].id
    for level in ("1", "5"):
        agent.fragment(f"{path}/reponses/{item}", {item: level, "seen": "1"})
    assert held(world)[item] == 5
    assert Answer.select().where(Answer.passation == world.home.started, Answer.item == item).count() == 1


def test_an_old_tab_posted_by_its_button_overwrites_only_what_was_changed_there(world, agent, path):
    old = agent.get(f"{path}/page/1")
    first, second = items(old)[:2]
    agent.fragment(f"{path}/reponses/{first}", {first: "5", "seen": "1"})
    page = agent.submit(old, {second: "1"})
    page.has("Ce questionnaire est aussi ouvert ailleurs.")
    assert (held(world)[first], held(world)[second]) == (5, 1)


@pytest.mark.parametrize("level", ["", "0", "6", "-1", "1.5", "abc", "none"])
def test_an_answer_that_is_not_offered_is_refused(world, agent, path, level):
    before = held(world)
    item = world.home.started.instrument.items[20].id
    agent.fragment(f"{path}/reponses/{item}", {item: level, "seen": "1"}, status=422)
    assert held(world) == before


def test_submitting_asks_for_every_answer(world, agent, path):
    page = agent.get(f"{path}/verification")
    page.has("7 réponses sur 48", "sans réponse")
    page = agent.submit(page, status=422)
    page.has("41 questions attendent une réponse", "Rien n’est envoyé pour l’instant.")
    assert Passation.get_by_id(world.home.started.id).submitted_at is None


def test_submitting_tells_the_counsellor_once_even_twice(world, agent, path):
    answer(Passation.by_id_with_people(world.home.started.id))
    before = Email.select().where(Email.kind == "questionnaire_submitted").count()
    page = agent.get(f"{path}/verification")
    agent.submit(page).has("Les réponses sont envoyées")
    agent.submit(page).has("Elles ne changent plus.")
    mails = Email.select().where(Email.kind == "questionnaire_submitted").order_by(Email.created_at.desc())
    assert mails.count() == before + 1
    assert mails[0].envelope["to"] == world.counsellor.email


def test_after_submitting_no_answer_changes(world, agent):
    passation = world.home.submitted
    path, before = f"/mon-bilan/questionnaires/{passation.id}", held(world, "submitted")
    item = passation.instrument.items[0].id
    agent.fragment(f"{path}/reponses/{item}", {item: "1", "seen": "99"}, status=409).has("déjà été envoyé")
    assert agent.post(f"{path}/page/1", {item: "1"}).path == path
    assert held(world, "submitted") == before
    with pytest.raises(actions.AlreadySubmitted):
        actions.submit(passation=Passation.by_id_with_people(passation.id), by=passation.journey.agent)


def test_a_closed_bilan_takes_no_answer_and_is_not_submitted(world, agent):
    path = f"/mon-bilan/questionnaires/{world.home.closed_started.id}"
    agent.get(path).has("ce questionnaire ne se remplit plus")
    before = held(world, "closed_started")
    item = world.home.started.instrument.items[20].id
    agent.fragment(f"{path}/reponses/{item}", {item: "1", "seen": "1"}, status=404)
    agent.post(f"{path}/page/1", {"R1": "1"}, status=404)
    agent.post(f"{path}/verification", status=404)
    assert held(world, "closed_started") == before


def test_one_question_per_page_when_one_prefers(world, agent):
    agent.submit(agent.get("/affichage"), {"one_question": True})
    path = f"/mon-bilan/questionnaires/{world.home.started.id}"
    agent.get(f"{path}/page/48").has("Page 48 sur 48")
    link = agent.get(path).soup.find("a", string=lambda text: text and "Reprendre" in text)
    assert link["href"] == f"{path}/page/8#suite"


def test_the_counter_of_a_passation_is_its_own(app):
    with app.test_request_context():
        one, other = (answer(assign(make_journey()), count=count) for count in (3, 5))
    assert (one.count_answered(), other.count_answered()) == (3, 5)
