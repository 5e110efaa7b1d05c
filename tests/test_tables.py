"""Tables leave a part at a time: whatever their length, a few rows are in memory; what fails at once has a page, what fails later is no file."""

import csv
import datetime
import gzip
import io
import uuid
import zipfile

import pytest
from factories import file_complaint
from flask import has_request_context
from lxml import etree
from odfdo import Document, Row, Table
from peewee import OperationalError

from bilan.complaints.models import Complaint
from bilan.database import in_parts
from bilan.tables import PART, as_ods, csv_parts
from bilan.treatment import views

REGISTER = "/secretariat/reclamations/registre.csv"
LONG = 1200


def references(content):
    return [line["Référence"] for line in csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")]


def unique(number):
    """Return what two complaints never share."""
    return {"id": uuid.uuid4(), "number": number, "submission": f"{number:036}", "follow_up_digest": f"{number:064}"}


@pytest.fixture
def long_register(world):
    """Give the register LONG complaints more."""
    with world.app.test_request_context():
        complaint, _ = file_complaint()
        rows = [{**complaint.__data__, **unique(5000 + rank)} for rank in range(LONG)]
        Complaint.insert_many(rows).execute()
    return rows


def test_the_first_part_leaves_before_the_last_row_is_read():
    read = []

    def rows():
        for rank in range(10_000):
            read.append(rank)
            yield [rank, "é" * 20]

    parts = csv_parts(["Rang", "Mots"], rows())
    first = next(parts)
    assert len(read) < 2_000
    assert first.startswith("\ufeffRang;Mots\r\n0;".encode())
    sizes = [len(part) for part in parts]
    assert max(sizes) < 3 * PART
    assert len(read) == 10_000
    assert b"".join(csv_parts(["Rang"], [])) == "\ufeffRang\r\n".encode()


def test_a_sheet_is_what_odfdo_would_write():
    day, wild = datetime.date(2026, 11, 29), 'x < y & "z"  t\tu\r\nv'
    values = [["R-1", day, 3, 2.5, None], [wild, datetime.date(1999, 1, 2), -1, 0.0, "é’\u00a0!"], ["=1+1", day, 0, 1e-9, ""]]
    made = as_ods("Essai", ["=A", "B", "C", "D", "E"], iter(values))
    table = Table("Essai")
    for line in [["'=A", "B", "C", "D", "E"], *values[:2], ["'=1+1", *values[2][1:]]]:
        row = Row()
        for column, value in enumerate(line):
            row.set_value(column, "" if value is None else value)
        table.append_row(row)
    document = Document("spreadsheet")
    document.body.clear()
    document.body.append(table)
    target = io.BytesIO()
    document.save(target)
    ours, theirs = zipfile.ZipFile(io.BytesIO(made)), zipfile.ZipFile(target)
    assert [one.filename for one in ours.infolist()] == [one.filename for one in theirs.infolist()]
    assert (ours.infolist()[0].filename, ours.infolist()[0].compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert ours.testzip() is None
    # Parsed: a tab of an attribute is written in two ways.
    written = [etree.tostring(etree.fromstring(one.read("content.xml")), method="c14n") for one in (ours, theirs)]
    assert written[0] == written[1]
    found = Document(io.BytesIO(made)).body.get_table(0).get_values()
    assert found[1][:4] == ["R-1", day, 3, 2.5]


def test_a_sheet_holds_neither_a_moment_nor_a_bare_truth():
    for value in (datetime.datetime(2026, 11, 29, 9, tzinfo=datetime.UTC), True):
        with pytest.raises(TypeError):
            as_ods("Essai", ["A"], [[value]])


def test_a_long_register_leaves_whole_packed_or_not(world, long_register):
    client = world.browser("manager").client
    plain = client.get(REGISTER)
    found = references(plain.data)
    assert len(found) == len(set(found)) > LONG
    assert "Content-Length" not in plain.headers
    packed = client.get(REGISTER, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 5
    assert len({len(client.get(REGISTER, headers={"Accept-Encoding": "gzip"}).data) for _ in range(4)}) > 1, "its length is not blurred"


def test_what_changes_while_a_register_leaves_is_neither_twice_nor_wrong(world, long_register):
    client = world.browser("manager").client
    with world.app.test_request_context():
        answer = client.get(REGISTER)
        parts = answer.iter_encoded()
        begun = next(parts)
        gone = Complaint.get(Complaint.number == 5000)
        assert gone.reference.encode() not in begun
        gone.delete_instance()
        Complaint.insert({**long_register[0], **unique(9999)}).execute()
        found = references(begun + b"".join(parts))
    assert gone.reference not in found
    assert not any(one.endswith("9999") for one in found)
    assert len(found) == len(set(found)) >= LONG - 1


def test_a_list_is_read_some_rows_at_a_time_in_its_order(world, long_register):
    with world.app.test_request_context():
        query = Complaint.select().where(Complaint.number >= 5000).order_by(Complaint.number.desc())
        assert [one.number for one in in_parts(query, 7)] == [one["number"] for one in reversed(long_register)]
        assert list(in_parts(query.where(Complaint.number < 0))) == []


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_download_that_is_abandoned_leaves_nothing_behind(world, long_register, encoding):
    client, ended = world.browser("manager").client, []
    world.app.teardown_request(lambda _error: ended.append(True))
    answer = client.get(REGISTER, headers={"Accept-Encoding": encoding})
    parts = answer.iter_encoded()
    next(parts)
    next(parts)
    before = len(ended)
    answer.close()
    assert len(ended) == before + 1, "the request of a download lives on"
    assert not has_request_context()
    assert client.get("/qualite").status_code == 200


def test_what_fails_at_once_has_a_page_and_what_fails_later_is_no_whole_file(world, monkeypatch):
    client = world.browser("manager").client

    def locked(_found):
        raise OperationalError("database is locked")
        yield

    monkeypatch.setattr(views, "rows", locked)
    answer = client.get(REGISTER)
    assert answer.status_code == 503
    assert "<h1>" in answer.text

    def late(_found):
        yield from ([["R-1"] * 14] * 5_000)
        raise OperationalError("database is locked")

    monkeypatch.setattr(views, "rows", late)
    with pytest.raises(OperationalError):
        b"".join(client.get(REGISTER).iter_encoded())
