"""The shape of the code: imports go downward, rules are pure, one file knows htmx's headers, no file becomes a drawer.

Each check is a function of a folder, and is tried on a planted tree that breaks it.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = ("instruments", "surveys", "rules", "models", "accounts", "actions", "forms", "views")
FOUNDATION = {"database", "vault", "settings", "french", "fields", "htmx", "protection", "worker"}
PURE = {"flask", "peewee", "playhouse", "flask_wtf", "wtforms", "flask_login", "flask_security"}

# Files of a domain beyond the five, each with its reason.
OTHER_FILES = {
    "people/accounts.py": "the accounts as Flask-Security wants to find them",
    "prescriptions/facts.py": "what an HR service may know of a bilan",
    "interviews/telling.py": "what is told of a meeting: e-mails and calendar files",
    "adaptations/telling.py": "what is told of an adaptation: e-mails and reminders",
    "questionnaires/boxes.py": "the questions of a page as HTML",
    "results/drawings.py": "the pictures of a result, as coordinates",
    "quality/indicators.py": "the indicators, as data and arithmetic",
    "quality/opinions.py": "what the opinions are counted from",
    "quality/populations.py": "what an indicator says beside another of the same population",
    "quality/drawings.py": "the picture of an indicator, as coordinates",
    "quality/readings.py": "the figures as they are read: page, table, paper",
    "seals/words.py": "what the events are called in French",
    "evidence/samples.py": "sampled bilans, a line each",
    "evidence/lists.py": "what is counted or listed",
    "evidence/texts.py": "a public page as a text",
    "evidence/proofs.py": "what is given for each indicator of the reference",
    "evidence/archive.py": "the ZIP",
    "proconnect/provider.py": "ProConnect at the other end of the line",
    "privacy/contents.py": "what a bilan holds, line by line",
    "exports/chapters.py": "the chapters of the bilans",
    "exports/endings.py": "the last chapters of a bilan",
    "exports/around.py": "the chapters around the bilans",
    "exports/files.py": "the files and the papers",
    "exports/archive.py": "the ZIP",
    "data_requests/holdings.py": "what is held of an agent, and what of it may go",
    "operation/logs.py": "the logs of a process",
    "operation/metrics.py": "figures for a monitor",
    "operation/doctor.py": "what is wrong with an installation",
    "privacy/clearing.py": "how each kind of thing goes",
    "scenarios/drawings.py": "the picture of the scenarios, as coordinates",
    "satisfaction/surveys/__init__.py": "the published surveys, as data",
    "questionnaires/instruments/__init__.py": "the published questionnaires, as data",
    "questionnaires/instruments/definition.py": "what their files may hold",
    "questionnaires/instruments/questions.py": "what their files ask",
}
# Sizes beyond the maxima, each with its reason.
LONGER = {
    "bilan/migrations/0001_foundation.py:up": "a published migration is one straight list of tables",
    "bilan/migrations/0002_from_prescription_to_first_interview.py": "a published migration is one straight list of tables",
    "bilan/migrations/0002_from_prescription_to_first_interview.py:up": "a published migration is one straight list of tables",
    "bilan/migrations/0003_sessions_and_follow_up.py:up": "a published migration is one straight list of tables",
    "bilan/migrations/0005_personal_work_and_messages.py:up": "a published migration is one straight list of tables",
    "bilan/migrations/0004_career_path.py:up": "a published migration is one straight list of tables",
    "bilan/migrations/0006_restitution.py:up": "a published migration is one straight list of tables",
    "bilan/migrations/0008_leads.py:up": "a published migration is one straight list of tables",
    "bilan/migrations/0009_scenarios_and_plan.py:up": "a published migration is one straight list of tables",
    "bilan/migrations/0014_satisfaction.py:answers": "a published migration is one straight list of tables",
    "bilan/migrations/0011_disclosure.py:up": "a published migration is one straight list of tables",
    "bilan/migrations/0012_closing.py:up": "a published migration is one straight list of tables",
    "bilan/migrations/0010_synthesis.py:up": "a published migration is one straight list of tables",
    "bilan/migrations/0013_complaints.py:create_thread": "a published migration is one straight list of tables",
    "bilan/migrations/0016_improvement.py:plan": "a published migration is one straight list of tables",
    "bilan/migrations/0018_adaptations.py:requests": "a published migration is one straight list of tables",
    "bilan/permissions.py": "one table: who may do what",
    "bilan/migrations/0007_occupations.py:up": "a published migration is one straight list of tables",
    "bilan/quality/indicators.py": "one table: the indicators",
    "bilan/settings.py": "one table: a line per setting",
}
MODULE, FUNCTION, VIEW, TEMPLATE, TEST = 250, 40, 25, 120, 400


def modules(root):
    return sorted((root / "bilan").rglob("*.py"))


def domains(root):
    return {path.parent.name for path in (root / "bilan").glob("*/views.py")}


def imports(path):
    """Return the dotted names that a module imports; `from bilan.x import y` gives bilan.x and bilan.x.y."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def place(path, root):
    """Return the domain and the layer of a module, None for what is outside a domain."""
    parts = path.relative_to(root / "bilan").with_suffix("").parts
    if parts[0] not in domains(root):
        return None, parts[0]
    return parts[0], "instruments" if "instruments" in parts else parts[1]


def upward_imports(root):
    """Return the imports that climb inside a domain, or reach another domain's forms or views."""
    found = []
    for path in modules(root):
        domain, layer = place(path, root)
        for parts in {tuple(name.split(".")[1:3]) for name in imports(path) if name.startswith("bilan.")}:
            other, target = (*parts, "")[:2]
            if other not in domains(root) or target not in LAYERS:
                continue
            name = f"{path.relative_to(root)} imports {other}.{target}"
            if domain is None:
                found += [name] if layer in FOUNDATION else []
            elif other != domain:
                found += [name] if target in ("forms", "views") else []
            elif layer in LAYERS and LAYERS.index(target) > LAYERS.index(layer):
                found.append(name)
    return sorted(set(found))


