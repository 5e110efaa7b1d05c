"""Messages: who writes to whom, who is told, what is read, and what a closed bilan allows."""

import datetime
import time

import pytest
from client import PASSWORD
from factories import close, send_message

from bilan.database import database, now
from bilan.french import to_paris
from bilan.journal import Event, JournalEntry
from bilan.journeys.models import Journey
from bilan.mail.models import Email
from bilan.messages.models import Message
from bilan.sessions import SEEN


def told():
    return [email.envelope for email in Email.select().where(Email.kind == "message_received").order_by(Email.created_at)]


def address(world, name="agent"):
    way = "mon-bilan" if name in ("agent", "other_agent") else "parcours"
    return f"/{way}/{world.home.journey.id}/messages"


def write(world, name, text="Bonjour.", status=200):
    browser = world.browser(name)
    return browser.submit(browser.get(address(world, name)), {"text": text}, form="/messages", status=status)


def read(world, name):
    browser = world.browser(name)
    return browser.submit(browser.get(address(world, name)), form="/lus")


def test_a_message_reaches_the_other_and_only_its_arrival_is_mailed(world):
    for name in ("agent", "counsellor"):
        read(world, name)
    before = len(told())
    write(world, "agent", "J’ai appelé\nla médiathèque.").has("Votre message est envoyé.", "Vous ·")
    (mail,) = told()[before:]
    assert mail["to"] == world.counsellor.email
    assert f"/parcours/{world.home.journey.id}/messages" in mail["body"]
    assert "médiathèque" not in mail["subject"] + mail["body"]
    page = world.browser("counsellor").get(address(world, "counsellor"))
    page.has("la médiathèque.", "nouveau", world.agent.display_name)
    assert JournalEntry.select().where(JournalEntry.event == Event.MESSAGE_SENT, JournalEntry.person == world.agent.id).exists()


def test_no_flood_of_mails_until_it_is_read(world):
    for name in ("agent", "counsellor"):
        read(world, name)
    before = len(told())
    for _ in range(3):
        write(world, "agent")
    assert len(told()) == before + 1
    read(world, "counsellor").lacks("nouveau")
    write(world, "agent")
    write(world, "counsellor")
    assert [one["to"] for one in told()[before:]] == [world.counsellor.email, world.counsellor.email, world.agent.email]


def test_opening_the_page_marks_nothing_and_its_form_does(world):
    unread = Message.count_unread(world.home.journey, world.agent)
    page = world.browser("agent").get(address(world))
    page.has("nouveau", "Marquer comme lu")
    assert Message.count_unread(world.home.journey, world.agent) == unread == 1
    form = page.form("/lus")
    assert form["data-hx-trigger"] == "load"
    read(world, "agent").lacks("Marquer comme lu")
    assert Message.count_unread(world.home.journey, world.agent) == 0
    assert Message.count_unread(world.home.journey, world.counsellor) == 1, "the other side's are hers to read"


def test_what_arrives_after_the_page_is_not_marked_as_read(world):
    browser = world.browser("agent")
    newest = browser.get(address(world)).form("/lus").find("input", {"name": "newest"})["value"]
    with world.app.test_request_context():
        send_message(world.home.journey, world.counsellor, "Encore un mot.")
    fragment = browser.fragment(f"{address(world)}/lus", {"newest": newest})
    fragment.has("Un autre message vient d’arriver")
    assert Message.count_unread(world.home.journey, world.agent) == 1
    browser.get(address(world)).has("nouveau", "Encore un mot.")


def test_the_fragment_is_what_a_fresh_page_shows(world):
    browser = world.browser("agent")
    newest = browser.get(address(world)).form("/lus").find("input", {"name": "newest"})["value"]
    fragment = browser.fragment(f"{address(world)}/lus", {"newest": newest})
    assert fragment.html.strip() == browser.get(address(world)).soup.find(id="unread").decode_contents().strip() == ""


@pytest.mark.parametrize("newest", ["", "x", "{foreign}"])
def test_a_message_of_another_bilan_marks_nothing(world, newest):
    foreign = Message.select().where(Message.journey == world.away.journey.id).first()
    value = newest.replace("{foreign}", str(foreign.id))
    world.browser("agent").post(f"{address(world)}/lus", {"newest": value})
    assert Message.count_unread(world.home.journey, world.agent) == 1
    assert Message.count_unread(world.away.journey, world.other_agent) == 1


