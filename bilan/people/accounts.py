"""The accounts as Flask-Security finds them."""

from typing import Any

from flask_security import PeeweeUserDatastore

from bilan.people.models import Person


class Accounts(PeeweeUserDatastore):
    """Flask-Security's datastore, with the fast way to the person of a session."""

    def find_user(self, case_insensitive: bool = False, **criteria: Any) -> Person | None:  # noqa: FBT001, FBT002 -- Flask-Security's signature
        """Return the account that matches, or None."""
        if set(criteria) == {"fs_uniquifier"}:
            return Person.by_session(criteria["fs_uniquifier"])
        return super().find_user(case_insensitive=case_insensitive, **criteria)
