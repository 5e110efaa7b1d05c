"""The invented slots of the weeks to come."""

import contextlib
import datetime

from flask import current_app

from bilan.agenda.models import Slot, TimeTaken
from bilan.agenda.rules import holiday
from bilan.database import now, transaction
from bilan.french import from_paris, to_paris
from bilan.interviews.rules import Mode
from bilan.people.models import Person

DAYS = 24
TIMES = ((9, 0), (14, 0), (16, 0))


def offer_slots(counsellors: list[Person]) -> None:
    """Offer three slots on each working day of three weeks, one of them remote; what meets an interview is left out."""
    sheet = current_app.config["BILAN"]
    today = to_paris(now()).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    with transaction():
        for day in (today + datetime.timedelta(days=rank) for rank in range(2, DAYS)):
            if day.weekday() > 4 or holiday(day.date()):
                continue
            for (hour, minute), counsellor in ((time, one) for time in TIMES for one in counsellors):
                remote = hour == TIMES[-1][0]
                with contextlib.suppress(TimeTaken):
                    Slot.reserve(
                        counsellor=counsellor,
                        starts_at=from_paris(day.replace(hour=hour, minute=minute)),
                        minutes=90,
                        mode=Mode.REMOTE if remote else Mode.ON_SITE,
                        place="https://visio.example/salle" if remote else f"{sheet.address}, {sheet.postcode_city}",
                        access_notes="" if remote else sheet.access_notes,
                    )
