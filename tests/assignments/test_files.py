"""Files joined to work: what is taken, what is refused, how it is kept and given back."""

import time
import uuid
from urllib.parse import quote

import files
import pytest
from factories import answer_work, give_work

from bilan import uploads, vault
from bilan.assignments import actions
from bilan.assignments.models import AssignmentComment, Attachment
from bilan.database import database
from bilan.sessions import SEEN
from bilan.uploads import FILE_BYTES

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def send(world, content, name, text="", *, status=200, person="agent", work=None, **others):
    """Join a file to work, with a few words."""
    path = f"/mon-bilan/travail/{(work or world.home.work).id}/reponse"
    return files.post(world.browser(person), path, content, name, text=text, status=status, **others)


def newest():
    return Attachment.by_id_with_people(Attachment.select(Attachment.id).order_by(Attachment.created_at.desc()).scalar())


def download(world, attachment, person="agent"):
    return world.browser(person).get(f"/mon-bilan/travail/fichiers/{attachment.id}").response


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (files.PDF, "Mon CV.pdf", "application/pdf"),
        (files.image("JPEG"), "IMG_1203.jpg", "image/jpeg"),
        (files.word(), "lettre.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_a_file_comes_back_as_it_was_sent_and_only_as_a_download(world, content, name, media_type):
    send(world, content, name, "Voici.").has("Le fichier est joint.", "Voici.", name)
    response = download(world, newest(), "counsellor")
    assert response.data == content
    assert response.content_type == media_type
    headers = response.headers
    assert headers["Content-Disposition"].startswith("attachment;")
    assert f"filename*=UTF-8''{quote(name, safe='')}" in headers["Content-Disposition"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].endswith("; sandbox")
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "vide.pdf"),
        (SVG, "photo.png"),
        (b"<html><script>alert(1)</script>" + files.PDF, "cv.pdf"),
        (b"MZ\x90\x00\x03" + b"\0" * 300, "cv.pdf"),
        (files.word(("word/vbaProject.bin", b"x")), "lettre.docx"),
        (files.archive([("a.txt", "a")]), "photos.pdf"),
        (files.nested_bomb(), "lettre.docx"),
    ],
    ids=["empty", "svg", "html that holds a pdf", "program", "macros", "archive", "bomb"],
)
def test_a_file_that_lies_is_refused_and_the_words_are_kept(world, content, name):
    before = Attachment.select().count(), AssignmentComment.select().count()
    page = send(world, content, name, "Mon mot reste.", status=422, media_type="application/pdf")
    page.has("Vous pouvez joindre un PDF, une photo")
    assert page.soup.find("textarea", {"name": "text"}).text.strip() == "Mon mot reste."
    assert (Attachment.select().count(), AssignmentComment.select().count()) == before


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../x.pdf", "x.pdf"),
        ("C:\\\\x\\\\y.pdf", "y.pdf"),
        ("a%22;%0D%0AX-Trick: 1.pdf", 'a";%0D%0AX-Trick: 1.pdf'),
        ("<b>été</b>.pdf", "b>.pdf"),
        ("compte rendu d’été.pdf", "compte rendu d’été.pdf"),
    ],
)
def test_a_name_never_holds_a_path_nor_a_header(world, sent, shown):
    with world.app.test_request_context():
        send(world, files.PDF, sent).has(shown)
    response = download(world, newest())
    assert newest().name == shown
    assert "X-Trick" not in response.headers
    assert quote(shown, safe="") in response.headers["Content-Disposition"]


def padded(size):
    """Return a text of exactly that many bytes."""
    return b"a" * size


def test_ten_megabytes_are_taken_and_not_a_byte_more(world):
    send(world, padded(FILE_BYTES), "juste.txt").has("Le fichier est joint.", "10 Mo")
    assert len(download(world, newest()).data) == FILE_BYTES
    page = send(world, padded(FILE_BYTES + 1), "trop.txt", "Mon mot reste.", status=422)
    page.has("Ce fichier dépasse 10 Mo.", "Mon mot reste.")
    assert Attachment.select().where(Attachment.size > FILE_BYTES).count() == 0


def test_a_file_much_too_large_still_meets_its_form_in_bounded_memory(world, monkeypatch):
    kept = []
    received = uploads.BoundedFile.read
    monkeypatch.setattr(uploads.BoundedFile, "read", lambda self, *size: kept.append(len(self.getbuffer())) or received(self, *size))
    send(world, padded(20 * 1024 * 1024), "film.txt", "Mon mot reste.", status=422).has("Ce fichier dépasse 10 Mo.", "Mon mot reste.")
    assert kept == [FILE_BYTES + 1]


def test_beyond_what_a_request_may_hold_the_page_says_what_to_do(world):
    send(world, padded(uploads.REQUEST_BYTES), "film.txt", status=413).has("choisissez un fichier de 10 Mo au plus")


def test_no_other_form_takes_more_than_before(world):
    browser = world.browser("agent")
    files.post(browser, f"/mon-bilan/{world.home.journey.id}/messages", padded(5 * 1024 * 1024), "a.txt", text="t", status=413)
    fields = {"text": "a" * 5 * 1024 * 1024}
    browser.post(f"/mon-bilan/travail/{world.home.work.id}/reponse", fields, status=413)
    taking = {name for name, view in world.app.view_functions.items() if getattr(view, "takes_files", False)}
    assert taking == {"assignments.answer", "complaints.follow", "treatment.show"}


