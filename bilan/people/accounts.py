"""The accounts as Flask-Security finds them."""

from typing import Any

from flask import session
from flask_security import PeeweeUserDatastore

from bilan.access.models import OpenSession
from bilan.fields import as_uuid
from bilan.people.models import Person
from bilan.sessions import OPENED


class Accounts(PeeweeUserDatastore):
    """Flask-Security's datastore, with the fast way to the person of a session that is still open."""

    def find_user(self, case_insensitive: bool = False, **criteria: Any) -> Person | None:  # noqa: FBT001, FBT002 -- Flask-Security's signature
        """Return the account that matches, or None."""
        if set(criteria) == {"fs_uniquifier"}:
            opened = as_uuid(session.get(OPENED))
            return OpenSession.person_of(criteria["fs_uniquifier"], opened) if opened else None
        return super().find_user(case_insensitive=case_insensitive, **criteria)
