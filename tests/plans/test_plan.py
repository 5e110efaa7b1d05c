"""The plan: written by both, dates that make sense, a state in one press, the agent's calendar file."""

import datetime

import icalendar
import pytest
from factories import make_scenario, make_step

from bilan.database import now
from bilan.french import short_day, to_paris
from bilan.journal import Event, JournalEntry
from bilan.pieces import actions as pieces
from bilan.plans import actions
from bilan.plans.models import Step
from bilan.plans.rules import State
from bilan.scenarios.models import Scenario


@pytest.fixture
def agent(world):
    return world.browser("agent")


@pytest.fixture
def counsellor(world):
    return world.browser("counsellor")


@pytest.fixture
def journey(world):
    """The open bilan, without the step that the world has written."""
    Step.delete().where(Step.journey == world.home.journey.id).execute()
    return world.home.journey


def index(journey, way="mon-bilan"):
    return f"/{way}/{journey.id}/plan"


def today(days=0):
    return to_paris(now()).date() + datetime.timedelta(days=days)


def only(journey):
    (found,) = Step.of_journey(journey)
    return found


def grow_old(step, days=10):
    """Make the day of a step past, as time does."""
    Step.update(due_on=today(-days)).where(Step.id == step.id).execute()


def test_an_empty_plan_says_how_to_begin(agent, journey):
    page = agent.get(index(journey))
    page.has("Aucune étape n’est encore écrite.", "Ajouter une étape")
    page.lacks(".ics")


def test_a_step_is_written_by_one_and_completed_by_the_other(world, agent, counsellor, journey):
    form = agent.get(f"{index(journey)}/nouvelle?scenario={world.home.scenario.id}")
    values = {"action": "Appeler la médiathèque", "due_on": today(9).isoformat(), "who": "Moi"}
    agent.submit(form, values).has("C’est enregistré.", world.home.scenario.title, "À faire", short_day(today(9)))
    assert only(journey).scenario_id == world.home.scenario.id
    page = counsellor.get(index(journey, "parcours"))
    page.has(f"Écrit par {journey.agent.display_name}")
    form = counsellor.get(f"/parcours/etapes/{only(journey).id}")
    counsellor.submit(form, {"support": "Une conseillère du CDG"}).has("Une conseillère du CDG", "modifié par vous")


def test_a_step_needs_words(agent, journey):
    page = agent.submit(agent.get(f"{index(journey)}/nouvelle"), {"action": " ", "who": "Moi"}, status=422)
    page.has("Dites ce qu’il y a à faire.")
    assert page.soup.find("input", {"name": "who"})["value"] == "Moi"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (lambda: today(-1).isoformat(), "Choisissez un jour à partir d’aujourd’hui."),
        (lambda: "0001-01-01", "Choisissez un jour à partir d’aujourd’hui."),
        (lambda: f"{today().year + 6}-01-01", "Choisissez un jour dans les 5 ans."),
        (lambda: today(5 * 366).isoformat(), "Choisissez un jour dans les 5 ans."),
        (lambda: "31/12/2099", "Pour quand"),
    ],
)
def test_a_plan_is_not_dated_before_today_nor_in_another_life(agent, journey, day, said):
    page = agent.submit(agent.get(f"{index(journey)}/nouvelle"), {"action": "Appeler", "due_on": day()}, status=422)
    assert said in page.soup.select_one("[data-error-summary]").text
    assert Step.of_journey(journey) == []


def test_today_is_a_day_of_the_plan(agent, journey):
    agent.submit(agent.get(f"{index(journey)}/nouvelle"), {"action": "Appeler", "due_on": today().isoformat()})
    assert only(journey).due_on == today()


def test_a_past_day_may_stay_and_is_said_kindly_but_no_other_past_day_is_taken(world, agent, journey):
    with world.app.test_request_context():
        step = make_step(journey)
    grow_old(step)
    agent.get(index(journey)).has("Le jour est passé\u00a0: il est encore temps")
    form = agent.get(f"/mon-bilan/etapes/{step.id}")
    agent.submit(form, {"who": "Moi"}).has("C’est enregistré.")
    assert only(journey).due_on == today(-10)
    page = agent.submit(agent.get(f"/mon-bilan/etapes/{step.id}"), {"due_on": today(-9).isoformat()}, status=422)
    page.has("Choisissez un jour à partir d’aujourd’hui.")


def test_the_scenario_of_another_bilan_is_no_answer(world, agent, journey):
    form = agent.get(f"{index(journey)}/nouvelle")
    data = {"action": "a", "base": "0", "submission": form.soup.find("input", {"name": "submission"})["value"]}
    agent.post(f"{index(journey)}/nouvelle", data | {"scenario": str(world.away.scenario.id)}, status=422)
    assert Step.of_journey(journey) == []