def unknown_files(root):
    """Return the files of domains that have no place in the order."""
    files = [path for domain in domains(root) for path in (root / "bilan" / domain).rglob("*.py")]
    names = {"__init__.py", *(f"{layer}.py" for layer in ("models", "rules", "actions", "forms", "views"))}
    return sorted(
        str(path.relative_to(root))
        for path in files
        if (path.name not in names or path.parent.parent.name != "bilan") and str(path.relative_to(root / "bilan")) not in OTHER_FILES
    )


def impure_rules(root):
    """Return the rules and instruments that import Flask, peewee, forms, or a module that does."""
    found = []
    for path in modules(root):
        domain, layer = place(path, root)
        if domain and layer in ("rules", "instruments"):
            heavy = {name for name in imports(path) if name.split(".")[0] in PURE}
            heavy |= {
                name for name in imports(path) if re.fullmatch(r"bilan\.(database|vault|journal|htmx|pages|sessions|permissions).*", name)
            }
            found += [f"{path.relative_to(root)} imports {name}" for name in sorted(heavy)]
    return found


def htmx_headers(root):
    """Return the files, htmx.py apart, that name one of htmx's headers."""
    files = [*modules(root), *(root / "templates").rglob("*.html")]
    return [
        str(path.relative_to(root))
        for path in files
        if path.name != "htmx.py" and re.search(r"\bHX-[A-Z]", path.read_text(encoding="utf-8"))
    ]


def too_long(root):
    """Return the functions, views, modules, templates and test modules beyond the maxima, with their sizes."""
    sizes = {}
    for path in modules(root):
        name, source = str(path.relative_to(root)), path.read_text(encoding="utf-8")
        sizes[name] = (len(source.splitlines()), MODULE)
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                routed = path.name == "views.py" and any("blueprint" in ast.unparse(one) for one in node.decorator_list)
                sizes[f"{name}:{node.name}"] = (node.end_lineno - node.lineno + 1, VIEW if routed else FUNCTION)
    for folder, ending, maximum in (("templates", "*.html", TEMPLATE), ("tests", "*.py", TEST)):
        for path in (root / folder).rglob(ending):
            sizes[str(path.relative_to(root))] = (len(path.read_text(encoding="utf-8").splitlines()), maximum)
    return {name: f"{size} lines, at most {maximum}" for name, (size, maximum) in sizes.items() if size > maximum}


def test_imports_go_downward_only():
    assert upward_imports(ROOT) == []


def test_a_domain_has_no_other_files():
    assert unknown_files(ROOT) == []
    assert all((ROOT / "bilan" / name).exists() for name in OTHER_FILES)


def test_rules_know_neither_flask_nor_the_database():
    assert impure_rules(ROOT) == []


def test_one_file_knows_the_headers_of_htmx():
    assert htmx_headers(ROOT) == []


def test_no_file_becomes_a_drawer():
    found = too_long(ROOT)
    assert {name: size for name, size in found.items() if name not in LONGER} == {}
    assert set(LONGER) <= set(found), "an exception that is no longer needed"


def plant(root, path, text):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def tree(tmp_path):
    """A small tree that respects every rule."""
    for domain in ("people", "mail"):
        plant(tmp_path, f"bilan/{domain}/rules.py", "import datetime\n")
        plant(tmp_path, f"bilan/{domain}/models.py", f"from bilan.{domain}.rules import x\n")
        plant(tmp_path, f"bilan/{domain}/views.py", f"from bilan.{domain} import forms, actions\nfrom bilan.people.models import y\n")
    plant(tmp_path, "bilan/htmx.py", "HEADER = 'HX-Request'\n")
    plant(tmp_path, "templates/a.html", "<p data-hx-get='/'></p>\n")
    plant(tmp_path, "tests/test_a.py", "")
    for check in (upward_imports, unknown_files, impure_rules, htmx_headers, too_long):
        assert not check(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("check", "path", "text"),
    [
        (upward_imports, "bilan/people/models.py", "from bilan.people import actions\n"),
        (upward_imports, "bilan/people/actions.py", "from bilan.people.forms import CHOICES\n"),
        (upward_imports, "bilan/mail/views.py", "from bilan.people.forms import AForm\n"),
        (upward_imports, "bilan/mail/actions.py", "def f():\n    import bilan.people.views\n"),
        (upward_imports, "bilan/vault.py", "from bilan.people.models import Person\n"),
        (unknown_files, "bilan/people/helpers.py", ""),
        (unknown_files, "bilan/people/deep/models.py", ""),
        (impure_rules, "bilan/people/rules.py", "from peewee import fn\n"),
        (impure_rules, "bilan/mail/rules.py", "from bilan import database\n"),
        (htmx_headers, "bilan/mail/actions.py", "request.headers['HX-Request']\n"),
        (too_long, "bilan/mail/actions.py", "def f():\n" + "    1\n" * 40),
        (too_long, "bilan/mail/views.py", "@blueprint.get('/')\ndef f():\n" + "    1\n" * 25),
        (too_long, "bilan/mail/models.py", "1\n" * 251),
        (too_long, "templates/b.html", "<p></p>\n" * 121),
        (too_long, "tests/test_b.py", "1\n" * 401),
    ],
)
def test_each_check_catches_what_is_planted(tree, check, path, text):
    plant(tree, path, text)
    assert check(tree)
