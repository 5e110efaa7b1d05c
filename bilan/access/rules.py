"""Pure rules of access: codes of an application, recovery codes, browsers in words.

The codes are those of RFC 6238 (SHA-1, 6 digits, 30 seconds), which every application knows.
"""

import base64
import hashlib
import re
import secrets

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

STEP_SECONDS = 30
SECRET_BYTES = 20
RECOVERY_CODES = 10
# No letter or figure that is taken for another: 31 signs, five bits each.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
# In this order: each name is also worn by those after it.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def new_secret() -> str:
    """Return a secret of 160 bits, in base 32 as applications read it."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def code_at(secret: str, step: int) -> str:
    """Return the code that the application shows during that step of 30 seconds."""
    return _hotp(secret).generate(step).decode()


def step_of(secret: str, typed: str, seconds: float) -> int | None:
    """Return the step of a typed code, the present one or its two neighbours (clocks differ), else None."""
    code = re.sub(r"\s", "", typed)
    if not re.fullmatch("[0-9]{6}", code):
        return None
    present = int(seconds) // STEP_SECONDS
    steps = [step for step in (present - 1, present, present + 1) if secrets.compare_digest(code_at(secret, step), code)]
    return steps[-1] if steps else None


def address_for_application(secret: str, email: str, issuer: str) -> str:
    """Return the address that a QR code carries to the application."""
    return _hotp(secret).get_provisioning_uri(email, 0, issuer).replace("otpauth://hotp/", "otpauth://totp/").replace("&counter=0", "")


def in_groups(text: str) -> str:
    """Return a secret in groups of four, to be typed."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def new_recovery_codes() -> list[str]:
    """Return ten codes of 79 bits in four groups."""
    return ["-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4)) for _ in range(RECOVERY_CODES)]


def digest_of_code(person_id: object, typed: str) -> str:
    """Return what is kept of a recovery code, however it was typed: enough, since the code is random."""
    code = re.sub(r"[^a-z0-9]", "", typed.lower())
    return hashlib.sha256(f"{person_id}:{code}".encode()).hexdigest()


def browser_words(user_agent: str) -> str:
    """Return the browser and the system in words, such as "Firefox, Windows"."""
    browser = next((words for mark, words in BROWSERS.items() if mark in user_agent), "Navigateur inconnu")
    system = next((words for mark, words in SYSTEMS.items() if mark in user_agent), "")
    return f"{browser}, {system}" if system else browser


def _hotp(secret: str) -> HOTP:
    return HOTP(base64.b32decode(secret), 6, SHA1())  # noqa: S303 -- the one of the standard; a keyed hash
