"""What the evidence file gives for each indicator of the reference, in the order of their numbers."""

from collections.abc import Iterator

from flask import current_app

from bilan.closing.rules import Side
from bilan.evidence import lists, samples
from bilan.evidence.rules import Period, Proof
from bilan.evidence.texts import text_of
from bilan.privacy.models import published_schedule
from bilan.quality.indicators import INDICATORS

OPINIONS = ("satisfaction", "recommendation", "response", "months_later", "officers", "counsellors")
ADAPTATIONS = ("adapted", "suited")
COMPLAINTS = ("complaints", "acknowledged", "answered")


def proofs(period: Period, seed: int) -> Iterator[Proof]:
    """Yield what is given for each indicator, one at a time."""
    published = [one.key for one in INDICATORS if one.published]
    yield Proof(
        1,
        "La fiche du service, en texte, telle qu’elle est publiée le jour où ce fichier est fait. Ses versions passées n’y sont pas.",
        texts={"Fiche du service": text_of("public/sheet.html")},
    )
    yield Proof(
        2,
        "Les indicateurs publiés, par année entière, avec leur définition et leur date de calcul.",
        (lists.figures(period, "resultats", "Indicateurs publiés", published),),
    )
    yield from _course(period, seed)
    yield from _surroundings(period)
    yield from _opinions(period, seed)


def _course(period: Period, seed: int) -> Iterator[Proof]:
    """Yield what shows the course of bilans."""
    yield Proof(
        4,
        "Comment la demande et le besoin ont été recueillis avant et pendant l’entretien de diagnostic, et comment il s’est conclu.",
        (samples.needs(period, seed), lists.decisions(period)),
    )
    yield Proof(5, "Les objectifs définis avec chaque personne, et leur évaluation par les deux.", (samples.objectives(period, seed),))
    yield Proof(6, "Les programmes\u00a0: heures, rythme, durée, entretiens sur place ou à distance.", (samples.programmes(period, seed),))
    yield Proof(
        9,
        "Les informations données aux personnes, et la page sur les données personnelles telle qu’elle est publiée ce jour.",
        (lists.conditions(period),),
        {"Données personnelles": text_of("public/privacy.html", schedule=published_schedule())},
    )
    yield Proof(
        10,
        "Les entretiens tenus, leurs durées, l’évaluation à mi-parcours\u00a0; ce que sont devenus tous les rendez-vous.",
        (samples.meetings(period, seed), lists.outcomes(period)),
    )
    yield Proof(
        11,
        "Ce avec quoi les bilans se terminent, et l’atteinte des objectifs dite séparément par chacun des deux.",
        (samples.endings(period, seed), *(lists.attainment(period, side) for side in Side)),
    )
    yield Proof(
        12,
        "Les rappels, les silences signalés, les pauses, les évaluations à mi-parcours\u00a0; les motifs des interruptions.",
        (lists.engagement(period), lists.interruptions(period)),
    )


def _surroundings(period: Period) -> Iterator[Proof]:
    """Yield what shows the means."""
    sheet = current_app.config["BILAN"]
    place = f"{sheet.centre_name}\n{sheet.address}, {sheet.postcode_city}\n{sheet.opening_hours}\n{sheet.access_notes}\n"
    yield Proof(
        17,
        "Le lieu et l’équipe, tels que le logiciel les connaît. Ce qui montre la salle d’entretien et sa confidentialité est à joindre par le centre.",
        (lists.means(period),),
        {"Lieu": place.replace("\n\n", "\n")},
    )
    yield Proof(19, "Les questionnaires avec leur version et leur licence, et les fiches de métiers.", lists.resources())
    contact = f"Référent handicap\n{sheet.disability_name}\n{sheet.disability_email}\n{sheet.disability_phone}\n{sheet.access_notes}\n"
    yield Proof(
        26,
        "Les demandes d’adaptation, les délais, les mesures mises en place et ce que les personnes en disent, sans un besoin ni un nom\u00a0; "
        "le contact publié. L’enquête de fin de bilan demande aussi ce qu’il en a été.",
        (
            lists.adaptations(period),
            lists.measures(period),
            lists.figures(period, "adaptations-delais", "Adaptations et délais", ADAPTATIONS),
        ),
        {"Contact": contact},
    )


def _opinions(period: Period, seed: int) -> Iterator[Proof]:
    """Yield what is made of what people say."""
    yield Proof(
        30,
        "Les questions posées à la fin et plusieurs mois après, et leurs résultats par année entière.",
        (lists.questions(), lists.figures(period, "resultats", "Résultats des enquêtes", OPINIONS)),
    )
    yield Proof(
        31,
        "Le registre, sans un mot de ce qui est écrit, et les délais par année entière. Ce qui concerne une personne de la direction n’est pas "
        "dans le registre, que la direction lit.",
        (lists.complaints(period, seed), lists.figures(period, "delais", "Réclamations et délais", COMPLAINTS)),
    )
    plan = lists.improvement(period)
    about = (
        "Les mesures d’amélioration ouvertes dans la période\u00a0; seules les phrases publiées sont citées."
        if plan.rows
        else "Aucune action d’amélioration n’a été ouverte dans la période."
    )
    yield Proof(32, about, (plan,))
