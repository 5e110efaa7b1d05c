"""What people say becomes an action without a word of theirs; what it changed is published, and told once to whoever asked."""

import datetime

import pytest
from client import Browser
from factories import file_complaint, last_link, make_person
from grievances import close
from improvements import finish, give_opinions, publish, start

from bilan.complaints.models import Complaint
from bilan.database import now
from bilan.improvement import actions
from bilan.improvement.models import Improvement
from bilan.improvement.rules import AFTER, BEFORE, Origin, State, stage
from bilan.mail.models import Email
from bilan.people.models import Role
from bilan.vault import destroy_key
from bilan.verbatims import actions as verbatims

SENTENCE = "Nous appelons avant de déplacer un rendez-vous."


@pytest.fixture
def people(app):
    with app.test_request_context():
        return {role: make_person(role, name=f"Prénom {role.value}") for role in (Role.MANAGER, Role.SECRETARIAT, Role.COUNSELLOR)}


@pytest.fixture
def manager(people):
    return people[Role.MANAGER]


@pytest.fixture
def reader(app, manager):
    return arrived(app, manager)


def arrived(app, person):
    found = Browser(app)
    found.arrive(person)
    return found


def kinds(kind):
    return [email.envelope for email in Email.select().where(Email.kind == kind)]


def answered(app, manager):
    with app.test_request_context():
        complaint, _ = file_complaint(email="agnes@exemple.fr", name="Agnès Rolland", happened="On m’a oubliée.")
        return close(complaint, manager, "Pardon de cet oubli.", measure="Un rappel la veille.")


def test_a_complaint_becomes_an_action_without_a_word_of_it(app, reader, manager):
    complaint = answered(app, manager)
    page = reader.get(f"/secretariat/reclamations/{complaint.id}")
    page = reader.get(page.soup.find("a", string="En faire une action")["href"])
    page.lacks("Agnès", "oubli", "rappel", "agnes@")
    page = reader.submit(page)
    assert page.h1 == "Réclamation, mesure corrective"
    page.has("Réclamation R-")
    made = Improvement.get()
    assert (made.complaint_id, made.origin, made.state, made.owner_id) == (complaint.id, Origin.COMPLAINT, State.TODO, manager.id)
    kept = " ".join(str(value) for value in made.__data__.values())
    for written in ("Agnès", "oubli", "rappel"):
        assert written not in kept


def test_an_opinion_becomes_an_action_of_its_theme_without_a_word_of_it(reader, manager):
    (verbatim,) = give_opinions("Le parking de Claire est cher.")
    page = reader.get(f"/qualite/plan/avis/{verbatim.id}")
    page.lacks("parking", "Claire")
    theme = verbatims.add_theme(name="Lieux", by=manager)
    verbatims.sort(verbatim=verbatim, added=[theme.id], removed=[], by=manager)
    page = reader.submit(reader.get(f"/qualite/plan/avis/{verbatim.id}"))
    page.lacks("parking", "Claire")
    assert (Improvement.get().theme_id, Improvement.get().origin) == (theme.id, Origin.OPINIONS)


def test_a_double_click_adds_one_action(reader):
    page = reader.get("/qualite/plan/nouvelle")
    for _ in range(2):
        reader.submit(page, {"title": "Ranger"})
    assert Improvement.select().count() == 1


def test_whom_a_complaint_concerns_reads_no_reference_of_it(app, people, manager):
    complaint = answered(app, manager)
    action = start(manager, complaint=complaint)
    desk = arrived(app, people[Role.SECRETARIAT])
    paths = ("/qualite/plan", f"/qualite/plan/{action.id}")
    for path in paths:
        desk.get(path).has(complaint.reference)
    Complaint.update(about=people[Role.SECRETARIAT]).where(Complaint.id == complaint.id).execute()
    for path in paths:
        desk.get(path).lacks(complaint.reference)
    for extension in ("csv", "ods", "pdf"):
        assert complaint.reference.encode() not in desk.client.get(f"/qualite/plan/plan.{extension}").data


def test_the_plan_begins_with_what_is_late(reader, manager):
    day = now().date()
    for title, days in (("Demain", 1), ("Hier", -1), ("Finie", -9)):
        made = start(manager, title=title, due_on=day + datetime.timedelta(days=days))
    finish(made, manager)
    titles = [one.a.text for one in reader.get("/qualite/plan").soup.select("tbody th")]
    assert titles == ["Hier", "Demain", "Finie"]
    assert [one.a.text for one in reader.get("/qualite/plan?retard=oui").soup.select("tbody th")] == ["Hier"]
    table = reader.client.get("/qualite/plan/plan.csv?etat=done").data.decode("utf-8-sig")
    assert (table.count("\r\n"), "Aucune depuis." in table) == (2, True)


