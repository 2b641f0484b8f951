"""What hands do on the board: press a button of a card, read the number of a column."""

from playwright.sync_api import Page


def press(page: Page, task: int, move: str) -> None:
    card = page.locator(f"#task-{task}")
    card.locator(".card-moves summary").click()
    card.get_by_role("button", name=move).click()


def tally(page: Page, state: str) -> int:
    return int(page.locator(f"#tally-{state}").inner_text())
