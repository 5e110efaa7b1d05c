"""The review months after a bilan: asked once, without content, answered by the agent step by step, read by her counsellor."""

import datetime
import uuid

import pytest
from factories import make_step

from bilan.database import now
from bilan.followup.models import Interruption
from bilan.followup.rules import Origin, Reason
from bilan.journal import Event, JournalEntry
from bilan.journeys.models import Journey
from bilan.mail.models import Email
from bilan.people.models import Person
from bilan.pieces.actions import Overtaken
from bilan.plans import actions
from bilan.plans.models import ReviewAsked, Step
from bilan.plans.rules import Answer
from bilan.satisfaction import actions as satisfaction
from bilan.satisfaction.models import Invitation
from bilan.satisfaction.rules import MONTHS_LATER
from bilan.vault import destroy_key


@pytest.fixture
def agent(world):
    return world.browser("agent")


@pytest.fixture
def closed(world):
    # The world's closed bilan was interrupted: here it came to its end.
    Interruption.delete().where(Interruption.journey == world.home.closed_journey.id).execute()
    return world.home.closed_journey


def close_ago(journey, days):
    """Make a bilan closed for so many days."""
    ago = now() - datetime.timedelta(days=days)
    Journey.update(phase="closed", closed_at=ago, created_at=ago - datetime.timedelta(days=90)).where(Journey.id == journey.id).execute()


def ask(world):
    with world.app.test_request_context():
        return actions.ask_reviews()


def asked():
    return [one.envelope for one in Email.select().where(Email.kind == "plan_review").order_by(Email.created_at)]


def test_the_agent_is_asked_once_six_months_later_and_not_a_word_of_her_plan_leaves(world, closed):
    Invitation.delete().execute()
    close_ago(closed, 170)
    assert ask(world) == 0
    close_ago(closed, 190)
    assert (ask(world), ask(world)) == (1, 0)
    (mail,) = asked()
    assert mail["to"] == world.agent.email
    assert f"/mon-bilan/{closed.id}/plan/point" in mail["body"]
    # One e-mail for the two: the opinion months later is asked by its personal address.
    (invitation,) = Invitation.select().where(Invitation.journey == closed.id, Invitation.survey == MONTHS_LATER)
    with world.app.test_request_context():
        assert satisfaction.address_of(invitation) in mail["body"]
        assert satisfaction.ask_those_without_plan() == 0
    texts = [text for text in world.home.closed_step.content.values() if text]
    assert not [text for text in texts if text in mail["body"] + mail["subject"]]
    assert JournalEntry.select().where(JournalEntry.event == Event.PLAN_REVIEW_ASKED, JournalEntry.journey_id == closed.id).count() == 1


def test_a_bilan_that_was_interrupted_is_not_asked_about(world, closed):
    close_ago(closed, 190)
    Interruption.create(journey=closed, origin=Origin.AGENT, reason=Reason.OTHER, detail="", by=closed.counsellor)
    assert ask(world) == 0
    assert asked() == []


def test_the_link_asks_to_sign_in_and_then_shows_the_steps(world, closed):
    anonymous = world.browser("anonymous").client.get(f"/mon-bilan/{closed.id}/plan/point")
    assert "/connexion" in anonymous.headers["Location"]
    world.browser("agent").get(f"/mon-bilan/{closed.id}/plan/point").has(world.home.closed_step.title)


@pytest.mark.parametrize("case", ["open", "long ago", "no plan", "suspended", "destroyed"])
def test_nobody_is_asked_in_vain(world, closed, case):
    close_ago(closed, 190)
    if case == "open":
        Journey.update(phase="conclusion", closed_at=None).where(Journey.id == closed.id).execute()
    elif case == "long ago":
        close_ago(closed, 400)
    elif case == "no plan":
        Step.delete().where(Step.journey == closed.id).execute()
    elif case == "destroyed":
        destroy_key(closed.key_id)
    else:
        Person.update(active=False).where(Person.id == world.agent.id).execute()
    assert ask(world) == 0


def test_two_workers_ask_once(world, closed):
    close_ago(closed, 190)
    assert [ReviewAsked.claim(closed), ReviewAsked.claim(closed)] == [True, False]
    assert ask(world) == 0


def test_a_step_that_is_not_done_is_told_why_and_the_counsellor_reads_it(world, agent, closed):
    with world.app.test_request_context():
        Journey.update(phase="conclusion", closed_at=None).where(Journey.id == closed.id).execute()
        step = make_step(Journey.by_id_with_people(closed.id), action="Passer le concours")
    close_ago(closed, 190)
    agent.get(f"/mon-bilan/{closed.id}/plan/point").has("Passer le concours", "à dire")
    path = f"/mon-bilan/etapes/{step.id}/point"
    agent.submit(agent.get(path), status=422).has("Choisissez une réponse.")
    agent.submit(agent.get(path), {"done": "no"}, status=422).has("Dites pourquoi en quelques mots")
    agent.submit(agent.get(path), {"done": "no", "why": "Le concours est reporté."}).has("C’est noté.", "Non")
    agent.submit(agent.get(path), {"why": "Le concours est reporté, mon syndicat l’a dit."}).has("Ce texte semble parler de")
    agent.submit(agent.get(path), {"why": "Le concours est reporté."})
    page = world.browser("counsellor").get(f"/parcours/{closed.id}/plan")
    page.has("Passer le concours", "Le concours est reporté.")
    page.lacks("Faire le point sur le plan")
    fresh = Step.by_id_with_people(step.id)
    assert (fresh.answer, fresh.reviewed_at is not None) == (Answer.NO, True)
    entry = JournalEntry.select().where(JournalEntry.event == Event.PLAN_REVIEWED, JournalEntry.subject_id == step.id).first()
    assert (entry.person_id, entry.detail) == (world.agent.id, "no")


def test_what_is_done_needs_no_reason(world, agent):
    path = f"/mon-bilan/etapes/{world.home.closed_step.id}/point"
    agent.submit(agent.get(path), {"done": "yes", "why": ""}).has("Oui, c’est fait")


def test_two_tabs_of_a_review_show_both(world, agent):
    step = world.home.closed_step
    page = agent.get(f"/mon-bilan/etapes/{step.id}/point")
    agent.submit(page, {"done": "partly", "why": "écrit ailleurs"})
    conflict = agent.submit(page, {"done": "no", "why": "écrit ici"}, status=409)
    conflict.has("Votre réponse a été enregistrée ailleurs", "écrit ailleurs", "écrit ici")
    agent.submit(conflict)
    assert Step.by_id_with_people(step.id).why == "écrit ici"
    with pytest.raises(Overtaken):
        actions.review(step=step, done=Answer.YES, why="", base=1, by=world.agent)


def test_a_bilan_on_its_way_has_no_review(world, agent):
    agent.get(f"/mon-bilan/{world.home.journey.id}/plan/point", status=404)
    agent.get(f"/mon-bilan/etapes/{world.home.step.id}/point", status=404)
    agent.get(f"/mon-bilan/{uuid.uuid4()}/plan/point", status=404)
