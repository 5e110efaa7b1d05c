"""The agent reads what is proposed word for word, accepts or declines; HR never learns why."""

import datetime

import pytest
import time_machine
from client import Browser
from factories import last_link, make_employer, make_person, make_prescription

from bilan.journal import Event, JournalEntry
from bilan.journeys.models import Journey
from bilan.mail.models import Email
from bilan.people.models import Person, Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.proposals import actions

WORDS = "Nous voudrions savoir\nsi l’accueil lui conviendrait : « vraiment »."
PASSWORD = "une autre phrase facile"


@pytest.fixture
def invited(app):
    """A prescription whose agent has no account yet, just invited; its HR officer and its secretariat."""
    with app.test_request_context():
        employer = make_employer("Commune de Renaison")
        hr = make_person(Role.HR, employer=employer)
        secretariat = make_person(Role.SECRETARIAT)
        prescription = make_prescription(State.RECEIVED, employer=employer, author=hr, expectations=WORDS)
        actions.invite_agent(prescription_id=prescription.id, by=secretariat)
        return Prescription.get_by_id(prescription.id), hr, secretariat, last_link("bilan_proposed")


def letters(kind):
    return {email.envelope["to"]: email.envelope for email in Email.select().where(Email.kind == kind)}


def opened(app, link):
    """Return the browser of the agent who has followed her invitation, and the page that she then sees."""
    browser = Browser(app)
    return browser, browser.submit(browser.get(link), {"password": PASSWORD})


def test_the_invitation_opens_the_account_and_shows_the_proposal(app, invited):
    prescription, *_, link = invited
    browser, page = opened(app, link)
    assert page.path == "/mon-bilan/proposition"
    page.has("Un bilan professionnel vous est proposé", "Commune de Renaison", "Qui voit quoi")
    assert page.soup.find("blockquote").text == WORDS
    assert browser.get("/mon-bilan").path == "/mon-bilan/proposition"
    mail = letters("bilan_proposed")[prescription.agent_email]
    assert WORDS.split(maxsplit=1)[0] not in mail["body"]


def test_an_expired_invitation_is_said_clearly_and_another_one_can_be_had(app, invited):
    prescription, _, secretariat, link = invited
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=15), tick=False):
        page = Browser(app).get(link, status=410)
        page.has("Ce lien ne sert plus", "le secrétariat peut vous en renvoyer une")
        desk = Browser(app)
        desk.arrive(secretariat)
        page = desk.submit(desk.get(f"/secretariat/prescriptions/{prescription.id}"), form="invitation")
        page.has("L’invitation part à l’adresse de l’agent.")
        opened(app, last_link("bilan_proposed"))[1].has("Un bilan professionnel vous est proposé")
    Browser(app).get(link, status=410)


def test_accepting_keeps_the_agents_own_expectations_from_hr_and_the_secretariat(app, invited):
    prescription, hr, secretariat, link = invited
    browser, page = opened(app, link)
    page = browser.submit(page, {"wishes": "Retrouver du sens."})
    page.has("Vous avez accepté le bilan.", "Votre bilan n’a pas encore commencé")
    found = Prescription.get_by_id(prescription.id)
    assert (found.state, found.wishes) == (State.ACCEPTED, "Retrouver du sens.")
    assert set(letters("proposal_accepted")) == {hr.email, "secretariat@espace2m.org"}
    for person, path in ((hr, f"/prescriptions/{prescription.id}"), (secretariat, f"/secretariat/prescriptions/{prescription.id}")):
        other = Browser(app)
        other.arrive(person)
        other.get(path).lacks("Retrouver du sens.")
    browser.submit(browser.get("/mon-bilan/proposition"), {"wishes": "Retrouver un rythme."}).has("Vos attentes sont enregistrées.")
    assert Prescription.get_by_id(prescription.id).wishes == "Retrouver un rythme."


