"""A result read by the two: their comments, out of the synthesis in one gesture, a grid taken over, what stands out, its paper."""

import io
from dataclasses import replace

import pytest
from factories import assign, close, make_finding, release, submit
from pypdf import PdfReader

from bilan.careers.models import Condition
from bilan.journal import Event, JournalEntry
from bilan.pieces.actions import TooMany
from bilan.questionnaires.instruments import published
from bilan.questionnaires.models import Passation
from bilan.results import actions
from bilan.results.models import Finding


@pytest.fixture
def agent(world):
    return world.browser("agent")


@pytest.fixture
def counsellor(world):
    return world.browser("counsellor")


def result(world, name="released", way="mon-bilan"):
    return f"/{way}/questionnaires/{getattr(world.home, name).id}/resultat"


def fresh(passation):
    return Passation.get_by_id(passation.id)


def test_the_two_comment_side_by_side(world, agent, counsellor):
    agent.submit(agent.get(result(world)), {"text": "Je m’y reconnais."}, form="/commentaire").has("Commentaire enregistré à")
    page = counsellor.get(result(world, way="parcours"))
    page.has("Le commentaire de Prénom agent", "Je m’y reconnais.", world.markers["commentaire-ouvert-home"].text)
    counsellor.submit(page, {"text": "À reprendre."}, form="/commentaire")
    page = agent.get(result(world))
    page.has("À reprendre.", "Je m’y reconnais.")
    assert page.form("/commentaire").textarea.text.strip() == "Je m’y reconnais."


def test_two_tabs_of_the_agent_show_both_texts(world, agent):
    page = agent.get(result(world))
    agent.submit(page, {"text": "écrit ailleurs"}, form="/commentaire")
    conflict = agent.submit(page, {"text": "écrit ici"}, form="/commentaire", status=409)
    conflict.has("écrit ailleurs", "écrit ici")
    agent.submit(conflict, {"text": "les deux"}, form="/commentaire")
    assert fresh(world.home.released).own_comment == "les deux"


def test_the_same_comment_sent_twice_is_one(world, agent):
    page = agent.get(result(world))
    for _ in range(2):
        agent.submit(page, {"text": "une fois"}, form="/commentaire").has("Commentaire enregistré")
    assert fresh(world.home.released).own_comment_revision == 2


def test_the_agent_keeps_a_result_out_of_the_synthesis_and_puts_it_back(world, agent, counsellor):
    page = agent.submit(agent.get(result(world)), form="/synthese", button=("out", "1"))
    page.has("Ce résultat restera hors de la synthèse.", "hors de la synthèse")
    assert fresh(world.home.released).withdrawn_at is not None
    counsellor.get(result(world, way="parcours")).has("L’agent le garde hors de la synthèse.")
    agent.submit(page, form="/synthese", button=("in", "1")).has("Ce résultat pourra servir à la synthèse.")
    assert fresh(world.home.released).withdrawn_at is None
    events = JournalEntry.select().where(JournalEntry.subject_id == world.home.released.id)
    assert {Event.RESULT_KEPT_OUT, Event.RESULT_PUT_BACK} <= {entry.event for entry in events}


def test_cautions_are_for_the_counsellor_and_never_for_the_agent(world, agent, counsellor):
    # The whole questionnaire was answered in one second.
    words = ("À lire avec prudence", "plus vite qu’on ne lit")
    counsellor.get(result(world, way="parcours")).has(*words)
    agent.get(result(world)).lacks(*words)


def test_a_grid_is_taken_over_into_the_path_once(world, agent):
    before = Condition.select().count()
    page = agent.get(result(world, "grid"))
    agent.submit(page, form="/reprendre").has(
        "12 phrases sont reprises dans les appuis et freins.", world.markers["grille-phrase-home"].text
    )
    agent.submit(page, form="/reprendre").has("Cette grille a déjà été reprise.")
    assert Condition.select().count() == before + 12
    kinds = {one.content["kind"] for one in Condition.of_journey(world.home.journey)}
    assert kinds == {"motivation", "resource", "constraint", "obstacle"}
    page = agent.get(result(world, "grid"))
    page.has("Ces phrases sont reprises dans les")
    page.lacks("Reprendre dans les appuis et freins")


def test_a_grid_that_would_be_too_many_is_kept_for_later(world, agent, monkeypatch):
    monkeypatch.setattr(Condition, "maximum", 5)
    with pytest.raises(TooMany):
        actions.carry_over(passation=Passation.by_id_with_people(world.home.grid.id), by=world.agent)
    agent.submit(agent.get(result(world, "grid")), form="/reprendre").has("Un bilan a au plus 5 appuis et freins.")
    assert fresh(world.home.grid).carried_at is None


