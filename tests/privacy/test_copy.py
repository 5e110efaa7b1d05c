"""The copy of one's data: what is in the ZIP, what is not and why, who takes it, when it goes, a kill on the way."""

import datetime
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
import time_machine
from copies import table_names
from pypdf import PdfReader

from bilan import vault, worker
from bilan.closing.models import Closing
from bilan.closing.rules import Keep
from bilan.database import database, now
from bilan.disclosure import actions as disclosure
from bilan.events import Event
from bilan.exports import actions, archive, around, chapters
from bilan.exports.models import DataExport
from bilan.exports.rules import LEFT_OUT, State
from bilan.journal import JournalEntry
from bilan.mail.models import Email


@pytest.fixture(scope="module")
def kept():
    """What one making of the agent's copy gave, for the tests that only read it."""
    return {}


@pytest.fixture
def files(world, kept):
    if not kept:
        with world.app.app_context():
            kept.update(opened(archive.build(world.agent)), markers=world.markers)
    return {name: content for name, content in kept.items() if name != "markers"}


@pytest.fixture
def markers(files, kept):
    return kept["markers"]


def opened(content):
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        assert held.testzip() is None
        return {name: held.read(name) for name in held.namelist()}


def words_in(name, content):
    if not name.endswith(".pdf"):
        return content.decode()
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_every_table_is_told_or_left_out_with_its_reason(app):
    told = {*around.TABLES, *chapters.TABLES}
    absent = [name for one in LEFT_OUT for name in one.tables]
    assert not told & set(absent)
    assert sorted([*told, *absent]) == sorted(table_names()), "a table: put it in a chapter of the copy, or say why it is left out"
    assert all(one.why for one in LEFT_OUT)


def test_the_copy_holds_all_that_its_agent_may_read_and_nothing_else(files, markers):
    text = "\n".join(words_in(name, content) + name for name, content in files.items())
    page, data = files["index.html"].decode(), files["donnees.json"].decode()
    mine = {one.name for one in markers.values() if "agent" in one.readers}
    assert len(mine) > 60
    assert {one.name for one in markers.values() if one.text in text} == mine
    for one in markers.values():
        if "agent" in one.readers and "fichier-" not in one.name:
            assert one.text in page, one.name
            assert one.text in data, one.name


def test_the_page_opens_alone_and_says_everything_in_words(files):
    page = files["index.html"].decode()
    assert "<script" not in page
    assert "src=" not in page
    links = re.findall(r'href="([^"#][^"]*)"', page)
    assert sorted(links) == sorted([*(name for name in files if name.startswith("fichiers/")), "donnees.json"])
    anchors = set(re.findall(r'href="#([^"]+)"', page))
    assert anchors == set(re.findall(r' id="([^"]+)"', page)) - {"sommaire"}
    labels = set(re.findall(r"<dt>([^<]+)</dt>", page))
    codes = {one for one in labels if re.fullmatch(r"[a-z_]+", one)}
    assert codes == set(), "a part of a content without words: give it some in exports/rules.py"
    assert any(name.endswith(".txt") for name in files)
    assert any("synthese" in name for name in files)
    assert any("presence" in name for name in files)


def test_the_data_are_json_with_iso_dates(files):
    data = json.loads(files["donnees.json"])
    assert data["a_propos"]["nom"] == "Prénom agent"
    assert {one["chemin"] for one in data["fichiers"]} == {name for name in files if name.startswith("fichiers/")}
    (account,) = data["chapitres"]["compte"]
    assert datetime.datetime.fromisoformat(account["ouvert_le"]).tzinfo
    assert all(re.fullmatch(r"[a-z0-9_]+", key) for records in data["chapitres"].values() for record in records for key in record)


