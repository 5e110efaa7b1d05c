"""Several deeds at the very same moment, each in a thread and a connection of its own."""

import concurrent.futures
import threading

from bilan.database import connection


def given(app, deeds, *refusals):
    """Return what each deed gave, or the name of its refusal, when all are begun together."""
    ready = threading.Barrier(len(deeds))

    def run(deed):
        with app.test_request_context(), connection():
            ready.wait(60)
            try:
                return deed()
            except refusals as refusal:
                return type(refusal).__name__

    with concurrent.futures.ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def refused(app, deeds, *refusals):
    """Return the name of each deed's refusal, None when it was done."""
    return given(app, [lambda deed=deed: (deed(), None)[1] for deed in deeds], *refusals)
