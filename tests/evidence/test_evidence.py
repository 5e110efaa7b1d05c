"""The evidence file: what is in the ZIP, what is not, who takes it, when it goes."""

import csv
import datetime
import io
import re
import zipfile
from html.parser import HTMLParser

import factories
import pytest
from evidences import make_evidence_file
from improvements import finish, publish, start
from pypdf import PdfReader

from bilan import vault, worker
from bilan.closing.models import Attainment
from bilan.closing.rules import Side
from bilan.complaints.models import Complaint
from bilan.database import database, now
from bilan.evidence import actions, lists, samples
from bilan.evidence.archive import build
from bilan.evidence.models import EvidenceFile
from bilan.evidence.rules import Period, sample
from bilan.french import to_paris
from bilan.journeys.models import Journey
from bilan.journeys.rules import Phase
from bilan.people.models import Person
from bilan.prescriptions.models import Prescription
from bilan.proposals.actions import write_wishes
from bilan.quality.actions import compute
from bilan.tables import ODS_TYPE

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.\w+)+")
IDENTIFIER = re.compile(r"\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})\b", re.IGNORECASE)
SECRET = "TEXTE-SECRET"
PUBLISHED = {"secretariat@espace2m.org", "stephanie.fonti@espace2m.org", "laurent.monon@espace2m.org"}


def this_year():
    today = to_paris(now()).date()
    return Period(today - datetime.timedelta(days=365), today)


def words_in(name, content):
    """Return what somebody reads in a file of the ZIP."""
    if name.endswith(".pdf"):
        reader = PdfReader(io.BytesIO(content))
        return " ".join([page.extract_text() for page in reader.pages] + [str(value) for value in reader.metadata.values()])
    if name.endswith(".ods"):
        with zipfile.ZipFile(io.BytesIO(content)) as sheet:
            return " ".join(sheet.read(one).decode() for one in ("content.xml", "meta.xml"))
    return content.decode("utf-8-sig")


def opened(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


class Links(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name == "href"]


@pytest.fixture(scope="module")
def kept():
    """What one making of the world's file gave, for the tests that only read it."""
    return {}


@pytest.fixture
def files(world, kept):
    """A file of the world and of seven more bilans, led to their end, and six more complaints."""
    if not kept:
        with world.app.test_request_context():
            for rank in range(7):
                live(factories.make_journey(expectations=SECRET), rank)
            for _ in range(6):
                complaint, _ = factories.file_complaint(happened=SECRET, name=SECRET)
                Complaint.update(acknowledged_at=now()).where(Complaint.id == complaint.id).execute()
            compute()
            kept.update(opened(build(this_year(), 7)))
    return kept


def live(journey, rank):
    """Lead a bilan to its end, with a text that nobody should find."""
    write_wishes(prescription=Prescription.for_counsellor(journey.id), wishes=SECRET)
    factories.make_interview(journey, days=-20 - rank)
    factories.propose_programme(journey, objectives=f"{SECRET}\nDeuxième objectif.", expectations=SECRET)
    levels = {SECRET: {"level": "reached", "sentence": SECRET}, "Deuxième objectif.": {"level": "partly", "sentence": SECRET}}
    for side, person in ((Side.AGENT, journey.agent), (Side.COUNSELLOR, journey.counsellor)):
        Attainment.create(journey=journey, side=side, content=levels, saved_by=person)
    Journey.update(phase=Phase.CLOSED, closed_at=now()).where(Journey.id == journey.id).execute()


def table(files, name):
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode("utf-8-sig")), delimiter=";"))


def test_nothing_in_the_file_leads_to_a_person(world, files):
    texts = {name: words_in(name, content) for name, content in files.items()}
    people = list(Person.select())
    assert len(people) > 8
    for name, text in texts.items():
        packed = "".join(text.split())
        assert SECRET not in packed, f"a text is in {name}"
        for marker in world.markers.values():
            assert marker.text not in packed, f"{marker.name} is in {name}"
        assert set(EMAIL.findall(text)) <= PUBLISHED, name
        assert not IDENTIFIER.search(text), name
        assert not re.search(r"\b[A-Z]-20\d\d-\d{4}", text), f"a reference is in {name}"
        for person in people:
            assert person.display_name not in text, f"{person.display_name} is in {name}"


