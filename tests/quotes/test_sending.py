"""The secretariat draws up a quote, checks it, sends it: once, under a number without gaps, to who answers for the employer."""

import concurrent.futures
import datetime
import uuid

import pytest
import time_machine
from client import Browser
from factories import make_employer, make_person, make_prescription, make_quote, quote_terms

from bilan.database import connection, now
from bilan.french import to_paris
from bilan.journal import Event, JournalEntry
from bilan.mail.models import Email
from bilan.people.models import Employer, Person, Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.quotes import actions
from bilan.quotes.models import Quote
from bilan.quotes.rules import QuoteState

TYPED = {"hours": "14,5", "hourly": "95", "vat": "20"}


@pytest.fixture
def received(world):
    """A prescription of the HR officer of the home side, received."""
    with world.app.test_request_context():
        return make_prescription(State.RECEIVED, employer=world.home.employer, author=world.hr)


def address(prescription):
    return f"/secretariat/prescriptions/{prescription.id}/devis"


def check(browser, prescription, status=200, **others):
    page = browser.get(address(prescription))
    return browser.submit(page, {**TYPED, **others}, button=("step", "check"), status=status)


def send(browser, prescription, **others):
    return browser.submit(check(browser, prescription, **others), button=("step", "send"))


def state_of(prescription):
    return Prescription.get_by_id(prescription.id).state


def newest():
    return Quote.select().order_by(Quote.number.desc()).first()


def test_a_quote_is_drawn_up_checked_and_sent(world, received):
    browser = world.browser("secretariat")
    before = newest().number
    page = check(browser, received)
    assert page.h1 == "Vérifiez le devis"
    page.has("14 h 30", "95,00 €", "1 377,50 €", "TVA, 20 %", "275,50 €", "1 653,00 €", "Commune home")
    assert newest().number == before
    assert state_of(received) is State.RECEIVED
    page = browser.submit(page, button=("step", "send"))
    quote = newest()
    page.has(f"Le devis {quote.reference} est envoyé : hr@exemple.fr.", "1 devis envoyé", "1 653,00 €")
    assert (quote.number, quote.state, quote.minutes, quote.hourly_cents) == (before + 1, QuoteState.SENT, 870, 9500)
    assert (quote.vat_points, quote.exemption, quote.drawn_up_by) == (2000, "", world.secretariat)
    assert state_of(received) is State.QUOTED
    assert JournalEntry.get(JournalEntry.event == Event.QUOTE_SENT, JournalEntry.subject_id == quote.id).person == world.secretariat


def test_the_mail_says_the_number_and_the_address_and_nothing_of_the_bilan(world, received):
    send(world.browser("secretariat"), received)
    quote = newest()
    (email,) = Email.about(quote.id)
    mail = email.envelope
    assert mail["to"] == "hr@exemple.fr"
    assert mail["subject"] == f"Devis {quote.reference} pour votre demande {received.reference}"
    assert f"http://localhost/prescriptions/devis/{quote.id}" in mail["body"]
    for absent in (received.agent_name, received.agent_email, "€", "1 653", received.request["expectations"]):
        assert absent not in mail["subject"] + mail["body"]


def test_the_usual_terms_are_offered(new_app, migrated):
    app = new_app(migrated, BILAN_QUOTE_HOURLY_RATE="95,50", BILAN_QUOTE_HOURS="13", BILAN_QUOTE_VALID_DAYS="30")
    with app.test_request_context():
        secretariat, prescription = make_person(Role.SECRETARIAT), make_prescription(State.RECEIVED)
    browser = Browser(app)
    browser.arrive(secretariat)
    page = browser.get(address(prescription))
    values = {one["name"]: one["value"] for one in page.soup.find_all("input", class_="input")}
    last = (to_paris(now()).date() + datetime.timedelta(days=30)).isoformat()
    assert (values["hours"], values["hourly"], values["vat"], values["valid_until"]) == ("13", "95,5", "0", last)
    assert "261" in values["exemption"]


def test_modifying_goes_back_with_the_values(world, received):
    browser = world.browser("secretariat")
    page = browser.submit(check(browser, received, hours="12"), button=("step", "edit"))
    assert page.soup.find("input", {"name": "hours"})["value"] == "12"
    assert page.soup.find("input", {"name": "vat"})["value"] == "20"
    assert state_of(received) is State.RECEIVED


def test_without_tax_the_exemption_is_written(world, received):
    browser = world.browser("secretariat")
    page = check(browser, received, vat="0", exemption="Article 261, exonéré")
    page.has("Total à payer", "Article 261, exonéré")
    browser.submit(page, button=("step", "send"))
    assert newest().exemption == "Article 261, exonéré"
    check(browser, received, status=422, vat="0", exemption="").has("Indiquez la mention à écrire")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("hours", "", "Indiquez le nombre d’heures."),
        ("hours", "-3", "au quart d’heure"),
        ("hours", "14,3", "au quart d’heure"),
        ("hours", "9" * 400, "au quart d’heure"),
        ("hourly", "abc", "Indiquez un prix en euros"),
        ("hourly", "0", "Indiquez un prix en euros"),
        ("vat", "abc", "Indiquez un taux"),
        ("vat", "-20", "Indiquez un taux"),
        ("valid_until", "2020-01-01", "Indiquez une date à venir"),
        ("valid_until", "2099-01-01", "Indiquez une date à venir"),
        ("valid_until", "demain", "date"),
        ("exemption", "x" * 301, "trop long"),
    ],
)
def test_what_is_wrong_is_said_and_kept(world, received, field, value, sentence):
    page = check(world.browser("secretariat"), received, status=422, **{field: value})
    assert sentence.lower() in page.text.lower()
    assert page.soup.find("input", {"name": field})["value"] == value
    assert state_of(received) is State.RECEIVED


