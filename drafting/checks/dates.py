"""Dates and delays: the same, all of them."""

from __future__ import annotations

import re

from drafting.checks.case import Case, Problem
from drafting.readers.dates import DATE

_WHEN = re.compile(
    rf"{DATE}|\b(?:19|20)\d\d\b|\b\d{{1,2}} ?h(?: ?\d\d)?\b|\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b"
    r"|\b(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)\b"
    r"|\b(?:hier|demain|ce jour|aujourd'hui|depuis|il y a|dans|jusqu'\w+)\b",
    re.IGNORECASE,
)


def moments(text: str) -> frozenset[str]:
    """Dates, hours, week days and the words that place them in time."""
    same = {"aujourd'hui": "ce jour"}
    return frozenset(same.get(m.group(0).lower(), m.group(0).lower()) for m in _WHEN.finditer(text))


def check(case: Case) -> tuple[Problem, ...]:
    """Nothing moved, added or lost in time."""
    return tuple(Problem("dates", m) for m in sorted(moments(case.text) ^ moments(case.source)))
