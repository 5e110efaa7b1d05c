"""HR asks for a bilan by short pages: drafts, check page, receipt, correction, withdrawal."""

import pytest
from factories import make_interview, make_journey, make_person, make_prescription
from peewee import IntegrityError

from bilan.journal import Event, JournalEntry
from bilan.mail.models import Email
from bilan.people.models import Person, Role
from bilan.prescriptions import actions
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.vault import ContentDestroyed, ContentKey, cipher

AGENT = {"agent_name": "Nadia Benali", "agent_email": "nadia@perso.example", "phone": "06 00 00 00 00"}
PAGES = {
    "situation": {"position": "Jardinière", "status": "titulaire", "category": "C"},
    "demande": {"motive": "evolution", "expectations": "Préparer la suite,\nsans hâte."},
    "modalites": {"french": "yes", "mode": "either"},
}


def write_pages(browser, pages=PAGES, agent=AGENT):
    """Fill the pages of a request as they follow one another; return the check page."""
    page = browser.submit(browser.get("/prescriptions/nouvelle"), agent)
    for values in pages.values():
        page = browser.submit(page, values)
    return page


def send(browser, page):
    return browser.submit(page, form="verification")


def newest():
    return Prescription.select().order_by(Prescription.created_at.desc()).get()


def letters(kind):
    return sorted(email.envelope["to"] for email in Email.select().where(Email.kind == kind))


def test_a_request_goes_page_by_page_and_its_receipt_comes_by_page_and_mail(world):
    hr = world.browser("hr")
    page = write_pages(hr)
    page.has("Relisez votre demande", "Nadia Benali", "Jardinière", "Souhait d’évolution professionnelle", "Sur place ou à distance")
    assert newest().state is State.DRAFT
    page = send(hr, page)
    sent = newest()
    assert (sent.state, sent.agent_email, sent.employer_id) == (State.RECEIVED, "nadia@perso.example", world.hr.employer_id)
    page.has(f"La demande est partie. Sa référence est {sent.reference}.", "reste 20 jours")
    assert sent.request["expectations"] == "Préparer la suite,\nsans hâte."
    receipts = [email.envelope for email in Email.select().where(Email.subject_id == sent.id)]
    assert {envelope["to"] for envelope in receipts} == {"hr@exemple.fr", "secretariat@espace2m.org"}
    for envelope in receipts:
        assert sent.reference in envelope["subject"] + envelope["body"]
        assert "Nadia" not in envelope["body"]
    assert JournalEntry.get(JournalEntry.event == Event.PRESCRIPTION_SENT).subject_id == sent.id


def test_each_page_is_saved_and_taken_up_again_later(world):
    hr = world.browser("hr")
    page = hr.submit(hr.get("/prescriptions/nouvelle"), AGENT)
    page = hr.submit(page, {"position": "Jardinière"}, button=("then", "later"))
    page.has("Le brouillon est enregistré.", "Brouillons à finir", "Nadia Benali")
    draft = newest()
    page = hr.get(f"/prescriptions/{draft.id}/situation")
    assert page.soup.find(id="position")["value"] == "Jardinière"


def test_an_incomplete_request_does_not_leave(world):
    hr = world.browser("hr")
    hr.submit(hr.get("/prescriptions/nouvelle"), AGENT)
    draft = newest()
    page = hr.submit(hr.get(f"/prescriptions/{draft.id}/verification"), form="verification", status=422)
    page.has("Il manque une réponse à la page « Sa situation ».")
    assert newest().state is State.DRAFT


def test_a_page_with_a_fault_comes_back_with_what_was_typed(world):
    hr = world.browser("hr")
    page = hr.submit(hr.get("/prescriptions/nouvelle"), AGENT | {"agent_email": "nadia"}, status=422)
    page.has("Indiquez une adresse e-mail complète")
    assert page.soup.find(id="agent_name")["value"] == "Nadia Benali"
    assert newest().agent_name != "Nadia Benali"


