"""The README says what the settings are."""

from dataclasses import fields
from pathlib import Path

from bilan.settings import Settings

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_every_setting_is_in_the_readme_with_its_meaning():
    for setting in fields(Settings):
        assert f"| `{setting.metadata['variable']}` |" in README
        assert setting.metadata["about"] in README
