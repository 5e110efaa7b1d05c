"""The agenda: slots, bookings, calendar files."""

from flask import Blueprint

blueprint = Blueprint("agenda", __name__)
