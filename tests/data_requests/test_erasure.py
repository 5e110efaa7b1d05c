"""A request to erase, from its form to the night that destroys what was accepted; what is kept, and why; a kill on the way."""

import datetime

import pytest
import time_machine
from adaptings import ask as ask_adaptation
from asked import answer_erasure, ask_about_data
from client import Browser
from factories import close, file_complaint, make_journey, make_person
from grievances import close as close_complaint
from grievances import judge

from bilan import vault
from bilan.adaptations import actions as adaptations
from bilan.adaptations.models import AdaptationRequest
from bilan.closing.models import Closing
from bilan.closing.rules import Keep
from bilan.complaints.models import Complaint, ComplaintEntry
from bilan.data_requests import actions
from bilan.data_requests.holdings import held_of
from bilan.data_requests.models import DataRequest
from bilan.data_requests.rules import Choice, Held
from bilan.database import now
from bilan.events import Event
from bilan.journal import JournalEntry
from bilan.mail.models import Email
from bilan.people.models import Person, Role
from bilan.privacy import actions as privacy
from bilan.privacy import clearing
from bilan.privacy.rules import Kind
from bilan.treatment import actions as treatment

SECRET = "Ce que personne ne relit"


def night(days=1):
    return time_machine.travel(now().replace(tzinfo=datetime.UTC) + datetime.timedelta(days=days), tick=False)


class Case:
    """An agent with a closed bilan of which she keeps the synthesis, two complaints of which one is final, an adaptation taken back."""

    def __init__(self):
        self.desk = make_person(Role.SECRETARIAT)
        self.agent = make_person()
        self.journey = make_journey(self.agent)
        close(self.journey)
        Closing.create(journey=self.journey, keep=Keep.SYNTHESIS, keep_months=6)
        self.former = make_journey(self.agent)
        close(self.former)
        self.final, self.running = (file_complaint(self.agent, happened=SECRET)[0] for _ in range(2))
        judge(close_complaint(Complaint.by_id_with_people(self.final.id), self.desk))
        self.adaptation = ask_adaptation(self.agent, words=SECRET)
        adaptations.withdraw(request=self.adaptation, by=self.agent)


@pytest.fixture
def case(app):
    with app.test_request_context():
        return Case()


@pytest.fixture
def inside(app):
    """A context around a test that opens no page: those share what they remember of whoever reads."""
    with app.test_request_context():
        yield


def fields(case):
    """Return the choices of the secretariat's form, all to destroy."""
    shown = [one for one in held_of(case.agent) if one.may_go and not one.hidden_from(str(case.desk.id))]
    return {f"item_{one.subject_id}": Choice.DESTROY.value for one in shown}


def signed_in(app, person):
    browser = Browser(app)
    browser.arrive(person)
    return browser


