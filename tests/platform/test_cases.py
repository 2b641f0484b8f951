"""A test of many cases tries them all and names each that does not hold."""

import pytest

from tests.cases import for_each


def test_each_case_that_does_not_hold_is_named_with_its_reason():
    @for_each(range(1, 6), lambda number: f"number {number}")
    def is_small(number: int) -> None:
        assert number < 4

    with pytest.raises(pytest.fail.Exception) as failed:
        is_small()
    said = str(failed.value)
    assert said.startswith("2 of 5 cases do not hold:")
    assert "number 4: " in said
    assert "assert 5 < 4" in said


def test_without_a_case_nothing_holds():
    @for_each(())
    def is_anything(_case: int) -> None:
        return

    with pytest.raises(AssertionError, match="no case at all"):
        is_anything()
