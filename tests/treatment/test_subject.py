"""Whom a complaint concerns meets no trace of it, nor a count that betrays it, whatever the role; HR never reads any."""

import re
import uuid

import grievances
import pytest
from factories import complaint_content
from walk import every_get

from bilan.complaints import actions as complaints
from bilan.complaints.models import KEEPERS, Complaint, ComplaintEntry, ComplaintFile
from bilan.complaints.rules import Kind
from bilan.journal import JournalEntry
from bilan.mail.models import Email
from bilan.protection import limiter
from bilan.quality.actions import compute
from bilan.quality.models import QualityReport
from bilan.treatment import actions

MARKER = "MARQUEUR-qui-la-concerne"
# What changes from one reading of the same page to the next: tokens, numbers of forms, what a passkey is asked.
FRESH = re.compile(
    r'(name="csrf_token" value|data-hx-headers|data-options|name="submission"[^>]* value|name="proof"[^>]* value)=(".*?"|\'.*?\')'
)


@pytest.fixture
def databases(sqlite_databases):
    """Once, on SQLite: the conditions are those that test_permissions.py asks."""
    return sqlite_databases


def pages(world, name):
    limiter.enabled = False
    client = world.browser(name).client
    found = {}
    for address in every_get(world):
        response = client.get(address.path, buffered=True)
        if response.mimetype in ("text/html", "text/csv"):
            found[address.path] = (response.status_code, FRESH.sub("", response.text))
    return found


def complain_about(world, person, times=1):
    with world.app.test_request_context():
        for _ in range(times):
            content = complaint_content(happened=MARKER, name=MARKER)
            complaints.file_complaint(content=content, submission=str(uuid.uuid4()), person=None, about=person, kind=Kind.COMPLAINT)


def counted(world):
    """Return what is computed of the complaints of the present year: their number, then those acknowledged and answered."""
    with world.app.test_request_context():
        year = compute()[-1]
        return [QualityReport.of_year(year).figures[key] for key in ("complaints", "acknowledged", "answered")]


def file_about(world, person, *, late):
    with world.app.test_request_context():
        content = complaint_content(happened=MARKER, name=MARKER)
        by, others = world.secretariat if person.id == world.manager.id else world.manager, {"kind": Kind.HAZARD}
        complaint, _ = complaints.file_complaint(content=content, submission=str(uuid.uuid4()), person=None, about=person, **others)
        grievances.note(complaint, by, MARKER, file=grievances.text_file(MARKER))
        grievances.reply(complaint, by, MARKER)
        actions.qualify(complaint=complaint, kind=Kind.HAZARD, about=person, owner=by, by=by)
        if late:
            Complaint.update(answer_by="2026-01-01").where(Complaint.id == complaint.id).execute()
        Email.update(state="failed").where(Email.subject_id == complaint.id).execute()
        entry = ComplaintEntry.get(ComplaintEntry.complaint == complaint)
        file = ComplaintFile.select().join(ComplaintEntry).where(ComplaintEntry.complaint == complaint).get()
        email = Email.get(Email.subject_id == complaint.id)
    base = "/secretariat/reclamations"
    letter = f"{base}/echanges/{entry.id}/lettre.pdf"
    return complaint, [f"{base}/{complaint.id}", f"{base}/{complaint.id}/cloture", f"{base}/fichiers/{file.id}", letter], email


@pytest.mark.parametrize("name", ["counsellor", "secretariat", "manager"])
def test_whom_it_concerns_reads_the_same_pages_as_before(world, name):
    pages(world, name)  # what a first reading starts is done
    before = pages(world, name)
    complaint, addresses, email = file_about(world, world.people[name], late=True)
    after = pages(world, name)
    read = {path for path, (_, text) in after.items() if MARKER in text or complaint.reference in text}
    changed = {path for path in before if before[path] != after.get(path)}
    assert (read, changed) == (set(), set())
    for path in [*addresses, f"/secretariat/courriers/{email.id}"]:
        world.browser(name).get(path, status=404)


@pytest.mark.parametrize("name", ["secretariat", "manager"])
def test_the_figures_that_a_keeper_reads_move_no_more_than_her_register(world, name):
    complain_about(world, None, times=6)
    addresses = ("/qualite/indicateurs.csv", "/indicateurs", "/secretariat/reclamations", "/secretariat/reclamations/registre.csv")

    def read(client):
        return [client.get(address).text for address in addresses]

    before, mine = counted(world), read(world.browser(name).client)
    assert before[0]["whole"][0] >= 6, "nothing is shown: nothing is compared"
    complain_about(world, world.people[name])
    assert counted(world) == before
    moment = re.compile(r"calculés [^<]*")
    assert [moment.sub("", FRESH.sub("", text)) for text in read(world.browser(name).client)] == [
        moment.sub("", FRESH.sub("", text)) for text in mine
    ]


@pytest.mark.parametrize("name", ["counsellor", "disability_referent"])
def test_a_complaint_about_somebody_without_the_register_is_counted(world, name):
    assert world.people[name].role not in KEEPERS
    complain_about(world, None, times=6)
    before = counted(world)[0]["whole"][0]
    complain_about(world, world.people[name])
    assert counted(world)[0]["whole"][0] == before + 1
    world.browser(name).get("/secretariat/reclamations", status=404)
    world.browser(name).get("/qualite", status=404)


def test_a_planted_count_is_caught(world, monkeypatch):
    before = pages(world, "secretariat")
    monkeypatch.setattr(Complaint, "readable_by", lambda _: Complaint.id.is_null(is_null=False))
    file_about(world, world.secretariat, late=True)
    after = pages(world, "secretariat")
    assert {"/secretariat", "/secretariat/reclamations"} <= {path for path in before if before[path] != after.get(path)}


def test_the_service_hr_reads_no_complaint_even_of_its_own_agent(world):
    complaint, addresses, email = file_about(world, world.counsellor, late=False)
    for path in [*addresses, "/secretariat/reclamations", "/secretariat/reclamations/registre.csv", f"/secretariat/courriers/{email.id}"]:
        world.browser("hr").get(path, status=404)
    assert not [path for path, (_, text) in pages(world, "hr").items() if MARKER in text or complaint.reference in text]


def test_no_mail_reaches_whom_it_concerns_and_no_journal_of_a_bilan_tells_it(world):
    complaint, _, _ = file_about(world, world.counsellor, late=True)
    with world.app.test_request_context():
        actions.remind()
        assert world.counsellor.email not in {email.envelope["to"] for email in Email.about(complaint.id)}
    assert not [one for one in JournalEntry.select().where(JournalEntry.subject_id == complaint.id) if one.journey_id]
