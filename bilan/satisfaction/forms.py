"""The form of a survey, made of its questions."""

from functools import lru_cache

from wtforms import RadioField
from wtforms.validators import Optional

from bilan.fields import Form, not_empty, text_field
from bilan.satisfaction import surveys
from bilan.satisfaction.surveys import NOT_CONCERNED, Kind, Question

TEXT_MAX = 4_000


class SurveyForm(Form):
    """The questions of a survey, by their keys."""

    def ratings(self, survey: surveys.Survey) -> dict[str, int]:
        """Return the closed answers that count, by question."""
        given = {one.key: self[one.key].data for one in survey.questions if one.kind is not Kind.TEXT}
        levels = {one.key for one in survey.of_kind(Kind.LEVEL)}
        return {key: int(value) for key, value in given.items() if value and not (key in levels and int(value) == NOT_CONCERNED)}

    def texts(self, survey: surveys.Survey) -> dict[str, str]:
        """Return the open answers that are not empty, by question."""
        return {one.key: self[one.key].data for one in survey.of_kind(Kind.TEXT) if self[one.key].data}


@lru_cache
def form_of(slug: str, version: int) -> type[SurveyForm]:
    """Return the form of a survey, built once."""
    return type("QuestionsForm", (SurveyForm,), {one.key: _field(one) for one in surveys.find(slug, version).questions})


def _field(question: Question) -> object:
    if question.kind is Kind.TEXT:
        return text_field(question.text, maximum=TEXT_MAX)
    check = not_empty("Choisissez une réponse.") if question.required else Optional()
    return RadioField(question.text, choices=question.choices, validators=[check], description=question.hint)
