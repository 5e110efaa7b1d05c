"""The counsellor gives a questionnaire, reads its result, comments it and opens it; the agent reads it then, not before."""

import datetime

import pytest
from factories import close

from bilan.journal import Event, JournalEntry
from bilan.mail.models import Email
from bilan.questionnaires import actions
from bilan.questionnaires.models import Passation


@pytest.fixture
def counsellor(world):
    return world.browser("counsellor")


def debrief(world, name="submitted"):
    return f"/parcours/questionnaires/{getattr(world.home, name).id}/resultat"


def count(kind):
    return Email.select().where(Email.kind == kind).count()


def test_a_questionnaire_is_given_and_announced(world, counsellor):
    Passation.delete().where(Passation.submitted_at.is_null(), Passation.journey == world.home.journey).execute()
    before = count("questionnaire_assigned")
    page = counsellor.get(f"/parcours/{world.home.journey.id}/questionnaires/nouveau")
    due = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=10)).date()
    page = counsellor.submit(page, {"slug": "interets", "due_on": due.isoformat()})
    page.has("Le questionnaire est donné à Prénom agent", "pas commencé")
    assert count("questionnaire_assigned") == before + 1
    mail = Email.select().where(Email.kind == "questionnaire_assigned").order_by(Email.created_at.desc()).first().envelope
    assert mail["to"] == world.agent.email
    assert "intérêts" not in mail["body"] + mail["subject"]


def test_the_same_questionnaire_is_not_given_twice_at_once(world, counsellor):
    before = Passation.select().count()
    page = counsellor.get(f"/parcours/{world.home.journey.id}/questionnaires/nouveau")
    counsellor.submit(page, status=422).has("Ce questionnaire est déjà donné, et pas encore rempli.")
    assert Passation.select().count() == before


@pytest.mark.parametrize("due", ["2020-01-01", "2199-01-01", "demain"])
def test_a_date_that_is_past_or_absurd_is_refused(world, counsellor, due):
    page = counsellor.get(f"/parcours/{world.home.journey.id}/questionnaires/nouveau")
    counsellor.submit(page, {"due_on": due}, status=422)


def test_a_questionnaire_is_taken_back_until_it_is_begun(world, counsellor):
    page = counsellor.get(f"/parcours/{world.home.journey.id}")
    counsellor.submit(page, form="/retirer").has("Le questionnaire est retiré.")
    assert Passation.get_or_none(Passation.id == world.home.assigned.id) is None
    counsellor.post(f"/parcours/questionnaires/{world.home.started.id}/retirer", status=404)
    with pytest.raises(actions.AlreadyStarted):
        actions.withdraw(passation=world.home.started, by=world.counsellor)


def test_the_counsellor_reads_the_result_in_words_figures_and_a_picture(world, counsellor):
    page = counsellor.get(debrief(world))
    page.has("Résultat de Prénom agent", "Code", "L’agent ne voit pas encore ce résultat.", "ce n’est pas un diagnostic")
    rows = page.soup.find("table").find_all("tr")
    assert len(rows) == 7
    svg = page.soup.find("svg")
    assert svg.find("title").text
    assert svg["role"] == "img"
    for score in Passation.get_by_id(world.home.submitted.id).result["scores"].values():
        assert str(score).replace(".", ",") in svg.find("desc").text or str(score) in svg.find("desc").text


def test_a_result_is_opened_once_and_the_agent_is_told_without_content(world, counsellor):
    before = count("result_released")
    agent, path = world.browser("agent"), f"/mon-bilan/questionnaires/{world.home.submitted.id}"
    agent.get(f"{path}/resultat", status=404)
    page = counsellor.get(debrief(world))
    for _ in range(2):
        counsellor.submit(page, form="/ouvrir").has("Le résultat est ouvert à Prénom agent.")
    assert count("result_released") == before + 1
    assert (
        JournalEntry.select().where(JournalEntry.event == Event.RESULT_RELEASED, JournalEntry.subject_id == world.home.submitted.id).count()
        == 1
    )
    agent.get(f"{path}/resultat").has(world.markers["commentaire-ferme-home"].text, "Un miroir de vos réponses")
    page = agent.get(path)
    page.has("Lire le résultat")


def test_a_comment_is_saved_beside_the_result(world, counsellor):
    page = counsellor.submit(counsellor.get(debrief(world)), {"text": "Un commentaire.\nSur deux lignes."}, form="/commentaire")
    page.has("Commentaire enregistré à", "Un commentaire.")
    assert Passation.get_by_id(world.home.submitted.id).comment == "Un commentaire.\nSur deux lignes."


def test_two_tabs_on_a_comment_show_both_texts(world, counsellor):
    page = counsellor.get(debrief(world))
    counsellor.submit(page, {"text": "écrit ailleurs"}, form="/commentaire")
    conflict = counsellor.submit(page, {"text": "écrit ici"}, form="/commentaire", status=409)
    conflict.has("Ce commentaire a été enregistré ailleurs", "écrit ailleurs", "écrit ici")
    assert Passation.get_by_id(world.home.submitted.id).comment == "écrit ailleurs"
    counsellor.submit(conflict, {"text": "les deux"}, form="/commentaire").has("Commentaire enregistré")
    assert Passation.get_by_id(world.home.submitted.id).comment == "les deux"


def test_a_comment_that_is_too_long_stays_in_the_field(world, counsellor):
    page = counsellor.submit(counsellor.get(debrief(world)), {"text": "x" * 20_001}, form="/commentaire", status=422)
    assert page.form("/commentaire").textarea.text.strip() == "x" * 20_001


def test_a_closed_bilan_is_no_longer_commented_or_opened(world, counsellor):
    close(world.home.journey)
    page = counsellor.get(debrief(world))
    page.has("Le bilan est terminé, ce résultat n’a pas été ouvert.")
    for action in ("ouvrir", "commentaire"):
        counsellor.post(f"{debrief(world).removesuffix('/resultat')}/{action}", {"text": "x", "base": "1"}, status=404)


def test_the_referent_of_another_bilan_reads_no_result(world):
    world.browser("other_counsellor").get(debrief(world), status=404)
