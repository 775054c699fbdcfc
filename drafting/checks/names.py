"""Names: no person, place or acronym that was not said."""

from __future__ import annotations

import re

from dictation.lexicon import fold
from drafting.checks.case import Case, Problem

_NAME = re.compile(r"(?<![.?!:] )(?<!^)(?<!\n)\b[A-ZÀ-ÖØ-ÝŒ][\wÀ-ÿœ-]+")


def check(case: Case) -> tuple[Problem, ...]:
    """Every capitalised word inside a sentence of the proposal is in the source."""
    said = set(fold(case.source).split())
    return tuple(
        Problem("names", m.group(0)) for m in _NAME.finditer(case.text) if not set(fold(m.group(0)).split()) <= said
    )
