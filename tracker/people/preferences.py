"""What a browser remembers of somebody's wishes, and by which name people know it."""

from typing import Any

from flask import current_app
from werkzeug.wrappers import Response

_YEAR = 365 * 24 * 3600  # seconds


def with_cookies(response: Response, **wishes: str | None) -> Response:
    """Let this browser remember wishes, and forget those that are left to the device."""
    is_secure: bool = current_app.extensions["settings"].is_secure
    kind: dict[str, Any] = {"httponly": True, "samesite": "Lax", "secure": is_secure}
    for name, wish in wishes.items():
        if wish is None:
            response.delete_cookie(name, **kind)
        else:
            response.set_cookie(name, wish, max_age=_YEAR, **kind)
    return response


# The first that is found: most browsers claim to be several others as well.
_BROWSERS = (
    ("Edg", "Edge"),
    ("coc_coc", "Cốc Cốc"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser(agent: str) -> str:
    """Return what people call a browser and its device, empty where it does not say."""
    names = (
        next((name for mark, name in marks if mark in agent), "") for marks in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(name for name in names if name)
