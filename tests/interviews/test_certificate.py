"""The attendance certificate: dates, durations and modes of the meetings held, for the HR service that prescribed."""

import datetime
import io

from factories import make_interview
from pypdf import PdfReader

from bilan import french
from bilan.database import now
from bilan.interviews.models import Interview
from bilan.interviews.rules import InterviewKind, Mode, Outcome


def certificate(world, name="hr"):
    response = world.browser(name).get(f"/prescriptions/{world.home.journey.id}/attestation.pdf").response
    assert response.mimetype == "application/pdf"
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.data)).pages).split())


def hold(world, *, days, held, **others):
    with world.app.test_request_context():
        interview = make_interview(world.home.journey, days=days, held=held)
    Interview.update(**others).where(Interview.id == interview.id).execute()
    return interview


def test_it_says_dates_durations_and_modes(world):
    remote = hold(world, days=-10, held=120, mode=Mode.REMOTE)
    text = certificate(world)
    day = lambda moment: french.day(moment).replace("\u00a0", " ")  # noqa: E731
    for words in (
        "Attestation de présence",
        world.agent.display_name,
        "Commune home",
        "P-",
        f"{day(remote.starts_at)} à distance 2 h 00",
        f"{day(world.home.held.starts_at)} sur place 1 h 30",
        "Durée totale 3 h 30",
        f"Établie le {french.short_day(now())}".replace("\u00a0", " "),
    ):
        assert words in text, f"{words!r} is not in {text}"
    assert text.index("à distance") < text.index("sur place")


def test_it_says_nothing_else(world):
    hold(world, days=-9, held=None, outcome=Outcome.NO_SHOW)
    text = certificate(world)
    absent = french.day(now() - datetime.timedelta(days=9)).replace("\u00a0", " ")
    coming = french.day(world.home.coming.starts_at).replace("\u00a0", " ")
    for words in (
        absent,
        coming,
        "diagnostic",
        "absence",
        world.counsellor.display_name,
        "MARQUEUR",
        world.agent.email,
        "Agent d’entretien",
    ):
        assert words.lower() not in text.lower(), f"{words!r} is in {text}"


def test_the_review_with_hr_is_counted_apart(world):
    hold(world, days=-1, held=60, kind=InterviewKind.HR_REVIEW)
    text = certificate(world)
    assert "Durée totale 1 h 30" in text
    assert text.index("Durée totale") < text.index("Bilan avec le service Ressources humaines") < text.index("1 h 00")


def test_what_hr_may_not_see_is_not_read(world):
    assert Interview.attendance(world.home.journey.id)[0]._fields == ("starts_at", "held_minutes", "mode", "with_hr")


def test_without_a_meeting_held_there_is_nothing_to_certify(world):
    page = world.browser("hr").get(f"/prescriptions/{world.home.quoted.id}/attestation.pdf", status=404)
    page.has("Aucun entretien n’a encore été tenu")


def test_it_is_for_the_prescriber_only(world):
    for name in ("agent", "counsellor", "other_hr", "secretariat", "manager", "anonymous"):
        world.browser(name).get(f"/prescriptions/{world.home.journey.id}/attestation.pdf", status={404, 302}, follow=False)
