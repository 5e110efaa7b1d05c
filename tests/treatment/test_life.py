"""A complaint's life: logged, acknowledged, entrusted, answered with its three things, judged, reopened once; each reminder told once."""

import csv
import datetime
import io
import re
import uuid

import files
import grievances
import pytest
import time_machine
from client import Browser
from factories import file_complaint
from odfdo import Document

from bilan.complaints import actions as complaints
from bilan.complaints import rules
from bilan.complaints.models import Complaint, ComplaintEntry
from bilan.complaints.rules import Channel, EntryKind, Kind, State, working_days_from
from bilan.database import now
from bilan.french import to_paris
from bilan.mail.models import Email
from bilan.tables import csv_parts
from bilan.treatment import actions

MONDAY = datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC)
TODAY = to_paris(now()).date()
CLOSING = {"answer": "Nous avons eu tort.", "reason": "measure", "measure_taken": "yes", "measure": "Prévenir la veille."}
TOLD = {"kind": "complaint", "channel": "phone", "name": "Paul", "phone": "04 77 68 42 88", "link": "agent", "happened": "Il a attendu."}


def fresh(complaint):
    return Complaint.by_id_with_people(complaint.id)


def sent(kind):
    return [email.envelope for email in Email.select().where(Email.kind == kind).order_by(Email.created_at)]


def path(complaint, rest=""):
    return f"/secretariat/reclamations/{complaint.id}{rest}"


def test_the_secretariat_logs_a_call_with_the_day_it_came(world):
    browser = world.browser("secretariat")
    page = browser.get("/reclamations/consigner")
    browser.submit(page, TOLD | {"received_on": f"{TODAY + datetime.timedelta(days=2)}"}, status=422).has("Indiquez un jour passé")
    told_on = TODAY - datetime.timedelta(days=4)
    page = browser.submit(page, TOLD | {"received_on": f"{told_on}", "about": str(world.counsellor.id)})
    page.has("La réclamation est consignée", "Donnez-la à la personne.")
    with world.app.app_context():
        made = Complaint.get(Complaint.logged_by == world.secretariat)
        assert (made.received_on, made.acknowledge_by) == (told_on, working_days_from(told_on, 5))
        assert (made.state, made.about_id) == (State.RECEIVED, world.counsellor.id)
        assert Email.about(made.id) == []


def test_a_counsellor_logs_what_she_was_told_and_keeps_its_reference_only(world):
    browser = world.browser("counsellor")
    page = browser.get("/reclamations/consigner")
    assert page.soup.find("select", {"name": "about"}) is None
    number = page.soup.find("input", {"name": "submission"})["value"]
    told = TOLD | {"received_on": f"{TODAY}", "email": "paul@exemple.fr", "submission": number}
    page = browser.post("/reclamations/consigner", told | {"about": str(world.other_counsellor.id)})
    with world.app.app_context():
        made = Complaint.get(Complaint.logged_by == world.counsellor)
        assert made.about_id is None
        assert {email.kind for email in Email.about(made.id)} == {"complaint_received", "complaint_acknowledged"}
    page.has(made.reference)
    page.lacks("Il a attendu.")
    browser.get(path(made), status=404)


def test_the_agent_names_her_referent_and_he_is_named(world, monkeypatch):
    monkeypatch.setattr(rules, "MINIMUM_SECONDS", 0)
    browser = world.browser("agent")
    page = browser.get("/reclamations?sorte=difficulty")
    assert page.soup.find("input", {"name": "kind", "checked": True})["value"] == "difficulty"
    page.has("Cela concerne Prénom counsellor")
    browser.submit(page, {"happened": "Il ne m’écoute pas.", "about_counsellor": "y"})
    made = Complaint.select().order_by(Complaint.number.desc()).first()
    assert (made.about_id, made.kind) == (world.counsellor.id, Kind.DIFFICULTY)


def test_without_an_address_the_receipt_is_acknowledged_by_hand_with_how_and_a_message_is_a_letter(world):
    with world.app.test_request_context():
        complaint, token = file_complaint(email="", phone="04 77 68 42 88")
    browser = world.browser("manager")
    page = browser.get(path(complaint))
    page.has("donné autrement que par e-mail : comment, quand et pourquoi")
    browser.submit(page, {"what": "acknowledgement", "text": ""}, form=str(complaint.id), status=422).has("Écrivez le texte.")
    page = browser.submit(page, {"what": "acknowledgement", "text": "Appelé ce matin."}, form=str(complaint.id))
    page.has("accusé envoyé", "Appelé ce matin.", "à envoyer par courrier")
    assert page.soup.find("input", {"name": "what", "value": "acknowledgement"}) is None
    with world.app.app_context():
        letter = ComplaintEntry.get((ComplaintEntry.complaint == complaint) & (ComplaintEntry.kind == EntryKind.ACKNOWLEDGEMENT))
    assert browser.client.get(f"/secretariat/reclamations/echanges/{letter.id}/lettre.pdf").data.startswith(b"%PDF")
    Browser(world.app).get(f"/reclamations/suivi/{token}").has("Appelé ce matin.")


