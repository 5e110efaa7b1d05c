"""The futures of the invented bilans: scenarios from the leads that were kept, and a plan."""

import datetime
from typing import Any, NamedTuple

from bilan.database import now
from bilan.french import to_paris
from bilan.journeys.models import Journey
from bilan.leads.models import Lead
from bilan.plans.models import Step
from bilan.plans.rules import State
from bilan.scenarios.models import Scenario
from bilan.scenarios.rules import Criterion, Priority, Route

TEXTS = dict.fromkeys(("objective", "indicator", "who", "support", "obstacle", "answer"), "")


class Future(NamedTuple):
    """A scenario: `said` is the mark and the sentence of each criterion, in their order; `lead` the rank of a kept lead."""

    title: str
    description: str
    route: Route
    said: tuple[tuple[int, str], ...]
    first_step: str = ""
    risk: str = ""
    lead: int | None = None
    priority: Priority | None = None
    words: str = ""
    other: bool = False


class Planned(NamedTuple):
    """A step: in how many days, for which scenario by its rank, where it is."""

    action: str
    days: int | None
    scenario: int | None = 0
    state: State = State.TODO
    other: bool = False
    more: dict[str, str] | None = None


SCENARIOS: dict[int, tuple[Future, ...]] = {
    0: (
        Future(
            "Accueillir dans une maison France services",
            "Recevoir, écouter, aider aux démarches. Deux collègues, de 8\u00a0h\u00a030 à 17\u00a0h, au Coteau.",
            Route.TRANSFER,
            (
                (4, "Recevoir et aider, c’est ce que j’aime depuis la caisse."),
                (4, "Être utile, et des horaires d’un seul tenant."),
                (3, "L’accueil oui, l’ordinateur est à reprendre."),
                (4, "Les gens repartent avec leur dossier réglé."),
                (3, "Un changement de filière se demande\u00a0: d’adjointe technique à adjointe administrative."),
            ),
            first_step="Demander une matinée d’observation.",
            lead=0,
        ),
    ),
    1: (
        Future(
            "Animateur périscolaire, à temps plein",
            "Les mêmes enfants, matin, midi et soir, et des projets à préparer l’après-midi.",
            Route.INTERNAL,
            (
                (4, "Les ateliers du mercredi sont mes meilleurs moments."),
                (3, "L’équipe est là. Les horaires restent coupés."),
                (4, "Les jeux, le groupe, les familles\u00a0: je sais faire."),
                (4, "Voir grandir les enfants d’une année à l’autre."),
                (4, "Un changement d’affectation, sans changer de cadre d’emplois."),
                (3, "Deux départs sont prévus à la rentrée prochaine."),
                (4, "Rien d’obligatoire, une remise à niveau aux premiers secours suffit."),
                (3, "La rentrée prochaine\u00a0: dix mois."),
                (4, "La même école, à pied."),
                (2, "La même paie, sans les heures du samedi."),
            ),
            first_step="En parler à la responsable du service enfance.",
            risk="Si un seul poste s’ouvre, il ira peut-être à une collègue plus ancienne.",
            lead=0,
            priority=Priority.FIRST,
            words="C’est presque mon métier, en mieux. Je m’y vois dès demain.",
        ),
        Future(
            "Diriger un accueil de loisirs",
            "Conduire une équipe de six personnes, préparer les programmes, parler avec les familles et la mairie.",
            Route.COMPETITION,
            (
                (3, "Organiser me plaît\u00a0; le bureau, moins."),
                (4, "Une équipe à moi, et la confiance de la directrice."),
                (2, "Je n’ai jamais fait un budget ni un planning entier."),
                (4, "Décider de ce que l’on propose aux enfants."),
                (2, "Le concours d’animateur est dans deux ans."),
                (2, "Un poste tous les deux ou trois ans dans l’agglomération."),
                (3, "Le BAFD peut être financé par la collectivité\u00a0: trois sessions."),
                (2, "Trois ans au moins."),
                (3, "Jusqu’à vingt-cinq minutes en voiture."),
                (4, "Environ 250\u00a0€ de plus par mois."),
            ),
            first_step="Lire le programme du BAFD et ses dates.",
            risk="Les écrits du concours. Une préparation au CNFPT existe\u00a0: s’y inscrire tôt.",
            priority=Priority.SECOND,
            words="J’en ai envie, mais pas tout de suite. Je veux d’abord voir si j’aime conduire une équipe.",
            other=True,
        ),
    ),
}
STEPS: dict[int, tuple[Planned, ...]] = {
    0: (
        Planned(
            "Demander une matinée d’observation à la maison France services",
            12,
            more={"who": "Moi", "support": "Ma conseillère prépare le courriel avec moi"},
        ),
    ),
    1: (
        Planned(
            "Parler du projet à la responsable du service enfance",
            -6,
            state=State.DONE,
            more={"indicator": "Elle connaît mon souhait et l’a noté.", "who": "Moi"},
        ),
        Planned(
            "Demander l’entretien avec le service RH",
            -2,
            state=State.DOING,
            other=True,
            more={"objective": "Savoir quand les deux postes seront publiés.", "who": "Marc", "support": "La responsable du service"},
        ),
        Planned(
            "Suivre le recyclage des premiers secours",
            35,
            more={"indicator": "J’ai l’attestation.", "support": "Le plan de formation", "obstacle": "La session de janvier est pleine.", "answer": "Prendre celle de mars."},
        ),
        Planned("Lire le programme et les dates du BAFD", 10, scenario=1, more={"who": "Moi"}),
        Planned(
            "Remplacer la directrice deux mercredis",
            60,
            scenario=1,
            other=True,
            more={"objective": "Savoir si conduire une équipe me plaît.", "indicator": "Deux journées tenues, et ce que j’en pense.", "support": "La directrice de l’accueil"},
        ),
        Planned("Garder une trace de mes projets du mercredi, avec des photos", None, scenario=None),
    ),
}  # fmt: skip


