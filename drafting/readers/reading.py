"""What a reader finds, and the tools all readers share."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib import resources

from dictation.lexicon import Lexicon
from dictation.transcript import Span
from dictation.values import Value
from drafting.passage import Passage

#: a French written number: « 1 250 », « 7,5 », « 14 500 »
NUMBER = r"(?:\d{1,3}(?: \d{3})+|\d+)(?:[,.]\d+)?"


@dataclass(frozen=True, slots=True)
class Reading:
    """One typed value with the words it rests on; ``spans`` is never empty."""

    #: list of the draft it belongs to: "constantes", "traitements", "dates"…
    key: str
    #: type of the field: "vital", "drug", "date", "text"…
    type: str
    value: Value
    spans: tuple[Span, ...]
    statement_id: str
    #: the characters matched, as written
    surface: str


@dataclass(frozen=True, slots=True)
class Context:
    """What readers may know beside the words."""

    lexicon: Lexicon
    #: day of the consultation, for dates said without their year
    today: dt.date | None = None


#: a reader is a pure function of one passage
Reader = Callable[[Passage, Context], Iterator[Reading]]


def number(text: str) -> Decimal | None:
    """« 1 250,5 » as a Decimal; ``None`` when it is not a number."""
    try:
        return Decimal(text.replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return None


def reading(passage: Passage, key: str, type_: str, value: Value, *ranges: tuple[int, int]) -> Reading:
    """A reading over character ranges of the passage."""
    spans = tuple(sorted({passage.span(a, b) for a, b in ranges}))
    surface = " … ".join(passage.text[a:b] for a, b in ranges)
    return Reading(key, type_, value, spans, passage.id, surface)


@cache
def table(name: str) -> tuple[tuple[str, ...], ...]:
    """Rows of ``data/<name>.tsv``, comments and header dropped; raises ``ValueError`` on uneven rows."""
    text = (resources.files("drafting.readers") / "data" / f"{name}.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    width = lines[0].count("\t") + 1
    rows = []
    for line in lines[1:]:
        cells = tuple(cell.strip() for cell in line.split("\t"))
        if len(cells) > width:
            raise ValueError(f"{name}.tsv: {len(cells)} cells instead of {width}: {line!r}")
        rows.append(cells + ("",) * (width - len(cells)))
    return tuple(rows)


def words_of(name: str) -> str:
    """First column of a table as one alternation, longest first, for use inside a regular expression."""
    return "|".join(sorted((row[0] for row in table(name)), key=len, reverse=True))


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Case-insensitive, cached."""
    return re.compile(pattern, re.IGNORECASE)
