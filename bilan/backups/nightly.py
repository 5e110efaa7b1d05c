"""The backup of each night, by the worker; a failure is told to the secretariat, once a day at most."""

import datetime
import logging
from typing import Any

from flask import current_app
from huey import crontab

from bilan.backups.making import AlreadyRunning, back_up, backups, renew_keys
from bilan.backups.sealing import BackupError
from bilan.database import now, transaction
from bilan.french import from_paris, to_paris
from bilan.mail.actions import mail
from bilan.mail.models import Email
from bilan.settings import Settings
from bilan.worker import in_application, queue

logger = logging.getLogger("bilan.backups")
KIND = "backup_failed"  # the name of `failure`
ONE_DAY = datetime.timedelta(days=1)


@mail("backup_failed")
def failure(*, error: BackupError) -> dict[str, Any]:
    """Tell the secretariat that there is no backup of this night."""
    return {"to": current_app.config["BILAN"].secretariat_email, "reason": str(error), "relayed": False}


@queue.periodic_task(crontab(minute="7"))
@in_application
def backup_task() -> None:
    """Each hour: make the backup of the night if its hour has passed and it is not there."""
    nightly(current_app.config["BILAN"])


@queue.periodic_task(crontab(minute="*/5"))
@in_application
def keys_task() -> None:
    """Every five minutes: let no destroyed key stay in the copy of the keys."""
    try:
        renew_keys(current_app.config["BILAN"])
    except AlreadyRunning:
        logger.info("the keys are being copied")
    except BackupError as error:
        tell(error)


def nightly(settings: Settings) -> None:
    """Make the backup of the night, if it is due."""
    if not is_due(settings):
        return
    try:
        made = back_up(settings)
    except AlreadyRunning:
        logger.info("a backup is being made")
    except BackupError as error:
        tell(error)
    else:
        logger.info("backup made: %s, %d bytes, %.1f s", made.path.name, made.size, made.seconds)


def is_due(settings: Settings) -> bool:
    """Whether the hour of the night has passed since the last backup: one that was missed is made as soon as possible."""
    if settings.backup_hour is None:
        return False
    here = to_paris(now()).replace(tzinfo=None)
    wanted = here.replace(hour=settings.backup_hour, minute=0, second=0, microsecond=0)
    wanted -= ONE_DAY if wanted > here else datetime.timedelta()
    made = backups(settings.backup_dir)
    return not made or made[-1].name < f"bilan-{from_paris(wanted):%Y-%m-%dT%H%M%S}Z.sauvegarde"


def tell(error: BackupError) -> None:
    """Log a failure, and write to the secretariat unless it was told since a day."""
    logger.error("backup failed: %s", error)
    if not Email.select().where(Email.kind == KIND, Email.created_at > now() - ONE_DAY).exists():
        with transaction():
            failure(error=error)
