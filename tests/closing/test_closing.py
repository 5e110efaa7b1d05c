"""The closing: each line of its page does the work, neither of the two writes over the other, and one gesture ends the bilan."""

import datetime

import pytest
from endings import assess, conclude

from bilan.closing import actions
from bilan.closing.models import Attainment, Closing, items_of, objectives_in
from bilan.closing.rules import Keep, Side, forbidding
from bilan.database import now
from bilan.disclosure.models import Disclosure
from bilan.french import day, short_day, to_paris
from bilan.hr_review.models import HrReview
from bilan.interviews.models import Interview
from bilan.journal import Event, JournalEntry
from bilan.journeys.models import Journey
from bilan.journeys.rules import Phase
from bilan.mail.models import Email
from bilan.plans.models import Step
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.synthesis import actions as syntheses

TODAY = to_paris(now()).date()


@pytest.fixture
def journey(world):
    """The open bilan of the world in its last phase, with nothing decided of its end and no meeting to come."""
    journey = conclude(world.home.journey)
    HrReview.delete().where(HrReview.journey == journey.id).execute()
    Closing.delete().where(Closing.journey == journey.id).execute()
    Attainment.delete().where(Attainment.journey == journey.id).execute()
    Interview.update(outcome="cancelled").where(Interview.journey == journey.id, Interview.pending()).execute()
    Prescription.update(author=world.people["hr"]).where(Prescription.id == journey.id).execute()
    return journey


@pytest.fixture
def agent(world):
    return world.browser("agent")


@pytest.fixture
def counsellor(world):
    return world.browser("counsellor")


@pytest.fixture
def do(world):
    """Run a deed as the product does, its e-mails holding links."""

    def run(deed, *arguments, **others):
        with world.app.test_request_context():
            return deed(*arguments, **others)

    return run


def page_of(journey, way="mon-bilan"):
    return f"/{way}/{journey.id}/cloture"


def validate(journey):
    base = 2
    for person in (journey.agent, journey.counsellor):
        syntheses.validate(journey=journey, base=base, by=person)


def make_ready(do, journey):
    """Do all that a closing needs, at the shortest."""
    do(validate, journey)
    do(actions.hand_over, journey=journey, on=TODAY, by=journey.counsellor)
    do(assess, journey, journey.counsellor, *objectives_in(journey), level="reached")


def said(journey):
    return {one.key: one for one in items_of(journey)}


def test_the_two_do_what_the_page_asks_and_the_bilan_is_closed(world, journey, agent, counsellor, do):
    Disclosure.update(revoked_at=now()).where(Disclosure.journey == journey.id).execute()
    Disclosure.delete().where(Disclosure.journey == journey.id).execute()
    agent.get("/mon-bilan").has("La fin de votre bilan", "Ce qui attend votre choix : Communication au service RH")
    assert len(agent.get(page_of(journey)).soup.select("form[action$=decision] button")) == 2
    for decision in ("nothing", "no-review"):
        agent.post(f"{page_of(journey)}/decision", {"decision": decision}).has("C’est noté")
    keep = agent.get(f"{page_of(journey)}/garder")
    agent.submit(keep, {"keep": "synthesis", "months": "6"}, status=422).has("Dites en quelques mots")
    agent.submit(keep, {"keep": "synthesis", "months": "6", "need": "Refaire le point."}).has("La synthèse seulement, 6 mois au plus.")
    agent.submit(agent.get(f"{page_of(journey)}/objectifs"), {"level_0": "partly"}).has("Votre avis est enregistré.")

    own = counsellor.get(f"{page_of(journey, 'parcours')}/objectifs")
    own.has("Atteint en partie")
    counsellor.submit(own, status=422).has("Dites où en est cet objectif.")
    counsellor.submit(own, {"level_0": "missed"}, status=422).has("Écrivez une phrase pour cet objectif.")
    counsellor.submit(own, {"level_0": "missed", "sentence_0": "Il faut plus de temps."}).has("Il faut plus de temps.", "Atteint en partie")
    do(validate, journey)
    hand = counsellor.get(f"{page_of(journey, 'parcours')}/remise")
    tomorrow = TODAY + datetime.timedelta(days=1)
    counsellor.submit(hand, {"on": tomorrow.isoformat()}, status=422).has("Ce jour n’est pas encore venu.")
    early = TODAY - datetime.timedelta(days=3)
    counsellor.submit(hand, {"on": early.isoformat()}, status=422).has("Elle a été validée le")
    counsellor.submit(hand).has("La remise de la synthèse est notée.")
    page = counsellor.get(f"{page_of(journey, 'parcours')}/clore")
    page.has("Plus rien ne s’écrit dans ce bilan", "Le service RH ne lit plus")
    done = counsellor.submit(page)
    done.has("Enquête de satisfaction", f"envoyée le {short_day(now())}")
    done.has("Le bilan est clos.", "Bilan terminé", "Il faut plus de temps.", "Refaire le point.")
    fresh = Journey.get_by_id(journey.id)
    assert (fresh.phase, Prescription.get_by_id(journey.id).state) == (Phase.CLOSED, State.ENDED)
    agent.get(page_of(journey)).has("Bilan terminé", f"Clos le {day(fresh.closed_at)}")
    agent.get(f"{page_of(journey)}/garder", status=404)
    world.browser("secretariat").get(f"/secretariat/prescriptions/{journey.id}").has("Bilan clos")