def test_a_double_click_makes_one_draft_and_sends_once(world):
    hr = world.browser("hr")
    first = hr.get("/prescriptions/nouvelle")
    before = Prescription.select().count()
    hr.submit(first, AGENT)
    hr.submit(first, AGENT)
    assert Prescription.select().count() == before + 1
    page = write_pages(hr, agent=AGENT | {"agent_email": "autre@perso.example"})
    send(hr, page)
    send(hr, page).has("reçue le")
    assert len(letters("prescription_receipt")) == 1


@pytest.mark.parametrize("address", ["secretariat@exemple.fr", "HR@exemple.fr", "counsellor@exemple.fr"])
def test_an_address_of_the_team_or_of_hr_is_refused(world, address):
    hr = world.browser("hr")
    page = hr.submit(hr.get("/prescriptions/nouvelle"), AGENT | {"agent_email": address}, status=422)
    page.has("Cette adresse est celle d’un compte professionnel.")


@pytest.mark.parametrize("address", ["agent@exemple.fr", "AGENT@exemple.fr", "other-agent@exemple.fr"])
def test_an_agent_has_one_open_prescription_whoever_asks(world, address):
    hr = world.browser("hr")
    page = hr.submit(hr.get("/prescriptions/nouvelle"), AGENT | {"agent_email": address}, status=422)
    page.has("Un bilan est déjà demandé ou en cours à cette adresse.")
    page.lacks("Commune away")


def test_two_requests_for_one_agent_sent_at_once_are_one(world):
    with world.app.test_request_context():
        drafts = [make_prescription(State.DRAFT, employer=world.hr.employer, author=world.hr) for _ in range(2)]
        for draft in drafts:
            Prescription.update(agent_email="meme@perso.example").where(Prescription.id == draft.id).execute()
        fresh = [Prescription.for_hr(draft.id) for draft in drafts]
        actions.send_prescription(prescription=fresh[0], by=world.hr)
        with pytest.raises(actions.AgentAlreadyPrescribed):
            actions.send_prescription(prescription=fresh[1], by=world.hr)
        with pytest.raises(IntegrityError):  # and the database says so too
            Prescription.update(state=State.RECEIVED, year=2026, number=999, received_at=drafts[0].created_at).where(
                Prescription.id == drafts[1].id
            ).execute()
    assert newest().number != 999


def test_a_namesake_is_pointed_out_and_not_refused(world):
    hr = world.browser("hr")
    known = Prescription.get_by_id(world.home.received.id)
    page = write_pages(hr, agent=AGENT | {"agent_name": known.agent_name.upper()})
    page.has("Une demande est déjà en cours au nom d’", known.reference)
    send(hr, page).has("La demande est partie.")


def test_a_draft_is_thrown_away_with_its_key(world):
    hr = world.browser("hr")
    page = hr.submit(hr.get(f"/prescriptions/{world.home.draft.id}/verification"), form="abandon")
    page.has("Le brouillon est supprimé.")
    assert Prescription.get_or_none_by_id(world.home.draft.id) is None
    with pytest.raises(ContentDestroyed):
        cipher(world.home.draft.id)


def test_the_first_page_of_a_draft_that_was_thrown_away_begins_another(world):
    hr = world.browser("hr")
    first = hr.get("/prescriptions/nouvelle")
    hr.submit(first, AGENT)
    hr.submit(hr.get(f"/prescriptions/{newest().id}/verification"), form="abandon")
    page = hr.submit(first, AGENT, status=422)  # by the Back button
    page.has("Ce brouillon a été supprimé.")
    assert page.soup.find(id="agent_name")["value"] == "Nadia Benali"
    hr.submit(page).has("Quelle est sa situation ?")
    assert newest().agent_name == "Nadia Benali"


def test_a_correction_is_announced_to_those_concerned_and_only_then(world):
    hr, received = world.browser("hr"), world.home.received
    Email.delete().execute()
    page = hr.submit(hr.get(f"/prescriptions/{received.id}/demande"), {"expectations": "Autre chose."})
    page.has("La demande est corrigée.", "Autre chose.")
    assert letters("prescription_changed") == ["secretariat@espace2m.org"]
    hr.submit(hr.get(f"/prescriptions/{received.id}/demande"), {"expectations": "Autre chose."}).lacks("est corrigée")
    assert len(letters("prescription_changed")) == 1
    entry = JournalEntry.get(JournalEntry.event == Event.PRESCRIPTION_CHANGED)
    assert (entry.subject_id, entry.detail) == (received.id, "")


