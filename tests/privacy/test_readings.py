"""Who of the centre read what: a line a day, that the agent reads, and that never stops a page."""

import pytest
from adaptings import ask
from asked import ask_about_data
from client import Browser
from edges import replace_referent
from guarantees.test_reading import refuse_writes

from bilan.complaints.models import Complaint, ComplaintFile
from bilan.privacy import clearing
from bilan.readings.actions import KNOWN
from bilan.readings.models import Reading


def rooms(world, *read):
    return sorted((one.person.display_name, one.room) for one in Reading.of_subjects(*(read or [world.home.journey.id])))


def test_the_first_reading_of_a_day_is_a_line_that_the_agent_reads(world):
    counsellor, path = world.browser("counsellor"), f"/parcours/{world.home.journey.id}"
    for _ in range(2):
        counsellor.get(f"{path}/messages")
        world.app.extensions[KNOWN].clear()  # another process, which remembers nothing
    counsellor.get(f"/parcours/entretiens/{world.home.held.id}")
    assert rooms(world) == [("Prénom counsellor", "interviews"), ("Prénom counsellor", "messages")]
    page = world.browser("agent").get("/mes-donnees/journal")
    page.has("A ouvert, pour la première fois ce jour-là : vos messages", "un entretien et ses notes", "Prénom counsellor")


def test_the_agent_and_whoever_sees_a_list_are_not_noted(world):
    world.browser("agent").get(f"/mon-bilan/{world.home.journey.id}/messages")
    world.browser("hr").get("/prescriptions")
    world.browser("hr").get(f"/prescriptions/{world.home.draft.id}/verification")
    world.browser("secretariat").get("/secretariat/prescriptions")
    assert rooms(world, world.home.journey.id, world.home.draft.id) == []


def test_those_who_see_dates_and_hours_are_noted_on_the_page_of_one_bilan(world):
    world.browser("hr").get(f"/prescriptions/{world.home.journey.id}")
    world.browser("secretariat").get(f"/secretariat/prescriptions/{world.home.journey.id}")
    assert rooms(world) == [("Prénom hr", "prescriptions"), ("Prénom secretariat", "reception")]
    page = world.browser("agent").get("/mes-donnees/journal")
    page.has(f"{LINE}les dates et les heures de votre bilan", "Prénom hr", f"{LINE}la demande de bilan qui vous concerne", "le secrétariat")
    assert "Prénom secretariat" not in page.text


def test_the_line_goes_with_a_prescription_that_opened_no_bilan(world):
    received = world.home.received
    world.browser("secretariat").get(f"/secretariat/prescriptions/{received.id}")
    assert rooms(world, received.id) == [("Prénom secretariat", "reception")]
    clearing.delete_facts(received.id)
    assert rooms(world, received.id) == []


def test_a_replacement_and_the_disability_referent_are_noted(world):
    replace_referent(world)
    world.browser("other_counsellor").get(f"/parcours/{world.home.journey.id}/resultats")
    world.browser("disability_referent").get(f"/adaptations/{world.home.adaptation.id}")
    assert rooms(world) == [("Prénom disability_referent", "measures"), ("Prénom other_counsellor", "results")]


def test_a_refused_page_is_no_reading(world):
    world.browser("other_counsellor").get(f"/parcours/{world.home.journey.id}/messages", status=404)
    assert rooms(world) == []


@pytest.mark.parametrize("path", ["messages", "resultats"])
def test_a_page_is_read_where_nothing_can_be_written(world, path):
    refuse_writes(world.app)
    world.browser("counsellor").get(f"/parcours/{world.home.journey.id}/{path}")
    Browser(world.app).get("/")
    assert rooms(world) == []


def hers(world):
    """Let the complaint of the world be one that the agent sent from her account."""
    Complaint.update(person=world.agent.id).where(Complaint.id == world.complaint.id).execute()
    return f"/secretariat/reclamations/{world.complaint.id}"


LINE = "A ouvert, pour la première fois ce jour-là : "


def test_the_secretariat_and_the_manager_are_noted_in_her_complaint_and_its_files(world):
    path = hers(world)
    file = ComplaintFile.of_complaint(world.complaint)[0]
    world.browser("manager").get(path)
    world.browser("secretariat").client.get(f"/secretariat/reclamations/fichiers/{file.id}")
    world.browser("secretariat").get(f"{path}/cloture")
    assert rooms(world, world.complaint.id) == [("Prénom manager", "treatment"), ("Prénom secretariat", "treatment")]
    page = world.browser("agent").get("/mes-donnees/journal")
    page.has(f"{LINE}votre réclamation", "le secrétariat")
    assert "Prénom secretariat" not in page.text
    assert "Prénom manager" not in page.text
    assert "votre réclamation" not in world.browser("other_agent").get("/mes-donnees/journal").text


def test_a_complaint_of_nobodys_account_is_not_noted(world):
    world.browser("secretariat").get(f"/secretariat/reclamations/{world.complaint.id}")
    assert rooms(world, world.complaint.id) == []


def test_a_request_before_any_bilan_is_noted_and_one_of_the_public_page_is_not(world):
    with world.app.app_context():
        early = ask(world.agent)
        public = ask(None, contact={"name": "N", "contact": "06"})
    for one in (early, public):
        world.browser("disability_referent").get(f"/adaptations/{one.id}")
    assert rooms(world, early.id, public.id) == [("Prénom disability_referent", "measures")]
    world.browser("agent").get("/mes-donnees/journal").has(f"{LINE}votre demande d’adaptation", "Prénom disability_referent")


def test_the_occupations_seen_from_her_interests_are_noted(world):
    world.browser("counsellor").get(f"/parcours/{world.home.journey.id}/metiers")
    assert rooms(world) == [("Prénom counsellor", "occupations")]
    world.browser("agent").get("/mes-donnees/journal").has(f"{LINE}les métiers, à partir de vos intérêts")


def test_the_secretariat_is_noted_in_her_request_about_her_data(world):
    with world.app.app_context():
        one = ask_about_data(world.other_agent, words="Tout.")
    world.browser("secretariat").get(f"/secretariat/demandes-donnees/{one.id}")
    assert rooms(world, one.id) == [("Prénom secretariat", "data_requests")]
    world.browser("other_agent").get("/mes-donnees/journal").has(f"{LINE}votre demande sur vos données", "le secrétariat")


def test_the_line_goes_with_the_complaint(world):
    world.browser("secretariat").get(hers(world))
    clearing.destroy_complaint(world.complaint.id)
    assert rooms(world, world.complaint.id) == []
