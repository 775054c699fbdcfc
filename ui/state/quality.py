"""Quality over time as the screen shows it: months, shares, kinds; no account but one's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.quality import Measure, Row, group, row

#: months on the screen
LAST = 12
#: an axis goes to the next of these, in percent
_TOPS = (5, 10, 20, 30, 50, 75, 100)
_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


@dataclass(frozen=True, slots=True)
class Month:
    """One month: percent of the words drafted that the secretary and the doctor changed, percent of the fields
    corrected, percent of the findings signed without an answer."""

    caption: str
    documents: int
    secretary: float
    doctor: float
    changed: float
    fields: float
    ignored: float


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of document, over all its months."""

    form_id: str
    title: str
    documents: int
    untouched: int
    changed: float
    median: float


@dataclass(frozen=True, slots=True)
class QualityVM:
    """What is shown for one choice of author and kind."""

    months: tuple[Month, ...]
    kinds: tuple[Kind, ...]
    total: Row | None
    #: True when other doctors signed too: « mine » then means something
    shared: bool

    @property
    def empty(self) -> bool:
        """Nothing signed in this choice."""
        return self.total is None


def short_month(key: str) -> str:
    """« mars 26 » from "2026-03"."""
    year, _, number = key.partition("-")
    return f"{_MONTHS[int(number) - 1]} {year[2:]}"


def share(part: int, whole: int) -> float:
    """Percent; 0 of nothing is 0."""
    return 100 * part / whole if whole else 0.0


def top_of(values: Sequence[float]) -> float:
    """Where a chart's axis ends, so that two charts of about the same size can be compared."""
    highest = max(values, default=0.0)
    return next((float(top) for top in _TOPS if highest <= top), highest)


def view(
    measures: Sequence[Measure],
    *,
    account_id: str,
    mine: bool,
    kind: str | None,
    title: Callable[[str], str],
) -> QualityVM:
    """``mine``: what ``account_id`` dictated, else the whole practice; ``kind``: one form, ``None`` for all."""
    shared = any(m.author_id != account_id for m in measures)
    theirs = [m for m in measures if not mine or m.author_id == account_id]
    chosen = [m for m in theirs if kind in (None, m.form_id)]
    return QualityVM(
        months=tuple(_month(r) for r in group(chosen, lambda m: m.month)[-LAST:]),
        kinds=tuple(
            Kind(r.key, title(r.key), r.documents, r.untouched, r.changed_percent, r.median_percent)
            for r in sorted(group(theirs, lambda m: m.form_id), key=lambda r: -r.documents)
        ),
        total=row("", chosen) if chosen else None,
        shared=shared,
    )


def _month(r: Row) -> Month:
    return Month(
        short_month(r.key),
        r.documents,
        r.secretary_percent,
        r.doctor_percent,
        r.changed_percent,
        share(r.fields_corrected, r.fields),
        share(r.findings_ignored, r.findings),
    )
