"""A dose against the strengths that are marketed: « 5000 mg » of a tablet of 5 or 10 is asked about, never changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from dictation.evidence import Finding, Severity
from dictation.lexicon import Lexicon
from dictation.values import Drug
from drafting.readers import Reading
from drafting.readers.reading import number

#: a dose this many times above the highest strength, or below the lowest, is asked about
FAR_ABOVE, FAR_BELOW = 8, 10
_AMOUNT = re.compile(r"^\s*(\d[\d ]*(?:[.,]\d+)?)\s*(mg|g|µg|microgrammes?|UI|unités?)\s*$", re.IGNORECASE)
#: to one scale per family of units
_SCALE = {"g": Decimal(1000), "mg": Decimal(1), "µg": Decimal("0.001")}
_NBSP = "\u00a0"


def _amount(text: str) -> tuple[str, Decimal] | None:
    """Family of the unit and value on its scale; ``None`` for anything else than one amount."""
    match = _AMOUNT.match(text.replace(_NBSP, " ").replace("\u202f", " "))
    value = number(match[1].strip()) if match else None
    if match is None or not value:
        return None
    unit = match[2].lower()
    unit = "µg" if unit.startswith("micro") else unit
    return ("mass", value * _SCALE[unit]) if unit in _SCALE else ("units", value)


def findings(readings: Iterable[Reading], lexicon: Lexicon) -> Iterator[Finding]:
    """One question per drug whose dose lies far outside every strength the lexicon knows for it."""
    for found in readings:
        if not isinstance(found.value, Drug) or not found.value.dose:
            continue
        said = _amount(found.value.dose)
        term = lexicon.find(found.value.name)
        if said is None or term is None:
            continue
        known = sorted(a[1] for s in term.strengths if (a := _amount(s)) is not None and a[0] == said[0])
        if known and (said[1] > known[-1] * FAR_ABOVE or said[1] * FAR_BELOW < known[0]):
            listed = ", ".join(term.strengths[:4])
            yield Finding(
                "dose.unusual",
                Severity.CHECK,
                f"Dose à vérifier{_NBSP}: «{_NBSP}{found.value.name} {found.value.dose}{_NBSP}», présentations connues{_NBSP}: {listed}. Réécoutez.",
                found.spans[0],
                "traitements",
            )
