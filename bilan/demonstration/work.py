"""The invented personal work, its files, and what agents and counsellors write to each other."""

import datetime
import io
import uuid
from typing import NamedTuple

from PIL import Image, ImageDraw

from bilan.assignments.models import Assignment, AssignmentComment, Attachment
from bilan.assignments.rules import Kind
from bilan.database import now
from bilan.interviews.models import Interview
from bilan.journeys.models import Journey
from bilan.messages.models import Message
from bilan.questionnaires.models import Passation


class Told(NamedTuple):
    """A piece of work: its words, what each wrote of it, and whether it is done."""

    title: str
    details: str
    words: tuple[tuple[str, str], ...] = ()
    done: bool = False


RICH = (
    Told(
        "Noter trois moments de travail dont vous êtes fière",
        "Un moment par ligne\u00a0: ce que vous avez fait, avec qui, ce que cela a changé.\nPas besoin de phrases complètes.",
        (
            ("agent", "Le carnaval de l’école\u00a0: 60 enfants, trois collègues absentes, et tout s’est bien passé."),
            ("agent", "L’accueil de la petite Lina, qui ne parlait pas. Elle m’a dit bonjour au bout de deux semaines."),
            (
                "counsellor",
                "Merci. On y voit déjà deux choses que vous faites sans y penser\u00a0: organiser, et rassurer. À reprendre ensemble.",
            ),
        ),
        done=True,
    ),
    Told(
        "Appeler une personne qui travaille à l’accueil d’une médiathèque",
        "Quatre questions suffisent\u00a0: une journée ordinaire, ce qui plaît, ce qui pèse, comment on y entre.",
        (("agent", "J’ai le nom de quelqu’un à Roanne. J’appelle mercredi, c’est mon après-midi libre."),),
    ),
    Told("Relire le compte rendu de votre dernier entretien annuel", "Joignez-le si vous voulez que nous le regardions ensemble."),
)
PLAIN = (
    Told("Regarder deux fiches métiers", "Celles dont nous avons parlé. Notez ce qui vous étonne.", done=True),
    Told("Lister ce que vous ne voulez plus faire", "Et ce que vous voulez garder."),
)
MESSAGES = (
    (9, "agent", "Bonjour, je n’ai pas retrouvé le nom de la formation dont nous avons parlé. Vous pouvez me le redire\u00a0?"),
    (8, "counsellor", "Bonjour, c’est «\u00a0Accueil et médiation en lecture publique\u00a0», au CNFPT. Quatre jours, au printemps."),
    (8, "agent", "Merci beaucoup."),
    (1, "counsellor", "Avez-vous pu joindre la médiathèque\u00a0? Sinon, nous préparons l’appel ensemble la prochaine fois."),
)


def give_work(journey: Journey, rank: int) -> None:
    """Give work to one journey that has begun: much to the first, a little to others."""
    held = [one for one in Interview.of_journey(journey) if one.is_held]
    if not held or journey.accompaniment_at is None:
        return
    for place, told in enumerate(RICH if rank == 0 else PLAIN[: 1 + rank % 2]):
        session = held[min(place, len(held) - 1)] if rank else held[-1] if place else held[max(len(held) - 2, 0)]
        _tell(journey, session, told, with_files=rank == 0 and place == 0)
    passation = Passation.select().where(Passation.journey == journey).first()
    if rank == 0 and passation is not None:
        content = {"title": passation.instrument.title, "details": "Répondez comme cela vient\u00a0: il n’y a pas de bonne réponse."}
        given = {"interview": held[-1], "given_by": journey.counsellor, "created_at": held[-1].starts_at}
        Assignment.create(journey=journey, kind=Kind.QUESTIONNAIRE, passation=passation, content=content, **given)
    if rank < 2:
        _write(journey)


def _tell(journey: Journey, session: Interview, told: Told, *, with_files: bool) -> None:
    at = session.starts_at + datetime.timedelta(minutes=60)
    assignment = Assignment.create(
        journey=journey,
        interview=session,
        given_by=journey.counsellor,
        kind=Kind.TEXT,
        content={"title": told.title, "details": told.details},
        created_at=at,
        done_at=at + datetime.timedelta(days=4) if told.done or not journey.is_open else None,
    )
    for day, (who, text) in enumerate(told.words, start=1):
        moment = min(at + datetime.timedelta(days=day), now())
        AssignmentComment.create(assignment=assignment, author=getattr(journey, who), text=text, created_at=moment)
    if with_files:
        moment = at + datetime.timedelta(days=2)
        common = {"assignment": assignment, "added_by": journey.agent, "created_at": moment}
        photo, pages = _photo(), "Le carnaval\n\nAvant\u00a0: la liste, les ateliers, le goûter.\nPendant\u00a0: rester calme.\n".encode()
        Attachment.create(id=uuid.uuid4(), name="carnaval.jpg", media_type="image/jpeg", size=len(photo), content=photo, **common)
        Attachment.create(id=uuid.uuid4(), name="mes notes.txt", media_type="text/plain", size=len(pages), content=pages, **common)


def _photo() -> bytes:
    """Return a small drawing in the place of a photograph."""
    image = Image.new("RGB", (640, 420), (244, 236, 222))
    draw = ImageDraw.Draw(image)
    for place, colour in enumerate(((196, 88, 60), (62, 112, 140), (210, 160, 60), (92, 132, 84))):
        draw.ellipse((60 + 140 * place, 140, 160 + 140 * place, 240), fill=colour)
        draw.rectangle((80 + 140 * place, 240, 140 + 140 * place, 360), fill=colour)
    held = io.BytesIO()
    image.save(held, "JPEG", quality=80)
    return held.getvalue()


def _write(journey: Journey) -> None:
    for days_ago, who, text in MESSAGES:
        moment = now() - datetime.timedelta(days=days_ago, minutes=40 if who == "counsellor" else 90)
        author = getattr(journey, who)
        read_at = None if days_ago == 1 else moment + datetime.timedelta(hours=3)
        Message.create(journey=journey, author=author, text=text, created_at=moment, read_at=read_at)
