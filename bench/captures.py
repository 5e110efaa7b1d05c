"""The pictures of the counsellor's guide: the application on the demonstration data, as Claire Monnet sees it (`make guide`).

The demonstration is told from today: each run changes every date, and so every picture. Run it when a screen has changed,
look at what it wrote, and read the guide again beside it.

    PYTHONPATH=.:tests python -m bench.captures
"""

import io
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from browser.chromium import ARGUMENTS, find_chromium
from browser.server import address_of, listening_socket, serving
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from bilan import create_app
from bilan.database import connection
from bilan.demonstration import load as load_demonstration
from bilan.preparation import prepare
from bilan.settings import load

FOLDER = Path(__file__).parents[1] / "docs" / "guide-conseil"
WIDTH, HEIGHT, COLOURS, MAX_BYTES = 1000, 1000, 48, 120_000
PASSWORD = "demonstration"
LAST_HELD = "tr:has-text('tenu') a"


class Picture(NamedTuple):
    """A picture: its name, whose list or bilan it starts from, the links that lead there, the title it begins with, its height."""

    name: str
    agent: str
    links: tuple[str, ...] = ()
    begins: str = ""
    height: int = HEIGHT


NADIA, MAITE = "Nadia Benali", "Maïté Arnaud"
UNDECIDED = "Maïté Oliveira"
PICTURES = (
    Picture("01-parcours", "", height=900),
    Picture("02-vue-d-ensemble", NADIA, height=1100),
    Picture("03-grille", UNDECIDED, ("Ouvrir la grille du diagnostic",)),
    Picture("04-seance", NADIA, (LAST_HELD,), "Note partagée", height=1000),
    Picture("05-travail", NADIA, ("Travail",), height=760),
    Picture("06-resultat", NADIA, ("Lire le résultat",), height=1000),
    Picture("07-pistes", NADIA, ("Pistes",), height=1000),
    Picture("08-scenarios", NADIA, ("Scénarios",), height=1100),
    Picture("09-service-rh", NADIA, ("Service RH",), height=800),
    Picture("10-synthese", MAITE, ("Synthèse",), height=720),
    Picture("11-cloture", MAITE, ("Clôture",), height=900),
    Picture("12-suivi", NADIA, ("Suivi",), height=800),
)


def main() -> int:
    """Take every picture; return 1 when one is too heavy."""
    with tempfile.TemporaryDirectory() as folder, listening_socket() as listening:
        settings = {"BILAN_INSTANCE": folder, "BILAN_DEMO_PASSWORD": PASSWORD, "BILAN_BASE_URL": address_of(listening)}
        app = create_app(load(settings))
        with app.app_context():
            prepare()
            with connection():
                list(load_demonstration())
        with serving(app, listening) as address, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=find_chromium(playwright.chromium.executable_path), args=ARGUMENTS)
            page = chromium.new_page(base_url=address, viewport={"width": WIDTH, "height": HEIGHT}, locale="fr-FR", color_scheme="light")
            sign_in(page)
            sizes = [take(page, one) for one in PICTURES]
            chromium.close()
    print(f"{len(sizes)} images, {sum(sizes) // 1000} ko")
    return int(max(sizes) > MAX_BYTES)


def sign_in(page: Page) -> None:
    """Enter as the counsellor of the demonstration."""
    page.goto("/connexion")
    page.fill("#email", "conseiller@demo.example")
    page.fill("#password", PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/parcours")


def take(page: Page, picture: Picture) -> int:
    """Follow the links as a counsellor would, write the picture; return its bytes."""
    page.goto("/parcours")
    if picture.agent:
        page.get_by_role("table").get_by_role("link", name=picture.agent).click()
    for link in picture.links:
        found = page.locator(f"main {link}").last if link == LAST_HELD else page.get_by_role("link", name=link).first
        found.click()
    page.wait_for_load_state("networkidle")
    whole = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    top = begins_at(page, picture.begins)
    cropped = whole.crop((0, top, WIDTH, min(whole.height, top + picture.height)))
    path = FOLDER / f"{picture.name}.png"
    path.parent.mkdir(exist_ok=True)
    cropped.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.name:28}{path.stat().st_size / 1000:7.0f} ko  {page.title()}")
    return path.stat().st_size


def begins_at(page: Page, title: str) -> int:
    """Return the line of the page where a title stands, a little above it; 0 without a title."""
    if not title:
        return 0
    box = page.get_by_role("heading", name=title).first.bounding_box()
    return max(int(box["y"] if box else 0) - 40, 0)


if __name__ == "__main__":
    sys.exit(main())
