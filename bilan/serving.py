"""Serving the application with a production WSGI server, its worker beside it."""

import contextlib
import logging

import waitress
from flask import Flask

from bilan import uploads, worker
from bilan.preparation import prepare


def serve(app: Flask) -> None:
    """Prepare the databases, start the worker if it is inline, and serve until interrupted."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)
    settings = app.config["BILAN"]
    with app.app_context():
        prepare()
    inline = worker.consumer() if settings.worker == "inline" else None
    if inline:
        inline.start()
    print(f"Bilan répond sur {settings.base_url}", flush=True)  # noqa: T201 -- told to whoever starts it
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
