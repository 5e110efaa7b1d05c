"""Messages between an agent and her counsellor."""

from flask import Blueprint

from bilan.messages.models import Message

blueprint = Blueprint("messages", __name__)
__all__ = ["Message", "blueprint"]
