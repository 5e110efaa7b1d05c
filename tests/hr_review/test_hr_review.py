"""The review with HR: nothing without the agent, an agenda of titles, three people told, minutes that she reads first."""

import datetime

import pytest
from client import Browser
from endings import hold_review, make_review, plan_review, report
from factories import close, make_person
from told import tell

from bilan.database import now
from bilan.disclosure import actions as disclosure
from bilan.disclosure.models import Disclosure
from bilan.french import to_paris
from bilan.hr_review import actions
from bilan.hr_review.models import HrMinutes, HrMinutesReading, HrReview
from bilan.hr_review.rules import State, is_covered, state_of
from bilan.interviews import actions as interviews
from bilan.interviews.models import Interview
from bilan.interviews.rules import Outcome
from bilan.journal import Event, JournalEntry
from bilan.journeys.models import Journey
from bilan.mail.models import Email
from bilan.people.models import Role

TEXT = "Une mobilité vers l’accueil est envisagée.\nPoint en mars."


@pytest.fixture
def journey(world):
    """The open bilan of the world, whose agent tells HR something and has no review yet."""
    HrReview.delete().where(HrReview.id == world.home.review.id).execute()
    return Journey.by_id_with_people(world.home.journey.id)


@pytest.fixture
def do(world):
    """Run a deed as the product does, its e-mails holding links."""

    def run(deed, *arguments, **others):
        with world.app.test_request_context():
            return deed(*arguments, **others)

    return run


@pytest.fixture
def agent(world):
    return world.browser("agent")


@pytest.fixture
def counsellor(world):
    return world.browser("counsellor")


@pytest.fixture
def hr(world):
    return world.browser("hr")


def page_of(journey, way="mon-bilan"):
    return f"/{way}/{journey.id}/bilan-rh"


def mailed(kind):
    return sorted(email.envelope["to"] for email in Email.select().where(Email.kind == kind))


def test_where_a_review_stands():
    plain = {"accepted": False, "ended": False, "pending": False, "held": False}
    assert state_of(**plain) is State.PROPOSED
    assert state_of(**plain | {"accepted": True}) is State.ACCEPTED
    assert state_of(**plain | {"accepted": True, "pending": True}) is State.PLANNED
    assert state_of(**plain | {"accepted": True, "ended": True}) is State.OVER
    assert state_of(**plain | {"accepted": True, "held": True}) is State.HELD


def test_the_last_day_of_an_agreement_covers_a_meeting_until_its_midnight_in_paris():
    last = datetime.date.fromisoformat("2026-12-01")
    assert is_covered(datetime.datetime.fromisoformat("2026-12-01 22:59"), last)
    assert not is_covered(datetime.datetime.fromisoformat("2026-12-01 23:00"), last)


def test_from_the_proposal_of_the_counsellor_to_what_hr_reads(world, journey, agent, counsellor, hr):
    before = JournalEntry.select().count()
    page = counsellor.get(f"{page_of(journey, 'parcours')}/proposer")
    counsellor.submit(page, {"recipient": str(world.people["hr"].id)}).has("La proposition est faite.", "est attendue")
    assert mailed("hr_review_proposed") == ["agent@exemple.fr"]
    review = HrReview.current(journey)
    hr.get(f"/prescriptions/bilans-rh/{review.id}", status=404)
    hr.get("/prescriptions/restitutions").lacks(str(review.id))

    agent.get("/mes-donnees").lacks("Un entretien à trois avec")
    page = agent.submit(agent.get(page_of(journey)), form="/reponse", button=("answer", "yes"))
    page.has("C’est accepté.", "Conclusion du bilan")
    agent.get("/mes-donnees").has("Un entretien à trois avec Prénom hr")
    hr.get(f"/prescriptions/bilans-rh/{review.id}", status=404)

    soon = to_paris(now()).date() + datetime.timedelta(days=9)
    typed = {"date": soon.isoformat(), "time": "14:00", "place": "Mairie, salle du conseil"}
    page = counsellor.get(f"/parcours/bilan-rh/{review.id}/date")
    assert page.soup.find("option", selected=True)["value"] == "60"
    mails = len(mailed("interview_booked"))
    counsellor.submit(page, typed).has("La date est fixée.", "Mairie, salle du conseil")
    assert len(mailed("interview_booked")) == mails + 3
    told = [one.envelope for one in Email.select().where(Email.kind == "interview_booked") if one.envelope["to"] == "hr@exemple.fr"]
    assert f"/prescriptions/bilans-rh/{review.id}" in told[-1]["body"]
    assert "LOCATION:Mairie\\, salle du conseil" in told[-1]["calendar"]["text"].replace("\r\n ", "")
    page = hr.get(f"/prescriptions/bilans-rh/{review.id}")
    page.has("Mairie, salle du conseil", "Ordre du jour", "Conclusion du bilan")
    page.lacks(world.home.statement.content["text"])

    review = hold_review(HrReview.current(journey))
    counsellor.submit(counsellor.get(f"/parcours/bilan-rh/{review.id}/compte-rendu"), {"text": TEXT}).has("L’agent le lit, puis décide.")
    hr.get(f"/prescriptions/bilans-rh/{review.id}").has("Il n’y a rien à lire pour l’instant.")
    hr.post(f"/prescriptions/bilans-rh/{review.id}", status=409).lacks("Point en mars.")
    page = agent.get(page_of(journey))
    page.has("Point en mars.")
    agent.submit(page, form="/accord").has("Votre accord est donné.", "ne l’a pas encore lu")
    assert "hr@exemple.fr" in mailed("hr_minutes_agreed")
    page = hr.get(f"/prescriptions/bilans-rh/{review.id}")
    page.lacks("Point en mars.")
    hr.submit(page).has("Point en mars.")
    agent.get(page_of(journey)).has("Lu par Prénom hr")
    assert HrMinutesReading.select().join(HrMinutes).where(HrMinutes.review == review.id).count() == 1
    found = [entry.event for entry in JournalEntry.select().order_by(JournalEntry.created_at).offset(before)]
    ours = [Event(one) for one in found if str(one).startswith("hr_")]
    names = ("HR_REVIEW_PROPOSED", "HR_REVIEW_ACCEPTED", "HR_MINUTES_SAVED", "HR_MINUTES_AGREED", "HR_MINUTES_READ")
    assert ours == [Event[name] for name in names]
    bodies = " ".join(email.envelope["body"] for email in Email.select())
    assert "Point en mars." not in bodies


