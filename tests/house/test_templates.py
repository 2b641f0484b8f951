"""Templates: the plain page first, nothing inline."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from tests.cases import for_each
from tracker.settings import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "mail" not in path.parts]
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
VERBS = ("hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete")
PLAIN = {"a": "href", "form": "action", "button": "formaction"}
# These are sent with the form around them.
FIELDS = {"input", "select", "textarea"}


def below_templates(path: Path) -> Path:
    return path.relative_to(ROOT / "templates")


class Tags(HTMLParser):
    """Collects each start tag with its attributes, line, and whether a form is open around it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], int]] = []
        self.feed(JINJA.sub(keep_lines, text))

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs), self.getpos()[0]))


def keep_lines(match: re.Match[str]) -> str:
    """Stand a neutral word in for an expression, nothing for a statement."""
    return ("j" if match.group(0).startswith("{{") else " ") + "\n" * match.group(0).count("\n")


def tags(path: Path) -> Iterator[tuple[str, dict[str, str | None], str]]:
    for tag, attributes, line in Tags(path.read_text(encoding="utf-8")).found:
        yield tag, attributes, f"{path.relative_to(ROOT)}:{line} <{tag}>"


@for_each(PAGES, below_templates)
def test_the_page_works_without_htmx(path):
    """Fix: give the element the plain href, action or formaction which does the same without script."""
    missing = [
        where
        for tag, attributes, where in tags(path)
        if any(verb in attributes for verb in VERBS)
        if not works_without_script(tag, attributes)
    ]
    assert not missing, "\n".join(missing)


def works_without_script(tag: str, attributes: dict[str, str | None]) -> bool:
    if tag in FIELDS:
        return True
    by_itself = re.search(r"\b(every|load|revealed)\b|refresh", attributes.get("hx-trigger") or "")
    return PLAIN.get(tag, "-") in attributes or bool(by_itself)


@for_each(PAGES, below_templates)
def test_nothing_is_inline(path):
    """Fix: style goes into static/css, script into static/app.js; the content policy blocks it anyway."""
    found = []
    for tag, attributes, where in tags(path):
        found += [f"{where} {a}" for a in attributes if a == "style" or re.match(r"on|hx-on", a)]
        found += [f"{where} javascript:" for v in attributes.values() if "javascript:" in (v or "")]
        if tag == "style" or (tag == "script" and "src" not in attributes):
            found.append(where)
    assert not found, "\n".join(found)


@for_each(PAGES, below_templates)
def test_nothing_unescaped(path):
    """Fix: leave the |safe away; markup is made by macros or returned as Markup."""
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"\|\s*safe\b|autoescape\s+false", text)


def test_images_have_words():
    """Fix: alt="" for an ornament, words for anything else."""
    silent = [w for p in PAGES for tag, a, w in tags(p) if tag == "img" and "alt" not in a]
    assert not silent