def test_the_closing_tells_the_agent_and_the_prescriber_who_gets_the_certificate(world, journey, do):
    make_ready(do, journey)
    asked = Email.select().where(Email.kind == "survey_agent")
    before = asked.count()
    do(actions.close, journey=journey, reasons={}, by=journey.counsellor)
    assert asked.count() == before + 1
    (to_agent,) = [one.envelope for one in Email.select().where(Email.kind == "journey_concluded")]
    (to_hr,) = [one.envelope for one in Email.select().where(Email.kind == "prescription_concluded")]
    assert (to_agent["to"], to_hr["to"]) == ("agent@exemple.fr", "hr@exemple.fr")
    assert f"/prescriptions/{journey.id}/attestation.pdf" in to_hr["body"]
    assert world.browser("hr").client.get(f"/prescriptions/{journey.id}/attestation.pdf").mimetype == "application/pdf"
    events = [Event.JOURNEY_CLOSED, Event.JOURNEY_CONCLUDED]
    assert JournalEntry.select().where(JournalEntry.event.in_(events), JournalEntry.journey_id == journey.id).count() == 2
    world.browser("hr").get(f"/prescriptions/restitutions/{world.home.disclosure.id}", status=404)


@pytest.mark.parametrize("key", ["phase", "meetings", "handing", "objectives-counsellor"])
def test_what_may_not_be_forced_is_not(journey, counsellor, do, key):
    make_ready(do, journey)
    if key == "phase":
        Journey.update(phase=Phase.ACCOMPANIMENT).where(Journey.id == journey.id).execute()
    elif key == "meetings":
        starts_at = now() + datetime.timedelta(days=2)
        Interview.update(outcome=None, held_minutes=None, starts_at=starts_at).where(Interview.journey == journey.id).execute()
    elif key == "handing":
        Closing.update(handed_over_on=None).where(Closing.journey == journey.id).execute()
    else:
        Attainment.delete().where(Attainment.journey == journey.id).execute()
    page = counsellor.get(f"{page_of(journey, 'parcours')}/clore")
    page.has("Ce bilan ne peut pas encore être clos", do(said, Journey.by_id_with_people(journey.id))[key].title)
    assert not page.soup.main.find("form")
    counsellor.post(page.path, {"synthesis": "x", "plan": "x"}, status=409)
    with pytest.raises(actions.NotReady) as refused:
        do(actions.close, journey=journey, reasons={"synthesis": "x", "plan": "x"}, by=journey.counsellor)
    assert [one.key for one in refused.value.items] == [key]
    assert Journey.get_by_id(journey.id).is_open


