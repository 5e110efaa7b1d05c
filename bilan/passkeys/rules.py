"""Pure rules of passkeys: the challenge, what the browser is asked, what its answer is worth (WebAuthn, level 2).

Every fault of an answer is the same `Refused`: whoever tries learns nothing of why.
"""

import secrets
from typing import NamedTuple
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    parse_authentication_credential_json,
)
from webauthn.helpers.structs import AuthenticatorSelectionCriteria, PublicKeyCredentialDescriptor, ResidentKeyRequirement

KEYS_MAX = 10
ANSWER_MAX = 20_000  # characters
CHALLENGE_BYTES = 32
CHALLENGE_SECONDS = 5 * 60
DEFAULT_PORTS = {"http": 80, "https": 443}
ADD, ENTER = "add", "enter"


class Refused(Exception):
    """The answer of a key is not worth anything here."""


class Site(NamedTuple):
    """What a key binds its answers to: the domain, and the origin that the browser saw."""

    domain: str
    origin: str


class Challenge(NamedTuple):
    """What a key signs, once; `handle` is what it will know its person by."""

    purpose: str
    text: str
    made_at: int  # milliseconds
    handle: str

    def is_live(self, purpose: str, seconds: float) -> bool:
        """Whether it was made for this, less than five minutes ago."""
        return self.purpose == purpose and 0 <= seconds * 1000 - self.made_at <= CHALLENGE_SECONDS * 1000


class NewKey(NamedTuple):
    """What is kept of a key."""

    credential: str
    public_key: bytes
    sign_count: int


def site_of(base_url: str) -> Site:
    """Return what keys are bound to, from the public address of the settings: the host that a request names plays no part."""
    parts = urlsplit(base_url)
    domain = (parts.hostname or "").lower()
    port = f":{parts.port}" if parts.port not in (None, DEFAULT_PORTS[parts.scheme]) else ""
    return Site(domain, f"{parts.scheme}://{domain}{port}")


def new_challenge(purpose: str, seconds: float, handle: str = "") -> Challenge:
    """Return a challenge of 256 bits; without a handle, a random one."""
    return Challenge(purpose, new_secret(), int(seconds * 1000), handle or new_secret())


def new_secret() -> str:
    """Return 256 random bits, in base64url."""
    return bytes_to_base64url(secrets.token_bytes(CHALLENGE_BYTES))


def asked_to_add(site: Site, challenge: Challenge, *, service: str, account: str, name: str, known: list[str]) -> str:
    """Return what the browser asks of a new key, as JSON; it refuses those that are known."""
    options = generate_registration_options(
        rp_id=site.domain,
        rp_name=service,
        user_id=base64url_to_bytes(challenge.handle),
        user_name=account,
        user_display_name=name,
        challenge=base64url_to_bytes(challenge.text),
        timeout=CHALLENGE_SECONDS * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(resident_key=ResidentKeyRequirement.PREFERRED),
        exclude_credentials=_described(known),
    )
    return options_to_json(options)


def asked_to_enter(site: Site, challenge: Challenge, known: list[str]) -> str:
    """Return what the browser asks of a key that is known, as JSON."""
    options = generate_authentication_options(
        rp_id=site.domain,
        challenge=base64url_to_bytes(challenge.text),
        timeout=CHALLENGE_SECONDS * 1000,
        allow_credentials=_described(known),
    )
    return options_to_json(options)


def added_key(site: Site, challenge: Challenge, answer: str) -> NewKey:
    """Return the key that answers, or raise Refused."""
    try:
        found = verify_registration_response(
            credential=_short(answer),
            expected_challenge=base64url_to_bytes(challenge.text),
            expected_rp_id=site.domain,
            expected_origin=site.origin,
        )
        # A key that could never be checked would lock its person out.
        decoded_public_key_to_cryptography(decode_credential_public_key(found.credential_public_key))
    except Exception as fault:
        raise Refused from fault
    return NewKey(bytes_to_base64url(found.credential_id), found.credential_public_key, found.sign_count)


def answering_key(answer: str) -> tuple[str, str]:
    """Return what the key that answers calls itself, and whom it says it is of ("" when it does not); or raise Refused."""
    try:
        found = parse_authentication_credential_json(_short(answer))
    except Exception as fault:
        raise Refused from fault
    return bytes_to_base64url(found.raw_id), bytes_to_base64url(found.response.user_handle or b"")


def count_of_answer(site: Site, challenge: Challenge, answer: str, *, public_key: bytes, sign_count: int) -> int:
    """Return the new count of a key whose answer is right, or raise Refused."""
    try:
        found = verify_authentication_response(
            credential=_short(answer),
            expected_challenge=base64url_to_bytes(challenge.text),
            expected_rp_id=site.domain,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
        )
    except Exception as fault:
        raise Refused from fault
    return found.new_sign_count


def _short(answer: str) -> str:
    if len(answer) > ANSWER_MAX:
        raise Refused
    return answer


def _described(known: list[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known]
