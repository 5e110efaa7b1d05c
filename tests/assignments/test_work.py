"""Work given, done, changed, withdrawn, recalled: who does what, and what each is told."""

import datetime
import uuid

import pytest
from factories import close, give_passation, give_work, tick
from playhouse.test_utils import count_queries

from bilan.assignments import actions
from bilan.assignments.models import Assignment, AssignmentComment
from bilan.assignments.rules import Kind
from bilan.database import now
from bilan.french import short_day, to_paris
from bilan.interviews.models import Interview
from bilan.journal import Event, JournalEntry
from bilan.journeys.models import Journey
from bilan.mail.models import Email
from bilan.questionnaires.models import Passation

GIVEN = {"what": "text", "title": "Noter trois moments", "details": "Avec vos mots.\nDes faits."}


def mails(kind):
    return [email.envelope for email in Email.select().where(Email.kind == kind).order_by(Email.created_at)]


def newest():
    return Assignment.select().order_by(Assignment.created_at.desc()).first()


def give(world, status=200, query="", **others):
    browser = world.browser("counsellor")
    page = browser.get(f"/parcours/{world.home.journey.id}/travail/nouveau{query}")
    return browser.submit(page, {**GIVEN, **others}, status=status)


def in_days(days):
    return to_paris(now()).date() + datetime.timedelta(days=days)


