"""The people of the treatment of complaints."""

import pytest
from factories import make_person

from bilan.people.models import Role


@pytest.fixture
def inside(app):
    with app.test_request_context():
        yield app


@pytest.fixture
def desk(inside):
    return make_person(Role.SECRETARIAT, name="Inès Morel", password=None)


@pytest.fixture
def manager(inside):
    return make_person(Role.MANAGER, name="Sami Leroy", password=None)
