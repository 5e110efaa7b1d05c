"""The address of an account is corrected by a command: both addresses are told, and nothing that was open stays open."""

import pytest
from flask.cli import FlaskGroup
from world import EVERYBODY

from bilan.access.models import OpenSession
from bilan.events import Event
from bilan.journal import JournalEntry
from bilan.mail.models import Email
from bilan.people import actions
from bilan.people.models import OneTimeLink, Person


def change(world, old, new):
    return world.app.test_cli_runner().invoke(FlaskGroup(create_app=lambda: world.app), ["change-email", old, new])


def told():
    return sorted(one.envelope["to"] for one in Email.select().where(Email.kind == "email_changed"))


def test_the_address_changes_in_lower_case_and_both_addresses_are_told(world):
    old = world.agent.email
    browser = world.browser("agent")
    browser.get("/mon-bilan")
    with world.app.test_request_context():
        actions.send_sign_in_link(email=old)
    done = change(world, old.upper(), "Nouvelle.Adresse@Exemple.FR")
    assert done.exit_code == 0, done.output
    assert Person.get_by_id(world.agent.id).email == "nouvelle.adresse@exemple.fr"
    assert told() == sorted([old, "nouvelle.adresse@exemple.fr"])
    body = Email.get(Email.kind == "email_changed").envelope["body"]
    assert old in body
    assert "nouvelle.adresse@exemple.fr" in body
    assert JournalEntry.get(JournalEntry.event == Event.EMAIL_CHANGED).subject_id == world.agent.id
    assert not OpenSession.select().where(OpenSession.person == world.agent.id).exists()
    assert not OneTimeLink.select().where(OneTimeLink.person == world.agent.id, OneTimeLink.used_at.is_null()).exists()
    assert browser.client.get("/mon-bilan").status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("personne@exemple.fr", "n@exemple.fr", "Aucun compte"),
        ("{agent}", "{HR}", "Un compte utilise déjà cette adresse. Rien n’a changé."),
        ("{agent}", "sans arobase", "n’est pas une adresse e-mail"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(world, old, new, words):
    known = {"{agent}": world.agent.email, "{HR}": world.people["hr"].email.upper()}
    before = {name: Person.get_by_id(world.people[name].id).email for name in EVERYBODY if name in world.people}
    refused = change(world, known.get(old, old), known.get(new, new))
    assert refused.exit_code == 1
    assert words in refused.output
    assert {name: Person.get_by_id(world.people[name].id).email for name in before} == before
    assert told() == []
    assert not JournalEntry.select().where(JournalEntry.event == Event.EMAIL_CHANGED).exists()
    assert OpenSession.select().where(OpenSession.person == world.agent.id).exists()
