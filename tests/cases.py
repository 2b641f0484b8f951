"""One test of many cases that are alike: every case is tried, and each that does not hold is named."""

import functools
import inspect
import traceback
from collections.abc import Callable, Iterable
from typing import Any

import pytest


def for_each(
    cases: Iterable[Any] | Callable[[], Iterable[Any]], named: Callable[[Any], object] = str
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Let a test hold for each of `cases`, its first argument; the others are fixtures, made once for all.

    A thousand tests of a millisecond take longer to be told of than to be made. What changes anything is parametrised.
    """

    def decorate(check: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(check)
        def every(**fixtures: Any) -> None:
            tried = list(cases() if callable(cases) else cases)
            tellings = (_telling(check, case, fixtures) for case in tried)
            wrong = [f"{named(c)}: {t}" for c, t in zip(tried, tellings, strict=True) if t]
            assert tried, "there is no case at all"
            if wrong:
                title = f"{len(wrong)} of {len(tried)} cases do not hold:"
                pytest.fail("\n\n".join([title, *wrong]), pytrace=False)

        _case, *others = inspect.signature(check).parameters.values()
        every.__signature__ = inspect.Signature(others)  # type: ignore[attr-defined]
        return every

    return decorate


def _telling(check: Callable[..., None], case: Any, fixtures: dict[str, Any]) -> str:
    """Return why the case does not hold and where that was found out, nothing where it holds."""
    try:
        check(case, **fixtures)
    except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - the others are tried all the same
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{where.filename}:{where.lineno}: {type(error).__name__}: {error}"
    return ""
