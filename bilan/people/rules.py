"""Pure rules of accounts: links, passwords, preferences."""

import hashlib
import json
import re
import secrets
from dataclasses import asdict, dataclass, fields
from functools import lru_cache

# What a hash costs: OWASP's Password Storage Cheat Sheet and ASVS 5.0, appendix C, for argon2id. See docs/decisions/0041-password-cost.md.
PASSWORD_COST = {"argon2__time_cost": 1, "argon2__memory_cost": 47_104, "argon2__parallelism": 1}
PASSWORD_MINIMUM = 12
OWN_MINIMUM = 6  # characters beside the words that whoever knows the service would try
PASSWORD_JUDGED = 72  # characters that zxcvbn takes
GUESSED_AT_ONCE = 2  # of its four levels: less than ten thousand million tries
OWN_WORDS = ("bilan", "professionnel", "espace2m", "espace", "mife", "roanne", "roannais", "conseil", "mairie", "motdepasse", "azerty")


def new_token() -> tuple[str, str]:
    """Return a token of 256 bits for a link, and the digest to keep of it."""
    token = secrets.token_urlsafe(32)
    return token, digest_of(token)


def digest_of(token: str) -> str:
    """Return the SHA-256 of a token, in hexadecimal: enough, since the token is random."""
    return hashlib.sha256(token.encode()).hexdigest()


def password_fault(password: str, email: str) -> str | None:
    """Return what is wrong with a password as a sentence, or None.

    Length over composition rules, and no password of the lists: ANSSI and NIST SP 800-63B.
    """
    if len(password) < PASSWORD_MINIMUM:
        return f"Choisissez au moins {PASSWORD_MINIMUM} caractères. Une petite phrase se retient bien."
    if len(set(password)) < 5:
        return "Ce mot de passe répète trop les mêmes caractères."
    if email.split("@", maxsplit=1)[0].lower() in password.lower():
        return "Ce mot de passe contient votre adresse e-mail."
    own = password.lower()
    for word in sorted((*OWN_WORDS, *re.split(r"\W+", email.lower())), key=len, reverse=True):
        own = own.replace(word, "") if word else own
    from zxcvbn import zxcvbn  # noqa: PLC0415 -- its lists weigh ten megabytes, for a form that one fills once a year

    if len(own) < OWN_MINIMUM or zxcvbn(password[:PASSWORD_JUDGED])["score"] <= GUESSED_AT_ONCE:
        return "Ce mot de passe se devine trop vite. Une petite phrase de quatre ou cinq mots qui ne vont pas ensemble se retient bien."
    return None


@dataclass(frozen=True)
class Display:
    """How somebody wants the pages shown."""

    theme: str = "auto"
    text: str = "normal"
    typeface: str = "system"
    spacing: str = "normal"
    contrast: str = "normal"
    wide_targets: bool = False
    no_motion: bool = False
    one_question: bool = False
    plain_texts: bool = False

    @property
    def is_large(self) -> bool:
        """Whether papers are printed in large letters."""
        return self.text != "normal"

    def dump(self) -> str:
        """Return the compact JSON kept in the cookie and with the account."""
        return json.dumps(asdict(self), separators=(",", ":"))


DISPLAY_CHOICES = {
    "theme": ("auto", "light", "dark"),
    "text": ("normal", "large", "larger"),
    "typeface": ("system", "readable"),
    "spacing": ("normal", "wide"),
    "contrast": ("normal", "strong"),
    "wide_targets": (False, True),
    "no_motion": (False, True),
    "one_question": (False, True),
    "plain_texts": (False, True),
}


@lru_cache(200)
def read_display(raw: str | None) -> Display:
    """Return the preferences of a cookie or an account; what is not understood falls back to the default."""
    try:
        held = json.loads(raw or "{}")
    except ValueError:
        return Display()
    if not isinstance(held, dict):
        return Display()
    known = {}
    for one in fields(Display):
        value = held.get(one.name)
        if isinstance(value, (str, bool)) and value in DISPLAY_CHOICES[one.name]:
            known[one.name] = value
    return Display(**known)  # type: ignore[arg-type]
