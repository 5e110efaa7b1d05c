"""The whole story without a line of JavaScript: forms post, pages come back, nothing is missing."""

import re

import pytest
from browser.deeds import enter, path_of, sign_in
from factories import submit
from playwright.sync_api import expect

from bilan import worker
from bilan.complaints.models import Complaint
from bilan.interviews.models import Interview
from bilan.notes.models import Note
from bilan.notes.rules import NoteKind
from bilan.questionnaires.models import Passation

pytestmark = pytest.mark.browser
PRIVATE = "À moi seul : vérifier l’envie d’encadrer."
SHARED = "Nous avons parlé de votre envie d’animer une équipe."
COMMENT = "Le social ressort nettement : reparlons-en."


@pytest.fixture
def submitted(live, story):
    with live.within():
        return submit(story.passation)


def level(rank):
    return "sans" if rank == 10 else str(rank % 5 + 1)


def tick(page, items, start):
    for rank, item in enumerate(items, start):
        page.locator(f'input[name="{item}"][value="{level(rank)}"]').check()


def press(page, name):
    page.get_by_role("button", name=name).click()


def test_an_agent_fills_a_questionnaire_and_an_incomplete_page_keeps_what_it_has(live, page_of, story):
    page, items = page_of(story.agent, javascript=False), [item.id for item in story.passation.instrument.items]
    page.get_by_role("link", name="Commencer").click()
    page.get_by_role("link", name="Commencer").click()
    tick(page, items[:4], 0)
    with page.expect_navigation() as incomplete:
        press(page, "Continuer")
    assert incomplete.value.status == 422
    expect(page.locator("[data-error-summary] li")).to_have_count(2)
    expect(page.get_by_text("4 réponses sur 48")).to_be_visible()
    for rank in range(4):
        expect(page.locator(f'input[name="{items[rank]}"][value="{level(rank)}"]')).to_be_checked()
    with live.within():
        assert len(Passation.by_id_with_people(story.passation.id).answers()) == 4, "what was answered is saved"
    page.locator("[data-error-summary] a").first.click()
    expect(page).to_have_url(re.compile(f"#{items[4]}-0$"))
    for start in range(0, 48, 6):
        first = 4 if start == 0 else start
        tick(page, items[first : start + 6], first)
        press(page, "Continuer" if start < 42 else "Relire mes réponses")
    expect(page.locator(".lead")).to_contain_text("48 réponses sur 48")
    assert page.locator("tbody td").all_inner_texts().count("Je préfère ne pas répondre") == 1
    press(page, "Envoyer mes réponses")
    expect(page.locator(".lead")).to_contain_text("Vous avez envoyé vos réponses le")
    with live.within():
        kept = Passation.by_id_with_people(story.passation.id).answers()
    assert kept == {item: None if rank == 10 else rank % 5 + 1 for rank, item in enumerate(items)}


def test_sending_too_early_says_what_is_missing_and_sends_nothing(live, page_of, story):
    page = page_of(story.agent, javascript=False)
    page.goto(path_of(live, "questionnaires.check", id=story.passation.id))
    with page.expect_navigation() as answer:
        press(page, "Envoyer mes réponses")
    assert answer.value.status == 422
    expect(page.locator("[data-error-summary]")).to_contain_text("48 questions attendent une réponse")
    with live.within():
        assert Passation.by_id_with_people(story.passation.id).submitted_at is None


def test_a_counsellor_reads_comments_and_opens_a_result_and_the_agent_reads_it(live, page_of, story, submitted):
    desk, agent = page_of(story.counsellor, javascript=False), page_of(story.agent, javascript=False)
    assert agent.goto(path_of(live, "results.show", id=submitted.id)).status == 404
    desk.goto(path_of(live, "journeys.show", id=story.journey.id))
    desk.get_by_role("link", name="Lire le résultat").click()
    assert desk.locator("tbody tr").count() == 6
    expect(desk.locator("svg.hexagon")).to_be_visible()
    desk.get_by_label("Votre commentaire").fill(COMMENT)
    press(desk, "Enregistrer le commentaire")
    expect(desk.locator("#messages")).to_contain_text("Commentaire enregistré à")
    press(desk, "Ouvrir le résultat à l’agent")
    expect(desk.locator("#messages")).to_contain_text("Le résultat est ouvert à Camille Roux.")
    agent.goto("/mon-bilan")
    agent.get_by_role("link", name="Vos intérêts professionnels").click()
    expect(agent.locator(".as-written")).to_have_text(COMMENT)
    assert agent.locator("tbody tr").all_inner_texts() == desk.locator("tbody tr").all_inner_texts()


