"""The log: JSON lines in production, readable ones in development, a reference for each request."""

import logging
import secrets
import sys
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request
from structlog.types import Processor

# Read over the telephone: no 0 and O, no 1, I and L.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_QUIET = frozenset({"static", "healthz", "readyz", "metrics"})


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
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    if not json:
        form = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *form],
    )


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
        # The rule rather than the path: addresses of calendars and invitations are secrets.
        rule=str(request.url_rule or "none"),
        **(request.view_args or {} if _numbers_only() else {}),
        status=response.status_code,
        ms=round((time.monotonic() - g.began) * 1000, 1),
    )
    return response


def _numbers_only() -> bool:
    return all(isinstance(value, int) for value in (request.view_args or {}).values())
