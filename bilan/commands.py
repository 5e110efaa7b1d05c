"""The `flask` commands."""

import datetime
import itertools
import json
import sys
from pathlib import Path

import click
from flask import Flask, current_app

import bilan.backups.nightly  # noqa: F401 -- its tasks are declared
from bilan import french, vault, worker
from bilan.account_commands import change_email, create_user, remove_second_factor
from bilan.backups import making, restoring
from bilan.backups.sealing import BackupError
from bilan.database import connection
from bilan.filetypes import size_words
from bilan.mail import actions as mail_actions
from bilan.operation import doctor, logs
from bilan.preparation import prepare, right_master_keys
from bilan.privacy import actions as privacy_actions
from bilan.privacy.rules import FORECAST_DAYS
from bilan.questionnaires import instruments, rules
from bilan.questionnaires.instruments.questions import AnswerInvalid
from bilan.rome import actions as rome_actions
from bilan.rome.reading import FolderUnreadable
from bilan.rome.report import told
from bilan.seals import actions as seals_actions


@click.command("migrate")
def migrate() -> None:
    """Create the databases or bring them up to date."""
    applied = prepare()
    click.echo("\n".join(f"appliquée : {name}" for name in applied) or "Les bases sont à jour.")


@click.command("demo")
@click.option("--journeys", type=click.IntRange(1, 1_000_000), help="Add so many invented bilans of a whole network.")
def demo(journeys: int | None) -> None:
    """Load the demonstration data, the first time."""
    # Only here: the application never needs them.
    from bilan.demonstration import load  # noqa: PLC0415
    from bilan.demonstration.network import load_network  # noqa: PLC0415

    prepare()
    with connection():
        for line in itertools.chain(load(), load_network(journeys) if journeys else ()):
            click.echo(line)
        seals_actions.seal()  # the days of its past, as their nights would have


@click.command("worker")
def run_worker() -> None:
    """Run the background work in this process (BILAN_WORKER=separate)."""
    logs.configure(current_app.config["BILAN"].log_format)
    prepare()
    click.echo("Le travail de fond est lancé.")
    worker.run_forever()


@click.command("rotate-key")
def rotate_key() -> None:
    """Wrap every content key again under the newest master key."""
    prepare()
    with connection(), right_master_keys():
        done = vault.rotate_master_keys()
    words = f"{french.plural(done, 'clé enveloppée', 'clés enveloppées')} de nouveau."
    click.echo(words if done else "Rien à faire\u00a0: la clé maîtresse la plus récente ouvre déjà toutes les clés.")


@click.command("score")
@click.argument("slug")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def score(slug: str, file: Path) -> None:
    """Print the scores of an answers file {"R1": 4, …, "C8": null} as JSON."""
    try:
        answers = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise click.ClickException(f"{file.name} n’est pas un fichier JSON en UTF-8.") from error
    if not isinstance(answers, dict):
        raise click.ClickException(f"{file.name} doit donner les réponses par question, entre accolades.")
    try:
        found = rules.score(instruments.find(slug), answers)
    except instruments.InstrumentUnknown as error:
        raise click.ClickException(f"Questionnaire inconnu\u00a0: {slug}") from error
    except AnswerInvalid as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(found, ensure_ascii=False))


@click.command("import-rome")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def import_rome(folder: Path) -> None:
    """Load the ROME 4.0 open data from a folder, in the place of the version before."""
    prepare()
    with connection():
        try:
            report = rome_actions.import_folder(folder)
        except FolderUnreadable as error:
            raise click.ClickException(f"{error} Rien n’a changé.") from None
    click.echo("\n".join(told(report)))


@click.command("purge")
@click.option("--dry-run", is_flag=True, help="Say what goes within the next days, touch nothing.")
@click.option("--days", default=FORECAST_DAYS, show_default=True, help="How many days the dry run looks ahead.")
def purge(*, dry_run: bool, days: int) -> None:
    """Destroy what has had its time, as the worker does at night."""
    prepare()
    with connection():
        found = privacy_actions.forecast(days) if dry_run else privacy_actions.purge()
        for one in found:
            click.echo(f"{french.short_day(one.last)}\u00a0: {one.kind.label} ({one.subject_id})")
    words = french.plural(len(found), "destruction", "destructions")
    click.echo(f"{words} d’ici {french.plural(days, 'jour', 'jours')}. Rien n’a changé." if dry_run else f"{words}.")


