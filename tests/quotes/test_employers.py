"""The secretariat's list of employers: searched, by name, with their agreements; corrected one at a time."""

import datetime

import pytest
from factories import make_employer, make_prescription

from bilan.database import now
from bilan.french import to_paris
from bilan.journal import Event, JournalEntry
from bilan.people.models import Employer
from bilan.prescriptions.rules import State
from bilan.quotes.models import EmployerFacts

LIST = "/secretariat/collectivites"


def change(world, status=200, **values):
    browser = world.browser("secretariat")
    page = browser.get(f"{LIST}/{world.home.employer.id}")
    return browser.submit(page, values, status=status)


def test_the_list_counts_prescriptions_but_drafts(world):
    with world.app.test_request_context():
        employer = make_employer("Ambierle")
        for state in (State.DRAFT, State.RECEIVED, State.ENDED):
            make_prescription(state, employer=employer)
    facts = list(EmployerFacts.listed("")[0])
    assert facts[0] == EmployerFacts(employer.id, "Ambierle", None, 2)
    assert [one.name for one in facts] == sorted(one.name for one in facts)
    page = world.browser("secretariat").get(LIST)
    assert page.h1 == "Collectivités"
    page.has("Ambierle", "Commune home", "sur devis")


def test_the_list_is_searched_and_cut_in_pages(world):
    with world.app.test_request_context():
        for rank in range(30):
            make_employer(f"Saint-{rank:02d}")
    browser = world.browser("secretariat")
    browser.get(f"{LIST}?q=saint").has("25 collectivités affichées")
    page = browser.get(f"{LIST}?q=saint&page=2")
    page.has("5 collectivités affichées", "Saint-29")
    page.lacks("Commune home")
    browser.get(f"{LIST}?q=introuvable").has("Aucune collectivité ne correspond à cette recherche.")


def test_an_agreement_is_shown_until_its_last_day(world):
    today, browser = to_paris(now()).date(), world.browser("secretariat")
    for until, words in ((today, "en cours"), (today - datetime.timedelta(days=1), "terminée")):
        Employer.update(agreement_until=until).where(Employer.id == world.home.employer.id).execute()
        browser.get(LIST).has(words)


def test_an_employer_is_corrected(world):
    page = change(world, name="Commune de Home", address="1 place de la Mairie\n42300 ROANNE", agreement_until="2030-12-31")
    page.has("Commune de Home : c’est enregistré.", "31 décembre 2030")
    employer = Employer.get_by_id(world.home.employer.id)
    assert employer.address == "1 place de la Mairie\n42300 ROANNE"
    assert employer.agreement_until == datetime.date(2030, 12, 31)
    entry = JournalEntry.get(JournalEntry.event == Event.EMPLOYER_CHANGED)
    assert (entry.person, entry.subject_id, entry.detail) == (world.secretariat, employer.id, "")
    change(world, agreement_until="")
    assert Employer.get_by_id(employer.id).agreement_until is None


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Indiquez le nom de la collectivité."),
        ("name", "   ", "Indiquez le nom de la collectivité."),
        ("name", "Commune away", "Une autre collectivité porte déjà ce nom."),
        ("name", "x" * 201, "trop long"),
        ("address", "x" * 501, "trop long"),
        ("agreement_until", "demain", "date"),
        ("agreement_until", "0026-12-31", "Vérifiez l’année"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(world, field, value, sentence):
    page = change(world, status=422, **{field: value})
    assert sentence.lower() in page.text.lower()
    employer = Employer.get_by_id(world.home.employer.id)
    assert (employer.name, employer.address, employer.agreement_until) == ("Commune home", "", None)
    assert not JournalEntry.select().where(JournalEntry.event == Event.EMPLOYER_CHANGED).exists()
