"""Whatever is written in an address, the answer is a French page and never a 500."""

import uuid
from urllib.parse import quote, urlsplit

import pytest
from client import PASSWORD
from walk import addresses

from bilan.protection import limiter

QUERIES = {
    "measures.index": ("disability_referent", ("etat", "q", "page")),
    "mail.notices": ("secretariat", ("etat", "page")),
    "agenda.book_for": ("secretariat", ("lieu", "moment", "page")),
    "agenda.index": ("secretariat", ("jour", "semaine", "conseil")),
    "careers.skills": ("agent", ("q", "sorte", "niveau", "experience", "a-developper", "encore")),
    "careers.new_skill": ("agent", ("experience",)),
    "careers.new_condition": ("agent", ("sorte",)),
    "journeys.index": ("counsellor", ("q", "etat")),
    "people.accounts": ("secretariat", ("q", "page")),
    "quality.index": ("manager", ("annee", "par")),
    "seals.index": ("manager", ("du", "au", "sorte", "page")),
    "quality.published": ("anonymous", ("annee",)),
    "verbatims.index": ("manager", ("enquete", "question", "periode", "theme", "etat", "q", "page")),
    "improvement.index": ("manager", ("etat", "origine", "retard", "q", "page")),
    "complaints.new": ("anonymous", ("sorte",)),
    "treatment.index": ("secretariat", ("etat", "sorte", "voie", "motif", "retard", "du", "au", "q", "page")),
    "mail.index": ("secretariat", ("etat", "page")),
    "notes.versions": ("counsellor", ("page",)),
    "followup.journal": ("counsellor", ("page",)),
    "prescriptions.index": ("hr", ("q", "etat", "page")),
    "reception.index": ("secretariat", ("q", "etat", "page")),
    "quotes.answer": ("hr", ("refus",)),
    "quotes.employers": ("secretariat", ("q", "page")),
    "security.login": ("anonymous", ("next",)),
    "people.home": ("agent", ("next",)),
    "occupations.index": ("agent", ("q", "famille", "interet", "collectivites", "page")),
    "occupations.link": ("agent", ("q",)),
    "plans.index": ("agent", ("par",)),
    "plans.new": ("agent", ("scenario",)),
    "scenarios.new": ("agent", ("piste",)),
    "messages.index": ("agent", ("page",)),
    "exports.log": ("agent", ("page",)),
    "data_requests.index": ("secretariat", ("etat", "page")),
    "assignments.give": ("counsellor", ("entretien",)),
}
VALUES = [
    "",
    " ",
    "a\x00b",
    "a\x07b",
    "👩🏽‍🏫",
    "<script>alert(1)</script>",
    "'; DROP TABLE person; --",
    "-1",
    "9" * 5000,
    "NaN",
    "[]",
    "0",
    "1e5",
    "%",
    "_",
    "1.5",
    str(10**30),
    "https://ailleurs.example/",
    "//ailleurs.example",
]
IDS = [str(uuid.uuid4()), "abc", "0" * 32, "%00", "..%2f..%2fetc%2fpasswd", "é", "%ED%A0%80", "1" * 3000]
PATHS = {
    "counsellor": (
        "/parcours/{}",
        "/parcours/{}/entretiens/nouveau",
        "/parcours/entretiens/{}",
        "/parcours/{}/diagnostic",
        "/parcours/{}/experiences",
        "/parcours/{}/competences/nouvelle",
        "/parcours/experiences/{}",
        "/parcours/competences/{}/retirer",
        "/parcours/entretiens/{}/notes/private/versions",
        "/parcours/entretiens/{}/notes/private/versions/1",
        "/parcours/{}/entretiens/deja-tenu",
        "/parcours/{}/heures",
        "/parcours/{}/suivi",
        "/parcours/{}/pause",
        "/parcours/{}/interruption",
        "/parcours/{}/travail/nouveau",
        "/parcours/travail/{}/modifier",
        "/parcours/{}/messages",
        "/parcours/{}/metiers",
        "/parcours/experiences/{}/metier",
        "/parcours/{}/scenarios",
        "/parcours/{}/synthese",
        "/parcours/{}/synthese/blocs/skills",
        "/parcours/{}/synthese/proposer",
        "/parcours/{}/synthese/versions/1",
        "/parcours/synthese/pdf/{}",
        "/parcours/synthese/pdf/{}/document.pdf",
        "/parcours/{}/plan",
        "/parcours/etapes/{}",
        "/parcours/{}/bilan-rh",
        "/parcours/bilan-rh/{}/date",
        "/parcours/bilan-rh/{}/compte-rendu",
        "/parcours/{}/cloture/remise",
        "/parcours/{}/cloture/clore",
        "/parcours/scenarios/{}",
    ),
    "agent": (
        "/mon-bilan/rendez-vous/{}.ics",
        "/mon-bilan/rendez-vous/{}/deplacer",
        "/mon-bilan/questionnaires/{}",
        "/mon-bilan/questionnaires/{}/page/1",
        "/mon-bilan/entretiens/{}",
        "/mon-bilan/{}/attestation.pdf",
        "/mon-bilan/{}/heures",
        "/mon-bilan/{}/suivi",
        "/mon-bilan/{}/point-a-mi-parcours",
        "/mon-bilan/{}/travail",
        "/mon-bilan/travail/{}",
        "/mon-bilan/travail/fichiers/{}",
        "/mon-bilan/{}/messages",
        "/mon-bilan/{}/metiers",
        "/mon-bilan/{}/appuis-et-freins",
        "/mon-bilan/appuis-et-freins/{}",
        "/mon-bilan/adaptations/{}",
        "/mes-donnees/demandes/{}",
        "/mes-donnees/demandes/{}/reprendre",
        "/mes-donnees/attestations/{}",
        "/mes-donnees/attestations/{}/attestation.pdf",
        "/mon-bilan/adaptations/{}/partage",
        "/mon-bilan/scenarios/{}/a-moi",
        "/mon-bilan/{}/synthese/observations",
        "/mon-bilan/{}/synthese/valider",
        "/mon-bilan/{}/plan.ics",
        "/mon-bilan/{}/plan/point",
        "/mon-bilan/etapes/{}/point",
        "/mon-bilan/scenarios/{}/retirer",
        "/mon-bilan/{}/cloture",
        "/mon-bilan/{}/cloture/objectifs",
        "/mon-bilan/{}/cloture/garder",
    ),
    "hr": (
        "/prescriptions/{}",
        "/prescriptions/{}/agent",
        "/prescriptions/{}/verification",
        "/prescriptions/{}/retrait",
        "/prescriptions/devis/{}",
        "/prescriptions/bilans-rh/{}",
        "/prescriptions/devis/{}/devis.pdf",
        "/prescriptions/{}/attestation.pdf",
    ),
    "secretariat": (
        "/secretariat/prescriptions/{}",
        "/secretariat/prescriptions/{}/referent",
        "/secretariat/reclamations/{}",
        "/secretariat/demandes-donnees/{}",
        "/secretariat/reclamations/{}/cloture",
        "/secretariat/reclamations/fichiers/{}",
        "/secretariat/reclamations/echanges/{}/lettre.pdf",
        "/secretariat/courriers/{}",
        "/secretariat/avis/{}",
        "/secretariat/avis/{}/lettre.pdf",
        "/secretariat/prescriptions/{}/devis",
        "/secretariat/collectivites/{}",
    ),
    "disability_referent": (
        "/adaptations/{}",
        "/adaptations/{}/decision",
        "/adaptations/{}/mesures/other",
    ),
    "manager": (
        "/qualite/avis/{}/masquer",
        "/qualite/themes/{}",
        "/qualite/plan/{}",
        "/qualite/plan/{}/modifier",
        "/qualite/plan/{}/publier",
        "/qualite/plan/reclamations/{}",
        "/qualite/plan/themes/{}",
        "/qualite/plan/avis/{}",
        "/qualite/preuves/{}/elements-de-preuve.zip",
        "/qualite/indicateurs.{}",
    ),
    "anonymous": ("/statique/{}/bilan.css", "/statique/x/{}", "/static-lib/atkinson/{}", "/{}"),
}
TOKENS = {
    "/connexion/lien/{}": 410,
    "/mot-de-passe/{}": 410,
    "/reclamations/suivi/{}": 404,
    "/reclamations/suivi/x/fichiers/{}": 404,
    "/agenda/abonnement/{}.ics": 404,
}