def test_from_the_form_to_the_night(app, case):
    address = f"item_{case.final.id}"
    hers, desk = signed_in(app, case.agent), signed_in(app, case.desk)
    page = hers.get("/mes-donnees/demandes/effacement")
    page.has(
        "Réclamation",
        "Demande d’adaptation",
        "Documents gardés après le bilan",
        "Les heures, les présences et les dates",
        "en cas de contrôle",
    )
    hers.submit(page, {"words": "Tout ce qui peut partir."}).has("Tout ce qui peut partir.", "reste 30 jours")
    asked = DataRequest.get(DataRequest.agent == case.agent.id)
    assert vault.opens(case.final.id), "asking destroys nothing"
    desk.get("/secretariat").has("Demandes d’agents sur leurs données ▲ 1")
    desk.get("/secretariat/demandes-donnees").has(case.agent.display_name, "reste 30 jours")
    path = f"/secretariat/demandes-donnees/{asked.id}"
    page = desk.get(path)
    page.has("Tout ce qui peut partir.", "Documents gardés après le bilan", "Réclamation")
    page.lacks(SECRET, "Demande d’adaptation")
    with app.app_context():
        chosen = {**fields(case), "answer": "C’est accepté."}
    assert len(chosen) == 3
    desk.post(path, {**chosen, address: ""}, status=422).has("détruire, ou garder avec une raison")
    desk.post(path, {**chosen, "answer": " "}, status=422).has("Écrivez la réponse")
    for forged in (case.former.id, case.running.id, case.adaptation.id):
        desk.post(path, {**chosen, f"item_{forged}": "destroy"}, status=422).has("doit être gardé")
    assert DataRequest.get_by_id(asked.id).is_open
    desk.post(path, chosen).has("C’est accepté.", "à détruire la nuit qui suit")
    with app.app_context():
        foretold = {(one.kind, one.subject_id) for one in privacy.forecast(0) + privacy.forecast(1)}
        assert {(Kind.COMPLAINT_ERASED, case.final.id), (Kind.ADAPTATION, case.adaptation.id)} <= foretold
        assert vault.opens(case.final.id), "not before the night"
    hers.get(f"/mes-donnees/demandes/{asked.id}").has("C’est accepté.", "Demande d’adaptation", "à détruire")
    with night(), app.app_context():
        privacy.purge()
        assert [vault.opens(one) for one in (case.final.id, case.adaptation.id, case.journey.id, case.running.id)] == [False] * 3 + [True]
        decided = DataRequest.get_by_id(asked.id).decided
        assert sorted(one["kind"] for one in decided if one["gone"]) == ["adaptation", "complaint", "kept"]
        assert str(case.final.id) not in str(decided), "nothing leads to it any more"
        shell = Complaint.get_by_id(case.final.id)
        assert (shell.person_id, shell.satisfied, shell.reference) == (None, True, case.final.reference), "the register keeps its line"
        assert not ComplaintEntry.select().where(ComplaintEntry.complaint == case.final.id).exists()
        assert AdaptationRequest.get_by_id(case.adaptation.id).agent_id is None
        assert JournalEntry.select().where(JournalEntry.event == Event.DATA_ERASED, JournalEntry.subject_id == asked.id).count() == 3
        assert privacy.purge() == []
    desk.get("/secretariat/reclamations").has("contenu détruit")
    desk.get(f"/secretariat/reclamations/{case.final.id}", status=410)
    desk.get(path).has("détruit le")
    assert hers.get(f"/mes-donnees/demandes/{asked.id}").text.count("détruit le") == 3


class Killed(BaseException):
    """The process ends there."""


STEPS = [
    (vault, "destroy_key", 1),
    (vault, "destroy_key", 2),
    (vault, "destroy_key", 3),
    (clearing, "_let_adaptation_go", 1),
    (clearing, "_forget", 1),
    (clearing, "record", 3),
]


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS, ids=[f"{name}-{count}" for _, name, count in STEPS])
def test_killed_while_what_was_accepted_goes(case, monkeypatch, step, when):
    module, name, count = step
    asked = answer_erasure(ask_about_data(case.agent), case.desk)
    real, left = getattr(module, name), [count]

    def die(*args, **kwargs):
        left[0] -= 1
        if left[0]:
            return real(*args, **kwargs)
        if when == "after":
            real(*args, **kwargs)
        raise Killed

    with night():
        with monkeypatch.context() as patched:
            patched.setattr(module, name, die)
            with pytest.raises(Killed):
                privacy.purge()
        assert vault.opens(case.running.id)
        privacy.purge()
        assert not any(vault.opens(one) for one in (case.final.id, case.adaptation.id, case.journey.id))
        decided = DataRequest.get_by_id(asked.id).decided
        assert (len(decided), all(one["gone"] and not one["subject"] for one in decided)) == (3, True)
        told = JournalEntry.select().where(JournalEntry.event == Event.DATA_ERASED, JournalEntry.subject_id == asked.id)
        assert sorted(one.detail for one in told) == ["adaptation", "complaint", "kept"]
        assert privacy.purge() == []


@pytest.mark.usefixtures("inside")
def test_what_was_reopened_after_the_answer_is_not_destroyed(case):
    Complaint.update(state="answered", satisfied=None, closed_at=now() - datetime.timedelta(days=61)).where(
        Complaint.id == case.final.id
    ).execute()
    answer_erasure(ask_about_data(case.agent), case.desk)
    Complaint.update(state="reopened", closed_at=None, reopened_at=now()).where(Complaint.id == case.final.id).execute()
    with night():
        privacy.purge()
        assert vault.opens(case.final.id)
        close_complaint(Complaint.by_id_with_people(case.final.id), case.desk)
    with night(3):
        privacy.purge()
        assert vault.opens(case.final.id), "she has not read that answer when she asked"


