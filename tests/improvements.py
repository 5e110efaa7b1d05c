"""Open answers with their themes, and the plan, for the world and for their own tests."""

import datetime
import uuid

from bilan.database import now
from bilan.improvement import actions
from bilan.improvement.models import Improvement
from bilan.improvement.rules import Origin, State
from bilan.people.models import EmployerSize
from bilan.satisfaction.models import SurveyAnswer, Verbatim
from bilan.satisfaction.rules import AT_CLOSING, quarter_of
from bilan.verbatims import actions as verbatims

OLD = quarter_of(now().date() - datetime.timedelta(days=400))


def give_opinions(*texts, quarter=OLD, answers=5, question="points_forts"):
    """Write so many answers of a quarter, and the open ones of them; return these."""
    known = {"survey": AT_CLOSING, "version": 1, "quarter": quarter}
    for _ in range(answers):
        SurveyAnswer.create(employer_size=EmployerSize.SMALL, **known)
    return [Verbatim.create(question=question, text=text, **known) for text in texts]


def start(by, *, complaint=None, **others):
    """Add an action to the plan."""
    values = {
        "title": "Appeler avant de déplacer",
        "observed": "Deux demandes.",
        "origin": Origin.COMPLAINT if complaint else Origin.AUDIT,
        "theme": None,
        "owner": by.id,
        "due_on": now().date() + datetime.timedelta(days=30),
    }
    return actions.start(submission=uuid.uuid4(), values=values | others, complaint=complaint, by=by)


def finish(improvement, by, **others):
    """Have an action done, and measured."""
    fresh = Improvement.by_id_with_people(improvement.id)
    names = ("title", "observed", "origin", "theme", "owner", "due_on", "reason")
    values = {name: getattr(fresh, name) for name in names}
    values |= {"state": State.DONE, "effect": "Aucune depuis.", "effect_on": now().date()}
    actions.change(improvement=fresh, values=values | others, base=fresh.revision, by=by)
    return Improvement.by_id_with_people(improvement.id)


def publish(improvement, by, sentence="Nous appelons avant de déplacer un rendez-vous."):
    """Publish what an action changed."""
    actions.publish(improvement=improvement, sentence=sentence, by=by)
    return Improvement.by_id_with_people(improvement.id)


def write_plan(manager, complaint, marker):
    """Return an open answer that may be read, two themes, an action to do and one that is done, born of a complaint."""
    verbatim, _ = give_opinions(marker("avis-ancien", {"manager"}), marker("avis-ancien-sans-theme", {"manager"}))
    themes = [verbatims.add_theme(name=name, by=manager) for name in ("Accueil", "Horaires")]
    verbatims.sort(verbatim=verbatim, added=[themes[0].id], removed=[], by=manager)
    done = finish(start(manager, complaint=complaint), manager)
    return {"verbatim": verbatim, "theme": themes[0], "other_theme": themes[1], "action": start(manager), "done_action": done}
