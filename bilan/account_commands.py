"""The `flask` commands about one account."""

import click
from email_validator import EmailNotValidError, validate_email

from bilan.access import actions as access_actions
from bilan.database import connection
from bilan.people import actions as people_actions
from bilan.people.models import Person, Role
from bilan.preparation import prepare

TAKEN = "Un compte utilise déjà cette adresse."
NOBODY = "Aucun compte n’utilise cette adresse."


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
            raise click.ClickException(TAKEN) from None
    click.echo(f"L’invitation part à l’adresse {email}.")


@click.command("change-email")
@click.argument("old")
@click.argument("new")
def change_email(old: str, new: str) -> None:
    """Change the address of an account, once it was verified by telephone with whom it belongs to."""
    prepare()
    with connection():
        person = Person.by_email(old)
        if person is None:
            raise click.ClickException(NOBODY)
        try:
            address = validate_email(new, check_deliverability=False).normalized.lower()
            people_actions.change_email(person=person, email=address)
        except EmailNotValidError:
            raise click.ClickException(f"{new} n’est pas une adresse e-mail. Rien n’a changé.") from None
        except people_actions.AddressTaken:
            raise click.ClickException(f"{TAKEN} Rien n’a changé.") from None
    click.echo(f"L’adresse du compte est {address}. Ses sessions sont fermées, un e-mail part aux deux adresses.")


@click.command("remove-second-factor")
@click.argument("email")
def remove_second_factor(email: str) -> None:
    """Take away a lost second factor, when nobody of the secretariat is left to do it."""
    prepare()
    with connection():
        person = Person.by_email(email)
        if person is None:
            raise click.ClickException(NOBODY)
        access_actions.take_away(person=person, by=None)
    click.echo(f"Le second facteur de {email} est retiré.")
