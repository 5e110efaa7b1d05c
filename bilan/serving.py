"""Serving the application with a production WSGI server, its worker beside it."""

import contextlib

import waitress
from flask import Flask

from bilan import uploads, worker
from bilan.operation import logs
from bilan.preparation import prepare


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
    with contextlib.suppress(KeyboardInterrupt):
        waitress.serve(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.server_threads,
            ident=None,
            clear_untrusted_proxy_headers=True,
            max_request_body_size=uploads.REQUEST_BYTES + 1024,
        )
    if inline:
        inline.stop(graceful=True)