def test_a_state_changes_in_one_press_without_a_script(world, agent, journey):
    with world.app.test_request_context():
        step = make_step(journey, action="Appeler")
    page = agent.submit(agent.get(index(journey)), form="/etat", button=("state", "done"))
    page.has("«\u00a0Appeler\u00a0»\u00a0: fait.")
    assert (only(journey).state, only(journey).done_at is not None) == (State.DONE, True)
    pressed = page.soup.select("button[aria-pressed=true]")
    assert [one["value"] for one in pressed] == ["done"]
    agent.submit(page, form="/etat", button=("state", "doing"))
    assert (only(journey).state, only(journey).done_at) == (State.DOING, None)
    moved = JournalEntry.select().where(JournalEntry.event == Event.STEP_MOVED, JournalEntry.subject_id == step.id)
    assert [one.detail for one in moved.order_by(JournalEntry.created_at)] == ["done", "doing"]


@pytest.mark.parametrize("order", ["", "date"])
def test_a_pressed_state_answers_the_list_that_the_page_shows(world, agent, journey, order):
    with world.app.test_request_context():
        step, _ = make_step(journey, action="Appeler"), make_step(journey, action="Écrire", days=None)
    fragment = agent.fragment(f"/mon-bilan/etapes/{step.id}/etat", {"state": "doing", "par": order})
    assert "«\u00a0Appeler\u00a0»\u00a0: en cours." in fragment.html
    page = agent.get(f"{index(journey)}?par={order}")
    shown = page.soup.select_one("#plan")
    assert [one["id"] for one in shown.select("li[id]")] == [one["id"] for one in fragment.soup.select("li[id]")]
    assert [one.text for one in shown.select("h2")] == [one.text for one in fragment.soup.select("h2")]


@pytest.mark.parametrize("wrong", ["", "x", "Fait"])
def test_a_state_that_does_not_exist_changes_nothing(world, agent, journey, wrong):
    with world.app.test_request_context():
        step = make_step(journey)
    agent.post(f"/mon-bilan/etapes/{step.id}/etat", {"state": wrong}).has("Choisissez un état de la liste.")
    assert only(journey).state is State.TODO


def test_moving_a_step_is_no_conflict_for_whoever_writes_it(world, agent, counsellor, journey):
    with world.app.test_request_context():
        step = make_step(journey)
    form = counsellor.get(f"/parcours/etapes/{step.id}")
    actions.move(step=step, state=State.DOING, by=world.agent)
    counsellor.submit(form, {"support": "Le CDG"}).has("C’est enregistré.")
    assert (only(journey).state, only(journey).content["support"]) == (State.DOING, "Le CDG")


def test_a_conflict_shows_both_days_in_words(world, agent, counsellor, journey):
    with world.app.test_request_context():
        step = make_step(journey)
    form = agent.get(f"/mon-bilan/etapes/{step.id}")
    counsellor.submit(counsellor.get(f"/parcours/etapes/{step.id}"), {"due_on": today(50).isoformat()})
    page = agent.submit(form, {"due_on": today(60).isoformat()}, status=409)
    page.has("Pour quand, enregistré ailleurs", str(today(50).year))
    agent.submit(page)
    assert only(journey).due_on == today(60)


def test_a_double_click_writes_one(agent, journey):
    form = agent.get(f"{index(journey)}/nouvelle")
    for _ in range(2):
        agent.submit(form, {"action": "Appeler", "due_on": today(3).isoformat()})
    assert Step.count_of(journey) == 1


def test_the_plan_is_read_by_date(world, agent, journey):
    with world.app.test_request_context():
        late = make_step(journey, action="Celle d’avant", scenario=world.home.scenario)
        make_step(journey, action="Bientôt", days=3)
        make_step(journey, action="Un jour", days=None)
    grow_old(late)
    page = agent.get(f"{index(journey)}?par=date")
    assert [one.text for one in page.soup.select("#plan h2")] == ["La date est passée", "Dans les 30 jours", "Sans date"]
    page.has(f"pour «\u00a0{world.home.scenario.title}\u00a0»")


def test_a_step_outlives_its_scenario(world, agent, journey):
    with world.app.test_request_context():
        scenario = make_scenario(journey, title="Guide")
        make_step(journey, scenario=scenario)
    agent.get(f"/mon-bilan/scenarios/{scenario.id}/retirer").has("1 étape reste dans le plan, sans scénario.")
    pieces.remove(piece=Scenario.by_id_with_people(scenario.id), base=1, by=world.agent)
    assert only(journey).scenario_id is None
    agent.get(index(journey)).has("Quel que soit le scénario")


def test_the_agent_has_her_days_as_a_file_and_the_counsellor_has_not(world, agent, counsellor, journey):
    with world.app.test_request_context():
        step = make_step(journey, action="Appeler", days=4)
        make_step(journey, action="Sans jour", days=None)
    answer = agent.client.get(f"/mon-bilan/{journey.id}/plan.ics")
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert 'filename="plan.ics"' in answer.headers["Content-Disposition"]
    (event,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert (event["summary"], event.decoded("dtstart")) == ("Appeler", today(4))
    assert str(step.id) in event["uid"]
    assert counsellor.client.get(f"/mon-bilan/{journey.id}/plan.ics").status_code == 404
    counsellor.get(index(journey, "parcours")).lacks("plan.ics")


def test_a_closed_bilan_shows_its_plan_and_changes_none(world, agent):
    page = agent.get(index(world.home.closed_journey))
    page.has(world.home.closed_step.title, "Faire le point sur le plan")
    page.lacks("Compléter", "Ajouter une étape", "/etat")
