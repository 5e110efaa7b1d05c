"""A counsellor with free slots and an agent without a meeting, for the tests of booking."""

import datetime
from dataclasses import dataclass, field
from typing import Any

import time_machine
from client import Browser
from factories import make_journey, make_person, make_slot

from bilan.agenda.models import Slot
from bilan.interviews.models import Interview
from bilan.mail.models import Email
from bilan.people.models import Role


@dataclass
class Office:
    """Who is there; browsers sign in when they are first asked for."""

    app: Any
    journey: Any
    secretary: Any
    slots: list
    browsers: dict = field(default_factory=dict)

    def browser(self, name):
        """Return the browser of the agent, the counsellor or the secretariat."""
        if name not in self.browsers:
            person = self.secretary if name == "secretary" else getattr(self.journey, name)
            self.browsers[name] = Browser(self.app)
            self.browsers[name].arrive(person)
        return self.browsers[name]

    def book(self, slot=None):
        """Let the agent book a slot (the first one), and return the interview."""
        agent = self.browser("agent")
        agent.submit(agent.get("/mon-bilan/rendez-vous"), {"slot": str((slot or self.slots[0]).id)})
        return self.interview()

    def interview(self):
        """Return the newest interview."""
        return Interview.select().order_by(Interview.created_at.desc()).first()

    def slot(self, rank=0):
        """Return a slot as it is now."""
        return Slot.get_or_none(Slot.id == self.slots[rank].id)

    def emails(self, kind):
        """Return the envelopes of a kind by address."""
        with self.app.app_context():
            return {email.envelope["to"]: email.envelope for email in Email.select().where(Email.kind == kind).order_by(Email.created_at)}

    def before(self, interview, **delta):
        """Travel to so long before an interview; the time stands still, and everybody signs in again."""
        self.browsers.clear()
        moment = interview.starts_at.replace(tzinfo=datetime.UTC) - datetime.timedelta(**delta)
        return time_machine.travel(moment, tick=False)


def open_office(app):
    """Return an office with slots in 3, 4, 10 and 12 days; the one of 12 days is too short for a diagnostic."""
    with app.test_request_context():
        journey = make_journey(agent=make_person(name="Nadia Benali"), counsellor=make_person(Role.COUNSELLOR, name="Inès Caron"))
        slots = [make_slot(journey.counsellor, days=days) for days in (3, 4, 10)]
        slots.append(make_slot(journey.counsellor, days=12, minutes=60))
        return Office(app, journey, make_person(Role.SECRETARIAT), slots)
