"""Sides: every « droit » and « gauche » with the noun it was said of."""

from __future__ import annotations

import re

from drafting.checks.case import Case, Problem, content_stems
from drafting.readers.laterality import SIDE, sides

_SIDE = re.compile(rf"\b(?:{SIDE})\b|\b(?:OD|OG|ODG)\b", re.IGNORECASE)


def sided(text: str) -> frozenset[tuple[str, str]]:
    """(stem of the nearest content word before, side) pairs."""
    out = set()
    for match in _SIDE.finditer(text):
        before = content_stems(re.sub(_SIDE, " ", text[: match.start()]))
        side = sides(match.group(0))
        out.add((before[-1] if before else "", side[0] if side else ""))
    return frozenset(out)


def check(case: Case) -> tuple[Problem, ...]:
    """The same pairs on both sides."""
    return tuple(Problem("sides", " ".join(p)) for p in sorted(sided(case.text) ^ sided(case.source)))