def test_a_step_takes_a_file_that_comes_back_as_it_was_and_the_eleventh_is_refused(world):
    with world.app.test_request_context():
        complaint, token = file_complaint()
    browser = world.browser("secretariat")

    def write(rank, status=200):
        told = {"what": "step", "text": f"Pièce {rank}.", "submission": str(uuid.uuid4())}
        return files.post(browser, path(complaint), files.PDF, f"pièce {rank}.pdf", media_type="application/pdf", status=status, **told)

    page = write(1)
    page.has("Pièce 1.", "pièce 1.pdf")
    address = page.soup.find("a", string=re.compile("pièce 1"))["href"]
    given = browser.client.get(address)
    assert (given.data, given.mimetype) == (files.PDF, "application/pdf")
    assert "attachment" in given.headers["Content-Disposition"]
    Browser(world.app).get(f"/reclamations/suivi/{token}").lacks("pièce 1")
    for rank in range(2, 11):
        write(rank)
    write(11, status=422).has("Il y a déjà 10 fichiers")
    page = browser.get(path(complaint))
    page.has("pièce 10.pdf")
    page.lacks("Pièce 11.", "pièce 11.pdf")


@pytest.mark.parametrize("missing", ["answer", "reason", "measure_taken", "measure"])
def test_nothing_is_closed_without_answer_reason_and_measure(world, missing):
    browser = world.browser("secretariat")
    page = browser.get(path(world.complaint, "/cloture"))
    browser.submit(page, {name: value for name, value in CLOSING.items() if name != missing}, status=422)
    assert fresh(world.complaint).is_open


def test_the_complainant_reads_the_answer_says_that_it_does_not_suit_her_and_may_do_so_once(world):
    token = world.grievances["tokens"]["follow"]
    visitor, desk = Browser(world.app), world.browser("secretariat")
    for _ in range(2):
        desk.submit(desk.get(path(world.complaint, "/cloture")), CLOSING)
        page = visitor.get(f"/reclamations/suivi/{token}")
        page.has("Nous avons eu tort.", "Cette réponse vous convient-elle")
        page.lacks("Prévenir la veille.")
        again = page.soup.find("input", {"name": "verdict", "value": "again"})
        if again:
            visitor.submit(page, {"verdict": "again", "words": ""}, form="avis", status=422).has("Dites ce qui ne convient pas")
            visitor.submit(page, {"verdict": "again", "words": "La cause n’est pas dite."}, form="avis").has("rouverte")
            assert fresh(world.complaint).state is State.REOPENED
    assert again is None
    assert fresh(world.complaint).state is State.CLOSED
    visitor.post(f"/reclamations/suivi/{token}/avis", {"verdict": "again", "words": "w", "submission": str(uuid.uuid4())}, status=422)
    visitor.submit(page, {"verdict": "yes"}, form="avis").has("C’est noté")
    assert fresh(world.complaint).satisfied is True
    visitor.post(f"/reclamations/suivi/{token}/avis", {"verdict": "no", "submission": str(uuid.uuid4())}, status=409)
    assert fresh(world.complaint).satisfied is True


def test_the_words_to_the_complainant_say_that_something_waits_and_give_her_own_address(inside, desk):
    complaint, token = file_complaint()
    grievances.reply(complaint, desk, text="MOT-CONFIDENTIEL")
    grievances.close(complaint, desk, answer="MOT-CONFIDENTIEL")
    mails = sent("complaint_reply")
    assert [token in mail["body"] for mail in mails] == [True, True]
    assert not any("MOT-CONFIDENTIEL" in mail["body"] + mail["subject"] for mail in mails)
    assert [mail["to"] for mail in mails] == ["paul@exemple.fr"] * 2


def test_whoever_has_no_address_may_ask_for_a_second_look_by_phone_once(world):
    answered, browser = world.grievances["answered"], world.browser("secretariat")
    told = {"what": "reopening", "text": "Elle a rappelé."}
    page = browser.submit(browser.get(path(answered)), told, form=str(answered.id))
    page.has("La réclamation est rouverte.", "Elle a rappelé.")
    assert fresh(answered).state is State.REOPENED
    browser.submit(browser.get(path(answered, "/cloture")), CLOSING)
    assert browser.get(path(answered)).soup.find("input", {"name": "what", "value": "reopening"}) is None


