"""What was asked for in the populated application: by the team, an evidence file and a change of accounts; by the agents, about their data."""

import uuid

from evidences import make_evidence_file

from bilan.confirmations import actions
from bilan.confirmations.rules import Change
from bilan.data_requests import actions as data_requests
from bilan.data_requests.holdings import held_of
from bilan.data_requests.models import DataRequest
from bilan.data_requests.rules import Choice, Datum, Kind
from bilan.people.models import Role


def ask_as_everybody(everybody, mark):
    """Ask for all of it."""
    ask_as_the_agents(everybody, mark)
    make_evidence_file(everybody["manager"])
    about = {"email": "arrivante@exemple.fr", "display_name": "Arrivante", "role": Role.SECRETARIAT}
    actions.ask(change=Change.INVITE, person=None, by=everybody["secretariat"], **about)


def ask_about_data(agent, kind=Kind.ERASE, words="", datum=None):
    """Return a request of an agent about her data."""
    datum = datum or (Datum.NAME if kind is Kind.RECTIFY else None)
    made = data_requests.ask(kind=kind, words=words, datum=datum, submission=uuid.uuid4(), by=agent)
    return DataRequest.by_id_with_agent(made.id)


def answer_erasure(request, by, choice=Choice.DESTROY, answer="C’est noté."):
    """Answer a request to erase, one choice for all that may go; return it."""
    shown = [one for one in held_of(request.agent) if one.may_go and not one.hidden_from(str(by.id))]
    data_requests.answer_erasure(request=request, choices={one.subject_id: choice for one in shown}, answer=answer, by=by)
    return DataRequest.by_id_with_agent(request.id)


def ask_as_the_agents(everybody, mark):
    """Give the agent a correction that waits, a request to erase that is answered and another that waits."""
    agent, both = everybody["agent"], {"agent", "secretariat"}
    ask_about_data(agent, Kind.RECTIFY, mark("donnees-correction", both))
    asked = ask_about_data(agent, Kind.ERASE, mark("donnees-effacement", both))
    answer_erasure(asked, everybody["secretariat"], Choice.WISHED, mark("donnees-reponse", both))
    ask_about_data(agent, Kind.ERASE)
