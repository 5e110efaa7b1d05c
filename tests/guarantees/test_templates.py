"""Each template compiles, is used, and imports and defines nothing in vain; each e-mail has its two texts."""

import ast
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, TemplateSyntaxError, nodes

ROOT = Path(__file__).parents[2]


def environment(root):
    return Environment(loader=FileSystemLoader(root / "templates"), autoescape=True)


def trees(root):
    """Return the syntax tree of each template; raise TemplateSyntaxError."""
    env = environment(root)
    return {name: env.parse(env.loader.get_source(env, name)[0]) for name in env.list_templates()}


def strings(root):
    """Return every string of the program."""
    found = set()
    for path in (root / "bilan").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return found


def mail_kinds(root):
    """Return the names given to @mail(...)."""
    found = set()
    for path in (root / "bilan").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                calls = [one for one in node.decorator_list if isinstance(one, ast.Call) and ast.unparse(one.func) == "mail"]
                found |= {one.args[0].value for one in calls}
    return found


def references(tree):
    """Return the templates that a template includes, extends or imports."""
    kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    return {one.template.value for one in tree.find_all(kinds) if isinstance(one.template, nodes.Const)}


def unused_templates(root):
    found = trees(root)
    known = strings(root) | {f"mail/{kind}/{part}.txt" for kind in mail_kinds(root) for part in ("subject", "body")}
    used = {name for name in found if name in known}
    while True:
        reached = used | {other for name in used for other in references(found[name])}
        if reached == used:
            return sorted(set(found) - used)
        used = reached


def vain_names(root):
    """Return the macros that nobody calls, and the names imported and never used."""
    found, called = [], set()
    loaded = {name: {one.name for one in tree.find_all(nodes.Name) if one.ctx == "load"} for name, tree in trees(root).items()}
    for name, tree in trees(root).items():
        for one in tree.find_all(nodes.FromImport):
            for pair in one.names:
                original, alias = pair if isinstance(pair, tuple) else (pair, pair)
                called.add((one.template.value, original))
                if alias not in loaded[name]:
                    found.append(f"{name} imports {original} in vain")
    for name, tree in trees(root).items():
        macros = {macro.name for macro in tree.find_all(nodes.Macro)}
        found += [f"{name} defines {one} in vain" for one in macros if one not in loaded[name] and (name, one) not in called]
    return sorted(found)


def incomplete_mails(root):
    wanted = {f"mail/{kind}/{part}.txt" for kind in mail_kinds(root) for part in ("subject", "body")}
    return sorted(wanted - set(environment(root).list_templates()))


def test_each_template_compiles(app):
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


def test_each_template_is_used():
    assert unused_templates(ROOT) == []


def test_nothing_is_defined_or_imported_in_vain():
    assert vain_names(ROOT) == []


def test_each_email_has_its_subject_and_its_body():
    assert mail_kinds(ROOT)
    assert incomplete_mails(ROOT) == []


def plant(root, path, text):
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


@pytest.fixture
def tree(tmp_path):
    plant(tmp_path, "bilan/views.py", 'render("a.html")\n@mail("hello")\ndef hello(): ...\n')
    plant(tmp_path, "templates/a.html", '{% from "b.html" import m %}{{ m() }}')
    plant(tmp_path, "templates/b.html", "{% macro m() %}{{ own() }}{% endmacro %}{% macro own() %}{% endmacro %}")
    for part in ("subject", "body"):
        plant(tmp_path, f"templates/mail/hello/{part}.txt", "")
    for check in (unused_templates, vain_names, incomplete_mails):
        assert check(tmp_path) == []
    return tmp_path


@pytest.mark.parametrize(
    ("check", "path", "text"),
    [
        (unused_templates, "templates/lost.html", ""),
        (unused_templates, "templates/mail/lost/body.txt", ""),
        (vain_names, "templates/b.html", "{% macro m() %}{% endmacro %}{% macro lost() %}{% endmacro %}"),
        (vain_names, "templates/a.html", '{% from "b.html" import m, own %}{{ m() }}'),
        (incomplete_mails, "bilan/more.py", '@mail("bye")\ndef bye(): ...\n'),
    ],
)
def test_each_check_catches_what_is_planted(tree, check, path, text):
    plant(tree, path, text)
    assert check(tree)


def test_a_template_that_does_not_compile_is_caught(tree):
    plant(tree, "templates/a.html", "{% if %}")
    with pytest.raises(TemplateSyntaxError):
        trees(tree)
