"""From the prescription to the accompaniment: four people, four browsers, with and without JavaScript."""

import datetime
import re

import pytest
from client import PASSWORD
from factories import last_link, make_employer, make_person
from playwright.sync_api import expect

from bilan.agenda.models import Slot
from bilan.agenda.rules import holiday
from bilan.database import now
from bilan.diagnostics.models import Diagnostic
from bilan.french import to_paris
from bilan.interviews.models import Interview
from bilan.journeys.models import Journey
from bilan.journeys.rules import Phase
from bilan.people.models import Role

pytestmark = pytest.mark.browser
EXPECTATIONS = "Savoir si l’accueil du public lui conviendrait."
WISHES = "Retrouver du sens."
OBJECTIVES = "Choisir deux pistes."
DEMAND = "Changer d’air sans tout perdre."


@pytest.fixture
def people(live):
    with live.within():
        employer = make_employer("Commune de Renaison")
        return {
            "hr": make_person(Role.HR, name="Sylvie Garnier", employer=employer),
            "secretariat": make_person(Role.SECRETARIAT, name="Martine Roche"),
            "counsellor": make_person(Role.COUNSELLOR, name="Claire Monnet"),
        }


def press(page, name):
    page.bring_to_front()
    page.get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    page.bring_to_front()
    page.get_by_role("link", name=name).first.click()


def told(page, words):
    expect(page.locator("#messages")).to_contain_text(words)


def prescribe(hr):
    follow(hr, "Demander un bilan")
    hr.get_by_label("Prénom et nom").fill("Nadia Benali")
    hr.get_by_label("Adresse e-mail de l’agent").fill("nadia@perso.example")
    press(hr, "Continuer")
    press(hr, "Continuer")
    expect(hr.locator("[data-error-summary] li")).to_have_count(3)
    hr.get_by_label("Poste occupé").fill("ATSEM")
    hr.get_by_label("Titulaire", exact=True).check()
    hr.get_by_label("Catégorie C").check()
    press(hr, "Continuer")
    hr.get_by_label("Motif de la demande").select_option(label="Souhait d’évolution professionnelle")
    hr.get_by_label("Ce que la collectivité attend du bilan").fill(EXPECTATIONS)
    press(hr, "Continuer")
    hr.get_by_label("Oui", exact=True).check()
    hr.get_by_label("Sur place ou à distance").check()
    press(hr, "Continuer")
    expect(hr.locator("h1")).to_have_text("Relisez votre demande")
    press(hr, "Envoyer la demande")
    told(hr, "Sa référence est P-")


def draw_up_quote(desk):
    desk.goto("/secretariat")
    expect(desk.locator(".card-act")).to_contain_text("Devis à établir, reste")
    follow(desk, "Ouvrir la demande")
    assert EXPECTATIONS not in desk.content()
    follow(desk, "Établir le devis")
    desk.get_by_label("Prix d’une heure").fill("95")
    press(desk, "Vérifier")
    expect(desk.locator("main")).to_contain_text("1\u00a0330,00")
    press(desk, "Envoyer le devis")
    told(desk, "Le devis D-")


def accept_quote(hr):
    hr.goto("/prescriptions")
    expect(hr.locator(".card-act")).to_contain_text("1 devis attend votre réponse")
    follow(hr, "Lire le devis")
    press(hr, "Accepter le devis")
    told(hr, "Le devis est accepté.")


def accept_bilan(live, agent):
    with live.within():
        link = last_link("bilan_proposed")
    agent.goto(link.replace(live.address, ""))
    agent.get_by_label("Nouveau mot de passe").fill(PASSWORD)
    press(agent, "Enregistrer et entrer")
    expect(agent.locator("blockquote")).to_have_text(EXPECTATIONS)
    agent.get_by_label("Ce que vous attendez du bilan").fill(WISHES)
    press(agent, "J’accepte le bilan")
    told(agent, "Vous avez accepté le bilan.")


def name_referent(desk):
    desk.goto("/secretariat")
    expect(desk.locator(".card-act")).to_contain_text("Référent à nommer")
    follow(desk, "Ouvrir la demande")
    assert WISHES not in desk.content()
    follow(desk, "Choisir une personne")
    desk.get_by_label("Claire Monnet").check()
    press(desk, "Confier le bilan")
    told(desk, "Claire Monnet accompagne cette personne.")


