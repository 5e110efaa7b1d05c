"""What HR is told: chosen block by block, read first as HR will, agreed to, seen when it is read, revoked at once."""

import datetime
import io
import itertools

import pytest
import time_machine
from client import Browser
from factories import close, make_person
from futures import write_future
from pypdf import PdfReader
from told import PURPOSE, make_statement, tell
from werkzeug.datastructures import MultiDict

from bilan.database import now
from bilan.disclosure import actions
from bilan.disclosure.models import Disclosure, DisclosureReading, Statement
from bilan.disclosure.rules import Block, blocks_of, digest, snapshot
from bilan.mail.models import Email
from bilan.people import actions as people
from bilan.people.models import Role
from bilan.plans.models import Step
from bilan.scenarios.models import Scenario

SOON = (now().date() + datetime.timedelta(days=20)).isoformat()


@pytest.fixture
def agent(world):
    return world.browser("agent")


@pytest.fixture
def hr(world):
    return world.browser("hr")


def index(world, way="mon-bilan"):
    return f"/{way}/{world.home.journey.id}/communication"


def page_of(disclosure):
    return f"/prescriptions/restitutions/{disclosure.id}"


def choose(world, agent, *keys, **others):
    """Choose as the agent does, up to the page that shows what HR will read."""
    values = {"blocks": list(keys), "recipient": str(world.people["hr"].id), "purpose": PURPOSE, "until": SOON} | others
    page = agent.get(f"{index(world)}/accord")
    data = [("csrf_token", agent.csrf_token()), ("step", "preview")]
    data += [(name, one) for name, value in values.items() for one in (value if isinstance(value, list) else [value])]
    return agent._page(agent.client.post(page.path, data=MultiDict(data)), others.get("status", 200), ())


def agreed(world, *chosen):
    """Agree to tell these blocks to the HR officer."""
    with world.app.test_request_context():
        return tell(world.home.journey, world.people["hr"], *chosen)


def newest():
    return Disclosure.select().order_by(Disclosure.created_at.desc()).first()


def test_nothing_is_told_beforehand(world, agent):
    page = agent.get(f"{index(world)}/accord")
    assert page.soup.find_all("input", {"name": "blocks"})
    assert not page.soup.find_all("input", {"name": "blocks", "checked": True})


def test_the_agent_reads_as_hr_then_agrees_and_hr_reads_the_very_same(world, agent, hr):
    statement = make_statement(world.home.journey, subject="training", text="Une formation bureautique.\nSur deux mois.")
    page = choose(world, agent, f"text-{statement.id}")
    page.has("Voir comme le service RH", "Besoins de formation", "Une formation bureautique.", PURPOSE)
    shown = page.soup.select_one(".card").get_text(" ", strip=True)
    mails = Email.select().count()
    agent.submit(page, button=("step", "agree")).has("Votre accord est donné.", "Pas encore lu.")
    assert Email.select().count() == mails + 2
    disclosure = newest()
    hr.get("/prescriptions/restitutions").has("Prénom agent")
    cover = hr.get(page_of(disclosure))
    cover.lacks("Une formation bureautique.", PURPOSE)
    read = hr.submit(cover)
    assert shown in read.soup.main.get_text(" ", strip=True)
    agent.get(index(world)).has("Lu 1 fois")
    assert DisclosureReading.select().where(DisclosureReading.disclosure == disclosure).count() == 1


def test_what_changes_afterwards_is_not_shown(world, hr):
    statement = make_statement(world.home.journey, text="Le texte de ce jour-là.")
    disclosure = agreed(world, f"text-{statement.id}")
    Statement.delete().where(Statement.id == statement.id).execute()
    hr.submit(hr.get(page_of(disclosure))).has("Le texte de ce jour-là.")


def test_a_source_that_changes_under_the_agreement_is_read_again(world, agent):
    statement = make_statement(world.home.journey, text="Avant.")
    page, before = choose(world, agent, f"text-{statement.id}"), Disclosure.select().count()
    statement.content = statement.content | {"text": "Après."}
    statement.save()
    again = agent.submit(page, button=("step", "agree"), status=409)
    again.has("Ce qui serait montré a changé depuis votre lecture", "Après.")
    assert Disclosure.select().count() == before
    agent.submit(again, button=("step", "agree")).has("Votre accord est donné.")


def test_to_change_ones_mind_keeps_what_was_chosen(world, agent):
    page = agent.submit(choose(world, agent, "plan"), button=("step", "edit"))
    assert page.h1 == "Préparer un accord"
    assert page.soup.find("input", {"name": "blocks", "value": "plan"}).has_attr("checked")
    assert page.soup.find("input", {"name": "purpose"})["value"] == PURPOSE


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"blocks": []}, "Cochez au moins un élément."),
        ({"recipient": ""}, "Choisissez une personne."),
        ({"purpose": ""}, "Dites pour quoi"),
        ({"until": "2020-01-01"}, "à partir d’aujourd’hui"),
        ({"until": "2099-01-01"}, "à partir d’aujourd’hui"),
    ],
)
def test_a_choice_that_is_not_whole_is_said(world, agent, values, said):
    others = {name: value for name, value in values.items() if name != "blocks"}
    choose(world, agent, *values.get("blocks", ["plan"]), status=422, **others).has(said)


def test_an_officer_of_another_employer_is_not_offered(world, agent):
    page = agent.get(f"{index(world)}/accord")
    assert str(world.people["other_hr"].id) not in page.html
    choose(world, agent, "plan", recipient=str(world.people["other_hr"].id), status=422)


