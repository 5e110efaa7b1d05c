"""Forms of the questionnaires: they say whether it is an answer to this question."""

import datetime
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from wtforms import DateField, Field, IntegerField, RadioField, SelectField, ValidationError
from wtforms.validators import NumberRange, Optional

from bilan import french
from bilan.database import now
from bilan.fields import RELOAD, Form, not_empty, text_field
from bilan.questionnaires import instruments
from bilan.questionnaires.instruments import Instrument
from bilan.questionnaires.instruments.questions import LEVELS, NO_ANSWER, TEXT, TEXT_MAX, AnswerInvalid, Question
from bilan.questionnaires.rules import Channel

NO_ANSWER_LABEL = "Je préfère ne pas répondre"
CHANNELS = {
    Channel.ONLINE.value: "En ligne, par l’agent ou l’agente",
    Channel.PAPER.value: "Sur papier\u00a0: vous recopiez ses réponses",
    Channel.PHONE.value: "Par téléphone\u00a0: vous lisez les questions et notez ses réponses",
    Channel.MEETING.value: "En entretien\u00a0: vous notez ses réponses avec elle ou lui",
}


class PageForm(Form):
    """The questions of one page, named by their identifiers, and the revision that the page knows."""

    seen = IntegerField("Version", default=0, validators=[NumberRange(min=0, max=10_000_000, message=RELOAD)])

    def answers(self, asked: Iterable[Question]) -> dict[str, Any]:
        """Return the answers that the page gives, by question (None: prefers not to answer)."""
        given = {question: self[question.id] for question in asked if not self[question.id].errors}
        return {
            question.id: question.read(field.data or "") for question, field in given.items() if field.data or question.part.kind == TEXT
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse the same scale at two places of a ranking."""
        valid = super().validate(extra_validators)
        ranks = [field for field in self if field.name.startswith("rang-") and field.data and field.data != NO_ANSWER]
        for field in ranks:
            if sum(other.data == field.data for other in ranks) > 1:
                field.errors = ["Cette réponse est à deux places. Choisissez-en une autre à l’une des deux."]
        return valid and not self.errors


def page_form(instrument: Instrument, asked: Iterable[Question], held: Mapping[str, Any], *, plain: bool) -> PageForm:
    """Return the form of these questions in one of the two wordings, showing the answers held."""
    shown = {name: NO_ANSWER if answer is None else str(answer) for name, answer in held.items()}
    texts = {question.id: held.get(question.id) or "" for question in asked if question.part.kind == TEXT}
    return _questions_form(instrument.slug, instrument.version, tuple(question.id for question in asked), plain)(data=shown | texts)


@lru_cache(maxsize=1024)
def _questions_form(slug: str, version: int, names: tuple[str, ...], plain: bool) -> type[PageForm]:  # noqa: FBT001 -- a key of the cache
    """Return the form of some questions, built once."""
    instrument = instruments.find(slug, version)

    class QuestionsForm(PageForm):
        pass

    for name in names:
        setattr(QuestionsForm, name, _field(instrument.by_id[name], plain=plain))
    return QuestionsForm


def _field(question: Question, *, plain: bool) -> Any:
    label = question.label(plain=plain)
    if question.part.kind == TEXT:
        return text_field(label, maximum=TEXT_MAX)
    checks = [Optional()] if question.part.optional else [not_empty(f"Choisissez une réponse, ou « {NO_ANSWER_LABEL} ».")]
    choices = dict(question.choices) | {NO_ANSWER: NO_ANSWER_LABEL}
    if question.part.kind == LEVELS:
        return RadioField(label, choices=choices, validators=checks)
    return SelectField(label, choices={"": "Choisissez"} | choices, validators=checks)


def one_answer(question: Question, posted: Mapping[str, str]) -> tuple[int | str | None, int]:
    """Return the answer given to one question and the revision that its page knows; raise AnswerInvalid.

    No form class: this is done at each click, and one radio button needs none.
    """
    seen = posted.get("seen", "")
    if not (seen.isdecimal() and len(seen) < 9):
        raise AnswerInvalid(RELOAD)
    return question.read(posted.get(question.id, "")), int(seen)


def _not_past(_form: Form, field: Field) -> None:
    today = french.to_paris(now()).date()
    if field.data and not today <= field.data <= today + datetime.timedelta(days=730):
        raise ValidationError("Indiquez une date à partir d’aujourd’hui.")


class AssignForm(Form):
    """Gives a questionnaire to the agent."""

    slug = SelectField("Questionnaire", validators=[not_empty("Choisissez un questionnaire.")])
    due_on = DateField("À remplir avant le", validators=[Optional(), _not_past])

    def __init__(self) -> None:
        super().__init__()
        self.slug.choices = {one.slug: f"{one.title} – {one.length}" for one in instruments.published()}


class EntryForm(Form):
    """How the agent gives the answers."""

    channel = RadioField(
        "Comment les réponses sont-elles données\u00a0?", choices=CHANNELS, validators=[not_empty("Choisissez une façon.")]
    )
