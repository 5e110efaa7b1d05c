"""Calendar files, read by a strict library that is not the one that writes them."""

# ruff: noqa: DTZ001 -- moments are kept as naive UTC

import datetime

import pytest
from ical.calendar_stream import IcsCalendarStream

from bilan.agenda.rules import Meeting, calendar_of

CENTRE = ("Espace 2M – MIFE du Roannais", "centre@exemple.fr")
STAMP = datetime.datetime(2026, 1, 5, 9)


def read(meeting, method="REQUEST"):
    raw = calendar_of([meeting], method=method, stamp=STAMP, organizer=CENTRE, attendee="agent@exemple.fr")
    (calendar,) = IcsCalendarStream.from_ics(raw.decode()).calendars
    assert calendar.method == method
    (event,) = calendar.events
    return event, raw.decode()


def meeting(starts_at, **others):
    return Meeting("a@exemple.fr", starts_at, 90, others.pop("sequence", 0), "Entretien – Bilan professionnel", **others)


@pytest.mark.parametrize(
    ("moment", "clock"),
    [
        ("2026-11-26T22:30", "23:30"),
        ("2026-06-30T21:30", "23:30"),
        ("2026-03-29T00:30", "01:30"),
        ("2026-03-29T01:30", "03:30"),
        ("2026-03-28T08:00", "09:00"),
        ("2026-03-30T07:00", "09:00"),
        ("2026-10-25T00:30", "02:30"),
        ("2026-10-25T02:30", "03:30"),
        ("2026-10-24T07:00", "09:00"),
        ("2026-10-26T08:00", "09:00"),
    ],
)
def test_the_hour_is_that_of_paris_at_night_and_across_both_changes(moment, clock):
    stored = datetime.datetime.fromisoformat(moment)
    event, raw = read(meeting(stored))
    assert event.dtstart.astimezone(datetime.UTC).replace(tzinfo=None) == stored
    assert f"{event.dtstart:%H:%M}" == clock
    assert f"DTSTART;TZID=Europe/Paris:{event.dtstart:%Y%m%dT%H%M}00" in raw
    assert event.duration == datetime.timedelta(minutes=90)


def test_the_hour_that_comes_twice_is_said_in_utc_the_second_time():
    event, raw = read(meeting(datetime.datetime(2026, 10, 25, 1, 30)))
    assert event.dtstart == datetime.datetime(2026, 10, 25, 1, 30, tzinfo=datetime.UTC)
    assert "DTSTART:20261025T013000Z" in raw


def test_the_timezone_of_the_file_changes_at_the_right_instants():
    (zone,) = IcsCalendarStream.from_ics(read(meeting(STAMP))[1]).calendars[0].timezones
    (daylight,), (standard,) = zone.daylight, zone.standard
    for part, before, local in ((daylight, 1, "2026-03-29T02:00"), (standard, 2, "2026-10-25T03:00")):
        assert part.tz_offset_from.offset == datetime.timedelta(hours=before)
        onset = next(one for one in part.rrule.as_rrule(part.dtstart) if one.year == 2026)
        assert onset == datetime.datetime.fromisoformat(local), "an onset is said on the clock of before"


def test_a_meeting_asked_moved_and_cancelled_is_one_event():
    first, _ = read(meeting(STAMP))
    moved, _ = read(meeting(STAMP + datetime.timedelta(days=1), sequence=1))
    gone, _ = read(meeting(STAMP, sequence=2, cancelled=True), method="CANCEL")
    assert first.uid == moved.uid == gone.uid == "a@exemple.fr"
    assert [one.sequence for one in (first, moved, gone)] == [0, 1, 2]
    assert [one.status.value for one in (first, moved, gone)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert first.organizer.uri == "mailto:centre@exemple.fr"
    assert first.organizer.common_name == CENTRE[0]
    assert first.attendees[0].uri == "mailto:agent@exemple.fr"


def test_a_place_with_commas_and_accents_comes_back_whole():
    event, raw = read(meeting(STAMP, location="4 rue Molière, 42300 ROANNE ; 2ᵉ étage"))
    assert event.location == "4 rue Molière, 42300 ROANNE ; 2ᵉ étage"
    assert all(len(line.encode()) <= 75 for line in raw.split("\r\n"))
    assert "LOCATION" not in read(meeting(STAMP))[1]