def test_a_counsellor_holds_an_interview_and_the_agent_reads_the_shared_note_only(live, page_of, story):
    desk = page_of(story.counsellor, javascript=False)
    desk.goto(path_of(live, "journeys.show", id=story.journey.id))
    desk.get_by_role("link", name="Noter un entretien déjà tenu").click()
    desk.get_by_label("Type d’entretien").select_option(label="Entretien d’accompagnement")
    press(desk, "Noter cet entretien")
    expect(desk.locator("[data-error-summary] li")).to_have_count(3)
    desk.get_by_label("Date").fill("2026-02-03")
    desk.get_by_label("Heure de début").fill("09:30")
    desk.get_by_label("À distance").check()
    desk.get_by_label("Il n’était pas prévu à l’agenda").check()
    press(desk, "Noter cet entretien")
    expect(desk.locator("#messages")).to_contain_text("Entretien noté : 1 h 30 tenues.")
    for kind, text in (("private", PRIVATE), ("shared", SHARED)):
        desk.locator(f"#text-{kind}").fill(text)
        desk.locator(f"#note-{kind}").get_by_role("button", name="Enregistrer la note").click()
        expect(desk.locator("#messages")).to_contain_text("Note enregistrée à")
        expect(desk.locator(f"#text-{kind}")).to_have_value(text)
    desk.get_by_label("Durée tenue").select_option("105")
    press(desk, "Corriger")
    expect(desk.locator("#messages")).to_contain_text("Durée tenue enregistrée : 1 h 45.")
    with live.within():
        interview = Interview.get(Interview.held_minutes == 105)
        assert Note.current(interview, NoteKind.PRIVATE, story.counsellor).text == PRIVATE, "the private note was never written"

    agent = page_of(story.agent, javascript=False)
    expect(agent.locator("li", has_text="Mardi 3 février 2026").last).to_contain_text("tenu 1 h 45")
    agent.get_by_role("link", name="Mardi 3 février 2026").click()
    expect(agent.locator(".written")).to_have_text(SHARED)
    expect(agent.locator("main")).to_contain_text("noté après coup")
    for address in ("/mon-bilan", agent.url):
        agent.goto(address)
        assert PRIVATE not in agent.content()
    assert agent.goto(path_of(live, "interviews.show", id=interview.id)).status == 404


def test_two_texts_of_one_note_meet_without_a_script_too(live, page_of, story):
    first = page_of(story.counsellor, javascript=False)
    second = first.context.new_page()
    for page in (first, second):
        page.goto(path_of(live, "interviews.show", id=story.interview.id))
    for page, text in ((first, "Un."), (second, "Deux.")):
        page.bring_to_front()
        page.locator("#text-shared").fill(text)
        page.locator("#note-shared").get_by_role("button", name="Enregistrer").click()
    expect(second.locator("#other-shared")).to_have_value("Un.")
    expect(second.locator("#text-shared")).to_have_value("Deux.")


def test_a_visitor_complains_and_the_secretariat_sees_it_and_its_email(live, page_of, story):
    visitor = page_of(javascript=False)
    visitor.goto("/")
    enter(visitor, "Réclamation")
    press(visitor, "Envoyer la réclamation")
    assert visitor.locator("[data-error-summary] li").count() == 4
    visitor.get_by_label("Votre nom").fill("Paul Mercier")
    visitor.get_by_label("Votre adresse e-mail").fill("paul@exemple.fr")
    visitor.get_by_label("Votre lien avec le service").select_option("agent")
    visitor.get_by_label("Que s’est-il passé ?").fill("Mon rendez-vous a été déplacé deux fois.")
    visitor.wait_for_timeout(3100)  # nobody writes a complaint in less: sooner, it is taken for a robot's
    press(visitor, "Envoyer la réclamation")
    with live.within():
        reference = Complaint.get().reference
    expect(visitor.get_by_text(f"Sa référence est {reference}.")).to_be_visible()
    visitor.get_by_role("link", name="Suivre ma réclamation").click()
    expect(visitor.locator(".as-written")).to_have_text("Mon rendez-vous a été déplacé deux fois.")

    desk = page_of(javascript=False)
    sign_in(desk, story.secretariat)
    enter(desk, "Réclamations")
    row = desk.locator("tbody tr", has_text=reference)
    expect(row).to_contain_text("Paul Mercier")
    expect(row.locator("[data-label='Annonce par e-mail'] .tag")).to_contain_text("en attente")
    worker.run_pending()
    desk.reload()
    expect(row.locator("[data-label='Annonce par e-mail'] .tag")).to_contain_text("envoyé")
    row.get_by_role("link").click()
    expect(desk.locator(".as-written")).to_have_text("Mon rendez-vous a été déplacé deux fois.")
    expect(desk.get_by_role("link", name="secretariat@espace2m.org").first).to_be_visible()
    expect(desk.get_by_role("link", name="paul@exemple.fr")).to_be_visible()
