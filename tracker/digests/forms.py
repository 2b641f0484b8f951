"""The form of the wishes for the digest."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from tracker.digests.models import Preference
from tracker.digests.values import Section, Wishes
from tracker.digests.wording import HEADINGS
from tracker.forms import Versioned
from tracker.web import weekday

_WORKING_DAYS = [date(2018, 1, day) for day in range(1, 6)]  # a Monday to a Friday


class WishesForm(Versioned):
    """Whether the digest is wanted, which sections, and on which days not."""

    wanted = BooleanField(_l("Send me the digest"))
    sections = SelectMultipleField(_l("Sections"))
    quiet_days = SelectMultipleField(_l("Quiet days"))

    def __init__(self, wishes: Wishes, row: Preference | None, **more: Any) -> None:
        stored = {
            "version": row.version if row else 0,
            "wanted": not wishes.is_off,
            "sections": [section.value for section in Section if section not in wishes.off],
            "quiet_days": [str(day) for day in sorted(wishes.quiet_days)],
        }
        super().__init__(data=stored, **more)
        for ticks in (self.sections, self.quiet_days):
            ticks.flags.required = True  # no tick is an answer, too: nothing here is optional
        self.sections.choices = [SelectChoice(s.value, _(HEADINGS[s])) for s in Section]
        self.quiet_days.choices = [
            SelectChoice(str(day.isoweekday()), weekday(day)) for day in _WORKING_DAYS
        ]

    def is_outdated(self, row: Preference | None) -> bool:
        """Tell whether the wishes were changed since this form was opened; without a row the version is 0."""
        return bool(self.version.data != (row.version if row else 0))

    def take_version(self, row: Preference | None) -> None:
        """Let the next page carry the version of now."""
        self.version.raw_data, self.version.data = None, row.version if row else 0

    def off(self) -> list[Section]:
        """Return the sections that are not wanted."""
        return [section for section in Section if section.value not in (self.sections.data or [])]

    def quiet(self) -> list[int]:
        """Return the ISO weekdays on which nothing is wanted."""
        return [int(day) for day in self.quiet_days.data or []]
