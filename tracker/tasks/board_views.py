"""The board as a page, and the two parts of it that are rendered alone: a card moved, and what is new since."""

import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, Response, current_app, g, make_response, render_template, request
from markupsafe import Markup

from tracker.history.memory import newest_event
from tracker.measures.summaries import summaries
from tracker.policy import Verb
from tracker.rules.queries import soon_until
from tracker.tasks import board
from tracker.tasks.board_words import BoardView, ColumnWords, choices, messages
from tracker.tasks.cards import card
from tracker.tasks.filters import Filters, Wrong, read
from tracker.tasks.glance import Glance
from tracker.tasks.lifecycle import State
from tracker.tasks.news import changed_since
from tracker.web import Answer, for_verb, is_htmx, lang, page, say, see_other, today

pages = Blueprint("board", __name__)

NOT_FOUND = 404
INVALID = 422
CONFLICT = 409
_KEPT_CARDS = 5_000  # of each worker; about 8 MB
_KEPT_FRAMES = 1_000  # columns without cards, of each worker; about 3 MB
_CUT = "\0"  # stands in no text: see text.clean


@pages.get("/board")
@for_verb(Verb.SEE_OWN)
def index() -> Answer:
    """Show the board."""
    filters, wrong = read(request.args)
    offered = choices(g.me, filters)
    wrong |= offered.unknown(filters)
    columns = [] if wrong else board.read(g.me, filters, today(), summaries)
    if filters.page > 1 and not any(column.shown for column in columns):
        wrong.add(Wrong.UNKNOWN_PAGE)
    view = BoardView(filters, columns, _seen(filters))
    return page(
        "board/index.html",
        _status(wrong),
        view=view,
        columns=_columns(view),
        filters=filters,
        choices=offered,
        wrong=messages(wrong),
    )


@pages.post("/board")
@for_verb(Verb.SEE_OWN)
def press_nothing() -> Answer:
    """Answer the form around the board where it was sent without one of its buttons."""
    return see_other("/board")


def _status(wrong: Collection[Wrong]) -> int:
    if not wrong:
        return 200
    missing = {Wrong.UNKNOWN_PLAN, Wrong.UNKNOWN_UNIT, Wrong.UNKNOWN_PAGE}
    return NOT_FOUND if missing & set(wrong) else INVALID


def _seen(filters: Filters) -> Filters:
    """Return the filters with what a page has seen when it is made now."""
    return replace(filters, since=newest_event(), day=today().isoformat())


# --- a card's HTML, kept as long as what it says stays the same ----------------------------------------


@lru_cache(maxsize=_KEPT_CARDS)
def _slot(glance: Glance, *, day: date, soon: date, lang: str, focus: bool = False) -> Markup:  # noqa: ARG001 - of the key
    macros: Any = current_app.jinja_env.get_template("board/_card.html").module
    return Markup(macros.slot(card(glance, day, soon), focus))  # noqa: S704 - what a template has escaped


def _slots() -> Callable[..., Markup]:
    """Return what renders a card today, in this language."""
    day = today()
    return partial(_slot, day=day, soon=soon_until(day), lang=lang())


def _columns(view: BoardView) -> Markup:
    """Return the columns with their cards; what stands around the cards is kept like them."""
    slot, parts = _slots(), []
    for column, words in zip(view.columns, view.words, strict=True):
        frame = iter(_frame(words, view.lang))
        for band in column.bands:
            parts += [next(frame), *map(slot, column.cards.get(band, ()))]
        parts += frame
    return Markup("".join(parts))  # noqa: S704 - not Markup.join: that looks at each of them again


@lru_cache(maxsize=_KEPT_FRAMES)
def _frame(words: ColumnWords, _lang: str) -> list[str]:
    """Return the HTML of a column, cut where the cards of each band go."""
    macros: Any = current_app.jinja_env.get_template("board/_column.html").module
    return str(macros.column(words, _CUT)).split(_CUT)


# --- what changed -------------------------------------------------------------------------------------


@pages.get("/board/changes")
@for_verb(Verb.SEE_OWN)
def changes() -> Answer:
    """Tell a page that refreshes itself what is new; 304 where nothing is."""
    filters, _wrong = read(request.args)
    if not is_htmx():
        return see_other(filters.address())
    tag = _tag()
    # Compression marks the tag of what it packed: "tag:gzip".
    known = [t for t in request.if_none_match.as_set() if t.partition(":")[0] == tag]
    if known:
        return _polled(Response(status=304), known[0])
    if filters.day != today().isoformat():
        return _polled(_read_again(), tag)
    return _polled(_changes(filters), tag)


def moved(task_id: int, seen: str) -> Response | None:
    """Return the part of the board that a move changed, messages too; none where the whole page is asked for.

    `seen` is what the form around the board carries: its filters, and the last event its page knew of.
    """
    if not is_htmx():
        return None
    filters, _wrong = read(dict(parse_qsl(seen)))
    return _changes(filters, focus=task_id)


def refused(task_id: int, seen: str, why: str) -> Response | None:
    """Return the task as it stands, with the reason why it could not be moved."""
    if not is_htmx():
        return None
    say(why, "wrong")
    response = moved(task_id, seen)
    if response is not None:
        response.status_code = CONFLICT
    return response


def _changes(filters: Filters, focus: int | None = None) -> Response:
    wanted = filters.bare
    changed = changed_since(g.me, filters.since) if filters.since is not None else set()
    if changed is None:
        return _read_again()
    gone = changed | ({focus} if focus else set())
    shown = board.some(g.me, wanted, gone, today(), summaries) if gone else []
    columns = board.counted(g.me, wanted, today())
    html = render_template(
        "board/_changes.html",
        view=BoardView(filters, columns, _seen(filters)),
        gone=gone,
        placed=list(_placed(wanted, columns, shown, focus)),
        told=focus is not None,
    )
    return make_response(html)


def _placed(
    filters: Filters, columns: Iterable[board.Column], shown: Iterable[Glance], focus: int | None
) -> Iterable[Any]:
    """Yield where each card goes, the last of a column first: the one it stands before is there already."""
    slot, by_column = _slots(), {column.state: column for column in columns}
    by_state: dict[State, dict[int, Glance]] = {}
    for glance in shown:
        by_state.setdefault(glance.task.state, {})[glance.task.id] = glance
    for state, glances in by_state.items():
        below: tuple[int, board.Band] | None = None
        for task_id, band in reversed(board.places(g.me, filters, by_column[state], today())):
            if task_id in glances:
                has_focus = task_id == focus and state not in board.FOLDED
                yield _target(state, band, below), slot(glances[task_id], focus=has_focus)
            below = (task_id, band)


def _target(state: State, band: board.Band, below: tuple[int, board.Band] | None) -> str:
    if below is not None and below[1] is band:
        return f"beforebegin:#slot-{below[0]}"
    return f"beforeend:#cards-{state}-{band}"


def _read_again() -> Response:
    return Response(headers={"HX-Refresh": "true"})


def _tag() -> str:
    """Return what stays the same as long as the answer does: the newest event, the day, who asks for what."""
    asked = (newest_event(), today(), lang(), g.me.seats, request.query_string)
    return hashlib.sha256(repr(asked).encode()).hexdigest()[:32]


def _polled(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.add("HX-Request")
    return response
