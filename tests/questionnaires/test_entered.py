"""Answers given on paper or by phone: the counsellor types them, marked so; the agent's own way is closed meanwhile."""

import io

import pytest
from factories import answer, assign, some_answer
from pypdf import PdfReader

from bilan.mail.models import Email
from bilan.people.models import Person
from bilan.people.rules import Display
from bilan.questionnaires.models import Passation
from bilan.questionnaires.rules import Channel, Wording


@pytest.fixture
def counsellor(world):
    return world.browser("counsellor")


@pytest.fixture
def agent(world):
    return world.browser("agent")


def fresh(world, name):
    return Passation.by_id_with_people(getattr(world.home, name).id)


def address(world, name, way="parcours"):
    return f"/{way}/questionnaires/{getattr(world.home, name).id}"


def test_the_counsellor_takes_over_and_gives_back_what_was_begun(world, agent, counsellor):
    page = counsellor.submit(counsellor.get(f"{address(world, 'started')}/saisie"), {"channel": "phone"})
    page.has("Réponses de Prénom agent, par téléphone", "7 réponses sur 48", "Reprendre où vous en étiez")
    agent.get(address(world, "started", "mon-bilan")).has("Vous répondez par téléphone", "note vos réponses pour vous")
    agent.get(f"{address(world, 'started', 'mon-bilan')}/page/1", status=404)
    assert fresh(world, "started").entered_by == world.counsellor
    counsellor.submit(counsellor.get(f"{address(world, 'started')}/saisie"), {"channel": "online"})
    agent.get(f"{address(world, 'started', 'mon-bilan')}/page/1")
    counsellor.get(f"{address(world, 'started')}/page/1", status=404)
    assert len(fresh(world, "started").answers()) == 7


def test_the_counsellor_types_submits_and_the_result_says_how(world, agent, counsellor):
    answer(fresh(world, "entered"))
    before = Email.select().where(Email.kind == "questionnaire_submitted").count()
    page = counsellor.get(f"{address(world, 'entered')}/verification")
    page.has("Relire les réponses", "48 réponses sur 48")
    page = counsellor.submit(page)
    page.has("Réponses données sur papier, saisies par Prénom counsellor")
    # Nobody writes to the counsellor about what she has just done.
    assert Email.select().where(Email.kind == "questionnaire_submitted").count() == before
    page.lacks("plus vite qu’on ne lit")


def test_a_questionnaire_is_printed_to_be_filled_by_hand(world, counsellor):
    reply = counsellor.client.get(f"{address(world, 'assigned')}/a-remplir.pdf")
    assert reply.mimetype == "application/pdf"
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(reply.data)).pages).split())
    questions = fresh(world, "assigned").instrument.questions
    assert all(question.text in text for question in (questions[0], questions[-1]))


@pytest.mark.parametrize("plain", [False, True])
def test_the_wording_chosen_is_shown_and_recorded(world, agent, plain):
    Passation.update(version=2).where(Passation.id == world.home.assigned.id).execute()
    agent.submit(agent.get("/affichage"), {"plain_texts": plain})
    page = agent.get(f"{address(world, 'assigned', 'mon-bilan')}/page/1")
    question = fresh(world, "assigned").instrument.questions[0]
    page.has(question.plain if plain else question.text)
    agent.submit(page, {one.id: "4" for one in fresh(world, "assigned").instrument.questions[:6]})
    assert fresh(world, "assigned").wording is (Wording.PLAIN if plain else Wording.STANDARD)


def test_a_reader_who_changes_her_mind_has_read_both(world, agent):
    path = address(world, "started", "mon-bilan")
    Person.update(preferences=Display(plain_texts=True).dump()).where(Person.id == world.agent.id).execute()
    page = agent.get(f"{path}/page/2")
    agent.fragment(f"{path}/reponses/R3", {"R3": "4", "seen": page.soup.find(id="seen")["value"]})
    assert fresh(world, "started").wording is Wording.BOTH


def test_a_handed_in_questionnaire_is_not_taken_over(world, counsellor):
    counsellor.get(f"{address(world, 'submitted')}/saisie", status=404)
    counsellor.post(f"{address(world, 'submitted')}/saisie", {"channel": "paper"}, status=404)
    assert fresh(world, "submitted").channel is Channel.ONLINE


def test_a_ranking_gives_each_place_to_another_value(world, agent):
    with world.app.test_request_context():
        passation = assign(world.home.journey, "valeurs")
    path = f"/mon-bilan/questionnaires/{passation.id}"
    last = 13
    page = agent.get(f"{path}/page/{last}")
    page.has("Parmi ces valeurs", "En premier", "En cinquième")
    places = {f"rang-{place}": "UTI" if place < 3 else "sans" for place in range(1, 6)}
    page = agent.submit(page, places, status=422)
    page.has("Cette réponse est à deux places.")
    assert page.soup.find("select", {"name": "rang-2"}).find("option", selected=True)["value"] == "UTI"
    agent.submit(page, {"rang-2": "AUT"})
    assert Passation.get_by_id(passation.id).answers()["rang-2"] == "AUT"


def test_a_ranking_saved_place_by_place_is_checked_before_it_is_handed_in(world, agent):
    with world.app.test_request_context():
        passation = answer(assign(world.home.journey, "valeurs"))
    path = f"/mon-bilan/questionnaires/{passation.id}"
    agent.fragment(f"{path}/reponses/rang-2", {"rang-2": "UTI", "seen": "1"})
    page = agent.submit(agent.get(f"{path}/verification"), status=422)
    page.has("Le classement est à revoir", "Utilité")
    assert Passation.get_by_id(passation.id).submitted_at is None


def test_a_sentence_is_saved_taken_back_and_bounded(world, agent):
    with world.app.test_request_context():
        passation = assign(world.home.journey, "ressources-et-freins")
    path = f"/mon-bilan/questionnaires/{passation.id}"
    agent.fragment(f"{path}/reponses/M1-phrase", {"M1-phrase": "Deux\r\nlignes", "seen": "0"}).has("Enregistré à")
    assert Passation.get_by_id(passation.id).answers() == {"M1-phrase": "Deux\nlignes"}
    page = agent.get(f"{path}/page/1")
    agent.submit(page, {"M1-phrase": ""})
    assert Passation.get_by_id(passation.id).answers() == {}
    agent.fragment(f"{path}/reponses/M1-phrase", {"M1-phrase": "x" * 501, "seen": "0"}, status=422).has("dépasse 500 caractères")
    agent.submit(agent.get(f"{path}/page/1"), {"M1-phrase": "x" * 501}, status=422)
    agent.submit(agent.get(f"{path}/verification"), status=422).has("attend une réponse")


def test_what_each_kind_of_question_takes(world):
    instrument = fresh(world, "grid").instrument
    for rank, question in enumerate(instrument.questions):
        assert question.holds(some_answer(question, rank))
        assert not question.holds(["liste"])