def test_a_replacement_reads_and_is_told_as_long_as_she_replaces(world):
    for name in ("agent", "counsellor"):
        read(world, name)
    before, today = len(told()), to_paris(now()).date()
    change = {"replacement": world.other_counsellor, "replacement_until": today + datetime.timedelta(days=2)}
    Journey.update(**change).where(Journey.id == world.home.journey.id).execute()
    write(world, "agent", "Bonjour à vous deux.")
    assert {one["to"] for one in told()[before:]} == {world.counsellor.email, world.other_counsellor.email}
    write(world, "other_counsellor", "Je remplace.").has("Je remplace.", world.agent.display_name)
    Journey.update(replacement_until=today - datetime.timedelta(days=1)).where(Journey.id == world.home.journey.id).execute()
    world.browser("other_counsellor").get(address(world, "counsellor"), status=404)
    read(world, "counsellor").has("Je remplace.", world.other_counsellor.display_name)
    write(world, "agent")
    assert [one["to"] for one in told()][-1] == world.counsellor.email


def test_a_closed_bilan_is_read_and_no_more_written(world):
    with world.app.test_request_context():
        close(world.home.journey)
    page = world.browser("agent").get(address(world))
    page.has(world.markers["message-counsellor-home"].text, "Marquer comme lu")
    assert page.soup.find("textarea") is None
    world.browser("agent").post(address(world), {"text": "Trop tard."}, status=404)
    read(world, "agent").lacks("Marquer comme lu")


@pytest.mark.parametrize(
    ("text", "sentence"), [("", "Écrivez votre message."), (" \n ", "Écrivez votre message."), ("é" * 10_001, "trop long")]
)
def test_what_cannot_be_sent_comes_back(world, text, sentence):
    before = Message.select().count()
    page = write(world, "agent", text, status=422)
    page.has(sentence)
    assert page.soup.find("textarea").text.strip() == text.strip()
    assert Message.select().count() == before


def test_a_double_click_sends_once(world):
    browser = world.browser("agent")
    page = browser.get(address(world))
    before = Message.select().count()
    for _ in range(2):
        browser.submit(page, {"text": "Une fois."}, form="/messages")
    assert Message.select().count() == before + 1


def test_the_newest_come_first_page_by_page(world):
    with world.app.test_request_context():
        for rank in range(20):
            send_message(world.home.journey, world.agent, f"Message numéro {rank}.")
    browser = world.browser("counsellor")
    first = browser.get(address(world, "counsellor"))
    texts = [one.text for one in first.soup.find_all(class_="as-written")]
    assert (texts[0], len(texts)) == ("Message numéro 19.", 15)
    browser.get(f"{address(world, 'counsellor')}?page=2").has("Message numéro 4.", world.markers["message-agent-home"].text)


def test_texts_are_encrypted(world):
    texts = [bytes(text) for (text,) in database.execute_sql("SELECT text FROM message").fetchall()]
    assert len(texts) == 8
    assert all(text.startswith(b"gAAAA") for text in texts)
    with pytest.raises(TypeError, match="never goes to the database in clear"):
        Message.update(text="clair").execute()


def test_a_message_typed_in_a_session_that_expired_is_kept(world):
    browser = world.browser("agent")
    page = browser.get(address(world))
    with browser.client.session_transaction() as session:
        session[SEEN] = int(time.time()) - 10 * 3600
    before = Message.select().count()
    browser.submit(page, {"text": "Un long message que je ne veux pas retaper."}, form="/messages")
    assert Message.select().count() == before
    page = browser.sign_in(world.agent, PASSWORD)
    page = browser.get("/compte/reprise")
    page.has("Un message", "Un long message que je ne veux pas retaper.")
    browser.submit(page, form="/messages").has("Un long message que je ne veux pas retaper.")
    assert Message.select().count() == before + 1


def test_the_counsellors_list_says_how_many_messages_wait(world):
    with world.app.test_request_context():
        Message.update(read_at=now()).where(Message.author == world.agent.id).execute()
        assert "message" not in world.browser("counsellor").get("/parcours").soup.find("table").text
        for text in ("Un mot.", "Un autre."):
            send_message(world.home.journey, world.agent, text)
    world.browser("counsellor").get("/parcours").has("2 messages à lire")
