"""The `flask` commands."""

import json
import sys
from pathlib import Path

import click
from flask import Flask

from bilan import vault, worker
from bilan.database import connection
from bilan.people import actions as people_actions
from bilan.people.models import Role
from bilan.preparation import prepare
from bilan.questionnaires import instruments, rules
from bilan.questionnaires.instruments.questions import AnswerInvalid
from bilan.rome import actions as rome_actions
from bilan.rome.reading import FolderUnreadable
from bilan.rome.report import told


@click.command("migrate")
def migrate() -> None:
    """Create the databases or bring them up to date."""
    applied = prepare()
    click.echo("\n".join(f"appliquée : {name}" for name in applied) or "Les bases sont à jour.")


@click.command("demo")
def demo() -> None:
    """Load the demonstration data, the first time."""
    from bilan.demonstration import load  # noqa: PLC0415 -- only here: the application never needs it

    prepare()
    with connection():
        for line in load():
            click.echo(line)


@click.command("worker")
def run_worker() -> None:
    """Run the background work in this process (BILAN_WORKER=separate)."""
    prepare()
    click.echo("Le travail de fond est lancé.")
    worker.run_forever()


@click.command("create-user")
@click.argument("email")
@click.argument("name")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--employer", help="The employer's name, for agents and HR.")
def create_user(email: str, name: str, role: str, employer: str | None) -> None:
    """Open an account and send its invitation."""
    prepare()
    with connection():
        try:
            people_actions.invite(email=email, display_name=name, role=Role(role), employer_name=employer or "", by=None)
        except people_actions.AddressTaken:
            raise click.ClickException("Un compte utilise déjà cette adresse.") from None
    click.echo(f"L’invitation part à l’adresse {email}.")


@click.command("rotate-key")
def rotate_key() -> None:
    """Wrap every content key again under the newest master key."""
    prepare()
    with connection():
        click.echo(f"{vault.rotate_master_keys()} clés enveloppées de nouveau.")


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
    json.dump(found, sys.stdout, ensure_ascii=False)
    click.echo()


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


def init_commands(app: Flask) -> None:
    """Register the commands."""
    for command in (migrate, demo, run_worker, create_user, rotate_key, score, import_rome):
        app.cli.add_command(command)
