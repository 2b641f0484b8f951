"""What the rules of the house read: the files of the repository, and the code as trees."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tracker.settings import ROOT

PRODUCT = ROOT / "tracker"
# The files of every domain package.
VOCABULARY = {"models", "standings", "queries", "actions", "door", "forms", "views", "commands"}
# Rules that know neither Flask nor the database: given values, they return values. A package: all its rules.
PURE = {
    "policy",
    "text",
    "clock",
    "deadlines",
    "tasks.lifecycle",
    "tasks.timeliness",
    "digests.compose",
    "reports.grid",
}
# Parts with a name of their own that are not pure, a reason each.
NAMED = {
    "committees.names",  # how units are called, in both languages
    "committees.stories",  # what happened, told in the reader's language
    "deadlines.echo",  # a reading in the words of a page
    "documents.labels",  # how documents are called, in both languages
    "history.changes",  # what an edit changed
    "history.memory",  # figures kept until the newest event
    "history.sentences",  # each event's sentence, written once
    "measures.summaries",  # a measure in one line
    "people.administration",  # the second half of the views: the administrators' pages
    "people.gate",  # strangers sign in first, what they typed is kept
    "people.limits",  # tries at a password, counted
    "people.passwords",  # Argon2id and the blocklist
    "people.preferences",  # what a browser remembers
    "people.signing",  # Flask-Login on a row per sign-in
    "tasks.board",  # columns, order and filters of the board
    "tasks.board_views",  # the second half of the views: the board
    "tasks.board_words",  # the words of the board, prepared once
    "tasks.cards",  # a task as a card or a row
    "tasks.choices",  # what the form of a task puts on offer
    "tasks.clarity",  # the six things a task must say
    "tasks.filters",  # what the address of the board asks for
    "tasks.glance",  # what cards show, for many at once
    "tasks.listing",  # lists in pages
    "tasks.moves",  # the one writer of states
    "tasks.page",  # everything the page of one task shows
    "tasks.sources",  # documents and plans seen through their tasks
    "tasks.words",  # the words for moves and clarities
}


def is_pure(name: str) -> bool:
    """Tell whether a module belongs to the pure rules; `name` may go on into a module."""
    part = name.partition(".")[2]
    if name in NAMED or part.split(".")[0] in VOCABULARY:
        return False
    return any(name == rule or name.startswith(f"{rule}.") for rule in PURE)


@cache
def files() -> tuple[Path, ...]:
    """Return what is or would be committed."""
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def texts() -> Iterator[tuple[str, str]]:
    """Yield the name and content of each text file."""
    for path in files():
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            yield str(path.relative_to(ROOT)), content.decode()


@cache
def modules() -> dict[str, ast.Module]:
    """Return the product's modules by name below `tracker`, migrations apart."""
    paths = (p for p in files() if p.suffix == ".py" and PRODUCT in p.parents)
    named = {".".join(p.relative_to(PRODUCT).with_suffix("").parts): p for p in paths}
    return {
        name.removesuffix(".__init__"): ast.parse(path.read_text(encoding="utf-8"))
        for name, path in named.items()
        if not name.startswith("migrations")
    }


def length(node: ast.AST) -> int:
    """Return how many lines a function takes."""
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    assert node.end_lineno
    return node.end_lineno - node.lineno + 1


def functions(name: str) -> list[ast.FunctionDef]:
    """Return the functions of a module, methods and inner ones too."""
    return [node for node in ast.walk(modules()[name]) if isinstance(node, ast.FunctionDef)]


def imports(name: str) -> set[str]:
    """Return the full names a module imports, `a.b` for `from a import b`."""
    found = set()
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found
