"""Pure rules of prescriptions: their states, the 20-day clock, who may still change what."""

import datetime
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bilan import french
from bilan.wording import Worded

# The reminders to the secretariat, in days since the reception.
REMINDER_DAYS = (10, 15, 18)
# From this many days left, a prescription is at risk.
RISK_DAYS = 5
HIDDEN_UNDER = 5


class State(Worded):
    """Where a prescription stands. A journey, once open, has its own phases."""

    DRAFT = "draft", "brouillon"
    RECEIVED = "received", "reçue"
    QUOTED = "quoted", "devis envoyé"
    INVITED = "invited", "agent invité"
    ACCEPTED = "accepted", "acceptée"
    REFUSED = "refused", "devis refusé"
    DECLINED = "declined", "sans suite"
    WITHDRAWN = "withdrawn", "retirée"
    ENDED = "ended", "terminée"
    INTERRUPTED = "interrupted", "interrompue"


# Sent, and not yet over: an agent has at most one such prescription.
OPEN = (State.RECEIVED, State.QUOTED, State.INVITED, State.ACCEPTED)
OVER = (State.REFUSED, State.DECLINED, State.WITHDRAWN, State.ENDED, State.INTERRUPTED)


# The cases of the service sheet.
MOTIVES = {
    "chosen": "Mobilité choisie",
    "imposed": "Mobilité subie",
    "services": "Repositionnement lié à une évolution des services",
    "difficult": "Situation professionnelle difficile",
    "change": "Nécessité de changer de métier",
    "evolution": "Souhait d’évolution professionnelle",
}
STATUSES = {"titulaire": "Titulaire", "non_titulaire": "Non titulaire"}
CATEGORIES = {"A": "Catégorie A", "B": "Catégorie B", "C": "Catégorie C", "unknown": "Je ne sais pas"}
FRENCH = {"yes": "Oui", "check": "À vérifier avec la personne"}
MODES = {"on_site": "Sur place", "remote": "À distance", "either": "Sur place ou à distance"}

# The short pages of the request, in order; for each, where its answers lie and which must be given.
STEPS = {
    "agent": ("La personne", ("agent_name", "agent_email", "phone"), ("agent_name", "agent_email")),
    "situation": ("Sa situation", ("position", "status", "category"), ("position", "status", "category")),
    "demande": ("La demande", ("motive", "expectations"), ("motive", "expectations")),
    "modalites": ("Les modalités", ("french", "mode"), ("french", "mode")),
}
COLUMNS = ("agent_name", "agent_email")
IN_REQUEST = ("motive", "expectations")


def in_words(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers with the words of the choices instead of their codes; what was not answered is there, empty."""
    words = {"motive": MOTIVES, "status": STATUSES, "category": CATEGORIES, "french": FRENCH, "mode": MODES}
    names = [name for _, fields, _ in STEPS.values() for name in fields]
    return dict.fromkeys(names, "") | {name: words.get(name, {}).get(value, value) for name, value in answers.items()}


def step_after(step: str) -> str | None:
    """Return the page that follows, None after the last."""
    steps = list(STEPS)
    return next(iter(steps[steps.index(step) + 1 :]), None)


def missing(values: Mapping[str, object]) -> list[str]:
    """Return the pages on which something that must be given is not."""
    return [step for step, (_, _, required) in STEPS.items() if not all(values.get(name) for name in required)]


class DelayReason(Worded):
    """Why a first interview could not be proposed in time."""

    QUOTE = "quote", "Attente de l’accord sur le devis"
    AGENT_ANSWER = "agent_answer", "Attente de la réponse de l’agent"
    AGENT_AWAY = "agent_away", "Agent absent ou indisponible"
    NO_SLOT = "no_slot", "Pas de créneau disponible au centre"
    OTHER = "other", "Autre raison"


@dataclass(frozen=True)
class Clock:
    """The 20 days of a prescription, in calendar days of Paris.

    The day of reception is day 0; `deadline` is day 20, and an interview that day is in
    time. `proposed_on` is the day of the first interview proposed, None as long as there
    is none. Source: the service sheet, "un premier rendez-vous est proposé dans un délai
    de 20 jours après la demande ou la prescription".
    """

    received_on: datetime.date
    deadline: datetime.date
    today: datetime.date
    proposed_on: datetime.date | None

    @property
    def elapsed(self) -> int:
        """Return the days from the reception to the interview proposed, or to today; an interview held before counts for none."""
        return max(0, ((self.proposed_on or self.today) - self.received_on).days)

    @property
    def days_left(self) -> int:
        """Return the days left to propose an interview; negative when the deadline is past."""
        return (self.deadline - self.today).days

    @property
    def is_running(self) -> bool:
        """Whether no interview is proposed yet."""
        return self.proposed_on is None

    @property
    def is_exceeded(self) -> bool:
        """Whether the interview is proposed too late, or the deadline is past without one."""
        return (self.proposed_on or self.today) > self.deadline

    @property
    def is_at_risk(self) -> bool:
        """Whether few days are left, and no interview is proposed."""
        return self.is_running and self.days_left <= RISK_DAYS

    @property
    def words(self) -> str:
        """Return what the clock says, in words."""
        if not self.is_running:
            took = f"proposé en {french.plural(self.elapsed, 'jour', 'jours')}" if self.elapsed else "proposé dès la réception"
            return f"{took}, hors délai" if self.is_exceeded else took
        if self.days_left < 0:
            return f"dépassé de {french.plural(-self.days_left, 'jour', 'jours')}"
        left = "dernier jour" if self.days_left == 0 else f"reste {french.plural(self.days_left, 'jour', 'jours')}"
        return f"à risque, {left}" if self.is_at_risk else left

    @property
    def kind(self) -> str:
        """Return the kind of tag that shows it: see components/status.html."""
        if self.is_exceeded:
            return "problem"
        if self.is_at_risk:
            return "attention"
        return "todo" if self.is_running else "done"


def clock(received_at: datetime.datetime, proposed_for: datetime.datetime | None, moment: datetime.datetime, days: int) -> Clock:
    """Return the clock of a prescription; moments are naive UTC, days are those of Paris, whatever its hour changes."""
    received_on = french.to_paris(received_at).date()
    proposed_on = french.to_paris(proposed_for).date() if proposed_for else None
    return Clock(received_on, received_on + datetime.timedelta(days=days), french.to_paris(moment).date(), proposed_on)


def reminder_due(one: Clock, reminded: int) -> int | None:
    """Return the reminder to send now (10, 15 or 18 days), None when there is none or it was sent; never two at once."""
    if not one.is_running:
        return None
    reached = max((days for days in REMINDER_DAYS if one.elapsed >= days), default=0)
    return reached if reached > reminded else None


@dataclass(frozen=True)
class AccessDelay:
    """The indicator: among the prescriptions whose first interview was proposed, those in time; the median in days."""

    in_time: int
    total: int
    median: float | None

    @property
    def is_shown(self) -> bool:
        """Whether enough prescriptions stand behind the figure."""
        return self.total >= HIDDEN_UNDER


def access_delay(clocks: Sequence[Clock]) -> AccessDelay:
    """Return the indicator over the clocks that have stopped."""
    stopped = [one for one in clocks if not one.is_running]
    median = statistics.median(one.elapsed for one in stopped) if stopped else None
    return AccessDelay(sum(not one.is_exceeded for one in stopped), len(stopped), median)
