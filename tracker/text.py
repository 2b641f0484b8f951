"""Vietnamese text: one normal form, a search key without marks, an order for names, numbers as people type them."""

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal

# One letter of Vietnamese telegraphy: the CLDR order of base letters (a < ă < â, d < đ ...) and of tones.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
_TO_D = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"})
_DIGITS = re.compile(r"(\d+)")


def N_(message: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark `message` for translation where no reader is known yet; the page translates it."""
    return message


def clean(text: str) -> str:
    """Bring typed text to NFC, with Unix line ends and no control characters but line ends and tabs."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


def fold(text: str) -> str:
    """Return the search key of `text`: small letters, đ as d, no marks, one kind of apostrophe and space."""
    text = unicodedata.normalize("NFD", text.casefold().translate(_TO_D).translate(_APOSTROPHES))
    return " ".join("".join(c for c in text if not unicodedata.combining(c)).split())


def sort_key(text: str) -> str:
    """Return a key that sorts as CLDR's Vietnamese does, with numbers by value (9 before 23).

    The key is plain ASCII so that every database orders it alike: letters first, then tones.
    """
    parts = _DIGITS.split(unicodedata.normalize("NFC", text.casefold().translate(_APOSTROPHES)))
    letters, tones = [], []
    for number, part in enumerate(parts):
        if number % 2:
            letters.append(f"0{len(part.lstrip('0')):02d}{part.lstrip('0')}")
            continue
        for char in part:
            letter, tone = _letter_and_tone(char)
            letters.append(letter)
            tones.append(tone)
    return "".join(letters) + "!" + "".join(tones).rstrip("0")


def _letter_and_tone(char: str) -> tuple[str, str]:
    decomposed = unicodedata.normalize("NFD", char)
    tone = next((t for t in _TONES[1:] if t in decomposed), "")
    base = unicodedata.normalize("NFC", decomposed.replace(tone, "")) if tone else char
    if base in _ALPHABET:
        return f"{chr(0x61 + _ALPHABET.index(base) // 26)}{_ALPHABET.index(base) % 26:02d}", str(
            _TONES.index(tone)
        )
    return (" " if char.isspace() else f"%{ord(char):x}"), "0"


def person_sort_key(name: str) -> str:
    """Return the key by which people are listed: given name (the last word), then family, then middle."""
    family, *rest = name.split() or [""]
    *middle, given = rest or [family]
    return sort_key(" ".join([given, family, *middle]))


def number(value: Decimal | int, lang: str) -> str:
    """Write a number as the language does: vi 1.395 and 124,5; en 1,395 and 124.5."""
    plain = f"{value.normalize():,f}" if isinstance(value, Decimal) else f"{value:,}"
    return plain.translate(str.maketrans(",.", ".,")) if lang == "vi" else plain


# Letters which the old encodings (TCVN3, VNI) leave behind, and UTF-8 read as Latin-1: never two in a real sentence.
_MOJIBAKE = re.compile(
    r"(?:Ã[\x80-\xbf¡-¿]|Ä[\x80-\xbf‘’ƒ]|á»|áº|Æ°|Æ¡)|[®¸µ¶·¹¨©¬­ª].*[®¸µ¶·¹¨©¬­ª]"
)


def is_mojibake(text: str) -> bool:
    """Tell whether `text` looks like TCVN3, VNI or doubly encoded UTF-8 rather than Unicode."""
    return bool(_MOJIBAKE.search(text))


Translate = Callable[..., str]
