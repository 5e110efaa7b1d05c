"""A populated application: everybody, two bilans that mirror each other, each state, a marker in each confidential field."""

import datetime
import json
import secrets
import time
from dataclasses import dataclass, field

import factories
from adaptings import adapt
from asked import ask_as_everybody
from client import Browser
from cryptography.fernet import Fernet
from endings import end
from futures import close_synthesis, propose_synthesis, review_future, write_future
from grievances import file_complaints
from opinions import ask_opinions
from told import tell_hr

from bilan import worker
from bilan.agenda.actions import open_subscription
from bilan.agenda.models import Slot
from bilan.careers.actions import link_experience
from bilan.database import now
from bilan.diagnostics.rules import TEXTS
from bilan.followup import actions as followup
from bilan.followup.models import Interruption
from bilan.followup.rules import Origin, Reason
from bilan.interviews import actions as interviews
from bilan.interviews.models import Interview
from bilan.interviews.rules import Mode
from bilan.mail.models import Email
from bilan.notes.models import Note
from bilan.occupations.models import identifier
from bilan.people import actions as people
from bilan.people.models import KeptEntry, Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import DelayReason, State
from bilan.proposals.actions import write_wishes
from bilan.questionnaires.models import Passation
from bilan.reception.actions import explain_delay
from bilan.sessions import SEEN

PERSONS = {
    "agent": (Role.AGENT, "home"),
    "other_agent": (Role.AGENT, "away"),
    "counsellor": (Role.COUNSELLOR, None),
    "other_counsellor": (Role.COUNSELLOR, None),
    "hr": (Role.HR, "home"),
    "other_hr": (Role.HR, "away"),
    "secretariat": (Role.SECRETARIAT, None),
    "disability_referent": (Role.DISABILITY_REFERENT, None),
    "manager": (Role.MANAGER, None),
}
EVERYBODY = ("anonymous", *PERSONS)
MIRROR = {"agent": "other_agent", "counsellor": "other_counsellor", "hr": "other_hr"}


def mirrored(names):
    """Return the same persons of the other bilan."""
    return {MIRROR.get(name, name) for name in names}


@dataclass
class Marker:
    """A text found nowhere else; `readers` may see it; `mailed_to` are the addresses whose e-mails may hold it."""

    name: str
    text: str
    readers: set[str]
    mailed_to: set[str] = field(default_factory=set)


@dataclass
class Bilan:
    """One agent's bilan, with something in each state (a closed bilan of the same agent beside it)."""

    draft: object  # a prescription that was not sent
    received: object  # one that was, for another agent
    journey: object  # its diagnostic is decided, its programme waits for the agent
    held: object  # an interview that took place, with its notes
    coming: object
    assigned: object
    started: object
    submitted: object
    released: object
    closed_journey: object
    closed_held: object
    closed_started: object
    closed_released: object
    experience: object  # with a skill drawn from it
    skill: object
    condition: object
    entered: Passation
    statement: object
    disclosure: object
    closed_statement: object
    closed_disclosure: object
    review: object  # accepted, without a date
    closed_review: object  # held, with its minutes
    grid: Passation
    lead: object
    survey: object
    closed_lead: object
    scenario: object
    closed_scenario: object
    step: object
    closed_step: object  # its review is written
    closed_survey: object
    finding: object
    closed_finding: object
    closed_experience: object
    closed_skill: object
    closed_condition: object
    free_slot: object  # of the counsellor
    quoted: object  # a prescription whose quote waits for an answer
    quote: object
    answered_quote: object
    employer: object
    work: object  # given, answered, not done
    done_work: object
    fresh_work: object  # nobody has begun
    questionnaire_work: object
    closed_work: object
    agent_file: object
    counsellor_file: object
    closed_file: object
    closed_other_file: object
    paper: object  # of a synthesis that the agent has commented and that waits for the validations
    closed_paper: object  # of one that is frozen


@dataclass
class World:
    """Who and what the application holds; `app` is given by the fixture."""

    people: dict
    cookies: dict
    bilans: dict
    markers: dict
    grievances: dict  # the complaints, their tokens, a letter and two files
    sent: object
    refused: object
    tokens: dict
    app: object = None

    def __getattr__(self, name):
        if name in PERSONS:
            return self.people[name]
        raise AttributeError(name)

    @property
    def complaint(self):
        return self.grievances["complaint"]

    @property
    def follow_up(self):
        return self.grievances["tokens"]["follow"]

    @property
    def home(self):
        return self.bilans["home"]

    @property
    def away(self):
        return self.bilans["away"]

    def browser(self, name):
        """Return the browser of somebody who has signed in through the form, when the world was made."""
        browser = Browser(self.app, self.cookies.get(name))
        if name in self.cookies:
            with browser.client.session_transaction() as session:
                session[SEEN] = int(time.time())  # however long ago the world was made
        return browser


