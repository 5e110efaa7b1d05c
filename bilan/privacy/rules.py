"""Pure rules of retention: the schedule. One truth, read by the public page, the agent's own, the dry run and the purge.

Source: the labour code's regime of such reviews (documents destroyed at the end; kept with the agent's written wish),
the rule of accounts for quotes (ten years, to be verified), and the centre's own terms: settings `BILAN_KEEP_…`.
"""

import calendar
import datetime
from dataclasses import dataclass

from bilan.closing.rules import Keep
from bilan.french import plural
from bilan.wording import Worded

ONE_DAY = datetime.timedelta(days=1)
# What a prescription says of whom it was for, once she is forgotten: its quote is still a paper of accounts.
ERASED = "Nom effacé"
WARNED_DAYS, FORECAST_DAYS, COUNTED_DAYS = 30, 60, 92


class Ending(Worded):
    """How something ends."""

    KEY = "key", "clé détruite, lignes effacées"
    ROWS = "rows", "lignes effacées"
    SHELL = "shell", "contenu détruit avec sa clé\u00a0; ses dates suivent le dossier administratif"
    NAME = "name", "nom, adresse et mot de passe effacés"
    ALREADY = "already", "effacé par une autre tâche"
    STAYS = "stays", "reste, sans rien qui mène à une personne"


class Kind(Worded):
    """What one destruction is about."""

    CONTENT = "content", "Contenu du bilan"
    KEPT = "kept", "Documents gardés à votre demande"
    ADMINISTRATIVE = "administrative", "Dossier administratif"
    QUOTES = "quotes", "Devis"
    ADAPTATION = "adaptation", "Demande d’adaptation"
    ADAPTATION_FACTS = "adaptation_facts", "Dates d’une demande d’adaptation"
    COMPLAINT = "complaint", "Réclamation"
    COMPLAINT_ERASED = "complaint_erased", "Réclamation, à la demande de la personne"
    DATA_REQUEST = "data_request", "Demande sur ses données"
    DRAFT = "draft", "Brouillon de prescription"
    MAILS = "mails", "E-mails partis"
    JOURNAL = "journal", "Journal"


class Method(Worded):
    """How a content became unreadable."""

    KEY = "key", "La clé de chiffrement du bilan a été détruite, puis les lignes ont été effacées."
    RENEWED = (
        "renewed",
        "Ce qui est gardé a reçu une nouvelle clé\u00a0; l’ancienne, qui ouvrait le reste, a été détruite, et les lignes effacées.",
    )


# Why each is still there, as its agent reads it.
WHY = {
    Kind.CONTENT: "Tout ce qui a été écrit pendant votre bilan, sauf ce que vous avez demandé de garder.",
    Kind.KEPT: "Vous l’avez demandé par écrit à la clôture. Enregistrez chez vous ce qui vous sert.",
    Kind.ADMINISTRATIVE: "Heures, présences et dates\u00a0: le centre doit les justifier en cas de contrôle. Votre compte s’efface avec elles.",
    Kind.ADAPTATION: "Votre demande, ce qui a été décidé et les échanges.",
    Kind.ADAPTATION_FACTS: "Les dates de votre demande, sans votre nom.",
    Kind.COMPLAINT: "Votre réclamation, les réponses et leurs pièces jointes.",
    Kind.COMPLAINT_ERASED: "Votre réclamation, les réponses et leurs pièces jointes. Vous avez demandé de les détruire.",
    Kind.DATA_REQUEST: "Ce que vous avez demandé sur vos données, et la réponse.",
}


@dataclass(frozen=True)
class Line:
    """A line of the schedule. `term` is in words, with settings between braces; `tables`: the names of the tables."""

    key: str
    title: str
    tables: tuple[str, ...]
    why: str
    term: str
    ending: Ending
    public: bool = True


