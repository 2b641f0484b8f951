"""The page and the palette of search."""

from typing import Any

from flask import Blueprint, g, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from tracker import navigation
from tracker.policy import Verb, may
from tracker.search import queries
from tracker.search.ranking import Bit, best, bits
from tracker.text import N_, fold
from tracker.web import Answer, for_verb, is_htmx, lang, named, page, searched, today, vietnamese

pages = Blueprint("search", __name__)

IN_PALETTE, ON_PAGE = 6, 40
SHORTEST = 2  # letters, but for a number
# What can be done besides opening a page of the navigation: words, endpoint, who may.
_ACTIONS = (
    (N_("New task"), "tasks.new", Verb.DRAFT_TASK),
    (N_("Enter several tasks"), "drafting.quick", Verb.DRAFT_TASK),
    (N_("Add a plan"), "plans.new", Verb.ADD_PLAN),
    (N_("Add a document"), "documents.new", Verb.ADD_DOCUMENT),
    (N_("My account"), "people.me", Verb.KEEP_ACCOUNT),
)


@pages.get("/search")
@for_verb(Verb.SEE_OWN)
def index() -> Answer:
    """Find tasks, documents, plans, units and pages by name, as a page or in the palette."""
    words = searched()
    is_long = len(fold(words)) >= SHORTEST or words.isdecimal()
    most = IN_PALETTE if is_htmx() else ON_PAGE
    found = queries.find(g.me, words, most, lang(), today()) if is_long else None
    told: dict[str, Any] = {"words": words, "found": found, "ways": _ways(words)}
    told |= {"hits": _hits(words), "person_hits": _person_hits(words), "is_long": is_long}
    if is_htmx():
        return render_template("search/_found.html", **told)
    return page("search/index.html", **told)


def _ways(words: str) -> list[dict[str, str]]:
    """Return the pages and actions whose names fit, all where nothing is typed."""
    items = [entry for group in navigation.nav_items() for entry in group["entries"]]
    every = [{"label": str(e["label"]), "url": e["url"], "icon": e["icon"]} for e in items]
    every += [
        {"label": str(_(label)), "url": url_for(endpoint), "icon": "plus"}
        for label, endpoint, verb in _ACTIONS
        if navigation.has_page(endpoint) and may(verb, g.me.standings)
    ]
    if not words:
        return every
    fits = [w for w in every if all(word in fold(w["label"]) for word in fold(words).split())]
    return best([(way["label"], way) for way in fits], words, IN_PALETTE)


def _hits(words: str) -> Any:
    """Return what marks the words looked for in a name."""
    wanted = fold(words).split()

    def mark(row: Any, field: str = "name") -> Markup:
        return _marked(named(row, field), _is_vietnamese(row, field), wanted)

    return mark


def _person_hits(words: str) -> Any:
    """Return what marks the words looked for in somebody's name."""
    wanted = fold(words).split()
    return lambda name: _marked(name, lang() == "en", wanted)


def _is_vietnamese(row: Any, field: str) -> bool:
    return lang() == "en" and not getattr(row, f"{field}_en")


def _marked(title: str, is_vietnamese: bool, wanted: list[str]) -> Markup:
    html = Markup("").join(_bit(bit) for bit in bits(title, wanted))
    return vietnamese(html) if is_vietnamese else html


def _bit(bit: Bit) -> Markup:
    return Markup("<mark>{}</mark>").format(bit.text) if bit.is_hit else escape(bit.text)
