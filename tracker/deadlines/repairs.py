"""Small repairs of a refused phrase: if one makes it readable, that was the mistake."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from tracker.deadlines.words import Token, respell

SIGNS = {"-", "/", "."}
QUARTER_WORDS = {"quy", "qui", "q", "quarter"}
QUARTERS = {0: "I", 11: "II", 111: "III"}
LOOKALIKES = {
    "l": "I",
    "ll": "II",
    "lll": "III",
    "il": "II",
    "li": "II",
    "lv": "IV",
    "iiii": "IV",
    "ı": "I",
}
ENGLISH = {"q", "quarter"}
ARABIC = {"I": "1", "II": "2", "III": "3", "IV": "4"}
MONTHS = 12
MOST_SHORT = 6
MOST_TRIED = 8
MOST_TOKENS = 30
OLDEST_SHORT_YEAR = 90


def is_number(token: Token) -> bool:
    return token.text.isdecimal()


def swapped(text: str, tokens: tuple[Token, ...]) -> Iterator[str]:
    """3/31/2018 as 31/3/2018, 2018-31-3 as 31-3-2018, 2018/3 as 3/2018."""
    for at in range(len(tokens) - 4):
        one, _, two, _, three = tokens[at : at + 5]
        if not all(map(is_number, (one, two, three))):
            continue
        yield respell(text, tokens, {at: two.text, at + 2: one.text})
        yield respell(text, tokens, {at: two.text, at + 2: three.text, at + 4: one.text})
    for at in range(len(tokens) - 2):
        one, sign, two = tokens[at : at + 3]
        if is_number(one) and is_number(two) and sign.text in SIGNS:
            yield respell(text, tokens, {at: two.text, at + 2: one.text})


def full_years(text: str, tokens: tuple[Token, ...]) -> Iterator[str]:
    """30/6/18 as 30/6/2018: the last number, and both ends of a range."""
    short = [n for n, token in enumerate(tokens) if is_number(token) and len(token.text) == 2]  # noqa: PLR2004
    if len(short) > MOST_SHORT:
        return
    years = {n: _full_year(int(tokens[n].text)) for n in short if n}
    for n, year in reversed(years.items()):
        yield respell(text, tokens, {n: year})
    for pair in combinations(reversed(years.items()), 2):
        yield respell(text, tokens, dict(pair))


def _full_year(short: int) -> str:
    return str(short + (1900 if short >= OLDEST_SHORT_YEAR else 2000))


def quarters(text: str, tokens: tuple[Token, ...]) -> Iterator[str]:
    """Quý VI as quý IV, quý l (the letter) as quý I, 5Q as 4Q."""
    for at in range(1, len(tokens)):
        before, token = tokens[at - 1], tokens[at]
        if token.bare in ENGLISH and is_number(before):
            yield respell(text, tokens, {at - 1: ARABIC[_quarter(before)]})
        if before.bare in QUARTER_WORDS:
            number = "IV" if _is_one_v(tokens, at) else _quarter(token)
            number = ARABIC[number] if before.bare in ENGLISH else number
            yield respell(
                text, tokens, {at: number} | ({at + 1: ""} if _is_one_v(tokens, at) else {})
            )


def _is_one_v(tokens: tuple[Token, ...], at: int) -> bool:
    """IV typed with the digit one."""
    return tokens[at].text == "1" and [token.text for token in tokens[at + 1 : at + 2]] == ["v"]


def _quarter(token: Token) -> str:
    if is_number(token):
        return QUARTERS.get(int(token.text[:4]), "IV")
    return LOOKALIKES.get(token.text, "IV")


def is_lookalike(tokens: tuple[Token, ...]) -> bool:
    """Whether a quarter is numbered with letters that only look like a numeral."""
    return any(
        tokens[at - 1].bare in QUARTER_WORDS
        and (tokens[at].text in LOOKALIKES or _is_one_v(tokens, at))
        for at in range(1, len(tokens))
    )


def numbered_quarters(text: str, tokens: tuple[Token, ...], year: int) -> Iterator[str]:
    """Hết quý as hết quý I-2018."""
    for at, token in enumerate(tokens):
        if token.bare in QUARTER_WORDS:
            word = text[token.start : token.end]
            one = "1" if token.bare in ENGLISH else "I"
            yield respell(text, tokens, {at: f"{word} {one}"})
            yield respell(text, tokens, {at: f"{word} {one}-{year}"})


def with_year(text: str, tokens: tuple[Token, ...], year: int) -> Iterator[str]:
    """31/3 as 31/3/2018, tháng sáu as tháng sáu năm 2018, end of March as end of March 2018."""
    signs = [token.text for token in tokens if token.text in SIGNS]
    if signs and is_number(tokens[-1]):
        yield f"{text}{signs[-1]}{year}"
    if tokens[-1].marked:
        yield f"{text} năm {year}"
    if not any(token.marked for token in tokens):
        yield f"{text} {year}"
    yield f"{text}-{year}"
    yield f"{text} {year}"
