"""Whether the time of an answer tells that an account exists: signing in, asking for a link, following a complaint.

Each is asked a few hundred times for somebody known and somebody unknown, in turn, with the real password hashes, on
the populated world: signing in, asking for a link or a password, filing a complaint, and the follow-up page of a
complaint sent from an account beside that of a stranger; what is printed is the distribution of both, and how often the known one is the slower of two
drawn at random: a half says nothing, more than two thirds would tell.

    PYTHONPATH=.:tests python -m bench.timing [--times 200]
"""

import argparse
import itertools
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path

import pytest

pytest.register_assert_rewrite("client")

from client import Browser  # noqa: E402
from databases import memory_folder  # noqa: E402
from factories import file_complaint  # noqa: E402
from flask_security import hash_password  # noqa: E402
from flask_security.core import _get_pwd_context  # noqa: E402
from posts import POSTS  # noqa: E402

from bench.mutations import Worlds  # noqa: E402
from bilan.complaints import rules as complaint_rules  # noqa: E402
from bilan.people.models import Person  # noqa: E402
from bilan.people.rules import PASSWORD_COST  # noqa: E402

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
        "filing a complaint": ("/reclamations", *(with_proof(world, one) for one in forms(agent, **complaint()))),
    }


def complaint():
    """Return what a complaint says, but for its address."""
    return {name: value for name, value in POSTS["complaints.new"].data.items() if name not in ("email", "proof")}


def with_proof(world, form):
    """Return the same form as its page gives it, a new one each time."""
    secret = world.app.config["SECRET_KEY"]
    return lambda number: form(number) | {"proof": complaint_rules.sign_form(secret, str(uuid.uuid4()))}


def follow_ups(world):
    """Return the follow-up addresses of two complaints that say the same: of an account's, of a stranger's."""
    with world.app.test_request_context():
        filed = [file_complaint(email=world.agent.email, person=one)[1] for one in (world.agent, None)]
    return [f"/reclamations/suivi/{token}" for token in filed]


def compare(times, asks, status):
    """Return the times of both, asked in turn, without the first ten."""
    found = ([], [])
    for number in range(times + 10):
        for kind in (0, 1) if number % 2 else (1, 0):
            found[kind].append(took(asks[kind](number), status))
    return [one[10:] for one in found]


def posting(browser, path, form):
    """Return what posts a form: made, with its token, before the time is taken."""

    def ask(number):
        data = {"csrf_token": browser.csrf_token()} | form(number)
        return lambda: browser.client.post(path, data=data)

    return ask


def getting(browser, path):
    """Return what fetches a page."""
    return lambda _: lambda: browser.client.get(path)


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
        world.app.config["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"] = PASSWORD_COST  # not the cheap ones of the tests
        world.app.extensions["security"].pwd_context = _get_pwd_context(world.app)
        with world.app.test_request_context():
            Person.update(password=hash_password("une phrase facile à retenir")).execute()
        complaint_rules.MINIMUM_SECONDS = 0  # each form is posted as soon as it is made
        browser = Browser(world.app)
        for name, (path, *forms) in asked_of(world).items():
            tells.append(line(name, *compare(times, [posting(browser, path, form) for form in forms], {200, 302, 422})))
        found = compare(times, [getting(browser, path) for path in follow_ups(world)], {200})
        tells.append(line("complaint follow-up", *found))
        print("A wrong follow-up address is told by the answer itself, whoever complained: it is no part of the verdict.")
        pages = [f"/reclamations/suivi/{token}" for token in (world.follow_up, TOKEN)]
        line("an address that opens", *compare(times, [getting(browser, path) for path in pages], {200, 404}))
        worlds.close()
    return any(tells)


if __name__ == "__main__":
    sys.exit(main())
