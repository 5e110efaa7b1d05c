"""Pure rules of ProConnect: what its addresses may be, and what a signed answer must say to be believed.

Guarantee: nothing that ProConnect is said to have said is believed unless one of its keys signed it, by an
algorithm of the list, for us, about this very sign-in, and lately.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

# With a public key only: "none" signs nothing, and HS256 would take a public key for a secret.
ALGORITHMS = ["RS256", "ES256"]
SIGNING_KINDS = ("RSA", "EC")
# What is asked of ProConnect: whose address it is, nothing else of what it knows.
SCOPE = ["openid", "email"]
LEVEL = "eidas1"
# What ProConnect may say in return: that level, or a higher one. It may also say nothing: OpenID Connect does not oblige it.
LEVELS = (None, LEVEL, "eidas2", "eidas3")
LEEWAY_SECONDS = 60
WELL_KNOWN = "/.well-known/openid-configuration"
HERE = ("localhost", "127.0.0.1")


class Unbelievable(Exception):
    """An answer that ProConnect cannot have given, or not for this sign-in."""


@dataclass(frozen=True)
class Provider:
    """ProConnect as it describes itself."""

    issuer: str
    authorization: str
    token: str
    userinfo: str
    keys: str
    end_session: str
    proof_of_possession: bool


def provider_of(described: Any, discovery: str) -> Provider:
    """Return what a discovery document says; raise Unbelievable for another's, or for addresses that anybody could read."""
    if not isinstance(described, Mapping) or str(described.get("issuer", "")).rstrip("/") + WELL_KNOWN != discovery:
        raise Unbelievable("issuer")
    names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint")
    addresses = [str(described.get(name, "")) for name in names]
    if not all(is_safe(address) for address in addresses):
        raise Unbelievable("addresses")
    proof = "S256" in (described.get("code_challenge_methods_supported") or ())
    return Provider(described["issuer"], addresses[0], addresses[1], addresses[2], addresses[3], addresses[4], proof)


def is_safe(address: str) -> bool:
    """Whether what is sent to that address is read on the way by nobody."""
    parts = urlsplit(address)
    return (parts.scheme == "https" and bool(parts.hostname)) or (parts.scheme == "http" and parts.hostname in HERE)


def keys_of(published: Any) -> KeySet:
    """Return the keys that may sign."""
    keys = published.get("keys") if isinstance(published, Mapping) else None
    signing = [key for key in keys or () if isinstance(key, Mapping) and key.get("kty") in SIGNING_KINDS and key.get("use", "sig") == "sig"]
    try:
        return KeySet.import_key_set({"keys": signing})  # type: ignore[typeddict-item]
    except (JoseError, ValueError) as error:
        raise Unbelievable("keys") from error


def new_secret() -> str:
    """Return a state, a nonce or a verifier: 43 characters, of which ProConnect asks 32."""
    return secrets.token_urlsafe(32)


def read_id_token(raw: object, keys: KeySet, provider: Provider, params: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """Return what an ID token says; `params` are our client_id, the nonce and the access token. Raise Unbelievable."""
    header, claims = _open(raw, keys)
    options = {"iss": {"essential": True, "value": provider.issuer}, "aud": {"essential": True, "value": params["client_id"]}}
    token = CodeIDToken(claims, header, options, dict(params))
    _validate(token, seconds)
    if claims.get("acr") not in LEVELS:
        raise Unbelievable("acr")
    return claims


def read_userinfo(raw: object, keys: KeySet, provider: Provider, params: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """Return what is said of a person; `params` are our client_id and the subject of the ID token. Raise Unbelievable."""
    _, claims = _open(raw, keys)
    registry = jwt.JWTClaimsRegistry(
        now=int(seconds),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": params["client_id"]},
        sub={"essential": True, "value": params["subject"]},
        email={"essential": True},
    )
    try:
        registry.validate(claims)
    except (JoseError, TypeError, ValueError) as error:
        raise Unbelievable(str(error)) from error
    if not isinstance(claims["email"], str):
        raise Unbelievable("email")
    return claims


def _open(raw: object, keys: KeySet) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        token = jwt.decode(str(raw), keys, algorithms=ALGORITHMS)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Unbelievable(str(error)) from error
    if not isinstance(token.claims, dict):
        raise Unbelievable("claims")
    return token.header, token.claims


def _validate(token: CodeIDToken, seconds: float) -> None:
    try:
        token.validate(now=int(seconds), leeway=LEEWAY_SECONDS)
    except (JoseError, TypeError, ValueError) as error:
        raise Unbelievable(str(error)) from error
    if not isinstance(token["sub"], str) or not token["sub"]:
        raise Unbelievable("sub")
