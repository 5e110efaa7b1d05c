"""What a process does once and remembers: it never serves one person what is another's, nor what has changed since."""

import datetime

import pytest
from factories import answer, assign, make_employer
from itsdangerous import BadSignature, SignatureExpired
from jinja2 import UndefinedError
from markupsafe import Markup
from peewee import IntegrityError

from bilan import signatures
from bilan.database import now
from bilan.mail.models import Relay
from bilan.people.models import Person, Role
from bilan.quality.models import QualityReport
from bilan.questionnaires import boxes
from bilan.questionnaires.models import Answer
from bilan.signatures import Remembering


@pytest.fixture
def databases(sqlite_databases):
    return sqlite_databases


@pytest.fixture
def signer():
    return Remembering("a secret", salt="a salt")


def test_each_reader_has_a_content_of_its_own(signer):
    signed = signer.dumps({"person": "Paul", "told": ["first"]})
    first = signer.loads(signed)
    first["person"] = "Anne"
    first["told"].append("second")
    assert signer.loads(signed) == {"person": "Paul", "told": ["first"]}


def test_what_was_not_signed_here_is_refused_however_often_it_comes(signer):
    signed = signer.dumps({"person": "Paul"})
    signer.loads(signed)
    content, _, signature = signed.rpartition(".")
    other = f"{content}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
    for wrong in (other, "A" + signed[1:], content, Remembering("another", salt="a salt").dumps({"person": "Paul"}), ""):
        for _ in range(2):
            with pytest.raises(BadSignature):
                signer.loads(wrong)


def test_what_is_remembered_grows_old_all_the_same(signer, monkeypatch):
    signed, present = signer.dumps({}), signatures.time.time()
    assert signer.loads(signed, max_age=60) == {}
    for moment in (present + 62, present - 3600):  # an hour before it was signed: the clock was set back
        monkeypatch.setattr(signatures.time, "time", lambda moment=moment: moment)
        with pytest.raises(SignatureExpired):
            signer.loads(signed, max_age=60)
    assert signer.loads(signed) == {}


def test_a_token_of_one_session_is_worth_nothing_in_another(world):
    counsellor, agent = world.browser("counsellor"), world.browser("agent")
    token = agent.csrf_token()
    for _ in range(2):
        assert agent.client.post("/affichage", data={"csrf_token": token}).status_code != 400
        assert counsellor.client.post("/affichage", data={"csrf_token": token}).status_code == 400


def test_a_tag_is_remembered_by_its_words_its_kind_and_their_types(app):
    with app.test_request_context():
        tag = app.jinja_env.get_template("components/status.html").module.tag
        for _ in range(2):
            assert "&lt;b&gt;" in tag("<b>")
            assert "<b>" in tag(Markup("<b>"))
            assert "tag-done" in tag("<b>", "done")
            assert "tag-info" in tag("<b>")
        with pytest.raises(UndefinedError):
            tag(app.jinja_env.undefined(name="absent"))


def test_the_shared_pages_keep_the_way_of_each_reader(world):
    for _ in range(2):
        for name, way in (("agent", "/mon-bilan/"), ("counsellor", "/parcours/")):
            page = world.browser(name).get(f"{way}{world.home.journey.id}/pistes")
            links = {one["href"] for one in page.soup.select(".sections a")}
            assert f"{way}{world.home.journey.id}/scenarios" in links
            assert not [one for one in links if one.startswith("/mon-bilan/" if way == "/parcours/" else "/parcours/")]


def test_several_values_of_one_name_are_an_address_too(app):
    with app.test_request_context("/"):
        assert app.url_for("quality.index", par=["a", "b"]) == "/qualite?par=a&par=b"
        assert app.url_for("quality.index", par="a", _anchor="ici") == "/qualite?par=a#ici"
        assert app.url_for("quality.index", _external=True) == "http://localhost/qualite"


