"""Every address of the application, for the walks: which objects each endpoint is tried on."""

from dataclasses import dataclass

from bilan.confirmations.models import AccountRequest
from bilan.data_requests.models import DataRequest
from bilan.evidence.models import EvidenceFile
from bilan.exports.models import DataExport
from bilan.mail.models import Email
from bilan.occupations.models import identifier
from bilan.privacy.models import Certificate

PASSATIONS = ("assigned", "started", "entered", "submitted", "released", "grid", "closed_started", "closed_released")
JOURNEYS = ("journey", "closed_journey")
INTERVIEWS = ("held", "coming", "closed_held")
PRESCRIPTIONS = ("draft", "received", "journey", "closed_journey")
QUOTES = ("quote", "answered_quote")
STATEMENTS, DISCLOSURES = ("statement", "closed_statement"), ("disclosure", "closed_disclosure")
REVIEWS = ("review", "closed_review")
LEADS, SURVEYS = ("lead", "closed_lead"), ("survey", "closed_survey")
STEPS = ("step", "closed_step")
SCENARIOS = ("scenario", "closed_scenario")
PAPERS = ("paper", "closed_paper")
FINDINGS = ("finding", "closed_finding")
EXPERIENCES = ("experience", "closed_experience")
SKILLS = ("skill", "closed_skill")
CONDITIONS = ("condition", "closed_condition")
# A page that the agent and her counsellor share: its way is for show, one is tried as the other.
SHARED = ({"way": "parcours"},)
ADAPTATIONS = ("adaptation", "hidden")
SIDES = ("home", "away")
# An occupation of the shipped catalogue, the one of the experience of the world.
JARDINIER = identifier("territorial:jardinier-municipal")
WORK = ("work", "done_work", "fresh_work", "questionnaire_work", "closed_work")
FILES = ("agent_file", "counsellor_file", "closed_file", "closed_other_file")
SHARED = ({"way": "parcours"},)

# Which objects of a bilan the `id` of an endpoint is tried with.
OBJECTS = {
    "agenda.book_for": JOURNEYS,
    "agenda.cancel": INTERVIEWS,
    "agenda.cancel_for": INTERVIEWS,
    "agenda.event": INTERVIEWS,
    "agenda.move": INTERVIEWS,
    "agenda.move_for": INTERVIEWS,
    "agenda.withdraw_slot": ("free_slot",),
    "careers.condition": CONDITIONS,
    "careers.conditions": JOURNEYS,
    "careers.experience": EXPERIENCES,
    "careers.new_condition": JOURNEYS,
    "careers.new_experience": JOURNEYS,
    "careers.new_skill": JOURNEYS,
    "careers.order": JOURNEYS,
    "careers.path": JOURNEYS,
    "careers.remove_condition": CONDITIONS,
    "careers.remove_experience": EXPERIENCES,
    "careers.remove_skill": SKILLS,
    "careers.skill": SKILLS,
    "careers.skills": JOURNEYS,
    "diagnostics.decide": JOURNEYS,
    "diagnostics.save": JOURNEYS,
    "diagnostics.show": JOURNEYS,
    "prescriptions.check": PRESCRIPTIONS,
    "prescriptions.discard": PRESCRIPTIONS,
    "prescriptions.show": PRESCRIPTIONS,
    "prescriptions.step": PRESCRIPTIONS,
    "prescriptions.withdraw": PRESCRIPTIONS,
    "reception.assign": PRESCRIPTIONS,
    "reception.invite": PRESCRIPTIONS,
    "reception.replace": PRESCRIPTIONS,
    "reception.show": PRESCRIPTIONS,
    "interviews.certificate": (*JOURNEYS, "quoted"),
    "interviews.change": INTERVIEWS,
    "followup.interrupt": JOURNEYS,
    "followup.journal": JOURNEYS,
    "followup.midway": JOURNEYS,
    "followup.resume": JOURNEYS,
    "followup.suspend": JOURNEYS,
    "followup.write_midway": JOURNEYS,
    "hours.show": JOURNEYS,
    "interviews.log": JOURNEYS,
    "interviews.own_certificate": JOURNEYS,
    "interviews.plan": JOURNEYS,
    "interviews.take_slot": JOURNEYS,
    "interviews.touch": INTERVIEWS,
    "notes.compare": INTERVIEWS,
    "interviews.read": INTERVIEWS,
    "notes.save": INTERVIEWS,
    "interviews.show": INTERVIEWS,
    "notes.versions": INTERVIEWS,
    "journeys.show": JOURNEYS,
    "questionnaires.assign": JOURNEYS,
    "questionnaires.check": PASSATIONS,
    "questionnaires.blank": PASSATIONS,
    "questionnaires.enter": PASSATIONS,
    "questionnaires.fill": PASSATIONS,
    "closing.assess": JOURNEYS,
    "closing.close": JOURNEYS,
    "closing.decide": JOURNEYS,
    "closing.hand_over": JOURNEYS,
    "closing.keep": JOURNEYS,
    "closing.show": JOURNEYS,
    "hr_review.agree": REVIEWS,
    "hr_review.answer": REVIEWS,
    "hr_review.meet": REVIEWS,
    "hr_review.minutes": REVIEWS,
    "hr_review.plan": REVIEWS,
    "hr_review.propose": JOURNEYS,
    "hr_review.show": JOURNEYS,
    "disclosure.agree": JOURNEYS,
    "disclosure.index": JOURNEYS,
    "disclosure.new_statement": JOURNEYS,
    "disclosure.read": DISCLOSURES,
    "disclosure.remove_statement": STATEMENTS,
    "disclosure.revoke": DISCLOSURES,
    "disclosure.statement": STATEMENTS,
    "leads.edit": LEADS,
    "leads.index": JOURNEYS,
    "leads.keep": LEADS,
    "leads.new": JOURNEYS,
    "leads.new_survey": LEADS,
    "leads.remove": LEADS,
    "leads.remove_survey": SURVEYS,
    "leads.show": LEADS,
    "leads.sort": LEADS,
    "leads.suggestions": JOURNEYS,
    "leads.survey": SURVEYS,
    "plans.answer": STEPS,
    "plans.calendar": JOURNEYS,
    "plans.edit": STEPS,
    "plans.index": JOURNEYS,
    "plans.move": STEPS,
    "plans.new": JOURNEYS,
    "plans.remove": STEPS,
    "plans.review": JOURNEYS,
    "privacy.stop_keeping": JOURNEYS,
    "scenarios.choose": SCENARIOS,
    "scenarios.edit": SCENARIOS,
    "scenarios.index": JOURNEYS,
    "scenarios.new": JOURNEYS,
    "scenarios.remove": SCENARIOS,
    "results.carry": PASSATIONS,
    "results.comment": PASSATIONS,
    "results.crossing": JOURNEYS,
    "results.finding": FINDINGS,
    "results.index": JOURNEYS,
    "results.keep_out": PASSATIONS,
    "results.new_finding": JOURNEYS,
    "results.paper": PASSATIONS,
    "results.release": PASSATIONS,
    "results.remove_finding": FINDINGS,
    "results.show": PASSATIONS,
    "questionnaires.save": PASSATIONS,
    "questionnaires.start": PASSATIONS,
    "questionnaires.withdraw": PASSATIONS,
    "quotes.answer": QUOTES,
    "quotes.document": QUOTES,
    "quotes.draw_up": ("quoted", "journey"),
    "quotes.employer": ("employer",),
    "assignments.answer": WORK,
    "assignments.change": WORK,
    "assignments.download": FILES,
    "assignments.give": JOURNEYS,
    "assignments.index": JOURNEYS,
    "assignments.remove_file": FILES,
    "assignments.show": WORK,
    "assignments.tick": WORK,
    "assignments.withdraw": WORK,
    "occupations.index": JOURNEYS,
    "occupations.link": EXPERIENCES,
    "occupations.show": JOURNEYS,
    "messages.index": JOURNEYS,
    "synthesis.assemble": JOURNEYS,
    "synthesis.block": JOURNEYS,
    "synthesis.document": PAPERS,
    "synthesis.leave_out": JOURNEYS,
    "synthesis.observations": JOURNEYS,
    "synthesis.paper": PAPERS,
    "synthesis.print_document": JOURNEYS,
    "synthesis.propose": JOURNEYS,
    "synthesis.restore": JOURNEYS,
    "synthesis.show": JOURNEYS,
    "synthesis.validate": JOURNEYS,
    "synthesis.version": JOURNEYS,
    "messages.mark_read": JOURNEYS,
    "messages.send": JOURNEYS,
    **{f"adaptations.{name}": ADAPTATIONS for name in ("read", "judge", "share", "withdraw")},
    **{f"measures.{name}": ADAPTATIONS for name in ("show", "decide", "measure", "check")},
    "measures.settle": ("measure", "waiting_measure"),
    "mail.notice": ("notice",),
    "mail.letter": ("notice",),
}
# The other arguments of an address: each is tried.
ARGUMENTS = {
    # Most shared pages are walked by the counsellor's way: the way is not what authorises.
    "followup.journal": ({"way": "parcours"},),
    "followup.midway": ({"way": "mon-bilan"},),
    "hours.show": ({"way": "mon-bilan"}, {"way": "parcours"}),
    "notes.compare": ({"kind": "private", "number": 2}, {"kind": "shared", "number": 1}),
    "notes.save": ({"kind": "private"}, {"kind": "shared"}),
    "notes.versions": ({"kind": "private"}, {"kind": "shared"}),
    "careers.condition": SHARED,
    "careers.conditions": SHARED,
    "careers.experience": SHARED,
    "careers.new_condition": SHARED,
    "careers.new_experience": SHARED,
    "careers.new_skill": SHARED,
    "careers.order": SHARED,
    "careers.path": ({"way": "parcours"}, {"way": "mon-bilan"}),
    "careers.remove_condition": SHARED,
    "careers.remove_experience": SHARED,
    "careers.remove_skill": SHARED,
    "careers.skill": SHARED,
    "careers.skills": SHARED,
    "interviews.save_note": ({"kind": "private"}, {"kind": "shared"}),
    "interviews.versions": ({"kind": "private"}, {"kind": "shared"}),
    "prescriptions.step": tuple({"step": step} for step in ("agent", "situation", "demande", "modalites")),
    "questionnaires.check": ({"way": "mon-bilan"},),
    "questionnaires.fill": ({"way": "mon-bilan", "number": 2}, {"way": "parcours", "number": 2}),
    "questionnaires.save": ({"way": "parcours", "item": "R1"},),
    "questionnaires.start": ({"way": "mon-bilan"}, {"way": "parcours"}),
    "closing.assess": SHARED,
    "closing.show": ({"way": "mon-bilan"}, {"way": "parcours"}),
    "hr_review.propose": SHARED,
    "hr_review.show": SHARED,
    "disclosure.index": ({"way": "mon-bilan"}, {"way": "parcours"}),
    "disclosure.new_statement": SHARED,
    "disclosure.remove_statement": SHARED,
    "disclosure.statement": SHARED,
    "leads.edit": SHARED,
    "leads.index": SHARED,
    "leads.keep": SHARED,
    "leads.new": SHARED,
    "leads.new_survey": SHARED,
    "leads.remove": SHARED,
    "leads.remove_survey": SHARED,
    "leads.show": ({"way": "mon-bilan"}, {"way": "parcours"}),
    "leads.suggestions": SHARED,
    "leads.survey": SHARED,
    "plans.edit": SHARED,
    "plans.index": ({"way": "mon-bilan"}, {"way": "parcours"}),
    "plans.move": SHARED,
    "plans.new": SHARED,
    "plans.remove": SHARED,
    "scenarios.edit": SHARED,
    "scenarios.index": ({"way": "mon-bilan"}, {"way": "parcours"}),
    "scenarios.new": SHARED,
    "scenarios.remove": SHARED,
    "results.carry": SHARED,
    "results.comment": SHARED,
    "results.crossing": SHARED,
    "results.finding": SHARED,
    "results.index": SHARED,
    "results.new_finding": SHARED,
    "results.paper": SHARED,
    "results.remove_finding": SHARED,
    "results.show": ({"way": "mon-bilan"}, {"way": "parcours"}),
    "pages.font": ({"name": "AtkinsonHyperlegible-Bold.ttf"},),
    "assignments.answer": SHARED,
    "assignments.download": SHARED,
    "assignments.index": SHARED,
    "assignments.remove_file": SHARED,
    "assignments.show": SHARED,
    "occupations.index": ({"way": "parcours"}, {"way": "mon-bilan"}),
    "occupations.link": SHARED,
    "occupations.show": ({"way": "parcours", "occupation_id": JARDINIER},),
    "synthesis.assemble": SHARED,
    "synthesis.block": ({"way": "parcours", "key": "skills"},),
    "synthesis.document": SHARED,
    "synthesis.leave_out": ({"key": "skills"},),
    "synthesis.paper": SHARED,
    "synthesis.print_document": SHARED,
    "synthesis.restore": ({"way": "parcours", "key": "skills"},),
    "synthesis.show": ({"way": "parcours"}, {"way": "mon-bilan"}),
    "synthesis.validate": SHARED,
    "synthesis.version": ({"way": "parcours", "number": 1},),
    "messages.index": ({"way": "parcours"}, {"way": "mon-bilan"}),
    "messages.mark_read": SHARED,
    "messages.send": SHARED,
    "measures.measure": tuple({"kind": one} for one in ("session", "reading", "post", "other")),
    "improvement.export": tuple({"extension": one} for one in ("csv", "ods", "pdf")),
    "quality.export": ({"extension": "csv"}, {"extension": "ods"}),
    "treatment.export": ({"extension": "csv"}, {"extension": "ods"}),
}


