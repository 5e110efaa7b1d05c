"""Surveys: asked when a bilan ends and months later, answered once without an account, detached from whoever answers."""

import datetime

import pytest
from opinions import token_of

from bilan.database import database, now
from bilan.followup.models import Interruption
from bilan.journal import Event, JournalEntry
from bilan.journeys.models import Journey
from bilan.mail.models import Email
from bilan.people.models import Employer, EmployerSize
from bilan.prescriptions.models import Prescription
from bilan.satisfaction import actions, surveys
from bilan.satisfaction.models import Invitation, Rating, SurveyAnswer, Verbatim
from bilan.satisfaction.rules import AT_CLOSING, COUNSELLOR, MONTHS_LATER, OFFICER, quarter_of, read_token, reminders_due, sign
from bilan.satisfaction.surveys import SurveyInvalid

KINDS = ("survey_agent", "survey_months_later", "survey_officer", "survey_counsellor", "survey_reminder")


@pytest.fixture
def journey(world):
    """A bilan that nobody was asked about; the world's own answers are gone."""
    Verbatim.delete().execute()
    SurveyAnswer.delete().execute()
    Invitation.delete().execute()
    Email.delete().where(Email.kind.in_(KINDS)).execute()
    Prescription.update(author=world.hr).where(Prescription.id.in_([world.home.journey.id, world.home.closed_journey.id])).execute()
    return world.home.journey


def asked(journey):
    return {one.survey: one for one in Invitation.select().where(Invitation.journey == journey.id)}


def mails(kind):
    return [one.envelope for one in Email.select().where(Email.kind == kind)]


def close(world, journey):
    with world.app.test_request_context():
        actions.ask_at_closing(journey=journey)
        return token_of(asked(journey)[AT_CLOSING])


def ago(model, row, days):
    model.update(created_at=now() - datetime.timedelta(days=days)).where(model.id == row.id).execute()


def remind(world):
    with world.app.test_request_context():
        return actions.remind()


def test_the_three_are_asked_once_and_no_bilan_is_named_to_the_last_two(world, journey):
    close(world, journey)
    close(world, journey)
    assert set(asked(journey)) == {AT_CLOSING, OFFICER, COUNSELLOR}
    prescription = Prescription.get_by_id(journey.id)
    for kind, to in (
        ("survey_agent", journey.agent),
        ("survey_officer", prescription.author),
        ("survey_counsellor", journey.counsellor),
    ):
        (mail,) = mails(kind)
        assert mail["to"] == to.email
        assert mail["personal_links"]
        if kind != "survey_agent":
            assert journey.agent.display_name not in mail["body"]
    # Another bilan of the same people soon after: the agent alone is asked.
    other = world.home.closed_journey
    close(world, other)
    assert set(asked(other)) == {AT_CLOSING}


def test_an_answer_is_given_without_an_account_once_and_leads_back_to_nobody(world, journey):
    Employer.update(size=EmployerSize.MEDIUM).where(Employer.id == journey.employer_id).execute()
    token = close(world, journey)
    events = JournalEntry.select().count()
    browser = world.browser("anonymous")
    page = browser.get(f"/avis/{token}")
    again = browser.get(f"/avis/{token}")
    done = browser.submit(page, {"ensemble": "3", "accueil": "0", "delai": "1", "recommandation": "0", "points_forts": "Le calme."})
    assert done.h1 == "Merci de votre avis"
    assert JournalEntry.select().count() == events
    (kept,) = SurveyAnswer.select()
    assert (kept.survey, kept.version, kept.quarter, kept.employer_size) == (
        AT_CLOSING,
        1,
        quarter_of(now().date()),
        EmployerSize.MEDIUM,
    )
    # « Not concerned » is no answer; a mark of 0 is one.
    assert {(one.question, one.value) for one in Rating.select()} == {("ensemble", 3), ("delai", 1), ("recommandation", 0)}
    (verbatim,) = Verbatim.select()
    assert (verbatim.question, verbatim.text) == ("points_forts", "Le calme.")
    # Sent again from the other tab: nothing more is kept, nothing is shown of the first.
    second = browser.submit(again, {"ensemble": "1"})
    assert second.h1 == "Votre avis a bien été envoyé"
    second.lacks("Le calme.")
    assert SurveyAnswer.select().count() == 1


def test_no_column_of_an_answer_leads_to_a_person_a_bilan_or_a_moment(app):
    for model in (SurveyAnswer, Rating, Verbatim):
        columns = {field.column_name: field.field_type for field in model._meta.sorted_fields}
        assert not {name for name in columns if name in {"created_at", "person_id", "recipient_id", "journey_id", "invitation_id"}}
        assert "DATETIME" not in columns.values()
    foreign = {field.rel_model for model in (SurveyAnswer, Rating, Verbatim) for field in model._meta.refs}
    assert foreign == {SurveyAnswer}
    if "Sqlite" in type(database.obj).__name__:
        sql = database.execute_sql("SELECT sql FROM sqlite_master WHERE name IN ('survey_answer', 'rating', 'verbatim')").fetchall()
        assert len(sql) == 3
        assert all("WITHOUT ROWID" in one for (one,) in sql)


