"""Who reads what: a marker in every confidential field, every page as every person, every e-mail, log and journal line,
and the database as it lies on the disk.
"""

import logging
from pathlib import Path

import pytest
from answers import text_of
from factories import file_complaint, last_link
from pages import inspect_headers
from walk import every_get
from world import EVERYBODY

from bilan import worker
from bilan.database import database, keystore
from bilan.journal import JournalEntry
from bilan.mail.models import Email
from bilan.notes.models import Note
from bilan.people import actions as people
from bilan.people.models import Employer, KeptEntry
from bilan.prescriptions.models import Prescription
from bilan.protection import limiter
from bilan.questionnaires.models import Answer, Passation

# Whoever holds the private follow-up address reads the complaint there, without an account.
BEARER_ENDPOINTS = ("complaints.follow", "complaints.download")
# Parts of encrypted JSON: a result and an envelope have them, the database never shows them.
NEVER_IN_CLEAR = ('"scores"', '"differentiated"', '"personal_links"', '"happened"')


def texts_read_by(world, name):
    """Return every text that a person gets by a GET, page and fragment, on every object: address → text."""
    limiter.enabled = False
    browser, found = world.browser(name), {}
    for address in every_get(world):
        for headers in ({}, {"HX-Request": "true"}):
            response = browser.client.get(address.path, headers=headers, buffered=True)
            inspect_headers(response)
            kind = "fragment" if headers else "page"
            found[address.endpoint, address.path, kind] = text_of(response)
    return found


def leaks(markers, name, texts):
    """Return where a person reads what she may not, and what she should read and never does."""
    found, seen = [], set()
    for (endpoint, path, _), text in texts.items():
        for marker in markers.values():
            if marker.text in text:
                seen.add(marker.name)
                bearer = endpoint in BEARER_ENDPOINTS and marker.name.startswith("reclamation")
                if name not in marker.readers and not bearer:
                    found.append(f"{name} reads {marker.name} on {path}")
    found += [f"{name} finds {marker.name} nowhere" for marker in markers.values() if name in marker.readers and marker.name not in seen]
    return found


@pytest.mark.parametrize("name", EVERYBODY)
def test_each_person_reads_only_what_is_meant_for_her(world, name):
    assert leaks(world.markers, name, texts_read_by(world, name)) == []


def test_a_planted_leak_is_reported(world):
    marker = next(iter(world.markers.values()))
    page = {("public.sheet", "/", "page"): f"<p>{marker.text}</p>"}
    assert f"hr reads {marker.name} on /" in leaks(world.markers, "hr", page)


def test_a_leak_planted_in_a_pdf_is_reported(world):
    marker = world.markers["note-privee-1-home"]
    journey = world.home.journey
    Prescription.update(agent_name=f"Prénom agent {marker.text}").where(Prescription.id.in_([journey.id, world.home.quoted.id])).execute()
    texts = {key: text for key, text in texts_read_by(world, "hr").items() if key[1].endswith(".pdf")}
    found = leaks({marker.name: marker}, "hr", texts)
    for path in (f"/prescriptions/{journey.id}/attestation.pdf", f"/prescriptions/devis/{world.home.quote.id}/devis.pdf"):
        assert f"hr reads {marker.name} on {path}" in found


def test_no_person_reads_a_result_before_it_is_released(world):
    browser = world.browser("agent")
    for passation in (world.home.assigned, world.home.started, world.home.submitted):
        browser.get(f"/mon-bilan/questionnaires/{passation.id}/resultat", status=404)
    for name in ("hr", "manager", "secretariat", "disability_referent"):
        world.browser(name).get(f"/mon-bilan/questionnaires/{world.home.released.id}/resultat", status=404)


def text_of_mail(envelope):
    """Return what a mail holds, its calendar file included, whose long lines are folded."""
    calendar = (envelope.get("calendar") or {}).get("text", "")
    return " ".join([envelope["subject"], envelope["body"], calendar.replace("\r\n ", ""), calendar])


