"""Writes days, periods and readings in the one form the product uses, in both languages."""

from __future__ import annotations

from datetime import date, time

from tracker.deadlines.calendar import ONE_DAY, Month, Weekday, month_end
from tracker.deadlines.readings import Kind, Reading

ROMAN = ("I", "II", "III", "IV")
MONTHS = 12


WEEKDAYS_VI = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def worded(value: object, lang: str) -> object:
    """A month or weekday in words; any other value as it is."""
    if isinstance(value, Weekday):
        return WEEKDAYS_VI[value] if lang == "vi" else value.name.capitalize()
    if isinstance(value, Month):
        return str(value.value) if lang == "vi" else month_name(value)
    return value


def month_name(month: int) -> str:
    return Month(month).name.capitalize()


def write_day(day: date, lang: str) -> str:
    """31-3-2018; 31 March 2018."""
    if lang == "vi":
        return f"{day.day}-{day.month}-{day.year}"
    return f"{day.day} {month_name(day.month)} {day.year}"


def write_period(start: date, end: date, lang: str) -> str:
    """A whole week, month, quarter, part of a year or year; else both days."""
    if (end - start).days == 6:  # noqa: PLR2004 - Monday to Sunday
        return _week(start, lang)
    whole = start.day == 1 and start.year == end.year and end == month_end(end.year, end.month)
    written = _months(start.month, end.month, start.year, lang) if whole else None
    return written or f"{write_day(start, lang)} – {write_day(end, lang)}"


def _week(monday: date, lang: str) -> str:
    year, week, _ = monday.isocalendar()
    return f"tuần {week}-{year}" if lang == "vi" else f"week {week} {year}"


def _months(first: int, last: int, year: int, lang: str) -> str | None:
    count = last - first + 1
    if count == MONTHS:
        return f"năm {year}" if lang == "vi" else f"{year}"
    if count == 1:
        return f"tháng {first}-{year}" if lang == "vi" else f"{month_name(first)} {year}"
    if count == 3 and last % 3 == 0:  # noqa: PLR2004 - a quarter's months
        quarter = last // 3
        return f"quý {ROMAN[quarter - 1]}-{year}" if lang == "vi" else f"Q{quarter} {year}"
    return _side_of_year(first, last, year, lang)


def _side_of_year(first: int, last: int, year: int, lang: str) -> str | None:
    if first != 1 and last != MONTHS:
        return None
    count = last - first + 1
    if lang == "vi":
        return f"{count} tháng {'đầu' if first == 1 else 'cuối'} năm {year}"
    return f"{'first' if first == 1 else 'last'} {count} months of {year}"


def write_end(day: date, lang: str) -> str:
    """The inclusive bound: hết quý I-2018 where a period ends on that day, else the day."""
    period = _period_ending(day, lang)
    if period:
        return f"hết {period}" if lang == "vi" else f"end of {period}"
    return (
        f"chậm nhất ngày {write_day(day, lang)}" if lang == "vi" else f"by {write_day(day, lang)}"
    )


def _period_ending(day: date, lang: str) -> str | None:
    if day != month_end(day.year, day.month):
        return None
    months = 12 if day.month == MONTHS else 3 if day.month % 3 == 0 else 1
    return _months(day.month - months + 1, day.month, day.year, lang)


def write(reading: Reading, lang: str) -> str:
    """The canonical phrase; read again it gives the same days, with "before" leaving its day out.

    A phrase told from the context, a duty that comes round and one that names no day stay as typed.
    """
    writer = {
        Kind.DATE: _write_date,
        Kind.BY: _write_by,
        Kind.BEFORE: _write_before,
        Kind.PERIOD: _write_period,
        Kind.YEAR: _write_period,
        Kind.RANGE: _write_range,
        Kind.ASOF: _write_as_of,
    }.get(reading.kind)
    return reading.phrase if writer is None or reading.due is None else writer(reading, lang)


def _due(reading: Reading) -> date:
    return reading.due or date.min


def _timed(day: date, hour: time | None, lang: str) -> str:
    written = write_day(day, lang)
    if lang == "vi":
        return f"{hour:%H} giờ {hour:%M} ngày {written}" if hour else f"ngày {written}"
    return f"{hour:%H:%M} on {written}" if hour else written


def _write_date(reading: Reading, lang: str) -> str:
    if reading.time is None:
        return write_day(_due(reading), lang)
    return _timed(_due(reading), reading.time, lang)


def _write_by(reading: Reading, lang: str) -> str:
    if reading.time is None:
        return write_end(_due(reading), lang)
    return f"{'chậm nhất' if lang == 'vi' else 'by'} {_timed(_due(reading), reading.time, lang)}"


def _write_before(reading: Reading, lang: str) -> str:
    day = _due(reading) if reading.time else _due(reading) + ONE_DAY
    return f"{'trước' if lang == 'vi' else 'before'} {_timed(day, reading.time, lang)}"


def _write_period(reading: Reading, lang: str) -> str:
    return write_period(reading.start or _due(reading), _due(reading), lang)


def _write_range(reading: Reading, lang: str) -> str:
    first = _timed(reading.start or _due(reading), None, lang)
    last = _timed(_due(reading), reading.time, lang)
    return f"từ {first} đến {last}" if lang == "vi" else f"from {first} to {last}"


def _write_as_of(reading: Reading, lang: str) -> str:
    day = _timed(_due(reading), reading.time, lang)
    return f"tính đến {day}" if lang == "vi" else f"as of {day}"
