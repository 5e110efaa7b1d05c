"""What an agent asks, who sees what of it, and what the public page takes."""

import pytest
from adaptings import HIDDEN, add, ask, decide, put_in_place, write
from client import Browser
from factories import make_journey, make_person

from bilan.adaptations import actions
from bilan.adaptations.models import AdaptationEntry, AdaptationRequest
from bilan.adaptations.rules import CounsellorSees, Need, State
from bilan.complaints import rules as complaint_rules
from bilan.mail.models import Email
from bilan.measures.models import Measure, seen_by_counsellor
from bilan.people.models import Role
from bilan.people.rules import read_display


@pytest.fixture
def people(app):
    with app.test_request_context():
        journey = make_journey()
        return journey, make_person(Role.DISABILITY_REFERENT)


def browser_of(app, person):
    browser = Browser(app)
    browser.arrive(person)
    return browser


def test_the_agent_asks_from_her_bilan_and_the_referent_reads_what_she_shows(app, people):
    journey, referent = people
    agent = browser_of(app, journey.agent)
    page = agent.get(agent.get("/mon-bilan").soup.find("a", string="Demander une adaptation")["href"])
    page = agent.get(page.soup.find("a", string="Demander une adaptation")["href"])
    page.has("jamais pourquoi")
    agent.submit(page, {"words": "Une salle sans bruit."}, status=422).has("Cochez au moins un besoin")
    made = agent.submit(page, {"welcome": "calm_room", "words": "Une salle sans bruit."})
    made.has("Ma demande du", "à l’étude", "Une salle calme", "Une salle sans bruit.")
    page = browser_of(app, referent).get("/adaptations")
    page.has("Une personne accompagnée", "Une salle calme", "décider : reste")
    page.lacks(journey.agent.display_name)
    mine = AdaptationRequest.get()
    assert (mine.journey_id, mine.channel.value) == (journey.id, "bilan")
    page = browser_of(app, referent).get(f"/adaptations/{mine.id}")
    page.has("Une salle sans bruit.")
    page.lacks(journey.agent.display_name, journey.counsellor.display_name)


def test_the_whole_way_of_a_request(app, people):
    journey, referent = people
    with app.test_request_context():
        mine = ask(journey.agent, journey, **HIDDEN)
    desk, agent = browser_of(app, referent), browser_of(app, journey.agent)
    here = f"/adaptations/{mine.id}"
    desk.submit(desk.get(f"{here}/decision"), {"decision": "granted"}, status=422).has("Écrivez le motif")
    page = desk.submit(desk.get(f"{here}/decision"), {"decision": "granted", "reason": "La salle 2 est calme."})
    page.has("Accordée", "à mettre en place")
    page = desk.submit(desk.get(page.soup.find("a", string="La durée des entretiens")["href"]), {"minutes": "150"})
    page = desk.submit(page, form=f"/mesures/{Measure.get().id}", button=("action", "apply"))
    page.has("Entretiens de 2 h 30", "en place depuis le", "à vérifier avec la personne")
    page = agent.get(f"/mon-bilan/adaptations/{mine.id}")
    page.has("Entretiens de 2 h 30", "La salle 2 est calme.", "Ce qui est en place vous convient-il")
    agent.submit(page, {"suits": "no"}, form="/avis", status=422).has("Dites ce qu’il faudrait changer.")
    agent.submit(page, {"suits": "no", "words": "Encore un peu plus."}, form="/avis").has("à revoir")
    page = desk.get(here)
    page.has("Elle demande que ce soit revu.", "Encore un peu plus.")
    page = desk.submit(page, {"text": "Elle dit que cela va."}, form="/verification")
    page.has("vérifiée avec la personne")
    agent.submit(agent.get(f"/mon-bilan/adaptations/{mine.id}/reprendre")).has("reprise par vous")
    desk.get(here).lacks("Plus de temps", "La salle 2 est calme.", "Encore un peu plus.")
    told = {"what": "told", "text": "t", "submission": str(mine.submission)}
    desk.post(here, told, status=409).has("La personne a repris sa demande")
    desk.post(f"/adaptations/mesures/{Measure.get().id}", {"action": "apply"}, status=409)
    desk.post(f"{here}/decision", {"decision": "refused", "reason": "r", "base": "9"}, status=404)


@pytest.mark.parametrize(
    ("name", "text"), [("shows_words", "Mes mots à moi"), ("shows_name", "Prénom choisi"), ("shows_meetings", "Accompagnée par")]
)
def test_each_choice_shows_one_thing_to_the_referent(app, people, name, text):
    _, referent = people
    with app.test_request_context():
        agent = make_person(Role.AGENT, name="Prénom choisi")
        journey = make_journey(agent)
        mine = ask(agent, journey, words="Mes mots à moi", **HIDDEN)
    desk = browser_of(app, referent)
    desk.get(f"/adaptations/{mine.id}").lacks("Mes mots à moi", "Prénom choisi", "Accompagnée par")
    with app.test_request_context():
        actions.share(request=mine, shown=HIDDEN | {name: True}, by=agent)
        assert [one.kind.value for one in AdaptationEntry.of_request(mine)] == ["shared"]
    desk.get(f"/adaptations/{mine.id}").has(text)


