"""French number words: their table, and digits read aloud. France's own variety."""

from __future__ import annotations

#: zero to nineteen
UNITS = (
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
)
TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}

#: words a number may be made of, without accents
WORDS = frozenset(part for word in ("zero", *UNITS[1:], *TENS.values()) for part in word.split("-")) | {
    "une", "vingts", "cent", "cents", "mille", "demi", "demie"
}  # fmt: skip


def _below_hundred(n: int) -> list[str]:
    if n < 20:
        return UNITS[n].split("-")
    ten, unit = divmod(n, 10)
    if ten in (7, 9):
        ten, unit = ten - 1, unit + 10
    head = TENS[ten].split("-")
    return head + (_below_hundred(unit) if unit else [])


def spell_number(digits: str) -> list[str]:
    """« 142 » -> ["cent", "quarante", "deux"]; six digits at most are read as one number, more one by one."""
    if len(digits) > 6 or (len(digits) > 1 and digits.startswith("0")):
        return [UNITS[int(d)] for d in digits]
    n = int(digits)
    thousands, rest = divmod(n, 1000)
    hundreds, low = divmod(rest, 100)
    words: list[str] = []
    if thousands:
        words += (spell_number(str(thousands)) if thousands > 1 else []) + ["mille"]
    if hundreds:
        words += ([UNITS[hundreds]] if hundreds > 1 else []) + ["cent"]
    return words + (_below_hundred(low) if low or not words else [])