def populate(app):
    """Fill a migrated application and return the world that it holds."""
    with app.test_request_context():
        employers = {side: factories.make_employer(f"Commune {side}") for side in ("home", "away")}
        everybody = {name: _person(name, employers) for name in PERSONS}
        markers: dict[str, Marker] = {}
        bilans = {side: _bilan(side, everybody, employers[side], markers) for side in ("home", "away")}
        adapt(bilans, everybody, lambda *words: mark(markers, *words))
        grievances = file_complaints(everybody, lambda *words, **others: mark(markers, *words, **others))
        tokens = {**_links(everybody["agent"], markers), "session": factories.make_open_session(everybody["agent"])}
        tokens["calendar"] = open_subscription(counsellor=everybody["counsellor"])
        markers["jeton-calendar"] = Marker("jeton-calendar", tokens["calendar"], set())
        tokens["survey"] = ask_opinions(bilans["home"], markers, Marker)
        _kept_entry(everybody["agent"], markers)
        ask_as_everybody(everybody, lambda *words: mark(markers, *words))
    worker.run_pending()
    cookies = {name: _signed_in(app, person) for name, person in everybody.items()}
    with app.test_request_context():
        refused, tokens["passkey"] = _refused_mail(everybody["agent"]), factories.make_passkey(everybody["other_hr"])
    return World(everybody, cookies, bilans, markers, grievances, Email.about(grievances["complaint"].id)[0], refused, tokens)


def _person(name, employers):
    role, side = PERSONS[name]
    return factories.make_person(role, name=f"Prénom {name}", email=f"{name}@exemple.fr".replace("_", "-"), employer=employers.get(side))


def _signed_in(app, person):
    browser = Browser(app)
    browser.arrive(person)
    return browser.cookie()


def mark(markers, name, readers, mailed_to=()):
    """Make a marker and return its text."""
    text = f"MARQUEUR-{name}-{secrets.token_hex(4)}"
    markers[name] = Marker(name, text, set(readers), set(mailed_to))
    return text


def _bilan(side, everybody, employer, markers):
    def who(*names):
        return set(names) if side == "home" else mirrored(names)

    def marker(name, *readers):
        return mark(markers, f"{name}-{side}", who(*readers))

    (agent,), (counsellor,), (officer,) = ([everybody[name] for name in who(one)] for one in ("agent", "counsellor", "hr"))
    parts = {}
    for prefix in ("closed_", ""):  # the open bilan is the newest
        journey = factories.make_journey(agent, counsellor, employer, **({} if prefix else _asked(marker)))
        held = factories.make_interview(journey)
        notes = [marker(f"{prefix}note-privee-{number}", "counsellor") for number in (1, 2)]
        factories.write_note(held, "private", *notes)
        old = marker(f"{prefix}note-partagee-1", "counsellor")
        factories.write_note(held, "shared", old, marker(f"{prefix}note-partagee-2", "counsellor", "agent"))
        # Each first version was written the day before: savings that follow each other are shown as one.
        Note.update(created_at=now() - datetime.timedelta(days=1)).where(Note.number == 1).execute()
        released = factories.submit(factories.assign(journey))
        factories.comment(released, marker(f"{prefix}commentaire-ouvert", "counsellor", "agent"))
        factories.comment(released, marker(f"{prefix}commentaire-de-l-agent", "counsellor", "agent"), by=journey.agent)
        parts[f"{prefix}finding"] = factories.make_finding(journey, sentence=marker(f"{prefix}lecture-croisee", "counsellor", "agent"))
        parts |= _leads(prefix, journey, marker)
        parts |= write_future(prefix, journey, parts[f"{prefix}lead"], marker)
        parts |= tell_hr(prefix, journey, officer, marker)
        parts |= {f"{prefix}journey": journey, f"{prefix}held": held, f"{prefix}released": factories.release(released)}
        parts |= _work(prefix, journey, held, marker)
        parts |= _career(prefix, journey, marker)
        if prefix:
            parts["closed_paper"] = close_synthesis(journey, marker)
            parts["closed_started"] = factories.answer(factories.assign(journey), count=7)
            parts["closed_review"] = end(prefix, journey, marker)
            factories.close(journey)
            parts["closed_step"] = review_future(parts["closed_step"], marker)
    parts["submitted"] = factories.submit(factories.assign(parts["journey"]))
    factories.comment(parts["submitted"], marker("commentaire-ferme", "counsellor"))
    parts["started"] = factories.answer(factories.assign(parts["journey"]), count=7)
    # The product gives one unfinished filling of a questionnaire at a time: this one is written beside it.
    parts["assigned"] = Passation.create(journey=parts["journey"], slug=factories.SLUG, version=1)
    entered = factories.enter(Passation.create(journey=parts["journey"], slug=factories.SLUG, version=1))
    parts["entered"] = factories.answer(entered, count=7)
    grid = factories.assign(parts["journey"], "ressources-et-freins")
    parts["grid"] = factories.release(factories.submit(grid, **{"M1-phrase": marker("grille-phrase", "agent", "counsellor")}))
    parts["questionnaire_work"] = factories.give_passation(parts["assigned"])
    _diagnostic(parts["journey"], marker)
    parts["review"] = end("", parts["journey"], marker)
    _accompaniment(parts, marker)
    parts |= _prescriptions(employer, everybody, who, marker)
    parts["coming"] = factories.make_interview(parts["journey"], days=5)
    _make_remote(parts["coming"], f"https://visio.exemple/{marker('lien-visio', 'agent', 'counsellor')}")
    parts["free_slot"] = factories.make_slot(counsellor)
    parts["paper"] = propose_synthesis(parts["journey"], marker)
    parts |= _quotes(who, everybody, employer)
    return Bilan(**parts)


