"""Adaptations, for the world and for their own tests."""

import uuid

from bilan.adaptations import actions
from bilan.adaptations.models import AdaptationRequest
from bilan.adaptations.rules import CounsellorSees, Decision, EntryKind
from bilan.mail.models import Notice
from bilan.measures import actions as measures
from bilan.measures.models import Measure
from bilan.measures.rules import Kind

SHOWN = {"shows_words": True, "shows_name": True, "shows_meetings": True, "counsellor_sees": CounsellorSees.ALL}
HIDDEN = {"shows_words": False, "shows_name": False, "shows_meetings": False, "counsellor_sees": CounsellorSees.NOTHING}


def ask(agent, journey=None, *needs, words="", contact=None, **shown):
    """Return a request, everything shown unless said otherwise."""
    content = {"needs": list(needs or ("longer", "calm_room")), "words": words, "contact": contact or {}}
    journey_id = journey.id if journey else None
    made = actions.ask(
        submission=uuid.uuid4(), content=content, shown=SHOWN | shown, agent=agent, journey_id=journey_id, begun=journey is not None
    )
    return AdaptationRequest.get_by_id(made.id)


def decide(request, by, decision=Decision.GRANTED, reason="C’est possible.", *, late_reason="", base=None):
    base = AdaptationRequest.get_by_id(request.id).revision if base is None else base
    measures.decide(request=request, decision=decision, reason=reason, late_reason=late_reason, base=base, by=by)
    return AdaptationRequest.get_by_id(request.id)


def add(request, by, kind, **values):
    """Return a measure that was decided."""
    number = uuid.uuid4()
    measures.add_measure(request=request, kind=Kind(kind), values=values, submission=number, by=by)
    return Measure.by_id_with_request(number)


def put_in_place(request, by, kind, **values):
    """Return a measure that acts."""
    measure = add(request, by, kind, **values)
    measures.apply_measure(measure=measure, by=by)
    return Measure.by_id_with_request(measure.id)


def write(request, by, text, kind=EntryKind.MESSAGE):
    actions.write(request=request, kind=kind, text=text, submission=uuid.uuid4(), by=by)


def adapt(bilans, everybody, mark):
    """Give each bilan a request that is shown, one that is hidden, measures in place and a notice; and the public page one of its own."""
    referent = everybody["disability_referent"]
    for side, bilan in bilans.items():
        agent_name, counsellor = ("agent", "counsellor") if side == "home" else ("other_agent", "other_counsellor")
        both, agent = (agent_name, "disability_referent"), everybody[agent_name]
        bilan.adaptation = ask(agent, bilan.journey, words=mark(f"adaptation-mots-{side}", both))
        write(bilan.adaptation, agent, mark(f"adaptation-message-{side}", both))
        decide(bilan.adaptation, referent, reason=mark(f"adaptation-motif-{side}", both))
        put_in_place(bilan.adaptation, referent, "other", text=mark(f"adaptation-mesure-{side}", (*both, counsellor)))
        put_in_place(bilan.adaptation, referent, "breaks", every=45, pause=10)
        put_in_place(bilan.adaptation, referent, "phone", contact=mark(f"adaptation-telephone-{side}", ("secretariat",)))
        bilan.hidden = ask(agent, bilan.journey, words=mark(f"adaptation-mots-caches-{side}", (agent_name,)), **HIDDEN)
        decide(bilan.hidden, referent)
        bilan.measure = put_in_place(bilan.hidden, referent, "other", text=mark(f"adaptation-mesure-cachee-{side}", both))
        bilan.waiting_measure = add(bilan.hidden, referent, "remote")
        bilan.notice = Notice.get(Notice.person == agent.id)
    ask(None, contact={"name": mark("adaptation-nom-public", ("disability_referent",)), "contact": "06"}, **HIDDEN)