@pytest.mark.parametrize(("sees", "found"), [("nothing", []), ("measures", [(0, 1)]), ("all", [(2, 1)])])
def test_the_counsellor_knows_what_the_agent_lets_her(app, people, sees, found):
    journey, referent = people
    with app.test_request_context():
        mine = ask(journey.agent, journey, words="Mots", counsellor_sees=CounsellorSees(sees))
        assert seen_by_counsellor(journey.id) == []
        decide(mine, referent)
        put_in_place(mine, referent, "other", text="Salle 2")
        add(mine, referent, "other", text="Salle 3")
        seen = seen_by_counsellor(journey.id)
        assert [(len(one.needs), len(one.measures)) for one in seen] == found
        assert all(one.words == "" for one in seen)
        actions.withdraw(request=mine, by=journey.agent)
        assert seen_by_counsellor(journey.id) == []


def test_the_public_page_asks_without_an_account(app, people, monkeypatch):
    monkeypatch.setattr(complaint_rules, "MINIMUM_SECONDS", 0)
    _, referent = people
    visitor = Browser(app)
    page = visitor.get("/adaptations/demande")
    values = {"name": "Rose Thiers", "contact": "06 00 00 00 00", "welcome": "step_free"}
    assert visitor.submit(page, values | {"site_web": "x"}).h1 == "Votre demande est reçue"
    assert AdaptationRequest.select().count() == 0
    visitor.submit(page, {**values, "contact": ""}, status=422).has("Indiquez un moyen de vous répondre.")
    for _ in range(2):  # the same form sent twice
        assert visitor.submit(page, values).h1 == "Votre demande est reçue"
    mine = AdaptationRequest.get()
    desk = browser_of(app, referent)
    page = desk.get(f"/adaptations/{mine.id}")
    page.has("Rose Thiers", "06 00 00 00 00")
    desk.submit(page, {"text": "Appelée ce matin."}, form=str(mine.id)).has("Dit à la personne, hors de l’application".lower())
    desk.get(f"/adaptations/{mine.id}/mesures/session", status=404)


def test_a_double_click_keeps_one_of_each(app, people):
    journey, referent = people
    agent, desk = browser_of(app, journey.agent), browser_of(app, referent)
    page = agent.get("/mon-bilan/adaptations/nouvelle")
    for _ in range(2):
        answer = agent.submit(page, {"tools": "large_print", "words": "Un lecteur."})
    for _ in range(2):
        agent.submit(answer, {"text": "Un mot."}, form=answer.path)
    mine = AdaptationRequest.get()
    with app.test_request_context():
        decide(mine, referent)
    page = desk.get(f"/adaptations/{mine.id}/mesures/remote")
    for _ in range(2):
        desk.submit(page)
    assert [one.select().count() for one in (AdaptationRequest, AdaptationEntry, Measure)] == [1, 1, 1]


def test_two_tabs_decide_and_nothing_is_lost(app, people):
    journey, referent = people
    with app.test_request_context():
        mine = ask(journey.agent, journey)
    first, second = browser_of(app, referent), browser_of(app, referent)
    pages = [one.get(f"/adaptations/{mine.id}/decision") for one in (first, second)]
    first.submit(pages[0], {"decision": "granted", "reason": "Oui, en salle 2."})
    page = second.submit(pages[1], {"decision": "partly", "reason": "En partie."}, status=409)
    page.has("Oui, en salle 2.", "En partie.")
    second.submit(page, {}).has("Accordée en partie", "En partie.")
    assert AdaptationRequest.get().state is State.DECIDED


def test_the_emails_say_only_that_something_waits(app, people):
    journey, referent = people
    with app.test_request_context():
        mine = ask(journey.agent, journey, words="Mes mots")
        write(mine, journey.agent, "Un message")
        decide(mine, referent, reason="Un motif")
        write(mine, referent, "Une réponse")
        put_in_place(mine, referent, "reading", choices=["large", "one_question"])
        sent = [one.envelope for one in Email.select() if one.kind in ("to_read", "adaptation_news")]
    assert len(sent) == 5
    for one in sent:
        text = one["subject"] + one["body"]
        hidden = ("Mes mots", "Un message.", "Un motif", "Une réponse", *(need.label for need in Need))
        assert not [word for word in hidden if word in text]
        if one["to"] == journey.agent.email:
            assert "daptation" not in text.replace(one["personal_links"][0], "")
        else:
            assert journey.agent.display_name not in text


def test_what_was_set_on_the_screen_stays_hers(app, people):
    journey, referent = people
    with app.test_request_context():
        mine = decide(ask(journey.agent, journey), referent)
        put_in_place(mine, referent, "reading", choices=["large", "one_question"])
    page = browser_of(app, journey.agent).get("/affichage")
    assert page.soup.find(id="one_question").has_attr("checked")
    display = read_display(type(journey.agent).get_by_id(journey.agent_id).preferences)
    assert (display.text, display.one_question, display.plain_texts) == ("large", True, False)
