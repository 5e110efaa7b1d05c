"""The secretariat's reception: what waits, the 20 days, the referents."""

from flask import Blueprint

blueprint = Blueprint("reception", __name__)
