"""The links by which a reader stops a section or the whole digest without signing in.

A link says whose digest and which part, proves that we made it, and opens nothing else.
"""

import hmac
from typing import NamedTuple

from tracker.digests.values import Section
from tracker.settings import Settings

ALL = "all"
_PURPOSE = "digest-off"


class Stop(NamedTuple):
    """What a link stops: one section, or all where there is none."""

    person_id: int
    section: Section | None


def token_of(stop: Stop, settings: Settings) -> str:
    """Return the token of a link."""
    words = f"{stop.person_id}.{stop.section or ALL}"
    return f"{words}.{settings.seal(_PURPOSE, words)}"


def read(token: str, settings: Settings) -> Stop | None:
    """Return what a token stops; None where it is not one of ours."""
    words, _dot, seal = token.rpartition(".")
    if not hmac.compare_digest(seal.encode(), settings.seal(_PURPOSE, words).encode()):
        return None
    person_id, _dot, section = words.partition(".")
    return Stop(int(person_id), None if section == ALL else Section(section))


def off_url(stop: Stop, settings: Settings) -> str:
    """Return the address of a link; a GET of it only shows a page."""
    return f"{settings.public_url}/digest/off/{token_of(stop, settings)}"
