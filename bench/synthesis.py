"""A ten-page synthesis, set by the worker's own function, beside xhtml2pdf alone on the same finished HTML; and ten at once.

First: each side in a process of its own, in turns; the product reads the document, writes its
HTML, sets it, encrypts it and keeps it; the floor is `pisaDocument` and nothing else. Seconds are
those of one setting (median, the first of a process apart), memory is the peak of the process.

Then: the production server with its worker beside it, clients who save answers, alone and while ten
documents are being set. The medians and the slowest of a hundred are compared.

    PYTHONPATH=. python bench/synthesis.py [--times 5] [--rounds 3]
"""

import argparse
import io
import multiprocessing
import os
import re
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bench import answers
from bilan import create_app, press, printing, vault
from bilan.database import connection, transaction
from bilan.journeys.actions import open_journey
from bilan.journeys.models import Journey
from bilan.people.models import Employer, Person, Role
from bilan.preparation import prepare
from bilan.settings import load
from bilan.synthesis import actions
from bilan.synthesis.models import Synthesis, SynthesisPaper, SynthesisVersion
from bilan.synthesis.rules import Block, Setting, Variant

RATIO, FACTOR, PAGES, AT_ONCE = 1.15, 2, 10, 10
SENTENCE = "Elle accueille le public, l’oriente et l’écoute ; elle sait dire « je ne sais pas », chercher, et revenir avec une réponse. "
BLOCKS = (Block.FINDINGS, Block.SKILLS, Block.SCENARIOS)


class Cost(NamedTuple):
    """What one side takes: seconds of each setting, megabytes at the peak, those of the process beside it."""

    seconds: list[float]
    megabytes: float
    beside: float = 0


def peak(pid: int | str = "self") -> float:
    """Return the peak resident memory of a process, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) / 1024


def write_synthesis(rank: int, counsellor: Person, employer: Employer) -> SynthesisVersion:
    """Open a bilan and write a synthesis of about PAGES pages; return its last version."""
    journey_id = uuid.uuid4()
    vault.create_key(journey_id)
    agent = Person.create(email=f"agent{rank}@synthese.example", display_name=f"Agent {rank}", role=Role.AGENT, employer=employer)
    open_journey(journey_id=journey_id, agent=agent, counsellor=counsellor, employer=employer)
    journey = Journey.by_id_with_people(journey_id)
    actions.assemble(journey=journey, by=counsellor)
    for base, block in enumerate(BLOCKS, start=1):
        paragraph = SENTENCE * 6
        text = "\n\n".join([paragraph] * 12 + ["- " + SENTENCE.strip()] * 8)
        actions.reword(journey=journey, block=block, text=text, base=base, by=counsellor)
    return Synthesis.of_journey(journey).version()


def people() -> tuple[Person, Employer]:
    """Return a counsellor and an employer."""
    with transaction():
        employer = Employer.create(name="Commune du banc")
        return Person.create(email="conseil@synthese.example", display_name="Conseil", role=Role.COUNSELLOR), employer


def measured(work: Callable[[], object], times: int) -> list[float]:
    """Return the seconds of each call, the first apart."""
    found = []
    for _ in range(times + 1):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return found[1:]


def set_by_product(folder: Path, times: int, kept: multiprocessing.SimpleQueue) -> None:
    """Set the document with the worker's function; leave its HTML for the floor."""
    app = create_app(load(answers.environment(folder)))
    with app.test_request_context():
        prepare()
        with connection():
            version = write_synthesis(0, *people())
            html = []
            render = printing.rendered
            printing.rendered = lambda *arguments, **others: html.append(render(*arguments, **others)) or html[-1]  # type: ignore[assignment]
            paper = actions.print_version(version=version, variant=Variant.NORMAL, by=version.author)

            def again() -> None:
                SynthesisPaper.update(state=Setting.WAITING).where(SynthesisPaper.id == paper.id).execute()
                actions.set_paper(paper.id)

            seconds = measured(again, times)
            (folder / "finished.html").write_text(html[-1], encoding="utf-8")
            (folder / "product.pdf").write_bytes(SynthesisPaper.get_by_id(paper.id).content)
    kept.put(Cost(seconds, peak(), peak(printing.beside._process.pid)))  # noqa: SLF001 -- looked at from outside


def setting_alone(html: str) -> Callable[[], tuple[int, bytes]]:
    """Return what sets a finished HTML with xhtml2pdf and nothing else: 200 and the PDF, as if it were asked over HTTP."""
    from xhtml2pdf.config.resources import ResourceAccessPolicy  # noqa: PLC0415
    from xhtml2pdf.document import pisaDocument  # noqa: PLC0415

    policy = ResourceAccessPolicy.server(printing.FONTS, allow_remote=False, max_render_seconds=60)

    def work() -> tuple[int, bytes]:
        target = io.BytesIO()
        outcome = pisaDocument(html, target, path=str(printing.FONTS / "paper.html"), resource_policy=policy)
        assert not outcome.err
        return 200, target.getvalue()

    return work