def test_an_email_holds_no_content_but_the_complaint_to_the_secretariat(world):
    with world.app.app_context():
        emails = [email.envelope for email in Email.select()]
        complaint = Email.get_by_id(world.sent.id).envelope
    assert len(emails) > 20
    faults = [
        f"{marker.name} to {envelope['to']}"
        for envelope in emails
        for marker in world.markers.values()
        if marker.text in text_of_mail(envelope) and envelope["to"] not in marker.mailed_to
    ]
    assert faults == []
    assert any("BEGIN:VCALENDAR" in text_of_mail(envelope) for envelope in emails), "no mail has a calendar part"
    assert complaint["to"] == "secretariat@espace2m.org"
    assert world.markers["reclamation-happened"].text in complaint["body"]


def test_the_journal_holds_no_content(world):
    rows = list(JournalEntry.select().tuples())
    assert len(rows) > 20
    assert found_in("\n".join(map(str, rows)).encode(), world.markers) == []


def test_the_logs_hold_no_content_not_even_those_of_the_queries(world, caplog):
    caplog.set_level(logging.DEBUG)
    for name in ("agent", "counsellor", "secretariat"):
        texts_read_by(world, name)
    counsellor = world.browser("counsellor")
    counsellor.fragment(f"/parcours/entretiens/{world.home.coming.id}/notes/private", {"text": "MARQUEUR-journal", "base": "0"})
    with world.app.test_request_context():
        file_complaint(happened="MARQUEUR-plainte")
        people.send_reset_link(email=world.agent.email)
        token = last_link("password_reset").rsplit("/", 1)[1]
    worker.run_pending()
    text = caplog.text
    assert "SELECT" in text
    assert "INSERT" in text
    for content in ("MARQUEUR-journal", "MARQUEUR-plainte", token):
        assert content not in text
    assert found_in(text.encode(), world.markers) == []


def raw_database(kind):
    """Return everything that both databases hold as it lies there: the files, or every value of every row."""
    if kind == "sqlite":
        files = [Path(one.obj.database + end) for one in (database, keystore) for end in ("", "-wal", "-shm")]
        return b"".join(path.read_bytes() for path in files if path.exists())
    found = []
    for one in (database, keystore):
        for table in one.get_tables():
            for row in one.execute_sql(f'SELECT * FROM "{table}"').fetchall():
                found += [as_bytes(value) for value in row]
    return b"\n".join(found)


def as_bytes(value):
    return bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()


def encrypted(markers):
    """Return the markers of what is encrypted at rest: the place of a slot is the way to a room, not content."""
    return {name: marker for name, marker in markers.items() if not name.startswith("lien-visio")}


def found_in(raw, markers):
    """Return the names of the markers that bytes hold, in clear or in the usual disguises of text."""
    texts = {marker.name: marker.text for marker in markers.values()} | {text: text for text in NEVER_IN_CLEAR}
    return [name for name, text in texts.items() if any(form in raw for form in disguises(text))]


def disguises(text):
    return (text.encode(), text.encode("utf-16-le"), text.encode().hex().encode(), repr(text).strip("'").encode())


def test_the_database_holds_no_content_in_clear(world, databases):
    raw = raw_database(databases.kind)
    assert b"agent@exemple.fr" in raw
    assert found_in(raw, encrypted(world.markers)) == []


def test_a_planted_row_in_clear_is_caught(world, databases):
    marker = world.markers["note-privee-1-home"]
    Employer.create(name=marker.text)
    assert found_in(raw_database(databases.kind), encrypted(world.markers)) == ["note-privee-1-home"]


def test_a_field_refuses_to_write_in_clear(world):
    note = Note.select().first()
    for query in (
        Note.update(text="clair"),
        Passation.update(comment="clair"),
        Answer.update(value=3),
        Note.insert(interview=note.interview_id, kind="private", number=99, author=world.counsellor, text="clair"),
    ):
        with pytest.raises(TypeError, match="never goes to the database in clear"):
            query.execute()


def test_what_was_kept_at_an_expired_session_is_unreadable_without_its_browser(world):
    entry = KeptEntry.get()
    assert b"MARQUEUR" not in bytes(entry.sealed)
    for name in EVERYBODY:
        world.browser(name).get("/compte/reprise").lacks(world.markers["saisie-gardee"].text)