def test_neither_words_searched_nor_a_token_stay_in_memory(app):
    with app.test_request_context("/"):
        app.url_for("quality.index")
        kept = app._remembered.cache_info().currsize
        for values in ({"q": "burn-out"}, {"token": "secret"}, {"next": "/parcours"}):
            assert app.url_for("quality.index", **values).startswith("/qualite?")
            assert app._remembered.cache_info().currsize == kept
        app.url_for("quality.index", annee=2026)
        assert app._remembered.cache_info().currsize == kept + 1


def test_a_question_shows_the_answer_of_its_reader_and_says_of_nobody_whose_it_is(world):
    boxes._known_box.cache_clear()
    mine = world.home.started
    Answer.delete().where(Answer.passation == mine).execute()
    item = mine.instrument.items[0].id
    path = f"/mon-bilan/questionnaires/{mine.id}"
    agent, buttons = world.browser("agent"), f"input[name={item}]"

    def chosen():
        return [one["value"] for one in agent.get(f"{path}/page/1").soup.select(buttons) if one.has_attr("checked")]

    assert chosen() == []
    for value in ("2", "5", "sans", "2"):
        agent.fragment(f"{path}/reponses/{item}", {item: value, "seen": "0"})
        assert chosen() == [value]
    html = agent.get(f"{path}/page/1").html
    questions = html[html.index('<div class="question-box">') : html.index('<div class="actions">')]
    assert str(mine.id) not in questions


def test_what_somebody_wrote_is_not_remembered(world):
    boxes._known_box.cache_clear()
    with world.app.test_request_context():
        passation = assign(world.home.journey, "ressources-et-freins")
        Answer.put(passation, "M1-phrase", "Ma mère est malade.", now())
    agent = world.browser("agent")
    agent.get(f"/mon-bilan/questionnaires/{passation.id}/page/1").has("Ma mère est malade.")
    shown = [one for one in passation.instrument.questions[:6] if one.part.kind != "text"]
    assert boxes._known_box.cache_info().currsize == len(shown), "a sentence is in memory"


def test_a_page_opens_no_other_answer_than_those_it_shows(world, monkeypatch):
    with world.app.test_request_context():
        passation = answer(world.home.started)
    opened, unseal = [], Answer.value.unseal
    monkeypatch.setattr(Answer.value, "unseal", lambda *given: opened.append(1) or unseal(*given))
    page = world.browser("agent").get(f"/mon-bilan/questionnaires/{passation.id}/page/2")
    assert len(opened) == 6
    page.has("48 réponses sur 48")


def test_the_figures_that_were_written_change_with_what_they_are_written_of(world):
    manager, year = world.browser("manager"), now().year - 1
    QualityReport.delete().execute()
    seen = []
    for met in (5, 9):
        QualityReport.delete().execute()
        QualityReport.create(year=year, content=f'{{"satisfaction": {{"whole": [10, {met}, {met * 10}]}}}}')
        seen.append([manager.get(f"/qualite?annee={year}").text for _ in range(2)])
    assert [one[0] == one[1] for one in seen] == [True, True]
    assert "5 réponses" in seen[0][0]
    assert "9 réponses" in seen[1][0]
    assert "5 réponses" not in seen[1][0]


def test_a_row_is_inserted_as_peewee_would(world):
    moment = datetime.datetime(2026, 11, 29, 10, 0, tzinfo=None)  # noqa: DTZ001 -- as the database stores it
    plain = {"email": "une@roanne.example", "display_name": "Une", "role": Role.AGENT}
    employer = make_employer()
    one = Person.create(**plain)
    other = Person.create(created_at=moment, **(plain | {"email": "autre@roanne.example", "employer": employer}))
    read = {row.email: row for row in Person.select().where(Person.id.in_([one.id, other.id]))}
    assert read["une@roanne.example"].__data__ == {"employer": None, "password": None} | one.__data__
    assert read["autre@roanne.example"].created_at == moment
    assert read["autre@roanne.example"].employer_id == employer.id
    assert not one.dirty_fields


def test_an_insertion_that_is_refused_says_so(world):
    with pytest.raises(IntegrityError):
        Person.create(email=world.agent.email, display_name="La même", role=Role.AGENT)
    with pytest.raises(IntegrityError):
        Relay.create(person=world.agent, channel=None, contact="", source_id=world.agent.id)
