"""Reading a page as its reader does: its text, what is in which language, the rows of its lists."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tests.pages import parse

_MARKED = re.compile(
    r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)


def text_of(html: str) -> str:
    """Return the words of the main part of a page, with single spaces."""
    main = parse(html)[0].find(".//main")
    assert main is not None
    return " ".join("".join(main.itertext()).split())


def vietnamese_unmarked(html: str) -> list[str]:
    """Return the Vietnamese words of a page that no lang="vi" announces."""
    return [words for words in _spoken(parse(html)[0], "") if _MARKED.search(words)]


def _spoken(element: Element, lang: str) -> Iterator[str]:
    lang = element.get("lang", lang)
    if element.tag in {"script", "style", "title", "textarea"} or lang == "vi":
        return
    yield (element.text or "").strip()
    for child in element:
        yield from _spoken(child, lang)
        yield (child.tail or "").strip()


def rows_of(html: str) -> set[int]:
    """Return the tasks a page lists."""
    return {int(e.get("data-task", "")) for e in parse(html)[0].iter() if e.get("data-task")}


def error_at(html: str, field: str) -> str:
    """Return what the page says is wrong with a field."""
    found = [e for e in parse(html)[0].iter() if e.get("id") == f"{field}-error"]
    return " ".join(" ".join(found[0].itertext()).split()) if found else ""
