"""Dates move together by whole weeks; very old ages are made coarse."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator

from templates.anonymise.spans import Found
from templates.french import MONTHS

_MONTHS = "|".join(MONTHS)
_NUMERIC = re.compile(r"(?<![\d/.,])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/])")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_LONG = re.compile(rf"(?<!\w)(1er|\d{{1,2}})[ \u00a0]+({_MONTHS})(?:[ \u00a0]+(\d{{4}}))?(?!\w)", re.IGNORECASE)
_MONTH = re.compile(rf"(?<!\w)({_MONTHS})[ \u00a0]+(\d{{4}})(?!\d)", re.IGNORECASE)
_SHORT = re.compile(r"(?<!\w)(?:le|du|au|depuis le|jusqu'au|dès le)[ \u00a0]+(\d{1,2})/(\d{1,2})(?![\d/])")
_AGE = re.compile(r"(?<!\d)(9\d|1[01]\d)[ \u00a0]+ans")


def weeks_of(secret: str) -> int:
    """-104..-4 or 4..104 weeks, from the secret."""
    number = int.from_bytes(hashlib.sha256(b"calame-dates" + secret.encode()).digest()[:4], "big")
    weeks = 4 + number % 101
    return weeks if number & (1 << 31) else -weeks


def dates(text: str, weeks: int) -> Iterator[Found]:
    """Every date with its shifted form, in the shape it had."""
    delta = dt.timedelta(weeks=weeks)
    for match in _NUMERIC.finditer(text):
        day, month, year = int(match[1]), int(match[3]), int(match[4])
        moved = _moved(
            year + 2000 if year < 40 and len(match[4]) == 2 else year + (1900 if year < 100 else 0), month, day, delta
        )
        if moved:
            tail = f"{moved.year % 100:02d}" if len(match[4]) == 2 else str(moved.year)
            yield _found(match, f"{moved.day:02d}{match[2]}{moved.month:02d}{match[2]}{tail}")
    for match in _ISO.finditer(text):
        moved = _moved(int(match[1]), int(match[2]), int(match[3]), delta)
        if moved:
            yield _found(match, moved.isoformat())
    for match in _LONG.finditer(text):
        day = 1 if match[1].lower() == "1er" else int(match[1])
        month = MONTHS.index(match[2].lower()) + 1
        moved = _moved(int(match[3]) if match[3] else 2001, month, day, delta)
        if moved:
            number = "1er" if moved.day == 1 else str(moved.day)
            yield _found(match, f"{number} {MONTHS[moved.month - 1]}" + (f" {moved.year}" if match[3] else ""))
    for match in _MONTH.finditer(text):
        moved = _moved(int(match[2]), MONTHS.index(match[1].lower()) + 1, 15, delta)
        if moved:
            yield _found(match, f"{MONTHS[moved.month - 1]} {moved.year}")
    for match in _SHORT.finditer(text):
        moved = _moved(2001, int(match[2]), int(match[1]), delta)
        if moved:
            start = match.start(1)
            yield Found(start, match.end(), "date", match[0], f"{moved.day:02d}/{moved.month:02d}")
    for match in _AGE.finditer(text):
        yield Found(match.start(), match.end(), "age", match[0], "90\u00a0ans ou plus")


def _found(match: re.Match[str], substitute: str) -> Found:
    return Found(match.start(), match.end(), "date", match[0], substitute)


def _moved(year: int, month: int, day: int, delta: dt.timedelta) -> dt.date | None:
    try:
        return dt.date(year, month, day) + delta
    except (ValueError, OverflowError):
        return None
