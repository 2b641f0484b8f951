"""The log: JSON lines in production, readable ones in development, a reference for each request."""

import logging
import re
import secrets
import sys
import threading
import time
from types import TracebackType
from typing import Any

import structlog
from flask import Flask, Request, Response, g, request
from structlog.types import EventDict, Processor

# Read over the telephone: no 0 and O, no 1, I and L.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
# Asked by machines, many times a minute: no line of the log, no cookie, no sign-in kept alive.
MACHINES = frozenset({"healthz", "readyz", "metrics"})
_QUIET = MACHINES | {"static"}
# What PostgreSQL tells of the row that broke a rule.
_ROWS = re.compile(r"^(DETAIL|CONTEXT): .*$", re.MULTILINE)


def logger() -> structlog.stdlib.BoundLogger:
    """Return the log of the product; inside a request each line carries its reference."""
    bound: structlog.stdlib.BoundLogger = structlog.get_logger("tien-do")
    return bound


def reference() -> str:
    """Return a new number by which a person and the log mean the same request."""
    letters = [secrets.choice(_LETTERS) for _ in range(8)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def configure(*, json: bool) -> None:
    """Send what the product and its libraries log to stderr, in one form."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        _with_reference(reference()),
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    _replace_handler(_formatter(shared, json=json))


def _formatter(shared: list[Processor], *, json: bool) -> structlog.stdlib.ProcessorFormatter:
    form: list[Processor] = [
        structlog.processors.format_exc_info,
        _without_rows,
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
    ]
    if not json:
        # The other way of writing a traceback takes seconds, and shows what was typed.
        plain = structlog.dev.plain_traceback
        form = [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)
        ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *form],
    )


def _with_reference(of_run: str) -> Processor:
    """Let a line that belongs to no request carry the number of this run of a command or worker."""

    def add(_logger: Any, _method: str, event: EventDict) -> EventDict:
        event.setdefault("reference", of_run)
        return event

    return add


def _without_rows(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Leave out what an error of the database says about the row: it may be somebody's address."""
    if "exception" in event:
        event["exception"] = _ROWS.sub(r"\1: left out", event["exception"])
    return event


def take_over() -> None:
    """Log what nobody catches in this process, a thread or a child of it, and warnings, like all other lines."""

    def uncaught(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, at)
        else:
            logger().critical("ended by an error", exc_info=(kind, error, at))

    def of_thread(what: threading.ExceptHookArgs) -> None:
        if what.exc_value is not None:
            uncaught(what.exc_type, what.exc_value, what.exc_traceback)

    sys.excepthook, threading.excepthook = uncaught, of_thread
    logging.captureWarnings(capture=True)


class _Stderr(logging.StreamHandler[Any]):
    """Our handler, known again when the log is configured anew."""


def _replace_handler(formatter: logging.Formatter) -> None:
    handler = _Stderr(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [h for h in root.handlers if not isinstance(h, _Stderr)] + [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("tien-do").setLevel(logging.INFO)


def init_app(app: Flask) -> None:
    """Give each request of `app` a reference, and log how it ended."""
    configure(json=app.extensions["settings"].is_production)
    # Flask would tell the address of a request that failed; `errors` tells its rule and its number.
    app.log_exception = lambda exc_info: None  # type: ignore[method-assign]  # noqa: ARG005
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.reference, g.began = reference(), time.monotonic()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(reference=g.reference)


def _end(response: Response) -> Response:
    if request.endpoint in _QUIET:
        return response
    logger().info(
        "request",
        method=request.method,
        rule=rule_of(request),
        **(request.view_args or {} if _numbers_only() else {}),
        status=response.status_code,
        ms=round((time.monotonic() - g.began) * 1000, 1),
    )
    return response


def rule_of(asked: Request) -> str:
    """Return the rule rather than the path: addresses of calendars and invitations are secrets."""
    return str(asked.url_rule or "none")


def _numbers_only() -> bool:
    return all(isinstance(value, int) for value in (request.view_args or {}).values())
