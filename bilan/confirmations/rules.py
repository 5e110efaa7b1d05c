"""Pure rules of four eyes: what waits for a second person, how long, in which words."""

import datetime

from bilan.wording import Worded

LIFE = datetime.timedelta(days=7)
TRACE = datetime.timedelta(days=30)
# The roles that hand out rights, or watch over those who do.
WATCHED = ("secretariat", "manager")
ASKED = "C’est demandé. Une autre personne du secrétariat, ou le responsable, doit le confirmer dans les sept jours : elle est prévenue."
NOBODY_ELSE = (
    "Ce changement demande l’accord d’une autre personne du secrétariat, ou du responsable, et personne d’autre n’a de compte ouvert. "
    "La personne qui tient la machine peut inviter quelqu’un par la commande « flask create-user »."
)


class Change(Worded):
    """What is asked about an account."""

    INVITE = "invite", "Inviter"
    SUSPEND = "suspend", "Suspendre le compte"
    REOPEN = "reopen", "Rouvrir le compte"
    FACTOR = "factor", "Retirer le second facteur"
    LEAVE = "leave", "Enregistrer le départ"


class Outcome(Worded):
    """What became of a request."""

    CONFIRMED = "confirmed", "confirmée"
    REFUSED = "refused", "refusée"
