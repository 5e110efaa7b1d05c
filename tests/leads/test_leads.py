"""Leads: written by both, sorted by the agent alone with her reason, surveyed, a handful kept for the scenarios."""

import pytest
from factories import make_lead, make_survey

from bilan.journal import Event, JournalEntry
from bilan.leads import actions
from bilan.leads.models import Lead, Survey
from bilan.leads.rules import KEPT_MAX, Choice
from bilan.pieces.actions import Overtaken


@pytest.fixture
def agent(world):
    return world.browser("agent")


@pytest.fixture
def counsellor(world):
    return world.browser("counsellor")


@pytest.fixture
def lead(world):
    with world.app.test_request_context():
        return make_lead(world.home.journey, title="Apiculture")


def index(world, way="mon-bilan"):
    return f"/{way}/{world.home.journey.id}/pistes"


def fresh(lead):
    return Lead.by_id_with_people(lead.id)


def test_an_idea_says_whose_it_is(world, agent, counsellor):
    agent.submit(agent.get(f"{index(world)}/nouvelle"), {"title": "Tenir un gîte", "why": "L’accueil."}).has("C’est enregistré.")
    path = index(world, "parcours")
    page = counsellor.submit(counsellor.get(f"{path}/nouvelle"), {"title": "Formatrice"})
    page.has("Tenir un gîte", "une idée de l’agent", "Formatrice", "une idée du conseiller ou de la conseillère", "À trier")


def test_the_agent_sorts_with_her_reason(world, agent, lead):
    path = f"/mon-bilan/pistes/{lead.id}"
    agent.submit(agent.get(path), {"choice": "explore"}, form="/tri", status=422).has("Écrivez votre raison")
    agent.submit(agent.get(path), {"reason": "Le dehors."}, form="/tri", status=422).has("Choisissez une réponse.", "Le dehors.")
    page = agent.submit(agent.get(path), {"choice": "explore", "reason": "Le dehors."}, form="/tri")
    page.has("C’est noté\u00a0: à creuser.", "À creuser", "Le dehors.")
    assert (fresh(lead).choice, fresh(lead).reason) == (Choice.EXPLORE, "Le dehors.")
    assert JournalEntry.select().where(JournalEntry.event == Event.LEAD_SORTED, JournalEntry.subject_id == lead.id).count() == 1


def test_the_counsellor_reads_the_choice_and_cannot_make_it(world, agent, counsellor, lead):
    page = counsellor.get(f"/parcours/pistes/{lead.id}")
    page.has("Ce que l’agent en dit", "Rien pour l’instant.")
    assert not page.soup.find("input", {"name": "choice"})
    counsellor.post(f"/mon-bilan/pistes/{lead.id}/tri", {"choice": "no", "reason": "r", "base": "0"}, status=404)
    assert fresh(lead).choice is None


def test_two_tabs_of_a_sorting_show_both(world, agent, lead):
    page = agent.get(f"/mon-bilan/pistes/{lead.id}")
    agent.submit(page, {"choice": "interested", "reason": "écrit ailleurs"}, form="/tri")
    conflict = agent.submit(page, {"choice": "no", "reason": "écrit ici"}, form="/tri", status=409)
    conflict.has("Votre tri a été enregistré ailleurs", "écrit ailleurs", "écrit ici")
    assert fresh(lead).choice is Choice.INTERESTED
    agent.submit(conflict, form="/tri").has("C’est noté\u00a0: non.")
    assert fresh(lead).choice is Choice.NO
    with pytest.raises(Overtaken):
        actions.sort(lead=fresh(lead), choice=Choice.EXPLORE, reason="r", base=0, by=world.agent)


def test_a_handful_is_kept_and_one_must_go_before_another(world, agent, lead):
    with world.app.test_request_context():
        for rank in range(KEPT_MAX - 1):
            make_lead(world.home.journey, title=f"Piste {rank}", kept=True)
    path = f"/mon-bilan/pistes/{lead.id}"
    agent.submit(agent.get(path), form="/garder", button=("kept", "1")).has("5 pistes sont déjà gardées")
    assert fresh(lead).kept_at is None
    agent.submit(agent.get(f"/mon-bilan/pistes/{world.home.lead.id}"), form="/garder").has("La piste n’est plus gardée")
    agent.submit(agent.get(path), form="/garder", button=("kept", "1")).has("La piste est gardée pour les scénarios.")
    agent.get(index(world)).has("Gardées pour les scénarios (5 sur 5)")


def test_a_lead_that_is_refused_is_kept_no_longer(world, agent, lead):
    actions.keep(lead=fresh(lead), kept=True, by=world.agent)
    agent.submit(agent.get(f"/mon-bilan/pistes/{lead.id}"), {"choice": "no", "reason": "Trop loin."}, form="/tri")
    assert fresh(lead).kept_at is None


def test_a_survey_says_who_when_and_what_was_found(world, agent, lead):
    path = f"/mon-bilan/pistes/{lead.id}"
    page = agent.get(f"{path}/enquete")
    agent.submit(page, {"who": ""}, status=422).has("Indiquez avec qui, ou où.")
    agent.submit(page, {"who": "Un apiculteur", "on": "1901-01-01"}, status=422).has("Vérifiez l’année.")
    values = {"who": "Un apiculteur", "contact": "visit", "on": "2026-10-05", "findings": "Des saisons chargées."}
    page = agent.submit(page, values)
    assert page.path == path
    page.has("Un apiculteur", "Visite, observation ou stage, le 5 octobre 2026", "Des saisons chargées.")
    survey = Survey.by_lead(world.home.journey)[lead.id][0]
    form = agent.get(f"/mon-bilan/enquetes/{survey.id}")
    assert form.soup.find("input", {"name": "on"})["value"] == "2026-10-05"
    agent.submit(form, {"findings": "Et du calme l’hiver."}).has("Et du calme l’hiver.", "modifié")


def test_removing_a_lead_removes_its_surveys_once_one_has_read_it(world, agent, lead):
    with world.app.test_request_context():
        survey = make_survey(lead)
    page = agent.get(f"/mon-bilan/pistes/{lead.id}/retirer")
    page.has("Apiculture", "1 enquête métier est effacée avec elle.")
    agent.submit(page).has("C’est retiré.")
    assert Lead.get_or_none_by_id(lead.id) is None
    assert Survey.get_or_none_by_id(survey.id) is None


def test_rewording_a_lead_keeps_where_it_comes_from(world, counsellor, lead):
    page = counsellor.submit(counsellor.get(f"/parcours/pistes/{lead.id}/modifier"), {"title": "Apiculture en ville"})
    page.has("Apiculture en ville", "une idée de l’agent", "modifié")


def test_an_empty_list_says_how_to_begin(world, agent):
    Survey.delete().where(Survey.journey == world.home.journey.id).execute()
    Lead.delete().where(Lead.journey == world.home.journey.id).execute()
    agent.get(index(world)).has("Aucune piste n’est encore écrite.", "Voir des suggestions")


def test_delicate_matters_are_recalled_gently_and_the_text_is_saved(world, agent):
    page = agent.submit(agent.get(f"{index(world)}/nouvelle"), {"title": "Au calme", "why": "Mon arrêt maladie m’a fait réfléchir."})
    page.has("C’est enregistré.", "Ce texte semble parler de la santé.", "Mon arrêt maladie m’a fait réfléchir.")
    agent.submit(agent.get(f"{index(world)}/nouvelle"), {"title": "Jardin", "why": "Les plantes."}).lacks("semble parler de")
