"""The pages of the law, the help and the plan of the site."""

import datetime

import pytest
from client import Browser
from world import EVERYBODY


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_the_plan_of_the_site_gives_what_each_account_opens_and_nothing_that_is_refused(world, name):
    browser = world.browser(name)
    page = browser.get("/plan-du-site")
    links = [one["href"] for one in page.soup.main.find_all("a")]
    assert links, "an empty plan"
    assert len(set(links)) == len(links)
    for link in links:
        browser.get(link)
    header = {one["href"] for one in page.soup.header.nav.find_all("a")}
    assert name == "anonymous" or header <= set(links)


def test_the_plan_leads_an_agent_through_her_bilan(world):
    page = world.browser("agent").get("/plan-du-site")
    page.has("Votre bilan", "Pistes", "Synthèse")
    world.browser("hr").get("/plan-du-site").lacks("Votre bilan", "Pistes")


def test_every_page_leads_to_the_help_and_to_the_plan(world):
    for name in ("anonymous", "agent", "hr"):
        footer = world.browser(name).get("/").soup.find("footer")
        assert {"/aide", "/plan-du-site", "/accessibilite", "/donnees-personnelles"} <= {one["href"] for one in footer.find_all("a")}


def test_the_help_says_the_delays_of_the_settings(new_app, migrated):
    delays = {"BILAN_CANCEL_HOURS": "48", "BILAN_INVITATION_DAYS": "7", "BILAN_EXPORT_DAYS": "3", "BILAN_DATA_REQUEST_DAYS": "21"}
    page = Browser(new_app(migrated, **delays)).get("/aide")
    page.has("jusqu’à 48 heures avant", "il reste valable 7 jours", "se télécharge pendant 3 jours", "répond en 21 jours au plus")


def test_who_reads_a_complaint_is_said_as_the_permissions_have_it(world):
    row = world.browser("anonymous").get("/donnees-personnelles").soup.find("th", string="Réclamation").parent
    readers = row.find("td").text
    assert readers.startswith("vous, le secrétariat (sauf la personne en cause)")
    assert "la personne responsable du service (sauf la personne en cause)" in readers
    assert "RH" not in readers
    assert "conseill" not in readers


def test_who_finds_a_fault_knows_whom_to_tell(world):
    response = world.browser("anonymous").client.get("/.well-known/security.txt")
    assert response.mimetype == "text/plain"
    lines = dict(line.split(": ", 1) for line in response.text.splitlines())
    assert lines["Contact"] == "mailto:secretariat@espace2m.org"
    left = datetime.datetime.fromisoformat(lines["Expires"]) - datetime.datetime.now(datetime.UTC)
    assert datetime.timedelta(days=270) < left < datetime.timedelta(days=365)
