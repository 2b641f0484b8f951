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
    "tasks.periods",
    "tasks.timeliness",
    "rules.values",
    "rules.periods",
    "rules.preview",
    "digests.compose",
    "mail.messages",
    "letters.rungs",
    "digests.values",
    "digests.branch",
    "digests.slots",
    "reports.grid",
    "reports.chart",
    "reports.progress",
    "search.ranking",
    "documents.marks",
    "documents.splitting",
    "drafting.lines",
    "measures.chart",
    "measures.numbers",
    "measures.series",
    "calendars.lines",
    "calendars.spans",
    "feeds.entries",
    "requests.limits",
    "timing.bounds",
    "timing.kinds",
}
# Parts with a name of their own that are not pure, a reason each.
NAMED = {
    "fanouts.rows",  # the form of a fan-out, row by row
    "fanouts.words",  # why a unit cannot be given its part
    "feeds.limits",  # reads of calendars, counted
    "feeds.words",  # a deadline in the words of a calendar
    "calendars.days_off",  # why offices are closed on a day
    "calendars.page",  # everything a calendar shows
    "calendars.scopes",  # what the address of a calendar asks for
    "calendars.timeline",  # a plan along a line of time, in words
    "calendars.windows",  # what the address of a line of time asks for
    "calendars.words",  # the words of calendars
    "committees.names",  # how units are called, in both languages
    "committees.substitutes",  # on whose behalf somebody acted
    "committees.stories",  # what happened, told in the reader's language
    "copies.postgresql",  # by pg_dump and pg_restore
    "copies.refusal",  # why no copy was taken
    "copies.settling",  # what a copy put in place must not take up again
    "copies.sqlite",  # by SQLite's own online copying
    "deadlines.echo",  # a reading in the words of a page
    "recurrences.page",  # a duty's periods, and a period's place among them
    "digests.desk",  # what lies on a desk, as rows of a digest
    "digests.entries",  # one task of a digest in words
    "digests.known",  # tasks as far as a digest tells them
    "digests.links",  # the signed links that stop a digest
    "digests.mails",  # how each kind of mail is composed
    "digests.opening",  # the first sentences of a digest
    "digests.reasons",  # why a task is told to somebody
    "digests.shared",  # what every digest of a day rests on
    "digests.steps",  # what the reader of a digest may do
    "digests.subjects",  # the subject of a digest
    "digests.wording",  # a digest in words
    "documents.clauses",  # the clauses of documents, and what is done to them
    "documents.labels",  # how documents are called, in both languages
    "history.changes",  # what an edit changed
    "history.memory",  # figures kept until the newest event
    "history.sentences",  # each event's sentence, written once
    "mail.figures",  # the outbox in numbers
    "mail.parts",  # the three parts of a mail, from templates
    "letters.papers",  # the draft of a letter
    "letters.slips",  # a letter as a page shows it
    "letters.together",  # one step for many tasks
    "letters.words",  # the words for letters and refusals
    "mail.delivery",  # sending what is due, killed anywhere
    "mail.folder",  # the way out where no server is set
    "mail.outcomes",  # what an attempt makes of a mail, the retry schedule
    "mail.posts",  # which way out the settings name
    "mail.smtp",  # the way out to a mail server
    "mail.watch",  # cuts off a server that takes too long
    "mail.words",  # the words for what becomes of a mail
    "measures.summaries",  # a measure in one line
    "measures.figure_door",  # whose figures are asked for, who enters those of a list
    "measures.figure_views",  # the second half of the views: figures shown, lists, transfers
    "measures.lists",  # units ticked off a list
    "measures.overview",  # all measures of a plan or a branch
    "measures.page",  # everything the page of one measure shows
    "measures.parts_form",  # the form of a transfer, row by row
    "measures.ticks",  # the form of a list, row by row
    "measures.transfers",  # what is handed over, who has confirmed
    "plans.weights",  # the form of weights, row by row
    "reports.plan_progress",  # how far plans are, from their tasks
    "people.administration",  # the second half of the views: the administrators' pages
    "people.gate",  # strangers sign in first, what they typed is kept
    "people.invitations",  # the mail that invites somebody
    "people.limits",  # tries at a password, counted
    "people.passwords",  # Argon2id and the blocklist
    "people.preferences",  # what a browser remembers
    "people.signing",  # Flask-Login on a row per sign-in
    "reports.changes",  # what changed since somebody looked
    "reports.figures",  # everything a status page says in numbers
    "reports.lists",  # which tasks lie behind a number
    "reports.pasts",  # past days, kept in the process
    "reports.scopes",  # what the address of a status page asks for
    "reports.words",  # the words for the numbers
    "requests.extensions",  # more time asked for, granted, refused
    "requests.wishes",  # a wish for more time as a page shows it
    "requests.words",  # the words for extensions
    "digests.sayings",  # what was said about a task of a digest
    "requests.behalf",  # the word of a unit without accounts
    "requests.co_ordinators",  # a unit called in to co-ordinate
    "requests.part_forms",  # the forms of both
    "requests.part_page",  # what a task's page offers of both
    "requests.part_views",  # the pages of both
    "requests.part_words",  # the words of both
    "tasks.lines",  # the co-ordinators' parts on a task's page
    "tasks.rights",  # what somebody may do to each of many tasks
    "tasks.spoken",  # the last words of a lead, its own or written down for it
    "reviews.answers",  # how wishes for more time were answered, as lines
    "reviews.asked",  # wishes for more time, for many tasks
    "reviews.receipts",  # many receipts in one step
    "reviews.overdue",  # what is overdue, in its order
    "reviews.overdue_page",  # everything the overdue list shows
    "reviews.overdue_views",  # the second half of the views: the overdue list
    "reviews.rows",  # an overdue task as a row
    "timing.page",  # everything the pages of deadlines show
    "timing.together",  # one deadline for many tasks
    "timing.words",  # the words for deadlines that are given and moved
    "tasks.board",  # columns, order and filters of the board
    "tasks.board_views",  # the second half of the views: the board
    "tasks.board_words",  # the words of the board, prepared once
    "tasks.news",  # what has changed since a page was made
    "tasks.above",  # what stands above a task
    "tasks.dues",  # the one writer of an agreed deadline
    "tasks.cards",  # a task as a card or a row
    "tasks.choices",  # what the form of a task puts on offer
    "tasks.clarity",  # the six things a task must say
    "tasks.filters",  # what the address of the board asks for
    "tasks.glance",  # what cards show, for many at once
    "tasks.listing",  # lists in pages
    "tasks.moves",  # the one writer of states
    "rules.words",  # the words for the rules and for their changes
    "rules.year",  # the days off of a year, as a page shows them
    "tasks.reckoned",  # what of all tasks follows from the rules, as numbers
    "tasks.page",  # everything the page of one task shows
    "tasks.repeating",  # what the form asks of a recurring duty
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
