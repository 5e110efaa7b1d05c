"""Invented opinions of the seven quarters that are over, so that the indicators have something to show."""

import datetime
import random

from bilan.database import now, transaction
from bilan.french import to_paris
from bilan.people.models import Employer, EmployerSize
from bilan.quality.actions import compute
from bilan.satisfaction import surveys
from bilan.satisfaction.models import Rating, SurveyAnswer, Verbatim
from bilan.satisfaction.rules import AT_CLOSING, COUNSELLOR, MONTHS_LATER, OFFICER, quarter_of
from bilan.satisfaction.surveys import Kind, Question

QUARTERS = 7
# How many answers a quarter brings to each survey.
ANSWERS = {AT_CLOSING: (7, 11), MONTHS_LATER: (4, 7), OFFICER: (2, 4), COUNSELLOR: (2, 3)}
SIZES = (EmployerSize.SMALL, EmployerSize.MEDIUM, EmployerSize.LARGE)
TEXTS = {
    "points_forts": (
        "Prendre le temps de parler de mon travail, ce que je n’avais jamais fait.",
        "Les questionnaires ont mis des mots sur ce que j’aime.",
        "On m’a écoutée sans me juger.",
        "Le plan, étape par étape. Je sais par quoi commencer.",
        "Savoir que rien n’était répété à ma collectivité.",
        "Les visites chez des gens du métier.",
    ),
    "a_ameliorer": (
        "Certains questionnaires sont longs quand on lit lentement.",
        "Difficile de se libérer sur le temps de travail.",
        "J’aurais aimé un rendez-vous de plus à la fin.",
        "Le parking est cher.",
        "La visio coupait souvent.",
    ),
    "suggestions": (
        "Proposer des horaires en fin de journée.",
        "Une version papier de tous les questionnaires.",
        "Revoir la personne un an après.",
        "Mieux expliquer la mobilité entre collectivités.",
    ),
    "aide": ("Avoir le plan sous les yeux.", "L’appui de ma responsable.", "La formation demandée a été acceptée."),
    "frein": ("Pas de poste ouvert près de chez moi.", "Le manque de temps.", "La formation est loin."),
}


def give_opinions(employers: list[Employer], chance: random.Random) -> None:
    """Size the employers, answer the surveys of the past quarters, and compute the figures."""
    for rank, employer in enumerate(employers):
        Employer.update(size=SIZES[rank % len(SIZES)]).where(Employer.id == employer.id).execute()
    quarter = quarter_of(to_paris(now()).date())
    for _ in range(QUARTERS):
        quarter = quarter_of(quarter - datetime.timedelta(days=1))
        for slug, (least, most) in ANSWERS.items():
            with transaction():
                for _ in range(chance.randint(least, most)):
                    _answer(surveys.find(slug), quarter, chance)
    compute()


def _answer(survey: surveys.Survey, quarter: datetime.date, chance: random.Random) -> None:
    answer = SurveyAnswer.create(survey=survey.slug, version=survey.version, quarter=quarter, employer_size=chance.choice(SIZES))
    for question in survey.questions:
        if question.kind is not Kind.TEXT:
            if question.required or chance.random() < 0.9:
                Rating.create(answer=answer, question=question.key, value=_value(question, chance))
        elif question.key in TEXTS and chance.random() < 0.3:
            text = chance.choice(TEXTS[question.key])
            Verbatim.create(survey=survey.slug, version=survey.version, quarter=quarter, question=question.key, text=text)


def _value(question: Question, chance: random.Random) -> int:
    if question.kind is Kind.LEVEL:
        return chance.choices((4, 3, 2, 1), (50, 36, 11, 3))[0]
    if question.kind is Kind.SCORE:
        return chance.choices(range(11), (1, 0, 1, 1, 1, 3, 5, 12, 24, 27, 25))[0]
    return chance.choices(range(1, len(question.answers) + 1), (40, 30, 15, 10, 5)[: len(question.answers)])[0]
