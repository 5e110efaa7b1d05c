"""The page of an occupation: what it says, to whom, from which answers; the occupation of an experience."""

import uuid

import pytest
from factories import answer, assign, close, make_experience, release, submit

from bilan.careers.models import Experience
from bilan.database import database
from bilan.journal import Event, JournalEntry
from bilan.occupations.models import Occupation, identifier

JARDINIER, ATSEM = identifier("territorial:jardinier-municipal"), identifier("territorial:atsem")


def sheet(case, browser, occupation=ATSEM, way="mon-bilan"):
    return browser.get(case.path(f"metiers/{occupation}", way=way))


def test_a_shipped_occupation_says_what_one_does_its_letters_and_its_neighbours(case):
    page = sheet(case, case.agent, JARDINIER)
    page.has("Crée et soigne massifs", "Espaces verts et nature", "Réaliste", "Artistique", "Code A1208", "Métiers voisins")
    page.has("Depuis ce métier, le ROME donne comme évolutions possibles", "les autres viennent avec le ROME entier", "licence ouverte")
    page.lacks("Définition (ROME)")
    with case.within():
        around = Occupation.get_by_id(JARDINIER).neighbours()
    hrefs = {link["href"].rsplit("/", 1)[1] for link in page.soup.select("main li a")}
    assert {str(one.id) for ones in around for one in ones} <= hrefs
    assert around.following
    assert around.preceding


def test_with_the_rome_comes_its_definition_and_its_own_page(case, rome):
    shipped = identifier("territorial:agent-espaces-verts")
    page = sheet(case, case.counsellor, shipped, "parcours")
    page.has("Définition (ROME)", "L’agent tond.", "Comment on y accède (ROME)", "Sans diplôme.", "Dans la même fiche du ROME")
    page.lacks("les autres viennent avec le ROME entier")
    own = sheet(case, case.agent, identifier("rome:A1203"))
    own.has("Agent / Agente d’entretien", "Cantonnier / Cantonnière", "Jardinier municipal / Jardinière municipale")


def test_moves_are_given_both_ways_and_prefer_local_government(app, rome):
    around = Occupation.get(Occupation.key == "rome:A1208").neighbours()
    assert {one.code for one in around.following} == {"K1701"}
    assert {one.territorial for one in around.preceding} == {True}, "A1203 has occupations of the catalogue"
    assert {one.code for one in around.preceding} == {"A1203"}


def test_an_unknown_occupation_is_not_found(case):
    case.agent.get(case.path(f"metiers/{uuid.uuid4()}"), status=404)


@pytest.fixture
def submitted(case):
    """A result of the interests, submitted and not yet released."""
    with case.within():
        return submit(assign(case.journey))


def test_answers_speak_to_the_counsellor_once_submitted_and_to_the_agent_once_released(case, submitted):
    waiting = "Quand le questionnaire d’intérêts est rempli"
    sheet(case, case.agent).has(waiting)
    sheet(case, case.agent).lacks("vos réponses", "ses réponses", "sur l’hexagone")
    theirs = sheet(case, case.counsellor, way="parcours")
    assert "ses réponses" in theirs.text.lower()
    with case.within():
        release(submitted)
    mine = sheet(case, case.agent)
    mine.lacks(waiting, "ses réponses")
    assert "vos réponses" in mine.text.lower()


def test_answers_that_are_not_submitted_say_nothing(case):
    with case.within():
        answer(assign(case.journey), count=48)
    for browser, way in ((case.agent, "mon-bilan"), (case.counsellor, "parcours")):
        sheet(case, browser, way=way).lacks("vos réponses", "ses réponses", "éponses ne disent", "sur l’hexagone")


