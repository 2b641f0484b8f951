"""What machines ask of the site: does it answer, may it get work, how much has it done.

Nobody signs in for it: the three are answered before the gate, set no cookie, write nothing. Requests are counted by
each web process in files which all of them share (`serve` makes their folder); all else is counted from rows.
"""

import functools
import os
import time
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any, NamedTuple

from flask import Flask, Response, abort, current_app, g, request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tracker import schema
from tracker.clock import machine_now
from tracker.db import db
from tracker.logs import MACHINES, rule_of
from tracker.mail.figures import outbox
from tracker.policy import Verb, may
from tracker.rules.queries import last_tick, mail_held_since
from tracker.web import SAFE_METHODS, stands_for

SHARED = "PROMETHEUS_MULTIPROC_DIR"  # the name is the library's
UNREACHABLE = "The database does not answer."
BEHIND = "The database is not at the version of this program: start the site again to bring it up to date."
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_PASSED_ON = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_BYTES = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


# --- the three pages --------------------------------------------------------------------------------


@stands_for(Verb.OPEN_DOOR)
def healthz() -> Response:
    """Say that this process answers; it asks nobody else."""
    return _words("ok")


@stands_for(Verb.OPEN_DOOR)
def readyz() -> Response:
    """Say whether requests may be sent here, and if not, why."""
    why = unready()
    return _words(why, 503) if why else _words("ready")


@stands_for(Verb.SEE_MACHINE)
def metrics() -> Response:
    """Give the figures to this machine or to an administrator; for others there is no such page."""
    if not (is_local() or may(Verb.SEE_MACHINE, g.me.standings)):
        abort(404)
    from prometheus_client import CONTENT_TYPE_LATEST

    return Response(figures(), content_type=CONTENT_TYPE_LATEST)


def unready() -> str | None:
    """Return what keeps the site from working, in words without secrets."""
    try:
        return None if schema.is_current() else BEHIND
    except SQLAlchemyError:
        return UNREACHABLE


def is_local() -> bool:
    """Tell whether a program of this machine asks.

    Behind a proxy that TRUSTED_PROXIES does not count everybody seems to be on this machine; what the proxy adds gives
    them away.
    """
    hops = current_app.extensions["settings"].trusted_proxies
    via = [value for value in request.headers.get("X-Forwarded-For", "").split(",") if value]
    is_counted = 0 < hops <= len(via)
    passed_on = any(name in request.headers for name in _PASSED_ON)
    try:
        return ip_address(request.remote_addr or "").is_loopback and (is_counted or not passed_on)
    except ValueError:
        return False


def _words(words: str, status: int = 200) -> Response:
    return Response(f"{words}\n", status, content_type="text/plain; charset=utf-8")


# --- requests, counted where they are answered ------------------------------------------------------


class Instruments(NamedTuple):
    """What counts requests."""

    registry: Any
    requests: Any
    seconds: Any


@functools.cache
def instruments() -> Instruments:
    """Make them at the first request: the library looks for the shared folder when it is imported."""
    from prometheus_client import CollectorRegistry, Counter, Histogram

    own = CollectorRegistry()
    requests = Counter(
        "tien_do_requests",
        "Requests answered, by the route and not the address.",
        ("method", "route", "status"),
        registry=own,
    )
    seconds = Histogram(
        "tien_do_request_seconds",
        "Seconds from the request to its answer.",
        ("method", "route"),
        registry=own,
        buckets=_SECONDS,
    )
    return Instruments(own, requests, seconds)


def _count(response: Response) -> Response:
    if request.endpoint in MACHINES or "began" not in g:
        return response
    method = request.method if request.method in _METHODS else "other"
    counted, route = instruments(), rule_of(request)
    counted.requests.labels(method, route, response.status_code).inc()
    counted.seconds.labels(method, route).observe(time.monotonic() - g.began)
    return response


# --- figures, counted when asked ---------------------------------------------------------------------


def figures() -> bytes:
    """Return all figures in the words of Prometheus: requests of all processes, then what the rows say."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    rows = CollectorRegistry()
    rows.register(_Rows())
    requests = instruments().registry
    if SHARED in os.environ:
        requests = CollectorRegistry()
        MultiProcessCollector(requests)  # type: ignore[no-untyped-call]
    return generate_latest(requests) + generate_latest(rows)


class _Rows:
    """What the rows say, in the form in which the library collects."""

    def collect(self) -> Iterator[Any]:
        """Yield each figure; where the database is gone, only that."""
        from prometheus_client.core import GaugeMetricFamily

        try:
            found = {name: (words, value) for name, words, value in _from_rows()}
        except SQLAlchemyError:
            db.session.rollback()
            found = {}
        yield GaugeMetricFamily("tien_do_database_up", "1 if it answers.", value=float(bool(found)))
        for name, (words, value) in found.items():
            is_one = not isinstance(value, dict)
            family = GaugeMetricFamily(name, words, labels=() if is_one else ("state",))
            for state, count in ({"": value} if is_one else value).items():
                family.add_metric([state] if state else [], count)
            yield family


def _from_rows() -> Iterator[tuple[str, str, Any]]:
    """Yield name, meaning and value: a number, or a number for each state."""
    now, mails = machine_now(), outbox()
    held, ticked = mail_held_since(), last_tick()
    oldest = (now - mails.oldest_open_at).total_seconds() if mails.oldest_open_at else 0.0
    counts = {state.value: count for state, count in mails.by_state.items()}
    yield "tien_do_mails", "Mails of the outbox by state.", counts
    yield "tien_do_mail_oldest_open_seconds", "Age of the oldest mail still to leave.", oldest
    yield "tien_do_mail_held", "1 while no mail may leave.", float(held is not None)
    if ticked:
        words = "When a worker last went to work."
        yield "tien_do_worker_last_tick_timestamp_seconds", words, ticked.timestamp()
    size = db.session.execute(text(_BYTES[db.engine.dialect.name])).scalar_one()
    yield "tien_do_database_bytes", "Size of the database.", float(size)


# --- before the gate ----------------------------------------------------------------------------------


def _answer() -> Response | None:
    """Answer before the gate: a machine does not sign in, and an empty site is healthy, too."""
    if request.endpoint not in MACHINES or request.method not in SAFE_METHODS:
        return None
    view = current_app.view_functions[request.endpoint]
    return view() if request.method != "OPTIONS" else None  # type: ignore[return-value]


def init_app(app: Flask) -> None:
    """Give `app` the three pages. To be called after signing in is known, and before the gate."""
    for view in (healthz, readyz, metrics):
        app.add_url_rule(f"/{view.__name__}", view.__name__, view)
    app.before_request(_answer)
    app.after_request(_count)
