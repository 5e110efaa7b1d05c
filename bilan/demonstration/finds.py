"""What is found out in the invented bilans: which questionnaires, what stands out, which leads, and what was heard of them."""

from typing import NamedTuple

from bilan.demonstration.careers import CONDITIONS
from bilan.demonstration.passations import Given
from bilan.leads.rules import Choice, Contact, Origin
from bilan.questionnaires.models import PassationState
from bilan.questionnaires.rules import Channel, Wording
from bilan.results.rules import Source


class Told(NamedTuple):
    """A lead: an occupation of the catalogue by its slug, or a title; where it comes from, what the agent says of it."""

    origin: Origin
    occupation: str = ""
    title: str = ""
    why: str = ""
    choice: Choice | None = None
    reason: str = ""
    kept: bool = False


ASSIGNED, STARTED, SUBMITTED, RELEASED = PassationState
VALUES_OF_NADIA = {
    "UTI": (4.8, 3.8),
    "EQU": (4.7, 2.0),
    "REL": (4.4, 4.2),
    "REC": (4.1, 1.8),
    "APP": (3.9, 2.2),
    "SEC": (3.7, 4.8),
    "CON": (3.5, 2.0),
    "AUT": (3.1, 3.2),
    "REM": (3.0, 2.4),
    "RES": (2.7, 2.8),
    "CRE": (2.2, 2.0),
}
NADIA = (
    Given("valeurs", RELEASED, 13, VALUES_OF_NADIA, wording=Wording.PLAIN),
    Given("ressources-et-freins", RELEASED, 14, wording=Wording.PLAIN),
    Given("personnalite", RELEASED, 20, wording=Wording.PLAIN),
)
# The item of the grid, and the rank of what it has become among the supports and obstacles.
CARRIED = {
    name: value
    for item, rank in (("M1", 0), ("C2", 3), ("O2", 5), ("R2", 1), ("O3", 4))
    for name, value in (
        (f"{item}-phrase", CONDITIONS[rank][0]["sentence"]),
        (f"{item}-force", int(CONDITIONS[rank][0]["strength"])),
    )
}
OWN_SAID = {
    "valeurs": (
        "Être utile passe devant tout. Ce qui manque le plus aujourd’hui, c’est le temps pour vous et un mot sur votre travail.",
        "Les horaires coupés, je le savais. Le merci, je n’osais pas le dire.",
    ),
    "ressources-et-freins": (
        "Cinq phrases simples et justes. Le concours et l’ordinateur ont chacun une réponse possible\u00a0: nous les avons reprises.",
        "J’ai mis ce qui me venait. C’est moins lourd quand c’est écrit.",
    ),
}
# Of agent2@: opened with both comments, typed from paper and kept out of the synthesis, half filled, handed in.
BEGINNINGS = (
    Given("valeurs", RELEASED, 13),
    Given("personnalite-courte", RELEASED, 16, channel=Channel.PAPER, kept_out=True),
    Given("motivations", STARTED, 24),
    Given("ressources-et-freins", SUBMITTED, 22),
)
TURNS: tuple[tuple[Given, ...], ...] = (
    (Given("valeurs", SUBMITTED, 16), Given("personnalite-courte", STARTED, 20)),
    (Given("valeurs", RELEASED, 16),),
    (Given("motivations", RELEASED, 16), Given("ressources-et-freins", RELEASED, 18, channel=Channel.MEETING)),
    (Given("personnalite-courte", RELEASED, 16), Given("motivations", RELEASED, 22, channel=Channel.PHONE)),
    (Given("motivations", ASSIGNED, 30),),
    (Given("ressources-et-freins", SUBMITTED, 16, channel=Channel.PAPER),),
)
# By rank of the journey: what stands out, what it rests on, whether the counsellor wrote it.
FINDINGS: dict[int, tuple[tuple[str, tuple[Source, ...], bool], ...]] = {
    0: (
        (
            "Accueillir et rassurer\u00a0: c’est dans mes récits, dans mes réponses, et c’est ce qu’on me dit.",
            (Source.PERSONALITY, Source.PATH),
            False,
        ),
        (
            "L’équilibre de vie et la reconnaissance comptent beaucoup, et le poste d’aujourd’hui leur fait peu de place.",
            (Source.VALUES,),
            True,
        ),
        (
            "Former les remplaçantes\u00a0: une compétence prouvée, et une envie d’apprendre qui va avec.",
            (Source.PATH, Source.VALUES),
            True,
        ),
        (
            "Le concours et l’ordinateur me freinent ensemble. Une formation répondrait aux deux.",
            (Source.CONDITIONS,),
            False,
        ),
    ),
    1: (
        (
            "L’équipe d’abord. Une piste où je travaillerais sans collègues ne me conviendrait pas.",
            (Source.VALUES, Source.CONDITIONS),
            False,
        ),
        (
            "Les conditions de travail pèsent plus que le métier lui-même\u00a0: à vérifier avant de changer.",
            (Source.VALUES, Source.PATH),
            True,
        ),
    ),
}
LEADS: dict[int, tuple[Told, ...]] = {
    0: (
        Told(
            Origin.COUNSELLOR,
            "agent-accueil",
            why="Sept ans de caisse, deux ans de point accueil, le calme, le goût d’être utile\u00a0: une maison France services cherche cela.",
            choice=Choice.INTERESTED,
            reason="Je me vois derrière ce comptoir. Et les horaires sont d’un seul tenant.",
            kept=True,
        ),
        Told(
            Origin.AGENT,
            "bibliothecaire",
            why="J’aime l’ambiance de la médiathèque, et on y reçoit tout le monde.",
            choice=Choice.EXPLORE,
            reason="Il reste à comprendre le concours et les samedis.",
        ),
        Told(
            Origin.MOVES,
            "atsem",
            choice=Choice.NO,
            reason="J’aime les enfants, mais je veux quitter les horaires coupés.",
        ),
        Told(
            Origin.AGENT,
            title="Former les personnes qui débutent dans l’entretien des écoles",
            why="J’ai formé quatre remplaçantes et cela m’a plu.",
            choice=Choice.EXPLORE,
            reason="Peut-être une partie d’un poste plutôt qu’un poste entier.",
        ),
        Told(
            Origin.COUNSELLOR,
            "regisseur-recettes",
            why="Des comptes votés chaque année, une caisse tenue pendant sept ans.",
        ),
    ),
    1: (
        Told(
            Origin.MOVES,
            "animateur-periscolaire",
            choice=Choice.INTERESTED,
            reason="Les mêmes enfants, avec plus de projets à moi.",
            kept=True,
        ),
        Told(
            Origin.AGENT,
            "directeur-accueil-loisirs",
            why="J’aide déjà la directrice le mercredi.",
            choice=Choice.EXPLORE,
            reason="Il faudrait passer le BAFD.",
        ),
    ),
    5: (
        Told(
            Origin.AGENT,
            "mediateur-numerique",
            why="J’aide déjà mes collègues avec leurs démarches.",
            choice=Choice.EXPLORE,
            reason="À voir.",
        ),
    ),
}
# By rank of the journey and of the lead: how many days ago, with whom, how, what was learnt.
SURVEYS: dict[tuple[int, int], tuple[tuple[int, str, Contact, str], ...]] = {
    (0, 0): (
        (
            4,
            "Une agente de la maison France services du Coteau",
            Contact.INTERVIEW,
            "Une journée, c’est vingt personnes, chacune avec un dossier différent. Il faut aimer chercher. On travaille à deux, de 8\u00a0h\u00a030 à 17\u00a0h.\nElle est entrée sans concours, comme adjointe administrative, et a été formée sur place.",
        ),
    ),
    (0, 1): (
        (
            9,
            "Fiche du centre de gestion et vidéo d’une médiathèque",
            Contact.READING,
            "Le concours est celui d’adjoint du patrimoine. En C, on peut aussi entrer sans concours. Un samedi sur deux est travaillé.",
        ),
    ),
    (1, 0): (
        (
            6,
            "Accueil de loisirs des Tilleuls",
            Contact.VISIT,
            "Un mercredi entier avec l’équipe. Le bruit est le même qu’à l’école, mais on prépare les activités soi-même.",
        ),
    ),
}
