"""Background work: huey on the same database, so that a task is committed with the row it is about.

Guarantee: a task enqueued inside `transaction()` exists if and only if the transaction did commit.
"""

import contextlib
import datetime
import json
import logging
import signal
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask
from huey import Huey, crontab
from huey.consumer import Consumer
from huey.contrib.sql_huey import SqlStorage
from peewee import Database

from bilan.database import connection, now

logger = logging.getLogger("bilan.worker")
P = ParamSpec("P")
R = TypeVar("R")
HEARTBEAT_KEY = "heartbeat"
HEARTBEAT_SECONDS = 60
# A task is looked for after 0.1 s, then less and less often: an e-mail leaves within this delay.
MAX_POLL_SECONDS = 1.0


class DatabaseHuey(Huey):
    """A huey whose storage is bound when the application knows its database."""

    app: Flask

    def create_storage(self) -> None:
        """Leave the storage to `bind`: tasks are declared before the database is known."""

    def bind(self, app: Flask, database: Database) -> None:
        """Use this application and its database."""
        self.app = app
        self.storage = SqlStorage(self.name, database=database, create_tables=False)


queue = DatabaseHuey("bilan", results=False, utc=True)


def in_application(work: Callable[P, R]) -> Callable[P, R]:
    """Run a task with the application's context and a database connection."""

    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with queue.app.app_context(), connection():
            return work(*args, **kwargs)

    return run


class InlineConsumer(Consumer):
    """A consumer that leaves the signals of its process alone: the web server owns them."""

    def _set_signal_handlers(self) -> None:
        pass


def consumer(threads: int = 2) -> InlineConsumer:
    """Return the consumer that runs tasks and the periodic ones, in threads of this process."""
    return InlineConsumer(queue, workers=threads, max_delay=MAX_POLL_SECONDS, check_worker_health=True)


def beat() -> None:
    """Say in the database that a worker lives."""
    queue.storage.put_data(HEARTBEAT_KEY, json.dumps(now().isoformat()).encode())


def is_alive() -> bool:
    """Whether a worker has said so lately, in this process or in another."""
    last = last_beat()
    return last is not None and now() - last < datetime.timedelta(seconds=3 * HEARTBEAT_SECONDS)


def last_beat() -> datetime.datetime | None:
    """Return when a worker has last said that it lives (naive UTC), None when none ever did."""
    raw = queue.storage.peek_data(HEARTBEAT_KEY)
    return datetime.datetime.fromisoformat(json.loads(raw)) if isinstance(raw, bytes) else None


def run_pending(limit: int = 1000) -> int:
    """Run what is enqueued and due, then return how many tasks ran (commands and tests)."""
    for task in queue.read_schedule(datetime.datetime.now(datetime.UTC).replace(tzinfo=None)):
        queue.enqueue(task)
    done = 0
    while done < limit and (task := queue.dequeue()) is not None:
        queue.execute(task)
        done += 1
    return done


def end_on_sigterm() -> None:
    """End as for Ctrl-C when the system asks: what is under way is finished."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def run_forever() -> None:
    """Run the worker in this process until it is interrupted."""
    end_on_sigterm()
    running = consumer()
    running.start()
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            time.sleep(1)
    running.stop(graceful=True)


@queue.periodic_task(crontab(minute="*"))
@in_application
def heartbeat_task() -> None:
    """Each minute: say that a worker lives."""
    beat()
