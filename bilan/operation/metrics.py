"""Figures for a monitor (Prometheus), each process its own: how many requests and how long, what waits; never whom."""

import datetime
import shutil
import time
from collections.abc import Iterator

from flask import Flask, Response, g, request
from peewee import PeeweeException, fn
from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bilan import worker
from bilan.backups.making import backups, made_at
from bilan.database import as_moment, connection, database, now
from bilan.mail.models import Email, EmailState
from bilan.settings import Settings

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
KEY = "bilan_metrics"


class Waiting(Collector):
    """What waits and what is left, read when it is asked: one query each."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def collect(self) -> Iterator[Metric]:
        """Yield the figures; the database's own failure is one of them."""
        try:
            with connection():
                found = list(self._of_database())
            up = 1
        except PeeweeException:
            found, up = [], 0
        yield _gauge("bilan_database_up", "La base répond.", up)
        yield from found
        yield _gauge(
            "bilan_disk_free_bytes", "Octets libres là où est le dossier d’instance.", shutil.disk_usage(self.settings.instance).free
        )
        made = backups(self.settings.backup_dir)
        if made:
            yield _gauge("bilan_backup_age_seconds", "Âge de la dernière sauvegarde.", (now() - made_at(made[-1])).total_seconds())

    def _of_database(self) -> Iterator[Metric]:
        emails = GaugeMetricFamily("bilan_emails", "E-mails, par état.", labels=["state"])
        counted = dict(Email.select(Email.state, fn.COUNT(Email.id)).group_by(Email.state).tuples())
        for state in EmailState:
            emails.add_metric([state.value], counted.get(state, 0))
        yield emails
        oldest = as_moment(Email.select(fn.MIN(Email.created_at)).where(Email.state == EmailState.WAITING).scalar())
        yield _gauge("bilan_oldest_waiting_email_seconds", "Âge du plus ancien e-mail en attente.", _age(oldest))
        yield _gauge("bilan_tasks_waiting", "Travaux de fond en attente.", worker.queue.pending_count())
        beat = worker.last_beat()
        if beat is not None:
            yield _gauge("bilan_worker_heartbeat_age_seconds", "Âge du dernier signe du travail de fond.", _age(beat))


def _gauge(name: str, about: str, value: float) -> Metric:
    found = GaugeMetricFamily(name, about)
    found.add_metric([], value)
    return found


def _age(moment: datetime.datetime | None) -> float:
    return max((now() - moment).total_seconds(), 0) if moment else 0


class Figures:
    """The figures of one application."""

    def __init__(self, settings: Settings) -> None:
        self.registry = CollectorRegistry()
        self.seconds = Histogram(
            "bilan_request_seconds", "Secondes par requête, par domaine.", ["room"], buckets=SECONDS, registry=self.registry
        )
        self.requests = Counter("bilan_requests", "Requêtes.", ["endpoint", "method", "status"], registry=self.registry)
        for collector in (Waiting(settings), ProcessCollector(registry=None), PlatformCollector(registry=None)):
            self.registry.register(collector)
        GCCollector(registry=self.registry)

    def count(self, response: Response) -> Response:
        """Count an answer."""
        endpoint = request.endpoint or "-"
        self.seconds.labels(endpoint.split(".")[0]).observe(time.perf_counter() - g.get("started", time.perf_counter()))
        method = request.method if request.method in ("GET", "HEAD", "POST") else "other"
        self.requests.labels(endpoint, method, str(response.status_code)).inc()
        return response

    def text(self) -> bytes:
        """Return the figures as Prometheus reads them."""
        return generate_latest(self.registry)


def init_metrics(app: Flask) -> None:
    """Count every answer, where a token lets a monitor ask."""
    settings = app.config["BILAN"]
    if settings.metrics_token:
        app.extensions[KEY] = figures = Figures(settings)
        app.after_request(figures.count)


def figures_of(app: Flask) -> Figures | None:
    """Return the figures of an application, None where no monitor may ask."""
    return app.extensions.get(KEY)


def is_database_up() -> bool:
    """Whether the database answers."""
    try:
        database.execute_sql("SELECT 1").fetchone()
    except PeeweeException:
        return False
    return True