def test_a_name_planted_in_a_table_would_be_seen(files):
    tables = [name for name in files if name.endswith((".csv", ".ods"))]
    assert len(tables) >= 20
    assert "Réclamations" in words_in("x.ods", files["indicateur-02/resultats.ods"])
    assert "Éléments de preuve" in words_in("x.pdf", files["rapport-annuel.pdf"])


def test_the_page_names_every_file_and_only_them(files):
    found = Links(files["index.html"].decode()).found
    assert sorted(found) == sorted(set(files) - {"index.html"})
    page = files["index.html"].decode()
    for words in ("Éléments de preuve", "Il ne dit pas que le centre est certifié", "Le tirage part du nombre 7", "31. Les difficultés"):
        assert words in page
    for number in (1, 2, 4, 5, 6, 9, 10, 11, 12, 17, 19, 26, 30, 31, 32):
        assert f">{number}. " in page
    assert "<script" not in page
    assert "src=" not in page


def test_the_report_is_a_whole_pdf(files):
    reader = PdfReader(io.BytesIO(files["rapport-annuel.pdf"]))
    year = to_paris(now()).year
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert reader.metadata.title == f"Rapport annuel {year}, éléments de preuve"
    titles = [one.title for one in reader.outline]
    assert titles[0] == "Satisfaction des bénéficiaires"
    assert "Réclamations" in titles
    fonts = {font.get_object()["/BaseFont"] for page in reader.pages for font in page["/Resources"]["/Font"].values()}
    assert any("Atkinson" in name for name in fonts)
    assert "certifi" in reader.pages[0].extract_text()


def test_a_sample_is_drawn_again_from_its_seed_and_there_is_none_under_five():
    names = list(range(200))
    assert sample(names, 7, 4) == sample(reversed(names), 7, 4)
    assert len(set(sample(names, 7, 4))) == 10
    assert sample(names, 8, 4) != sample(names, 7, 4) != sample(names, 7, 5)
    assert sample(range(4), 7, 4) == []
    assert len(sample(range(5), 7, 4)) == 5


def test_a_sample_says_months_numbers_and_yes_or_no(files):
    lines = table(files, "indicateur-05/echantillon")
    assert [row["Ligne"] for row in lines] == [str(rank) for rank in range(1, len(lines) + 1)]
    assert {row["Objectifs définis"] for row in lines} == {"1", "2"}
    assert "oui" in {row["Évalués par l’agent"] for row in lines}
    needs = table(files, "indicateur-04/echantillon")
    assert {row["Demande de la collectivité écrite"] for row in needs} == {"oui"}
    assert all(re.fullmatch(r"\d{4}-\d\d", row["Mois de la décision"]) for row in needs)
    assert table(files, "indicateur-11/atteinte-agent") == [{"Ce qui est compté": "Atteint en partie", "Nombre": "7"}]
    assert len(table(files, "indicateur-11/echantillon")) == 7
    register = table(files, "indicateur-31/registre")
    assert len(register) >= 6
    assert {row["Accusé dans le délai"] for row in register} >= {"oui"}


def test_a_complaint_that_concerns_the_direction_is_in_no_register_that_it_reads(world):
    with world.app.test_request_context():
        made = [factories.file_complaint()[0] for _ in range(6)]
        whole = lists.complaints(this_year(), 7).rows
        Complaint.update(about=world.manager).where(Complaint.id == made[0].id).execute()
        Complaint.update(about=world.counsellor).where(Complaint.id == made[1].id).execute()
        assert len(lists.complaints(this_year(), 7).rows) == len(whole) - 1


def test_the_plan_is_given_by_its_months_and_states_and_of_its_words_those_that_are_published(world):
    with world.app.test_request_context():
        before = len(lists.improvement(this_year()).rows)
        start(world.manager, title="Le titre", observed="Le constat")
        publish(finish(start(world.manager, title="Le titre", observed="Le constat"), world.manager), world.manager, "Ce qui a changé.")
        rows = lists.improvement(this_year()).rows
        assert len(rows) == before + 2
        files = opened(build(this_year(), 7))
    plan = files["indicateur-32/plan.csv"].decode("utf-8-sig")
    assert plan.count("Ce qui a changé.") == 1
    assert "Le titre" not in plan
    assert "Le constat" not in plan