def test_an_internal_note_is_not_hers_and_stops_no_clock(world):
    page = Browser(world.app).get(f"/reclamations/suivi/{world.grievances['tokens']['follow']}")
    page.lacks(world.markers["interne-note"].text)
    page.has(world.markers["reclamation-message"].text)
    file = world.grievances["file"].id
    Browser(world.app).get(f"/reclamations/suivi/{world.grievances['tokens']['follow']}/fichiers/{file}", status=404)
    Browser(world.app).get(
        f"/reclamations/suivi/{world.grievances['tokens']['answered']}/fichiers/{world.grievances['her_file'].id}", status=404
    )
    assert fresh(world.complaint).answered_at is None


def test_a_complaint_that_is_closed_for_good_takes_no_message(inside, desk):
    complaint, _ = file_complaint()
    grievances.judge(grievances.close(complaint, desk), satisfied=True)
    with pytest.raises(complaints.ThreadOver):
        grievances.tell(complaint)
    assert not ComplaintEntry.select().where(ComplaintEntry.kind == EntryKind.MESSAGE).exists()


def test_nobody_treats_what_concerns_her(inside, desk):
    complaint, _ = file_complaint()
    with pytest.raises(actions.NotHers):
        actions.qualify(complaint=complaint, kind=Kind.COMPLAINT, about=desk, owner=desk, by=desk)


def test_each_reminder_is_told_once_to_the_owner_then_to_the_secretariat_too(inside, desk, manager):
    with time_machine.travel(MONDAY):
        complaint, _ = file_complaint(email="")
        actions.qualify(complaint=complaint, kind=Kind.COMPLAINT, about=None, owner=manager, by=desk)
    told, count = [], 0
    for rank in range(40):
        for _ in range(2):
            actions.remind(MONDAY.replace(tzinfo=None) + datetime.timedelta(days=rank))
        new = [mail["to"] for mail in sent("complaint_reminder")][count:]
        count += len(new)
        told += [(rank, new)] if new else []
    both = [manager.email, "secretariat@espace2m.org"]
    # The acknowledgement's last day is the 7th (30 November), the answer's the 30th.
    acknowledgement = [(3, [manager.email]), (8, both), (15, both), (22, both), (29, both), (36, both)]
    assert told == sorted([*acknowledgement, (23, [manager.email]), (28, [manager.email]), (31, both), (38, both)])


def test_the_register_sorts_filters_and_leaves_without_content(world):
    with world.app.test_request_context():
        late, _ = file_complaint(name="En retard")
        Complaint.update(answer_by=TODAY - datetime.timedelta(days=1)).where(Complaint.id == late.id).execute()
        danger, _ = complaints.file_complaint(
            content=late.content, submission=str(uuid.uuid4()), person=None, kind=Kind.HAZARD, channel=Channel.PHONE
        )
    browser = world.browser("manager")
    page = browser.get("/secretariat/reclamations")
    order = [one.text for one in page.soup.select("tbody th a")]
    answered = world.grievances["answered"].reference
    assert order == [danger.reference, late.reference, world.complaint.reference, answered]
    for query, wanted in (
        ("retard=oui", [late.reference]),
        ("etat=answered", [answered]),
        ("sorte=hazard", [danger.reference]),
        ("motif=measure", [answered]),
        ("q=" + late.reference, [late.reference]),
        ("au=2025-11-01", []),
    ):
        page = browser.get(f"/secretariat/reclamations?{query}")
        assert [one.text for one in page.soup.select("tbody th a")] == wanted, query
    raw = browser.client.get("/secretariat/reclamations/registre.csv").data.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(raw), delimiter=";"))
    assert [line["Référence"] for line in lines] == order
    assert (lines[3]["Motif de clôture"], lines[3]["Mesure prise"], lines[3]["Jours jusqu’à la première réponse"]) == (
        "Mesure corrective",
        "oui",
        "0",
    )
    sheet = browser.client.get("/secretariat/reclamations/registre.ods?retard=oui").data
    values = Document(io.BytesIO(sheet)).body.get_table(0).get_values()
    assert [row[0] for row in values] == ["Référence", late.reference]
    assert values[1][3] == late.received_on


def test_no_cell_of_a_table_runs():
    written = b"".join(csv_parts(["=a"], [["=1+1"], ["+33"], ["@x"], [" -2"], ["\t=1"], [-2], ["ok"]]))
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [row[0] for row in rows] == ["'=a", "'=1+1", "'+33", "'@x", "' -2", "'\t=1", "-2", "ok"]
