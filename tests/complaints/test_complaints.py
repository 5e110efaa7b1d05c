"""A complaint is stored, announced and acknowledged at once or not at all, once per form, and robots file none."""

import concurrent.futures
import datetime
import re
import uuid

import pytest
import time_machine
from client import Browser
from factories import complaint_content, file_complaint, last_link

from bilan.complaints import actions
from bilan.complaints.models import Complaint
from bilan.database import connection
from bilan.journal import Event, JournalEntry
from bilan.mail.models import Email
from bilan.vault import FIXED_KEYS, ContentKey

WRITTEN = {"name": "Agnès Rolland", "email": "agnes@exemple.fr", "link": "agent", "happened": "On m’a oubliée.\nDeux fois."}


@pytest.fixture
def clock():
    with time_machine.travel(datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC), tick=False) as travelling:
        yield travelling


@pytest.fixture
def form(visitor, clock):
    """The form, shown long enough ago for a person to have read it."""
    page = visitor.get("/reclamations")
    clock.shift(30)
    return page


def send(browser, page, status=200, **others):
    return browser.submit(page, {**WRITTEN, **others}, status=status)


def kinds():
    return sorted(email.kind for email in Email.select())


def test_a_complaint_is_filed_with_its_two_mails(app, visitor, form):
    page = send(visitor, form)
    assert page.h1 == "Votre réclamation est reçue"
    page.has("Sa référence est R-2026-0001.", "agnes@exemple.fr")
    assert Complaint.get().content["happened"] == "On m’a oubliée.\nDeux fois."
    assert kinds() == ["complaint_acknowledged", "complaint_received"]
    received = Email.get(Email.kind == "complaint_received").envelope
    assert received["to"] == "secretariat@espace2m.org"
    assert received["reply_to"] == "agnes@exemple.fr"
    assert "On m’a oubliée.\nDeux fois." in received["body"]
    assert "R-2026-0001" in received["subject"]
    assert "On m’a oubliée" not in Email.get(Email.kind == "complaint_acknowledged").envelope["body"]
    assert JournalEntry.get(JournalEntry.event == Event.COMPLAINT_FILED).subject_id == Complaint.get().id


def test_the_follow_up_address_shows_where_it_stands(app, visitor, form):
    send(visitor, form)
    page = Browser(app).get(last_link("complaint_acknowledged"))
    assert page.h1 == "Réclamation R-2026-0001"
    page.has("On m’a oubliée.", "Reçue lundi 23 novembre 2026 à 10 h")
    page = visitor.get("/reclamations/recue")
    assert page.soup.find("a", string="Suivre ma réclamation")["href"] == last_link("complaint_acknowledged")


def test_a_double_click_files_one_complaint(app, visitor, form):
    for _ in range(2):
        send(visitor, form).has("R-2026-0001")
    assert Complaint.select().count() == 1
    assert kinds() == ["complaint_acknowledged", "complaint_received"]


def test_the_same_form_sent_twice_at_once_files_one_complaint(app):
    submission = str(uuid.uuid4())

    def file(_rank):
        with app.test_request_context(), connection():
            return actions.file_complaint(content=complaint_content(), submission=submission, person=None)[0].reference

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        references = set(pool.map(file, range(4)))
    assert len(references) == 1
    assert Complaint.select().count() == 1
    assert len(kinds()) == 2


def test_complaints_at_once_have_numbers_that_follow(app):
    def file(rank):
        with app.test_request_context(), connection():
            return file_complaint(happened=f"fait {rank}")[0].number

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        numbers = sorted(pool.map(file, range(8)))
    assert numbers == list(range(1, 9))


def test_numbers_begin_again_with_the_year_of_paris(app, clock):
    with app.test_request_context():
        assert file_complaint()[0].reference == "R-2026-0001"
        assert file_complaint()[0].reference == "R-2026-0002"
        clock.move_to(datetime.datetime(2026, 12, 31, 23, 30, tzinfo=datetime.UTC))
        assert file_complaint()[0].reference == "R-2027-0001"


def test_a_failure_of_a_mail_leaves_no_complaint(app, monkeypatch):
    def fail(**_arguments):
        raise RuntimeError("no mail")

    monkeypatch.setattr(actions, "acknowledged_mail", fail)
    with app.test_request_context(), pytest.raises(RuntimeError, match="no mail"):
        file_complaint()
    assert Complaint.select().count() == Email.select().count() == JournalEntry.select().count() == 0


def test_the_honeypot_meets_the_page_of_success_and_files_nothing(app, visitor, form):
    page = visitor.submit(form, {**WRITTEN, "site_web": "https://robot.example"})
    assert page.h1 == "Votre réclamation est reçue"
    page.lacks("R-2026")
    assert Complaint.select().count() == 0
    assert ContentKey.select().count() == len(FIXED_KEYS)


