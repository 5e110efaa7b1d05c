"""Pure rules of the requests about one's data: what is asked, what may be chosen, the clock, the reminders."""

import datetime
from dataclasses import dataclass

from bilan.treatment.rules import Clock
from bilan.wording import Worded

WEEK = datetime.timedelta(days=7)
# An answered complaint that nobody has judged is final after so many days.
SETTLED_DAYS = 60
# An account of which nothing else is left stays so long after an answer, to read it.
READING_DAYS = 30


class Kind(Worded):
    """What is asked."""

    ERASE = "erase", "Effacement"
    RECTIFY = "rectify", "Correction"


class State(Worded):
    """Where a request stands."""

    OPEN = "open", "en cours"
    ANSWERED = "answered", "répondue"
    WITHDRAWN = "withdrawn", "reprise"

    @property
    def tag(self) -> str:
        """Return the kind of tag that shows it: see components/status.html."""
        return {State.OPEN: "todo", State.ANSWERED: "done"}.get(self, "info")


class Datum(Worded):
    """What is wrong."""

    NAME = "name", "Mon nom"
    EMAIL = "email", "Mon adresse e-mail"
    PHONE = "phone", "Mon téléphone"
    POSITION = "position", "Mon poste"
    OTHER = "other", "Autre chose"


# Who corrects it, as the secretariat reads it.
WHERE = {
    Datum.NAME: "Le nom du compte se corrige ici, avec la réponse. Celui de la prescription\u00a0: le service RH le corrige jusqu’au premier entretien.",
    Datum.EMAIL: "L’adresse du compte ouvre le bilan\u00a0: aucune page ne la change. Vérifiez la personne par un autre moyen, puis demandez à qui administre l’application.",
    Datum.PHONE: "Le téléphone est dans la prescription\u00a0: le service RH la corrige jusqu’au premier entretien.",
    Datum.POSITION: "Le poste est dans la prescription\u00a0: le service RH la corrige jusqu’au premier entretien.",
    Datum.OTHER: "Ce qui est écrit dans le bilan se corrige avec la personne qui accompagne l’agent\u00a0: vous n’y avez pas accès.",
}


class Outcome(Worded):
    """How a request for a correction ends."""

    CORRECTED = "corrected", "Corrigé"
    REFUSED = "refused", "Refusé"


class Held(Worded):
    """A kind of what is held of an agent."""

    RUNNING = "running", "Ce qui est écrit dans le bilan en cours"
    CONTENT = "content", "Contenu du bilan terminé"
    KEPT = "kept", "Documents gardés après le bilan"
    COMPLAINT = "complaint", "Réclamation"
    ADAPTATION = "adaptation", "Demande d’adaptation"
    ADMINISTRATIVE = "administrative", "Heures, présences et dates"
    QUOTES = "quotes", "Devis"


class Choice(Worded):
    """What is decided of something that may go: destroyed, or kept for one of these reasons."""

    DESTROY = "destroy", "Détruire"
    RIGHTS = "rights", "Garder\u00a0: cela sert à faire valoir un droit, ou à se défendre"
    EXCHANGE = "exchange", "Garder\u00a0: un échange est en cours à ce sujet"
    WISHED = "wished", "Garder\u00a0: cela a été demandé depuis"


@dataclass(frozen=True)
class Holding:
    """Something that is held of an agent: since or of which day, until which day, and why it stays when it may not go.

    `discreet`: not for the secretariat to meet; what the agent asks of it is done without a decision.
    `about`: whom of the team a complaint concerns.
    """

    kind: Held
    subject_id: str
    day: datetime.date | None
    last: datetime.date | None
    why: str = ""
    may_go: bool = False
    discreet: bool = False
    about: str = ""

    def hidden_from(self, reader_id: str) -> bool:
        """Whether that reader of the secretariat never meets it."""
        return self.discreet or self.about == reader_id


def answer_by(asked_on: datetime.date, days: int) -> datetime.date:
    """Return the last day to answer."""
    return asked_on + datetime.timedelta(days=days)


def clock(deadline: datetime.date, today: datetime.date, closed_on: datetime.date | None) -> Clock:
    """Return the clock of the answer."""
    return Clock("answer", deadline, today, closed_on, deadline - WEEK)


def stage(one: Clock) -> int:
    """Return how many reminders the day calls for: one a week before the last day, another once it is past."""
    if not one.is_running:
        return 0
    return 2 if one.is_late else int(one.is_at_risk)


def is_settled(*, closed: bool, answered_on: datetime.date | None, today: datetime.date) -> bool:
    """Whether a complaint is final: closed for good, or answered long ago and never judged."""
    return closed or (answered_on is not None and today > answered_on + datetime.timedelta(days=SETTLED_DAYS))