def _work(prefix, journey, held, marker):
    """Give work with everything that may be said of it, and write a message each way; in the open bilan, in every state."""
    both = ("agent", "counsellor")
    words = {name: marker(f"{prefix}travail-{name}", *both) for name in ("titre", "details")}
    work = factories.give_work(journey, interview=held, title=words["titre"], details=words["details"])
    files = {}
    for name, author in (("agent", journey.agent), ("counsellor", journey.counsellor)):
        text = marker(f"{prefix}travail-mot-{name}", *both)
        content = marker(f"{prefix}fichier-{name}", *both).encode()
        files[name] = factories.answer_work(
            work, author, text, name=f"{marker(f'{prefix}nom-de-fichier-{name}', *both)}.txt", content=content
        )
        factories.send_message(journey, author, marker(f"{prefix}message-{name}", *both))
    if prefix:
        return {"closed_work": work, "closed_file": files["agent"], "closed_other_file": files["counsellor"]}
    done = factories.give_work(journey, title="Relire")
    factories.tick(done)
    return {"work": work, "done_work": done, "fresh_work": factories.give_work(journey, title="Appeler")} | {
        f"{name}_file": file for name, file in files.items()
    }


def _leads(prefix, journey, marker):
    """Return a lead that is sorted and kept, with its survey."""
    both = ("agent", "counsellor")
    words = {name: marker(f"{prefix}piste-{name}", *both) for name in ("title", "why")}
    lead = factories.make_lead(journey, sorting=("interested", marker(f"{prefix}piste-raison", *both)), kept=True, **words)
    words = {name: marker(f"{prefix}enquete-{name}", *both) for name in ("who", "findings")}
    return {f"{prefix}lead": lead, f"{prefix}survey": factories.make_survey(lead, **words)}


def _career(prefix, journey, marker):
    """Return an experience, a skill drawn from it and an obstacle, written by one and the other of the two people."""

    def texts(kind, *names):
        return {name: marker(f"{prefix}{kind}-{name}", "agent", "counsellor") for name in names}

    words = texts("experience", "position", "employer", "grade", "tasks", "successes", "difficulties", "leaving", "proof")
    experience = factories.make_experience(journey, starts="2015-03", ends="2019-06", status="tenured", pleasure="4", **words)
    link_experience(experience=experience, occupation_id=identifier("territorial:jardinier-municipal"), by=journey.agent)
    factories.make_experience(journey, by=journey.counsellor, starts="2019", ongoing=True)
    words = texts("competence", "name", "proof", "transferable")
    skill = factories.make_skill(journey, experience, by=journey.counsellor, level="advanced", again="yes", frequency="daily", **words)
    factories.make_skill(journey, to_develop=True)
    condition = factories.make_condition(journey, kind="obstacle", strength="3", **texts("frein", "sentence", "answer"))
    found = {"experience": experience, "skill": skill, "condition": condition}
    return {f"{prefix}{name}": piece for name, piece in found.items()}


