"""ProConnect at the other end of the line: asked with a time limit, described and keyed for an hour.

Guarantee: no answer is waited for longer than ten seconds, and none is followed to another address.
"""

import time
from dataclasses import dataclass
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from flask import Flask, current_app
from joserfc.jwk import KeySet

from bilan.proconnect.rules import LEVEL, SCOPE, Provider, Unbelievable, keys_of, provider_of, read_id_token, read_userinfo
from bilan.settings import Settings

NAME = "proconnect"
SECONDS = (3, 7)  # to connect, to answer
KEPT_SECONDS, AGAIN_SECONDS = 3600, 60
SIGNED = "application/jwt"


class Unreachable(Exception):
    """ProConnect does not answer, or says that it cannot."""


@dataclass(frozen=True)
class Attempt:
    """A sign-in under way, as the browser's session holds it."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Visitor:
    """Who has come back from ProConnect."""

    subject: str
    email: str
    id_token: str


class Proconnect:
    """What one application knows of ProConnect."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._provider: tuple[float, Provider] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def provider(self) -> Provider:
        """Return ProConnect's description, at most an hour old."""
        if self._provider is None or time.time() - self._provider[0] > KEPT_SECONDS:
            discovery = self.settings.proconnect_discovery
            self._provider = time.time(), provider_of(_read(discovery), discovery)
        return self._provider[1]

    def keys(self, *, youngest: int = KEPT_SECONDS) -> KeySet:
        """Return ProConnect's keys, no older than that."""
        if self._keys is None or time.time() - self._keys[0] > youngest:
            self._keys = time.time(), keys_of(_read(self.provider().keys))
        return self._keys[1]

    def address(self, attempt: Attempt, back: str) -> str:
        """Return where somebody signs in."""
        more = {"code_verifier": attempt.verifier} if self.provider().proof_of_possession else {}
        asked = {"state": attempt.state, "nonce": attempt.nonce, "acr_values": LEVEL, **more}
        return self._session(back).create_authorization_url(self.provider().authorization, **asked)[0]

    def visitor(self, attempt: Attempt, code: str, back: str) -> Visitor:
        """Return who has come back with that code; raise Unreachable or Unbelievable."""
        session = self._session(back)
        more = {"code_verifier": attempt.verifier} if self.provider().proof_of_possession else {}
        try:
            given = session.fetch_token(self.provider().token, code=code, timeout=SECONDS, allow_redirects=False, **more)
            answer = session.get(self.provider().userinfo, timeout=SECONDS, allow_redirects=False)
        except OAuthError as error:  # a code that has served, or is not ours
            raise Unbelievable(str(error.error)) from error
        except (requests.RequestException, ValueError) as error:
            raise Unreachable from error
        if not answer.ok:
            raise Unreachable
        if answer.headers.get("Content-Type", "").partition(";")[0].strip() != SIGNED:
            raise Unbelievable("userinfo is not signed")
        return self._read(attempt, given, answer.text)

    def _read(self, attempt: Attempt, given: dict[str, Any], about: str) -> Visitor:
        try:
            return self._read_with(self.keys(), attempt, given, about)
        except Unbelievable:  # perhaps signed by a key newer than ours
            fresh = self.keys(youngest=AGAIN_SECONDS)
            return self._read_with(fresh, attempt, given, about)

    def _read_with(self, keys: KeySet, attempt: Attempt, given: dict[str, Any], about: str) -> Visitor:
        client, raw = self.settings.proconnect_client_id, given.get("id_token")
        params = {"client_id": client, "nonce": attempt.nonce, "access_token": given.get("access_token")}
        claims = read_id_token(raw, keys, self.provider(), params, time.time())
        person = read_userinfo(about, keys, self.provider(), {"client_id": client, "subject": claims["sub"]}, time.time())
        return Visitor(subject=claims["sub"], email=person["email"], id_token=str(raw))

    def _session(self, back: str) -> OAuth2Session:
        client, secret = self.settings.proconnect_client_id, self.settings.proconnect_client_secret
        method = {"token_endpoint_auth_method": "client_secret_post", "code_challenge_method": "S256"}
        return OAuth2Session(client, secret, scope=SCOPE, redirect_uri=back, **method)


def _read(address: str) -> Any:
    try:
        answer = requests.get(address, timeout=SECONDS, allow_redirects=False)
        answer.raise_for_status()
        return answer.json()
    except (requests.RequestException, ValueError) as error:
        raise Unreachable from error


def init_proconnect(app: Flask) -> None:
    """Keep what this application knows of ProConnect, when its settings name one."""
    settings = app.config["BILAN"]
    app.extensions[NAME] = Proconnect(settings) if settings.proconnect_discovery else None


def proconnect() -> Proconnect | None:
    """Return the ProConnect of this application, None when it has none."""
    return current_app.extensions[NAME]