@pytest.mark.usefixtures("inside")
def test_an_answered_complaint_is_final_after_two_months_only(case):
    Complaint.update(state="answered", satisfied=None).where(Complaint.id == case.final.id).execute()
    for days, free in ((0, False), (60, False), (61, True)):
        Complaint.update(closed_at=now() - datetime.timedelta(days=days)).where(Complaint.id == case.final.id).execute()
        (one,) = (each for each in held_of(case.agent) if each.subject_id == str(case.final.id))
        assert one.may_go is free


def test_whom_a_complaint_concerns_neither_meets_it_nor_decides(app, case):
    with app.test_request_context():
        Complaint.delete().where(Complaint.id == case.running.id).execute()
        complaint = Complaint.by_id_with_people(case.final.id)
        treatment.qualify(complaint=complaint, kind=complaint.kind, about=case.desk, owner=None, by=case.desk)
        asked, chosen = ask_about_data(case.agent), fields(case)
    assert f"item_{case.final.id}" not in chosen
    desk = signed_in(app, case.desk)
    path = f"/secretariat/demandes-donnees/{asked.id}"
    page = desk.get(path)
    assert str(case.final.id) not in str(page.soup)
    desk.post(path, {**chosen, f"item_{case.final.id}": "rights", "answer": "Non."}, status=422)
    desk.post(path, {**chosen, "answer": "Oui."})
    assert "Réclamation" not in desk.get(path).soup.find("main").text
    with night(), app.app_context():
        privacy.purge()
        assert not vault.opens(case.final.id), "it goes as she asked"
    assert "Réclamation" not in desk.get(path).soup.find("main").text


@pytest.mark.usefixtures("inside")
def test_an_answer_chooses_for_all_that_may_go_and_nothing_else(case):
    asked = ask_about_data(case.agent)
    chosen = {name.removeprefix("item_"): Choice.DESTROY for name in fields(case)}
    for wrong in ({}, chosen | {str(case.former.id): Choice.DESTROY}, chosen | {str(case.adaptation.id): Choice.RIGHTS}):
        with pytest.raises(actions.NotToBeDestroyed):
            actions.answer_erasure(request=asked, choices=wrong, answer="Non.", by=case.desk)
    assert DataRequest.get().is_open


@pytest.mark.usefixtures("inside")
def test_what_is_kept_has_its_reason_and_stays(case):
    asked = answer_erasure(ask_about_data(case.agent), case.desk, Choice.RIGHTS)
    assert (Held.COMPLAINT.label, Choice.RIGHTS, None) in asked.told_to(case.desk)
    assert Held.ADAPTATION.label not in str(asked.told_to(case.desk))
    with night():
        privacy.purge()
        assert vault.opens(case.final.id)
        assert not vault.opens(case.adaptation.id), "nobody decides of it but her"


def test_once_nothing_else_keeps_it_the_account_goes_with_its_requests(app):
    with app.test_request_context():
        desk, agent = make_person(Role.SECRETARIAT), make_person()
        complaint, _ = file_complaint(agent)
        judge(close_complaint(Complaint.by_id_with_people(complaint.id), desk))
        asked = answer_erasure(ask_about_data(agent), desk)
        waiting = make_person()
        ask_about_data(waiting)
        for days, there in ((1, True), (29, True), (32, False)):
            with night(days):
                privacy.purge()
                assert Person.get_by_id(agent.id).active is there
                assert (DataRequest.get_or_none_by_id(asked.id) is not None, vault.opens(asked.id)) == (there, there)
        assert Person.get_by_id(waiting.id).active, "she waits for an answer"


@pytest.mark.usefixtures("inside")
def test_the_answer_is_told_without_a_word_of_it(case):
    ask_about_data(case.agent, words=SECRET)
    asked = DataRequest.by_id_with_agent(DataRequest.get().id)
    answer_erasure(asked, case.desk, answer=SECRET)
    with pytest.raises((actions.AlreadyOver, actions.NotToBeDestroyed)):
        answer_erasure(asked, case.desk, answer="Encore.")
    sent = {one.kind: one.envelope for one in Email.select().where(Email.kind.startswith("data_request"))}
    assert set(sent) == {"data_request_received", "data_request_asked", "data_request_answered"}
    assert SECRET not in str(sent)
    assert case.agent.display_name not in str(sent["data_request_asked"])