def test_declining_is_no_fault_and_hr_reads_without_follow_up(app, invited):
    prescription, hr, _, link = invited
    browser, _page = opened(app, link)
    page = browser.get("/mon-bilan/proposition/refus")
    page.has("Refuser n’est pas une faute.")
    browser.submit(page, form="refus").has("Cette proposition est sans suite", "Vous avez changé d’avis ?")
    assert Prescription.get_by_id(prescription.id).state is State.DECLINED
    mails = letters("prescription_ended")
    assert set(mails) == {hr.email, "secretariat@espace2m.org"}
    assert "sans suite" in mails[hr.email]["subject"]
    officer = Browser(app)
    officer.arrive(hr)
    page = officer.get("/prescriptions?etat=termines")
    page.has("Sans suite")
    page.lacks("refus", "décli")
    entry = JournalEntry.get(JournalEntry.event == Event.PROPOSAL_DECLINED)
    assert entry.detail == ""


def test_an_answer_is_given_once(app, invited):
    prescription, *_, link = invited
    browser, page = opened(app, link)
    second = browser.get("/mon-bilan/proposition/refus")
    browser.submit(page, {"wishes": ""})
    browser.submit(second, form="refus", status=409).has("Vous avez déjà répondu à cette proposition.")
    assert Prescription.get_by_id(prescription.id).state is State.ACCEPTED
    with app.test_request_context(), pytest.raises(actions.ProposalAnswered):
        actions.decline_proposal(prescription=prescription, by=prescription.agent)


def test_who_has_changed_her_mind_is_invited_again(app, invited):
    prescription, _, secretariat, link = invited
    browser, _page = opened(app, link)
    browser.submit(browser.get("/mon-bilan/proposition/refus"), form="refus")
    desk = Browser(app)
    desk.arrive(secretariat)
    desk.submit(desk.get(f"/secretariat/prescriptions/{prescription.id}"), form="invitation")
    assert last_link_or_page() == "http://localhost/mon-bilan/proposition"
    browser.submit(browser.get("/mon-bilan"), {"wishes": ""}).has("Vous avez accepté le bilan.")


def test_nobody_is_invited_again_to_one_bilan_while_another_is_open(app, invited):
    prescription, _, secretariat, _ = invited
    with app.test_request_context():
        Prescription.update(state=State.DECLINED, ended_at=prescription.received_at).where(Prescription.id == prescription.id).execute()
        other = make_prescription(State.RECEIVED)
        Prescription.update(agent_email=prescription.agent_email).where(Prescription.id == other.id).execute()
    desk = Browser(app)
    desk.arrive(secretariat)
    page = desk.submit(desk.get(f"/secretariat/prescriptions/{prescription.id}"), form="invitation", status=409)
    page.has("une autre est en cours pour la même personne")


def last_link_or_page():
    """Return the link of the newest invitation: whoever has a password signs in with it."""
    email = Email.select().where(Email.kind == "bilan_proposed").order_by(Email.created_at.desc()).first()
    assert email.envelope["personal_links"] == []
    return next(line for line in email.envelope["body"].splitlines() if line.startswith("http"))


def test_nobody_answers_for_another(app, invited):
    with app.test_request_context():
        stranger = make_person(Role.AGENT, employer=make_employer())
    browser = Browser(app)
    browser.arrive(stranger)
    browser.get("/mon-bilan/proposition", status=404)
    browser.post("/mon-bilan/proposition", {"wishes": "x"}, status=404)


def test_an_account_of_staff_is_never_invited_as_an_agent(app):
    with app.test_request_context():
        counsellor = make_person(Role.COUNSELLOR)
        prescription = make_prescription(State.RECEIVED)
        Prescription.update(agent_email=counsellor.email).where(Prescription.id == prescription.id).execute()
        with pytest.raises(actions.AddressOfStaff):
            actions.invite_agent(prescription_id=prescription.id, by=None)
    assert Person.get_by_id(counsellor.id).role is Role.COUNSELLOR
    assert Prescription.get_by_id(prescription.id).state is State.RECEIVED


def test_an_agent_of_a_former_bilan_keeps_her_account(app):
    with app.test_request_context():
        agent = make_person(Role.AGENT, employer=make_employer())
        prescription = make_prescription(State.RECEIVED)
        Prescription.update(agent_email=agent.email).where(Prescription.id == prescription.id).execute()
        actions.invite_agent(prescription_id=prescription.id, by=None)
        assert last_link_or_page().endswith("/mon-bilan/proposition")
    assert Person.get_by_id(agent.id).employer_id == prescription.employer_id
    assert Journey.get_or_none_by_id(prescription.id) is None
