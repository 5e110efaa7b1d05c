"""Complaints for the world and for their own tests: one that goes on, with its thread, and one that is answered."""

import uuid

import factories
from improvements import write_plan

from bilan.complaints import actions as complaints
from bilan.complaints.models import Complaint, ComplaintEntry, ComplaintFile
from bilan.complaints.rules import EntryKind, Reason
from bilan.treatment import actions as treatment

KEEPERS = ("secretariat", "manager")


def text_file(content, name="trace.txt"):
    return {"name": name, "media_type": "text/plain", "content": content.encode()}


def note(complaint, by, text="Appelé le service.", kind=EntryKind.STEP, file=None):
    submission = uuid.uuid4()
    treatment.note(complaint=complaint, kind=kind, text=text, file=file, submission=submission, by=by)
    return ComplaintEntry.get_by_id(submission)


def reply(complaint, by, text="Pouvez-vous nous dire quand ?"):
    submission = uuid.uuid4()
    treatment.reply(complaint=complaint, text=text, file=None, submission=submission, by=by)
    return ComplaintEntry.get_by_id(submission)


def tell(complaint, text="Encore une chose.", file=None):
    complaints.write_message(complaint=complaint, text=text, file=file, submission=uuid.uuid4())


def close(complaint, by, answer="Voici notre réponse.", *, measure="Prévenir la veille.", reason=Reason.MEASURE, submission=None):
    taken = reason is Reason.MEASURE
    submission = submission or uuid.uuid4()
    words = {"answer": answer, "measure": measure, "reason": reason, "measure_taken": taken}
    treatment.close(complaint=complaint, submission=submission, by=by, **words)
    return Complaint.by_id_with_people(complaint.id)


def judge(complaint, *, satisfied=True, text=""):
    complaints.judge(complaint=complaint, satisfied=satisfied, text=text, submission=uuid.uuid4())
    return Complaint.by_id_with_people(complaint.id)


def reopen(complaint, text="La cause n’est pas dite."):
    complaints.reopen(complaint=complaint, text=text, submission=uuid.uuid4())
    return Complaint.by_id_with_people(complaint.id)


def file_complaints(everybody, marker):
    """Return the complaints of the world, the tokens of their follow-up pages, a letter and the two files of a thread."""
    boxes = {"secretariat@espace2m.org"}
    hers = {"plaignante@exemple.fr"}

    def words(name, prefix="reclamation", **others):
        return marker(f"{prefix}-{name}", KEEPERS, **others)

    texts = {name: words(name, mailed_to=boxes | (hers if name == "name" else set())) for name in ("name", "happened", "expected")}
    complaint, token = factories.file_complaint(email="plaignante@exemple.fr", **texts)
    tell(complaint, words("message"), text_file(words("fichier"), f"{words('nom-de-fichier')}.txt"))
    note(complaint, everybody["secretariat"], words("note", "interne"), file=text_file(words("fichier", "interne"), "interne.txt"))
    letter = reply(complaint, everybody["manager"], words("reponse"))
    texts = {name: words(name, mailed_to=boxes) for name in ("autre-happened", "autre-name")}
    named = {"happened": texts["autre-happened"], "name": texts["autre-name"], "email": ""}
    answered, answered_token = factories.file_complaint(**named)
    close(answered, everybody["secretariat"], words("cloture"), measure=words("mesure", "interne"))
    inside, outside = (
        ComplaintFile.select().join(ComplaintEntry).where(ComplaintEntry.kind == kind).get() for kind in (EntryKind.STEP, EntryKind.MESSAGE)
    )
    plan = write_plan(everybody["manager"], answered, marker)
    return plan | {
        "complaint": complaint,
        "answered": answered,
        "tokens": {"follow": token, "answered": answered_token},
        "letter": letter,
        "file": inside,
        "her_file": outside,
    }
