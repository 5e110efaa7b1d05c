"""Pure rules of adaptations: needs and never diagnoses, states, the two clocks."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from bilan.complaints.rules import working_days_from
from bilan.treatment.rules import Clock
from bilan.wording import Worded

RISK_DAYS, WEEK = 2, 7
NOBODY = "Une personne accompagnée"
DESTROYED = "contenu détruit"


class Theme(Worded):
    """The three of the service sheet: reception, meetings, tools."""

    WELCOME = "welcome", "L’accueil et les lieux"
    MEETINGS = "meetings", "Les entretiens"
    TOOLS = "tools", "Les écrits et les outils"


class Need(Worded):
    """What may be needed; none says why."""

    STEP_FREE = "step_free", "Un accès de plain-pied, ou une place de stationnement"
    CALM_ROOM = "calm_room", "Une salle calme"
    OTHER_PLACE = "other_place", "Un autre lieu, ou une autre salle"
    HELPER = "helper", "Venir avec quelqu’un qui m’aide"
    LONGER = "longer", "Plus de temps"
    SHORTER = "shorter", "Des entretiens plus courts"
    BREAKS = "breaks", "Des pauses"
    REMOTE = "remote", "Des entretiens à distance"
    INTERPRETER = "interpreter", "Un interprète en langue des signes"
    PHONE = "phone", "Être prévenu ou prévenue par téléphone"
    POST = "post", "Être prévenu ou prévenue par courrier"
    READ_ALOUD = "read_aloud", "Qu’on me lise, ou qu’on écrive pour moi"
    LARGE_PRINT = "large_print", "De grands caractères"
    SIMPLE_TEXTS = "simple_texts", "Des textes simples"
    ONE_QUESTION = "one_question", "Une seule question à la fois"
    OTHER = "other", "Autre chose"


NEEDS = {
    Theme.WELCOME: (Need.STEP_FREE, Need.CALM_ROOM, Need.OTHER_PLACE, Need.HELPER),
    Theme.MEETINGS: (Need.LONGER, Need.SHORTER, Need.BREAKS, Need.REMOTE, Need.INTERPRETER, Need.PHONE, Need.POST),
    Theme.TOOLS: (Need.READ_ALOUD, Need.LARGE_PRINT, Need.SIMPLE_TEXTS, Need.ONE_QUESTION, Need.OTHER),
}


class Channel(Worded):
    """Where it came from."""

    ACCEPTANCE = "acceptance", "avant le bilan"
    BILAN = "bilan", "pendant le bilan"
    PUBLIC = "public", "page publique"


class CounsellorSees(Worded):
    """What her counsellor reads of it."""

    NOTHING = "nothing", "Rien\u00a0: seulement ce qu’il faut pour préparer un entretien, comme sa durée"
    MEASURES = "measures", "Les mesures décidées"
    ALL = "all", "Mes besoins et les mesures décidées"


class State(Worded):
    """Where a request stands."""

    WAITING = "waiting", "à étudier"
    DECIDED = "decided", "à mettre en place"
    APPLIED = "applied", "à vérifier avec la personne"
    REVIEW = "review", "à revoir"
    CHECKED = "checked", "vérifiée avec la personne"
    REFUSED = "refused", "refusée"
    WITHDRAWN = "withdrawn", "reprise par la personne"

    @property
    def tag(self) -> str:
        """Return the kind of tag that shows it: see components/status.html."""
        tags = {
            State.WAITING: "attention",
            State.REVIEW: "attention",
            State.CHECKED: "done",
            State.WITHDRAWN: "info",
            State.REFUSED: "info",
        }
        return tags.get(self, "todo")


OVER = (State.CHECKED, State.REFUSED, State.WITHDRAWN)
# What the agent reads of the same states.
SAID_TO_HER = {
    State.WAITING: "à l’étude",
    State.DECIDED: "acceptée, à mettre en place",
    State.APPLIED: "en place",
    State.REVIEW: "à revoir, à votre demande",
    State.CHECKED: "en place, vérifiée avec vous",
    State.REFUSED: "non retenue",
    State.WITHDRAWN: "reprise par vous",
}


class Decision(Worded):
    """What the referent decides."""

    GRANTED = "granted", "Accordée"
    PARTLY = "partly", "Accordée en partie"
    REFUSED = "refused", "Refusée"


class EntryKind(Worded):
    """What a line of the exchanges is."""

    MESSAGE = "message", "Message"
    TOLD = "told", "Dit à la personne, hors de l’application"
    SUITS = "suits", "Cela convient"
    REVISE = "revise", "À revoir"
    SHARED = "shared", "Ce qui est montré a changé"
    CHECK = "check", "Vérifié avec la personne"


def answer_by(received_on: datetime.date, days: int) -> datetime.date:
    """Return the last day to decide, so many working days after the reception."""
    return working_days_from(received_on, days)


def answer_clock(deadline: datetime.date, today: datetime.date, decided_on: datetime.date | None) -> Clock:
    """Return the clock of the decision."""
    return Clock("answer", deadline, today, decided_on, working_days_from(deadline, -RISK_DAYS))


def check_clock(deadline: datetime.date, today: datetime.date, checked_on: datetime.date | None) -> Clock:
    """Return the clock of the verification with the person."""
    return Clock("check", deadline, today, checked_on, deadline - datetime.timedelta(days=WEEK))


def stage(clock: Clock) -> int | None:
    """Return the reminder that the day calls for: -2 before, 1, 8, 15… days after; None when there is none."""
    if not clock.is_running:
        return None
    if clock.is_late:
        return 1 + WEEK * ((-clock.days_left - 1) // WEEK)
    return -RISK_DAYS if clock.today >= working_days_from(clock.deadline, -RISK_DAYS) else None


@dataclass(frozen=True)
class Wanted:
    """What the list is asked for; a word that is none is no filter."""

    state: State | None = None
    over: bool = False
    search: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str], search: str) -> Self:
        """Read the words of an address; `search` is cleaned by the caller."""
        state = next((one for one in State if one.value == asked.get("etat")), None)
        return cls(state=state, over=asked.get("etat") == "finies", search=search)

    @property
    def query(self) -> dict[str, str]:
        """Return the same words, for the address of another page."""
        state = "finies" if self.over else self.state.value if self.state else ""
        return {name: value for name, value in (("etat", state), ("q", self.search)) if value}
