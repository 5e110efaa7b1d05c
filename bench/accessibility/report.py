"""What a run writes: the table of the criteria, what was looked at, and the few figures that /accessibilite shows."""

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from bench.accessibility.rgaa import ABSENT, FAILED, PASSED, PERSON, pages_with
from bilan.people.models import Role

LINKS = re.compile(r"\[([^\]]+)\]\([^)]*\)")
SOURCE = "Source des intitulés\u00a0: RGAA 4.1.2, direction interministérielle du numérique (DINUM), licence ouverte 2.0."
MADE = "Écrit par `make accessibility`\u00a0: ne pas modifier à la main."


@dataclass(frozen=True)
class Run:
    """One run: when, how long, with what, what was found, what answers a GET without being a page."""

    day: str
    minutes: int
    tools: str
    found: list
    not_pages: dict
    endpoints: int
    every: bool
    wanted: int  # visits that the plan holds

    @property
    def complete(self):
        """Whether the run came to its end."""
        return len(self.found) >= self.wanted

    @property
    def figures(self):
        """Return the figures that sum the run up."""
        looks = [tuple(look) for one in self.found for look in one["looks"]]
        return {
            "pages": len({(one["endpoint"], one["shape"]) for one in self.found if one["looks"]}),
            "endpoints": len({one["endpoint"] for one in self.found} - {"error"}),
            "persons": len({one["person"] for one in self.found}),
            "preferences": len({preference for preference, _ in looks}),
            "widths": sorted({width for _, width in looks}),
            "axe_runs": len(looks),
            "keyboard": sum(one["keyboard"] for one in self.found),
            "faults": sum(len(one["faults"]) for one in self.found),
        }


# One page reached by several addresses, or the same thing seen by two roles: a title each would tell them apart where nothing differs.
SAME_PAGE = (
    {"adaptations.ask", "adaptations.new"},
    {"prescriptions.new", "prescriptions.step"},
    {"improvement.from_complaint", "improvement.from_theme", "improvement.from_verbatim", "improvement.new"},
    {"complaints.follow", "treatment.show"},
    {"assignments.show", "questionnaires.fill", "questionnaires.start", "results.show"},
)


def titles_alike(found):
    """Return the faults of titles that name the pages of two endpoints, as the checks return theirs."""
    named = defaultdict(set)
    for one in found:
        if one["endpoint"] != "error":
            named[one["person"], one["title"]].add(one["endpoint"])
    alike = {
        (title, tuple(sorted(endpoints)))
        for (_, title), endpoints in named.items()
        if title and len(endpoints) > 1 and not any(endpoints <= same for same in SAME_PAGE)
    }
    return [["", "", "unique-title", f"«\u00a0{title}\u00a0»\u00a0: {', '.join(endpoints)}"] for title, endpoints in sorted(alike)]


def read_titles(path):
    """Return the themes and the titles of the criteria, as the DINUM publishes them; none without the file."""
    if not path.exists():
        return {}, {}
    topics = json.loads(path.read_text(encoding="utf-8"))["topics"]
    themes = {str(topic["number"]): topic["topic"] for topic in topics}
    titles = {
        f"{topic['number']}.{one['criterium']['number']}": LINKS.sub(r"\1", one["criterium"]["title"]).strip()
        for topic in topics
        for one in topic["criteria"]
    }
    return themes, titles


def totals(answers):
    """Return how many criteria had each result."""
    counted = Counter(one.result for one in answers)
    return {result: counted[result] for result in (PASSED, FAILED, PERSON, ABSENT)}


def criteria_page(run, answers, themes, titles, addresses):
    """Return docs/accessibility/criteres.md."""
    count = totals(answers)
    lines = [
        "# Les 106 critères du RGAA 4.1.2, un par un",
        "",
        f"Essai du {run.day}. {MADE} Ce qui a été regardé est dans [essais.md](essais.md).",
        "",
        *(f"- **{result}**\u00a0: {number}" for result, number in count.items()),
        "",
        (
            "«\u00a0Réussi\u00a0» veut dire que nos contrôles n’ont rien trouvé sur aucune page, non qu’un audit l’a établi. "
            "«\u00a0Sans objet\u00a0» veut dire que le parcours n’a rencontré aucun élément concerné. Ce qu’une personne doit vérifier l’est "
            "encore\u00a0: tant que personne ne l’a fait, le service est **non conforme**."
        ),
        "",
    ]
    theme = ""
    for one in answers:
        number = one.number.split(".")[0]
        if number != theme:
            theme = number
            lines += [
                f"## {number}. {themes.get(number, '')}".rstrip(),
                "",
                "| Critère | Résultat | Ce qui est contrôlé, ce qui est à vérifier, où |",
            ]
            lines.append("|---|---|---|")
        where = ", ".join(f"`{addresses.get(page, page)}`" for page in one.pages) if one.result in (PERSON, FAILED) else ""
        said = one.sentence + (f" *{one.faults} défauts.*" if one.faults else "") + (f"<br>Pages\u00a0: {where}" if where else "")
        lines.append(f"| **{one.number}** {titles.get(one.number, '')} | {one.result} | {said} |")
        if one is answers[-1] or answers[answers.index(one) + 1].number.split(".")[0] != theme:
            lines.append("")
    return "\n".join([*lines, SOURCE, ""])


