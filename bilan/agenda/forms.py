"""Forms of the agenda: slots to publish, a slot to choose, a meeting to cancel."""

import datetime
import itertools
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from wtforms import DateField, Field, RadioField, SelectField, TimeField, ValidationError
from wtforms.validators import InputRequired, Optional

from bilan import french
from bilan.agenda.models import Slot
from bilan.agenda.rules import Series, series
from bilan.database import now
from bilan.fields import DURATIONS, Form, line_field, not_empty, text_field
from bilan.interviews.rules import CancelReason, Mode, Outcome

WEEKS = {"none": 0, "week": 1, "fortnight": 2}
AHEAD = datetime.timedelta(days=366)


class PublishForm(Form):
    """Offers a slot or a series; the hour is the one of Paris."""

    date = DateField("Date", validators=[not_empty("Indiquez la date.")])
    time = TimeField("Heure de début", validators=[not_empty("Indiquez l’heure de début.")])
    minutes = SelectField("Durée", coerce=int, choices=DURATIONS, default=90, validators=[not_empty("Choisissez la durée.")])
    mode = RadioField(
        "Lieu",
        choices={Mode.ON_SITE.value: "Sur place", Mode.REMOTE.value: "À distance"},
        default=Mode.ON_SITE.value,
        validators=[not_empty("Choisissez le lieu.")],
    )
    place = line_field("Adresse")
    access_notes = text_field("Accès", maximum=500)
    link = line_field("Lien de la réunion", maximum=300)
    repeat = RadioField(
        "Répétition",
        choices={"none": "Une seule fois", "week": "Chaque semaine", "fortnight": "Toutes les deux semaines"},
        default="none",
        validators=[not_empty("Choisissez la répétition.")],
    )
    until = DateField("Jusqu’au", validators=[Optional()])
    series: Series

    @property
    def repeats(self) -> bool:
        """Whether it is a series."""
        return WEEKS[self.repeat.data] > 0

    def validate_date(self, field: Field) -> None:
        """Refuse a day beyond the year to come."""
        if field.data and field.data > _today() + AHEAD:
            raise ValidationError("Choisissez une date dans l’année qui vient.")

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for what the place and the repetition need; refuse an hour that is past, that does not exist, or a holiday."""
        super().validate(extra_validators)
        for field, fault in ((self.place, self._place_fault()), (self.link, self._link_fault()), (self.until, self._until_fault())):
            if fault and not field.errors:
                field.errors = [fault]
        if not self.errors:
            weeks = WEEKS[self.repeat.data]
            self.series = series(self.date.data, self.time.data, weeks, self.until.data if weeks else self.date.data)
            self.date.errors = self._date_faults()
        return not self.errors

    def _place_fault(self) -> str | None:
        return "Indiquez l’adresse." if self.mode.data == Mode.ON_SITE.value and not self.place.data else None

    def _link_fault(self) -> str | None:
        if self.mode.data != Mode.REMOTE.value or _is_https(self.link.data):
            return None
        return "Indiquez l’adresse complète de la réunion. Elle commence par https://"

    def _until_fault(self) -> str | None:
        if not WEEKS.get(self.repeat.data):
            return None
        if not self.until.data:
            return "Indiquez la date de fin de la répétition."
        if self.until.data > _today() + AHEAD:
            return "Choisissez une date de fin à un an au plus."
        return "Choisissez une date de fin après la première date." if self.date.data and self.until.data < self.date.data else None

    def _date_faults(self) -> list[str]:
        if self.date.data < _today() or (self.series.moments and self.series.moments[0] <= now()):
            return ["Cette heure est passée. Choisissez une date à venir."]
        if not self.series.moments:
            day, reason = self.series.left_out[0]
            return [f"Aucun créneau le {french.day(day)}\u00a0: {reason}."]
        return []

    def values(self) -> dict[str, Any]:
        """Return what `publish_slots` takes."""
        mode = Mode(self.mode.data)
        on_site = mode is Mode.ON_SITE
        return {
            "series": self.series,
            "minutes": self.minutes.data,
            "mode": mode,
            "place": self.place.data if on_site else self.link.data,
            "access_notes": (self.access_notes.data or "") if on_site else "",
            "repeats": self.repeats,
        }


def publish_form() -> PublishForm:
    """Return the form, filled with the centre's address."""
    sheet = current_app.config["BILAN"]
    return PublishForm(place=f"{sheet.address}, {sheet.postcode_city}", access_notes=sheet.access_notes)