def test_the_agent_asks_only_somebody_who_has_her_agreement(journey, agent):
    agent.get(f"{page_of(journey)}/proposer").has("Prénom hr")
    Disclosure.update(revoked_at=now()).where(Disclosure.journey == journey.id).execute()
    agent.get(f"{page_of(journey)}/proposer").has("Donnez d’abord un accord")


def test_without_an_agreement_nothing_is_accepted_nor_planned(world, journey, agent, do):
    review = do(make_review, journey, by=journey.counsellor)
    do(disclosure.revoke, disclosure=Disclosure.by_id_with_people(world.home.disclosure.id))
    agent.get(page_of(journey)).has("Pour accepter, donnez d’abord un accord")
    agent.post(f"/mon-bilan/bilan-rh/{review.id}/reponse", {"answer": "yes"}, status=409)
    HrReview.update(accepted_at=now()).where(HrReview.id == review.id).execute()
    with pytest.raises(actions.NoAgreement):
        do(plan_review, HrReview.current(journey), days=4)
    assert HrReview.current(journey).interview is None


@pytest.mark.parametrize("planned", [False, True])
def test_to_refuse_tells_hr_nothing_and_to_give_up_says_only_that_it_is_cancelled(journey, agent, hr, planned, do):
    review = do(make_review, journey, by=journey.agent if planned else journey.counsellor, days=None)
    if planned:
        review = do(plan_review, review, days=1)
    told = len([one for one in Email.select() if one.envelope["to"] == "hr@exemple.fr"])
    agent.submit(agent.get(page_of(journey)), form="/reponse", button=("answer", "no")).has("Personne ne vous demandera pourquoi.")
    after = [one for one in Email.select().order_by(Email.created_at) if one.envelope["to"] == "hr@exemple.fr"]
    assert [one.kind for one in after[told:]] == (["interview_cancelled"] if planned else [])
    assert HrReview.current(journey) is None
    if planned:
        page = hr.get(f"/prescriptions/bilans-rh/{review.id}")
        page.has("Cet entretien est annulé.")
        page.lacks("Ordre du jour", "renonc")


def test_an_agreement_taken_back_cancels_the_meeting_and_tells_the_three(world, journey, hr, do):
    review, before = do(make_review, journey, days=1), mailed("interview_cancelled")
    do(disclosure.revoke, disclosure=Disclosure.by_id_with_people(world.home.disclosure.id))
    told = mailed("interview_cancelled")
    assert sorted(set(told) - set(before)) == ["agent@exemple.fr", "counsellor@exemple.fr", "hr@exemple.fr"]
    assert Interview.get_by_id(review.interview_id).is_cancelled
    assert HrReview.by_id_with_people(review.id).state is State.OVER
    hr.get(f"/prescriptions/bilans-rh/{review.id}").has("Cet entretien est annulé.")


@pytest.mark.parametrize(("days", "goes_on"), [(20, True), (2, False)])
def test_another_agreement_keeps_the_meeting_when_it_lasts_until_it(world, journey, days, goes_on, do):
    review = do(make_review, journey, days=4)
    do(tell, journey, world.people["hr"], "plan", days=days)
    fresh = HrReview.by_id_with_people(review.id)
    assert (fresh.state is State.PLANNED) is goes_on
    assert fresh.agenda == ["Plan d’action"]


def test_a_date_beyond_the_agreement_is_refused_on_the_page(journey, counsellor, do):
    review = do(make_review, journey)
    far = to_paris(now()).date() + datetime.timedelta(days=90)
    page = counsellor.get(f"/parcours/bilan-rh/{review.id}/date")
    counsellor.submit(page, {"date": far.isoformat(), "time": "10:00"}, status=422).has("L’accord de l’agent s’arrête le")
    past = {"date": "2026-01-05", "time": "10:00"}
    counsellor.submit(page, past, status=422).has("Choisissez une date à venir")


