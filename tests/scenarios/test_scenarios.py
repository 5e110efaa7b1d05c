"""Scenarios: written by both from the kept leads, a mark with its sentence, the agent's own words, side by side."""

import uuid

import pytest
from factories import make_lead, make_scenario
from pages import words

from bilan.journal import Event, JournalEntry
from bilan.leads import actions as leads
from bilan.leads.models import Lead
from bilan.pieces import actions as pieces
from bilan.pieces.actions import Overtaken, TooMany
from bilan.scenarios import actions
from bilan.scenarios.models import Scenario
from bilan.scenarios.rules import SCENARIOS_MAX, Criterion, Priority


@pytest.fixture
def agent(world):
    return world.browser("agent")


@pytest.fixture
def counsellor(world):
    return world.browser("counsellor")


@pytest.fixture
def journey(world):
    """The open bilan, without the scenario that the world has written."""
    Scenario.delete().where(Scenario.journey == world.home.journey.id).execute()
    return world.home.journey


def index(journey, way="mon-bilan"):
    return f"/{way}/{journey.id}/scenarios"


def only(journey):
    (found,) = Scenario.of_journey(journey)
    return found


def test_an_empty_page_says_how_to_begin_and_offers_the_kept_lead(world, agent, journey):
    page = agent.get(index(journey))
    page.has("Aucun scénario n’est encore écrit.", "Écrire un scénario de cette piste", world.home.lead.title)
    link = page.soup.find("a", string=lambda text: text and "de cette piste" in text) or page.soup.select_one("ul.lines a")
    form = agent.get(link["href"])
    assert form.soup.find("input", {"name": "title"})["value"] == world.home.lead.title
    assert world.home.lead.content["why"] in form.soup.find("textarea", {"name": "origin"}).text
    page = agent.submit(form)
    page.has("C’est enregistré.", "4 critères à peser", "6 critères à peser", "Écrire un autre scénario")
    page.lacks("Écrire un scénario de cette piste")
    assert only(journey).lead_id == world.home.lead.id


def test_the_lead_of_somebody_else_or_of_nobody_gives_a_free_scenario(world, agent, journey):
    for wrong in (world.away.lead.id, uuid.uuid4(), "x"):
        form = agent.get(f"{index(journey)}/nouveau?piste={wrong}")
        assert not form.soup.find("input", {"name": "title"}).get("value")
        form.lacks(world.away.lead.title)


def test_a_scenario_needs_a_title_and_keeps_what_was_typed(agent, journey):
    page = agent.submit(agent.get(f"{index(journey)}/nouveau"), {"title": " ", "description": "Dehors."}, status=422)
    page.has("Donnez un titre au scénario.", "Dehors.")
    assert Scenario.of_journey(journey) == []


def test_a_mark_without_its_sentence_is_refused_at_its_field_and_the_other_way_round(agent, journey):
    form = agent.get(f"{index(journey)}/nouveau")
    page = agent.submit(form, {"title": "T", "values_mark": "3", "pay_sentence": "Un peu moins."}, status=422)
    page.has("Expliquez cette note en une phrase.", "Choisissez une note, ou effacez la phrase.", "Un peu moins.")
    assert "Expliquez" in page.soup.find(id="values_sentence-error").text
    assert "Choisissez" in page.soup.find(id="pay_mark-error").text
    assert Scenario.of_journey(journey) == []
    page = agent.submit(page, {"values_sentence": " ", "pay_mark": "2"}, status=422)
    page.lacks("Choisissez une note, ou effacez la phrase.")
    agent.submit(page, {"values_sentence": "L’équipe."}).has("3 sur 4, plutôt", "L’équipe.", "Un peu moins.", "3 critères à peser")


@pytest.mark.parametrize("wrong", ["0", "5", "x", "3.5"])
def test_a_mark_is_one_to_four(world, agent, journey, wrong):
    data = {"title": "T", "base": "0", "submission": str(uuid.uuid4()), "pay_mark": wrong, "pay_sentence": "s"}
    agent.post(f"{index(journey)}/nouveau", data, status=422)
    assert Scenario.of_journey(journey) == []


def test_a_complete_scenario_has_two_means_its_picture_and_no_total(world, agent, counsellor, journey):
    with world.app.test_request_context():
        make_scenario(journey, title="Guide nature", marks="4")
        criteria = {one.value: {"mark": "4" if one is Criterion.PAY else "1", "sentence": "s"} for one in Criterion}
        make_scenario(journey, title="Libraire", by=journey.counsellor, criteria=criteria)
        make_scenario(journey, title="Plus tard", marks="")
    for page in (agent.get(index(journey)), counsellor.get(index(journey, "parcours"))):
        page.has("Scénario 1", "Guide nature", "4 sur 4", "1,5 sur 4", "Mutation", "6 critères à peser")
        picture = page.soup.find("svg", id="scenarios-axes")
        assert "Scénario 1 : pertinence 4 sur 4, réalisme 4 sur 4" in words(picture.find("desc").text)
        assert "Scénario 3" not in picture.find("desc").text
        rows = [[words(cell.text) for cell in row.find_all(["th", "td"])] for row in page.soup.select("table tbody tr")]
        assert rows[1] == ["2. Libraire", "1 sur 4", "1,5 sur 4", "pas encore dite"]
    counsellor.get(index(journey, "parcours")).has(f"Écrit par {journey.agent.display_name}", "Écrit par vous")


