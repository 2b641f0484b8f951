"""The pictures of docs/, taken by a browser; only TRACKER_PICTURES=1 writes them anew."""

import os
import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.journeys.looking import PHONE, WIDE
from tracker.settings import ROOT

PICTURES = {
    "board": ("office", "/board", WIDE),
    "task": ("office", "/tasks/27", WIDE),
    "my-work": ("office", "/", WIDE),
    "overdue": ("leader", "/overdue", WIDE),
    "status": ("leader", "/status", WIDE),
    "digest": ("leader", "/digest", WIDE),
    "measures": ("leader", "/measures", WIDE),
    "timeline": ("leader", "/plans/8/timeline", WIDE),
    "phone": ("member", "/", PHONE),
}
MOST = 200_000  # bytes
IS_WANTED = "TRACKER_PICTURES" in os.environ


@pytest.mark.parametrize("name", PICTURES if IS_WANTED else ["phone"])
def test_a_picture_of_the_guide_can_be_taken_and_is_small(
    scripted_page: Page, become: Callable[[Page, str], Page], tmp_path: Path, name: str
):
    who, path, size = PICTURES[name]
    scripted_page.set_viewport_size(size)
    become(scripted_page, who).goto(path, wait_until="networkidle")
    taken = scripted_page.screenshot()
    picture = (ROOT / "docs/pictures" if IS_WANTED else tmp_path) / f"{name}.png"
    picture.write_bytes(with_palette(taken))
    assert picture.stat().st_size < MOST


def test_the_pictures_that_are_kept_are_small():
    kept = {picture.stem: picture.stat().st_size for picture in ROOT.glob("docs/pictures/*.png")}
    assert set(kept) == set(PICTURES)
    assert max(kept.values()) < MOST, kept


# --- a screenshot has few colours: a palette of 256 makes it half as large ----------------------------

SIGNATURE = b"\x89PNG\r\n\x1a\n"
Colour = tuple[int, int, int]


def with_palette(png: bytes) -> bytes:
    """Return the picture (8-bit RGB) with its 256 commonest colours, the others by the nearest of these."""
    parts = list(chunks(png))
    header = next(body for kind, body in parts if kind == b"IHDR")
    width, height, *kind = struct.unpack(">IIBBBBB", header)
    assert kind == [8, 2, 0, 0, 0]
    packed = b"".join(body for kind, body in parts if kind == b"IDAT")
    rows = list(unfiltered(zlib.decompress(packed), width * 3, height))
    counts = Counter(colour for row in rows for colour in colours(row))
    palette = [colour for colour, _count in counts.most_common(256)]
    place = {colour: nearest(palette, colour) for colour in counts}
    pixels = b"".join(b"\0" + bytes(place[colour] for colour in colours(row)) for row in rows)
    return SIGNATURE + b"".join(
        [
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            chunk(b"PLTE", bytes(value for colour in palette for value in colour)),
            chunk(b"IDAT", zlib.compress(pixels, 9)),
            chunk(b"IEND", b""),
        ]
    )


def nearest(palette: list[Colour], colour: Colour) -> int:
    distances = (sum((a - b) ** 2 for a, b in zip(colour, kept, strict=True)) for kept in palette)
    return min(enumerate(distances), key=lambda pair: pair[1])[0]


def colours(row: bytes) -> Iterator[Colour]:
    return zip(row[0::3], row[1::3], row[2::3], strict=True)


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        at += size + 12


def chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def unfiltered(raw: bytes, width: int, height: int) -> Iterator[bytes]:
    """Undo the five filters of PNG, row by row."""
    above = bytearray(width)
    for number in range(height):
        start = number * (width + 1)
        row = bytearray(raw[start + 1 : start + 1 + width])
        restore(row, above, raw[start])
        yield bytes(row)
        above = row


def restore(row: bytearray, above: bytearray, kind: int) -> None:
    for at, value in enumerate(row):
        left = row[at - 3] if at > 2 else 0
        corner = above[at - 3] if at > 2 else 0
        guess = (0, left, above[at], (left + above[at]) // 2, paeth(left, above[at], corner))[kind]
        row[at] = (value + guess) & 255


def paeth(left: int, above: int, corner: int) -> int:
    estimate = left + above - corner
    return min((left, above, corner), key=lambda value: abs(estimate - value))
