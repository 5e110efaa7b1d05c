"""Forms of experiences, skills, and of what helps or hinders; the filters of the skills."""

import uuid
from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import Optional

from bilan.careers.models import Experience, Skill
from bilan.careers.rules import (
    PLEASURES,
    STRENGTHS,
    Again,
    ConditionKind,
    Employment,
    Filter,
    Frequency,
    Level,
    SkillKind,
    in_order,
    month_words,
    read_month,
)
from bilan.fields import ReadField, as_uuid, clean_search, line_field, not_empty, text_field
from bilan.journeys.models import Journey
from bilan.pieces.forms import PieceForm

TEXT_MAX = 4000
UNSAID = {"": "Pas encore dit"}
MONTH_SENTENCE = "Écrivez un mois et une année, comme mars 2015, ou une année seule."
LEVELS = {
    Level.BEGINNER.value: "Notions\u00a0: au début",
    Level.USUAL.value: "Pratique courante\u00a0: avec un peu d’aide",
    Level.ADVANCED.value: "Maîtrise\u00a0: sans aide",
    Level.EXPERT.value: "Expertise\u00a0: au point de l’apprendre à d’autres",
}
SKILL_KINDS = {
    SkillKind.KNOWLEDGE.value: "Un savoir\u00a0: ce que l’on connaît",
    SkillKind.KNOW_HOW.value: "Un savoir-faire\u00a0: ce que l’on sait faire",
    SkillKind.SOFT.value: "Un savoir-être\u00a0: une façon d’être avec les autres",
}
KINDS = {
    ConditionKind.MOTIVATION.value: "Une motivation\u00a0: ce qui donne envie",
    ConditionKind.RESOURCE.value: "Une ressource\u00a0: ce qui aide, une personne, un savoir, du temps",
    ConditionKind.CONSTRAINT.value: "Une contrainte\u00a0: ce dont il faut tenir compte",
    ConditionKind.OBSTACLE.value: "Un obstacle\u00a0: ce qui bloque pour l’instant",
}


def scale(label: str, words: Mapping[str, str]) -> RadioField:
    """Return a scale of numbers with their words, which may stay unsaid."""
    choices = UNSAID | {value: f"{value}, {said}" for value, said in words.items()}
    return RadioField(label, choices=choices, default="", validators=[Optional()])


class ExperienceForm(PieceForm):
    """An experience: its position and its start, the rest when one has it."""

    position = line_field("Poste ou activité", required="Indiquez le poste ou l’activité.")
    employer = line_field("Employeur ou lieu")
    starts = ReadField(
        "Début",
        read=read_month,
        write=month_words,
        sentence=MONTH_SENTENCE,
        validators=[not_empty("Indiquez le début\u00a0: une année suffit.")],
    )
    ends = ReadField("Fin", read=read_month, write=month_words, sentence=MONTH_SENTENCE, validators=[Optional()])
    ongoing = BooleanField("Toujours en cours")
    status = SelectField("Statut", choices=UNSAID | Employment.choices())
    grade = line_field("Grade ou cadre d’emplois")
    tasks = text_field("Tâches", maximum=TEXT_MAX)
    successes = text_field("Réussites", maximum=TEXT_MAX)
    difficulties = text_field("Difficultés", maximum=TEXT_MAX)
    pleasure = scale("Plaisir à ce travail", PLEASURES)
    leaving = text_field("Raison du départ", maximum=TEXT_MAX)
    proof = text_field("Preuves", maximum=TEXT_MAX)

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse an end before the start, and an end to what goes on."""
        valid = super().validate(extra_validators)
        starts, ends = self.starts.data, self.ends.data
        # A year alone may begin or end with any of its months.
        if starts and ends and ends[: len(starts)] < starts[: len(ends)]:
            self.ends.errors = ["La fin vient après le début."]
        elif ends and self.ongoing.data:
            self.ends.errors = ["Effacez la fin, ou décochez «\u00a0Toujours en cours\u00a0»."]
        return valid and not self.errors


class SkillForm(PieceForm):
    """A skill, the experience it is drawn from, its proof."""

    outside = {"base", "experience"}

    name = line_field("Compétence", required="Nommez la compétence.")
    kind = RadioField("De quelle sorte\u00a0?", choices=SKILL_KINDS, validators=[not_empty("Choisissez une sorte.")])
    experience = SelectField("Tirée de quelle expérience\u00a0?", choices={})
    proof = text_field("Preuve", maximum=TEXT_MAX)
    level = RadioField("Niveau", choices=UNSAID | LEVELS, default="", validators=[Optional()])
    frequency = SelectField("Utilisée aujourd’hui", choices=UNSAID | Frequency.choices())
    again = SelectField("Envie de l’utiliser encore", choices=UNSAID | Again.choices())
    to_develop = BooleanField("À développer")
    transferable = text_field("Où pourrait-elle servir\u00a0?", maximum=TEXT_MAX)

    @classmethod
    def beside(cls, piece: Skill) -> dict[str, Any]:
        """Return the experience it is drawn from."""
        return {"experience": str(piece.experience_id or "")}

    def offer(self, journey: Journey) -> None:
        """Offer the experiences of the journey."""
        experiences = in_order(Experience.of_journey(journey))
        self.experience.choices = {"": "Aucune en particulier"} | {str(one.id): one.title for one in experiences}

    def links(self) -> dict[str, Any]:
        """Return the experience it is drawn from."""
        return {"experience_id": uuid.UUID(self.experience.data) if self.experience.data else None}


class ConditionForm(PieceForm):
    """What helps or hinders, in one sentence; its strength, and what could help."""

    kind = RadioField("De quoi s’agit-il\u00a0?", choices=KINDS, validators=[not_empty("Choisissez ce dont il s’agit.")])
    sentence = text_field("En une phrase", required="Écrivez une phrase.", maximum=1000)
    strength = scale("Combien cela compte\u00a0?", STRENGTHS)
    answer = text_field("Ce qui pourrait aider", maximum=TEXT_MAX)


def read_filter(asked: Mapping[str, str]) -> Filter:
    """Return the filter that an address asks for; what is not known looks for all."""

    def one_of(name: str, known: Mapping[str, str]) -> str:
        return asked[name] if asked.get(name) in known else ""

    return Filter(
        kind=one_of("sorte", SkillKind.choices()),
        level=one_of("niveau", Level.choices()),
        experience=str(as_uuid(asked.get("experience")) or ""),
        to_develop="a-developper" in asked,
        again="encore" in asked,
        search=clean_search(asked.get("q")),
    )
