"""A bilan, and the browsers of its two people."""

import pytest
from client import Browser
from factories import make_journey

from bilan.journeys.models import Journey


class Case:
    """A journey and whoever writes in it; `within()` is where factories work."""

    def __init__(self, app):
        self.app = app
        with self.within():
            self.journey = Journey.by_id_with_people(make_journey().id)
        self.agent, self.counsellor = Browser(app), Browser(app)
        self.agent.arrive(self.journey.agent)
        self.counsellor.arrive(self.journey.counsellor)

    def within(self):
        return self.app.test_request_context()

    def path(self, end, *, way="mon-bilan"):
        """Return the address of a page of the journey."""
        return f"/{way}/{self.journey.id}/{end}"

    def write(self, end, values, *, status=200, button=None):
        """Let the agent fill the form of a new piece."""
        return self.agent.submit(self.agent.get(self.path(end)), values, status=status, button=button)


@pytest.fixture
def case(app):
    return Case(app)
