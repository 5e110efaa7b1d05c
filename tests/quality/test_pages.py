"""The manager's page, what is published, the figures computed by the worker."""

import csv
import datetime
import io
import re
import zipfile

import pytest
from pypdf import PdfReader

from bilan import worker
from bilan.database import now
from bilan.evidence.archive import report
from bilan.french import to_paris
from bilan.quality.actions import compute
from bilan.quality.models import QualityReport
from bilan.satisfaction.models import Rating, SurveyAnswer, Verbatim
from bilan.satisfaction.rules import quarter_of

# A bar of a chart in the PDF, by its length: 360 is all of the scale.
BAR = re.compile(rb"n 20 \d+ ([\d.]+) 12 re f")


def answered(quarter, marks, size="small", survey="beneficiaire", **others):
    others = others or {"ecoute": 4, "objectifs": 2}
    for mark in marks:
        answer = SurveyAnswer.create(survey=survey, version=1, quarter=quarter, employer_size=size)
        for question, value in {"ensemble": mark, **others}.items():
            Rating.create(answer=answer, question=question, value=value)


@pytest.fixture
def last_year(world):
    """A year that is over, with twelve answers in two quarters."""
    year = to_paris(now()).year - 1
    Verbatim.delete().execute()
    SurveyAnswer.delete().execute()
    answered(datetime.date(year, 1, 1), [4, 4, 3, 2, 1, 4])
    answered(datetime.date(year, 4, 1), [4, 4, 4, 3, 3, 3], "large", ecoute=4, objectifs=3)
    answered(datetime.date(year, 4, 1), [4, 4, 3, 3, 1], survey="service-rh", delai=1, recommandation=9)
    with world.app.test_request_context():
        compute()
    return year


def test_the_manager_reads_a_year_with_what_each_figure_counts(world, last_year):
    manager = world.browser("manager")
    page = manager.get(f"/qualite?annee={last_year}&par=trimestres")
    page.has(
        "83 %",
        "10 réponses dans les deux meilleurs niveaux sur quatre, sur 12 réponses",
        f"T1 {last_year}",
        "67 %",
        "Écoute et confidentialité",
    )
    # The choices of one survey, each with how many gave it; the other questions of another.
    page.has("Réponse aux attentes", "En grande partie", "Un peu", "Délai du premier rendez-vous", "+100")
    # What has no answer is said to be hidden, with its threshold.
    page.has("Affiché à partir de cinq notes")
    sizes = manager.get(f"/qualite?annee={last_year}&par=effectifs")
    # The two quarters are the two sizes: the same cells, and the second breakdown says no more than the first.
    sizes.has("moins de 50 agents", "350 agents et plus")


def test_the_published_page_has_no_breakdown_and_not_every_indicator(world, last_year):
    page = world.browser("anonymous").get(f"/indicateurs?annee={last_year}")
    page.has("83 %", "12 réponses", "Taux de réalisation")
    page.lacks("Absences non prévenues", "Conditions d’accompagnement", f"T1 {last_year}")
    # Each figure that is shown has its picture, and the same figures in a table: here one is shown, of the two years of the world.
    html = world.browser("anonymous").client.get(f"/indicateurs?annee={last_year}").text
    assert html.count('<svg class="chart"') == html.count('<table class="table"') >= 1
    page.has("Satisfaction des bénéficiaires, par année", str(last_year - 1))


def test_the_report_draws_each_breakdown_and_each_spread(world, last_year):
    with world.app.test_request_context():
        reader = PdfReader(io.BytesIO(report(last_year)))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for words in (f"T1 {last_year}", f"T2 {last_year}", "Réponse aux attentes", "En grande partie", "Délai du premier rendez-vous"):
        assert words in text.replace("\u00a0", " "), words
    drawn = [bar for page in reader.pages for bar in BAR.findall(page.get_contents().get_data())]
    # Of the agents two quarters, then the two answers to a choice; of the HR services the one quarter.
    assert drawn == [b"240", b"360", b"360", b"360", b"288"]


def test_the_tables_hold_what_the_page_shows_and_nothing_else(world, last_year):
    client = world.browser("manager").client
    answer = client.get(f"/qualite/indicateurs.csv?annee={last_year}")
    assert f"indicateurs-{last_year}.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    (whole,) = [row for row in rows if (row["Indicateur"], row["Groupe"]) == ("Satisfaction des bénéficiaires", "ensemble")]
    assert (whole["Numérateur"], whole["Nombre"], whole["Valeur"], whole["Unité"]) == ("10", "12", "83", "pour cent")
    quarters = {f"T1\u00a0{last_year}", f"T2\u00a0{last_year}"}
    of_agents = [row for row in rows if row["Indicateur"] == "Satisfaction des bénéficiaires"]
    assert {row["Groupe"] for row in of_agents if row["Répartition"] == "par trimestre"} == quarters
    chosen = [(row["Groupe"], row["Nombre"]) for row in of_agents if row["Répartition"] == "Réponse aux attentes"]
    assert sorted(chosen) == [("En grande partie", "6"), ("Un peu", "6")]
    assert min(int(row["Nombre"]) for row in rows if row["Nombre"]) >= 5
    # What is under five is a line without a figure.
    hidden = [row for row in rows if row["Groupe"] == "affiché à partir de cinq"]
    assert {row["Numérateur"] + row["Nombre"] + row["Valeur"] for row in hidden} == {""}
    with zipfile.ZipFile(io.BytesIO(client.get(f"/qualite/indicateurs.ods?annee={last_year}").data)) as archive:
        sheet = archive.read("content.xml").decode()
    assert sheet.count("<table:table-row") == len(rows) + 1


def test_answers_of_a_quarter_whose_surveys_are_open_are_shown_to_nobody(world, last_year):
    today = to_paris(now()).date()
    answered(quarter_of(today), [4] * 9)
    with world.app.test_request_context():
        compute()
    assert QualityReport.of_year(today.year).figures["satisfaction"]["whole"] is None


def test_nothing_computed_yet_says_so_and_the_manager_has_it_done(world):
    QualityReport.delete().execute()
    manager = world.browser("manager")
    page = manager.get("/qualite")
    page.has("Les indicateurs n’ont pas encore été calculés.")
    world.browser("anonymous").get("/indicateurs").has("Les premiers résultats seront publiés ici.")
    manager.submit(page, form="calculer").has("Le calcul est lancé.")
    worker.run_pending()
    manager.get("/qualite").has("chiffres calculés")
    with world.app.test_request_context():
        assert compute() == QualityReport.years()[::-1]