def test_a_synthesis_that_is_not_validated_and_a_plan_without_steps_are_explained_in_writing(journey, agent, counsellor, do):
    do(assess, journey, journey.counsellor, *objectives_in(journey), level="reached")
    Step.delete().where(Step.journey == journey.id).execute()
    page = counsellor.get(f"{page_of(journey, 'parcours')}/clore")
    counsellor.submit(page, {"synthesis": " "}, status=422).has("Écrivez la raison.")
    counsellor.submit(page, {"synthesis": "Sans nouvelles depuis deux mois.", "plan": "Pas eu le temps."}).has("Le bilan est clos.")
    agent.get(page_of(journey)).has("Sans nouvelles depuis deux mois.", "Pas eu le temps.", "pas validée")
    assert "Sans nouvelles" not in " ".join(one.envelope["body"] for one in Email.select())


def test_neither_writes_over_the_other_and_two_pages_of_one_do_not_lose_a_word(journey, agent, counsellor, do):
    address = f"{page_of(journey)}/objectifs"
    first, second = agent.get(address), agent.get(address)
    agent.submit(first, {"level_0": "reached", "sentence_0": "Le premier avis."})
    again = agent.submit(second, {"level_0": "dropped", "sentence_0": "Le second avis."}, status=409)
    again.has("Le premier avis.")
    assert again.soup.find("textarea").text.strip() == "Le second avis."
    agent.submit(again).has("Le second avis.")
    do(assess, journey, journey.counsellor, *objectives_in(journey), sentence="Le mien.")
    found = {side: one.content[objectives_in(journey)[0]]["sentence"] for side, one in Attainment.of_journey(journey).items()}
    assert found == {Side.AGENT: "Le second avis.", Side.COUNSELLOR: "Le mien."}
    agent.get(page_of(journey)).has("Le second avis.", "Le mien.")


def test_the_agent_may_take_an_opinion_back_and_is_not_held_to_one(journey, agent):
    page = agent.get(f"{page_of(journey)}/objectifs")
    agent.submit(page, {"sentence_0": "Une phrase seule."}, status=422).has("Choisissez aussi où en est cet objectif.")
    agent.submit(page).has("Votre avis est enregistré.")
    assert Attainment.of_journey(journey)[Side.AGENT].content == {}


def test_what_is_kept_is_nothing_unless_she_says_so_and_two_choices_do_not_cross(journey, agent, do):
    assert (Closing.of_journey(journey).keep, do(said, journey)["keeping"].done) == (Keep.NOTHING, False)
    address = f"{page_of(journey)}/garder"
    first, second = agent.get(address), agent.get(address)
    assert first.soup.find("input", {"name": "keep", "checked": True})["value"] == "nothing"
    assert len(first.soup.find(id="months").find_all("option")) == 12
    agent.submit(first, {"keep": "future", "months": "12", "need": "Mon projet."}).has("12 mois au plus")
    agent.submit(second, {"keep": "nothing"}, status=409).has("Un autre choix vient d’être enregistré")
    agent.submit(agent.get(address), {"keep": "nothing"}).has("Rien n’est gardé.")
    found = Closing.of_journey(journey)
    assert (found.keep, found.keep_months, found.need) == (Keep.NOTHING, None, None)


def test_a_bilan_closed_elsewhere_reads_clearly(journey, counsellor, do):
    make_ready(do, journey)
    page = counsellor.get(f"{page_of(journey, 'parcours')}/clore")
    do(actions.close, journey=journey, reasons={}, by=journey.counsellor)
    counsellor.submit(page, status=409).has("Ce bilan vient d’être clos")
    assert counsellor.get(page.path).h1 == "Bilan terminé"


def test_the_synthesis_is_not_handed_over_before_it_is_validated(journey, counsellor):
    page = counsellor.get(f"{page_of(journey, 'parcours')}/remise")
    counsellor.submit(page, status=422).has("La synthèse n’est pas encore validée par les deux.")


def test_nothing_of_the_end_is_said_before_the_last_phase(world, agent, counsellor, do):
    agent.get("/mon-bilan").lacks("La fin de votre bilan")
    journey = world.home.journey
    counsellor.get(page_of(journey, "parcours")).has("Le bilan n’est pas encore dans la phase")
    assert "phase" in [one.key for one in forbidding(do(items_of, Journey.by_id_with_people(journey.id)))]