def test_a_counsellor_gives_work_and_the_agent_is_told_without_a_word_of_it(world):
    before = len(mails("assignment_given"))
    give(world).has("Le travail est donné.", "Noter trois moments", "pour le")
    work = newest()
    assert (work.content, work.due_on, work.given_by_id) == (
        {"title": GIVEN["title"], "details": GIVEN["details"]},
        None,
        world.counsellor.id,
    )
    assert JournalEntry.select().where(JournalEntry.event == Event.ASSIGNMENT_GIVEN, JournalEntry.subject_id == work.id).exists()
    sent = mails("assignment_given")[before:]
    assert [one["to"] for one in sent] == [world.agent.email]
    assert f"/mon-bilan/travail/{work.id}" in sent[0]["body"]
    assert "moments" not in sent[0]["subject"] + sent[0]["body"]
    page = world.browser("agent").get(f"/mon-bilan/travail/{work.id}")
    page.has("Avec vos mots.", f"Donné par {world.counsellor.display_name}", "C’est fait")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"title": ""}, "Dites en une ligne"),
        ({"due_on": "2020-01-01"}, "à partir d’aujourd’hui"),
        ({"due_on": "9999-01-01"}, "à partir d’aujourd’hui"),
        ({"title": "a" * 121}, "trop long"),
        ({"what": "questionnaire:interets"}, "L’agent a déjà ce questionnaire à remplir."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(world, values, sentence):
    before = Assignment.select().count()
    page = give(world, status=422, **values)
    page.has(sentence, "Avec vos mots.")
    assert Assignment.select().count() == before


def test_a_questionnaire_is_given_as_work_and_is_done_when_it_is_handed_in(world):
    Passation.delete().where(Passation.id == world.home.assigned.id).execute()
    work = world.home.questionnaire_work
    fresh = Assignment.by_id_with_people(work.id)
    assert fresh.is_withdrawn, "its passation is gone, what was said of it stays"
    world.browser("agent").get(f"/mon-bilan/travail/{work.id}").has("Ce questionnaire a été retiré")
    done = give_passation(Passation.by_id_with_people(world.home.submitted.id))
    page = world.browser("agent").get(f"/mon-bilan/travail/{done.id}")
    page.has("fait le", "Revoir le questionnaire")
    page.lacks("C’est fait")
    world.browser("counsellor").get(f"/parcours/travail/{done.id}").has("Lire le résultat")
    with pytest.raises(actions.NotTicked):
        tick(done)
    world.browser("agent").post(f"/mon-bilan/travail/{done.id}/fait", {"done": "yes"}).has("quand vous l’aurez envoyé")


def test_giving_a_questionnaire_assigns_it_once(world):
    with world.app.test_request_context():
        Passation.delete().where(Passation.journey == world.home.journey.id, Passation.submitted_at.is_null()).execute()
    give(world, what="questionnaire:interets", title="").has("Le travail est donné.")
    work = Assignment.by_id_with_people(newest().id)
    assert work.passation.slug == "interets"
    assert work.title == work.passation.instrument.title
    assert len([one for one in mails("questionnaire_assigned") if str(work.passation_id) in one["body"]]) == 1
    assert not [one for one in mails("assignment_given") if str(work.id) in one["body"]]
    browser = world.browser("counsellor")
    browser.post(f"/parcours/travail/{work.id}/retirer").has("Le travail est retiré.")
    assert not Passation.select().where(Passation.id == work.passation_id).exists()


def test_a_page_of_the_bilan_is_given(world):
    give(world, what="page:messages", title="")
    page = world.browser("agent").get(f"/mon-bilan/travail/{newest().id}")
    page.has("Écrire un message")
    assert page.soup.find("a", class_="button")["href"] == f"/mon-bilan/{world.home.journey.id}/messages"


def test_from_a_session_one_comes_back_to_it(world):
    page = give(world, query=f"?entretien={world.home.held.id}")
    assert page.path == f"/parcours/entretiens/{world.home.held.id}"
    assert newest().interview_id == world.home.held.id
    page = give(world, query=f"?entretien={world.away.held.id}")
    assert page.path.endswith("/travail")
    assert newest().interview_id is None


def test_a_double_click_gives_once(world):
    browser = world.browser("counsellor")
    page = browser.get(f"/parcours/{world.home.journey.id}/travail/nouveau")
    before = Assignment.select().count(), len(mails("assignment_given"))
    for _ in range(2):
        browser.submit(page, GIVEN)
    assert (Assignment.select().count(), len(mails("assignment_given"))) == (before[0] + 1, before[1] + 1)


def test_the_agent_ticks_and_changes_her_mind_and_one_email_says_so(world):
    browser, work = world.browser("agent"), world.home.fresh_work
    page = browser.get(f"/mon-bilan/travail/{work.id}")
    page = browser.submit(page, form="/fait")
    page.has("C’est noté : ce travail est fait.", "fait le")
    page = browser.submit(page, form="/fait")
    page.has("ce travail reste à faire")
    browser.submit(page, form="/fait").has("fait le")
    told = [one for one in mails("assignment_done") if str(work.id) in one["body"]]
    assert [one["to"] for one in told] == [world.counsellor.email]
    events = [Event.ASSIGNMENT_DONE, Event.ASSIGNMENT_REOPENED, Event.ASSIGNMENT_DONE]
    found = (
        JournalEntry.select().where(JournalEntry.subject_id == work.id, JournalEntry.event.in_(events)).order_by(JournalEntry.created_at)
    )
    assert [one.event for one in found][:3] == events


def test_a_replacement_is_told_too_while_she_replaces(world):
    work = world.home.fresh_work
    Journey.update(replacement=world.other_counsellor, replacement_until=in_days(3)).where(Journey.id == world.home.journey.id).execute()
    with world.app.test_request_context():
        tick(Assignment.by_id_with_people(work.id))
    told = {one["to"] for one in mails("assignment_done") if str(work.id) in one["body"]}
    assert told == {world.counsellor.email, world.other_counsellor.email}
    world.browser("other_counsellor").get(f"/parcours/travail/{work.id}").has("fait le")


def test_work_is_changed_on_the_version_that_was_read(world):
    browser, work = world.browser("counsellor"), world.home.fresh_work
    first = browser.get(f"/parcours/travail/{work.id}/modifier")
    browser.submit(first, {"title": "Appeler la médiathèque", "due_on": in_days(9).isoformat()}).has("Le travail est modifié.")
    page = browser.submit(first, {"title": "Appeler la mairie"}, status=409)
    page.has("modifié ailleurs", "Appeler la médiathèque")
    assert page.soup.find("input", {"name": "title"})["value"] == "Appeler la mairie"
    assert Assignment.get_by_id(work.id).content["title"] == "Appeler la médiathèque"
    browser.submit(page).has("Appeler la mairie")
    fresh = Assignment.get_by_id(work.id)
    assert (fresh.content["title"], fresh.revision) == ("Appeler la mairie", 2)


def test_an_instruction_keeps_its_words_and_a_questionnaire_its_title(world):
    browser = world.browser("counsellor")
    page = browser.get(f"/parcours/travail/{world.home.fresh_work.id}/modifier")
    browser.submit(page, {"title": " "}, status=422).has("Dites en une ligne")
    work = world.home.questionnaire_work
    page = browser.get(f"/parcours/travail/{work.id}/modifier")
    browser.submit(page, {"title": "", "details": "Sans vous presser.", "due_on": in_days(9).isoformat()}).has(
        work.title, "Sans vous presser."
    )
    assert Passation.get_by_id(work.passation_id).due_on == in_days(9), "the questionnaire says the same day"


def test_work_that_is_late_may_be_corrected_without_another_date(world):
    work = world.home.fresh_work
    Assignment.update(due_on=in_days(-4)).where(Assignment.id == work.id).execute()
    browser = world.browser("counsellor")
    browser.submit(browser.get(f"/parcours/travail/{work.id}/modifier"), {"title": "Appeler"}).has("Le travail est modifié.")


def test_nothing_that_the_agent_began_is_withdrawn(world):
    browser = world.browser("counsellor")
    for work in (world.home.work, world.home.done_work):
        browser.post(f"/parcours/travail/{work.id}/retirer").has("Ce travail est déjà commencé")
        assert Assignment.get_or_none_by_id(work.id)
    browser.submit(browser.get(f"/parcours/travail/{world.home.fresh_work.id}"), form="/retirer").has("Le travail est retiré.")
    assert Assignment.get_or_none_by_id(world.home.fresh_work.id) is None


def test_late_work_is_said_without_blame_and_follows_a_meeting_that_moves(world):
    work, agent = world.home.fresh_work, world.browser("agent")
    coming = to_paris(world.home.coming.starts_at).date()
    agent.get(f"/mon-bilan/{world.home.journey.id}/travail").has(f"pour le {short_day(coming)}")
    moved = world.home.coming.starts_at + datetime.timedelta(days=30)
    Interview.update(starts_at=moved).where(Interview.id == world.home.coming.id).execute()
    agent.get(f"/mon-bilan/travail/{work.id}").has(f"Prévu pour le {short_day(to_paris(moved).date())}")
    Assignment.update(due_on=in_days(-2)).where(Assignment.id == work.id).execute()
    page = agent.get(f"/mon-bilan/travail/{work.id}")
    page.has(f"C’était prévu pour le {short_day(in_days(-2))} : il est encore temps.")
    page.lacks("retard", "Retard")


def test_work_is_recalled_once_two_days_before(world):
    with world.app.test_request_context():
        Assignment.update(reminded_at=now()).execute()
        near, far = (give_work(world.home.journey, due=in_days(days)) for days in (3, 20))
        given_late = give_work(world.home.journey, due=in_days(1))
        done = tick(give_work(world.home.journey, due=in_days(3)))
        closed = give_work(world.away.journey, due=in_days(3))
        close(world.away.journey)
        assert actions.recall() == 0
        Assignment.update(due_on=in_days(2)).where(Assignment.id.in_([near.id, done.id, closed.id])).execute()
        assert [actions.recall(), actions.recall()] == [1, 0]
    bodies = [one["body"] for one in mails("assignment_due")]
    assert len(bodies) == 1
    assert f"/mon-bilan/travail/{near.id}" in bodies[0]
    assert short_day(in_days(2)) in bodies[0]
    assert given_late.reminded_at, "its own e-mail has just said it"
    assert far.reminded_at is None


def test_work_whose_day_is_over_is_recalled_once_and_without_reproach(world):
    with world.app.test_request_context():
        Assignment.update(reminded_at=now(), recalled_at=now()).execute()
        late, done, closed = (
            give_work(journey, due=in_days(5)) for journey in (world.home.journey, world.home.journey, world.away.journey)
        )
        tick(done)
        close(world.away.journey)
        Assignment.update(due_on=in_days(-1), reminded_at=now()).where(Assignment.id.in_([late.id, done.id, closed.id])).execute()
        assert [actions.recall(), actions.recall()] == [1, 0]
    (letter,) = mails("assignment_late")
    assert f"/mon-bilan/travail/{late.id}" in letter["body"]
    assert short_day(in_days(-1)) in letter["body"]
    assert "retard" not in (letter["subject"] + letter["body"]).lower()


def test_a_day_that_is_put_off_is_recalled_again(world):
    with world.app.test_request_context():
        work = give_work(world.home.journey, due=in_days(1))
        actions.change(assignment=work, title="t", details="", due=in_days(20), base=0, by=world.counsellor)
        assert Assignment.get_by_id(work.id).reminded_at is None


def test_a_closed_bilan_is_read_and_no_more_written(world):
    work = world.home.closed_work
    for name, way in (("agent", "mon-bilan"), ("counsellor", "parcours")):
        browser = world.browser(name)
        page = browser.get(f"/{way}/travail/{work.id}")
        page.has(world.markers["closed_travail-mot-agent-home"].text)
        assert not [one for one in page.soup.find_all("form") if "sign-out" not in one.get("class", [])]
        browser.post(f"/{way}/travail/{work.id}/reponse", {"text": "t"}, status=404)


def test_each_sees_who_wrote_what(world):
    page = world.browser("agent").get(f"/mon-bilan/travail/{world.home.work.id}")
    heads = [article.p.get_text() for article in page.soup.find("section", id="reponses").find_all("article")]
    assert [one.split(" ·")[0] for one in heads] == ["Vous", world.counsellor.display_name]


def test_a_text_that_is_too_long_comes_back(world):
    browser = world.browser("agent")
    page = browser.get(f"/mon-bilan/travail/{world.home.work.id}")
    browser.submit(page, {"text": "é" * 5_001}, form="/reponse", status=422).has("trop long")
    browser.submit(page, {}, form="/reponse", status=422).has("Écrivez un mot, ou choisissez un fichier.")


def test_a_double_click_writes_once(world):
    browser = world.browser("agent")
    page = browser.get(f"/mon-bilan/travail/{world.home.work.id}")
    before = AssignmentComment.select().count()
    for _ in range(2):
        browser.submit(page, {"text": "J’ai appelé."}, form="/reponse").has("J’ai appelé.")
    assert AssignmentComment.select().count() == before + 1


def test_the_same_form_twice_at_once_writes_once(world, monkeypatch):
    number = uuid.uuid4()
    looks = iter([False, False, True])
    monkeypatch.setattr(actions, "_is_known", lambda submission: next(looks))
    with world.app.test_request_context():
        for _ in range(2):
            actions.answer(assignment=world.home.work, text="Une fois.", file=None, submission=number, by=world.agent)
    assert AssignmentComment.select().where(AssignmentComment.id == number).count() == 1


def test_the_list_of_a_bilan_or_of_a_session_is_one_query(world):
    with count_queries() as queries:
        found = Assignment.of_journey(world.home.journey)
        assert [(one.comments, one.files) for one in found if one.id == world.home.work.id] == [(2, 2)]
        assert {one.kind for one in found} == {Kind.TEXT, Kind.QUESTIONNAIRE}
        assert all(one.given_by.display_name for one in found)
        assert sum(one.finished_at is not None for one in found) == 1
        assert sum(one.session_starts_at is not None for one in found) == 1
    assert queries.count == 1
    with count_queries() as queries:
        assert [one.id for one in Assignment.of_interview(world.home.held)] == [world.home.work.id]
    assert queries.count == 1