END = "À la fin du bilan\u00a0: {documents}."
CHOSEN = "À la fin du bilan, ou tant que vous l’avez demandé par écrit à la clôture\u00a0: {kept} mois au plus."
FACTS = "{administrative} après la fin du bilan."
SCHEDULE = (
    Line("answers", "Réponses aux questionnaires et résultats", ("passation", "answer"), "Construire le bilan avec vous.", END, Ending.KEY),
    Line("notes", "Notes d’entretien, privées et partagées", ("note", "objectives_touched"), "Préparer les entretiens.", END, Ending.KEY),
    Line(
        "path", "Parcours professionnel et lectures croisées", ("experience", "skill", "condition", "finding"),
        "Analyser votre parcours.", END, Ending.KEY,
    ),
    Line(
        "work", "Travail personnel, fichiers joints et messages", ("assignment", "assignment_comment", "attachment", "message"),
        "Avancer entre deux entretiens.", END, Ending.KEY,
    ),
    Line("leads", "Pistes et enquêtes", ("lead", "survey"), "Explorer des métiers.", END, Ending.KEY),
    Line("told", "Textes préparés pour le service RH", ("statement", "hr_minutes", "hr_minutes_reading"), "Ce que vous décidez de dire.", END, Ending.KEY),
    Line("synthesis", "Document de synthèse", ("synthesis_version", "synthesis_paper"), "Il est à vous.", CHOSEN, Ending.KEY),
    Line("future", "Scénarios et plan d’action", ("scenario", "step", "review_asked"), "Vous suivre dans vos démarches.", CHOSEN, Ending.KEY),
    Line(
        "words", "Ce qui est écrit autour du bilan\u00a0: demande, attentes, objectifs, accords, motif d’une interruption",
        ("diagnostic", "closing", "attainment", "interruption", "midway_review", "disclosure", "synthesis"), "Conduire le bilan.", END, Ending.SHELL,
    ),
    Line(
        "facts", "Heures, présences, étapes et dates",
        ("journey", "interview", "slot", "busy_cell", "referral", "suspension", "silence_told", "hr_review", "disclosure_reading", "survey_invitation", "reading"),
        "Justifier la prestation en cas de contrôle.", FACTS, Ending.ROWS,
    ),
    Line("prescriptions", "Prescription\u00a0: votre nom, votre adresse", ("prescription",), "Justifier la prestation.", FACTS, Ending.NAME),
    Line("account", "Votre compte", ("person",), "Vous laisser lire ce qui est gardé.", "Tant que quelque chose est gardé à votre nom.", Ending.NAME),
    Line("quotes", "Devis", ("quote",), "Pièces comptables de votre employeur et du centre.", "{devis} après leur envoi.", Ending.ROWS),
    Line(
        "adaptations", "Demandes d’adaptation", ("adaptation_request", "adaptation_entry", "adaptation_reminder", "measure", "relay"),
        "Adapter l’accueil et les outils.",
        "À la fin du bilan\u00a0; hors d’un bilan, {adaptations} après la fin de la demande. Leurs dates, sans nom\u00a0: {administrative}.", Ending.KEY,
    ),
    Line(
        "complaints", "Réclamations", ("complaint", "complaint_entry", "complaint_file", "complaint_reminder"),
        "Vous répondre, et tenir le registre.", "{plaintes} après leur clôture.", Ending.KEY,
    ),
    Line(
        "data_requests", "Demandes sur vos données", ("data_request",), "Prouver la réponse, et sa date.",
        "{plaintes} après la réponse, ou moins longtemps si plus rien n’est gardé de vous.", Ending.KEY,
    ),
    Line("mails", "E-mails partis", ("email", "notice"), "Vérifier qu’ils sont arrivés.", "{mails} après l’envoi.", Ending.ROWS),
    Line("journal", "Journal\u00a0: qui a fait quoi, et quand", ("journal_entry",), "Prouver qui a lu ou changé quoi.", "{journal}.", Ending.ROWS),
    Line("opinions", "Avis, détachés de votre nom", ("survey_answer", "rating", "verbatim"), "Améliorer la prestation.", "Sans limite\u00a0: ils ne mènent à personne.", Ending.STAYS),
    Line("certificates", "Attestations de destruction", ("certificate", "end_told"), "Prouver la destruction.", "À votre nom tant que votre compte existe\u00a0; sans nom ensuite.", Ending.STAYS),
    Line("figures", "Chiffres de qualité et plan d’amélioration", ("quality_report", "improvement", "improvement_reminder", "theme", "sorting"), "Rendre compte.", "Sans limite\u00a0: rien n’y est montré sous cinq.", Ending.STAYS),
    Line("copies", "Copies de vos données", ("data_export",), "Vous les donner.", "{copies}, ou quand vous le voulez.", Ending.KEY),
    Line("seals", "Sceaux du journal", ("journal_seal",), "Prouver que le journal n’a pas changé.", "Sans limite.", Ending.STAYS, public=False),
    Line("evidence", "Dossiers de preuves", ("evidence_file",), "Le contrôle qualité.", "30 jours.", Ending.ALREADY, public=False),
    Line("links", "Liens de connexion et saisies interrompues", ("one_time_link", "kept_entry"), "Se connecter.", "Quelques jours.", Ending.ALREADY, public=False),
    Line(
        "access", "Connexions ouvertes, navigateurs connus, second facteur", ("open_session", "known_browser", "second_factor", "passkey", "recovery_code", "proconnect_identity", "proconnect_visit", "account_request"),
        "Protéger votre compte.", "Une connexion\u00a0: un jour. Un navigateur\u00a0: un an sans s’en servir. Le second facteur\u00a0: avec le compte.", Ending.ALREADY,
    ),
    Line(
        "service", "Ce qui ne concerne aucun agent",
        ("employer", "conflict_of_interest", "subscription", "occupation", "occupation_title", "occupation_move", "occupation_domain", "occupation_source"),
        "Le service.", "Tant qu’il sert.", Ending.STAYS, public=False,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """The settings of the schedule, in months (`documents_days` in days)."""

    documents_days: int
    kept_months: int
    administrative: int
    quotes: int
    complaints: int
    adaptations: int
    drafts: int
    mails: int
    journal: int
    copies_days: int = 7

    def words(self, line: Line) -> str:
        """Return the term of a line in words."""
        days = f"détruits {plural(self.documents_days, 'jour', 'jours')} après" if self.documents_days else "détruits dans la nuit qui suit"
        named = {name: months_words(getattr(self, name)) for name in ("administrative", "adaptations", "mails", "journal")}
        named |= {"devis": months_words(self.quotes), "plaintes": months_words(self.complaints)}
        named["copies"] = plural(self.copies_days, "jour", "jours")
        return line.term.format(documents=days, kept=self.kept_months, **named)


def months_words(months: int) -> str:
    """Return a number of months as one says it: "trois ans" is "3 ans"."""
    years, rest = divmod(months, 12)
    return plural(years, "an", "ans") if years and not rest else f"{months}\u00a0mois"


def after(day: datetime.date, months: int) -> datetime.date:
    """Return the same day so many months later, or that month's last day when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def until(day: datetime.date, months: int = 0, days: int = 0) -> datetime.date:
    """Return the last whole day on which something is kept: it goes in the night that follows."""
    return after(day, months) + datetime.timedelta(days=days)


def older_than(today: datetime.date, months: int) -> datetime.date:
    """Return the newest day whose things are kept no more today."""
    day = after(today, -months) + 3 * ONE_DAY
    while after(day, months) >= today:
        day -= ONE_DAY
    return day


def kept_until(closed_on: datetime.date, keep: Keep, months: int | None, terms: Terms) -> datetime.date | None:
    """Return until when what an agent has chosen is kept, None when she has chosen nothing."""
    if keep is Keep.NOTHING or not months:
        return None
    return max(until(closed_on, min(months, terms.kept_months)), until(closed_on, days=terms.documents_days))


def countdown(last: datetime.date, today: datetime.date) -> str:
    """Return how long something is still kept, as one says it."""
    days = (last - today).days
    if days > COUNTED_DAYS:
        months = next(count for count in range(days // 28 + 1, 0, -1) if after(today, count) <= last)
        return f"encore {plural(months // 12, 'an', 'ans')}" if months >= 24 else f"encore {months}\u00a0mois"
    if days < 0:
        return "détruit cette nuit"
    return "jusqu’à ce soir" if not days else f"encore {plural(days, 'jour', 'jours')}"
