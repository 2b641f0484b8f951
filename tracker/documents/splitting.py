"""The text of a document cut into its clauses, by the habits of Vietnamese drafting.

Part, chapter, section and article stand by their names; below them I. or A., 1., 1.1, a), a dash, a plus. What bears no
mark of its own belongs to the clause before it. What is found is a proposal: whoever pasted the text corrects it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tracker.documents.marks import Found, Rank, mark_of
from tracker.text import clean, fold

DEEPEST = 8
_ENDS = ".;:!?…"
# What follows is who receives the paper, and who signs it: no clause.
_FOOT = re.compile(r"(nơi nhận|t/m|tm\.|k/t|kt\.|t/l|tl\.)\b", re.IGNORECASE)
# Clauses that open like this tell why, of what, since when: nobody is given a task by them. Folded.
_TELLING = (
    "can cu",
    "xet de nghi",
    "theo de nghi",
    "pham vi",
    "doi tuong ap dung",
    "giai thich tu ngu",
    "tinh hinh",
    "danh gia tinh hinh",
    "thuc trang",
    "nguyen nhan",
    "quan diem",
    "muc dich, yeu cau",
    "hieu luc thi hanh",
)


@dataclass(frozen=True)
class Piece:
    """One clause as it was found; `depth` 0 is the outermost."""

    mark: str | None
    words: str
    depth: int = 0
    needs_task: bool = True


def split(text: str) -> list[Piece]:
    """Return the clauses of a text in their order. A text without any mark: each paragraph is one."""
    lines = [" ".join(line.split()) for line in clean(text).split("\n")]
    pieces = list(_pieces([line for line in lines if line]))
    if not any(piece.mark for piece in pieces):
        return pieces
    return _marked(pieces)


def levelled(depths: Iterable[int]) -> list[int]:
    """Return the depths without gaps: the first is the outermost, each at most one below the one before."""
    found: list[int] = []
    for depth in depths:
        most = min(found[-1] + 1, DEEPEST) if found else 0
        found.append(min(max(depth, 0), most))
    return found


def branch_end(depths: list[int], start: int) -> int:
    """Return where the clauses below the one at `start` end."""
    after = range(start + 1, len(depths))
    return next((n for n in after if depths[n] <= depths[start]), len(depths))


def _pieces(lines: list[str]) -> Iterator[Piece]:
    """Read line by line; a line goes on with the clause before it unless it has a mark, or nothing has one yet."""
    open_: list[Found] = []
    piece, is_foot = None, False
    for line in lines:
        found = None if is_foot else mark_of(line, open_, goes_on=_goes_on(piece))
        begins_foot = not is_foot and found is None and bool(_FOOT.match(line))
        is_foot = is_foot or begins_foot
        if found is None and piece and not begins_foot and _belongs(piece, line):
            piece = replace(piece, words=_joined(piece.words, line))
            continue
        if piece:
            yield piece
        piece = Piece(None, line) if found is None else _opened(found, open_)
    if piece:
        yield piece


def _opened(found: Found, open_: list[Found]) -> Piece:
    """Return the clause that a mark opens, and close those that do not hold it."""
    while open_ and open_[-1].rank >= found.rank:
        open_.pop()
    depth = min(len(open_), DEEPEST)
    open_.append(found)
    return Piece(found.mark, found.words, depth)


def _belongs(piece: Piece, line: str) -> bool:
    """Tell whether a line without a mark goes on with the clause before it."""
    if piece.mark or _FOOT.match(piece.words):
        return True
    return not _is_whole(piece.words) and line[:1].islower()


def _goes_on(piece: Piece | None) -> bool:
    """Tell whether the sentence before has not ended: a number that follows may be its own."""
    return piece is not None and bool(piece.words) and not _is_whole(piece.words)


def _is_whole(words: str) -> bool:
    return words.endswith(tuple(_ENDS)) or words.isupper()


def _joined(words: str, line: str) -> str:
    """A line that was only wrapped goes on; a paragraph begins anew."""
    if not words:
        return line
    return f"{words}\n{line}" if _is_whole(words) or line[:1].isupper() else f"{words} {line}"


def _marked(pieces: list[Piece]) -> list[Piece]:
    """Say of each whether it needs a task: those do that nothing is below of, and that tell what is to be done."""
    depths = [piece.depth for piece in pieces]
    found, telling = [], DEEPEST + 1
    for n, piece in enumerate(pieces):
        if piece.depth <= telling:
            is_telling = piece.mark is None or fold(piece.words).startswith(_TELLING)
            telling = piece.depth if is_telling else DEEPEST + 1
        is_leaf = branch_end(depths, n) == n + 1
        found.append(replace(piece, needs_task=is_leaf and telling > DEEPEST))
    return found


__all__ = ["DEEPEST", "Piece", "Rank", "branch_end", "levelled", "split"]
