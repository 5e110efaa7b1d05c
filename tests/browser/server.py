"""The real application, served by waitress in a thread on 127.0.0.1, as bilan/serving.py serves it."""

import socket
import threading
from contextlib import contextmanager

import waitress

from bilan.serving import options


def listening_socket():
    """Return a socket that listens on a free port: nobody can take the port before the server does."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.bind(("127.0.0.1", 0))
    return found


def address_of(listening):
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextmanager
def serving(app, listening):
    """Serve the application until the end of the block."""
    server = waitress.create_server(app, sockets=[listening], **options(app.config["BILAN"]))
    thread = threading.Thread(target=server.run, name="bilan-server")
    thread.start()
    try:
        yield address_of(listening)
    finally:
        server.trigger.pull_trigger(lambda: _close(server))
        thread.join(timeout=10)
        server.task_dispatcher.shutdown()
    assert not thread.is_alive(), "the server did not stop"


def _close(server):
    """Close every connection: without any, the server's loop ends (this runs in its thread)."""
    for one in list(server._map.values()):
        if one not in (server, server.trigger):
            one.close()
    server.close()
