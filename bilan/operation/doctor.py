"""What is wrong with an installation, and what to do: each check reads, none writes, none sends an e-mail.

A check that fails is a finding, never an error: the others are still made.
"""

import datetime
import shutil
import smtplib
import stat
import tempfile
import zoneinfo
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from peewee import Database, PeeweeException, SqliteDatabase, fn

from bilan import worker
from bilan.backups.making import backups, made_at
from bilan.database import MIGRATIONS, as_moment, connection, database, keystore, now, unknown_migrations, waiting_migrations
from bilan.filetypes import size_words
from bilan.french import plural, short_day
from bilan.journal import JournalEntry
from bilan.mail.actions import connected
from bilan.mail.models import Email, EmailState
from bilan.people.models import Person, Role
from bilan.secret_files import MASTER_KEYS_FILE, SECRET_KEY_FILE
from bilan.settings import Settings
from bilan.vault import WrongMasterKeys, check_master_keys
from bilan.wording import Worded

FREE_BYTES, LITTLE_BYTES = 5 * 10**9, 10**9
LATE = datetime.timedelta(hours=1)
CLOCK_DRIFT = datetime.timedelta(seconds=30)
MISSED_BACKUP = datetime.timedelta(hours=26)


class Level(Worded):
    """How serious a finding is."""

    GOOD = "good", "bien"
    CARE = "care", "à voir"
    BAD = "bad", "à réparer"


