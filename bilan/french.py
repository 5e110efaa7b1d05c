"""How the screens say dates, durations and numbers."""

import datetime
import re
import unicodedata
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import dates

PARIS = ZoneInfo("Europe/Paris")
NBSP = "\u00a0"
MINUTES = 60
VOWELS = {*"aeiou", "œ", "æ"}


def to_paris(moment: datetime.datetime) -> datetime.datetime:
    """Return a stored moment (naive UTC) on the clock of Paris."""
    return moment.replace(tzinfo=datetime.UTC).astimezone(PARIS)


def from_paris(moment: datetime.datetime) -> datetime.datetime:
    """Return a naive moment read on the clock of Paris as it is stored (naive UTC)."""
    return moment.replace(tzinfo=PARIS).astimezone(datetime.UTC).replace(tzinfo=None)


def read_day(value: str | None) -> datetime.date | None:
    """Return the day that an address or a date field says ("2026-11-26"), None when it says none of these centuries."""
    if not re.fullmatch(r"(19|20|21)\d\d-\d\d-\d\d", value or "", re.ASCII):
        return None
    try:
        return datetime.date.fromisoformat(value or "")
    except ValueError:
        return None


def _as_date(value: datetime.date | datetime.datetime) -> datetime.date:
    return to_paris(value).date() if isinstance(value, datetime.datetime) else value


# The lists say the same days again and again.
remembered = lru_cache(1000)


@remembered
def _said(date: datetime.date, pattern: str) -> str:
    """Return a day as French says it."""
    return dates.format_date(date, pattern, locale="fr")


@remembered
def day(value: datetime.date | datetime.datetime) -> str:
    """Return "jeudi 26 novembre 2026" ("jeudi 1er octobre 2026" the first of a month)."""
    date = _as_date(value)
    return _said(date, f"EEEE '{_ordinal(date)}'{NBSP}MMMM y")


@remembered
def short_day(value: datetime.date | datetime.datetime) -> str:
    """Return "26 novembre 2026"."""
    date = _as_date(value)
    return _said(date, f"'{_ordinal(date)}'{NBSP}MMMM y")


def clock(value: datetime.datetime) -> str:
    """Return "14:32", the hour in Paris."""
    return f"{to_paris(value):%H:%M}"


@remembered
def moment(value: datetime.datetime) -> str:
    """Return "jeudi 26 novembre 2026 à 10 h" or "… à 10 h 30"."""
    local = to_paris(value)
    minutes = f"{NBSP}{local:%M}" if local.minute else ""
    return f"{day(value)} à {local.hour}{NBSP}h{minutes}"


def brief(value: datetime.datetime) -> str:
    """Return "jeu. 26 nov., 10 h", for tables of the months around."""
    local = to_paris(value)
    minutes = f"{NBSP}{local:%M}" if local.minute else ""
    words = _said(local.date(), f"EEE '{_ordinal(local.date())}'{NBSP}MMM")
    year = "" if abs((local.date() - to_paris(_now()).date()).days) < 300 else f"{NBSP}{local.year}"
    return f"{words}{year}, {local.hour}{NBSP}h{minutes}"


def duration(minutes: int | None) -> str:
    """Return "1 h 30", "2 h 00", "45 min"; "–" when there is none."""
    if minutes is None:
        return "–"
    hours, rest = divmod(minutes, MINUTES)
    return f"{hours}{NBSP}h{NBSP}{rest:02d}" if hours else f"{rest}{NBSP}min"


def plural(count: int, one: str, many: str) -> str:
    """Return "1 réponse", "0 réponse", "2 réponses": French counts zero as one."""
    return f"{count}{NBSP}{one if abs(count) < 2 else many}"


def of(name: str) -> str:
    """Return "de Paul", "d’Anne", "d’Hélène", "d’Yves", "de Yasmine": what follows a word that a name completes."""
    return f"d’{name}" if _shortens(name) else f"de {name}"


def that(name: str) -> str:
    """Return "que Paul", "qu’Anne"."""
    return f"qu’{name}" if _shortens(name) else f"que {name}"


def _shortens(name: str) -> bool:
    """Whether "de" loses its e before a name: Anne, Émilie, Hélène, Yves; not Yasmine, whose y is a consonant."""
    first, second = (unicodedata.normalize("NFD", letter.lower())[:1] for letter in (name[:1], name[1:2]))
    return first in VOWELS or first == "h" or (first == "y" and second not in VOWELS)


def euros(cents: int) -> str:
    """Return "1 330,00 €" of an amount in cents."""
    return f"{decimal(cents, 2)}{NBSP}€"


def decimal(hundredths: int, places: int = 0) -> str:
    """Return "14", "14,5" or "5,25" of a number of hundredths, with at least so many decimals; thousands are set apart."""
    whole, rest = divmod(hundredths, 100)
    decimals = f"{rest:02d}"
    while len(decimals) > places and decimals.endswith("0"):
        decimals = decimals[:-1]
    grouped = f"{whole:,}".replace(",", NBSP)
    return f"{grouped},{decimals}" if decimals else grouped


def points(value: float) -> str:
    """Return "20", "20,57" or "−3" of a score, its minus sign the typographer's."""
    whole = int(value) if value == int(value) else value
    return str(whole).replace(".", ",").replace("-", "−")


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


def _ordinal(date: datetime.date) -> str:
    return "1er" if date.day == 1 else str(date.day)


def folded(text: str) -> str:
    """Return a text as it is compared: without capitals, accents or doubled spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(one for one in plain if not unicodedata.combining(one)).replace("’", "'").split())