def test_asked_for_followed_taken_and_removed_without_javascript(world):
    with world.app.app_context():
        actions.remove_export(export=DataExport.of_agent(world.agent))
    browser = world.browser("agent")
    browser.get("/mes-donnees/copie").has("Préparer ma copie")
    browser.post("/mes-donnees/copie", {})
    browser.get("/mes-donnees/copie").has("en préparation")
    with world.app.app_context():
        copy = DataExport.of_agent(world.agent)
        assert actions.ask_for_export(by=world.agent).id == copy.id, "one at a time"
    worker.run_pending()
    browser.get("/mes-donnees/copie").has("Télécharger ma copie")
    answer = browser.client.post(f"/mes-donnees/copie/{copy.id}/telecharger", data={"csrf_token": browser.csrf_token()})
    assert answer.mimetype == "application/zip"
    assert "index.html" in opened(answer.data)
    with world.app.app_context():
        assert JournalEntry.select().where(JournalEntry.event == Event.DATA_TAKEN, JournalEntry.person == world.agent).count() == 1
        sent = [one.envelope for one in Email.select().where(Email.kind == "data_ready")]
        assert [one["to"] for one in sent] == [world.agent.email]
        assert "/mes-donnees/copie" in sent[0]["body"]
    for other in ("other_agent", "counsellor", "secretariat"):
        stranger = world.browser(other)
        found = stranger.client.post(f"/mes-donnees/copie/{copy.id}/telecharger", data={"csrf_token": stranger.csrf_token()})
        assert found.status_code == 404, other
    browser.post(f"/mes-donnees/copie/{copy.id}/retirer", {})
    with world.app.app_context():
        assert DataExport.of_agent(world.agent) is None
        assert vault.is_destroyed(copy.id)


def test_she_reads_who_read_what_and_nothing_of_somebody_else(world):
    with world.app.test_request_context():
        disclosure.read(disclosure=world.home.disclosure, by=world.hr)
    page = world.browser("agent").get("/mes-donnees/journal")
    page.has("Le service RH lit ce qui lui est communiqué", "Prénom hr", "Connexion à votre compte")
    page.lacks("Prénom other_hr", "Prénom secretariat", "Prénom manager")
    world.browser("other_agent").get("/mes-donnees/journal").lacks("Prénom hr", "Prénom counsellor")
    world.browser("counsellor").get("/mes-donnees/journal", status=404)


def test_she_gives_up_what_is_kept_from_the_page_of_her_agreements(world):
    journey = world.home.closed_journey
    with world.app.app_context():
        Closing.update(keep=Keep.SYNTHESIS, keep_months=6).where(Closing.journey == journey.id).execute()
    browser, address = world.browser("agent"), f"/mes-donnees/conservation/{journey.id}/retirer"
    assert address in str(browser.get("/mes-donnees").soup)
    assert Closing.get(Closing.journey == journey.id).keep is Keep.SYNTHESIS, "a GET changes nothing"
    browser.get(address).has("détruit cette nuit")
    browser.post(address, {}).has("C’est noté")
    assert Closing.get(Closing.journey == journey.id).keep is Keep.NOTHING
    assert address not in str(browser.get("/mes-donnees").soup)


class Killed(BaseException):
    """The process ends there."""


def test_killed_between_making_and_keeping_nothing_is_left_in_clear_and_she_asks_again(world, monkeypatch):
    with world.app.app_context():
        actions.remove_export(export=DataExport.of_agent(world.agent))
        copy = actions.ask_for_export(by=world.agent)

        def die(*_args, **_kwargs):
            raise Killed

        with monkeypatch.context() as patched:
            patched.setattr(DataExport, "save", die)
            with pytest.raises(Killed):
                actions.make_export(copy.id)
        left = DataExport.by_id(copy.id)
        assert (left.state, left.content) == (State.WAITING, None)
        on_disk = b"".join(one.read_bytes() for one in Path(database.obj.database).parent.rglob("*") if one.is_file())
        assert len(on_disk) > 100_000
        for clear in (world.markers["closed_message-agent-home"].text.encode(), b"PK\x03\x04", b"donnees.json"):
            assert clear not in on_disk
        with time_machine.travel(now().replace(tzinfo=datetime.UTC) + datetime.timedelta(minutes=20)):
            again = actions.ask_for_export(by=world.agent)
            assert again.id != copy.id
            actions.make_export(again.id)
            assert DataExport.of_agent(world.agent).is_ready
        assert vault.is_destroyed(copy.id)


def test_it_is_encrypted_under_its_own_key_and_goes_after_its_days(world):
    with world.app.app_context():
        (raw,) = database.execute_sql("SELECT content FROM data_export").fetchone()
        assert b"PK" not in bytes(raw)
        copy = DataExport.of_agent(world.agent)
        with time_machine.travel(now().replace(tzinfo=datetime.UTC) + datetime.timedelta(days=6)):
            assert actions.forget_exports() == 0
        with time_machine.travel(now().replace(tzinfo=datetime.UTC) + datetime.timedelta(days=8)):
            assert not DataExport.of_agent(world.agent).is_ready
            assert actions.forget_exports() == 2, "the two of the world"
        assert vault.is_destroyed(copy.id)
