"""Forms of personal work."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from wtforms import DateField, Field, HiddenField, SelectField, ValidationError
from wtforms.validators import Optional

from bilan import french
from bilan.assignments.rules import PAGES, Kind
from bilan.database import now
from bilan.fields import Form, as_uuid, line_field, not_empty, text_field, version_field
from bilan.interviews.models import Interview
from bilan.questionnaires import instruments
from bilan.uploads import UploadField

DETAILS_MAX = 5_000
COMMENT_MAX = 5_000
YEARS_AHEAD = 2
TITLE_MISSING = "Dites en une ligne ce qu’il y a à faire."
RELOAD = "Rechargez la page, puis réessayez."


class DueForm(Form):
    """The words and the day of a piece of work."""

    title = line_field("La consigne, en une ligne", maximum=120)
    details = text_field("Des précisions", maximum=DETAILS_MAX)
    due_on = DateField("Pour le", validators=[Optional()])
    known_due: datetime.date | None = None

    def validate_due_on(self, field: Field) -> None:
        """Refuse a date that is past or absurdly far, unless it was that date already."""
        today = french.to_paris(now()).date()
        latest = today + datetime.timedelta(days=366 * YEARS_AHEAD)
        if field.data and field.data != self.known_due and not today <= field.data <= latest:
            raise ValidationError("Indiquez une date à partir d’aujourd’hui.")

    def needs_title(self) -> bool:
        """Whether the work is an instruction: a questionnaire and a page have a title of their own."""
        raise NotImplementedError

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the instruction."""
        super().validate(extra_validators)
        if self.needs_title() and not self.title.data and not self.title.errors:
            self.title.errors = [TITLE_MISSING]
        return not self.errors


class GiveForm(DueForm):
    """Gives work: an instruction, a questionnaire or a page of the bilan, in one choice."""

    what = SelectField("Ce que vous donnez", default=Kind.TEXT.value, validators=[not_empty("Choisissez ce que vous donnez.")])
    interview = SelectField("Donné pendant")
    submission = HiddenField()

    def offer(self, interviews: Sequence[Interview]) -> None:
        """Offer the questionnaires, the pages, and the sessions of the bilan, the newest first."""
        forms = {f"{Kind.QUESTIONNAIRE}:{one.slug}": f"Questionnaire\u00a0: {one.title}" for one in instruments.published()}
        pages = {f"{Kind.PAGE}:{key}": f"Page à remplir\u00a0: {page.title}" for key, page in PAGES.items()}
        self.what.choices = {Kind.TEXT.value: "Une consigne"} | forms | pages
        self.title.flags.required = True
        sessions = {str(one.id): french.moment(one.starts_at) for one in reversed(interviews) if not one.is_cancelled}
        self.interview.choices = {"": "Hors d’un entretien"} | sessions

    def needs_title(self) -> bool:
        """Whether an instruction is given."""
        return self.what.data == Kind.TEXT.value

    def values(self, interviews: Sequence[Interview]) -> dict[str, Any]:
        """Return what `give` takes."""
        kind, _, which = self.what.data.partition(":")
        return {
            "kind": Kind(kind),
            "title": self.title.data or "",
            "details": self.details.data or "",
            "which": which,
            "interview": next((one for one in interviews if str(one.id) == self.interview.data), None),
            "due": self.due_on.data,
            "submission": as_uuid(self.submission.data) or uuid.uuid4(),
        }


class ChangeForm(DueForm):
    """Changes the words or the day of work, and the revision on which they were written."""

    base = version_field()
    is_text = True

    def needs_title(self) -> bool:
        """Whether an instruction is changed."""
        return self.is_text


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
