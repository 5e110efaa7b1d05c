"""Every setting: its variable, its default, its check.

Guarantee: a setting that is wrong stops the start with one sentence that names
its variable; the code never meets an unchecked value.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography.fernet import Fernet
from dotenv import dotenv_values
from email_validator import EmailNotValidError, validate_email

from bilan import secret_files


class SettingsError(SystemExit):
    """A setting is missing or wrong; printed as is, without a stack trace."""


def text(value: str) -> str:
    """Return the value, refusing control characters."""
    if any(ord(character) < 32 for character in value):
        raise ValueError("ne doit pas contenir de caractère de contrôle")
    return value


def whole(minimum: int, maximum: int) -> Callable[[str], int]:
    """Return a check for a whole number between two bounds, included."""

    def check(value: str) -> int:
        if not value.strip().isdecimal() or not minimum <= int(value) <= maximum:
            raise ValueError(f"doit être un nombre entier entre {minimum} et {maximum}")
        return int(value)

    return check


def euros(value: str) -> int | None:
    """Return an amount in cents, None when empty: "95", "95,50" or "95.50"."""
    if not value.strip():
        return None
    found = re.fullmatch(r"(\d{1,5})(?:[.,](\d{1,2}))?", value.strip())
    if not found:
        raise ValueError("doit être un montant en euros, comme 95 ou 95,50")
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def hour_or_none(value: str) -> int | None:
    """Return an hour of the day, None when empty."""
    return whole(0, 23)(value) if value.strip() else None


def percent(value: str) -> int:
    """Return a rate in hundredths of a percent: "20" gives 2000, "5,5" gives 550."""
    found = re.fullmatch(r"(\d{1,2})(?:[.,](\d{1,2}))?", value.strip())
    if not found:
        raise ValueError("doit être un taux en pour cent, comme 20 ou 5,5")
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def one_of_or_none(*choices: str) -> Callable[[str], str]:
    """Return a check for one of the given words, or nothing."""
    return lambda value: one_of(*choices)(value) if value else ""


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a check for one of the given words."""

    def check(value: str) -> str:
        if value not in choices:
            raise ValueError(f"doit être : {' ou '.join(choices)}")
        return value

    return check


def email(value: str) -> str:
    """Return a normalised e-mail address."""
    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError:
        raise ValueError("doit être une adresse e-mail") from None


def web_address(value: str) -> str:
    """Return an http(s) address without its final slash."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("doit être une adresse web complète, comme https://bilan.exemple.fr")
    return value.rstrip("/")


def discovery_address(value: str) -> str:
    """Return the https address of a discovery document (http on this machine), or nothing."""
    parts = urlsplit(value)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1"))
    if value and not (safe and parts.hostname and parts.path.endswith("/.well-known/openid-configuration") and not parts.query):
        raise ValueError("doit être l’adresse en https d’un document /.well-known/openid-configuration")
    return value


def database_address(value: str) -> str:
    """Return a sqlite:/// or postgresql:// address."""
    if urlsplit(value).scheme not in ("sqlite", "postgresql"):
        raise ValueError("doit commencer par sqlite:/// ou postgresql://")
    return value


@dataclass(frozen=True)
class SmtpServer:
    """Where mail is handed over."""

    host: str
    port: int
    user: str | None
    password: str | None = field(repr=False)
    tls: str  # "starttls", "implicit" or "none"


def smtp_server(value: str) -> SmtpServer | None:
    """Return the SMTP server of smtp://user:password@host:587?tls=starttls, None when empty."""
    if not value:
        return None
    parts = urlsplit(value)
    tls = parse_qs(parts.query).get("tls", ["none"])[0]
    if parts.scheme != "smtp" or not parts.hostname or tls not in ("starttls", "implicit", "none"):
        raise ValueError("doit ressembler à smtp://utilisateur:motdepasse@serveur:587?tls=starttls")
    return SmtpServer(
        host=parts.hostname,
        port=parts.port or (465 if tls == "implicit" else 587),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        tls=tls,
    )


def master_keys(value: str) -> tuple[str, ...]:
    """Return the master keys, the newest first; each is a Fernet key."""
    keys = tuple(value.replace(",", " ").split())
    try:
        for key in keys:
            Fernet(key)
    except ValueError:
        raise ValueError("doit contenir des clés Fernet séparées par des virgules") from None
    if not keys:
        raise ValueError("doit contenir au moins une clé")
    return keys


