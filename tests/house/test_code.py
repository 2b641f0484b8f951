"""The shape of the code: names, sizes, who imports and who writes what."""

import ast
import re
from pathlib import Path

from tests.cases import for_each
from tests.house.source import (
    NAMED,
    PRODUCT,
    VOCABULARY,
    files,
    functions,
    imports,
    is_pure,
    length,
    modules,
)

WITHOUT_DOMAIN = {"demo", "migrations", "translations"}
FORBIDDEN = re.compile(r"^(utils?|helpers?|services?|managers?|common|misc|base)$")
LONGEST_MODULE = 300
P90 = 12
LONGEST_VIEW = 20


def rooms() -> list[str]:
    """Return the names of modules inside domain packages."""
    return [name for name in modules() if "." in name and name.split(".")[0] not in WITHOUT_DOMAIN]


@for_each(rooms)
def test_a_room_has_only_the_files_of_every_room(name):
    """Fix: use a name of the vocabulary; a pure rule joins PURE, another part NAMED, with a reason."""
    assert name.split(".")[-1] in VOCABULARY or is_pure(name) or name in NAMED


def test_no_module_is_named_for_nothing():
    """Fix: name the module for what it is about."""
    parts = {
        part for path in files() if path.suffix == ".py" for part in path.with_suffix("").parts
    }
    assert not [part for part in parts if FORBIDDEN.match(part)]


@for_each(modules)
def test_modules_are_short(name):
    """Fix: find the second subject in it and give it a module of its own."""
    last = max((getattr(node, "end_lineno", 0) or 0 for node in modules()[name].body), default=0)
    assert last < LONGEST_MODULE


@for_each(modules)
def test_modules_say_what_they_are_for(name):
    """Fix: one sentence on top."""
    assert not modules()[name].body or ast.get_docstring(modules()[name])


def test_functions_are_short():
    """Fix: the longest are listed; give a step a name of its own."""
    sizes = sorted(
        (length(node), f"{name}.{node.name}") for name in modules() for node in functions(name)
    )
    p90 = sizes[int(len(sizes) * 0.9)][0]
    longest = "\n".join(f"{size} {where}" for size, where in sizes[-15:])
    assert p90 <= P90, f"p90 is {p90} lines\n{longest}"


@for_each(lambda: [name for name in modules() if name.endswith("views")])
def test_views_are_short(name):
    """Fix: find, check, validate, act, answer; the rest belongs to queries, forms or actions."""
    long = {node.name: length(node) for node in functions(name) if length(node) > LONGEST_VIEW}
    assert not long


@for_each(modules)
def test_nobody_imports_a_view(name):
    """Fix: move what is wanted into queries, actions or web; only the factory knows views."""
    own = rf"tracker\.{name.split('.')[0]}\."  # the halves of one package's views may
    views = {i for i in imports(name) if re.search(r"^tracker\.\w+\.\w*views\b", i)}
    assert name == "app" or not {i for i in views if not re.match(own, i)}


@for_each(lambda: filter(is_pure, modules()))
def test_pure_rules_know_neither_flask_nor_the_database(name):
    """Fix: hand the values in as arguments."""
    outside = {i for i in imports(name) if re.match(r"(flask|sqlalchemy|werkzeug|jinja2)", i)}
    ours = {i.removeprefix("tracker.") for i in imports(name) if i.startswith("tracker.")}
    impure = {i for i in ours if not is_pure(i)}
    assert not outside | impure


@for_each(lambda: [n for n in rooms() if n.split(".")[-1] in {"models", "queries", "actions"}])
def test_what_is_done_does_not_know_the_web(name):
    """Fix: person, time and words are arguments."""
    web = {i for i in imports(name) if re.match(r"(flask$|flask\.|werkzeug|tracker\.web)", i)}
    assert not web


def calls(tree: ast.AST, name: str) -> list[ast.Call]:
    """Return the calls of a function or class by its bare or last name."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [c for c in found if getattr(c.func, "attr", getattr(c.func, "id", "")) == name]


def test_only_history_writes_events():
    """Fix: call tracker.history.actions.record."""
    writers = [
        f"{name}:{call.lineno}"
        for name, tree in modules().items()
        for kind in ("Event", "EventText")
        for call in [*calls(tree, kind), *_bulk(tree, kind)]
        if not name.startswith("history.")
    ]
    assert not writers


def _bulk(tree: ast.AST, kind: str) -> list[ast.Call]:
    changes = [c for verb in ("insert", "update", "delete") for c in calls(tree, verb)]
    return [c for c in changes if c.args and getattr(c.args[0], "id", "") == kind]


def test_only_move_sets_the_state_of_a_task():
    """Fix: call tracker.tasks.moves.move; a new task gets its first state where it is made."""
    setters = [
        f"{name}:{line} in {where}"
        for name in set(modules()) - {"tasks.moves"}
        for where, line in _state_setters(name)
    ]
    assert not setters


def _state_setters(name: str) -> list[tuple[str, int]]:
    found = []
    for function in functions(name):
        for node in ast.walk(function):
            targets = node.targets if isinstance(node, ast.Assign) else []
            found += [(function.name, t.lineno) for t in targets if _is_state(t)]
    found += [("update", c.lineno) for c in _bulk(modules()[name], "Task")]
    return found


def _is_state(target: ast.expr) -> bool:
    return isinstance(target, ast.Attribute) and target.attr == "state"


def test_tests_mirror_the_product():
    """Fix: put tests of tracker/<room>/ into tests/<room>/."""
    own = {"house", "journeys", "matrix", "pages", "platform", "simulation"}
    rooms = {p.name for p in PRODUCT.iterdir() if p.is_dir()} | own
    root = PRODUCT.parent / "tests"
    folders = {path.relative_to(root).parts[0] for path in files() if Path(root) in path.parents}
    strangers = {name for name in folders if "." not in name} - rooms
    assert not strangers
