"""The only place that knows how htmx asks and what it may be answered.

Guarantee: a fragment is the same file that the page includes; the client never names
a template; a boosted or history-restoring request gets the whole page.
"""

from typing import Any

from flask import Response, current_app, make_response, render_template
from flask_htmx import HTMX

htmx = HTMX()


def wants_fragment() -> bool:
    """Whether this request swaps a part of the page that is already shown."""
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render(page: str, fragment: str | None = None, /, *, status: int = 200, **context: Any) -> Response:
    """Answer with the page, or with its fragment when htmx asks for a part of it."""
    if fragment and wants_fragment():
        # Without the page's context processors: a fragment has neither header nor preferences.
        text = current_app.jinja_env.get_template(fragment).render(context)
    else:
        text = render_template(page, **context)
    return make_response(text, status)


def leave_for(address: str) -> Response:
    """Answer a fragment's request by sending the whole page elsewhere."""
    response = make_response("", 204)
    response.headers["HX-Redirect"] = address
    return response


def nothing_new() -> Response:
    """Answer a fragment that asks again whether something is ready: what is shown stays, unread a second time."""
    return make_response("", 204)
