"""The pages that only a fault or an action brings: accessible as well, and the focus is where the reader is expected."""

import re
import time

import pytest
from browser.deeds import SAVED, choose, focused, grow_old, path_of, send, sign_in, told, write
from browser.looking import look
from client import PASSWORD
from factories import comment, last_link, submit, write_note
from playwright.sync_api import expect

from bilan.access import actions as access
from bilan.access.models import SecondFactor
from bilan.access.rules import code_at
from bilan.people import actions as people
from bilan.questionnaires.models import Passation

pytestmark = pytest.mark.browser
TYPED = "Un texte que l’erreur ne doit pas coûter."


@pytest.mark.parametrize(
    ("address", "button", "words"),
    [
        ("/connexion", "Se connecter", ""),
        ("/connexion/lien", "Recevoir le lien", "Indiquez votre adresse e-mail."),
        ("/mot-de-passe-oublie", "Recevoir le lien", "Indiquez votre adresse e-mail."),
        ("/reclamations", "Envoyer la réclamation", "Indiquez votre nom"),
    ],
)
def test_a_visitor_is_led_to_what_must_be_corrected(page_of, address, button, words):
    page = page_of()
    page.goto(address)
    send(page, button)
    assert words in told(page)
    assert look(page) == []


@pytest.mark.parametrize("who", ["agent", "counsellor", "secretariat"])
def test_everybody_is_led_to_what_must_be_corrected(live, page_of, story, who):
    passation, journey = {"id": story.passation.id}, {"id": story.journey.id}
    forms = {
        "agent": [
            ("questionnaires.fill", {**passation, "number": 1}, "Continuer"),
            ("questionnaires.check", passation, "Envoyer mes réponses"),
            ("people.account", {}, "Changer le mot de passe"),
        ],
        "counsellor": [
            ("interviews.plan", journey, "Enregistrer l’entretien"),
            ("questionnaires.assign", journey, "Donner le questionnaire"),
        ],
        "secretariat": [("people.accounts", {}, "Envoyer l’invitation")],
    }
    page, faults = page_of(getattr(story, who)), []
    for endpoint, arguments, button in forms[who]:
        page.goto(path_of(live, endpoint, **arguments))
        send(page, button)
        told(page)
        faults += look(page, dark=False)
    assert faults == []


def test_an_error_page_gives_back_what_was_typed_and_is_accessible(page_of, live, story):
    page = page_of(story.counsellor)
    page.goto(path_of(live, "interviews.show", id=story.interview.id))
    # Without htmx and with a token that no longer holds, as after a long night.
    page.evaluate("() => { document.body.innerHTML = document.body.innerHTML.replaceAll('data-hx-', 'data-no-'); }")
    page.locator("#note-shared [name=csrf_token]").evaluate("(one) => { one.value = 'périmé'; }")
    page.locator("#text-shared").fill(TYPED)
    page.evaluate("() => window.htmx.config.timeout = 1")
    with page.expect_navigation() as answer:
        page.locator("#note-shared").get_by_role("button", name="Enregistrer").click()
    assert answer.value.status == 400
    assert TYPED in [field.input_value() for field in page.locator("textarea").all()]
    assert look(page) == []


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/nulle-part", 404, "Page introuvable"),
        ("/connexion/lien/perime", 410, "Ce lien ne sert plus"),
        ("/mot-de-passe/perime", 410, "Ce lien ne sert plus"),
        ("/reclamations/suivi/perime", 404, "Page introuvable"),
    ],
)
def test_the_pages_of_what_is_not_there_are_accessible(page_of, address, status, words):
    page = page_of()
    assert page.goto(address).status == status
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    assert look(page) == []


def test_a_conflict_between_two_comments_shows_both_and_leads_to_it(live, page_of, story):
    with live.within():
        passation = submit(story.passation)
    page = page_of(story.counsellor)
    page.goto(path_of(live, "results.show", id=passation.id))
    with live.within():
        comment(Passation.by_id_with_people(passation.id), "Écrit ailleurs.")
    page.get_by_label("Votre commentaire").fill(TYPED)
    send(page, "Enregistrer le commentaire", status=409)
    assert "Écrit ailleurs." in told(page)
    expect(page.get_by_label("Votre commentaire")).to_have_value(TYPED)
    assert look(page) == []
    send(page, "Enregistrer le commentaire", status=200)
    expect(page.get_by_label("Votre commentaire")).to_have_value(TYPED)


