"""Demonstration data, invented: nine accounts, about thirty journeys and a dozen prescriptions in every state; one seed, told from today."""

import datetime
import random
import secrets
import unicodedata
from collections.abc import Iterator

from flask import current_app
from flask_security import hash_password

from bilan.database import now, transaction
from bilan.demonstration.adapted import tell_adaptations
from bilan.demonstration.asked import ask_for_things
from bilan.demonstration.grievances import tell_complaints
from bilan.demonstration.histories import tell_history
from bilan.demonstration.improvements import improve
from bilan.demonstration.offers import offer_slots
from bilan.demonstration.opinions import give_opinions
from bilan.demonstration.requests import ask_for_bilans
from bilan.demonstration.rights import ask_about_data
from bilan.demonstration.words import ACCOUNTS, EMPLOYERS, JOURNEYS, SEED
from bilan.french import to_paris
from bilan.people.models import Employer, Person


def load() -> Iterator[str]:
    """Load the data unless it is there; yield the lines to print."""
    if Person.by_email(ACCOUNTS[0][0]):
        yield "Les données de démonstration sont déjà là."
        return
    password = current_app.config["BILAN"].demo_password or secrets.token_urlsafe(9)
    chance = random.Random(SEED)
    with transaction():
        employers = [Employer.create(name=name, address="1 place de la Mairie\n42300 Exemple") for name in EMPLOYERS]
        agreed_until = to_paris(now()).date() + datetime.timedelta(days=200)
        Employer.update(agreement_until=agreed_until).where(Employer.id == employers[2].id).execute()
        people = _accounts(employers, password)
    for rank in range(JOURNEYS):
        tell_history(rank, people, employers, chance)
    ask_for_bilans(people, employers, chance)
    offer_slots([people["conseiller@demo.example"], people["conseiller2@demo.example"]])
    tell_complaints(people)
    tell_adaptations(people)
    ask_about_data(people)
    give_opinions(employers, chance)
    improve(people)
    ask_for_things(people)
    yield f"Comptes de démonstration, mot de passe : {password}"
    for email, name, role, _ in ACCOUNTS:
        yield f"  {email:28} {name} ({role.label})"


def _accounts(employers: list[Employer], password: str) -> dict[str, Person]:
    hashed = hash_password(unicodedata.normalize("NFKD", password))
    return {
        email: Person.create(
            email=email, display_name=name, role=role, password=hashed, employer=employers[place] if place is not None else None
        )
        for email, name, role, place in ACCOUNTS
    }