@pytest.mark.parametrize("how", ["revoked", "expired", "closed", "replaced"])
def test_nothing_is_read_once_it_is_over(world, agent, hr, how):
    disclosure = world.home.disclosure
    cover = hr.get(page_of(disclosure))
    if how == "revoked":
        agent.submit(agent.get(index(world)), form=f"{disclosure.id}/retirer").has("Votre accord est retiré.")
    elif how == "closed":
        close(world.home.journey)
    elif how == "replaced":
        agreed(world, "plan")
    later = datetime.timedelta(days=31 if how == "expired" else 0)
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + later, tick=True):
        if how == "expired":
            hr = Browser(world.app)
            hr.arrive(world.people["hr"])
        hr.get(page_of(disclosure), status=404)
        hr.post(cover.path, status=404)
        hr.post(cover.path, {"pdf": "1"}, status=404)
        hr.get("/prescriptions/restitutions").lacks(str(disclosure.id))
    assert not DisclosureReading.select().where(DisclosureReading.disclosure == disclosure).count()


def test_each_subset_of_blocks_is_what_hr_finds_and_nothing_else(world, hr):
    journey = world.home.journey
    blocks = actions.offered(journey)
    assert {one.key.split("-")[0] for one in blocks} == {"text", "scenario", "plan"}
    words = {one.key: one.lines[0] for one in blocks}
    for size in range(1, len(blocks) + 1):
        for chosen in itertools.combinations(words, size):
            disclosure = agreed(world, *chosen)
            page = hr.submit(hr.get(page_of(disclosure)))
            paper = hr.client.post(page_of(disclosure), data={"csrf_token": hr.csrf_token(), "pdf": "1"})
            text = "".join("".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(paper.data)).pages).split())
            for key, line in words.items():
                told = key in chosen
                assert (" ".join(line.split()) in page.text) is told, key
                assert ("".join(line.split()) in text) is told, key
            allowed = " ".join(line for block in blocks if block.key in chosen for line in (block.title, *block.lines))
            assert [one.name for one in world.markers.values() if one.text in page.html and one.text not in allowed] == []
    bodies = " ".join(email.envelope["subject"] + email.envelope["body"] for email in Email.select())
    assert not any(line in bodies for line in words.values())


def test_a_scenario_says_to_hr_neither_marks_nor_the_words_of_the_agent(world, hr):
    with world.app.test_request_context():
        parts = write_future("rh_", world.home.journey, world.home.lead, lambda name, *_: f"MOT-{name}")
    scenario = parts["rh_scenario"]
    disclosure = agreed(world, f"scenario-{scenario.id}")
    page = hr.submit(hr.get(page_of(disclosure)))
    told = {scenario.content[name] for name in ("title", "description", "first_step")}
    page.has(*(text for text in told if text))
    own = [scenario.words, scenario.content["risk"], scenario.content["origin"]]
    own += [said["sentence"] for said in scenario.content["criteria"].values()]
    page.lacks(*(text for text in own if text))


def test_the_same_agreement_twice_is_one(world, agent):
    page, before = choose(world, agent, "plan"), Disclosure.select().count()
    for _ in range(2):
        agent.submit(page, button=("step", "agree")).has("Votre accord est donné.")
    assert Disclosure.select().count() == before + 1


def test_another_person_of_the_same_service_reads_nothing(world):
    with world.app.test_request_context():
        colleague = make_person(Role.HR, employer=world.people["hr"].employer)
    browser = Browser(world.app)
    browser.arrive(colleague)
    browser.get(page_of(world.home.disclosure), status=404)
    browser.get("/prescriptions/restitutions").has("Rien ne vous est communiqué pour l’instant.")


def test_an_officer_whose_account_is_closed_reads_nothing_and_her_agreement_is_live_for_nobody(world, agent, hr):
    disclosure = world.home.disclosure
    hr.get(page_of(disclosure))
    agent.get(index(world)).form(f"{disclosure.id}/retirer")
    people.suspend(person=world.people["hr"], by=world.secretariat)
    assert hr.get(page_of(disclosure), status={302, 303}, follow=False).response.location.startswith("/connexion")
    assert not Disclosure.get_by_id(disclosure.id).is_live
    agent.get(index(world)).lacks(f"{disclosure.id}/retirer")


def test_the_hash_is_of_all_that_is_agreed_to():
    blocks = [Block("a", "A", ["un"]), Block("b", "B", ["deux"])]
    shown = snapshot(blocks, ["a"])
    day = datetime.date.fromisoformat("2026-12-01")
    found = digest(shown, recipient="r", purpose="p", until=day)
    assert len(found) == 64
    assert found == digest(snapshot(reversed(blocks), ["a", "inconnu"]), recipient="r", purpose="p", until=day)
    others = [
        digest(snapshot(blocks, ["a", "b"]), recipient="r", purpose="p", until=day),
        digest(shown, recipient="s", purpose="p", until=day),
        digest(shown, recipient="r", purpose="q", until=day),
        digest(shown, recipient="r", purpose="p", until=day + datetime.timedelta(days=1)),
    ]
    assert len({found, *others}) == 5


def test_nothing_to_tell_is_said(world, agent):
    assert blocks_of([], [], []) == []
    Statement.delete().execute()
    Step.delete().execute()
    Scenario.delete().execute()
    agent.get(f"{index(world)}/accord").has("Il n’y a encore rien à communiquer")
