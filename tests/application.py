"""An application for one test, closed after it; nothing comes from the environment of the machine."""

from functools import lru_cache
from pathlib import Path

from databases import Urls
from flask import Flask
from flask_security.core import _get_pwd_context
from jinja2 import BytecodeCache
from werkzeug.routing import Rule

from bilan import create_app
from bilan.database import database, keystore
from bilan.printing import beside
from bilan.protection import limiter
from bilan.settings import load

SECRET_KEY = "tests-only-secret-key-of-more-than-32-characters"
MASTER_KEY = "dGVzdHMtb25seS1tYXN0ZXIta2V5LW9mLTMyLWJ5dGU="
CHEAP_HASHES = {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}


_compile = Rule._compile_builder
_compiled = {}


def compile_once(rule, append_unknown=True):
    """Return what writes the addresses of a rule: the same in every application, and a fifth of a test's time to compile."""
    key = (rule.rule, rule.host, rule.subdomain, repr(rule.defaults), append_unknown)
    if key not in _compiled:
        _compiled[key] = _compile(rule, append_unknown)
    return _compiled[key]


Rule._compile_builder = compile_once
# A paper is set once by a process of the tests, however many times the walks ask for the very same.
beside.set = lru_cache(maxsize=1000)(beside.set)


class CompiledTemplates(BytecodeCache):
    """The templates that this process has compiled: an application per test would compile them each time."""

    held: dict[str, bytes] = {}

    def load_bytecode(self, bucket) -> None:
        if bucket.key + bucket.checksum in self.held:
            bucket.bytecode_from_string(self.held[bucket.key + bucket.checksum])

    def dump_bytecode(self, bucket) -> None:
        self.held[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


def environment(urls: Urls, instance: Path, **others: str) -> dict[str, str]:
    """Return all that the settings of a test read."""
    return {
        "BILAN_INSTANCE": str(instance),
        "BILAN_DATABASE_URL": urls.main,
        "BILAN_KEYSTORE_URL": urls.keys,
        "BILAN_SECRET_KEY": SECRET_KEY,
        "BILAN_MASTER_KEYS": MASTER_KEY,
        "BILAN_BASE_URL": "http://localhost",
        **others,
    }


def build_app(urls: Urls, instance: Path, **others: str) -> Flask:
    """Return an application on these databases; CSRF stays on, unexpected errors are raised, passwords hash fast."""
    app = create_app(load(environment(urls, instance, **others)))
    app.config.update(RAISE_UNEXPECTED=True, SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=CHEAP_HASHES)
    app.extensions["security"].pwd_context = _get_pwd_context(app)
    app.jinja_env.bytecode_cache = CompiledTemplates()
    app.config["TEST_DATABASES"] = (database.obj, keystore.obj)
    limiter.enabled = True
    limiter.reset()
    return app


def close_app(app: Flask) -> None:
    """Close every connection of its pools."""
    for one in app.config["TEST_DATABASES"]:
        one.close_all()
