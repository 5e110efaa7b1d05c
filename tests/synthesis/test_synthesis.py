"""The synthesis, page by page: assembled, reworded, proposed, observed, validated by the two, frozen, printed."""

import io
from collections import Counter

import pytest
from client import Browser
from factories import make_condition, make_finding, make_journey, make_scenario, make_skill, make_step, make_synthesis
from pypdf import PdfReader

from bilan import worker
from bilan.database import database
from bilan.journeys.models import Journey
from bilan.mail.models import Email
from bilan.synthesis import actions
from bilan.synthesis.models import Synthesis, SynthesisPaper
from bilan.synthesis.rules import Block, Setting, digest


class Case:
    """A bilan, the browsers of its two people, and the addresses of its synthesis."""

    def __init__(self, app, **given):
        self.app = app
        with app.test_request_context():
            self.journey = Journey.by_id_with_people(make_journey(**given).id)
            make_finding(self.journey, sentence="L’aide aux autres revient partout.")
            make_skill(self.journey, name="Accueillir le public")
            make_condition(self.journey, sentence="Les trajets du matin", kind="obstacle")
            make_step(self.journey, scenario=make_scenario(self.journey, title="Une maison France services"), action="Appeler le CDG")
        self.agent, self.counsellor = Browser(app), Browser(app)
        self.agent.arrive(self.journey.agent)
        self.counsellor.arrive(self.journey.counsellor)

    def mine(self, rest=""):
        return f"/mon-bilan/{self.journey.id}/synthese{rest}"

    def theirs(self, rest=""):
        return f"/parcours/{self.journey.id}/synthese{rest}"

    def make(self, **far):
        with self.app.test_request_context():
            return make_synthesis(self.journey, **far)

    def last(self):
        with self.app.test_request_context():
            return Synthesis.of_journey(self.journey).version()

    def mails(self, kind):
        with self.app.test_request_context():
            return {one.envelope["to"] for one in Email.select().where(Email.kind == kind)}


@pytest.fixture
def case(app):
    return Case(app)


def test_the_whole_story(case):
    start = case.counsellor.get(case.theirs())
    shown = case.counsellor.submit(start, form="assembler")
    shown.has("En rédaction", "L’aide aux autres revient partout.", "Accueillir le public", "Les trajets du matin", "Appeler le CDG")
    shown.has("Vient de la lecture croisée, écrite par les deux.", "Version 1, écrite par vous")
    reworded = case.counsellor.submit(case.counsellor.get(case.theirs("/blocs/skills")), {"text": "- Accueillir, **toujours**."})
    reworded.has("Reformulé depuis.", "Version 2")
    assert "<strong>toujours</strong>" in reworded.html
    case.counsellor.submit(case.counsellor.get(case.theirs("/proposer"))).has("Proposé à l’agent")
    assert case.mails("synthesis_proposed") == {case.journey.agent.email}
    case.agent.submit(case.agent.get(case.mine("/observations")), {"text": "Je m’y retrouve."}).has("Je m’y retrouve.", "Version 3")
    case.agent.submit(case.agent.get(case.mine()), form="conditions/laisser", button=("out", "1")).lacks("Les trajets du matin")
    case.agent.submit(case.agent.get(case.mine("/valider"))).has("L’autre validation est attendue.")
    frozen = case.counsellor.submit(case.counsellor.get(case.theirs("/valider")))
    last = case.last()
    frozen.has("Validé par les deux", "Il ne change plus.", digest(last.content)[:32])
    frozen.lacks("Reformuler<", "Valider le document")
    assert case.mails("synthesis_validated") == {case.journey.agent.email, case.journey.counsellor.email}
    case.agent.get(case.mine("/versions/1")).has("Les trajets du matin")
    case.agent.get(case.mine("/versions/9"), status=404)


def test_once_frozen_nothing_changes(case):
    case.make(validated=(case.journey.agent, case.journey.counsellor))
    before = case.last().content
    for browser, path, data in (
        (case.agent, case.mine("/blocs/skills"), {"text": "t"}),
        (case.agent, case.mine("/observations"), {"text": "t"}),
        (case.agent, case.mine("/blocs/skills/laisser"), {"out": "1"}),
        (case.agent, case.mine("/blocs/skills/reprendre"), {}),
        (case.counsellor, case.theirs("/proposer"), {"seen": "y"}),
        (case.counsellor, case.theirs("/valider"), {}),
    ):
        browser.post(path, data | {"base": "1"}, status=409).has("il ne change plus")
    assert case.last().content == before