def offer_slot(counsellor):
    day = to_paris(now()).date() + datetime.timedelta(days=3)
    while holiday(day):
        day += datetime.timedelta(days=1)
    counsellor.goto("/agenda")
    follow(counsellor, "Publier des créneaux")
    counsellor.get_by_label("Date").fill(day.isoformat())
    counsellor.get_by_label("Heure de début").fill("10:00")
    press(counsellor, "Publier")
    told(counsellor, "1 créneau publié")


def book(agent):
    agent.goto("/mon-bilan")
    follow(agent, "Choisir un rendez-vous")
    agent.locator('input[name="slot"]').first.check()
    press(agent, "Prendre ce rendez-vous")
    expect(agent.locator("main")).to_contain_text("à 10\u00a0h")


def let_time_pass(live):
    """Make the interview one of yesterday."""
    with live.within():
        starts_at = now() - datetime.timedelta(days=1)
        Interview.update(starts_at=starts_at).execute()
        Slot.update(starts_at=starts_at).execute()


def hold_diagnostic(live, counsellor, *, javascript):
    counsellor.goto("/parcours")
    expect(counsellor.get_by_role("heading", name="Entretiens à clore")).to_be_visible()
    counsellor.locator("ul.lines a", has_text="Nadia Benali").click()
    counsellor.get_by_label("L’entretien a été tenu").check()
    press(counsellor, "Terminer la séance")
    counsellor.goto("/parcours")
    expect(counsellor.locator(".card-act")).to_contain_text("Décision à prendre")
    follow(counsellor, "Ouvrir le parcours")
    follow(counsellor, "Ouvrir la grille du diagnostic")
    expect(counsellor.locator("main")).to_contain_text(WISHES)
    expect(counsellor.locator("main")).to_contain_text(EXPECTATIONS)
    for name, text in (("demand", DEMAND), ("objectives", OBJECTIVES)):
        counsellor.locator(f"#{name}").fill(text)
    counsellor.get_by_label("Le secret professionnel").check()
    if javascript:
        expect(counsellor.locator("#status-grid")).to_contain_text(re.compile(r"Enregistré à \d\d:\d\d"))
        with live.within():
            assert Diagnostic.get().content["objectives"] == OBJECTIVES, "typed, and never saved"
    press(counsellor, "Enregistrer la grille")
    told(counsellor, "Grille enregistrée à")
    follow(counsellor, "Passer à la décision")
    counsellor.get_by_label("Le bilan s’engage").check()
    press(counsellor, "Enregistrer la décision")
    told(counsellor, "Le programme est proposé à l’agent")


def commit(agent):
    agent.goto("/mon-bilan")
    follow(agent, "Lire le programme")
    expect(agent.locator("blockquote")).to_have_text(OBJECTIVES)
    assert DEMAND not in agent.content()
    press(agent, "Je m’engage")
    told(agent, "Votre engagement est enregistré.")
    expect(agent.locator('[aria-current="step"]')).to_contain_text("Accompagnement")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_whole_way(live, page_of, people, javascript):
    hr, desk, counsellor = (page_of(people[name], javascript=javascript) for name in ("hr", "secretariat", "counsellor"))
    agent = page_of(javascript=javascript)
    prescribe(hr)
    draw_up_quote(desk)
    accept_quote(hr)
    accept_bilan(live, agent)
    name_referent(desk)
    offer_slot(counsellor)
    book(agent)
    let_time_pass(live)
    hold_diagnostic(live, counsellor, javascript=javascript)
    commit(agent)
    with live.within():
        assert Journey.get().phase is Phase.ACCOMPANIMENT
    hr.goto("/prescriptions")
    row = hr.locator("tbody tr")
    expect(row).to_contain_text("Accompagnement")
    expect(row).to_contain_text("1\u00a0h\u00a030")
    follow(hr, "Nadia Benali")
    expect(hr.get_by_role("link", name="Attestation de présence")).to_be_visible()
    for page in (hr, desk):
        for text in (WISHES, OBJECTIVES, DEMAND):
            assert text not in page.content()
