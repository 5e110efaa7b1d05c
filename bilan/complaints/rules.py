"""Pure rules of complaints: their words, their working days, and who may be a robot."""

import datetime
from typing import ClassVar

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from bilan.agenda.rules import holiday
from bilan.wording import Worded

LINKS = {
    "agent": "Je fais, ou j’ai fait, un bilan professionnel",
    "employer": "Je travaille dans une collectivité qui prescrit des bilans",
    "relative": "J’aide une personne qui fait un bilan",
    "other": "Autre",
}
FILES_MAX = 10
DAY = datetime.timedelta(days=1)
FRIDAY = 4
MINIMUM_SECONDS = 3
MAXIMUM_SECONDS = 24 * 3600
SALT = "complaint-form"


class Kind(Worded):
    """What is told: something to put right, something that endangers, or a complaint."""

    COMPLAINT = "complaint", "Une réclamation"
    DIFFICULTY = "difficulty", "Une difficulté"
    HAZARD = "hazard", "Un danger"

    @property
    def noun(self) -> str:
        """Return the word that goes before a reference."""
        return self.label.split(" ", 1)[1].capitalize()

    @property
    def received(self) -> str:
        """Return what is said to whoever sent it."""
        return "Votre réclamation est reçue" if self is Kind.COMPLAINT else "Votre signalement est reçu"


class Channel(Worded):
    """How it came."""

    FORM = "form", "Formulaire"
    PHONE = "phone", "Téléphone"
    LETTER = "letter", "Lettre"
    MAIL = "mail", "E-mail"
    IN_PERSON = "in_person", "De vive voix"


class State(Worded):
    """Where it stands."""

    RECEIVED = "received", "reçue"
    ACKNOWLEDGED = "acknowledged", "accusé envoyé"
    TREATMENT = "treatment", "en traitement"
    ANSWERED = "answered", "réponse envoyée"
    REOPENED = "reopened", "rouverte"
    CLOSED = "closed", "close"

    @property
    def tag(self) -> str:
        """Return the kind of tag that shows it: see components/status.html."""
        return {State.RECEIVED: "attention", State.REOPENED: "attention", State.ANSWERED: "done", State.CLOSED: "done"}.get(self, "todo")


OVER = (State.ANSWERED, State.CLOSED)


class Reason(Worded):
    """With what a complaint is closed."""

    MEASURE = "measure", "Mesure corrective"
    EXPLANATION = "explanation", "Explication donnée"
    OUT_OF_SCOPE = "out_of_scope", "Hors de notre champ"
    WITHDRAWN = "withdrawn", "Retirée par la personne"


class EntryKind(Worded):
    """What a line of the thread is. The complainant reads all of them but the steps."""

    MESSAGE = "message", "Message de la personne"
    ACKNOWLEDGEMENT = "acknowledgement", "Accusé de réception"
    STEP = "step", "Note interne"
    REPLY = "reply", "Message du service"
    ANSWER = "answer", "Réponse"
    JUDGEMENT = "judgement", "Avis sur la réponse"
    REOPENING = "reopening", "Nouvel examen demandé"


# What the service wrote to the complainant, which may also leave by post.
LETTERS = (EntryKind.ACKNOWLEDGEMENT, EntryKind.REPLY, EntryKind.ANSWER)


class FormRefused(Exception):
    """The form of somebody without an account does not leave as it is; `sentence` says what to do."""

    sentence: ClassVar[str]


class FormTooFast(FormRefused):
    """Sent sooner than a person can read the form."""

    sentence = "Relisez votre texte, puis envoyez-le\u00a0: il n’est pas encore parti."


class FormNotOurs(FormRefused):
    """The proof is missing, forged or a day old."""

    sentence = "Cette page est restée ouverte longtemps. Votre texte est conservé\u00a0: envoyez-le de nouveau."


def sign_form(secret: str, submission: str) -> str:
    """Return the proof that this form, with its number, was shown now."""
    return URLSafeTimedSerializer(secret, salt=SALT).dumps(submission)


def read_proof(secret: str, proof: str, *, moment: float) -> str:
    """Return the form's number; raise FormNotOurs or FormTooFast. `moment` is in seconds since 1970."""
    try:
        submission, shown_at = URLSafeTimedSerializer(secret, salt=SALT).loads(proof, max_age=MAXIMUM_SECONDS, return_timestamp=True)
    except (BadSignature, SignatureExpired):
        raise FormNotOurs from None
    if moment - shown_at.timestamp() < MINIMUM_SECONDS:
        raise FormTooFast
    return submission


def is_working(day: datetime.date) -> bool:
    """Whether the centre works that day: neither a Saturday, a Sunday nor a public holiday of metropolitan France."""
    return day.weekday() <= FRIDAY and holiday(day) is None


def working_days_from(day: datetime.date, count: int) -> datetime.date:
    """Return the working day so many working days later, or earlier; `day` itself is day 0, working or not."""
    step = DAY if count > 0 else -DAY
    for _ in range(abs(count)):
        day += step
        while not is_working(day):
            day += step
    return day


def deadlines(received_on: datetime.date, *, acknowledge: int, answer: int) -> tuple[datetime.date, datetime.date]:
    """Return the last day to acknowledge (working days) and the last to answer (calendar days), both in time."""
    return working_days_from(received_on, acknowledge), received_on + datetime.timedelta(days=answer)
