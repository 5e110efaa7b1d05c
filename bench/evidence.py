"""The evidence file of a network: seconds and peak memory of its making, in a process of its own, and the size of what it makes.

The databases are those of bench/sizes.py; two thirds of the bilans are closed, with complaints as many as
one bilan in twenty. The memory before is that of the application alone, its figures computed.

    PYTHONPATH=. python bench/evidence.py [--sizes 1000] [--megabytes 100] [--seconds 30]
"""

import argparse
import datetime
import multiprocessing
import sys
import tempfile
import time
import uuid
from pathlib import Path

from flask_security import hash_password

from bench.journeys import PASSWORD
from bench.network import Measured
from bench.quality import settings
from bench.sizes import SqliteSizes, grow
from bench.synthesis import peak
from bilan import create_app, vault
from bilan.closing.models import Attainment
from bilan.closing.rules import Side
from bilan.complaints.actions import file_complaint
from bilan.complaints.rules import Kind
from bilan.database import connection, database, keystore, now, transaction
from bilan.diagnostics.models import Diagnostic
from bilan.diagnostics.rules import TEXTS
from bilan.evidence.actions import ask_for_evidence, make_evidence
from bilan.evidence.models import EvidenceFile
from bilan.evidence.rules import Period
from bilan.people.models import Person, Role
from bilan.preparation import prepare
from bilan.prescriptions.models import Prescription
from bilan.quality.actions import compute
from bilan.settings import load

COMPLAIN = 20  # one bilan in so many
CONTENT = dict.fromkeys(("name", "email", "phone", "address", "happened", "expected"), "") | {"link": "agent", "call_back": False}


def give_content() -> None:
    """Give every invented bilan a key and contents of its own: the file opens some of them."""
    known = {one for (one,) in vault.ContentKey.select(vault.ContentKey.id).tuples()}
    with transaction(), keystore.atomic():
        for diagnostic in list(Diagnostic.select(Diagnostic.id, Diagnostic.journey)):
            if diagnostic.journey_id in known:
                continue
            vault.create_key(diagnostic.journey_id)
            diagnostic.content = dict.fromkeys(TEXTS, "Quelques mots.") | {"objectives": "Faire le point.\nChoisir."}
            diagnostic.save(only=[Diagnostic.content])
            asked = Prescription.get_by_id(diagnostic.journey_id)
            asked.request, asked.wishes = {"motive": "evolution", "expectations": "Faire le point."}, "Choisir."
            asked.save(only=[Prescription.request, Prescription.wishes])
            for side in Side:
                levels = {"Faire le point.": {"level": "reached", "sentence": "Oui."}, "Choisir.": {"level": "partly", "sentence": ""}}
                Attainment.create(journey=diagnostic.journey_id, side=side, content=levels, saved_by=asked.counsellor_id)


def make_apart(folder: str, address: str, size: int, kept: multiprocessing.SimpleQueue) -> None:
    """Make the file of one database."""
    app = create_app(load(settings(folder, address)))
    with app.test_request_context(), connection():
        manager = Person.get(Person.role == Role.MANAGER)
        for rank in range(size // COMPLAIN):
            kind = Kind.DIFFICULTY if rank % 3 == 0 else Kind.COMPLAINT
            file_complaint(content=CONTENT | {"happened": "Une attente."}, submission=str(uuid.uuid4()), person=None, kind=kind)
        give_content()
        compute()
        today = now().date()
        asked = ask_for_evidence(period=Period(today - datetime.timedelta(days=3 * 365), today), submission=uuid.uuid4(), by=manager)
        before, start = peak(), time.perf_counter()
        make_evidence(asked.id)
        made = EvidenceFile.get_by_id(asked.id)
        assert made.is_ready, "the file was not made"
        kept.put((time.perf_counter() - start, before, peak(), made.size))
        vault.destroy_key(made.id)


def main() -> None:
    """Print what the making of a file costs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000")
    parser.add_argument("--megabytes", type=int, default=100, help="what a making may add to the memory")
    parser.add_argument("--seconds", type=int, default=30)
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.sizes.split(","))
    spawn, wrong = multiprocessing.get_context("spawn"), []
    with tempfile.TemporaryDirectory() as name:
        app = create_app(load(settings(name)))
        with app.test_request_context():
            prepare()
            with connection():
                Measured(hash_password(PASSWORD))
                Person.create(email="qualite@banc.example", display_name="Qualité", role=Role.MANAGER, password=hash_password(PASSWORD))
        own, databases = database.obj, grow(SqliteSizes(Path(name)), sizes)
        print(f"\n{'evidence file of':20}{'seconds':>9}{'peak MB':>9}{'of which before':>17}{'ZIP kB':>9}")
        for size, one in databases.items():
            kept = spawn.SimpleQueue()
            process = spawn.Process(target=make_apart, args=(name, f"sqlite:///{one.database}", size, kept))
            process.start()
            process.join()
            if process.exitcode:
                sys.exit(f"{size}: the file was not made")
            seconds, before, most, length = kept.get()
            print(f"{size:>20,}{seconds:>9.1f}{most:>9.0f}{before:>17.0f}{length / 1000:>9.0f}")
            wrong += [f"{size}: {most - before:.0f} MB more"] if most - before > options.megabytes else []
            wrong += [f"{size}: {seconds:.0f} s"] if seconds > options.seconds else []
        for one in (own, *databases.values(), keystore.obj):
            one.close_all()
    sys.exit("\n".join(wrong) or None)


if __name__ == "__main__":
    main()
