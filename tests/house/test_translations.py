"""Both languages complete: English stands in the code, Vietnamese in the catalogue."""

import re
from functools import cache

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tracker.settings import ROOT

CATALOGUES = sorted((ROOT / "tracker/translations").glob("*/LC_MESSAGES/messages.po"))
KEYWORDS = DEFAULT_KEYWORDS | {"N_": None, "lazy_gettext": None, "_l": None}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdif]|(?<!\{)\{(\w+)[^{}]*\}(?!\})")


@cache
def extracted() -> dict[tuple[str, ...], str]:
    """Return every message of code and templates, with a place where it stands."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as lines:
        methods, options = parse_mapping_cfg(lines)
    found = extract_from_dir(ROOT, methods, options, KEYWORDS, directory_filter=ours)
    return {as_tuple(text): f"{name}:{line}" for name, line, text, _notes, _context in found}


def ours(path: str) -> bool:
    name = path.rsplit("/", 1)[-1]
    return not name.startswith((".", "_", "instance", "tests", "docs", "bench"))


def as_tuple(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@cache
def vietnamese() -> Catalog:
    with (ROOT / "tracker/translations/vi/LC_MESSAGES/messages.po").open("rb") as lines:
        return read_po(lines, locale="vi", abort_invalid=True)


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def words(message: Message) -> list[str]:
    return [text for text in as_tuple(message.string or "") if text]


def test_vietnamese_is_there():
    assert CATALOGUES


def test_every_message_is_translated():
    """Fix: add the msgid with its Vietnamese to tracker/translations/vi/LC_MESSAGES/messages.po."""
    known = {as_tuple(m.id)[0]: m for m in messages(vietnamese())}
    missing = [f"{where}: {ids[0]!r}" for ids, where in extracted().items() if ids[0] not in known]
    empty = [f"untranslated: {name!r}" for name, message in known.items() if not words(message)]
    assert not missing + empty, "\n".join(missing + empty)


def test_no_translation_is_left_over():
    """Fix: delete the entry, or mark the sentence in the code with N_."""
    used = {ids[0] for ids in extracted()}
    left = [as_tuple(m.id)[0] for m in messages(vietnamese()) if as_tuple(m.id)[0] not in used]
    assert not left, "\n".join(left)


def test_no_translation_is_a_guess():
    """Fix: check the Vietnamese and take the word fuzzy away."""
    assert not [m.id for m in messages(vietnamese()) if m.fuzzy]


def test_placeholders_agree():
    """Fix: the Vietnamese must name the same values as the English."""
    wrong = [
        m.id
        for m in messages(vietnamese())
        for text in words(m)
        if placeholders(text) != placeholders(as_tuple(m.id)[-1])
    ]
    assert not wrong


def placeholders(text: str) -> set[str]:
    return {a or b for a, b in PLACEHOLDER.findall(text)}