def test_what_stands_out_is_written_by_both_and_says_what_it_rests_on(world, agent, counsellor):
    path = f"/mon-bilan/{world.home.journey.id}/lecture-croisee"
    page = agent.get(path)
    page.has("Intérêts", "Valeurs", "Parcours", "Pas de résultat à lire pour l’instant.", world.markers["experience-position-home"].text)
    form = agent.get(f"{path}/nouvelle")
    agent.submit(form, {"sentence": "L’extérieur revient."}, status=422).has("Cochez au moins une source.", "L’extérieur revient.")
    agent.submit(form, {"sentence": "L’extérieur revient.", "sources": ["interests", "path"]})
    page = counsellor.get(path.replace("mon-bilan", "parcours"))
    page.has("L’extérieur revient.", "les intérêts", "le parcours", "Écrit par Prénom agent")
    assert Finding.select().where(Finding.journey == world.home.journey.id).count() == 2


def test_two_who_reword_at_once_lose_nothing(world, agent, counsellor):
    with world.app.test_request_context():
        one = make_finding(world.home.journey)
    mine, theirs = agent.get(f"/mon-bilan/lecture-croisee/{one.id}"), counsellor.get(f"/parcours/lecture-croisee/{one.id}")
    agent.submit(mine, {"sentence": "La version de l’agent.", "sources": ["values"]})
    page = counsellor.submit(theirs, {"sentence": "La version de la conseillère.", "sources": ["path"]}, status=409)
    page.has("La version de l’agent.", "La version de la conseillère.", "les valeurs")


def test_the_cross_reading_shows_the_agent_no_result_before_it_is_released(world, agent, counsellor):
    with world.app.test_request_context():
        passation = submit(assign(world.home.journey, "motivations"))
    path, link = f"/mon-bilan/{world.home.journey.id}/lecture-croisee", f"/questionnaires/{passation.id}/resultat"
    agent.get(path).lacks(link)
    assert link in counsellor.get(path.replace("mon-bilan", "parcours")).html
    with world.app.test_request_context():
        release(passation)
    assert link in agent.get(path).html


@pytest.mark.parametrize("slug", [instrument.slug for instrument in published()])
def test_each_result_is_a_page_and_a_paper(world, agent, slug):
    with world.app.test_request_context():
        Passation.delete().where(
            Passation.slug == slug, Passation.submitted_at.is_null(), Passation.journey == world.home.journey
        ).execute()
        passation = release(submit(assign(world.home.journey, slug)))
    path = f"/mon-bilan/questionnaires/{passation.id}/resultat"
    page = agent.get(path)
    instrument = passation.instrument
    page.has(instrument.title, "ce n’est pas un diagnostic", instrument.source, "Version")
    for scale in instrument.scales:
        page.has(scale.name, scale.description)
    answer = agent.client.get(f"{path}.pdf")
    reader = PdfReader(io.BytesIO(answer.data))
    assert answer.mimetype == "application/pdf"
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert instrument.title in reader.metadata.title
    assert reader.outline
    fonts = {str(font.get_object()["/BaseFont"]) for sheet in reader.pages for font in sheet["/Resources"]["/Font"].get_object().values()}
    assert any("Atkinson" in name for name in fonts)
    text = " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split())
    assert all(scale.name in text for scale in instrument.scales)


def test_a_closed_bilan_keeps_its_results_to_read_and_takes_nothing_more(world, agent):
    close(world.home.journey)
    page = agent.get(result(world))
    page.has(world.markers["commentaire-de-l-agent-home"].text)
    page.lacks("Enregistrer le commentaire", "Le garder hors de la synthèse")
    agent.post(result(world).replace("resultat", "synthese"), {"out": "1"}, status=404)


def test_the_published_mean_is_shown_only_when_the_setting_says_so(world, agent, monkeypatch):
    with world.app.test_request_context():
        passation = release(submit(assign(world.home.journey, "personnalite")))
    path = f"/mon-bilan/questionnaires/{passation.id}/resultat"
    agent.get(path).lacks("Repère indicatif", "repère indicatif")
    monkeypatch.setitem(world.app.config, "BILAN", replace(world.app.config["BILAN"], landmarks="oui"))
    agent.get(path).has("Repère indicatif", "30,4", "une norme")