def test_what_is_missing_comes_back_with_the_rest(world, journey):
    token = close(world, journey)
    browser = world.browser("anonymous")
    page = browser.submit(browser.get(f"/avis/{token}"), {"points_forts": "Le calme."}, status=422)
    page.has("Choisissez une réponse.", "Le calme.")
    assert not asked(journey)[AT_CLOSING].answered


def test_a_guessed_or_foreign_address_is_no_page_and_a_late_one_says_so(world, journey):
    token = close(world, journey)
    browser = world.browser("anonymous")
    browser.get(f"/avis/{token[:-2]}xx", status=404)
    with world.app.app_context():
        forged = sign("another secret", str(asked(journey)[AT_CLOSING].id))
    browser.get(f"/avis/{forged}", status=404)
    ago(Invitation, asked(journey)[AT_CLOSING], 61)
    page = browser.get(f"/avis/{token}")
    assert page.h1 == "Cette enquête est close"


def test_reminders_after_seven_and_twenty_one_days_not_after_an_answer(world, journey):
    token = close(world, journey)
    asked(journey)
    for one in asked(journey).values():
        if one.survey != AT_CLOSING:
            one.delete_instance()
    mine = asked(journey)[AT_CLOSING]
    assert remind(world) == 0
    ago(Invitation, mine, 7)
    assert (remind(world), remind(world)) == (1, 0)
    ago(Invitation, mine, 22)
    assert (remind(world), remind(world)) == (1, 0)
    (first, last) = mails("survey_reminder")
    assert token in first["body"]
    assert token in last["body"]
    # A worker that slept three weeks reminds once.
    Invitation.update(reminded=0).where(Invitation.id == mine.id).execute()
    assert remind(world) == 1
    Invitation.update(reminded=0, answered=True).where(Invitation.id == mine.id).execute()
    assert remind(world) == 0


def test_months_later_the_agent_is_asked_again_but_not_after_an_interruption(world, journey):
    ended = now() - datetime.timedelta(days=190)
    Journey.update(phase="closed", closed_at=ended, created_at=ended - datetime.timedelta(days=90)).where(
        Journey.id == journey.id
    ).execute()
    with world.app.test_request_context():
        assert (actions.ask_those_without_plan(), actions.ask_those_without_plan()) == (1, 0)
    (mail,) = mails("survey_months_later")
    assert mail["to"] == journey.agent.email
    Invitation.delete().where(Invitation.survey == MONTHS_LATER).execute()
    Interruption.create(journey=journey, origin="agent", reason="other", detail="d", by=None)
    with world.app.test_request_context():
        assert actions.ask_those_without_plan() == 0


def test_the_journal_knows_that_somebody_was_asked_not_that_she_answered(world, journey):
    close(world, journey)
    events = [one.event for one in JournalEntry.select().where(JournalEntry.journey_id == journey.id)]
    assert events.count(Event.SURVEY_ASKED) == 3


@pytest.mark.parametrize(
    ("day", "quarter"),
    [("2026-01-01", "2026-01-01"), ("2026-03-31", "2026-01-01"), ("2026-11-23", "2026-10-01"), ("2026-12-31", "2026-10-01")],
)
def test_quarters(day, quarter):
    assert quarter_of(datetime.date.fromisoformat(day)).isoformat() == quarter


def test_reminders_by_age():
    day = datetime.date(2026, 3, 1)
    ages = {age: reminders_due(day, day + datetime.timedelta(days=age)) for age in (0, 6, 7, 20, 21, 59, 60)}
    assert ages == {0: 0, 6: 0, 7: 1, 20: 1, 21: 2, 59: 2, 60: 0}


def test_a_token_says_its_invitation_to_us_alone():
    assert read_token("s", sign("s", "abc")) == "abc"
    assert read_token("other", sign("s", "abc")) is None
    assert read_token("s", "") is None


@pytest.mark.parametrize(
    "fault",
    [
        ('key = "delai"', 'key = "accueil"'),
        ('kind = "score"', 'kind = "stars"'),
        ("version = 1", "version = 2"),
        ('key = "objectifs"', 'key = "des objectifs"'),
        ('answers = ["Oui, tout à fait", "En grande partie", "Un peu", "Non"]', ""),
    ],
)
def test_a_wrong_file_is_refused_with_its_name(tmp_path, fault):
    text = (surveys.FOLDER / "beneficiaire-1.toml").read_text(encoding="utf-8")
    assert fault[0] in text
    path = tmp_path / "beneficiaire-1.toml"
    path.write_text(text.replace(*fault), encoding="utf-8")
    with pytest.raises(SurveyInvalid, match="beneficiaire-1"):
        surveys.load(path)