def test_under_five_no_line_of_a_bilan_or_of_the_register_is_given(world):
    # The world has two bilans decided and a handful of complaints.
    with world.app.test_request_context():
        assert 0 < len(samples.decided(this_year())) < 5
        assert 0 < Complaint.select().count() < 5
        files = opened(build(this_year(), 7))
    assert "indicateur-04/echantillon.csv" not in files
    assert "indicateur-31/registre.csv" not in files
    assert "Sans pièce" in files["index.html"].decode()
    for name in [one for one in files if one.endswith(".csv") and "metiers" not in one and "questionnaires" not in one]:
        for row in csv.DictReader(io.StringIO(files[name].decode("utf-8-sig")), delimiter=";"):
            assert row.get("Nombre") in (None, "", "0", "moins de cinq") or int(row["Nombre"]) >= 5, f"{row} of {name}"


def test_a_file_is_asked_for_made_taken_and_removed(world):
    manager = world.browser("manager")
    page = manager.get("/qualite/preuves")
    answer = manager.submit(page, {"start": "2026-01-01", "end": "2026-06-30"}, form="preuves")
    answer.has("en préparation", "La préparation prend")
    worker.run_pending()
    made = EvidenceFile.listed()[0]
    assert made.is_ready, made.state
    manager.get("/qualite/preuves").has("Télécharger", str(made.seed), "prêt")
    taken = manager.client.get(f"/qualite/preuves/{made.id}/elements-de-preuve.zip")
    assert "elements-de-preuve-2026-01-01-2026-06-30.zip" in taken.headers["Content-Disposition"]
    assert "index.html" in opened(taken.data)
    sealed = database.execute_sql("SELECT content FROM evidence_file WHERE content IS NOT NULL").fetchall()
    assert all(b"PK\x03\x04" not in bytes(content) for (content,) in sealed)
    manager.post(f"/qualite/preuves/{made.id}/retirer")
    assert EvidenceFile.by_id(made.id) is None
    assert vault.is_destroyed(made.id)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-06-30", "2026-01-01", "vient avant le premier"),
        ("2020-01-01", "2026-01-01", "trois ans au plus"),
        ("2026-01-01", "2099-01-01", "ne peut pas être à venir"),
        ("1999-12-31", "2000-01-01", "à partir de 2000"),
        ("", "2026-01-01", "Indiquez le premier jour."),
    ],
)
def test_what_is_no_period_is_refused_with_a_sentence(world, start, end, words):
    manager = world.browser("manager")
    page = manager.get("/qualite/preuves")
    manager.submit(page, {"start": start, "end": end}, form="preuves", status=422).has(words)


def test_a_file_goes_after_thirty_days_with_its_key(world):
    with world.app.test_request_context():
        made, young = (make_evidence_file(world.manager) for _ in range(2))
        EvidenceFile.update(created_at=now() - datetime.timedelta(days=31)).where(EvidenceFile.id == made.id).execute()
        assert actions.forget_evidence() == 1
        assert EvidenceFile.by_id(made.id) is None
        assert vault.is_destroyed(made.id)
        assert EvidenceFile.by_id(young.id) is not None


def test_a_making_that_fails_or_stops_is_said(world, monkeypatch):
    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr(actions, "build", broken)
    with world.app.test_request_context():
        failed, stopped = (make_evidence_file(world.manager, made=False) for _ in range(2))
        actions.make_evidence(failed.id)
        EvidenceFile.update(created_at=now() - datetime.timedelta(hours=1)).where(EvidenceFile.id == stopped.id).execute()
    page = world.browser("manager").get("/qualite/preuves")
    page.has("n’a pas abouti")
    page.lacks("La préparation prend")


def test_the_media_type_of_a_table_is_that_of_a_spreadsheet(files):
    with zipfile.ZipFile(io.BytesIO(files["indicateur-19/questionnaires.ods"])) as sheet:
        assert sheet.read("mimetype").decode() == ODS_TYPE
