"""The invented career paths: a rich one for the first agent, a beginning for the others."""

import datetime
from typing import Any

from bilan.careers.models import Condition, Experience, Skill
from bilan.journeys.models import Journey
from bilan.occupations.models import identifier
from bilan.people.models import Person

EXPERIENCE = dict.fromkeys(
    ("employer", "ends", "status", "grade", "tasks", "successes", "difficulties", "leaving", "pleasure", "proof"), ""
) | {"ongoing": False}
SKILL = dict.fromkeys(("level", "frequency", "again", "proof", "transferable"), "") | {"to_develop": False}
CONDITION = {"strength": "", "answer": ""}

# Of agent@: each with whether her counsellor wrote it.
EXPERIENCES: tuple[tuple[dict[str, Any], bool], ...] = (
    (
        {
            "position": "Agente d’entretien des écoles",
            "employer": "Commune de Roanne (démonstration)",
            "starts": "2016-09",
            "ongoing": True,
            "status": "tenured",
            "grade": "Adjointe technique",
            "tasks": "Nettoyer trois classes et le restaurant scolaire.\nPréparer la salle et servir le repas.\nTenir le stock des produits.\nAccueillir les remplaçantes.",
            "successes": "J’ai formé quatre remplaçantes. J’ai proposé le tableau de suivi des produits, que les deux autres écoles ont repris.",
            "difficulties": "Les horaires coupés. Beaucoup de gestes répétés.",
            "pleasure": "3",
            "proof": "Entretien professionnel de 2025. La directrice de l’école peut en parler.",
        },
        False,
    ),
    (
        {
            "position": "Trésorière d’une association de parents",
            "employer": "Association «\u00a0Les Petits Cartables\u00a0»",
            "starts": "2018",
            "ongoing": True,
            "status": "volunteer",
            "tasks": "Tenir les comptes.\nPréparer la fête de l’école.\nPrésenter le bilan en assemblée.",
            "successes": "Des comptes clairs, votés à l’unanimité.",
            "pleasure": "5",
        },
        True,
    ),
    (
        {
            "position": "Hôtesse de caisse",
            "employer": "Supermarché du Coteau",
            "starts": "2009-04",
            "ends": "2016-07",
            "status": "employee",
            "tasks": "Tenir une caisse.\nRenseigner au point accueil.\nRégler les litiges simples.",
            "successes": "Référente du point accueil les deux dernières années.",
            "difficulties": "Peu de perspectives.",
            "leaving": "Réussite au recrutement de la commune, pour des horaires compatibles avec l’école des enfants.",
            "pleasure": "4",
            "proof": "Certificat de travail.",
        },
        False,
    ),
    (
        {
            "position": "Aide à domicile",
            "employer": "Association d’aide à la personne",
            "starts": "2006",
            "ends": "2008",
            "status": "employee",
            "tasks": "Ménage, courses, repas, papiers avec trois personnes âgées.",
            "pleasure": "4",
            "leaving": "Congé parental.",
        },
        False,
    ),
)
# The experiences that are linked to an occupation of the shipped catalogue.
OCCUPATIONS = {"Agente d’entretien des écoles": "agent-entretien-locaux", "Aide à domicile": "aide-domicile", "ATSEM": "atsem"}
# The rank of the experience, the skill, whether the counsellor wrote it.
SKILLS: tuple[tuple[int | None, dict[str, Any], bool], ...] = (
    (
        0,
        {
            "name": "Former une personne qui débute",
            "kind": "know_how",
            "level": "advanced",
            "frequency": "monthly",
            "again": "yes",
            "proof": "Quatre remplaçantes autonomes en une semaine, entre 2022 et 2025.",
            "transferable": "Tutorat, encadrement d’une petite équipe.",
        },
        False,
    ),
    (
        0,
        {
            "name": "Suivre un stock et passer commande",
            "kind": "know_how",
            "level": "usual",
            "frequency": "monthly",
            "proof": "Le tableau de suivi, repris par deux écoles.",
        },
        False,
    ),
    (
        2,
        {
            "name": "Accueillir et renseigner",
            "kind": "know_how",
            "level": "expert",
            "frequency": "daily",
            "again": "yes",
            "proof": "Référente du point accueil pendant deux ans.",
            "transferable": "Mairie, médiathèque, maison France services.",
        },
        True,
    ),
    (
        1,
        {
            "name": "Tenir des comptes simples",
            "kind": "know_how",
            "level": "advanced",
            "again": "yes",
            "proof": "Comptes de l’association votés chaque année depuis 2018.",
        },
        False,
    ),
    (
        0,
        {"name": "Hygiène et sécurité des locaux", "kind": "knowledge", "level": "advanced", "frequency": "daily", "again": "maybe"},
        False,
    ),
    (None, {"name": "Traitement de texte et tableur", "kind": "knowledge", "level": "beginner", "to_develop": True, "again": "yes"}, True),
    (
        2,
        {
            "name": "Garder son calme",
            "kind": "soft",
            "level": "expert",
            "again": "yes",
            "proof": "Un client très en colère, reparti en remerciant\u00a0: la responsable en a parlé à l’équipe.",
        },
        False,
    ),
    (3, {"name": "Discrétion", "kind": "soft", "again": "yes"}, False),
)
CONDITIONS: tuple[tuple[dict[str, Any], bool], ...] = (
    ({"kind": "motivation", "sentence": "Être utile à des gens que je vois en face.", "strength": "4"}, False),
    ({"kind": "resource", "sentence": "Ma cheffe soutient le projet et peut libérer deux demi-journées.", "strength": "3"}, False),
    ({"kind": "resource", "sentence": "Une collègue a changé de métier l’an dernier et accepte d’en parler.", "strength": "2"}, True),
    ({"kind": "constraint", "sentence": "Rester à moins de trente minutes de chez moi.", "strength": "4"}, False),
    (
        {
            "kind": "obstacle",
            "sentence": "Je n’ai pas passé de concours depuis vingt ans.",
            "strength": "3",
            "answer": "La préparation du centre de gestion, et une place d’oral blanc avec ma conseillère.",
        },
        False,
    ),
    ({"kind": "obstacle", "sentence": "L’ordinateur me met mal à l’aise.", "strength": "2"}, False),
)
# Of the others, in turn: the present post, what one does there, a skill of it.
POSTS = (
    ("Jardinier ou jardinière", "Tondre, tailler, planter.\nPréparer le matériel.", "Reconnaître les maladies des plantes"),
    ("ATSEM", "Préparer les ateliers.\nAccompagner les enfants.", "Rassurer un enfant"),
    ("Cuisinier ou cuisinière", "Préparer deux cents repas.\nTenir les relevés de température.", "Organiser un service"),
    ("Agent d’accueil", "Renseigner au guichet.\nTenir le standard.", "Reformuler une demande"),
)