def tell_future(journey: Journey, rank: int) -> None:
    """Tell the scenarios and the plan of a journey, when it has some."""
    leads = [one for one in Lead.of_journey(journey) if one.kept_at]
    written = [_scenario(journey, told, leads) for told in SCENARIOS.get(rank, ())]
    today = to_paris(now()).date()
    for told in STEPS.get(rank, ()):
        done_at = now() - datetime.timedelta(days=3) if told.state is State.DONE else None
        _piece(
            Step,
            journey,
            other=told.other,
            content={"action": told.action, **TEXTS, **(told.more or {})},
            scenario=None if told.scenario is None else written[told.scenario],
            due_on=None if told.days is None else today + datetime.timedelta(days=told.days),
            state=told.state,
            done_at=done_at,
        )


def _scenario(journey: Journey, told: Future, leads: list[Lead]) -> Scenario:
    lead = leads[told.lead] if told.lead is not None and told.lead < len(leads) else None
    said = [{"mark": str(mark), "sentence": sentence} for mark, sentence in told.said]
    said += [{"mark": "", "sentence": ""}] * (len(Criterion) - len(said))
    content = {
        "title": told.title,
        "description": told.description,
        "origin": lead.content["why"] if lead else "",
        "route": told.route.value,
        "criteria": {one.value: parts for one, parts in zip(Criterion, said, strict=True)},
        "first_step": told.first_step,
        "risk": told.risk,
    }
    own = {"priority": told.priority.value, "words": told.words} if told.priority else None
    return _piece(Scenario, journey, other=told.other, content=content, lead=lead, own=own, own_revision=1 if own else 0)


def _piece(model: Any, journey: Journey, *, other: bool, **values: Any) -> Any:
    author = journey.counsellor if other else journey.agent
    # Each a moment after the other: they are read in the order in which they were written.
    moment = now() - datetime.timedelta(days=8)
    return model.create(journey=journey, written_by=author, saved_by=author, created_at=moment, saved_at=moment, **values)