def test_once_invited_the_agent_is_told_and_her_address_is_hers(world):
    with world.app.test_request_context():
        journey = make_journey(employer=world.hr.employer)
        Email.delete().execute()
    hr = world.browser("hr")
    page = hr.get(f"/prescriptions/{journey.id}/agent")
    page.has("Pour changer le nom ou l’adresse, appelez le secrétariat")
    assert page.soup.find(id="agent_email") is None
    hr.submit(page, {"phone": "07 00 00 00 00"})
    told = {"secretariat@espace2m.org", journey.agent.email, journey.counsellor.email}
    assert set(letters("prescription_changed")) == told
    assert Person.get_by_id(journey.agent_id).email == journey.agent.email


def test_withdrawing_cancels_what_was_planned_and_tells_everybody(world):
    with world.app.test_request_context():
        journey = make_journey(employer=world.hr.employer)
        interview = make_interview(journey, days=6)
        Email.delete().execute()
    hr = world.browser("hr")
    page = hr.get(f"/prescriptions/{journey.id}/retrait")
    page.has("Un rendez-vous déjà fixé est annulé.")
    hr.submit(page, form="retrait").has("La demande est retirée.")
    prescription = Prescription.get_by_id(journey.id)
    assert (prescription.state, prescription.ended_at is None) == (State.WITHDRAWN, False)
    assert not type(journey).get_by_id(journey.id).is_open
    assert type(interview).get_by_id(interview.id).is_cancelled
    told = {"secretariat@espace2m.org", journey.agent.email, journey.counsellor.email}
    assert set(letters("prescription_withdrawn")) == told
    assert set(letters("interview_cancelled")) == {journey.agent.email, journey.counsellor.email}
    hr.get(f"/prescriptions/{journey.id}/retrait", status=404)
    hr.get("/prescriptions?etat=termines").has("Retirée")


def test_after_the_first_interview_hr_no_longer_changes_anything(world):
    for path in ("retrait", "agent", "demande"):
        world.browser("hr").get(f"/prescriptions/{world.home.journey.id}/{path}", status=404)
    page = world.browser("hr").get(f"/prescriptions/{world.home.journey.id}")
    page.lacks("Retirer la demande", "Modifier")


def test_a_cancelled_interview_leaves_the_prescription_to_hr(world):
    with world.app.test_request_context():
        journey = make_journey(employer=world.hr.employer)
        interview = make_interview(journey, days=-2, held=None)
        type(interview).update(outcome="cancelled").where(type(interview).id == interview.id).execute()
    world.browser("hr").get(f"/prescriptions/{journey.id}/retrait")


def test_hr_finds_a_request_by_name_or_reference(world):
    hr = world.browser("hr")
    received = Prescription.get_by_id(world.home.received.id)
    for query in (received.agent_name[:12], received.reference, str(received.number)):
        hr.get(f"/prescriptions?q={query}").has(received.reference)
    hr.get("/prescriptions?q=personne de ce nom").has("Aucune demande ne correspond à cette recherche.")


def test_each_question_says_who_reads_its_answer(world):
    hr = world.browser("hr")
    for step in ("agent", "situation", "demande", "modalites"):
        page = hr.get(f"/prescriptions/{world.home.draft.id}/{step}")
        fields = page.soup.select("main form .field")
        assert fields
        assert all(field.select('[id$="-reader"]') for field in fields), step


def test_the_secretariat_never_loads_the_motive_or_the_expectations(world):
    found = Prescription.for_secretariat(world.home.journey.id)
    assert (found.request, found.wishes) == (None, None)
    assert found.agent_file["position"].startswith("MARQUEUR")
    assert Prescription.for_hr(world.home.journey.id).wishes is None
    assert Prescription.for_hr(world.home.received.id).delay_note is None


def test_a_prescription_and_its_journey_share_one_key(app):
    with app.test_request_context():
        journey = make_journey(make_person(Role.AGENT))
    assert Prescription.get_by_id(journey.id).key_id == journey.key_id
    assert ContentKey.select().where(ContentKey.id == journey.id).count() == 1
