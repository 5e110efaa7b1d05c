"""Scenarios: what somebody thinks of doing with their life at work is read by two people."""

from peewee import ForeignKeyField, IntegerField

from bilan.events import Event
from bilan.leads.models import Lead
from bilan.pieces.models import Piece
from bilan.scenarios.rules import SCENARIOS_MAX, Priority, Route, Weight, weights
from bilan.vault import EncryptedJSONField


class Scenario(Piece):
    """A future that is weighed; it outlives the lead from which it was written.

    `content`: title, description, origin, first_step, risk, route (a value of Route, or ""),
    criteria {criterion: {"mark": "1" to "4" or "", "sentence"}}. `own`: the agent's words and priority.
    """

    maximum = SCENARIOS_MAX
    said = "ce scénario"
    saved_event, removed_event = Event.SCENARIO_SAVED, Event.SCENARIO_REMOVED
    lead = ForeignKeyField(Lead, null=True, on_delete="SET NULL")
    own = EncryptedJSONField(null=True)
    own_revision = IntegerField(default=0)

    @property
    def title(self) -> str:
        """Return its title."""
        return self.content["title"]

    @property
    def route(self) -> str:
        """Return its statutory route in words, "" while it is not said."""
        return Route(self.content["route"]).label if self.content["route"] else ""

    @property
    def weights(self) -> list[Weight]:
        """Return its two axes: relevance, then realism."""
        return weights(self.content["criteria"])

    @property
    def is_complete(self) -> bool:
        """Whether every criterion is weighed."""
        return all(one.mean is not None for one in self.weights)

    @property
    def priority(self) -> Priority | None:
        """Return the agent's priority, None before she has said it."""
        return Priority(self.own["priority"]) if self.own else None

    @property
    def words(self) -> str:
        """Return the agent's own words."""
        return self.own["words"] if self.own else ""
