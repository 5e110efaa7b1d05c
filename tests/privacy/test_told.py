"""What an agent reads of what is kept and of what was destroyed; what the dry run says before."""

import io

import time_machine
from client import Browser
from flask.cli import FlaskGroup
from pypdf import PdfReader

from bilan.closing.models import Closing
from bilan.closing.rules import Keep
from bilan.database import database, keystore, now
from bilan.french import moment, short_day, to_paris
from bilan.notes.models import Note
from bilan.privacy import actions
from bilan.privacy.models import Certificate, dues, terms
from bilan.privacy.rules import Kind, countdown

DATA = "/mes-donnees"


def give_up(journey):
    Closing.update(keep=Keep.NOTHING, keep_months=None).where(Closing.journey == journey.id).execute()


def travel(days):
    return time_machine.travel(now().timestamp() + days * 86400, tick=False)


def last_days(world):
    """Return the last day of each thing that is kept of the agent; not in the context of her pages, which would share its session."""
    with world.app.app_context():
        return {one.kind: one.last for one in dues(terms(), agent=world.agent)}


def card(page, title):
    """Return the words of what is kept under that title."""
    (found,) = [one.parent for one in page.soup.select("#gardees h3") if one.text == title]
    return " ".join(found.text.split())


def test_each_kept_thing_says_what_why_until_when_and_how_long_is_left(world):
    today = to_paris(now()).date()
    last = last_days(world)
    page = world.browser("agent").get(DATA)
    reasons = {
        "Contenu du bilan": (Kind.CONTENT, "Tout ce qui a été écrit pendant votre bilan, sauf ce que vous avez demandé de garder."),
        "Documents gardés à votre demande": (Kind.KEPT, "Vous l’avez demandé par écrit à la clôture."),
        "Dossier administratif": (Kind.ADMINISTRATIVE, "le centre doit les justifier en cas de contrôle."),
    }
    known = {title: (kind, why) for title, (kind, why) in reasons.items() if kind in last}
    assert {"Contenu du bilan", "Dossier administratif"} <= set(known)
    for title, (kind, why) in known.items():
        left = countdown(last[kind], today).capitalize()
        assert f"{left} : jusqu’au {short_day(last[kind])} inclus.".replace("\u00a0", " ") in card(page, title)
        assert why in card(page, title)


def test_the_countdown_goes_down_with_the_days(world):
    give_up(world.home.closed_journey)
    browser = world.browser("agent")
    before = card(browser.get(DATA), "Dossier administratif")
    evening = (last_days(world)[Kind.ADMINISTRATIVE] - to_paris(now()).date()).days
    with travel(evening - 3):
        browser = Browser(world.app)  # the session of the world has had its time
        browser.sign_in(world.agent)
        after = card(browser.get(DATA), "Dossier administratif")
    assert "Encore 3 ans :" in before or "Encore 36 mois :" in before
    assert "Encore 3 jours :" in after


def test_an_agreement_in_force_says_who_reads_until_when_and_goes_once_revoked(world):
    one = world.home.disclosure
    line = f"Ce que lit {one.recipient.display_name}, de votre service RH, jusqu’au {short_day(one.until)}"
    browser = world.browser("agent")
    browser.get(DATA).has(line, "Voir ou retirer")
    browser.post(f"/mon-bilan/communication/{one.id}/retirer", {})
    browser.get(DATA).lacks("Ce que lit")


def test_the_certificate_and_its_paper_say_what_how_many_when_and_how_and_nothing_that_was_written(world):
    journey = world.home.closed_journey
    give_up(journey)
    assert Note.select().count()
    with travel(1), world.app.app_context():
        actions.purge()
        made = Certificate.of_journey(journey.id, Kind.CONTENT)
    browser, address = world.browser("agent"), f"{DATA}/attestations/{made.id}"
    page = browser.get(address)
    paper = PdfReader(io.BytesIO(browser.client.get(f"{address}/attestation.pdf").data))
    printed = " ".join(" ".join(one.extract_text() for one in paper.pages).split())
    assert len(made.lines) > 5
    rows = [tuple(cell.text for cell in row.find_all(["th", "td"])) for row in page.soup.select("tbody tr")]
    assert rows == [(title, str(count)) for title, count in made.lines]
    for title, count in made.lines:
        assert " ".join(f"{title} {count}".split()) in printed
    for words in (
        moment(made.completed_at),
        "La clé de chiffrement du bilan a été détruite, puis les lignes ont été effacées.",
        made.reference,
    ):
        page.has(words)
        assert " ".join(words.split()) in printed
    assert "MARQUEUR-" not in page.html + printed.replace(" ", "")


def run(world, *words):
    return world.app.test_cli_runner().invoke(FlaskGroup(create_app=lambda: world.app), list(words))


def cells():
    """Return all the rows of both databases."""
    return {
        (number, table): sorted(map(repr, one.execute_sql(f'SELECT * FROM "{table}"').fetchall()))
        for number, one in enumerate((database, keystore))
        for table in one.get_tables()
    }


def test_the_dry_run_says_what_would_go_and_changes_nothing(world):
    journey = world.home.closed_journey
    give_up(journey)
    before = cells()
    told = run(world, "purge", "--dry-run", "--days", "1")
    assert told.exit_code == 0, told.output
    today = short_day(to_paris(now()).date())
    assert f"{today}\u00a0: Contenu du bilan ({journey.id})" in told.output
    assert told.output.rstrip().endswith("d’ici 1\u00a0jour. Rien n’a changé.")
    assert cells() == before
    with travel(1):
        done = run(world, "purge")
    assert f"Contenu du bilan ({journey.id})" in done.output
    assert cells() != before
