"""The secretariat's accounts, the `create-user` command, and the display preferences."""

import pytest
from factories import last_link
from flask.cli import FlaskGroup

from bilan.journal import Event, JournalEntry
from bilan.mail.models import Email
from bilan.people.models import Employer, Person

NEW_PERSON = {"display_name": "Zoé Épinat", "email": "zoe@exemple.fr", "role": "hr", "employer": "Commune neuve"}


def invite(world, status=200, **others):
    browser = world.browser("secretariat")
    return browser.submit(browser.get("/secretariat/comptes"), {**NEW_PERSON, **others}, form="/secretariat/comptes", status=status)


def test_the_secretariat_invites_a_person(world):
    invite(world).has("L’invitation part à l’adresse zoe@exemple.fr.", "Zoé Épinat", "invité")
    person = Person.by_email("zoe@exemple.fr")
    assert person.employer.name == "Commune neuve"
    assert person.password is None
    assert last_link("invitation").startswith("/mot-de-passe/")
    entry = JournalEntry.get(JournalEntry.event == Event.PERSON_INVITED, JournalEntry.subject_id == person.id)
    assert entry.person_id == world.secretariat.id


def test_an_address_serves_one_account_and_a_refusal_adds_no_employer(world):
    before = Person.select().count(), Employer.select().count(), Email.select().count()
    page = invite(world, status=422, email="AGENT@exemple.fr")
    page.has("Un compte utilise déjà cette adresse.")
    assert page.soup.find("input", {"name": "display_name"})["value"] == "Zoé Épinat"
    assert (Person.select().count(), Employer.select().count(), Email.select().count()) == before


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("display_name", "", "Indiquez le prénom et le nom."),
        ("email", "zoe", "Indiquez une adresse e-mail complète"),
        ("role", "", "Choisissez un rôle."),
        ("employer", "", "Indiquez la collectivité."),
        ("display_name", "x" * 121, "trop long : 120 caractères"),
    ],
)
def test_an_incomplete_invitation_says_what_is_missing(world, field, value, sentence):
    page = invite(world, status=422, **{field: value})
    page.has(sentence)
    link = page.soup.find(attrs={"data-error-summary": True}).find("a")
    assert page.soup.find(id=link["href"].removeprefix("#"))["name"] == field


def test_a_counsellor_has_no_employer(world):
    invite(world, role="counsellor", employer="").has("L’invitation part")


def test_an_account_is_found_by_name_address_or_employer(world):
    browser = world.browser("secretariat")
    for searched in ("prénom hr", "hr@exemple", "commune home"):
        found = browser.get(f"/secretariat/comptes?q={searched}")
        assert "Prénom hr" in found.soup.find("table").text
    browser.get("/secretariat/comptes?q=personne d’autre").has("Aucun compte ne correspond")
    browser.get("/secretariat/comptes?q=%25").has("Aucun compte ne correspond")


def test_nobody_suspends_her_own_account(world):
    browser = world.browser("secretariat")
    browser.post(f"/secretariat/comptes/{world.secretariat.id}", {"action": "suspend"}, status=404)
    assert Person.get_by_id(world.secretariat.id).active


def test_an_account_that_is_open_is_not_invited_again(world):
    world.browser("secretariat").post(f"/secretariat/comptes/{world.agent.id}", {"action": "invite"}, status=404)


def test_the_list_has_pages(world):
    with world.app.test_request_context():
        for rank in range(30):
            Person.create(email=f"n{rank}@exemple.fr", display_name=f"Nom {rank:02}", role="agent")
    page = world.browser("secretariat").get("/secretariat/comptes")
    rest = f"{Person.select().count() - 25} comptes affichés"
    page.has("25 comptes affichés", "Suivante")
    page = world.browser("secretariat").get("/secretariat/comptes?page=2")
    page.has(rest, "Précédente")
    world.browser("secretariat").get("/secretariat/comptes?page=99").has(rest)


def run(app, *words):
    """Run a command as `flask` does."""
    return app.test_cli_runner().invoke(FlaskGroup(create_app=lambda: app), words)


def test_the_command_opens_an_account_and_sends_its_invitation(app):
    result = run(app, "create-user", "a@exemple.fr", "Anne", "hr", "--employer", "Commune")
    assert result.exit_code == 0, result.output
    assert "L’invitation part" in result.output
    assert Person.by_email("a@exemple.fr").employer.name == "Commune"
    assert Email.get().envelope["personal_links"][0].startswith("http://localhost/mot-de-passe/")
    again = run(app, "create-user", "a@exemple.fr", "Anne", "hr")
    assert again.exit_code == 1
    assert "Un compte utilise déjà cette adresse." in again.output


def test_display_preferences_hold_on_this_device_without_an_account(visitor):
    chosen = {"theme": "dark", "text": "larger", "typeface": "readable", "spacing": "wide", "contrast": "strong", "no_motion": True}
    page = visitor.submit(visitor.get("/affichage"), chosen)
    page.has("Vos préférences d’affichage sont enregistrées.")
    html = visitor.get("/").soup.html
    assert (html["data-theme"], html["data-text"], html["data-typeface"]) == ("dark", "larger", "readable")
    assert (html["data-spacing"], html["data-contrast"], html["data-motion"]) == ("wide", "strong", "none")
    assert not html.has_attr("data-targets")


def test_display_preferences_follow_the_account(world):
    browser = world.browser("agent")
    browser.submit(browser.get("/affichage"), {"theme": "dark", "one_question": True})
    assert world.browser("agent").get("/mon-bilan").soup.html["data-theme"] == "dark"
    page = world.browser("agent").get(f"/mon-bilan/questionnaires/{world.home.started.id}/page/1")
    assert len({one["name"] for one in page.form().find_all("input", type="radio")}) == 1
    assert world.browser("agent").get("/affichage").soup.find("input", {"name": "one_question"}).has_attr("checked")


@pytest.mark.parametrize("cookie", ["", "x", "[]", '{"theme":"<script>"}', '{"theme":3,"text":null}', "9" * 4000])
def test_a_broken_preference_cookie_is_ignored(visitor, cookie):
    visitor.client.set_cookie("affichage", cookie)
    assert visitor.get("/").soup.html["data-theme"] == "auto"


def test_a_message_is_shown_with_the_sign_of_its_kind(visitor):
    page = visitor.submit(visitor.get("/affichage"), {})
    message = page.soup.find(class_="flash")
    assert "flash-done" in message["class"]
    assert "✓" in message.text
