"""Reading a deadline aloud: the echo under every due field, and the same as a page."""

from datetime import date

from flask import Blueprint, make_response, request
from jinja2_fragments.flask import render_block

from tracker.deadlines.echo import Echo, echo_of
from tracker.policy import Verb
from tracker.rules.queries import in_force
from tracker.web import Answer, for_verb, is_htmx, lang, page, today

pages = Blueprint("deadlines", __name__)
INVALID = 422


@pages.get("/deadlines/read")
@for_verb(Verb.OPEN_DOOR)
def read() -> Answer:
    """Say what is read out of a phrase; to a script of the page only the sentence itself."""
    phrase = request.args.get("phrase")
    echo = _echo(phrase) if phrase is not None else None
    if is_htmx():
        answer = make_response(render_block("deadlines/read.html", "echo", said=echo))
        answer.vary.add("HX-Request")
        return answer
    status = INVALID if echo is not None and not echo.is_read else 200
    return page("deadlines/read.html", status, said=echo, phrase=phrase or "")


def _echo(phrase: str) -> Echo:
    return echo_of(phrase, on=_on(), lang=lang(), read=in_force().read)


def _on() -> date:
    """Return the day the phrase is told from: the one in the address, else today."""
    try:
        return date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return today()