def test_a_text_written_on_an_older_version_comes_back_with_the_other(case):
    case.make()
    mine, theirs = case.agent.get(case.mine("/blocs/plan")), case.counsellor.get(case.theirs("/blocs/plan"))
    case.counsellor.submit(theirs, {"text": "Le sien."})
    both = case.agent.submit(mine, {"text": "Le mien."}, status=409)
    both.has("Le document a changé pendant que vous écriviez", "Le sien.", "Le mien.")
    case.agent.submit(both).has("Le mien.", "Version 3")


def test_a_change_clears_the_validations_and_a_rewording_the_proposal(case):
    case.make(proposed=True, validated=[case.journey.counsellor])
    case.agent.submit(case.agent.get(case.mine("/observations")), {"text": "Un mot."}).has("Proposé à l’agent", "Valider le document")
    assert Synthesis.of_journey(case.journey).counsellor_validated_at is None
    case.agent.submit(case.agent.get(case.mine("/blocs/plan")), {"text": "Autre chose."}).has("En rédaction")
    case.agent.get(case.mine("/valider"), status=409)
    case.agent.post(case.mine("/valider"), {"base": "3"}, status=409).has("pas encore proposé")


def test_a_version_that_is_no_longer_the_last_is_not_validated(case):
    case.make(proposed=True)
    page = case.counsellor.get(case.theirs("/valider"))
    case.agent.submit(case.agent.get(case.mine("/observations")), {"text": "Un mot."})
    case.counsellor.submit(page, status=409).has("Relisez la version la plus récente")
    assert Synthesis.of_journey(case.journey).counsellor_validated_at is None


def test_scores_and_health_are_read_again_before_proposing(case):
    case.make()
    case.counsellor.submit(case.counsellor.get(case.theirs("/blocs/results")), {"text": "Code RIA, 27 sur 50. Une maladie."})
    page = case.counsellor.get(case.theirs("/proposer"))
    page.has("semble contenir un score brut", "semble parler de")
    refused = case.counsellor.submit(page, status=422)
    refused.has("Relisez les passages signalés")
    case.counsellor.submit(refused, {"seen": True}).has("Proposé à l’agent")


def test_a_source_that_has_changed_is_offered_again(case):
    case.make()
    with case.app.test_request_context():
        make_skill(case.journey, name="Tenir un budget")
    page = case.agent.get(case.mine())
    page.has("La source a changé")
    page.lacks("Tenir un budget")
    case.agent.submit(page, form="skills/reprendre").has("Tenir un budget", "Version 2")


def test_the_agent_alone_observes_and_leaves_out(case):
    case.make()
    case.counsellor.get(case.mine("/observations"), status=404)
    case.counsellor.post(case.mine("/blocs/skills/laisser"), {"base": "1", "out": "1"}, status=404)
    case.agent.get(case.mine("/blocs/notice"), status=404)
    case.agent.get(case.mine("/blocs/observations"), status=404)
    case.counsellor.get(case.theirs()).lacks("Laisser hors du document")