def test_two_people_who_change_an_action_lose_nothing(reader, manager):
    action = start(manager)
    page = reader.get(f"/qualite/plan/{action.id}/modifier")
    reader.submit(page, {"observed": "Trois demandes."})
    page = reader.submit(page, {"observed": "Quatre demandes."}, status=409)
    page.has("Trois demandes.", "Quatre demandes.", "modifiée ailleurs")
    reader.submit(page).has("Quatre demandes.")


def test_dropping_asks_why_and_an_effect_has_its_day(reader, manager):
    page = reader.get(f"/qualite/plan/{start(manager).id}/modifier")
    reader.submit(page, {"state": "dropped"}, status=422).has("Dites pourquoi elle est abandonnée.")
    reader.submit(page, {"state": "done", "effect": "Plus rien."}, status=422).has("Indiquez le jour où vous l’avez constaté.")
    reader.submit(page, {"state": "done", "effect": "Plus rien.", "effect_on": "2026-01-05"}).has("Plus rien.", "5 janvier 2026")


def test_what_changed_is_read_again_then_published_and_told_once(app, reader, visitor, manager):
    done = finish(start(manager, complaint=answered(app, manager)), manager)
    page = reader.submit(reader.get(f"/qualite/plan/{done.id}/publier"), {"sentence": SENTENCE})
    assert (page.h1, SENTENCE in page.text) == ("Relire avant de publier", True)
    visitor.get("/ameliorations").has("Rien n’est encore publié ici.")
    reader.submit(page, button=("step", "publish")).has("dite à la personne qui l’avait demandé")
    visitor.get("/ameliorations").has(SENTENCE)
    (told,) = kinds("improvement_told")
    assert told["to"] == "agnes@exemple.fr"
    assert SENTENCE not in told["body"]
    assert "oubli" not in told["body"]
    link = last_link("complaint_acknowledged")
    assert link in told["body"]
    visitor.get(link).has("Votre demande a contribué à une amélioration", SENTENCE)
    reader.submit(reader.get(f"/qualite/plan/{done.id}"), form="/retirer")
    visitor.get("/ameliorations").lacks(SENTENCE)
    visitor.get(link).lacks(SENTENCE)
    with app.test_request_context():
        publish(done, manager)
    assert len(kinds("improvement_told")) == 1


def test_a_published_action_stays_done_until_its_sentence_is_withdrawn(reader, manager):
    done = publish(finish(start(manager), manager), manager)
    page = reader.get(f"/qualite/plan/{done.id}/modifier")
    reader.submit(page, {"state": "doing"}, status=422).has("retirez-la d’abord")
    assert Improvement.get().state is State.DONE


def test_an_action_that_is_not_done_is_not_published(reader, manager):
    action = start(manager)
    reader.get(f"/qualite/plan/{action.id}/publier", status=404)
    with pytest.raises(actions.NotDone):
        actions.publish(improvement=action, sentence=SENTENCE, by=manager)


def test_nobody_is_told_of_a_complaint_whose_content_was_destroyed(app, manager):
    complaint = answered(app, manager)
    done = finish(start(manager, complaint=complaint), manager)
    destroy_key(complaint.id)
    with app.test_request_context():
        assert publish(done, manager).told_at is None
    assert kinds("improvement_told") == []


def test_the_owner_is_reminded_a_week_before_and_the_day_after_each_once(app, people, manager):
    day = now().date() + datetime.timedelta(days=30)
    start(manager, owner=people[Role.SECRETARIAT].id, due_on=day, title="Titre à ne pas écrire")

    def remind(days):
        with app.test_request_context():
            return actions.remind(datetime.datetime.combine(day + datetime.timedelta(days=days), datetime.time(8)))

    assert [remind(days) for days in (-8, -7, -6, 0, 1, 2, 30)] == [0, 1, 0, 0, 1, 0, 0]
    sent = kinds("improvement_reminder")
    assert {one["to"] for one in sent} == {people[Role.SECRETARIAT].email}
    assert "Titre à ne pas écrire" not in " ".join(one["body"] + one["subject"] for one in sent)


def test_a_worker_that_slept_tells_the_last_reminder_alone():
    day = datetime.date(2026, 5, 4)
    assert [stage(State.DOING, day, day + datetime.timedelta(days=days)) for days in (-8, -3, 40)] == [None, BEFORE, AFTER]
    assert stage(State.DONE, day, day + datetime.timedelta(days=40)) is None
