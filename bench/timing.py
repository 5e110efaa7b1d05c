"""Whether the time of an answer tells that an account exists: signing in, asking for a link, following a complaint.

Each is asked a few hundred times for somebody known and somebody unknown, in turn, with the real password hashes, on
the populated world; what is printed is the distribution of both, and how often the known one is the slower of two
drawn at random: a half says nothing, more than two thirds would tell.

    PYTHONPATH=.:tests python -m bench.timing [--times 200]
"""

import argparse
import itertools
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pytest

pytest.register_assert_rewrite("client")

from client import Browser  # noqa: E402
from databases import memory_folder  # noqa: E402
from flask_security import hash_password  # noqa: E402
from flask_security.core import _get_pwd_context  # noqa: E402

from bench.mutations import Worlds  # noqa: E402
from bilan.people.models import Person  # noqa: E402

TELLS = 2 / 3
UNKNOWN, TOKEN = "personne-{}@exemple.fr", "A" * 43


def asked_of(world):
    """Return what is asked: name → (path, form for the known, form for the unknown, given a number)."""
    agent, counsellor = world.agent.email, world.counsellor.email

    def forms(email, **others):
        return lambda _: {"email": email, **others}, lambda number: {"email": UNKNOWN.format(number), **others}

    return {
        "sign-in, agent": ("/connexion", *forms(agent, password="faux")),
        "sign-in, counsellor": ("/connexion", *forms(counsellor, password="faux")),
        "link by e-mail": ("/connexion/lien", *forms(agent)),
        "forgotten password": ("/mot-de-passe-oublie", *forms(counsellor)),
    }


def took(ask, status):
    """Return how long it takes, in milliseconds."""
    start = time.perf_counter()
    response = ask()
    spent = (time.perf_counter() - start) * 1000
    assert response.status_code in status, response.status_code
    return spent


def slower(known, unknown):
    """Return how often one of the first is slower than one of the second."""
    pairs = [(one > other) + (one == other) / 2 for one, other in itertools.product(known, unknown)]
    return statistics.fmean(pairs)


def line(name, known, unknown):
    """Print both distributions; return whether they tell."""
    share = slower(known, unknown)
    for words, times in (("known", known), ("unknown", unknown)):
        tenths = statistics.quantiles(times, n=10)
        print(f"{name:22} {words:8} median {statistics.median(times):7.2f} ms, from {tenths[0]:.2f} to {tenths[-1]:.2f}")
    print(f"{'':22} the known one is the slower in {share:.0%} of the pairs", flush=True)
    return not 1 - TELLS <= share <= TELLS


def main():
    """Print the table; end with 1 when a time tells."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=200)
    times, tells = parser.parse_args().times, []
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        worlds = Worlds(Path(folder))
        world = worlds.fresh()
        world.app.config["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"] = {}  # not the cheap ones of the tests
        world.app.extensions["security"].pwd_context = _get_pwd_context(world.app)
        with world.app.test_request_context():
            Person.update(password=hash_password("une phrase facile à retenir")).execute()
        browser = Browser(world.app)
        for name, (path, *forms) in asked_of(world).items():
            found = ([], [])
            for number in range(times + 10):
                for kind in (0, 1) if number % 2 else (1, 0):
                    data = {"csrf_token": browser.csrf_token()} | forms[kind](number)
                    found[kind].append(took(lambda data=data, path=path: browser.client.post(path, data=data), {200, 422}))
            tells.append(line(name, *(one[10:] for one in found)))
        token = world.follow_up
        found = ([], [])
        for _ in range(times + 10):
            for kind, held in enumerate((token, TOKEN)):
                found[kind].append(took(lambda held=held: browser.client.get(f"/reclamations/suivi/{held}"), {200, 404}))
        print("Following a complaint: its page is what its address opens; a wrong address is told by the answer itself.")
        line("complaint follow-up", *(one[10:] for one in found))
        worlds.close()
    return any(tells)


if __name__ == "__main__":
    sys.exit(main())
