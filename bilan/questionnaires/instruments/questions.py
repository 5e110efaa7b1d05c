"""What is asked, item by item, and what counts as an answer. No Flask, no database here.

Two wordings: `text` is the standard one, `plain` the one that is easy to read; where a
file gives no plain wording, the standard one stands for both.
"""

import unicodedata
from dataclasses import dataclass

NO_ANSWER = "sans"
TEXT_MAX = 500
LEVELS, TEXT, RANK = "levels", "text", "rank"
RANKS = ("En premier", "En deuxième", "En troisième", "En quatrième", "En cinquième", "En sixième", "En septième", "En huitième")


class AnswerInvalid(ValueError):
    """An answer that this instrument cannot hold; the message is a sentence for the screen."""


@dataclass(frozen=True, slots=True)
class Level:
    """One step of an answer scale."""

    value: int
    label: str


@dataclass(frozen=True, slots=True)
class Item:
    """One statement. `reversed`: agreeing lowers the score of the scale."""

    id: str
    scale: str
    text: str
    plain: str = ""
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is asked of every item: how important, how satisfied, a sentence.

    `kind`: "levels" (one of the levels), "text" (a sentence of at most TEXT_MAX characters) or
    "rank" (the name of a scale). An `optional` part may be left empty.
    """

    key: str
    question: str
    plain_question: str = ""
    title: str = ""
    kind: str = LEVELS
    optional: bool = False
    levels: tuple[Level, ...] = ()

    def asked(self, *, plain: bool) -> str:
        """Return what the part asks, in one of the two wordings."""
        return (plain and self.plain_question) or self.question


@dataclass(frozen=True, slots=True)
class Question:
    """One answer to give: an item in a part. `id` is the item's, followed by the part's key when there are several.

    `again`: the same item was asked just before in another part, whose question leads here.
    """

    id: str
    scale: str
    text: str
    plain: str
    part: Part
    choices: tuple[tuple[str, str], ...]
    item: Item | None = None
    again: bool = False

    def label(self, *, plain: bool) -> str:
        """Return what stands large over the answer: the item, or the part's question when the item has just been read."""
        return self.part.asked(plain=plain) if self.again else self.worded(plain=plain)

    def worded(self, *, plain: bool) -> str:
        """Return one of the two wordings."""
        return (plain and self.plain) or self.text

    def said(self, answer: int | str | None) -> str:
        """Return an answer in the words that were chosen; a sentence is its own words."""
        return dict(self.choices).get(str(answer), str(answer or ""))

    def read(self, typed: str) -> int | str | None:
        """Return the answer that was typed or pressed, None for "je préfère ne pas répondre"; raise AnswerInvalid."""
        if self.part.kind == TEXT:
            return read_text(typed)
        if typed == NO_ANSWER:
            return None
        if typed not in dict(self.choices):
            raise AnswerInvalid("Choisissez une des réponses proposées.")
        return int(typed) if self.part.kind == LEVELS else typed

    def holds(self, answer: object) -> bool:
        """Whether this is an answer to this question, as it is kept."""
        if answer is None:
            return True
        if self.part.kind == TEXT:
            return isinstance(answer, str) and len(answer) <= TEXT_MAX
        kind = int if self.part.kind == LEVELS else str
        return type(answer) is kind and str(answer) in dict(self.choices)


def read_text(typed: str) -> str | None:
    """Return a sentence as it is kept, None when it is empty; raise AnswerInvalid."""
    text = unicodedata.normalize("NFC", typed).replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > TEXT_MAX:
        raise AnswerInvalid(f"Cette réponse dépasse {TEXT_MAX} caractères. Raccourcissez-la.")
    if any(unicodedata.category(one) in ("Cc", "Cs") and one != "\n" for one in text):
        raise AnswerInvalid("Ce texte contient un caractère qui ne peut pas être enregistré. Effacez-le, puis réessayez.")
    return text or None