def test_a_file_being_received_is_never_on_the_disk(world, monkeypatch):
    import tempfile

    def refuse(*arguments, **others):
        raise AssertionError("a file went to the disk")

    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile"):
        monkeypatch.setattr(tempfile, name, refuse)
        monkeypatch.setattr(f"werkzeug.formparser.{name}", refuse, raising=False)
    send(world, padded(3 * 1024 * 1024), "a.txt").has("Le fichier est joint.")


def test_name_and_content_are_encrypted_under_the_key_of_the_bilan(world):
    send(world, "Un secret bien gardé".encode(), "mon secret.txt")
    row = database.execute_sql("SELECT name, content FROM attachment ORDER BY created_at DESC").fetchone()
    assert [bytes(one).startswith(b"gAAAA") for one in row] == [True, True]
    with pytest.raises(TypeError, match="takes bytes"):
        Attachment.create(assignment=world.home.work, added_by=world.agent, name="n", media_type="m", size=1, content="clair")
    for change in ({"content": b"clair"}, {"name": "clair"}):
        with pytest.raises(TypeError, match="never goes to the database in clear"):
            Attachment.update(**change).execute()


def test_a_list_of_files_reads_none_of_them(world):
    assert all("content" not in one.__data__ for one in Attachment.of_assignment(world.home.work))
    assert "content" not in Attachment.by_id_with_people(world.home.agent_file.id).__data__


def test_a_work_has_twenty_files_at_most_and_a_bilan_so_many_bytes(world, monkeypatch):
    with world.app.test_request_context():
        work = give_work(world.home.journey)
        for _ in range(actions.FILES_MAX):
            answer_work(work, world.agent)
    send(world, files.PDF, "cv.pdf", "Mon mot reste.", work=work, status=422).has("Il n’y a plus de place", "Mon mot reste.")
    assert Attachment.count_of(work) == actions.FILES_MAX
    assert not AssignmentComment.select().where(AssignmentComment.assignment == work.id).exists(), "all or nothing"
    monkeypatch.setattr(actions, "JOURNEY_BYTES", Attachment.bytes_of(world.home.journey.id) + len(files.PDF))
    send(world, files.PDF, "cv.pdf").has("Le fichier est joint.")
    send(world, files.PDF, "cv.pdf", status=422).has("Il n’y a plus de place")
    send(world, files.PDF, "cv.pdf", person="other_agent", work=world.away.work).has("Le fichier est joint.")


def test_one_removes_one_s_own_file_only(world):
    agent = world.browser("agent")
    page = agent.get(f"/mon-bilan/travail/{world.home.work.id}")
    assert len(page.soup.find_all("form", action=lambda one: one and "/fichiers/" in one)) == 1
    agent.submit(page, form=f"{world.home.agent_file.id}/retirer").has("Le fichier est retiré.")
    assert Attachment.get_or_none_by_id(world.home.agent_file.id) is None
    agent.post(f"/mon-bilan/travail/fichiers/{world.home.counsellor_file.id}/retirer", status=404)


def test_a_file_sent_twice_is_kept_once(world):
    number, before = str(uuid.uuid4()), Attachment.select().count()
    for _ in range(2):
        send(world, files.PDF, "cv.pdf", submission=number).has("Le fichier est joint.")
    assert Attachment.select().count() == before + 1


@pytest.mark.parametrize("field", ["text", "submission", "autre"])
def test_a_file_where_words_are_asked_is_nobody_s_words(world, field):
    browser = world.browser("agent")
    path = f"/mon-bilan/travail/{world.home.work.id}/reponse"
    files.post(browser, path, files.PDF, "a.pdf", field=field, status=422).has("Écrivez un mot, ou choisissez un fichier.")
    address = f"/mon-bilan/{world.home.journey.id}/messages"
    files.post(browser, address, files.PDF, "a.pdf", field="text", status=422).has("Écrivez votre message.")


def test_words_sent_with_a_file_in_a_session_that_expired_are_kept(world):
    browser = world.browser("agent")
    browser.csrf_token()
    with browser.client.session_transaction() as session:
        session[SEEN] = int(time.time()) - 10 * 3600
    path = f"/mon-bilan/travail/{world.home.work.id}/reponse"
    files.post(browser, path, padded(6 * 1024 * 1024), "a.txt", text="Un long mot que je ne veux pas retaper.").has(
        "Ce que vous aviez écrit est gardé"
    )
    browser.arrive(world.agent)
    page = browser.get("/compte/reprise")
    page.has("Un mot sur un travail personnel")
    browser.submit(page, form="/reponse").has("Un long mot que je ne veux pas retaper.")


def test_a_bilan_whose_key_is_destroyed_gives_no_file_back(world):
    vault.destroy_key(world.home.journey.id)
    world.browser("agent").get(f"/mon-bilan/travail/fichiers/{world.home.agent_file.id}", status=410).has("Contenu détruit")
    world.browser("agent").get(f"/mon-bilan/{world.home.journey.id}/messages", status=410)