def test_the_document_is_printed_by_the_worker(case):
    case.make(proposed=True)
    waiting = case.agent.submit(case.agent.get(case.mine()), form="pdf", button=("variant", "normal"))
    waiting.has("Le PDF est en préparation.", "Actualiser")
    case.agent.get(f"{waiting.path}/document.pdf", status=404)
    worker.run_pending()
    assert "Ouvrir le PDF" in case.agent.fragment(waiting.path).html
    again = case.counsellor.submit(case.counsellor.get(case.theirs()), form="pdf", button=("variant", "normal"))
    again.has("Le PDF est prêt.")
    assert SynthesisPaper.select().count() == 1
    answer = case.agent.client.get(f"{waiting.path}/document.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    held = database.execute_sql("SELECT content FROM synthesis_paper").fetchone()[0]
    assert b"%PDF" not in bytes(held), "the paper is kept in clear"


def read(case, variant="normal"):
    page = case.agent.submit(case.agent.get(case.mine()), form="pdf", button=("variant", variant))
    worker.run_pending()
    return PdfReader(io.BytesIO(case.agent.client.get(f"{page.path}/document.pdf").data))


def words(reader):
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def usual_size(reader):
    """Return the size, in points, in which most of the words are drawn."""
    found = Counter()
    for page in reader.pages:
        page.extract_text(visitor_text=lambda text, _matrix, _text_matrix, _font, size: found.update({size: len(text)}))
    return found.most_common(1)[0][0]


def titles(outline):
    return [title for one in outline for title in (titles(one) if isinstance(one, list) else [one.title])]


def test_the_pdf_is_the_document_in_its_order(case):
    case.make()
    text = "« Cœur de métier » : l’été, ÇA, 1 330 €"
    case.agent.submit(case.agent.get(case.mine("/blocs/skills")), {"text": f"{text}\n\n- un\n- deux"})
    case.agent.submit(case.agent.get(case.mine()), form="findings/laisser", button=("out", "1"))
    reader = read(case)
    assert text in words(reader).replace("\u00a0", " ")
    assert "L’aide aux autres" not in words(reader)
    found = [one.label for one in Block if one is not Block.FINDINGS]
    assert titles(reader.outline) == [*found, "Validations"]
    # Each title is in the contents, then over its block, in this order.
    places = [words(reader).rindex(title) for title in found]
    assert places == sorted(places)
    assert words(reader).count("Compétences et aptitudes") >= 2
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert case.journey.agent.display_name in reader.metadata.title
    assert f"page 1 / {len(reader.pages)}" in words(reader)


def lowest_words(page):
    """Return the last line of a page: its foot comes first in the file."""
    lines = [line.strip() for line in page.extract_text().splitlines() if line.strip()]
    assert any(line.startswith("page ") for line in lines[:3])
    return lines[-1].replace("\u00a0", " ")


@pytest.mark.parametrize("variant", ["normal", "large"])
def test_no_title_stands_alone_at_the_foot_of_a_page(case, variant):
    case.make()
    for lines in (3, 5, 7, 9, 11):  # the titles come at as many heights
        case.agent.submit(case.agent.get(case.mine("/blocs/findings")), {"text": "\n\n".join(["Une phrase assez courte."] * lines)})
        alone = {one.label for one in Block} | {one.origin for one in Block} | {"Obstacles", "Une maison France services"}
        pages = read(case, variant).pages
        assert len(pages) > 2
        assert not {lowest_words(page) for page in pages} & alone


@pytest.mark.parametrize("variant", ["normal", "large"])
def test_a_very_long_bilan_is_printed_whole(case, variant):
    case.make()
    text = "\n".join(f"- ligne {n} de ce que j’ai fait, avec quelques mots de plus" for n in range(300))
    case.agent.submit(case.agent.get(case.mine("/blocs/skills")), {"text": text})
    reader = read(case, variant)
    assert "ligne 0 " in words(reader)
    assert "ligne 299 " in words(reader)
    assert f"page {len(reader.pages)} / {len(reader.pages)}" in words(reader)


def test_large_print_is_larger(case):
    case.make()
    assert (usual_size(read(case)), usual_size(read(case, "large"))) == (10.5, 16)


def test_a_nearly_empty_bilan_has_its_document(app):
    with app.test_request_context():
        journey = Journey.by_id_with_people(make_journey().id)
        make_synthesis(journey)
    empty = Case.__new__(Case)
    empty.app, empty.journey, empty.agent = app, journey, Browser(app)
    empty.agent.arrive(journey.agent)
    empty.agent.get(empty.mine()).has("Rien n’est écrit.", "Aucune observation.")
    assert "Confidentialité" in titles(read(empty).outline)


def test_a_paper_that_cannot_be_set_says_so_and_is_tried_again(case, monkeypatch):
    case.make()
    with monkeypatch.context() as broken:
        broken.setattr(actions, "pdf", lambda *_, **__: 1 / 0)
        page = case.agent.submit(case.agent.get(case.mine()), form="pdf", button=("variant", "normal"))
        worker.run_pending()
        case.agent.get(page.path).has("La mise en page a échoué.")
    case.agent.submit(case.agent.get(case.mine()), form="pdf", button=("variant", "normal")).has("en préparation")
    worker.run_pending()
    assert SynthesisPaper.get().state is Setting.READY
