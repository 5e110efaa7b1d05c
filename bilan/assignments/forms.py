"""Forms of personal work."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from wtforms import DateField, Field, HiddenField, IntegerField, RadioField, SelectField, ValidationError
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import HiddenInput

from bilan import french
from bilan.assignments.rules import PAGES, Kind
from bilan.database import now
from bilan.fields import Form, as_uuid, line_field, not_empty, text_field
from bilan.interviews.models import Interview
from bilan.questionnaires import instruments
from bilan.uploads import UploadField

DETAILS_MAX = 5_000
COMMENT_MAX = 5_000
YEARS_AHEAD = 2
RELOAD = "Rechargez la page, puis réessayez."


class DueForm(Form):
    """The words and the day of a piece of work."""

    title = line_field("Ce qu’il y a à faire, en une ligne", maximum=120)
    details = text_field("Des précisions", maximum=DETAILS_MAX)
    due_on = DateField("Pour le", validators=[Optional()])
    today: datetime.date | None = None
    known_due: datetime.date | None = None

    def validate_due_on(self, field: Field) -> None:
        """Refuse a date that is past or absurdly far, unless it was that date already."""
        today = french.to_paris(now()).date()
        latest = today + datetime.timedelta(days=366 * YEARS_AHEAD)
        if field.data and field.data != self.known_due and not today <= field.data <= latest:
            raise ValidationError("Indiquez une date à partir d’aujourd’hui.")


class GiveForm(DueForm):
    """Gives work: an instruction, a questionnaire, or a page of the bilan."""

    kind = RadioField("Ce que vous donnez", choices=Kind.choices(), default=Kind.TEXT.value, validators=[not_empty("Choisissez.")])
    slug = SelectField("Questionnaire")
    page = SelectField("Page")
    interview = SelectField("Donné pendant")
    submission = HiddenField()

    def offer(self, interviews: Sequence[Interview]) -> None:
        """Offer the questionnaires, the pages and the sessions of the bilan, the newest first."""
        self.slug.choices = {"": "Choisissez"} | {one.slug: one.title for one in instruments.published()}
        self.page.choices = {"": "Choisissez"} | {key: page.title for key, page in PAGES.items()}
        sessions = {str(one.id): french.moment(one.starts_at) for one in reversed(interviews) if not one.is_cancelled}
        self.interview.choices = {"": "Hors d’un entretien"} | sessions

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for what the kind needs."""
        super().validate(extra_validators)
        needs = {
            Kind.TEXT.value: (self.title, "Dites en une ligne ce qu’il y a à faire."),
            Kind.QUESTIONNAIRE.value: (self.slug, "Choisissez le questionnaire."),
            Kind.PAGE.value: (self.page, "Choisissez la page."),
        }
        field, sentence = needs.get(self.kind.data, (self.kind, "Choisissez."))
        if not field.data and not field.errors:
            field.errors = [sentence]
        return not self.errors

    def values(self, interviews: Sequence[Interview]) -> dict[str, Any]:
        """Return what `give` takes; what another kind would need is left out."""
        kind = Kind(self.kind.data)
        return {
            "kind": kind,
            "title": self.title.data or "",
            "details": self.details.data or "",
            "slug": self.slug.data if kind is Kind.QUESTIONNAIRE else "",
            "page": self.page.data if kind is Kind.PAGE else "",
            "interview": next((one for one in interviews if str(one.id) == self.interview.data), None),
            "due": self.due_on.data,
            "submission": as_uuid(self.submission.data) or uuid.uuid4(),
        }


class ChangeForm(DueForm):
    """Changes the words or the day of work, and the revision on which they were written."""

    base = IntegerField("Version", default=0, widget=HiddenInput(), validators=[NumberRange(min=0, max=1_000_000, message=RELOAD)])
    needs_title = True

    def validate_title(self, field: Field) -> None:
        """Ask for the instruction: a questionnaire and a page have a title of their own."""
        if self.needs_title and not field.data:
            raise ValidationError("Dites en une ligne ce qu’il y a à faire.")


class AnswerForm(Form):
    """A few words, a file, or both."""

    text = text_field("Votre mot", maximum=COMMENT_MAX)
    file = UploadField("Un fichier")
    submission = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for one of the two."""
        super().validate(extra_validators)
        if not self.text.data and not self.file.data and not self.errors:
            self.text.errors = ["Écrivez un mot, ou choisissez un fichier."]
        return not self.errors

    def values(self) -> dict[str, Any]:
        """Return what `answer` takes."""
        file = self.file
        found = {"name": file.name_of_file, "media_type": file.kind.media_type, "content": file.content} if file.content else None
        return {"text": self.text.data or "", "file": found, "submission": as_uuid(self.submission.data) or uuid.uuid4()}
