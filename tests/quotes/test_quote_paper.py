"""The printed quote says what its page says."""

import datetime
import io

import pytest
from pypdf import PdfReader

from bilan.people.models import Employer
from bilan.quotes.models import Quote

ANSWERED = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC).replace(tzinfo=None)


def paper(world, name):
    response = world.browser(name).get(f"/prescriptions/devis/{world.home.quote.id}/devis.pdf").response
    assert response.mimetype == "application/pdf"
    assert response.headers["Content-Disposition"] == f"inline; filename=devis-{world.home.quote.reference}.pdf"
    reader = PdfReader(io.BytesIO(response.data))
    return reader, " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.parametrize("name", ["hr", "secretariat"])
def test_the_paper_says_all_that_a_quote_must(world, name):
    Employer.update(address="1 place de la Mairie\n42300 ROANNE").where(Employer.id == world.home.employer.id).execute()
    quote = world.home.quote
    reader, text = paper(world, name)
    assert reader.metadata.title == f"Devis {quote.reference}"
    for words in (
        quote.reference,
        quote.prescription.reference,
        quote.prescription.agent_name,
        "Commune home",
        "1 place de la Mairie",
        "Établi le",
        "Valable jusqu’au",
        "Accompagnement individuel",
        "environ 3 mois",
        "14 h 00",
        "95,00 €",
        "Total à payer 1 330,00 €",
        "Exonération de TVA, article 261",
        "« Bon pour accord »",
        "04 77 68 42 88",
        "page 1 / 1",
    ):
        assert words in text, f"{words!r} is not in {text}"


def test_the_paper_of_a_taxed_quote_shows_the_tax(world):
    Quote.update(vat_points=2000, exemption="").where(Quote.id == world.home.quote.id).execute()
    _, text = paper(world, "hr")
    for words in ("TVA, 20 % 266,00 €", "Total toutes taxes comprises 1 596,00 €"):
        assert words in text
    assert "Exonération" not in text


@pytest.mark.parametrize(
    ("state", "answered_at", "words", "to_sign"),
    [
        ("accepted", ANSWERED, "Devis accepté le 20 novembre 2026", True),
        ("refused", ANSWERED, "Devis refusé le 20 novembre 2026", False),
        ("replaced", None, "Devis remplacé", False),
    ],
)
def test_a_paper_that_no_longer_offers_says_so(world, state, answered_at, words, to_sign):
    Quote.update(state=state, answered_at=answered_at).where(Quote.id == world.home.quote.id).execute()
    _, text = paper(world, "hr")
    assert words in text
    assert ("Bon pour accord" in text) == to_sign
