"""Proposals: a bilan is offered to an agent, who accepts or declines."""

from flask import Blueprint

blueprint = Blueprint("proposals", __name__)
