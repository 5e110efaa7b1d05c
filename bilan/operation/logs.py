"""The logs, in words or in JSON: a line per request with its number, nothing of a person, no address.

A line names the endpoint and not the address: an address says whose bilan it is, or what is searched.
"""

import logging
import re
import secrets
import time

from flask import Flask, Response, g, has_app_context, has_request_context, request
from pythonjsonlogger.json import JsonFormatter

WORDS = "%(asctime)s %(levelname)s %(name)s [%(request)s] %(message)s"
JSON_FIELDS = "%(levelname)s %(name)s %(request)s %(message)s"
NAMES = {"levelname": "level", "name": "logger"}
GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
HEADER = "X-Request-Id"
HTTP_SERVER_ERROR = 500
logger = logging.getLogger("bilan.requests")


def request_number() -> str:
    """Return the number of this request: the proxy's when one is trusted and gives it, else our own; "-" outside of one."""
    if not has_request_context() or not has_app_context():
        return "-"
    if "request_number" not in g:
        given = request.headers.get(HEADER, "") if g.get("behind_proxy") else ""
        g.request_number = given if GIVEN.fullmatch(given) else secrets.token_hex(6)
    return g.request_number


class Numbered(logging.Filter):
    """Write on each record which request it is about."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add `request`; keep everything."""
        record.request = request_number()
        return True


def configure(form: str) -> None:
    """Send the logs of this process to its standard error, as "texte" or as "json"; called once, by what starts a process."""
    handler = logging.StreamHandler()
    handler.addFilter(Numbered())
    handler.setFormatter(JsonFormatter(JSON_FIELDS, rename_fields=NAMES, timestamp="time") if form == "json" else logging.Formatter(WORDS))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("huey").setLevel(logging.WARNING)


def init_logs(app: Flask) -> None:
    """Write a line per request; a failure carries its number, which its page says too."""
    behind_proxy = app.config["BILAN"].proxy_count > 0

    @app.before_request
    def begin() -> None:
        g.started, g.behind_proxy = time.perf_counter(), behind_proxy

    @app.after_request
    def end(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("started", time.perf_counter())
        told = {
            "method": request.method,
            "endpoint": request.endpoint or "-",
            "status": response.status_code,
            "ms": round(seconds * 1000, 1),
        }
        logger.info("%(method)s %(endpoint)s %(status)s %(ms)s ms", told, extra=told)
        if response.status_code >= HTTP_SERVER_ERROR:
            response.headers[HEADER] = request_number()
        return response