def run_page(run, kinds, addresses):
    """Return docs/accessibility/essais.md."""
    figures, persons = run.figures, Counter(one["person"] for one in run.found)
    looks = Counter(tuple(look) for one in run.found for look in one["looks"] + one["laid"])
    by_preference = defaultdict(dict)
    for (preference, width), number in looks.items():
        by_preference[preference][width] = number
    faults = Counter(check for one in run.found for _, _, check, _ in one["faults"])
    lines = ["# Le dernier essai d’accessibilité", "", f"{run.day}, {run.minutes}\u00a0min. {run.tools}. {MADE}", ""]
    lines += [
        (
            f"- {figures['endpoints']} pages de l’application sur {run.endpoints} adresses qui répondent, dans tous leurs états\u00a0: "
            f"{figures['pages']} pages différentes, {len(run.found)} visites, {figures['persons']} personnes."
        ),
        f"- {figures['axe_runs']} analyses par axe, toutes ses règles, bonnes pratiques, essais et niveau AAA compris.",
        f"- {figures['keyboard']} pages parcourues en entier à la touche Tab, à 320 et à 1280 pixels, puis à 200\u00a0% avec tous les réglages à la fois.",
        f"- {figures['faults']} défauts.",
        *([f"- Essai arrêté avant sa fin\u00a0: {len(run.found)} visites sur {run.wanted}."] if not run.complete else []),
        "",
        *(
            ["Toutes les pages ont été regardées dans tous les réglages."]
            if run.every
            else [
                (
                    "Un essai entier regarde toutes les pages d’un des deux bilans (l’autre est son miroir) dans les réglages ordinaires, aux trois largeurs, "
                    "et la page la plus fournie de chaque adresse dans chaque réglage. `--every` regarde tout dans tout."
                )
            ]
        ),
        "Deux pages qui ne diffèrent que par des noms, des nombres et des identifiants sont une page.",
        "",
        "## Réglages et largeurs",
        "",
        "| Réglage | " + " | ".join(figures["widths"]) + " |",
        "|---" * (len(figures["widths"]) + 1) + "|",
        *(f"| {name} | " + " | ".join(str(by.get(width, "–")) for width in figures["widths"]) + " |" for name, by in by_preference.items()),
        "",
        "Un réglage que le serveur applique au contenu n’est regardé que sur les pages qu’il change.",
        "Un réglage seul, à 200\u00a0%, n’est regardé que dans sa mise en page, sans axe.",
        "",
        "## Personnes",
        "",
        "| Personne | Visites |",
        "|---|---|",
        *(f"| {name} | {number} |" for name, number in sorted(persons.items())),
        "",
        "## Défauts par sorte",
        "",
        *([f"- {check}\u00a0: {number}" for check, number in faults.most_common()] or ["Aucun."]),
        "",
        "## Ce qui a été rencontré",
        "",
        "| Élément | Pages | Par exemple |",
        "|---|---|---|",
        *(_met(kind, selector, run.found, addresses) for kind, selector in kinds.items()),
        "",
        "## Ce qui répond sans page, ou se regarde ailleurs",
        "",
        *(f"- `{addresses.get(name, name)}`\u00a0: {reason}" for name, reason in sorted(run.not_pages.items())),
        "",
    ]
    return "\n".join(lines)


def _met(kind, selector, found, addresses):
    holding = pages_with(kind, found)
    return (
        f"| `{selector.replace('|', chr(92) + '|')}` | {len(holding)} | {f'`{addresses.get(holding[0], holding[0])}`' if holding else ''} |"
    )


def figures_file(run, answers):
    """Return what the application reads to show the results: see bilan/public/rules.py."""
    figures = run.figures
    kept = {name: figures[name] for name in ("endpoints", "pages", "axe_runs", "keyboard", "faults", "widths")}
    preferences = figures["preferences"] - 1  # beside the ordinary display
    names = dict(zip(("passed", "failed", "person", "absent"), totals(answers).values(), strict=True))
    roles = len(Role) + 1  # with whoever has not signed in
    return (
        json.dumps(
            {
                "day": run.day,
                "tools": run.tools,
                "complete": run.complete,
                **kept,
                "preferences": preferences,
                "roles": roles,
                "criteria": names,
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )
