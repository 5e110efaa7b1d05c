"""What a person who may posts to each endpoint: one valid body each, which the tests of bad input spoil field by field."""

import datetime
from dataclasses import dataclass, field

import time_machine

from bilan.complaints.rules import sign_form
from bilan.diagnostics import rules as diagnostic_rules


@dataclass
class Post:
    """Who posts what where; `fresh` makes the address of an endpoint whose link serves once."""

    person: str
    data: dict = field(default_factory=dict)
    state: str = ""
    fresh: str = ""


MEETING = {
    "kind": "diagnostic",
    "date": f"{datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=40)}",
    "time": "10:00",
    "planned_minutes": "90",
    "mode": "remote",
}
TOMORROW = f"{datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=2)}"
LOGGED = {"kind": "accompaniment", "date": "2026-10-05", "time": "10:00", "held_minutes": "60", "mode": "remote", "because": "forgotten"}
DECISION = {
    "decision": "reconsider",
    "planned_minutes": "840",
    "rhythm": "weekly",
    "starts_on": "2026-12-01",
    "ends_on": "2027-03-01",
    "reconsider_on": "2027-01-15",
}
GRID = dict.fromkeys(diagnostic_rules.TEXTS, "t") | {"motive": "", "informed": "phases", "readiness": "yes", "base": "1"}
QUOTE = {
    "hours": "14",
    "hourly": "95",
    "vat": "0",
    "exemption": "e",
    "valid_until": (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=30)).date().isoformat(),
    "submission": "00000000-0000-4000-8000-000000000002",
    "step": "send",
}
PAGE = {"seen": "7", "R2": "3", "shown-R2": "2"}
SURVEY = {"who": "w", "contact": "visit", "on": "2026-10-01", "findings": "f"}
SCENARIO = {
    "title": "t",
    "description": "d",
    "origin": "o",
    "route": "transfer",
    "interests_mark": "3",
    "interests_sentence": "s",
    "first_step": "f",
    "risk": "r",
}
STEP = {
    "action": "a",
    "scenario": "",
    "due_on": TOMORROW,
    "objective": "o",
    "indicator": "i",
    "who": "w",
    "support": "s",
    "obstacle": "o",
    "answer": "a",
}
REVIEW = {"date": TOMORROW, "time": "10:00", "planned_minutes": "60", "mode": "remote", "place": "https://visio.exemple/a"}
SLOT = {"slot": "{free_slot}"}
WORK = {
    "what": "text",
    "title": "t",
    "details": "d",
    "due_on": "2027-01-15",
    "interview": "",
    "submission": "00000000-0000-4000-8000-000000000003",
}
OFFER = {
    "date": "2027-01-12",
    "time": "14:00",
    "minutes": "90",
    "mode": "on_site",
    "place": "4 rue Molière",
    "access_notes": "Sonner.",
    "link": "https://visio.exemple/a",
    "repeat": "week",
    "until": "2027-02-12",
}
SUBMISSION = {"submission": "00000000-0000-4000-8000-000000000002", "then": ""}
EXPERIENCE = {
    "position": "p",
    "employer": "e",
    "starts": "mars 2015",
    "ends": "2019",
    "ongoing": "",
    "status": "tenured",
    "grade": "g",
    "tasks": "t",
    "successes": "s",
    "difficulties": "d",
    "pleasure": "4",
    "leaving": "l",
    "proof": "p",
}
SKILL = {
    "name": "n",
    "kind": "soft",
    "experience": "",
    "proof": "p",
    "level": "expert",
    "frequency": "daily",
    "again": "yes",
    "to_develop": "y",
    "transferable": "t",
}
CONDITION = {"kind": "obstacle", "sentence": "s", "strength": "4", "answer": "a"}
ACTION = {"title": "t", "observed": "o", "origin": "audit", "theme": "", "owner": "", "due_on": TOMORROW}
ACTION_NUMBER = {"submission": "00000000-0000-4000-8000-000000000031"}
ACTION_BASE = {"base": "1", "state": "dropped", "reason": "r", "effect": "e", "effect_on": "2026-10-01"}
NEEDED = {"welcome": "calm_room", "meetings": "breaks", "tools": "other", "words": "w"}
SHARED = {"shows_words": "y", "shows_name": "y", "shows_meetings": "y", "counsellor_sees": "all"}
NUMBER = {"submission": "00000000-0000-4000-8000-000000000041"}
POSTS = {
    "adaptations.ask": Post("agent", NEEDED | SHARED | NUMBER),
    "adaptations.judge": Post("agent", {"suits": "no", "words": "w"} | NUMBER, "adaptation"),
    "adaptations.new": Post("anonymous", NEEDED | {"name": "P", "contact": "06", "proof": "{proof}", "site_web": ""}),
    "adaptations.read": Post("agent", {"text": "t"} | NUMBER, "adaptation"),
    "adaptations.share": Post("agent", SHARED, "adaptation"),
    "adaptations.withdraw": Post("agent", {}, "adaptation"),
    "measures.check": Post("disability_referent", {"text": "t"} | NUMBER, "adaptation"),
    "measures.decide": Post("disability_referent", {"decision": "partly", "reason": "r", "late_reason": "l", "base": "1"}, "adaptation"),
    "measures.measure": Post("disability_referent", {"minutes": "150"} | NUMBER, "adaptation"),
    "measures.settle": Post("disability_referent", {"action": "apply"}, "waiting_measure"),
    "measures.show": Post("disability_referent", {"what": "told", "text": "t"} | NUMBER, "adaptation"),
    "mail.notice": Post("secretariat", {"action": "told"}, "notice"),
    "agenda.book_for": Post("secretariat", SLOT, "journey"),
    "agenda.cancel": Post("agent", {"reason": "work"}, "coming"),
    "agenda.cancel_for": Post("secretariat", {"outcome": "cancelled", "reason": "work"}, "coming"),
    "agenda.choose": Post("agent", SLOT),
    "agenda.move": Post("agent", SLOT, "coming"),
    "agenda.move_for": Post("secretariat", SLOT, "coming"),
    "agenda.publish": Post("counsellor", OFFER),
    "agenda.subscription": Post("counsellor", {"action": "open"}),
    "agenda.withdraw_slot": Post("counsellor", {"series": "1"}, "free_slot"),
    "assignments.answer": Post("agent", {"text": "t", "submission": "00000000-0000-4000-8000-000000000004"}, "work"),
    "assignments.change": Post("counsellor", {"title": "t", "details": "d", "due_on": "2027-01-15", "base": "0"}, "work"),
    "assignments.give": Post("counsellor", WORK, "journey"),
    "assignments.remove_file": Post("agent", {}, "agent_file"),
    "assignments.tick": Post("agent", {"done": "yes"}, "work"),
    "assignments.withdraw": Post("counsellor", {}, "fresh_work"),
    "occupations.link": Post("agent", {"occupation": "{foreign}"}, "experience"),
    "messages.mark_read": Post("agent", {"newest": "{foreign}"}, "journey"),
    "messages.send": Post("agent", {"text": "t", "submission": "00000000-0000-4000-8000-000000000004"}, "journey"),
    # The form that changes a piece is the one that adds it, whose every field is tried below.
    "careers.condition": Post("agent", {"kind": "obstacle", "sentence": "s", "base": "1"}, "condition"),
    "careers.experience": Post("counsellor", {"position": "p", "starts": "mars 2015", "base": "1"}, "experience"),
    "careers.new_condition": Post("counsellor", CONDITION | SUBMISSION | {"base": "0"}, "journey"),
    "quality.compute": Post("manager", {}),
    "verbatims.sort": Post("manager", {"themes": "{foreign}", "shown": "{foreign}"}),
    "verbatims.redact": Post("manager", {"words": "MARQUEUR", "step": "hide"}),
    "verbatims.themes": Post("manager", {"name": "n"}),
    "verbatims.theme": Post("manager", {"name": "n"}),
    "verbatims.merge": Post("manager", {"into": "{other_theme}"}),
    "verbatims.remove": Post("manager", {"confirmed": "y"}),
    "improvement.new": Post("manager", ACTION | ACTION_NUMBER),
    "improvement.from_complaint": Post("manager", ACTION | ACTION_NUMBER | {"origin": "complaint"}),
    "improvement.from_theme": Post("manager", ACTION | ACTION_NUMBER),
    "improvement.from_verbatim": Post("manager", ACTION | ACTION_NUMBER),
    "improvement.edit": Post("manager", ACTION | ACTION_BASE),
    "improvement.publish": Post("manager", {"sentence": "s", "step": "publish"}),
    "improvement.withdraw": Post("manager", {}),
    "evidence.index": Post("manager", {"start": "2026-01-01", "end": "2026-06-30", "submission": "00000000-0000-4000-8000-000000000031"}),
    "evidence.remove": Post("manager", {}),
    "privacy.stop_keeping": Post("agent", {}, state="closed_journey"),
    "data_requests.ask_correction": Post("agent", {"datum": "name", "words": "w"} | NUMBER),
    "data_requests.ask_erasure": Post("agent", {"words": "w"} | NUMBER),
    "data_requests.show": Post("secretariat", {"answer": "a", "outcome": "refused", "name": "n"}),
    "data_requests.withdraw": Post("agent", {}),
    "exports.index": Post("agent", {}),
    "exports.take": Post("agent", {}),
    "exports.remove": Post("agent", {}),
    "satisfaction.fill": Post("anonymous", {"ensemble": "4", "recommandation": "9", "points_forts": "p"}),
    "careers.new_experience": Post("agent", EXPERIENCE | SUBMISSION | {"base": "0"}, "journey"),
    "careers.new_skill": Post("agent", SKILL | SUBMISSION | {"base": "0"}, "journey"),
    "careers.order": Post("agent", {"up": "{foreign}", "down": "{foreign}"}, "journey"),
    "careers.remove_condition": Post("agent", {"base": "1"}, "condition"),
    "careers.remove_experience": Post("counsellor", {"base": "1"}, "experience"),
    "careers.remove_skill": Post("agent", {"base": "1"}, "skill"),
    "careers.skill": Post("counsellor", {"name": "n", "kind": "soft", "base": "1"}, "skill"),
    "complaints.follow": Post("anonymous", {"text": "t", "submission": "00000000-0000-4000-8000-000000000021"}),
    "complaints.judge": Post("anonymous", {"verdict": "again", "words": "w", "submission": "00000000-0000-4000-8000-000000000022"}),
    "complaints.log": Post(
        "manager",
        {
            "kind": "hazard",
            "channel": "letter",
            "received_on": f"{datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=3)}",
            "name": "P",
            "email": "",
            "phone": "",
            "address": "1 rue",
            "link": "agent",
            "happened": "h",
            "expected": "e",
            "about": "{officer}",
            "submission": "00000000-0000-4000-8000-000000000023",
        },
    ),
    "complaints.new": Post(
        "anonymous",
        {
            "kind": "difficulty",
            "name": "P",
            "email": "p@exemple.fr",
            "phone": "",
            "link": "agent",
            "happened": "h",
            "expected": "e",
            "about_counsellor": "",
            "call_back": "",
            "proof": "{proof}",
            "site_web": "",
        },
    ),
    "diagnostics.decide": Post("counsellor", DECISION, "journey"),
    "diagnostics.programme": Post("agent", {}),
    "diagnostics.save": Post("counsellor", GRID, "journey"),
    "followup.interrupt": Post("counsellor", {"origin": "agent", "reason": "other", "detail": "d"}, "journey"),
    "followup.resume": Post("counsellor", {}, "journey"),
    "followup.suspend": Post("counsellor", {"resumes_on": TOMORROW}, "journey"),
    "followup.write_midway": Post("agent", {"useful": "u", "adjust": "a", "pace": "right", "base": "0"}, "journey"),
    "interviews.log": Post("counsellor", LOGGED, "journey"),
    "interviews.take_slot": Post("counsellor", {"slot": "{free_slot}", "entretien": ""}, "journey"),
    "interviews.touch": Post("counsellor", {"objective": "0"}, "held"),
    "interviews.change": Post("counsellor", MEETING, "coming"),
    "interviews.plan": Post("counsellor", MEETING, "journey"),
    "notes.save": Post("counsellor", {"text": "t", "base": "2"}, "held"),
    "interviews.show": Post("counsellor", {"outcome": "held", "held_minutes": "60"}, "held"),
    "journeys.conflicts": Post("counsellor", {"employer": "", "person_name": "N", "lift": ""}),
    "journeys.show": Post("counsellor", {"leaving": "diagnostic"}, "journey"),
    "mail.show": Post("secretariat", {"action": "again"}),
    "confirmations.decide": Post("manager", {"action": "refuse"}),
    "departures.leave": Post("secretariat", {"everybody": "", "successor": "", "step": "check"}),
    "access.begin": Post("hr", {}),
    "access.close": Post("agent", {}),
    "access.close_others": Post("hr", {}),
    "access.code": Post("anonymous", {"code": "123456"}),
    "access.factor": Post("hr", {"code": "123456"}),
    "access.recovery": Post("anonymous", {"code": "aaaa-bbbb-cccc-dddd"}),
    "access.remove": Post("hr", {}),
    "access.renew": Post("hr", {}),
    "passkeys.add": Post("hr", {"name": "N", "answer": "{}"}),
    "passkeys.enter": Post("anonymous", {"answer": "{}"}),
    "passkeys.remove": Post("other_hr", {}),
    "people.account": Post("agent", {"current": "une phrase facile à retenir", "password": "un autre mot de passe"}),
    "people.accounts": Post("secretariat", {"display_name": "N", "email": "n@exemple.fr", "role": "hr", "employer": "Commune"}),
    "people.ask_link": Post("anonymous", {"email": "agent@exemple.fr"}),
    "people.ask_reset": Post("anonymous", {"email": "agent@exemple.fr"}),
    "people.choose_password": Post("anonymous", {"password": "un autre mot de passe"}, fresh="password_reset"),
    "people.display": Post("agent", {"theme": "dark", "text": "large", "typeface": "system", "one_question": "y"}),
    "people.manage_account": Post("secretariat", {"action": "suspend"}),
    "people.open_link": Post("anonymous", fresh="sign_in_link"),
    "people.resume": Post("agent", {"entry": "{foreign}"}),
    "prescriptions.check": Post("hr", {}, "draft"),
    "prescriptions.discard": Post("hr", {}, "draft"),
    "prescriptions.new": Post(
        "hr",
        {"agent_name": "N", "agent_email": "n@exemple.fr", "phone": "1", "submission": "00000000-0000-4000-8000-000000000001"},
    ),
    "prescriptions.step": Post("hr", {"agent_name": "N", "agent_email": "n@exemple.fr", "phone": "1", "then": ""}, "draft"),
    "prescriptions.withdraw": Post("hr", {}, "received"),
    "proposals.decline": Post("agent", {}),
    "proposals.show": Post("agent", {"wishes": "w", "needs": "y"}),
    "reception.assign": Post("secretariat", {"counsellor": "{foreign}"}, "received"),
    "reception.invite": Post("secretariat", {}, "received"),
    "reception.replace": Post("secretariat", {"counsellor": "{foreign}", "until": "2026-12-01", "action": ""}, "journey"),
    "reception.show": Post("secretariat", {"reason": "quote", "note": "n"}, "received"),
    "questionnaires.assign": Post("counsellor", {"slug": "interets", "due_on": ""}, "journey"),
    "questionnaires.check": Post("agent", {}, "started"),
    "questionnaires.enter": Post("counsellor", {"channel": "phone"}, "started"),
    "closing.assess": Post("counsellor", {"base": "1", "level_0": "missed", "sentence_0": "s"}, "journey"),
    "closing.close": Post("counsellor", {}, "journey"),
    "closing.decide": Post("agent", {"decision": "nothing"}, "journey"),
    "closing.hand_over": Post("counsellor", {"on": "2026-10-01"}, "journey"),
    "closing.keep": Post("agent", {"keep": "future", "months": "6", "need": "n", "base": "1"}, "journey"),
    "hr_review.agree": Post("agent", {"base": "1"}, "review"),
    "hr_review.answer": Post("agent", {"answer": "no"}, "review"),
    "hr_review.meet": Post("hr", {}, "closed_review"),
    "hr_review.minutes": Post("counsellor", {"text": "t", "base": "1"}, "review"),
    "hr_review.plan": Post("counsellor", REVIEW, "review"),
    "hr_review.propose": Post("counsellor", {"recipient": "{officer}"}, "journey"),
    "disclosure.agree": Post(
        "agent", {"blocks": "plan", "recipient": "{officer}", "purpose": "p", "until": TOMORROW, "step": "agree", "seen": "x"}, "journey"
    ),
    "disclosure.new_statement": Post("agent", {"subject": "training", "text": "t", "base": "0", "submission": ""}, "journey"),
    "disclosure.read": Post("hr", {}, "disclosure"),
    "disclosure.remove_statement": Post("agent", {"base": "1"}, "statement"),
    "disclosure.revoke": Post("agent", {}, "disclosure"),
    "disclosure.statement": Post("agent", {"subject": "training", "text": "t", "base": "1"}, "statement"),
    "leads.edit": Post("agent", {"title": "t", "why": "w", "base": "1"}, "lead"),
    "leads.keep": Post("agent", {"kept": "1"}, "lead"),
    "leads.new": Post("agent", {"title": "t", "why": "w", "base": "0", "submission": ""}, "journey"),
    "leads.new_survey": Post("agent", SURVEY | {"base": "0", "submission": ""}, "lead"),
    "leads.remove": Post("agent", {"base": "1"}, "lead"),
    "leads.remove_survey": Post("agent", {"base": "1"}, "survey"),
    "leads.sort": Post("agent", {"choice": "explore", "reason": "r", "base": "1"}, "lead"),
    "leads.suggestions": Post("agent", {"occupation": "{foreign}"}, "journey"),
    "leads.survey": Post("agent", SURVEY | {"base": "1"}, "survey"),
    "plans.answer": Post("agent", {"done": "partly", "why": "w", "base": "1"}, "closed_step"),
    "plans.edit": Post("counsellor", {"action": "a", "due_on": TOMORROW, "base": "1"}, "step"),
    "plans.move": Post("agent", {"state": "doing", "par": "date"}, "step"),
    "plans.new": Post("agent", STEP | {"base": "0", "submission": ""}, "journey"),
    "plans.remove": Post("agent", {"base": "1"}, "step"),
    "synthesis.assemble": Post("agent", {}, "journey"),
    "synthesis.block": Post("agent", {"text": "t", "base": "2"}, "journey"),
    "synthesis.leave_out": Post("agent", {"base": "2", "out": "1"}, "journey"),
    "synthesis.observations": Post("agent", {"text": "t", "base": "2"}, "journey"),
    "synthesis.print_document": Post("agent", {"variant": "large"}, "journey"),
    "synthesis.propose": Post("counsellor", {"base": "2", "seen": "y"}, "journey"),
    "synthesis.restore": Post("counsellor", {"base": "2"}, "journey"),
    "synthesis.validate": Post("agent", {"base": "2"}, "journey"),
    "scenarios.choose": Post("agent", {"priority": "A", "words": "w", "base": "1"}, "scenario"),
    "scenarios.edit": Post("counsellor", {"title": "t", "pay_mark": "2", "pay_sentence": "s", "base": "1"}, "scenario"),
    "scenarios.new": Post("agent", SCENARIO | {"base": "0", "submission": ""}, "journey"),
    "scenarios.remove": Post("agent", {"base": "1"}, "scenario"),
    "results.carry": Post("agent", {}, "grid"),
    "results.comment": Post("counsellor", {"text": "t", "base": "1"}, "released"),
    "results.finding": Post("agent", {"sentence": "s", "sources": "path", "base": "1"}, "finding"),
    "results.keep_out": Post("agent", {"out": "1"}, "released"),
    "results.new_finding": Post("agent", {"sentence": "s", "sources": "path", "base": "0", "submission": ""}, "journey"),
    "results.release": Post("counsellor", {}, "submitted"),
    "results.remove_finding": Post("agent", {"base": "1"}, "finding"),
    "questionnaires.fill": Post("agent", PAGE, "started"),
    "questionnaires.save": Post("agent", {"R1": "3", "seen": "1"}, "started"),
    "questionnaires.withdraw": Post("counsellor", {}, "assigned"),
    "quotes.answer": Post("hr", {"answer": "refused"}, "quote"),
    "quotes.draw_up": Post("secretariat", QUOTE, "quoted"),
    "quotes.employer": Post(
        "secretariat", {"name": "Commune home", "address": "a", "agreement_until": "2030-01-01", "size": "small"}, "employer"
    ),
    "security.login": Post("anonymous", {"email": "agent@exemple.fr", "password": "x", "next": "/"}),
    "security.logout": Post("hr", {}),
    "treatment.close": Post(
        "secretariat",
        {
            "answer": "a",
            "reason": "measure",
            "measure_taken": "yes",
            "measure": "m",
            "submission": "00000000-0000-4000-8000-000000000024",
        },
    ),
    "treatment.qualify": Post("manager", {"kind": "hazard", "owner": "", "about": ""}),
    "treatment.show": Post("secretariat", {"what": "step", "text": "t", "submission": "00000000-0000-4000-8000-000000000025"}),
}


def placeholders(world):
    """Return what stands for each word between braces: what only a populated world knows."""
    with time_machine.travel(datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=1)):  # sooner, it would be a robot
        proof = sign_form(world.app.config["SECRET_KEY"], "00000000-0000-4000-8000-000000000001")
    return {
        "{foreign}": str(world.away.journey.id),
        "{proof}": proof,
        "{other_theme}": str(world.grievances["other_theme"].id),
        "{officer}": str(world.people["hr"].id),
        "{free_slot}": str(world.home.free_slot.id),
    }


def prepared(value, known):
    """Return a value with its words between braces replaced."""
    for word, meant in known.items():
        value = value.replace(word, meant)
    return value
