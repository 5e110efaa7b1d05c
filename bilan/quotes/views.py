"""Quotes: what a bilan costs, drawn up, sent, answered."""

from flask import Blueprint

blueprint = Blueprint("quotes", __name__)
