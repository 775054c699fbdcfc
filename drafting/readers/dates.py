"""Dates and the role each one plays."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache

from dictation.values import DateValue
from drafting.passage import Passage
from drafting.readers.reading import Context, Reading, compiled, reading, table

MONTHS = {
    name: n
    for n, names in enumerate(
        ("janvier", "février fevrier", "mars", "avril", "mai", "juin", "juillet", "août aout", "septembre", "octobre",
         "novembre", "décembre decembre"), 1)
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(MONTHS)
#: a written date without groups, for use inside other patterns
DATE = (
    rf"(?:\d{{1,2}}/\d{{1,2}}/\d{{4}}|\d{{1,2}}/\d{{1,2}}(?!\d|/)|(?:1er|\d{{1,2}}) (?:{_MONTH})(?: \d{{4}})?"
    rf"|(?:{_MONTH}) \d{{4}})"
)
_TIME = r"(?:,? (?:à|vers) (?P<h>\d{1,2}) ?h(?: ?(?P<m>\d{2}))?)?"
_DATE = compiled(rf"(?P<weekday>(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) )?(?P<d>{DATE}){_TIME}")
_RANGE = compiled(rf"\bdu (?P<a>{DATE}|1er|\d{{1,2}}) (?:au|jusqu'au) (?P<b>{DATE})(?P<incl> inclus)?")
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def iso_of(text: str, today: dt.date | None) -> str | None:
    """ISO 8601 of one written date; without a year it takes that of ``today``, or stays ``None``."""
    text = text.lower().strip()
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?", text):
        day, month, year = int(match[1]), int(match[2]), match[3]
    elif match := re.fullmatch(rf"(1er|\d{{1,2}}) ({_MONTH})(?: (\d{{4}}))?", text):
        day, month, year = int(match[1].removesuffix("er")), MONTHS[match[2]], match[3]
    elif match := re.fullmatch(rf"({_MONTH}) (\d{{4}})", text):
        return f"{match[2]}-{MONTHS[match[1]]:02d}"
    else:
        return None
    chosen = int(year) if year else today.year if today else None
    if chosen is None:
        return None
    try:
        return dt.date(chosen, month, day).isoformat()
    except ValueError:
        return None


@cache
def _roles() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((role, compiled(cue)) for role, cue in table("date_roles"))


def _role(before: str) -> str:
    """Role said by the nearest cue before a date, in its own clause and not far."""
    clause = before[max(before.rfind(". "), before.rfind(";"), len(before) - 60, 0) :]
    nearest: tuple[int, str] = (-1, "citée")
    for role, cue in _roles():
        for match in cue.finditer(clause):
            if match.end() > nearest[0]:
                nearest = (match.end(), role)
    return nearest[1]


def read(passage: Passage, context: Context) -> Iterator[Reading]:
    """Dates of one passage, each with its role, or ``"citée"`` when the words give none."""
    text = passage.text
    taken: list[tuple[int, int]] = []
    for match in _RANGE.finditer(text):
        end = iso_of(match["b"], context.today)
        first = match["a"] if not re.fullmatch(r"1er|\d{1,2}", match["a"]) else f"{match['a']}{_month_of(match['b'])}"
        start = iso_of(first, context.today)
        if start and end:
            taken.append(match.span())
            yield reading(passage, "dates", "date", DateValue(start, "debut"), match.span())
            yield reading(passage, "dates", "date", DateValue(end, "fin"), match.span())
    for match in _DATE.finditer(text):
        if any(a <= match.start() < b for a, b in taken):
            continue
        if re.fullmatch(r"\d{1,2}/\d{1,2}", match["d"]) and not re.search(r"\b(?:le|du|au) $", text[: match.start()]):
            continue
        iso = iso_of(match["d"], context.today)
        if iso is None:
            continue
        role = _role(text[: match.start()])
        if match["h"] and len(iso) == 10:
            iso = f"{iso}T{int(match['h']):02d}:{int(match['m'] or 0):02d}"
        yield reading(passage, "dates", "date", DateValue(iso, role), match.span())


def _month_of(text: str) -> str:
    match = re.search(rf" (?:{_MONTH})(?: \d{{4}})?$|/\d{{1,2}}(?:/\d{{4}})?$", text)
    return match.group(0) if match else ""
