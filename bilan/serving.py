"""Serving the application with a production WSGI server, its worker beside it."""

import contextlib
import gc
import resource
from typing import Any

import waitress
from flask import Flask

from bilan import uploads, worker
from bilan.operation import logs
from bilan.preparation import prepare
from bilan.settings import Settings

# Connections that browsers keep open cost little: the hundred that waitress allows would shut out the next person.
CONNECTIONS = 1000
FILES = 4 * CONNECTIONS


def options(settings: Settings) -> dict[str, Any]:
    """Return how waitress serves, its address apart."""
    return {
        "threads": settings.server_threads,
        "ident": None,
        # With a proxy they are for ProxyFix, which believes as many proxies as the settings say; nobody else may read them.
        "clear_untrusted_proxy_headers": settings.proxy_count == 0,
        "connection_limit": CONNECTIONS,
        # `select`, its default, cannot watch a file numbered above 1023.
        "asyncore_use_poll": True,
        "max_request_body_size": uploads.REQUEST_BYTES + 1024,
    }


def serve(app: Flask) -> None:
    """Prepare the databases, start the worker if it is inline, and serve until interrupted."""
    settings = app.config["BILAN"]
    logs.configure(settings.log_format)
    with app.app_context():
        prepare()
    inline = worker.consumer() if settings.worker == "inline" else None
    if inline:
        inline.start()
    print(f"Bilan répond sur {settings.base_url}", flush=True)  # noqa: T201 -- told to whoever starts it
    worker.end_on_sigterm()
    _allow_files()
    leave_to_itself()
    with contextlib.suppress(KeyboardInterrupt):
        waitress.serve(app, host=settings.host, port=settings.port, **options(settings))
    if inline:
        inline.stop(graceful=True)


def leave_to_itself() -> None:
    """Leave what is there for good out of the collections of garbage: two hundred thousand objects, a tenth of a second within somebody's page."""
    gc.collect()
    gc.freeze()


def _allow_files() -> None:
    """Ask for a file per connection: most systems give a process 1024 at first, and more to whoever asks."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
