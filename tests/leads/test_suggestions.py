"""Suggestions: from interests and from what was lived, each with its sentence, none hidden by a score."""

import pytest
from factories import make_experience
from hypothesis import given
from hypothesis import strategies as st

from bilan.careers.actions import link_experience
from bilan.careers.models import Experience
from bilan.leads.models import Lead
from bilan.leads.rules import Origin, origin_of, ranked
from bilan.occupations.models import Occupation
from bilan.occupations.rules import Ground
from bilan.questionnaires.models import Passation


@pytest.fixture
def agent(world):
    return world.browser("agent")


@pytest.fixture
def gardener(world):
    """An occupation of the catalogue from which moves are known, linked to an experience of the agent."""
    occupation = Occupation.get(Occupation.code == "A1203", Occupation.territorial)
    with world.app.test_request_context():
        experience = make_experience(world.home.journey, position="Jardinière")
        link_experience(experience=Experience.by_id_with_people(experience.id), occupation_id=occupation.id, by=world.agent)
    return occupation


def path(world, way="mon-bilan"):
    return f"/{way}/{world.home.journey.id}/pistes/suggestions"


def titles(page):
    return [one.text.strip() for one in page.soup.select("ul.pieces h2")]


def all_titles(browser, address):
    """Return the titles of every page of a list."""
    page, found = browser.get(address), []
    while True:
        found += titles(page)
        following = page.soup.find("a", rel="next")
        if following is None:
            return found
        page = browser.get(following["href"])


def test_every_occupation_is_there_and_each_explains_itself(world, agent):
    page = agent.get(path(world))
    for one in page.soup.select("ul.pieces > li"):
        assert "réponses" in one.text
    assert len(all_titles(agent, path(world))) == Occupation.listed().where(Occupation.territorial).count()


def test_what_was_lived_comes_first_and_says_so(world, agent, gardener):
    page = agent.get(path(world))
    page.has("D’abord les métiers qui prolongent l’expérience")
    first = page.soup.select("ul.pieces > li")[0].text
    assert "du parcours" in first
    assert "l’expérience" in first


def test_before_the_release_the_agent_has_no_suggestion_from_interests(world, agent):
    Passation.update(released_at=None).where(Passation.journey == world.home.journey).execute()
    agent.get(path(world)).has("Le résultat du questionnaire d’intérêts n’est pas encore ouvert")
    world.browser("counsellor").get(path(world, "parcours")).lacks("n’est pas encore ouvert")


def test_a_suggestion_becomes_a_lead_once_with_its_sentence(world, agent, gardener):
    page = agent.get(path(world))
    button = page.soup.select_one("ul.pieces button[name=occupation]")
    for words in ("C’est ajouté aux pistes.", "Ce métier est déjà dans les pistes."):
        agent.submit(page, button=("occupation", button["value"])).has(words)
    found = [one for one in Lead.of_journey(world.home.journey) if str(one.occupation_id) == button["value"]]
    assert len(found) == 1
    assert found[0].origin is Origin.MOVES
    assert "du parcours" in found[0].content["why"]
    agent.get(path(world)).has("dans les pistes")
    agent.get(f"/mon-bilan/pistes/{found[0].id}").has("Lire la fiche du métier")


def test_what_the_counsellor_adopts_tells_the_agent_nothing_of_a_result_that_is_not_released(world):
    Passation.update(released_at=None).where(Passation.journey == world.home.journey).execute()
    counsellor, known = world.browser("counsellor"), {one.id for one in Lead.of_journey(world.home.journey)}
    page = counsellor.get(path(world, "parcours"))
    button = page.soup.select("ul.pieces button[name=occupation]")[-1]
    assert "réponses" in button.find_parent("li").text
    counsellor.submit(page, button=("occupation", button["value"])).has("C’est ajouté aux pistes.")
    (lead,) = [one for one in Lead.of_journey(world.home.journey) if one.id not in known]
    assert "réponses" not in lead.content["why"]
    assert lead.origin is not Origin.INTERESTS


@pytest.mark.parametrize("wrong", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_an_occupation_that_does_not_exist_is_said(world, agent, wrong):
    before = Lead.select().count()
    agent.submit(agent.get(path(world)), button=("occupation", wrong)).has("Choisissez un métier de la liste.")
    assert Lead.select().count() == before


class Job:
    """An occupation as the ranking needs it."""

    def __init__(self, code, letters):
        self.code, self.letters, self.sorting = code, letters, code


letters = st.sampled_from(["", "R", "I", "A", "S", "E", "C", "RI", "SE", "CA", "IS"])
jobs = st.lists(st.builds(Job, st.sampled_from(["A1101", "B1201", "C1301", "D1401"]), letters), max_size=8)
grounds = st.builds(
    Ground,
    st.none() | st.sampled_from(["", "S", "SE", "RIA"]),
    st.just([("Poste", "A1101")]),
    st.just({"A1101": {"B1201"}}),
)


@given(jobs, grounds)
def test_ranking_leaves_nothing_out_and_never_puts_the_lived_behind(occupations, ground):
    found = ranked(occupations, ground)
    assert sorted(map(id, found)) == sorted(map(id, occupations))
    lived = [ground.nearness(one.code, one.letters)[0] for one in found]
    assert lived == sorted(lived, reverse=True)
    near = [ground.nearness(one.code, one.letters) for one in found]
    assert near == sorted(near, reverse=True)


@pytest.mark.parametrize(
    ("job", "origin"),
    [
        (Job("B1201", ""), Origin.MOVES),
        (Job("C1301", "SE"), Origin.INTERESTS),
        (Job("C1301", ""), Origin.COUNSELLOR),
        (Job("D1401", "R"), Origin.COUNSELLOR),
    ],
)
def test_the_origin_of_a_lead_is_what_explains_it(job, origin):
    ground = Ground("S", [("Poste", "A1101")], {"A1101": {"B1201"}})
    assert origin_of(job, ground, other=Origin.COUNSELLOR) is origin