class ChoiceForm(Form):
    """One slot among those offered. The choice itself is checked when it is booked: it may have just gone."""

    slot = RadioField("Créneau", validators=[InputRequired("Choisissez un créneau.")], validate_choice=False)

    def offer(self, slots: list[Slot], referent_id: uuid.UUID) -> None:
        """Offer these slots, and say with whom when it is not the referent."""
        self.slot.choices = [(str(one.id), _words(one, referent_id)) for one in slots]
        self.slots = slots

    def by_day(self) -> Iterator[tuple[datetime.date, list[Any]]]:
        """Give each day with its answers."""
        pairs = zip(self.slots, self.slot, strict=True)
        for day, group in itertools.groupby(pairs, key=lambda pair: french.to_paris(pair[0].starts_at).date()):
            yield day, [option for _, option in group]

    def validate_slot(self, field: Field) -> None:
        """Refuse what names no slot."""
        try:
            self.slot_id = uuid.UUID(field.data)
        except ValueError:
            raise ValidationError("Choisissez un créneau dans la liste.") from None


class MoveForm(ChoiceForm):
    """Another slot for a meeting, and why, if one wishes to say it."""

    reason = SelectField("Pour quelle raison\u00a0?", choices={"": "Je préfère ne pas le dire"} | CancelReason.choices(), default="")

    def chosen_reason(self) -> CancelReason | None:
        """Return the reason, None when none was given."""
        return CancelReason(self.reason.data) if self.reason.data else None


class CancelForm(Form):
    """Cancels one's own meeting, with a reason."""

    reason = RadioField(
        "Pour quelle raison\u00a0?",
        choices=CancelReason.choices(),
        validators=[not_empty("Choisissez une raison.")],
    )

    def values(self) -> dict[str, Any]:
        """Return what `cancel_interview` takes."""
        return {"outcome": Outcome.CANCELLED, "reason": CancelReason(self.reason.data)}


class CancelForAgentForm(Form):
    """Cancels a meeting at the agent's word, with a reason, or by the service."""

    outcome = RadioField(
        "Qui annule\u00a0?",
        choices={Outcome.CANCELLED.value: "À la demande de l’agent", Outcome.CANCELLED_BY_SERVICE.value: "Par le service"},
        validators=[not_empty("Dites qui annule.")],
    )
    reason = RadioField("Raison donnée par l’agent", choices=CancelReason.choices(), validators=[Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the agent's reason."""
        super().validate(extra_validators)
        if self.outcome.data == Outcome.CANCELLED.value and not self.reason.data:
            self.reason.errors = ["Choisissez une raison."]
        return not self.errors

    def values(self) -> dict[str, Any]:
        """Return what `cancel_interview` takes."""
        outcome = Outcome(self.outcome.data)
        return {"outcome": outcome, "reason": CancelReason(self.reason.data) if outcome is Outcome.CANCELLED else None}


def _words(slot: Slot, referent_id: uuid.UUID) -> str:
    whom = "" if slot.counsellor_id == referent_id else f", avec {slot.counsellor.display_name}"
    return f"{french.clock(slot.starts_at)} – {french.clock(slot.ends_at)}, {slot.mode.label}{whom}"


def _today() -> datetime.date:
    return french.to_paris(now()).date()


def _is_https(address: str | None) -> bool:
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and " " not in (address or "")
