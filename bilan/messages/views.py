"""The page of messages, for the agent and for whoever accompanies her."""

import uuid

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan.fields import as_uuid, form_status
from bilan.htmx import render, wants_fragment
from bilan.journeys.models import Journey
from bilan.messages import actions
from bilan.messages.forms import MessageForm, ReadForm
from bilan.messages.models import Message
from bilan.messages.rules import PAGE_SIZE
from bilan.pages import paginate
from bilan.permissions import Permission, requires
from bilan.together import WAY

blueprint = Blueprint("messages", __name__)


@blueprint.get(WAY + "/<uuid:id>/messages")
@requires(Permission.READ_TOGETHER)
def index(journey: Journey) -> ResponseReturnValue:
    """Show the messages, the newest first, and the form above them."""
    return _page(journey, MessageForm(formdata=None))


@blueprint.post(WAY + "/<uuid:id>/messages")
@requires(Permission.WRITE_TOGETHER)
def send(journey: Journey) -> ResponseReturnValue:
    """Send a message."""
    form = MessageForm()
    if not form.validate_on_submit():
        return _page(journey, form)
    actions.send(journey=journey, text=form.text.data, submission=form.number(), by=current_user)
    flash("Votre message est envoyé.", "done")
    return redirect(url_for("messages.index", id=journey.id))


@blueprint.post(WAY + "/<uuid:id>/messages/lus")
@requires(Permission.READ_TOGETHER)
def mark_read(journey: Journey) -> ResponseReturnValue:
    """Mark as read what the page has shown: by its button, or by htmx when the page opens."""
    form = ReadForm()
    shown = Message.get_or_none_by_id(as_uuid(form.newest.data) or journey.id)
    if form.validate_on_submit() and shown is not None and shown.journey_id == journey.id:
        actions.mark_read(journey=journey, until=shown.created_at, by=current_user)
    if wants_fragment():
        arrived = Message.newest_unread(journey, current_user) is not None
        return render("messages/_unread.html", "messages/_unread.html", journey=journey, newest=None, arrived=arrived)
    return redirect(url_for("messages.index", id=journey.id))


def _page(journey: Journey, form: MessageForm) -> ResponseReturnValue:
    page = paginate(Message.listed(journey), PAGE_SIZE)
    for message in page.rows:
        message.journey = journey
    form.submission.data = form.submission.data or str(uuid.uuid4())
    newest = Message.newest_unread(journey, current_user)
    return render("messages/index.html", journey=journey, form=form, page=page, newest=newest, arrived=False, status=form_status(form))