def secret(value: str) -> str:
    """Return a secret of at least 32 characters."""
    if len(value) < 32:
        raise ValueError("doit contenir au moins 32 caractères")
    return value


def secret_or_none(value: str) -> str:
    """Return a secret of at least 32 characters, or nothing."""
    return secret(value) if value else ""


def limits_address(value: str) -> str:
    """Return memory:// or the address of a Redis server."""
    if urlsplit(value).scheme not in ("memory", "redis", "rediss"):
        raise ValueError("doit être memory:// ou commencer par redis:// ou rediss://")
    return value


def setting(variable: str, default: str, check: Callable[[str], Any], about: str) -> Any:
    """Declare a setting; `about` is its line in the documentation."""
    return field(metadata={"variable": variable, "default": default, "check": check, "about": about})


@dataclass(frozen=True)
class Settings:
    """The checked settings of one running application."""

    instance: Path = setting("BILAN_INSTANCE", "instance", Path, "Dossier de la base, des clés et des e-mails.")
    database_url: str = setting(
        "BILAN_DATABASE_URL", "sqlite:///{instance}/bilan.db", database_address, "Base de données : SQLite ou PostgreSQL."
    )
    keystore_url: str = setting(
        "BILAN_KEYSTORE_URL", "sqlite:///{instance}/keys.db", database_address, "Base des clés de chiffrement, à part des données."
    )
    host: str = setting("BILAN_HOST", "127.0.0.1", text, "Adresse d’écoute.")
    port: int = setting("BILAN_PORT", "8000", whole(1, 65535), "Port d’écoute.")
    base_url: str = setting("BILAN_BASE_URL", "http://{host}:{port}", web_address, "Adresse publique, celle des liens des e-mails.")
    secret_key: str = setting("BILAN_SECRET_KEY", "", secret, "Signe les sessions ; créé une fois dans le dossier d’instance.")
    master_keys: tuple[str, ...] = setting(
        "BILAN_MASTER_KEYS", "", master_keys, "Enveloppent les clés des bilans, la plus récente d’abord ; créées une fois."
    )
    smtp: SmtpServer | None = setting("BILAN_SMTP_URL", "", smtp_server, "Serveur d’envoi ; sans lui, les e-mails sont des fichiers .eml.")
    mail_from: str = setting("BILAN_MAIL_FROM", "ne-pas-repondre@espace2m.org", email, "Expéditeur des e-mails.")
    secretariat_email: str = setting(
        "BILAN_SECRETARIAT_EMAIL", "secretariat@espace2m.org", email, "Boîte du secrétariat : reçoit les réclamations."
    )
    demo_password: str = setting("BILAN_DEMO_PASSWORD", "", text, "Mot de passe des comptes de démonstration ; tiré au hasard sinon.")
    worker: str = setting(
        "BILAN_WORKER", "inline", one_of("inline", "separate"), "Travail de fond dans le serveur, ou à part (`flask worker`)."
    )
    server_threads: int = setting("BILAN_SERVER_THREADS", "8", whole(1, 64), "Requêtes servies en même temps.")
    log_format: str = setting("BILAN_LOG_FORMAT", "texte", one_of("texte", "json"), "Journaux du serveur\u00a0: texte ou json.")
    metrics_token: str = setting(
        "BILAN_METRICS_TOKEN",
        "",
        secret_or_none,
        "Jeton de qui relève les mesures (`/metrics`, Prometheus)\u00a0; sans lui, il n’y en a pas.",
    )
    limits_url: str = setting(
        "BILAN_LIMITS_URL", "memory://", limits_address, "Où sont comptés les essais\u00a0: redis://… quand plusieurs processus servent."
    )
    proxy_count: int = setting("BILAN_PROXY_COUNT", "0", whole(0, 5), "Nombre de serveurs mandataires de confiance devant l’application.")
    staff_idle_minutes: int = setting(
        "BILAN_STAFF_IDLE_MINUTES", "30", whole(1, 720), "Inactivité qui ferme la session d’un membre de l’équipe ou du service RH."
    )
    session_hours: int = setting("BILAN_SESSION_HOURS", "12", whole(1, 24), "Durée d’une session, même utilisée sans arrêt, en heures.")
    second_factor: str = setting(
        "BILAN_SECOND_FACTOR",
        "",
        one_of_or_none("requis", "facultatif"),
        "Code ou clé d’accès que l’équipe donne après le mot de passe : requis ou facultatif ; sans ce réglage, requis en https (facultatif).",
    )
    proconnect_discovery: str = setting(
        "BILAN_PROCONNECT_DISCOVERY", "", discovery_address, "ProConnect, pour les services RH : adresse de sa découverte (facultatif)."
    )
    proconnect_client_id: str = setting("BILAN_PROCONNECT_CLIENT_ID", "", text, "ProConnect : l’identifiant qu’il nous a donné.")
    proconnect_client_secret: str = setting("BILAN_PROCONNECT_CLIENT_SECRET", "", text, "ProConnect : le secret qu’il nous a donné.")
    agent_idle_minutes: int = setting(
        "BILAN_AGENT_IDLE_MINUTES", "120", whole(1, 720), "Inactivité qui ferme la session d’un agent ou d’une agente."
    )
    sign_in_link_minutes: int = setting(
        "BILAN_SIGN_IN_LINK_MINUTES", "30", whole(5, 1440), "Durée de vie d’un lien de connexion ou de changement de mot de passe."
    )
    invitation_days: int = setting("BILAN_INVITATION_DAYS", "14", whole(1, 90), "Durée de vie d’une invitation.")
    service_name: str = setting("BILAN_SERVICE_NAME", "Bilan professionnel", text, "Fiche : nom de la prestation.")
    centre_name: str = setting("BILAN_CENTRE_NAME", "Espace 2M – MIFE du Roannais", text, "Fiche : nom du centre.")
    centre_short: str = setting("BILAN_CENTRE_SHORT", "Espace 2M", text, "Fiche : nom court du centre.")
    address: str = setting("BILAN_ADDRESS", "4 rue Molière", text, "Fiche : adresse.")
    postcode_city: str = setting("BILAN_POSTCODE_CITY", "42300 ROANNE", text, "Fiche : code postal et ville.")
    phone: str = setting("BILAN_PHONE", "04 77 68 42 88", text, "Fiche : téléphone.")
    security_email: str = setting(
        "BILAN_SECURITY_EMAIL", "secretariat@espace2m.org", email, "Adresse à qui signaler une faille de sécurité."
    )
    website: str = setting("BILAN_WEBSITE", "espace2m.org", text, "Fiche : site du centre.")
    opening_hours: str = setting("BILAN_OPENING_HOURS", "", text, "Fiche : horaires d’accueil (facultatif).")
    territory: str = setting(
        "BILAN_TERRITORY", "des communes ou organismes intercommunaux du Roannais et du Forez", text, "Fiche : territoire."
    )
    referent_name: str = setting("BILAN_REFERENT_NAME", "Stéphanie FONTI", text, "Fiche : référente.")
    referent_email: str = setting("BILAN_REFERENT_EMAIL", "stephanie.fonti@espace2m.org", email, "Fiche : e-mail de la référente.")
    referent_phone: str = setting("BILAN_REFERENT_PHONE", "04 77 68 42 88", text, "Fiche : téléphone de la référente.")
    disability_name: str = setting("BILAN_DISABILITY_NAME", "Laurent MONON", text, "Fiche : référent handicap.")
    disability_email: str = setting("BILAN_DISABILITY_EMAIL", "laurent.monon@espace2m.org", email, "Fiche : e-mail du référent handicap.")
    disability_phone: str = setting("BILAN_DISABILITY_PHONE", "04 77 68 42 88", text, "Fiche : téléphone du référent handicap.")
    first_interview_days: int = setting(
        "BILAN_FIRST_INTERVIEW_DAYS", "20", whole(1, 365), "Fiche : délai du premier rendez-vous, en jours."
    )
    diagnostic_minutes: int = setting("BILAN_DIAGNOSTIC_MINUTES", "90", whole(15, 480), "Fiche : durée de l’entretien de diagnostic.")
    hours_min: int = setting("BILAN_HOURS_MIN", "12", whole(1, 100), "Fiche : durée totale minimale, en heures.")
    hours_max: int = setting("BILAN_HOURS_MAX", "15", whole(1, 100), "Fiche : durée totale maximale, en heures.")
    months: int = setting("BILAN_MONTHS", "3", whole(1, 24), "Fiche : durée du parcours, en mois.")
    interview_hours_min: int = setting("BILAN_INTERVIEW_HOURS_MIN", "1", whole(1, 8), "Fiche : durée minimale d’un entretien, en heures.")
    interview_hours_max: int = setting("BILAN_INTERVIEW_HOURS_MAX", "2", whole(1, 8), "Fiche : durée maximale d’un entretien, en heures.")
    access_notes: str = setting(
        "BILAN_ACCESS_NOTES",
        "Bâtiment conforme. Bus et gare SNCF à proximité. Parkings payants à proximité. Places de stationnement adaptées.",
        text,
        "Fiche : accès aux locaux.",
    )
    cancel_hours: int = setting(
        "BILAN_CANCEL_HOURS", "24", whole(0, 240), "Délai avant un rendez-vous jusqu’auquel l’agent le déplace ou l’annule, en heures."
    )
    quote_hourly_cents: int | None = setting(
        "BILAN_QUOTE_HOURLY_RATE", "", euros, "Devis : prix d’une heure hors taxes, en euros (facultatif)."
    )
    quote_hours: int = setting("BILAN_QUOTE_HOURS", "14", whole(1, 100), "Devis : nombre d’heures proposé.")
    quote_vat_points: int = setting("BILAN_QUOTE_VAT", "0", percent, "Devis : taux de TVA en pour cent ; 0 pour une exonération.")
    quote_exemption: str = setting(
        "BILAN_QUOTE_EXEMPTION",
        "Exonération de TVA, article 261, 4-4° a du Code général des impôts",
        text,
        "Devis : mention de l’exonération, écrite quand le taux est nul.",
    )
    quote_valid_days: int = setting("BILAN_QUOTE_VALID_DAYS", "60", whole(1, 365), "Devis : durée de validité, en jours.")
    hr_review_minutes: int = setting("BILAN_HR_REVIEW_MINUTES", "60", whole(15, 480), "Fiche : durée du bilan avec le service RH.")

    inactivity_days: int = setting(
        "BILAN_INACTIVITY_DAYS", "15", whole(1, 365), "Jours sans activité après lesquels l’agent et son conseiller sont prévenus."
    )
    inactivity_alert_days: int = setting(
        "BILAN_INACTIVITY_ALERT_DAYS", "30", whole(1, 365), "Jours sans activité après lesquels le secrétariat est prévenu aussi."
    )
    plan_review_months: int = setting(
        "BILAN_PLAN_REVIEW_MONTHS", "6", whole(1, 36), "Mois après la fin d’un bilan où l’agent est invité à faire le point sur son plan."
    )
    keeping_months_max: int = setting(
        "BILAN_KEEPING_MONTHS_MAX", "12", whole(1, 36), "Mois pendant lesquels un agent peut demander que sa synthèse soit gardée, au plus."
    )
    keep_documents_days: int = setting(
        "BILAN_KEEP_DOCUMENTS_DAYS", "0", whole(0, 30), "Conservation : jours entre la fin d’un bilan et la nuit qui détruit son contenu."
    )
    keep_administrative_months: int = setting(
        "BILAN_KEEP_ADMINISTRATIVE_MONTHS",
        "36",
        whole(36, 120),
        "Conservation : heures, présences et accords, en mois après la fin d’un bilan.",
    )
    keep_quote_months: int = setting(
        "BILAN_KEEP_QUOTE_MONTHS", "120", whole(36, 180), "Conservation : devis, en mois (pièces comptables, dix ans ; à vérifier)."
    )
    keep_complaint_months: int = setting(
        "BILAN_KEEP_COMPLAINT_MONTHS", "36", whole(36, 120), "Conservation : réclamations, en mois après leur clôture."
    )
    keep_adaptation_months: int = setting(
        "BILAN_KEEP_ADAPTATION_MONTHS", "12", whole(0, 36), "Conservation : demandes d’adaptation hors d’un bilan, en mois."
    )
    keep_draft_months: int = setting(
        "BILAN_KEEP_DRAFT_MONTHS", "12", whole(1, 36), "Conservation : brouillons de prescription jamais envoyés, en mois."
    )
    keep_mail_months: int = setting("BILAN_KEEP_MAIL_MONTHS", "12", whole(1, 36), "Conservation : e-mails partis, en mois.")
    keep_journal_months: int = setting(
        "BILAN_KEEP_JOURNAL_MONTHS", "36", whole(12, 120), "Conservation : journal de qui a fait quoi, en mois."
    )
    export_days: int = setting("BILAN_EXPORT_DAYS", "7", whole(1, 30), "Copie de ses données : jours pendant lesquels elle se télécharge.")
    complaint_acknowledge_days: int = setting(
        "BILAN_COMPLAINT_ACKNOWLEDGE_DAYS", "5", whole(1, 60), "Réclamations : délai de l’accusé de réception, en jours ouvrés."
    )
    complaint_answer_days: int = setting(
        "BILAN_COMPLAINT_ANSWER_DAYS", "30", whole(1, 365), "Réclamations : délai de la réponse, en jours calendaires."
    )
    adaptation_answer_days: int = setting(
        "BILAN_ADAPTATION_ANSWER_DAYS", "5", whole(1, 60), "Adaptations : délai de la décision, en jours ouvrés."
    )
    adaptation_check_days: int = setting(
        "BILAN_ADAPTATION_CHECK_DAYS", "21", whole(1, 365), "Adaptations : jours après la mise en place où l’on vérifie avec la personne."
    )
    data_request_days: int = setting(
        "BILAN_DATA_REQUEST_DAYS", "30", whole(1, 30), "Demandes sur ses données : délai de la réponse, en jours calendaires."
    )
    landmarks: str = setting(
        "BILAN_LANDMARKS", "non", one_of("non", "oui"), "Résultats : montrer la moyenne publiée, repère indicatif et non une norme."
    )
    backup_dir: Path = setting("BILAN_BACKUP_DIR", "{instance}/sauvegardes", Path, "Sauvegardes : leur dossier.")
    backup_keep: int = setting("BILAN_BACKUP_KEEP", "14", whole(1, 1000), "Sauvegardes : combien sont gardées.")
    backup_hour: int | None = setting(
        "BILAN_BACKUP_HOUR", "", hour_or_none, "Sauvegardes : heure de celle de chaque nuit, à Paris ; aucune sans elle (facultatif)."
    )

    @property
    def second_factor_required(self) -> bool:
        """Whether the team signs in with a code beside the password."""
        return self.second_factor == "requis" or (self.secure and not self.second_factor)

    @property
    def secure(self) -> bool:
        """Whether people reach the application through https."""
        return self.base_url.startswith("https://")


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read, check and complete the settings from the environment, else from `.env`.

    Raises SettingsError with one sentence naming the first wrong variable. Creates
    the instance folder, and the secrets that nobody gave, readable by their owner only.
    """
    given = {**dotenv_values(".env"), **os.environ} if environment is None else environment
    values: dict[str, Any] = {}
    for one in fields(Settings):
        raw = given.get(one.metadata["variable"]) or one.metadata["default"].format(**values)
        values[one.name] = _checked(one, raw, values)
        if one.name == "instance":
            _make_folder(values["instance"])
    return _consistent(Settings(**values))


def _checked(one: Field[Any], raw: str, before: Mapping[str, Any]) -> Any:
    """Return the checked value of a setting, its secret made or found when nobody gave it; `before` are those above it."""
    try:
        if not raw and one.name == "secret_key":
            raw = secret_files.secret_key(before["instance"])
        if not raw and one.name == "master_keys":
            raw = secret_files.master_keys(before["instance"], before["keystore_url"])
        return one.metadata["check"](raw)
    except ValueError as error:
        message = f"Réglage {one.metadata['variable']} : {error}."
        raise SettingsError(message) from None


def _consistent(settings: Settings) -> Settings:
    pairs = (("hours_min", "hours_max"), ("interview_hours_min", "interview_hours_max"), ("inactivity_days", "inactivity_alert_days"))
    for low, high in pairs:
        if getattr(settings, low) > getattr(settings, high):
            message = f"Réglage BILAN_{low.upper()} : ne peut pas dépasser BILAN_{high.upper()}."
            raise SettingsError(message)
    if _place(settings.database_url) == _place(settings.keystore_url):
        message = "Réglage BILAN_KEYSTORE_URL : doit être une autre base que BILAN_DATABASE_URL, sans quoi une sauvegarde des données tient leurs clés."
        raise SettingsError(message)
    proconnect = ("proconnect_discovery", "proconnect_client_id", "proconnect_client_secret")
    missing = [f"BILAN_{name.upper()}" for name in proconnect if not getattr(settings, name)]
    if 0 < len(missing) < len(proconnect):
        message = f"Réglage {missing[0]} : ProConnect demande ses trois réglages, ou aucun."
        raise SettingsError(message)
    return settings


def _make_folder(instance: Path) -> None:
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        message = f"Réglage BILAN_INSTANCE : le dossier « {instance} » ne peut pas être créé ({error.strerror})."
        raise SettingsError(message) from None


def _place(url: str) -> tuple[Any, ...]:
    """Return where a database is, however its address is written."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return ("sqlite", Path(url.removeprefix("sqlite:///")).resolve())
    host = parts.hostname or parse_qs(parts.query).get("host", [""])[0]
    return ("postgresql", host, parts.port or 5432, parts.path)