def test_the_agent_says_her_words_and_her_priority_and_nobody_else_does(world, agent, counsellor, journey):
    with world.app.test_request_context():
        scenario = make_scenario(journey, title="Guide nature")
    path = f"/mon-bilan/scenarios/{scenario.id}/a-moi"
    agent.get(index(journey)).has("votre avis manque")
    agent.submit(agent.get(path), {"priority": "A"}, status=422).has("Écrivez quelques mots")
    agent.submit(agent.get(path), {"words": "Le dehors."}, status=422).has("Choisissez une place.", "Le dehors.")
    page = agent.submit(agent.get(path), {"priority": "B", "words": "Le dehors, mais le froid."})
    page.has("C’est noté\u00a0: B, ma solution de repli.", "Le dehors, mais le froid.")
    agent.submit(agent.get(path), {"words": "Le dehors, malgré mon arrêt maladie."}).has("Ce texte semble parler de")
    agent.submit(agent.get(path), {"words": "Le dehors, mais le froid."})
    page = counsellor.get(index(journey, "parcours"))
    page.has("B, ma solution de repli", "Le dehors, mais le froid.")
    page.lacks("Changer mon avis")
    counsellor.post(path, {"priority": "A", "words": "w", "base": "1"}, status=404)
    assert only(journey).priority is Priority.SECOND
    assert JournalEntry.select().where(JournalEntry.event == Event.SCENARIO_CHOSEN, JournalEntry.subject_id == scenario.id).count() == 3


def test_two_tabs_of_an_opinion_show_both(world, agent, journey):
    with world.app.test_request_context():
        scenario = make_scenario(journey)
    page = agent.get(f"/mon-bilan/scenarios/{scenario.id}/a-moi")
    agent.submit(page, {"priority": "A", "words": "écrit ailleurs"})
    conflict = agent.submit(page, {"priority": "C", "words": "écrit ici"}, status=409)
    conflict.has("Votre avis a été enregistré ailleurs", "écrit ailleurs", "écrit ici")
    agent.submit(conflict).has("C’est noté\u00a0: C, pour plus tard.")
    with pytest.raises(Overtaken):
        actions.choose(scenario=only(journey), priority=Priority.FIRST, words="w", base=1, by=world.agent)


def test_two_people_on_the_same_scenario_lose_nothing(world, agent, counsellor, journey):
    with world.app.test_request_context():
        scenario = make_scenario(journey, title="Guide")
    mine, hers = agent.get(f"/mon-bilan/scenarios/{scenario.id}"), counsellor.get(f"/parcours/scenarios/{scenario.id}")
    counsellor.submit(hers, {"pay_mark": "1", "pay_sentence": "Deux échelons de moins."})
    conflict = agent.submit(mine, {"title": "Guide nature"}, status=409)
    conflict.has("Rémunération, en une phrase, enregistré ailleurs", "Deux échelons de moins.", "1, pas du tout")
    assert conflict.soup.find("input", {"name": "title"})["value"] == "Guide nature"
    agent.submit(conflict, {"pay_mark": "1", "pay_sentence": "Deux échelons de moins."}).has("C’est enregistré.")
    assert only(journey).title == "Guide nature"
    assert only(journey).content["criteria"]["pay"] == {"mark": "1", "sentence": "Deux échelons de moins."}


def test_saving_a_scenario_keeps_what_the_agent_says_of_it(world, counsellor, journey):
    with world.app.test_request_context():
        scenario = make_scenario(journey, own="Le dehors.")
    counsellor.submit(counsellor.get(f"/parcours/scenarios/{scenario.id}"), {"risk": "Peu de postes."}).has("Peu de postes.", "Le dehors.")
    assert only(journey).words == "Le dehors."


def test_a_double_click_writes_one_and_the_fifth_is_refused_with_what_was_typed(world, agent, journey):
    form = agent.get(f"{index(journey)}/nouveau")
    for _ in range(2):
        agent.submit(form, {"title": "Guide"})
    assert Scenario.count_of(journey) == 1
    with world.app.test_request_context():
        for _ in range(SCENARIOS_MAX - 1):
            make_scenario(journey)
        with pytest.raises(TooMany):
            make_scenario(journey)
    page = agent.get(index(journey))
    page.has("Quatre scénarios sont écrits, et c’est le maximum.")
    page.lacks("Partir d’une autre idée")
    page = agent.submit(agent.get(f"{index(journey)}/nouveau"), {"title": "Le cinquième"}, status=422)
    page.has("et c’est le maximum")
    assert page.soup.find("input", {"name": "title"})["value"] == "Le cinquième"


def test_a_scenario_outlives_its_lead(world, agent, journey):
    with world.app.test_request_context():
        lead = make_lead(journey, title="Apiculture", kept=True)
        make_scenario(journey, lead=lead, title="Vivre des abeilles")
    pieces.remove(piece=Lead.by_id_with_people(lead.id), base=1, by=world.agent)
    assert only(journey).lead_id is None
    agent.get(index(journey)).has("Vivre des abeilles")


def test_a_lead_that_is_no_longer_kept_is_no_longer_offered(world, agent, journey):
    leads.keep(lead=world.home.lead, kept=False, by=world.agent)
    page = agent.get(index(journey))
    page.has("Partir d’une autre idée")
    page.lacks("Écrire un scénario de cette piste")


def test_removing_asks_first(world, agent, journey):
    with world.app.test_request_context():
        scenario = make_scenario(journey, title="Guide")
    page = agent.get(f"/mon-bilan/scenarios/{scenario.id}/retirer")
    page.has("Guide", "Cela ne se défait pas.")
    agent.submit(page).has("C’est retiré.", "Aucun scénario n’est encore écrit.")


def test_a_closed_bilan_shows_its_scenarios_and_changes_none(world, agent):
    page = agent.get(index(world.home.closed_journey))
    page.has(world.home.closed_scenario.title, "3 sur 4")
    page.lacks("Compléter", "Changer mon avis", "Écrire un autre scénario")
