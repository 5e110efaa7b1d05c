"""Which Chromium the browser tests use, and how it is started."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]


class ChromiumMissing(Exception):
    """Neither BILAN_CHROMIUM, nor a Chromium on the PATH, nor Playwright's own."""


def find_chromium(own):
    """Return the program to start; `own` is where Playwright would have put its Chromium. Raise ChromiumMissing."""
    chosen = os.environ.get("BILAN_CHROMIUM")
    if chosen:
        if shutil.which(chosen):
            return shutil.which(chosen)
        raise ChromiumMissing(f"BILAN_CHROMIUM names {chosen}, which is not a program")
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    if Path(own).exists():
        return own
    raise ChromiumMissing(f"no BILAN_CHROMIUM, none of {', '.join(NAMES)} on the PATH, and Playwright has none of its own")
