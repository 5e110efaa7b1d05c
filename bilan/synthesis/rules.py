"""Pure rules of the synthesis: its blocks, what they are assembled from, what is warned of, its digest."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Self

from bilan import french
from bilan.careers.rules import ConditionKind
from bilan.delicate import matters
from bilan.french import NBSP, to_paris
from bilan.wording import Worded

BLOCK_MAX = 40_000
# What would be a figure of a result: "27 sur 50", "27/50", "code RIA", "score", "27 points". A date has a second bar.
RAW_SCORE = re.compile(
    r"(?<![/\d])\d+(?:[,.]\d+)?\s*(?:sur\s*\d+|/\s*\d+(?!\d*\s*/))|\b[Cc]ode\s+[RIASEC]{1,6}\b|\b[Ss]cores?\b|\b\d+(?:,\d+)?\s*points?\b"
)
CODE = re.compile(r"\s*\(code [RIASEC]+\)")

NOTICE = (
    "Ce document appartient à la personne dont il porte le nom. Elle et la personne qui l’accompagne sont les seules à le lire. "
    "Ni l’employeur ni son service RH ne le reçoivent.\n\n"
    "La personne accompagnée décide seule de le montrer, à qui et quand. "
    "Rien de ce qu’il contient ne peut être demandé par l’employeur."
)


class State(Worded):
    """Where the document is."""

    DRAFT = "draft", "En rédaction"
    PROPOSED = "proposed", "Proposé à l’agent"
    VALIDATED = "validated", "Validé par les deux"


class Variant(Worded):
    """How the document is printed."""

    NORMAL = "normal", "PDF"
    LARGE = "large", "PDF en gros caractères"


class Setting(Worded):
    """Where the setting of a paper is."""

    WAITING = "waiting", "En préparation"
    READY = "ready", "Prêt"
    FAILED = "failed", "La mise en page a échoué"


class Block(Worded):
    """The blocks, in their order. `origin`: where each comes from."""

    origin: str

    def __new__(cls, value: str, label: str = "", origin: str = "") -> Self:
        """Make a member of its value, its title and its origin."""
        member = str.__new__(cls, value)
        member._value_, member.label, member.origin = value, label, origin
        return member

    IDENTITY = "identity", "La personne et le bilan", "Vient du dossier du bilan."
    CIRCUMSTANCES = "circumstances", "Les circonstances", "Vient des attentes de l’agent et des objectifs définis ensemble."
    COURSE = "course", "Le déroulement", "Vient des entretiens tenus et de leur durée."
    RESULTS = "results", "Ce que disent les questionnaires", "Vient des résultats restitués que l’agent n’a pas gardés hors de la synthèse."
    FINDINGS = "findings", "Ce qui ressort", "Vient de la lecture croisée, écrite par les deux."
    SKILLS = "skills", "Compétences et aptitudes", "Vient des compétences du parcours professionnel."
    CONDITIONS = "conditions", "Appuis et freins", "Vient des appuis et freins du parcours professionnel."
    SCENARIOS = "scenarios", "Le projet et ses scénarios", "Vient des scénarios, avec les mots de l’agent."
    PLAN = "plan", "Les étapes", "Vient du plan d’action."
    OBSERVATIONS = "observations", "Les observations de l’agent", "Écrit par l’agent."
    NOTICE = "notice", "Confidentialité", "Texte du centre, le même pour tous les bilans."


# The agent's own words are hers to write; the notice is nobody's.
REWORDABLE = tuple(one for one in Block if one not in (Block.OBSERVATIONS, Block.NOTICE))
REMOVABLE = tuple(one for one in Block if one not in (Block.IDENTITY, Block.NOTICE))
Content = list[dict[str, Any]]


class Stage(NamedTuple):
    """A stage of the document: `state` is "done", "current" or "todo"."""

    label: str
    detail: str
    state: str


def stages(synthesis: Any) -> list[Stage]:
    """Return the way of the document, for its stepper."""
    proposed = synthesis.state is not State.DRAFT
    dates = (synthesis.proposed_at if proposed else None, synthesis.agent_validated_at, synthesis.counsellor_validated_at)
    said = [f"le {french.short_day(one)}" if one else "" for one in dates]
    return [
        Stage("Rédaction", "", "done" if proposed else "current"),
        Stage("Proposition à l’agent", said[0], "done" if proposed else "todo"),
        Stage("Validation de l’agent", said[1], "done" if dates[1] else "current" if proposed else "todo"),
        Stage("Validation de la personne qui accompagne", said[2], "done" if dates[2] else "todo" if not dates[1] else "current"),
    ]


def assemble(sources: Mapping[Block, str]) -> Content:
    """Return the blocks of a first version, as what the two have written stands."""
    return [_block(one, sources.get(one, "")) for one in Block]


def _block(block: Block, text: str) -> dict[str, Any]:
    return {
        "key": block.value,
        "title": block.label,
        "origin": block.origin,
        "text": text,
        "source": fingerprint(text),
        "left_out": False,
        "reworded": False,
    }


def fingerprint(text: str) -> str:
    """Return what tells whether a source has changed, never what it said."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest(content: Content) -> str:
    """Return the SHA-256, in hexadecimal, of the content as canonical JSON: keys sorted, UTF-8, no space between the parts."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def block_of(content: Content, key: str) -> dict[str, Any]:
    """Return one block."""
    return next(one for one in content if one["key"] == key)


def with_block(content: Content, key: str, **changes: object) -> Content:
    """Return the content with one block changed."""
    return [one | changes if one["key"] == key else one for one in content]


def with_source(content: Content, key: str, text: str) -> Content:
    """Return the content with one block as its source now stands."""
    return with_block(content, key, text=text, source=fingerprint(text), reworded=False)


def changed(content: Content, sources: Mapping[Block, str]) -> set[str]:
    """Return the keys of the blocks whose source has changed since they were assembled."""
    return {one["key"] for one in content if Block(one["key"]) in REWORDABLE and one["source"] != fingerprint(sources[Block(one["key"])])}


def warnings(content: Content) -> list[tuple[str, str]]:
    """Return what the document seems to hold that it should not, as (title of the block, sentence); what is left out is not looked at."""
    found = []
    for block in content:
        if block["left_out"] or block["key"] == Block.NOTICE:
            continue
        if delicate := matters(block["text"]):
            found.append((block["title"], f"semble parler de {', '.join(delicate)}."))
        if raw := RAW_SCORE.search(block["text"]):
            found.append((block["title"], f"semble contenir un score brut{NBSP}: «{NBSP}{raw.group().strip()}{NBSP}»."))
    return found


def line(*parts: str) -> str:
    """Return an element of a list, on one line; what is empty is not said."""
    return "- " + ". ".join(flat.rstrip(".") for part in parts if (flat := " ".join(part.split()))) + "."


def under(title: str, lines: Iterable[str]) -> str:
    """Return a list under its title in bold, "" when there is none."""
    said = list(lines)
    return f"**{title}**\n\n" + "\n".join(said) if said else ""


def paragraphs(*texts: str) -> str:
    """Return texts one under the other, empty ones left."""
    return "\n\n".join(text.strip() for text in texts if text.strip())


def identity_text(journey: Any, centre: str) -> str:
    """Return whose bilan it is, and who accompanied it."""
    return paragraphs(
        f"Bilan professionnel {french.of(journey.agent.display_name)}.",
        f"Collectivité{NBSP}: {journey.employer.name}.",
        f"Accompagnement{NBSP}: {journey.counsellor.display_name}, {centre}.",
    )


def circumstances_text(wishes: str, objectives: Iterable[str]) -> str:
    """Return what the agent expected, and what the two aimed at."""
    return paragraphs(under("Mes attentes", [line(wishes)] if wishes else []), under("Nos objectifs", map(line, objectives)))


def course_text(meetings: Iterable[Any]) -> str:
    """Return the meetings held, their dates and their hours."""
    held = [one for one in meetings if one.held_minutes is not None]
    if not held:
        return ""
    lines = [
        line(f"{french.day(to_paris(one.starts_at).date())}, {one.kind.label.lower()}, {french.duration(one.held_minutes)}") for one in held
    ]
    total = french.duration(sum(one.held_minutes for one in held))
    return paragraphs(f"{french.plural(len(held), 'entretien tenu', 'entretiens tenus')}, {total} en tout.", "\n".join(lines))


def results_text(results: Iterable[tuple[str, Iterable[str]]]) -> str:
    """Return the sentences of results under the titles of their questionnaires: never a score, never a code of letters."""
    return paragraphs(*(under(title, [line(CODE.sub("", one)) for one in sentences]) for title, sentences in results))


def listed(pieces: Iterable[Any], *fields: str) -> str:
    """Return pieces one per line: the title, then these fields of their content."""
    return "\n".join(line(one.title, *(str(one.content.get(name) or "") for name in fields)) for one in pieces)


def conditions_text(conditions: Iterable[Any]) -> str:
    """Return supports and obstacles, by kind."""
    found = list(conditions)
    return paragraphs(*(under(kind.label, _of_kind(found, kind)) for kind in ConditionKind))


def _of_kind(conditions: Iterable[Any], kind: ConditionKind) -> list[str]:
    return [line(one.title, one.content.get("answer") or "") for one in conditions if one.content["kind"] == kind]


def scenarios_text(scenarios: Iterable[Any]) -> str:
    """Return the scenarios in the agent's words, without their marks."""
    return paragraphs(*(under(one.title, _of_scenario(one) or [line("Pas encore décrit")]) for one in scenarios))


def _of_scenario(scenario: Any) -> list[str]:
    said = {
        "L’avis de l’agent": scenario.words,
        "Sa place": scenario.priority.label if scenario.priority else "",
        "L’idée": scenario.content["description"],
        "La voie": scenario.route,
        "Le premier pas": scenario.content["first_step"],
        "Ce qui pourrait mal tourner": scenario.content["risk"],
    }
    return [line(f"{label}{NBSP}: {text}") for label, text in said.items() if text]


def plan_text(steps: Iterable[Any]) -> str:
    """Return the steps of the plan by day."""
    return "\n".join(line(one.title, french.day(one.due_on) if one.due_on else "", one.content["who"], one.state.label) for one in steps)
