"""An agent does her work from a phone: reads it, answers, joins a PDF and a photo, says that it is done; and reads a message."""

import re

import files
import pytest
from browser.looking import look
from factories import give_work, send_message
from playwright.sync_api import expect

from bilan.assignments.models import Assignment, Attachment
from bilan.messages.models import Message
from bilan.uploads import FILE_BYTES

pytestmark = pytest.mark.browser


@pytest.fixture
def work(live, story):
    with live.within():
        return give_work(story.journey, title="Noter trois moments de travail", details="Un moment par ligne.")


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_an_agent_does_her_work_from_a_phone(live, page_of, story, work, javascript):
    page = page_of(story.agent, width=320, javascript=javascript)
    page.goto("/mon-bilan")
    page.get_by_text("Pages du bilan").click()
    page.get_by_role("link", name="Travail", exact=True).click()
    page.get_by_role("link", name="Noter trois moments de travail").click()
    expect(page.locator("h1")).to_have_text("Noter trois moments de travail")
    page.get_by_label("Votre mot").fill("Le carnaval de l’école.")
    page.get_by_label("Un fichier").set_input_files({"name": "Mon CV.pdf", "mimeType": "application/pdf", "buffer": files.PDF})
    press(page, "Envoyer")
    expect(page.locator("#messages")).to_contain_text("Le fichier est joint.")
    page.get_by_label("Un fichier").set_input_files({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": files.image("JPEG")})
    press(page, "Envoyer")
    expect(page.locator("#reponses")).to_contain_text("Le carnaval de l’école.")
    expect(page.locator("#reponses li")).to_have_count(2)
    page.get_by_label("Votre mot").fill("Un mot qui reste.")
    page.get_by_label("Un fichier").set_input_files({"name": "dessin.png", "mimeType": "image/png", "buffer": b"<svg/>"})
    press(page, "Envoyer")
    expect(page.locator("[data-error-summary]")).to_contain_text("Vous pouvez joindre un PDF, une photo")
    expect(page.get_by_label("Votre mot")).to_have_value("Un mot qui reste.")
    if javascript:
        assert look(page, dark=True, focus=True) == []
        page.set_viewport_size({"width": 320, "height": 640})
        large = {"name": "film.txt", "mimeType": "text/plain", "buffer": b"a" * (FILE_BYTES + 1)}
        page.get_by_label("Un fichier").set_input_files(large)
        expect(page.locator("#size-status")).to_contain_text("Ce fichier dépasse 10")
        expect(page.get_by_label("Un fichier")).to_have_value("")
        page.get_by_label("Un fichier").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
        expect(page.locator("#size-status")).to_have_text("")
    press(page, "C’est fait")
    expect(page.locator("#messages")).to_contain_text("C’est noté")
    with page.expect_download() as saved:
        page.get_by_role("link", name="photo.jpg", exact=True).click()
    assert saved.value.suggested_filename == "photo.jpg"
    with live.within():
        assert Assignment.get_by_id(work.id).done_at
        assert {one.media_type for one in Attachment.select(Attachment.media_type)} == {"application/pdf", "image/jpeg"}
    if javascript:
        assert look(page, dark=True, focus=True) == []


def test_a_message_is_marked_as_read_as_its_page_opens_and_the_page_stays_as_a_fresh_one(live, page_of, story):
    with live.within():
        send_message(story.journey, story.counsellor, "Avez-vous pu appeler ?")
    page = page_of(story.agent, width=320)
    page.goto("/mon-bilan")
    with page.expect_response(re.compile("/messages/lus$")):
        page.get_by_text("Pages du bilan").click()
        page.get_by_role("link", name="Messages", exact=True).click()
    expect(page.locator("#unread form")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("nouveau")
    with live.within():
        assert Message.get().read_at
    left = page.locator("#unread").evaluate("(one) => one.innerHTML.trim()")
    page.reload()
    assert page.locator("#unread").evaluate("(one) => one.innerHTML.trim()") == left
    expect(page.locator("main")).not_to_contain_text("nouveau")
    assert look(page, dark=True, focus=True) == []