def tell_career(journey: Journey, rank: int) -> None:
    """Write the career path of a journey: whole for the first, begun for the others."""
    if rank == 0:
        _rich(journey)
        return
    position, tasks, skill = POSTS[rank % len(POSTS)]
    agent, counsellor = journey.agent, journey.counsellor
    known = {"position": position, "tasks": tasks, "starts": str(2008 + rank % 12), "ongoing": True, "status": "tenured"}
    present = _write(Experience, journey, agent, EXPERIENCE | known, occupation=_occupation(known))
    first = {"position": "Vendeur ou vendeuse", "starts": "2004", "ends": str(2005 + rank % 3), "status": "employee", "pleasure": "3"}
    _write(Experience, journey, agent, EXPERIENCE | first)
    _write(Skill, journey, counsellor, SKILL | {"name": skill, "kind": "know_how", "level": "advanced"}, experience=present)
    _write(Condition, journey, agent, CONDITION | {"kind": "resource", "sentence": "Une équipe qui m’encourage."})


def _rich(journey: Journey) -> None:
    authors = (journey.agent, journey.counsellor)
    experiences = [
        _write(Experience, journey, authors[other], EXPERIENCE | content, occupation=_occupation(content)) for content, other in EXPERIENCES
    ]
    for place, content, other in SKILLS:
        _write(Skill, journey, authors[other], SKILL | content, experience=None if place is None else experiences[place])
    for content, other in CONDITIONS:
        _write(Condition, journey, authors[other], CONDITION | content)


def _occupation(content: dict[str, Any]) -> str | None:
    """Return the identifier of the occupation that an experience is linked to, if it is."""
    slug = OCCUPATIONS.get(content["position"])
    return str(identifier(f"territorial:{slug}")) if slug else None


def _write(model: Any, journey: Journey, author: Person, content: dict[str, Any], **others: Any) -> Any:
    moment = journey.created_at + datetime.timedelta(days=15)
    return model.create(journey=journey, content=content, written_by=author, saved_by=author, created_at=moment, saved_at=moment, **others)