@dataclass(frozen=True)
class Address:
    """One address: `state` and `side` say which object it names ("" when none)."""

    endpoint: str
    path: str
    state: str = ""
    side: str = ""


def methods(app):
    """Return every (endpoint, method) of the application, HEAD and OPTIONS apart."""
    return sorted({(rule.endpoint, method) for rule in app.url_map.iter_rules() for method in rule.methods - {"HEAD", "OPTIONS"}})


def addresses(world, endpoint):
    """Return the addresses of an endpoint, on every object of the world."""
    found = []
    with world.app.test_request_context():
        for arguments, state, side in _arguments(world, endpoint):
            path = world.app.url_for(endpoint, **arguments)
            found.append(Address(endpoint, path, state, side))
    return found


def _arguments(world, endpoint):
    if endpoint in OBJECTS:
        for side in SIDES:
            for state in OBJECTS[endpoint]:
                for others in ARGUMENTS.get(endpoint, ({},)):
                    yield {"id": getattr(world.bilans[side], state).id, **others}, state, side
        return
    single = {
        "agenda.feed": {"token": world.tokens["calendar"]},
        "complaints.follow": {"token": world.follow_up},
        "verbatims.sort": {"id": world.grievances["verbatim"].id},
        "verbatims.redact": {"id": world.grievances["verbatim"].id},
        "verbatims.theme": {"id": world.grievances["theme"].id},
        "verbatims.merge": {"id": world.grievances["theme"].id},
        "verbatims.remove": {"id": world.grievances["theme"].id},
        "improvement.from_complaint": {"id": world.complaint.id},
        "improvement.from_theme": {"id": world.grievances["theme"].id},
        "improvement.from_verbatim": {"id": world.grievances["verbatim"].id},
        "improvement.edit": {"id": world.grievances["action"].id},
        "improvement.publish": {"id": world.grievances["done_action"].id},
        "improvement.withdraw": {"id": world.grievances["done_action"].id},
        "satisfaction.fill": {"token": world.tokens["survey"]},
        "complaints.judge": {"token": world.grievances["tokens"]["answered"]},
        "complaints.download": {"token": world.grievances["tokens"]["follow"], "file_id": world.grievances["her_file"].id},
        "treatment.qualify": {"id": world.complaint.id},
        "treatment.close": {"id": world.complaint.id},
        "treatment.letter": {"id": world.grievances["letter"].id},
        "mail.show": {"id": world.refused.id},
        **{f"evidence.{name}": {"id": EvidenceFile.listed()[0].id} for name in ("take", "remove")},
        **{f"privacy.{name}": {"id": Certificate.of_agent(world.agent)[0].id} for name in ("certificate", "document")},
        **{f"exports.{name}": {"id": DataExport.of_agent(world.agent).id} for name in ("take", "remove")},
        "data_requests.withdraw": {"id": DataRequest.of_agent(world.agent)[0].id},
        "confirmations.decide": {"id": AccountRequest.get(AccountRequest.outcome.is_null()).id},
        "access.close": {"id": world.tokens["session"]},
        "passkeys.remove": {"id": world.tokens["passkey"]},
        "departures.leave": {"id": world.other_counsellor.id},
        "people.manage_account": {"id": world.other_agent.id},
        "people.open_link": {"token": world.tokens["sign_in_link"]},
        "people.choose_password": {"token": world.tokens["password_reset"]},
        "pages.static_file": {"name": "bilan.css", "digest": world.app.config["ASSETS"]["bilan.css"]},
    }
    several = {
        "complaints.follow": [{"token": token} for token in world.grievances["tokens"].values()],
        **{f"data_requests.{name}": [{"id": one.id} for one in DataRequest.of_agent(world.agent)] for name in ("read", "show")},
        "improvement.show": [{"id": world.grievances[name].id} for name in ("action", "done_action")],
        "treatment.show": [{"id": world.grievances[name].id} for name in ("complaint", "answered")],
        "treatment.download": [{"id": world.grievances[name].id} for name in ("file", "her_file")],
    }
    for others in ARGUMENTS.get(endpoint, several.get(endpoint, (single.get(endpoint, {}),))):
        yield others, "", ""


def get_endpoints(app):
    """Return the endpoints that answer a GET."""
    return [endpoint for endpoint, method in methods(app) if method == "GET"]


def every_get(world):
    """Return every address that a person may try to read, each e-mail of the outbox included."""
    found = [address for endpoint in get_endpoints(world.app) for address in addresses(world, endpoint)]
    with world.app.test_request_context():
        found += [Address("mail.show", world.app.url_for("mail.show", id=email.id)) for email in Email.select()]
    return found