def test_a_double_click_issues_one_quote(world, received):
    browser = world.browser("secretariat")
    page, before = check(browser, received), Quote.select().count()
    for _ in range(2):
        browser.submit(page, button=("step", "send"))
    assert Quote.select().count() == before + 1
    assert len(Email.about(newest().id)) == 1


def test_a_second_quote_replaces_the_first(world):
    browser, first = world.browser("secretariat"), world.home.quote
    page = browser.get(address(world.home.quoted))
    page.has("Remplacer ce devis", first.reference)
    send(browser, world.home.quoted).has("2 devis envoyés", "remplacé")
    assert Quote.get_by_id(first.id).state is QuoteState.REPLACED
    assert newest().is_waiting
    with world.app.test_request_context(), pytest.raises(actions.QuoteAlreadyAnswered):
        actions.answer_quote(quote=first, accepted=True, by=world.hr)
    world.browser("hr").get(f"/prescriptions/devis/{first.id}").has("Ce devis a été remplacé par un autre.")


def test_an_invited_agent_needs_no_other_quote(world):
    prescription, browser = world.home.answered_quote.prescription, world.browser("secretariat")
    page = browser.get(address(prescription))
    page.has("accepté", "Cette demande n’attend plus de devis.")
    assert not page.soup.find("input", {"name": "hours"})
    browser.post(address(prescription), {"step": "send", **TYPED}, status=409).has("n’attend plus de devis")
    with world.app.test_request_context(), pytest.raises(actions.NotQuotable):
        actions.send_quote(prescription=prescription, terms=quote_terms(), submission=uuid.uuid4(), by=world.secretariat)


def test_under_an_agreement_the_agent_is_invited_without_a_quote(world, received):
    today = to_paris(now()).date()
    browser = world.browser("secretariat")
    for until, offered in ((None, False), (today - datetime.timedelta(days=1), False), (today, True)):
        Employer.update(agreement_until=until).where(Employer.id == world.home.employer.id).execute()
        page = browser.get(address(received))
        assert ("n’a pas besoin de devis" in page.text) == offered
    browser.submit(page, form="invitation").has("L’invitation part à l’adresse de l’agent.")
    assert state_of(received) is State.INVITED
    assert not Quote.of_prescription(received)


def test_a_quote_of_a_withdrawn_prescription_is_cancelled_and_says_so(world):
    hr = world.browser("hr")
    page = hr.get(f"/prescriptions/devis/{world.home.quote.id}")
    hr.submit(hr.get(f"/prescriptions/{world.home.quoted.id}/retrait"), form="retrait")
    assert Quote.get_by_id(world.home.quote.id).state is QuoteState.CANCELLED
    hr.submit(page, button=("answer", "accepted"), status=409).has("Cette demande de bilan est close")
    hr.get(f"/prescriptions/devis/{world.home.quote.id}").has("annulé")


def test_when_the_author_is_gone_the_other_officers_are_told(world, received):
    with world.app.test_request_context():
        colleague = make_person(Role.HR, employer=world.home.employer, email="collegue@exemple.fr")
        make_person(Role.HR, employer=world.home.employer, email="parti@exemple.fr")
        make_person(Role.HR, email="ailleurs@exemple.fr", employer=make_employer())
    assert Quote.correspondents(received) == [world.hr]
    Person.update(active=False).where(Person.email.in_(["hr@exemple.fr", "parti@exemple.fr"])).execute()
    assert Quote.correspondents(received) == [colleague]
    send(world.browser("secretariat"), received).has("est envoyé : collegue@exemple.fr.")
    Person.update(active=False).where(Person.id == colleague.id).execute()
    send(world.browser("secretariat"), received).has("personne n’a de compte pour y répondre")
    assert Email.about(newest().id) == []


def test_quotes_sent_at_once_have_numbers_that_follow(app):
    with app.test_request_context():
        secretariat = make_person(Role.SECRETARIAT)
        prescriptions = [make_prescription(State.RECEIVED) for _ in range(8)]

    def one(prescription):
        with app.test_request_context(), connection():
            return make_quote(prescription=prescription, by=secretariat).number

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(one, prescriptions)) == list(range(1, 9))


def test_the_same_form_sent_twice_at_once_issues_one_quote(app):
    with app.test_request_context():
        secretariat, prescription = make_person(Role.SECRETARIAT), make_prescription(State.RECEIVED)
    submission = uuid.uuid4()

    def one(_rank):
        with app.test_request_context(), connection():
            return actions.send_quote(prescription=prescription, terms=quote_terms(), submission=submission, by=secretariat).number

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert set(pool.map(one, range(4))) == {1}
    assert Quote.select().count() == 1


def test_a_sending_that_fails_half_way_leaves_no_gap(app, monkeypatch):
    with app.test_request_context():
        officer = make_person(Role.HR, employer=make_employer())
        first, second = (make_prescription(State.RECEIVED, author=officer, employer=officer.employer) for _ in range(2))
        with monkeypatch.context() as broken:
            broken.setattr(actions, "sent_mail", lambda **_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                make_quote(prescription=first)
        assert Quote.select().count() == 0
        assert state_of(first) is State.RECEIVED
        assert make_quote(prescription=second).reference == f"D-{to_paris(now()).year}-0001"


def test_numbers_begin_again_with_the_year_of_paris(app):
    with time_machine.travel(datetime.datetime(2026, 12, 31, 12, tzinfo=datetime.UTC), tick=False) as clock, app.test_request_context():
        assert make_quote().reference == "D-2026-0001"
        clock.move_to(datetime.datetime(2026, 12, 31, 23, 30, tzinfo=datetime.UTC))
        assert make_quote().reference == "D-2027-0001"