class Finding(NamedTuple):
    """What a check has found; `todo`: what to do, empty when all is well."""

    level: Level
    about: str
    words: str
    todo: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield what each check finds, in the order in which one repairs."""
    for about, check in CHECKS:
        found = 0
        try:
            for level, words, todo in check(settings):
                yield Finding(level, about, words, todo)
                found += 1
        except (OSError, PeeweeException) as error:
            yield Finding(Level.BAD, about, f"{type(error).__name__}\u00a0: {_first_line(error)}", "Voir les journaux du serveur.")
            found += 1
        if not found:
            yield Finding(Level.GOOD, about, "rien à signaler")


Found = Iterator[tuple[Level, str, str]]


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:160]


def _settings(settings: Settings) -> Found:
    if not settings.secure:
        yield (
            Level.CARE,
            f"l’adresse publique est en clair\u00a0: {settings.base_url}",
            "BILAN_BASE_URL=https://… derrière un serveur mandataire.",
        )
    if settings.secure and not settings.proxy_count:
        yield Level.CARE, "https sans serveur mandataire déclaré", "BILAN_PROXY_COUNT=1 si TLS est fait devant l’application."
    if settings.secure and not settings.second_factor_required:
        yield Level.CARE, "le second facteur de l’équipe est facultatif", "BILAN_SECOND_FACTOR=requis."


def _folder(settings: Settings) -> Found:
    secrets = [settings.instance / name for name in (SECRET_KEY_FILE, MASTER_KEYS_FILE)]
    for path in (settings.instance, *(one for one in secrets if one.exists())):
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Level.BAD, f"d’autres comptes de la machine lisent {path}", f"chmod go= {path}"
    with tempfile.TemporaryFile(dir=settings.instance):
        pass


def _disk(settings: Settings) -> Found:
    for path in {settings.instance, _existing(settings.backup_dir)}:
        free = shutil.disk_usage(path).free
        if free < FREE_BYTES:
            level = Level.BAD if free < LITTLE_BYTES else Level.CARE
            yield level, f"il reste {size_words(free)} dans {path}", "Libérer de la place\u00a0: sans elle, plus rien ne s’enregistre."


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path


def _databases(_settings: Settings) -> Found:
    for one, name, directory in ((database.obj, "données", MIGRATIONS), (keystore.obj, "clés", MIGRATIONS / "keystore")):
        with connection():
            one.execute_sql("SELECT 1").fetchone()
            if waiting := waiting_migrations(one, directory):
                yield (
                    Level.BAD,
                    f"{name}\u00a0: {plural(len(waiting), 'mise à jour attend', 'mises à jour attendent')}",
                    "flask --app app migrate",
                )
            if unknown_migrations(one, directory):
                yield (
                    Level.BAD,
                    f"{name}\u00a0: la base est d’une version plus récente du logiciel",
                    "docs/deployment.md, «\u00a0Revenir en arrière\u00a0».",
                )
            yield from _integrity(one, name)


def _integrity(one: Database, name: str) -> Found:
    if isinstance(one, SqliteDatabase):
        ((said,),) = one.execute_sql("PRAGMA quick_check(1)").fetchall()
        if said != "ok":
            yield Level.BAD, f"{name}\u00a0: le fichier est abîmé ({said[:100]})", "Restaurer la dernière sauvegarde (docs/backup.md)."


def _keys(_settings: Settings) -> Found:
    with connection():
        try:
            check_master_keys()
        except WrongMasterKeys:
            yield Level.BAD, "les clés maîtresses n’ouvrent pas les clés enregistrées", "Remettre les bonnes clés dans BILAN_MASTER_KEYS."


def _clock(_settings: Settings) -> Found:
    try:
        zoneinfo.ZoneInfo("Europe/Paris")
    except zoneinfo.ZoneInfoNotFoundError:
        yield Level.BAD, "le fuseau de Paris est inconnu", "Installer le paquet tzdata."
    with connection():
        last = as_moment(JournalEntry.select(fn.MAX(JournalEntry.created_at)).scalar())
        if not isinstance(database.obj, SqliteDatabase):
            ((there,),) = database.obj.execute_sql("SELECT now() AT TIME ZONE 'UTC'").fetchall()
            if abs(there - now()) > CLOCK_DRIFT:
                yield Level.BAD, "l’horloge de la base et celle d’ici diffèrent", "Synchroniser les horloges (NTP)."
    if last and last > now() + CLOCK_DRIFT:
        yield Level.BAD, f"le journal a une ligne du {short_day(last)}\u00a0: l’horloge a reculé", "Synchroniser l’horloge (NTP)."


def _mail(settings: Settings) -> Found:
    if settings.smtp is None:
        folder = settings.instance / "mail"
        yield Level.CARE, f"aucun serveur\u00a0: les e-mails sont des fichiers dans {folder}", "BILAN_SMTP_URL=smtp://…"
        return
    try:
        with connected(settings.smtp) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        yield Level.BAD, f"{settings.smtp.host} ne répond pas comme il faut\u00a0: {_first_line(error)}", "Vérifier BILAN_SMTP_URL."


def _outbox(_settings: Settings) -> Found:
    with connection():
        counted = dict(Email.select(Email.state, fn.COUNT(Email.id)).group_by(Email.state).tuples())
        oldest = as_moment(Email.select(fn.MIN(Email.created_at)).where(Email.state == EmailState.WAITING).scalar())
    lost = sum(counted.get(state, 0) for state in (EmailState.FAILED, EmailState.UNCERTAIN))
    if lost:
        yield (
            Level.CARE,
            plural(lost, "e-mail refusé ou à vérifier", "e-mails refusés ou à vérifier"),
            "Le secrétariat les trouve dans «\u00a0Courriers\u00a0».",
        )
    if oldest and now() - oldest > LATE:
        yield (
            Level.BAD,
            f"un e-mail attend depuis le {short_day(oldest)}",
            "Le worker tourne-t-il\u00a0? Le serveur d’envoi répond-il\u00a0?",
        )


def _worker(settings: Settings) -> Found:
    with connection():
        alive = worker.is_alive()
    if not alive:
        how = "flask --app app worker" if settings.worker == "separate" else "python app.py"
        yield Level.BAD, "personne ne fait le travail de fond depuis trois minutes", f"Lancer {how}."


def _backup(settings: Settings) -> Found:
    made = backups(settings.backup_dir)
    if settings.backup_hour is None:
        yield Level.CARE, "aucune sauvegarde n’est prévue la nuit", "BILAN_BACKUP_HOUR=2"
    elif not made or now() - made_at(made[-1]) > MISSED_BACKUP:
        last = f"la dernière est du {short_day(made_at(made[-1]))}" if made else "aucune n’a été faite"
        yield Level.BAD, f"la sauvegarde de la nuit manque\u00a0: {last}", "flask --app app backup, et lire ce qu’elle dit."


def _accounts(_settings: Settings) -> Found:
    with connection():
        if not Person.select().where(Person.role == Role.SECRETARIAT, Person.active).exists():
            yield Level.CARE, "aucun compte du secrétariat", "flask --app app create-user E-MAIL NOM secretariat"


Check = Callable[[Settings], Found]
CHECKS: tuple[tuple[str, Check], ...] = (
    ("Réglages", _settings),
    ("Dossier d’instance", _folder),
    ("Disque", _disk),
    ("Bases", _databases),
    ("Clés", _keys),
    ("Horloge", _clock),
    ("Serveur d’envoi", _mail),
    ("E-mails", _outbox),
    ("Travail de fond", _worker),
    ("Sauvegardes", _backup),
    ("Comptes", _accounts),
)
