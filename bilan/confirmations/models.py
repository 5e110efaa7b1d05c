"""Changes to the accounts of the secretariat and the manager that wait for a second person."""

import uuid
from typing import Self

from peewee import JOIN, CharField, DateTimeField, ForeignKeyField, ModelSelect
from playhouse.fields import EnumField

from bilan.confirmations.rules import LIFE, WATCHED, Change, Outcome
from bilan.database import BaseModel, now
from bilan.french import of
from bilan.people.models import Person, Role

ROLES = tuple(Role(one) for one in WATCHED)


class AccountRequest(BaseModel):
    """One change that somebody asked for; an invitation has no account yet, but an address, a name and a role.

    `successor` is who goes on with the complaints and actions of somebody who leaves.
    """

    asked_by = ForeignKeyField(Person, on_delete="CASCADE", backref="requests_asked")
    change = EnumField(Change, max_length=10)
    person = ForeignKeyField(Person, null=True, on_delete="CASCADE", backref="requests_about")
    email = CharField(max_length=254, default="")
    display_name = CharField(max_length=120, default="")
    role = EnumField(Role, max_length=30)
    outcome = EnumField(Outcome, max_length=10, null=True)
    decided_by = ForeignKeyField(Person, null=True, on_delete="SET NULL", backref="requests_decided")
    decided_at = DateTimeField(null=True)
    successor = ForeignKeyField(Person, null=True, on_delete="SET NULL", backref="successions")

    class Meta:
        indexes = ((("outcome", "created_at"), False),)

    @classmethod
    def pending(cls) -> ModelSelect:
        """Return what waits, the oldest first: asked less than seven days ago, by somebody who is still there."""
        asker, about, heir = Person.alias(), Person.alias(), Person.alias()
        query = cls.select(cls, asker, about, heir).join(asker, on=(cls.asked_by == asker.id), attr="asked_by").switch(cls)
        query = query.join(about, JOIN.LEFT_OUTER, on=(cls.person == about.id), attr="person")
        query = query.switch(cls).join(heir, JOIN.LEFT_OUTER, on=(cls.successor == heir.id), attr="successor")
        return query.where(cls.outcome.is_null(), cls.created_at > now() - LIFE, asker.active).order_by(cls.created_at, cls.id)

    @classmethod
    def pending_by_id(cls, request_id: uuid.UUID) -> Self | None:
        """Return one that waits, with its people."""
        return cls.pending().where(cls.id == request_id).first()

    @property
    def words(self) -> str:
        """Say what is asked."""
        if self.change is Change.INVITE:
            return f"Inviter {self.display_name} ({self.email}) avec le rôle «\u00a0{self.role.label}\u00a0»"
        end = of(self.display_name)
        then = f", et confier ses réclamations et ses actions à {self.successor.display_name}" if self.successor else ""
        return f"{self.change.label} {end}{then}"

    def settle(self, outcome: Outcome, by: Person) -> bool:
        """Decide, once; False when somebody has just done it."""
        waits = (AccountRequest.id == self.id, AccountRequest.outcome.is_null())
        return AccountRequest.update(outcome=outcome, decided_by=by, decided_at=now()).where(*waits).execute() == 1


def confirmers(*, asker: Person, person: Person | None) -> list[Person]:
    """Return who may confirm: the secretariat and the manager who have a password, but the asker and whom it is about."""
    apart = {asker.id, person.id if person else None}
    return [one for one in Person.active_of(*ROLES) if one.password and one.id not in apart]