def _make_remote(interview, link):
    Slot.update(mode=Mode.REMOTE, place=link).where(Slot.interview == interview.id).execute()
    Interview.update(mode=Mode.REMOTE).where(Interview.id == interview.id).execute()
    interview.mode = Mode.REMOTE


def _asked(marker):
    """Return what HR wrote of the open bilan: everything but the request is the secretariat's to read too."""
    everyone = ("hr", "secretariat", "counsellor", "agent")
    asked = {name: marker(f"demande-{name}", *everyone) for name in ("phone", "position")}
    return asked | {"expectations": marker("demande-attentes", "hr", "counsellor", "agent")}


def _diagnostic(journey, marker):
    """Write the agent's own expectations and the grid, and propose a programme."""
    prescription = Prescription.for_counsellor(journey.id)
    write_wishes(prescription=prescription, wishes=marker("attentes-de-l-agent", "counsellor", "agent"))
    content = {name: marker(f"diagnostic-{name}", "counsellor") for name, (_, shared) in TEXTS.items() if not shared}
    factories.propose_programme(journey, objectives=marker("diagnostic-objectifs", "counsellor", "agent"), **content)


def _accompaniment(parts, marker):
    """Say what was worked on, half-way and at the end: the closed bilan was interrupted."""
    for prefix in ("", "closed_"):
        journey = parts[f"{prefix}journey"]
        touched = marker(f"{prefix}objectif-travaille", "counsellor", "agent")
        interviews.touch_objectives(interview=parts[f"{prefix}held"], objectives=[touched], by=journey.counsellor)
        content = {name: marker(f"{prefix}mi-parcours-{name}", "counsellor", "agent") for name in ("useful", "adjust")} | {"pace": "right"}
        followup.write_midway(journey=journey, content=content, base=0, by=journey.agent)
    detail = marker("interruption", "counsellor")
    closed = parts["closed_journey"]
    Interruption.create(journey=closed, origin=Origin.AGENT, reason=Reason.OTHER, detail=detail, by=closed.counsellor)


def _prescriptions(employer, everybody, who, marker):
    """Return a draft and a prescription that was received late, with its reason."""
    (author,) = (everybody[name] for name in who("hr"))
    draft = factories.make_prescription(State.DRAFT, employer=employer, author=author, expectations=marker("brouillon", "hr"))
    received = factories.make_prescription(
        State.RECEIVED, employer=employer, author=author, received_days_ago=25, position=marker("poste", "hr", "secretariat")
    )
    fresh = Prescription.for_secretariat(received.id)
    note = marker("raison-du-retard", "secretariat")
    explain_delay(prescription=fresh, reason=DelayReason.OTHER, note=note, by=everybody["secretariat"])
    return {"draft": draft, "received": received}


def _quotes(who, everybody, employer):
    """Return a quote that waits and one that was accepted, each on a prescription of its own."""
    (officer,) = (everybody[name] for name in who("hr"))
    waiting, answered = (factories.make_quote(employer=employer, author=officer, by=everybody["secretariat"]) for _ in range(2))
    factories.accept(answered, officer)
    return {"quoted": waiting.prescription, "quote": waiting, "answered_quote": answered, "employer": employer}


def _links(agent, markers):
    """Send every kind of one-time link; their tokens are markers too, which only their e-mail holds."""
    people.send_sign_in_link(email=agent.email)
    people.send_reset_link(email=agent.email)
    tokens = {kind: factories.last_link(kind).rsplit("/", 1)[1] for kind in ("sign_in_link", "password_reset")}
    for kind, token in tokens.items():
        markers[f"jeton-{kind}"] = Marker(f"jeton-{kind}", token, set(), {agent.email})
    return tokens


def _kept_entry(agent, markers):
    """Keep what the agent typed in a browser of which nobody here holds the key."""
    fields = json.dumps([["text", mark(markers, "saisie-gardee", set())]]).encode()
    KeptEntry.create(person=agent, path="/mon-bilan", sealed=Fernet(Fernet.generate_key()).encrypt(fields))


def _refused_mail(agent):
    """Return an e-mail that the server refused."""
    people.send_sign_in_link(email=agent.email)
    email = Email.select().order_by(Email.created_at.desc()).first()
    later = email.created_at + datetime.timedelta(days=9)
    Email.update(state="failed", last_error="550 Unknown", next_attempt_at=later).where(Email.id == email.id).execute()
    return email
