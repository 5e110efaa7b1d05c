"""What is searched among the occupations, and the choice of the one that an experience was."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import RadioField

from bilan.fields import Form, as_uuid, clean_search, not_empty
from bilan.occupations.models import Occupation, OccupationDomain
from bilan.occupations.rules import FIELDS, Wanted, letters_asked

NONE = "aucun"


def families() -> dict[str, dict[str, str]]:
    """Return the families to choose from, by group: ours, then the domains of the ROME when it is loaded."""
    groups = {"Dans les collectivités": dict(FIELDS)}
    domains = OccupationDomain.select(OccupationDomain.code, OccupationDomain.label).order_by(OccupationDomain.code).tuples()
    for code, label in domains:
        if len(code) == 1:
            groups[label] = {code: f"{label}, tout le domaine"}
        else:
            groups[next(reversed(groups))][code] = label
    return groups


def read_wanted(asked: MultiDict[str, str], known: dict[str, dict[str, str]]) -> Wanted:
    """Return what an address asks for; a family that is not known is none."""
    family = asked.get("famille", "")
    return Wanted(
        text=clean_search(asked.get("q")),
        family=family if any(family in group for group in known.values()) else "",
        letters=letters_asked(asked.getlist("interet")),
        territorial="collectivites" in asked,
    )


class LinkForm(Form):
    """The occupation of an experience, among those that are offered."""

    occupation = RadioField("De quel métier s’agit-il\u00a0?", choices=[], validators=[not_empty("Choisissez un métier, ou aucun.")])

    def offer(self, offered: list[Any]) -> None:
        """Offer these occupations, whatever else was chosen in another search, and none of them."""
        posted = Occupation.get_or_none_by_id(wanted) if (wanted := as_uuid(self.occupation.data)) else None
        shown = {str(one.id): one.title for one in [*offered, *([posted] if posted else [])]}
        self.occupation.choices = list((shown | {NONE: "Aucun de ceux-là"}).items())
