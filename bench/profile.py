"""Where the time of a line of the table goes: pyinstrument, around the same request again and again, on 1,000 bilans.

Its floor's profile follows: what both have in common is the database's and Flask's.

    PYTHONPATH=.:tests python -m bench.profile ["complaint post" ...] [--times 1000] [--size 1000] [--html FOLDER]
"""

import argparse
import tempfile
from pathlib import Path

from pyinstrument import Profiler

from bench.lines import Line, World, timed
from bench.sizes import SqliteSizes, grow
from bench.table import in_context
from bilan.database import keystore
from bilan.quality.actions import compute
from bilan.serving import leave_to_itself

# Ten times finer than its own: a page takes one or two milliseconds.
INTERVAL = 0.0001
LEAST = 0.02


def profile(line: Line, times: int, folder: Path | None) -> None:
    """Print where the time of a line goes, then its floor's; write both as pages when there is a folder."""
    for what, send in ((line.name, line.send), (f"{line.name}, floor", line.floor)):
        timed(send)
        profiler = Profiler(interval=INTERVAL)
        with profiler:
            for _ in range(times):
                send()
        print(f"\n## {what}: {times} times")
        print(profiler.output_text(show_all=False, processor_options={"filter_threshold": LEAST}))
        if folder:
            profiler.write_html(folder / f"{what.replace(' ', '-')}.html")


def main() -> None:
    """Profile the lines that are named, all of them when none is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lines", nargs="*", help="names of the table's lines")
    parser.add_argument("--times", type=int, default=1000)
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--html", type=Path, help="a folder for the same as pages")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        kept = SqliteSizes(Path(name))
        world = World(name, kept.addresses)
        sent = list(world.lines())
        (one,) = grow(kept, [options.size], lambda: in_context(world, compute)).values()
        world.use(one)
        lines = world.with_floors(sent, options.size)
        leave_to_itself()
        for line in lines:
            if not options.lines or line.name in options.lines:
                profile(line, options.times, options.html)
        for opened in (one, keystore.obj):
            opened.close_all()


if __name__ == "__main__":
    main()
