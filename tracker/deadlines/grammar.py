"""A small parser: productions declared beside what they mean, every reading of a phrase found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from tracker.deadlines.lookup import Hit, hits_at
from tracker.deadlines.words import Token

Action = Callable[..., object]
Declared = TypeVar("Declared", bound=Action)
Changes = tuple[tuple[int, str], ...]
Values = tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Symbol:
    """One step of a production: what to find and under which name its value is passed on."""

    name: str
    passed_as: str | None
    optional: bool


@dataclass(frozen=True, slots=True)
class Production:
    steps: tuple[Symbol, ...]
    action: Action


@dataclass(frozen=True, slots=True)
class Match:
    """A symbol found up to a token, its value, and the words it takes as spelled otherwise."""

    end: int
    value: object
    changes: Changes = ()


@dataclass(frozen=True, slots=True)
class Partial:
    end: int
    values: Values = ()
    changes: Changes = ()

    def then(self, step: Symbol, match: Match) -> Partial:
        values = self.values
        if step.passed_as:
            values = (*values, (step.passed_as, match.value))
        return Partial(match.end, values, self.changes + match.changes)


class Grammar:
    """Productions by name; an action that answers None rejects the match."""

    def __init__(self) -> None:
        self.productions: dict[str, list[Production]] = defaultdict(list)

    def rule(self, name: str, *patterns: str) -> Callable[[Declared], Declared]:
        """Declare what `name` may be: symbols in capitals pass nothing, `x=y` passes x as y."""

        def declare(action: Declared) -> Declared:
            for pattern in patterns:
                steps = tuple(_symbol(word) for word in pattern.split())
                self.productions[name].append(Production(steps, action))
            return action

        return declare

    def readings(self, tokens: tuple[Token, ...], start: str) -> list[Match]:
        """Every way to read all the tokens as one symbol, in the order of the rules."""
        search = _Search(self.productions, tokens)
        return [m for m in search.symbol(start, 0) if len(tokens) in search.reachable(m.end)]

    def says_nothing(self, tokens: tuple[Token, ...]) -> bool:
        """Whether all the words are ones that carry no meaning here."""
        return len(tokens) in _Search(self.productions, tokens).reachable(0)


def _symbol(word: str) -> Symbol:
    optional = word.endswith("?")
    name, _, alias = word.rstrip("?").partition("=")
    passed_as = None if name.isupper() else alias or name
    return Symbol(name, passed_as, optional)


class _Search:
    """Top-down search over one phrase; each symbol is sought at each token once."""

    def __init__(self, productions: dict[str, list[Production]], tokens: tuple[Token, ...]) -> None:
        self.productions = productions
        self.tokens = tokens
        self.marked = any(token.marked for token in tokens)
        self.found: dict[tuple[str, int], tuple[Match, ...]] = {}
        self.hits: dict[int, list[Hit]] = {}
        self.skips: dict[int, tuple[int, ...]] = {}

    def symbol(self, name: str, at: int) -> tuple[Match, ...]:
        key = (name, at)
        if key not in self.found:
            matches = self._derived(name, at) if name in self.productions else self._read(name, at)
            self.found[key] = tuple(dict.fromkeys(matches))
        return self.found[key]

    def _derived(self, name: str, at: int) -> Iterator[Match]:
        for production in self.productions[name]:
            for partial in self._sequence(production.steps, at):
                value = production.action(**dict(partial.values))
                if value is not None:
                    yield Match(partial.end, value, partial.changes)

    def _sequence(self, steps: tuple[Symbol, ...], at: int) -> list[Partial]:
        partials = [Partial(at)]
        for step in steps:
            partials = [new for old in partials for new in self._extended(old, step)]
        return partials

    def _extended(self, partial: Partial, step: Symbol) -> Iterator[Partial]:
        for match in self.symbol(step.name, partial.end):
            yield partial.then(step, match)
        if step.optional:
            yield partial

    def _read(self, name: str, at: int) -> Iterator[Match]:
        if name in {"REST", "HAPPENING", "COUNTING"}:
            if at < len(self.tokens) and self._is_text(name, at):
                yield Match(len(self.tokens), None)
            return
        for begin in self.reachable(at):
            for hit in self._hits(begin):
                if hit.symbol == name:
                    yield Match(hit.end, hit.value, hit.respelled)

    def _is_text(self, name: str, at: int) -> bool:
        """Whether the rest is free text; a happening begins with a word unknown and sets no day."""
        if name == "REST":
            return True
        if name == "COUNTING":
            return self._ends_in("amount", at)
        known = any(hit.symbol != "NOISE" for hit in self._hits(at))
        token = self.tokens[at].text
        if known or not token.isalpha():
            return False
        return not self._ends_in("amount", at) and not self._ends_in("bounded", at)

    def _ends_in(self, name: str, at: int) -> bool:
        last = len(self.tokens)
        begins = range(at, last)
        return any(match.end == last for begin in begins for match in self.symbol(name, begin))

    def _hits(self, at: int) -> list[Hit]:
        if at >= len(self.tokens):
            return []
        if at not in self.hits:
            self.hits[at] = hits_at(self.tokens, at, marked_phrase=self.marked)
        return self.hits[at]

    def reachable(self, at: int) -> tuple[int, ...]:
        """The tokens one may go on from when words without meaning are passed over."""
        if at not in self.skips:
            seen = [at]
            for begin in seen:
                ends = (hit.end for hit in self._hits(begin) if hit.symbol == "NOISE")
                seen += [end for end in ends if end not in seen]
            self.skips[at] = tuple(seen)
        return self.skips[at]


GRAMMAR = Grammar()
