"""What the application has signed and is given back: session cookies and the tokens of forms.

A browser gives the same ones back at each request: they are verified once, then recognised.
"""

import time
from functools import cache, lru_cache
from typing import Any

from flask_wtf import csrf
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

# What a process remembers, some 1 kB for each.
REMEMBERED = 500


class Signer(TimestampSigner):
    """Signs with a key that it derives once."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._keys: dict[str | bytes | None, bytes] = {}

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """Return the key of a secret, the newest unless told."""
        if secret_key not in self._keys:
            self._keys[secret_key] = super().derive_key(secret_key)
        return self._keys[secret_key]


class Remembering(URLSafeTimedSerializer):
    """Verifies what comes again the first time alone, then only its age; each reader has a content of its own."""

    default_signer = Signer

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._remembered = lru_cache(REMEMBERED)(self._verified)
        self._signer = super().make_signer()

    def make_signer(self, salt: str | bytes | None = None) -> Any:
        """Return what signs, the same each time."""
        return self._signer if salt in (None, self.salt) else super().make_signer(salt)

    def _verified(self, signed: str) -> tuple[str, float]:
        """Return the content as JSON, and the second at which it was signed; raise BadSignature, which is not remembered."""
        content, signed_at = super().loads(signed, return_timestamp=True)
        return self.serializer.dumps(content), signed_at.timestamp()

    def loads(self, s: Any, max_age: int | None = None, *others: Any, **named: Any) -> Any:  # type: ignore[override]
        """Return the content; raise BadSignature, or SignatureExpired when it is older than `max_age` seconds."""
        content, signed_at = self._remembered(s)
        if others or named or (max_age is not None and not 0 <= time.time() - signed_at <= max_age):
            return super().loads(s, max_age, *others, **named)
        return self.serializer.loads(content)


# Flask-WTF makes one at each request: here, one per secret.
csrf.URLSafeTimedSerializer = cache(Remembering)
