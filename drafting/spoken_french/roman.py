"""Small Roman numerals, for « stade deux en chiffres romains »."""

from __future__ import annotations

from dictation.lexicon import fold
from dictation.number_words import UNITS

_ROMAN = [
    "I",
    "II",
    "III",
    "IV",
    "V",
    "VI",
    "VII",
    "VIII",
    "IX",
    "X",
    "XI",
    "XII",
    "XIII",
    "XIV",
    "XV",
    "XVI",
    "XVII",
    "XVIII",
    "XIX",
    "XX",
]
_VALUES = {fold(name): roman for name, roman in zip((*UNITS[1:], "vingt"), _ROMAN, strict=True)} | {
    str(n): roman for n, roman in enumerate(_ROMAN, 1)
}


def roman_of(text: str) -> str | None:
    """« deux » or « 2 » -> « II », up to twenty; ``None`` for anything else."""
    return _VALUES.get(fold(text))
