"""Passwords: how they are kept, and which are refused because anybody would guess them."""

import re
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tracker.text import N_, clean, fold

SHORTEST = 15
LONGEST = 128
_FEWEST_DIFFERENT = 5
_LEFT_OVER = 6  # letters that must remain when everything guessable is taken away
_RUN = 4  # so many neighbours of a row or an alphabet are one guess

_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
# What the product, its field and its users' habits put into passwords first.
_GUESSED = (
    "tiendo",
    "tracker",
    "demo",
    "daknong",
    "vietnam",
    "vanphong",
    "tinhuy",
    "huyenuy",
    "thanhuy",
    "uyban",
    "nhandan",
    "dangcongsan",
    "matkhau",
    "password",
    "passw0rd",
    "admin",
    "welcome",
    "letmein",
    "iloveyou",
    "anhyeuem",
    "emyeuanh",
    "hanoi",
    "saigon",
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_REPEATED = re.compile(r"(.{1,8}?)\1{2,}")

TOO_SHORT = N_(
    "Choose at least {least} characters; a sentence of several words is easy to remember."
)
TOO_LONG = N_("Choose at most {most} characters.")
TOO_PLAIN = N_(
    "This password is easily guessed. Choose words that have no connection with each other."
)


def hash_password(password: str) -> str:
    """Return what is kept of a password: Argon2id with its own salt and parameters."""
    return _HASHER.hash(clean_password(password))


def fits(password: str, kept: str | None) -> bool:
    """Tell whether `password` is the one `kept` was made from; as slow where nothing is kept."""
    try:
        _HASHER.verify(kept or _nobodys(), clean_password(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_dated(kept: str) -> bool:
    """Tell whether `kept` was made with other parameters than those of today."""
    return _HASHER.check_needs_rehash(kept)


def clean_password(password: str) -> str:
    """Return the password in one normal form, however the keyboard composed its letters."""
    return clean(f"|{password}|")[1:-1]  # the bars keep spaces at the ends


@cache
def _nobodys() -> str:
    return _HASHER.hash("a password that opens nothing")


def weakness(password: str, name: str = "", email: str = "") -> tuple[str, dict[str, int]] | None:
    """Return the untranslated reason to refuse a new password and its values, or None."""
    length = len(clean_password(password))
    if length < SHORTEST:
        return TOO_SHORT, {"least": SHORTEST}
    if length > LONGEST:
        return TOO_LONG, {"most": LONGEST}
    if (
        len(set(password)) < _FEWEST_DIFFERENT
        or len(_left_over(password, name, email)) < _LEFT_OVER
    ):
        return TOO_PLAIN, {}
    return None


def _left_over(password: str, name: str, email: str) -> str:
    """Return what no list of guesses would have: without the owner's words, ours, rows and repeats."""
    left = _letters(password)
    for word in sorted({*_own_words(name, email), *_GUESSED}, key=len, reverse=True):
        left = left.replace(word, "")
    left = _REPEATED.sub(r"\1", _YEAR.sub("", left))
    return _without_runs(left)


def _own_words(name: str, email: str) -> set[str]:
    parts = [
        _letters(name),
        *map(_letters, name.split()),
        *map(_letters, re.split(r"[@.+_-]", email)),
    ]
    return {part for part in parts if len(part) >= _RUN}


def _letters(words: str) -> str:
    return re.sub(r"[\W_]", "", fold(words))


def _without_runs(left: str) -> str:
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        for size in range(len(row), _RUN - 1, -1):
            for start in range(len(row) - size + 1):
                left = left.replace(row[start : start + size], "")
    return left