@click.group("journal")
def journal() -> None:
    """Seal the journal, verify it."""


@journal.command("seal")
def seal_journal() -> None:
    """Seal now the days that are over, as the worker does at night."""
    prepare()
    with connection():
        click.echo(f"{french.plural(seals_actions.seal(), 'jour scellé', 'jours scellés')}.")


@journal.command("verify")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="Premier jour, par exemple 2026-11-01.")
@click.option("--to", "until", type=click.DateTime(["%Y-%m-%d"]), help="Dernier jour.")
@click.option("--digest", default="", help="Empreinte gardée ailleurs, celle d’un jour scellé.")
def verify_journal(since: datetime.datetime | None, until: datetime.datetime | None, digest: str) -> None:
    """Compute the seals of the journal again; say the first day that differs."""
    days = {"since": since and since.date(), "until": until and until.date()}
    with connection():
        try:
            found = seals_actions.verify(**days, known=digest)
        except seals_actions.ChainBroken as broken:
            raise click.ClickException(str(broken)) from None
    last = f" Dernier sceau\u00a0: {french.short_day(found.last.day)}, {found.last.digest}" if found.last else ""
    click.echo(
        f"{french.plural(found.days, 'jour', 'jours')}, {french.plural(found.entries, 'entrée', 'entrées')}\u00a0: rien n’a changé.{last}"
    )
    if found.emptied:
        click.echo(
            f"{french.plural(found.emptied, 'jour vidé', 'jours vidés')}\u00a0: leurs entrées ont fait leur temps, leurs sceaux tiennent."
        )


@click.command("backup")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="The folder to write in.")
def backup(folder: Path | None) -> None:
    """Save the data and the keys, encrypted, and read them again."""
    try:
        made = making.back_up(current_app.config["BILAN"], folder)
    except BackupError as error:
        raise click.ClickException(f"{error} Aucune sauvegarde n’a été faite.") from None
    rows = f"{french.plural(made.tables, 'table', 'tables')}, {french.plural(made.rows, 'ligne', 'lignes')}"
    click.echo(f"Sauvegarde faite et relue\u00a0: {made.path} ({size_words(made.size)}, {rows}, {made.seconds:.0f}\u00a0s)")
    click.echo(f"Copie des clés, remplacée\u00a0: {made.keys}")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--keys", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The copy of the keys, where there are none.")
@click.option("--replace", is_flag=True, help="Move the present database aside.")
def restore(file: Path, keys: Path | None, *, replace: bool) -> None:
    """Put a backup back, once it was checked; the server is stopped first."""
    try:
        done = restoring.restore(current_app.config["BILAN"], file, keys=keys, replace=replace)
    except BackupError as error:
        raise click.ClickException(f"{error} Rien n’a changé.") from None
    prepare()
    with connection():
        doubted = mail_actions.doubt_what_waits()
    click.echo(
        f"Restauré\u00a0: la sauvegarde du {french.moment(done.made_at)} ({french.plural(done.rows, 'ligne', 'lignes')}, {done.seconds:.0f}\u00a0s)"
    )
    for place in done.moved_to:
        click.echo(f"Ce qu’il y avait est gardé\u00a0: {place}")
    if doubted:
        click.echo(f"À vérifier par le secrétariat\u00a0: {french.plural(doubted, 'e-mail', 'e-mails')}, peut-être partis depuis.")


@click.command("doctor")
def examine() -> None:
    """Check settings, keys, databases, mail, disk, worker, clock; say what to do. Exit with 1 when something must be repaired."""
    found = list(doctor.examine(current_app.config["BILAN"]))
    for one in found:
        click.echo(f"{one.level.label:10} {one.about}\u00a0: {one.words}" + (f"\n{'':10} → {one.todo}" if one.todo else ""))
    if any(one.level is doctor.Level.BAD for one in found):
        sys.exit(1)


def init_commands(app: Flask) -> None:
    """Register the commands."""
    for command in (
        migrate,
        demo,
        run_worker,
        create_user,
        change_email,
        remove_second_factor,
        rotate_key,
        score,
        import_rome,
        journal,
        backup,
        restore,
        purge,
        examine,
    ):
        app.cli.add_command(command)