def test_a_form_sent_too_fast_is_shown_again_with_its_text(app, visitor, clock):
    page = visitor.get("/reclamations")
    clock.shift(1)
    page = send(visitor, page, status=422)
    page.has("Relisez votre texte, puis envoyez-le : il n’est pas encore parti.")
    assert page.form().find("textarea", {"name": "happened"}).text.strip() == "On m’a oubliée.\nDeux fois."
    clock.shift(10)
    send(visitor, page).has("R-2026-0001")


def test_a_form_left_open_for_a_day_is_shown_again_with_its_text(app, visitor, form, clock):
    clock.shift(24 * 3600 + 1)
    page = visitor.post("/reclamations", {**WRITTEN, "proof": form.soup.find(id="proof")["value"]}, status=422)
    page.has("Cette page est restée ouverte longtemps.", "On m’a oubliée.")
    clock.shift(10)
    send(visitor, page).has("R-2026-0001")


def test_a_forged_proof_is_refused(app, visitor):
    visitor.post("/reclamations", {**WRITTEN, "proof": "faux.faux.faux"}, status=422)
    visitor.post("/reclamations", WRITTEN, status=422)
    assert Complaint.select().count() == 0


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Indiquez votre nom"),
        ("email", "agnes", "Indiquez une adresse e-mail complète"),
        ("email", "", "Indiquez une adresse e-mail ou un téléphone"),
        ("link", "", "Choisissez ce qui vous correspond le mieux."),
        ("happened", "", "Racontez ce qui s’est passé"),
        ("happened", "x" * 10_001, "trop long : 10 000 caractères"),
        ("phone", "appelez-moi", "Indiquez un numéro de téléphone"),
        ("call_back", True, "Indiquez le numéro auquel vous rappeler."),
        ("name", "Agnès\nRolland", "Écrivez sur une seule ligne."),
    ],
)
def test_an_incomplete_complaint_says_what_is_missing_and_keeps_the_text(visitor, form, field, value, sentence):
    page = send(visitor, form, status=422, **{field: value})
    page.has(sentence)
    assert page.soup.find(attrs={"data-error-summary": True})
    if field != "happened":
        assert "On m’a oubliée." in page.form().find("textarea", {"name": "happened"}).text
    assert Complaint.select().count() == 0


def test_a_telephone_is_enough_and_then_no_acknowledgement_leaves(app, visitor, form):
    send(visitor, form, email="", phone="04 77 68 42 88", call_back=True).has("Le secrétariat vous appelle")
    assert kinds() == ["complaint_received"]


def test_a_signed_in_agent_finds_her_name_already_there(world):
    page = world.browser("agent").get("/reclamations")
    assert page.soup.find("input", {"name": "name"})["value"] == "Prénom agent"
    assert page.soup.find("select", {"name": "link"}).find("option", selected=True)["value"] == "agent"


def test_the_eleventh_complaint_of_an_hour_meets_the_limit(app, visitor, clock):
    for _ in range(10):
        page = visitor.get("/reclamations")
        clock.shift(5)
        send(visitor, page)
    page = visitor.get("/reclamations")
    clock.shift(5)
    page = send(visitor, page, status=429)
    assert page.h1 == "Trop d’essais"
    page.has("Attendez une heure au plus, puis réessayez.")
    page.has("On m’a oubliée.")
    assert Complaint.select().count() == 10


def test_the_secretariat_reads_the_complaint_and_its_mails(world):
    page = world.browser("secretariat").get("/secretariat/reclamations")
    page.has("R-", "envoyé")
    page = world.browser("secretariat").get(f"/secretariat/reclamations/{world.complaint.id}")
    page.has(world.markers["reclamation-happened"].text, "plaignante@exemple.fr", "secretariat@espace2m.org")


def test_the_list_of_complaints_has_pages(world):
    with world.app.test_request_context():
        for rank in range(26):
            file_complaint(happened=f"fait {rank}")
    browser = world.browser("secretariat")
    browser.get("/secretariat/reclamations").has("25 réclamations affichées", "Suivante")
    browser.get("/secretariat/reclamations?page=2").has("3 réclamations affichées")


def told(visitor, clock, email):
    """Return the words of the page that says it is received and of the follow-up page, without reference and times."""
    page = visitor.get("/reclamations")
    clock.shift(30)
    received = send(visitor, page, email=email)
    followed = visitor.get(last_link("complaint_acknowledged"))
    return [re.sub(r"R-2026-\d+|\d+ h \d+", "…", one.text).replace(email, "…") for one in (received, followed)]


def test_the_texts_say_nothing_of_an_account(world, clock):
    known, unknown = (told(Browser(world.app), clock, email) for email in (world.agent.email, "personne@exemple.fr"))
    assert known == unknown
    assert "Votre réclamation est reçue" in known[0]


def test_the_follow_up_page_says_nothing_of_an_account(world, clock):
    with world.app.test_request_context():
        tokens = [file_complaint(email=world.agent.email, person=one)[1] for one in (world.agent, None)]
    pages = [Browser(world.app).get(f"/reclamations/suivi/{token}") for token in tokens]
    known, unknown = (re.sub(r"R-2026-\d+", "…", one.text) for one in pages)
    assert known == unknown
