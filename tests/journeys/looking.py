"""Looking at a page as different people do: axe in both sizes and both themes, and nothing that scrolls sideways."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

WIDE: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
NARROW: ViewportSize = {"width": 320, "height": 640}
ZOOMED: ViewportSize = {"width": 720, "height": 450}  # 1440 x 900 at 200 %
# What axe would fetch anew (sheets, frames) is for rules that nobody asks for here.
EVERYTHING = {"resultTypes": ["violations"], "preload": False, "iframes": False}
COLOURS = EVERYTHING | {"runOnly": ["color-contrast", "link-in-text-block"]}


def check(page: Page) -> None:
    """Look at one page on a desk by day and on a phone by night, and at its width in all sizes."""
    page.wait_for_load_state()
    page.evaluate(AXE_SCRIPT)
    found = problems(page, "light, 1440")
    page.set_viewport_size(PHONE)
    found += by_night(page, "dark, 390", EVERYTHING)
    found += [wide for size in (PHONE, NARROW, ZOOMED) for wide in sideways(page, size)]
    assert not found, "\n".join(found)


def check_the_other_way_round(page: Page) -> None:
    """Look at the colours of a page on a desk by night and on a phone by day."""
    page.wait_for_load_state()
    page.evaluate(AXE_SCRIPT)
    found = by_night(page, "dark, 1440", COLOURS)
    page.set_viewport_size(PHONE)
    found += problems(page, "light, 390", COLOURS)
    assert not found, "\n".join(found)


def problems(page: Page, where: str, options: dict[str, Any] = EVERYTHING) -> list[str]:
    result = page.evaluate("options => axe.run(options)", options)
    return [
        f"{where}: {violation['id']}: {node['html'][:200]} {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def by_night(page: Page, where: str, options: dict[str, Any]) -> list[str]:
    page.emulate_media(color_scheme="dark")
    found = problems(page, where, options)
    page.emulate_media(color_scheme="light")
    return found


def sideways(page: Page, size: ViewportSize) -> list[str]:
    page.set_viewport_size(size)
    width, shown = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    return [f"{width} px wide where {shown} are shown"] if width > shown else []
