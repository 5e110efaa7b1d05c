"""What waits for nobody is forgotten."""

import time_machine
from factories import make_person

from bilan.database import now
from bilan.people import actions
from bilan.people.models import KeptEntry, LinkPurpose, OneTimeLink, Role


def test_a_kept_entry_lives_a_day(app):
    with app.test_request_context():
        KeptEntry.create(person=make_person(), path="/", sealed=b"chiffre")
        actions.forget_old()
        assert KeptEntry.select().count() == 1
        with time_machine.travel(now().timestamp() + 86_401, tick=False):
            actions.forget_old()
        assert KeptEntry.select().count() == 0


def test_an_expired_link_leaves_its_trace_a_month(app):
    with app.test_request_context():
        make_person(Role.HR, password=None)
        with time_machine.travel(now().timestamp() + 40 * 86_400, tick=False):
            actions.forget_old()
            assert OneTimeLink.select().count() == 1
        with time_machine.travel(now().timestamp() + 50 * 86_400, tick=False):
            actions.forget_old()
            assert OneTimeLink.select().where(OneTimeLink.purpose == LinkPurpose.INVITATION).count() == 0