def test_a_conflict_between_two_notes_is_accessible(live, page_of, story):
    page = page_of(story.counsellor)
    page.goto(path_of(live, "interviews.show", id=story.interview.id))
    with live.within():
        write_note(story.interview, "private", "Écrit ailleurs.")
    write(page, "private", TYPED)
    expect(page.locator("#status-private")).to_contain_text("Voir l’autre texte")
    assert look(page, focus=False) == []
    with page.expect_navigation() as answer:
        page.locator("#note-private").get_by_role("button", name="Enregistrer la note").click()
    assert answer.value.status == 409
    told(page)
    assert look(page) == []


def test_the_pages_of_a_first_sign_in_are_accessible(live, page_of, story):
    with live.within():
        people.send_reset_link(email=story.agent.email)
        link = last_link("password_reset")
    page = page_of()
    page.goto(link)
    page.get_by_label("Nouveau mot de passe").fill("court")
    send(page, "Enregistrer et entrer")
    told(page)
    assert look(page) == []
    page.get_by_label("Nouveau mot de passe").fill("une autre phrase facile à retenir")
    send(page, "Enregistrer et entrer", status=200)
    expect(page.locator("#messages")).to_contain_text("Votre mot de passe est enregistré.")
    assert look(page, focus=False) == []


def test_the_code_asked_after_the_password_is_accessible(live, page_of, story):
    with live.within():
        access.begin(person=story.counsellor)
        access.confirm(person=story.counsellor, code=code_at(SecondFactor.of(story.counsellor).pending, int(time.time()) // 30))
    page = page_of()
    page.goto("/connexion")
    page.get_by_label("Adresse e-mail").fill(story.counsellor.email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    send(page, "Se connecter", status=200)
    expect(page).to_have_url(re.compile("/connexion/code$"))
    page.get_by_label("Code à 6 chiffres").fill("000000")
    send(page, "Entrer", status=422)
    told(page)
    assert look(page) == []
    page.get_by_role("link", name="J’utilise un code de secours").click()
    expect(page.locator("h1")).to_have_text("Un code de secours")
    assert look(page) == []


def test_what_was_kept_at_an_expired_session_is_offered_accessibly(live, page_of, story):
    page = page_of(story.counsellor, javascript=True)
    page.goto(path_of(live, "interviews.show", id=story.interview.id))
    page.context.watch.expect("Response Status Error Code 401")
    grow_old(page.context, live, hours=2)
    write(page, "private", TYPED)
    expect(page.locator("#status-private")).to_contain_text("Votre texte est gardé.")
    assert look(page, dark=False, focus=False) == []
    page.once("dialog", lambda dialog: dialog.accept())
    sign_in(page, story.counsellor)
    expect(page).to_have_url(re.compile("/compte/reprise$"))
    assert look(page) == []


def test_the_focus_stays_where_it_was_after_a_save(live, page_of, story):
    page = page_of(story.counsellor)
    page.goto(path_of(live, "interviews.show", id=story.interview.id))
    write(page, "shared", "Une note")
    expect(page.locator("#status-shared")).to_have_text(SAVED)
    assert focused(page) == "text-shared"
    assert page.evaluate("() => document.activeElement.selectionStart") == len("Une note"), "the caret has moved"
    page.keyboard.type(", puis sa fin.")
    expect(page.locator("#text-shared")).to_have_value("Une note, puis sa fin.")
    expect(page.locator("#what-agent-sees")).to_have_text("Une note, puis sa fin.")
    assert focused(page) == "text-shared"

    agent = page_of(story.agent)
    agent.goto(path_of(live, "questionnaires.fill", id=story.passation.id, number=1))
    choose(agent, "R1", "3")
    expect(agent.locator("#status")).to_have_text(SAVED)
    assert focused(agent) == "R1=3"
    agent.get_by_role("button", name="Continuer").click()
    expect(agent.locator("[data-error-summary]")).to_be_focused()
    choose(agent, "I1", "2")
    expect(agent.locator("#progress")).to_contain_text("2 réponses sur 48")
    assert focused(agent) == "I1=2", "a save led back to the error summary"
