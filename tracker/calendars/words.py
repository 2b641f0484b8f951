"""The words of calendars, untranslated; the page translates them."""

from collections.abc import Mapping

from tracker.calendars.spans import View
from tracker.text import N_

VIEWS: Mapping[View, str] = {
    View.MONTH: N_("Month"),
    View.QUARTER: N_("Quarter"),
    View.YEAR: N_("Year"),
}
# The letters of the days over a small month, Monday first.
SHORT: Mapping[str, tuple[str, ...]] = {
    "vi": ("T2", "T3", "T4", "T5", "T6", "T7", "CN"),
    "en": ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
}