def test_moved_elsewhere_or_cancelled_by_the_service_the_three_are_told(journey, do):
    review = do(make_review, journey, days=4, place="Mairie")
    before = len(mailed("interview_moved"))
    same = {name: getattr(review.interview, name) for name in ("mode", "starts_at", "planned_minutes")}
    do(actions.plan, review=review, place="École", by=journey.counsellor, **same)
    assert len(mailed("interview_moved")) == before + 3
    do(actions.plan, review=review, place="École", by=journey.counsellor, **same)
    assert len(mailed("interview_moved")) == before + 3
    interview = Interview.by_id_with_people(review.interview_id)
    told = len(mailed("interview_cancelled"))
    do(interviews.cancel_interview, interview=interview, outcome=Outcome.CANCELLED_BY_SERVICE, reason=None, by=journey.counsellor)
    assert len(mailed("interview_cancelled")) == told + 3
    assert HrReview.current(journey).state is State.ACCEPTED
    assert do(plan_review, HrReview.current(journey), days=6).state is State.PLANNED


def test_a_review_is_not_a_meeting_that_the_ordinary_pages_plan_or_move(journey, agent, counsellor, do):
    review = do(make_review, journey, days=4)
    offered = counsellor.get(f"/parcours/{journey.id}/entretiens/nouveau").soup.find(id="kind")
    assert "hr_review" not in {option["value"] for option in offered.find_all("option")}
    page = counsellor.get(f"/parcours/entretiens/{review.interview_id}/modifier")
    assert page.h1 == "Changer la date ou le lieu"
    agent.get(f"/mon-bilan/rendez-vous/{review.interview_id}/deplacer", status=404)
    agent.get(f"/mon-bilan/entretiens/{review.interview_id}").has("Ordre du jour, ou y renoncer")


def test_a_review_takes_the_place_of_no_session(world, journey, agent, do):
    Interview.delete().where(Interview.id == world.home.coming.id).execute()
    review = do(make_review, journey, days=1)
    agent.get("/mon-bilan/rendez-vous").lacks("Vous avez déjà un rendez-vous")
    day = to_paris(review.interview.starts_at).date().isoformat()
    page = world.browser("secretariat").get(f"/agenda?jour={day}")
    page.has("Bilan avec le service RH")
    page.lacks(f"{review.interview_id}/deplacer")


def test_minutes_that_changed_are_read_again_before_the_agent_agrees(journey, agent, counsellor, do):
    review = hold_review(do(make_review, journey, days=3))
    do(report, review, TEXT, agreed=False)
    page = agent.get(page_of(journey))
    write = f"/parcours/bilan-rh/{review.id}/compte-rendu"
    first, second = counsellor.get(write), counsellor.get(write)
    counsellor.submit(first, {"text": "Plus court."})
    agent.submit(page, form="/accord", status=409).has("Le compte rendu a changé depuis votre lecture.", "Plus court.")
    again = counsellor.submit(second, {"text": "Plus long."}, status=409)
    again.has("Plus court.")
    assert again.soup.find("textarea").text.strip() == "Plus long."
    counsellor.submit(again)
    agent.submit(agent.get(page_of(journey)), form="/accord").has("Votre accord est donné.")
    counsellor.get(write, status=409).has("il ne change plus")
    with pytest.raises(actions.MinutesFrozen):
        do(actions.write_minutes, review=review, text="t", base=2, by=journey.counsellor)


@pytest.mark.parametrize("how", ["revoked", "expired", "closed"])
def test_hr_reads_the_minutes_no_longer_once_it_is_over(world, journey, hr, how, do):
    review = do(report, hold_review(do(make_review, journey, days=3)), TEXT)
    address = f"/prescriptions/bilans-rh/{review.id}"
    hr.submit(hr.get(address)).has("Point en mars.")
    if how == "revoked":
        do(disclosure.revoke, disclosure=Disclosure.by_id_with_people(world.home.disclosure.id))
        assert Interview.get_by_id(review.interview_id).is_held
    elif how == "expired":
        Disclosure.update(until=now().date() - datetime.timedelta(days=2)).where(Disclosure.journey == journey.id).execute()
    else:
        close(journey)
    hr.get(address).has("Il n’y a rien à lire pour l’instant.")
    hr.post(address, status=409).lacks("Point en mars.")
    assert HrMinutesReading.select().join(HrMinutes).where(HrMinutes.review == review.id).count() == 1


def test_another_officer_of_the_same_service_sees_nothing_of_it(world, journey, do):
    review = do(report, hold_review(do(make_review, journey, days=3)), TEXT)
    browser = Browser(world.app)
    browser.arrive(do(make_person, Role.HR, employer=world.people["hr"].employer))
    browser.get(f"/prescriptions/bilans-rh/{review.id}", status=404)
    browser.post(f"/prescriptions/bilans-rh/{review.id}", status=404)
    world.browser("other_hr").post(f"/prescriptions/bilans-rh/{review.id}", status=404)
