"""A bilan and its two people, as for the career path; a small ROME."""

import pytest
from careers.conftest import Case
from rome.folder import write_version

from bilan.rome.actions import import_folder


@pytest.fixture
def case(app):
    return Case(app)


@pytest.fixture
def rome(app, tmp_path):
    """A small ROME, loaded."""
    return import_folder(write_version(tmp_path / "rome"))