def set_alone(folder: Path, times: int, kept: multiprocessing.SimpleQueue) -> None:
    """Set the finished HTML with xhtml2pdf alone, in a process of the product's priority."""
    os.nice(press.NICENESS)
    work = setting_alone((folder / "finished.html").read_text(encoding="utf-8"))
    kept.put(Cost(measured(work, times), peak()))


def alone(times: int, rounds: int) -> None:
    """Print seconds and memory of both sides, and the ratio."""
    from pypdf import PdfReader  # noqa: PLC0415

    spawn = multiprocessing.get_context("spawn")
    sides = {"product": set_by_product, "xhtml2pdf alone": set_alone}
    costs: dict[str, list[Cost]] = {name: [] for name in sides}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as name:
            for side, target in sides.items():
                kept = spawn.SimpleQueue()
                process = spawn.Process(target=target, args=(Path(name), times, kept))
                process.start()
                costs[side].append(kept.get())
                process.join()
            pages = len(PdfReader(Path(name) / "product.pdf").pages)
    print(f"{'':18}{'seconds':>10}{'peak MB':>10}{'beside':>10}   ({pages} pages)")
    seconds = {side: statistics.median(second for cost in found for second in cost.seconds) for side, found in costs.items()}
    for side, found in costs.items():
        memory = max(cost.megabytes for cost in found), max(cost.beside for cost in found)
        print(f"{side:18}{seconds[side]:10.2f}{memory[0]:10.0f}{memory[1]:10.0f}")
    print(f"ratio {seconds['product'] / seconds['xhtml2pdf alone']:.2f} (asked: {RATIO} at most)")


def serve_with_worker(folder: Path, port: int, clients: int) -> None:
    """Serve the product with its worker beside it, ten documents ready to be set when a file asks for it."""
    import threading  # noqa: PLC0415

    from bilan import worker  # noqa: PLC0415

    app = create_app(load({**answers.environment(folder), "BILAN_WORKER": "inline"}))
    with app.test_request_context():
        prepare()
        with connection():
            answers.populate(folder, clients)
            counsellor, employer = people()
            versions = [write_synthesis(rank, counsellor, employer) for rank in range(AT_ONCE)]

    def watch() -> None:
        while True:
            if (folder / "go").exists():
                (folder / "go").unlink()
                with app.test_request_context(), connection():
                    SynthesisPaper.delete().execute()
                    for version in versions:
                        actions.print_version(version=version, variant=Variant.NORMAL, by=counsellor)
                    while SynthesisPaper.select().where(SynthesisPaper.state == Setting.WAITING).exists():
                        time.sleep(0.2)
                    ready = SynthesisPaper.select().where(SynthesisPaper.state == Setting.READY).count()
                (folder / "done").write_text(str(ready))
            time.sleep(0.05)

    worker.consumer().start()
    threading.Thread(target=watch, daemon=True).start()
    answers.waitress.serve(app, host="127.0.0.1", port=port, threads=answers.THREADS, ident=None, _quiet=True)


def at_once(clients: int, rounds: int) -> None:
    """Print how long an answer takes to be saved, alone and while ten documents are set, and the factor."""
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), answers.free_port()
        answers.password_file(folder).write_text(answers.PASSWORD)
        # Not a daemon: what sets the papers may be a process of its own.
        server = spawn.Process(target=serve_with_worker, args=(folder, port, clients))
        server.start()
        try:
            answers.wait_for(port)
            posts = answers.product_posts(port, folder)
            answers.drive(posts, 1)
            quiet, busy, spent = [], [], []
            for _ in range(rounds):
                quiet += answers.drive(posts, 5)[1]
                (folder / "go").touch()
                start = time.monotonic()
                while not (folder / "done").exists():
                    busy += answers.drive(posts, 1)[1]
                spent.append(time.monotonic() - start)
                assert (folder / "done").read_text() == str(AT_ONCE), "a document was not set"
                (folder / "done").unlink()
        finally:
            server.terminate()
            server.join()
    print(f"\nanswer saves of {clients} clients{'p50 ms':>10}{'p99 ms':>10}{'n':>9}")
    cuts = {side: statistics.quantiles(times, n=100) for side, times in (("alone", quiet), ("ten set", busy))}
    for side, times in (("alone", quiet), ("ten set", busy)):
        print(f"{side:25}{cuts[side][49]:10.1f}{cuts[side][98]:10.1f}{len(times):9}")
    print(f"ten documents in {statistics.median(spent):.1f} s")
    print(f"factor {cuts['ten set'][49] / cuts['alone'][49]:.2f} (asked: {FACTOR} at most)")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=4)
    options = parser.parse_args()
    alone(options.times, options.rounds)
    at_once(options.clients, options.rounds)


if __name__ == "__main__":
    main()
