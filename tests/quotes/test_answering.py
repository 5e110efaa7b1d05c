"""The HR service accepts a quote, or refuses it in two steps: once, in time, and nobody else's."""

import concurrent.futures
import contextlib
import datetime
import itertools

import pytest
import time_machine
from factories import make_employer, make_person, make_quote

from bilan.database import connection, now
from bilan.french import PARIS, to_paris
from bilan.journal import Event, JournalEntry
from bilan.mail.models import Email
from bilan.people.models import Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.quotes import actions
from bilan.quotes.models import Quote
from bilan.quotes.rules import QuoteState


def address(quote):
    return f"/prescriptions/devis/{quote.id}"


def state_of(quote):
    return Quote.get_by_id(quote.id).state, Prescription.get_by_id(quote.prescription_id).state


def answers_mailed(quote):
    return [email.envelope for email in Email.about(quote.id) if email.kind == "quote_answered"]


def test_the_page_is_the_quote(world):
    page = world.browser("hr").get(address(world.home.quote))
    assert page.h1 == f"Devis {world.home.quote.reference}"
    page.has(world.home.quoted.agent_name, world.home.quoted.reference, "14 h 00", "95,00 €", "1 330,00 €", "Exonération de TVA", "PDF")


def test_a_quote_is_accepted_and_the_agent_invited(world):
    quote, browser = world.home.quote, world.browser("hr")
    page = browser.submit(browser.get(address(quote)), button=("answer", "accepted"))
    page.has("Le devis est accepté.", f"Devis accepté le {to_paris(now()).day}")
    assert not page.soup.find("button", attrs={"name": "answer"})
    assert state_of(quote) == (QuoteState.ACCEPTED, State.INVITED)
    assert Quote.get_by_id(quote.id).answered_by == world.hr
    (mail,) = answers_mailed(quote)
    assert mail["to"] == "secretariat@espace2m.org"
    assert mail["subject"] == f"Devis {quote.reference} accepté"
    assert quote.prescription.agent_name not in mail["body"]
    assert JournalEntry.select().where(JournalEntry.event == Event.QUOTE_ACCEPTED, JournalEntry.subject_id == quote.id).count() == 1


def test_a_refusal_is_asked_twice_and_ends_the_prescription(world):
    quote, browser = world.home.quote, world.browser("hr")
    page = browser.get(browser.get(address(quote)).soup.find("a", string="Refuser le devis")["href"])
    assert page.h1 == f"Refuser le devis {quote.reference}"
    page.has("Votre demande de bilan s’arrêtera là.")
    assert state_of(quote) == (QuoteState.SENT, State.QUOTED)
    browser.submit(page, button=("answer", "refused")).has("Le devis est refusé.")
    assert state_of(quote) == (QuoteState.REFUSED, State.REFUSED)
    assert Prescription.get_by_id(quote.prescription_id).ended_at
    assert [mail["subject"] for mail in answers_mailed(quote)] == [f"Devis {quote.reference} refusé"]


@pytest.mark.parametrize(("first", "then"), [("accepted", "accepted"), ("accepted", "refused"), ("refused", "accepted")])
def test_a_second_tab_is_told_what_was_answered(world, first, then):
    quote, browser = world.home.quote, world.browser("hr")
    pages = [browser.get(address(quote)) for _ in range(2)]
    browser.submit(pages[0], button=("answer", first))
    word = "accepté" if first == "accepted" else "refusé"
    browser.submit(pages[1], button=("answer", then), status=409).has(f"Ce devis a déjà été {word} le ")
    assert state_of(quote)[0] is QuoteState(first)
    assert len(answers_mailed(quote)) == 1


def test_answers_at_once_count_once(app):
    with app.test_request_context():
        officer = make_person(Role.HR, employer=make_employer())
        quote = make_quote(employer=officer.employer, author=officer)

    def answer(rank):
        with app.test_request_context(), connection():
            try:
                actions.answer_quote(quote=quote, accepted=rank % 2 == 0, by=officer)
            except actions.QuoteAlreadyAnswered as error:
                return error.quote.state
            return None

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        said = list(pool.map(answer, range(4)))
    state = state_of(quote)
    assert said.count(None) == 1
    assert {one for one in said if one} == {state[0]}
    assert state in ((QuoteState.ACCEPTED, State.INVITED), (QuoteState.REFUSED, State.REFUSED))
    assert len(answers_mailed(quote)) == 1