def test_an_experience_is_linked_to_an_occupation_in_the_words_of_its_position(case):
    with case.within():
        experience = make_experience(case.journey, position="Jardiniers des espaces verts")
    page = case.agent.get(case.path("experiences"))
    href = next(one["href"] for one in page.soup.select("main a") if "Relier à un métier" in one.text)
    page = case.agent.get(href)
    offered = [one["value"] for one in page.soup.select("input[type=radio]")]
    assert str(identifier("territorial:agent-espaces-verts")) in offered
    assert offered[-1] == "aucun"
    page = case.agent.submit(page, {"occupation": str(JARDINIER)})
    page.has("C’est enregistré.", "Métier :", "Jardinier municipal / Jardinière municipale", "Changer le métier")
    with case.within():
        (raw,) = database.execute_sql("SELECT occupation FROM experience").fetchone()
        assert str(JARDINIER).encode() not in bytes(raw), "which occupation it was is encrypted"
        assert Experience.get_by_id(experience.id).occupation == str(JARDINIER)
        assert JournalEntry.select().where(JournalEntry.event == Event.EXPERIENCE_SAVED).count() == 2
    case.agent.submit(case.agent.get(href), {"occupation": str(JARDINIER)})
    with case.within():
        assert JournalEntry.select().where(JournalEntry.event == Event.EXPERIENCE_SAVED).count() == 2, "the same again is none"
    case.counsellor.get(case.path("experiences", way="parcours")).has("Jardinier municipal")
    case.agent.submit(case.agent.get(href), {"occupation": "aucun"}).lacks("Jardinier municipal")


def test_another_occupation_is_looked_for_by_other_words(case):
    with case.within():
        experience = make_experience(case.journey, position="Divers")
    path = f"/parcours/experiences/{experience.id}/metier"
    case.counsellor.get(path).has("Aucun métier proche de ces mots.")
    page = case.counsellor.get(f"{path}?q=bibliothecaires")
    page.has("Bibliothécaire")
    case.counsellor.submit(page, {"occupation": str(identifier("territorial:bibliothecaire"))}).has("Métier :", "Bibliothécaire")


def test_what_is_no_occupation_is_refused(case):
    with case.within():
        experience = make_experience(case.journey)
    for wrong in (str(uuid.uuid4()), "x", ""):
        case.agent.post(f"/mon-bilan/experiences/{experience.id}/metier", {"occupation": wrong}, status=422)
    with case.within():
        assert Experience.get_by_id(experience.id).occupation is None


def test_writing_the_experience_again_keeps_its_occupation(case):
    with case.within():
        experience = make_experience(case.journey)
        Experience.update(occupation=Experience.occupation.seal_for(linked(experience))).where(Experience.id == experience.id).execute()
    page = case.agent.get(f"/mon-bilan/experiences/{experience.id}")
    case.agent.submit(page, {"tasks": "Tailler."}).has("Tailler.", "Jardinier municipal")


def linked(experience):
    experience.occupation = str(JARDINIER)
    return experience


def test_an_experience_and_a_move_say_why_an_occupation_could_fit(case, rome):
    with case.within():
        from bilan.careers.actions import link_experience

        experience = make_experience(case.journey, position="Aux parcs")
        link_experience(experience=experience, occupation_id=identifier("rome:A1203"), by=case.journey.agent)
    text = "Le ROME donne ce métier comme une évolution possible depuis «\u00a0Aux parcs\u00a0»"
    sheet(case, case.agent, JARDINIER).has(f"{text}, que vous avez exercé.")
    sheet(case, case.counsellor, JARDINIER, "parcours").has(f"{text}, de son parcours.")
    sheet(case, case.agent, identifier("territorial:agent-espaces-verts")).has("est de la même fiche.")
    sheet(case, case.agent, ATSEM).lacks("Aux parcs")


def test_a_closed_bilan_reads_occupations_and_links_nothing(case):
    with case.within():
        experience = make_experience(case.journey)
        close(case.journey)
    sheet(case, case.agent, JARDINIER)
    case.agent.get(f"/mon-bilan/experiences/{experience.id}/metier", status=404)
    case.agent.get(case.path("experiences")).lacks("Relier à un métier")