@pytest.fixture(autouse=True)
def _no_limits(world):
    limiter.enabled = False


@pytest.mark.parametrize("endpoint", QUERIES)
def test_a_bad_query_is_a_page_like_another(world, endpoint):
    name, fields = QUERIES[endpoint]
    browser, path = world.browser(name), addresses(world, endpoint)[0].path
    for field in fields:
        for value in VALUES:
            if value.isprintable():
                browser.get(f"{path}?{field}={quote(value)}")
            else:  # echoed as it came, it would not be strict HTML
                response = browser.client.get(path, query_string={field: value}, follow_redirects=True)
                assert (response.status_code, 'lang="fr"' in response.text) == (200, True)
        for raw in ("%ED%A0%80", "%FF", "%", f"a&{field}=b"):
            browser.get(f"{path}?{field}={raw}")


@pytest.mark.parametrize("name", PATHS)
def test_a_bad_address_is_not_found(world, name):
    browser = world.browser(name)
    for path in PATHS[name]:
        for wrong in IDS:
            browser.get(path.format(wrong), status=404)


@pytest.mark.parametrize(("path", "status"), TOKENS.items())
def test_a_bad_link_is_spent_or_unknown(world, path, status):
    browser = world.browser("anonymous")
    for wrong in (*IDS, "é" * 50, "a.b", "💥"):
        browser.get(path.format(wrong), status={status, 404})


def test_a_page_of_a_questionnaire_that_does_not_exist_is_not_found(world):
    browser = world.browser("agent")
    for number in (0, 9, 10**9, 10**30, "-1", "1.0"):
        browser.get(f"/mon-bilan/questionnaires/{world.home.started.id}/page/{number}", status=404)
    for item in ("Z9", "%00", "seen", "é"):
        browser.post(f"/mon-bilan/questionnaires/{world.home.started.id}/reponses/{item}", {item: "3"}, status=404)
    world.browser("counsellor").get(f"/parcours/entretiens/{world.home.held.id}/notes/secret/versions", status=404)


@pytest.mark.parametrize("where", ["https://ailleurs.example/", "//ailleurs.example/", "/\\ailleurs.example", "javascript:alert(1)"])
def test_sign_in_leads_nowhere_else(world, where):
    browser = world.browser("anonymous")
    page = browser.get(f"/connexion?next={quote(where)}")
    typed = {"email": world.agent.email, "password": PASSWORD}
    answer = browser.submit(page, typed, status={302, 422}, follow=False)
    leads = answer.response.headers.get("Location", "")
    assert urlsplit(leads).netloc in ("", "localhost")
    assert not leads.startswith(("//", "/\\", "javascript"))


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_another_method_is_refused_in_french(world, method):
    response = world.browser("counsellor").client.open(f"/parcours/{world.home.journey.id}", method=method)
    assert response.status_code in (400, 405)
    assert 'lang="fr"' in response.text