def test_an_answer_and_another_quote_at_once_leave_one_story(app):
    with app.test_request_context():
        officer = make_person(Role.HR, employer=make_employer())
        quotes = [make_quote(employer=officer.employer, author=officer) for _ in range(6)]

    def move(step):
        quote, answering = step
        with app.test_request_context(), connection(), contextlib.suppress(actions.QuoteAlreadyAnswered, actions.NotQuotable):
            if answering:
                actions.answer_quote(quote=quote, accepted=True, by=officer)
            else:
                make_quote(prescription=quote.prescription, by=officer)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(move, itertools.product(quotes, (True, False))))
    for quote in quotes:
        states = sorted(one.state.value for one in Quote.of_prescription(quote.prescription))
        story = (states, Prescription.get_by_id(quote.prescription_id).state)
        assert story in ((["accepted"], State.INVITED), (["replaced", "sent"], State.QUOTED))


def test_a_quote_is_answered_until_its_last_day_in_paris(world):
    quote, browser = world.home.quote, world.browser("hr")
    page = browser.get(address(quote))
    midnight = datetime.datetime.combine(quote.valid_until + datetime.timedelta(days=1), datetime.time(), tzinfo=PARIS)
    with time_machine.travel(midnight - datetime.timedelta(minutes=1), tick=False):
        assert not Quote.get_by_id(quote.id).is_expired
    with time_machine.travel(midnight, tick=False):
        assert Quote.get_by_id(quote.id).is_expired
    Quote.update(valid_until=to_paris(now()).date() - datetime.timedelta(days=1)).where(Quote.id == quote.id).execute()
    browser.submit(page, button=("answer", "accepted"), status=409).has("Demandez-en un autre au secrétariat.")
    page = browser.get(address(quote))
    page.has("Ce devis était valable jusqu’au", "périmé")
    assert not page.soup.find("button", attrs={"name": "answer"})
    assert state_of(quote) == (QuoteState.SENT, State.QUOTED)


def test_a_quote_of_a_withdrawn_prescription_is_not_accepted(world):
    quote, browser = world.home.quote, world.browser("hr")
    page = browser.get(address(quote))
    Prescription.update(state=State.WITHDRAWN, ended_at=now()).where(Prescription.id == quote.prescription_id).execute()
    browser.submit(page, button=("answer", "accepted"), status=409).has("Cette demande de bilan est close")
    assert state_of(quote) == (QuoteState.SENT, State.WITHDRAWN)
    browser.get(address(quote)).has("Cette demande de bilan est close")


def test_an_answer_that_fails_half_way_is_not_given(world, monkeypatch):
    quote = world.home.quote
    monkeypatch.setattr(actions, "answered_mail", lambda **_: 1 / 0)
    with world.app.test_request_context(), pytest.raises(ZeroDivisionError):
        actions.answer_quote(quote=quote, accepted=True, by=world.hr)
    assert state_of(quote) == (QuoteState.SENT, State.QUOTED)


def test_another_employer_finds_nothing(world):
    for name in ("other_hr", "agent", "counsellor", "manager"):
        browser = world.browser(name)
        browser.get(address(world.home.quote), status=404)
        browser.get(f"{address(world.home.quote)}/devis.pdf", status=404)
        browser.post(address(world.home.quote), {"answer": "accepted"}, status=404)
    world.browser("secretariat").post(address(world.home.quote), {"answer": "accepted"}, status=404)
    assert state_of(world.home.quote) == (QuoteState.SENT, State.QUOTED)


@pytest.mark.parametrize("answer", ["", "sent", "replaced", "oui"])
def test_an_answer_that_is_not_offered_is_refused(world, answer):
    page = world.browser("hr").post(address(world.home.quote), {"answer": answer}, status=422)
    page.has("Acceptez le devis, ou refusez-le.")
    assert state_of(world.home.quote) == (QuoteState.SENT, State.QUOTED)


def test_the_quotes_that_wait_are_those_of_the_employer(world):
    assert Quote.waiting(world.home.employer.id) == [world.home.quote]
    assert Quote.waiting(world.away.employer.id) == [world.away.quote]
