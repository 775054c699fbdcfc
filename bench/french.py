"""A fair normaliser for word error rates: figures, units and punctuation words alike on both sides.

Everything is brought to spoken words without accents or case, so that « 8,4 % » equals « huit virgule
quatre pour cent ». The same function treats reference and hypothesis; it knows no drug and no dictation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dictation.lexicon import fold

_ONES = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "dix-sept dix-huit dix-neuf"
).split()
_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante"}
_UNITS = {
    "mg": "milligramme",
    "µg": "microgramme",
    "μg": "microgramme",
    "mcg": "microgramme",
    "ug": "microgramme",
    "g": "gramme",
    "kg": "kilo",
    "ml": "millilitre",
    "dl": "décilitre",
    "cl": "centilitre",
    "l": "litre",
    "mm": "millimètre",
    "cm": "centimètre",
    "m": "mètre",
    "km": "kilomètre",
    "mmhg": "millimètre de mercure",
    "bpm": "battement par minute",
    "µmol": "micromole",
    "μmol": "micromole",
    "mmol": "millimole",
    "ui": "unité",
    "min": "minute",
    "h": "heure",
    "j": "jour",
    "s": "seconde",
    "%": "pour cent",
    "°": "degré",
}
_SINGULAR = re.compile(
    r"\b(milligramme|microgramme|gramme|kilo|millilitre|decilitre|litre|millimetre|centimetre|metre|micromole|"
    r"millimole|minute|heure|jour|semaine|degre|battement|unite|virgule|an)s\b"
)
_UNIT_AFTER = "|".join(sorted((re.escape(u) for u in _UNITS), key=len, reverse=True))


def spoken_number(n: int) -> str:
    """0..999 999 999 in French words, no hyphens."""
    if n < 20:
        return _ONES[n].replace("-", " ")
    if n < 70:
        tens, one = divmod(n, 10)
        return _TENS[tens] + (" et un" if one == 1 else f" {_ONES[one]}" if one else "")
    if n < 80:
        return "soixante et onze" if n == 71 else "soixante " + spoken_number(n - 60)
    if n < 100:
        return "quatre vingt" + (f" {spoken_number(n - 80)}" if n > 80 else "")
    for size, name in ((1_000_000, "million"), (1000, "mille"), (100, "cent")):
        if n >= size:
            many, rest = divmod(n, size)
            head = name if many == 1 and size < 1_000_000 else f"{spoken_number(many)} {name}"
            return head + (f" {spoken_number(rest)}" if rest else "")
    raise ValueError(n)


def _digits(match: re.Match[str]) -> str:
    whole, part = match[1], match[2]
    text = spoken_number(int(whole)) if len(whole) < 10 else " ".join(_ONES[int(c)] for c in whole)
    if part:
        zeros = len(part) - len(part.lstrip("0"))
        after = " ".join(["zéro"] * zeros + ([spoken_number(int(part))] if part.strip("0") else []))
        text += f" virgule {after}"
    return f" {text} "


def spoken(text: str) -> list[str]:
    """Tokens of ``text`` as they would be spoken, folded; punctuation words kept."""
    text = text.lower().replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")
    text = re.sub(r"(?<=\d) (?=\d{3}\b)", "", text)  # 1 000 -> 1000
    text = re.sub(r"(\d+) ?m ?(\d{2})\b", r"\1 mètre \2", text)  # 1m63
    text = re.sub(r"\b1(er|re|ère)\b", "premier", text)
    text = re.sub(r"(\d)(?:e|ème|eme)\b", r"\1 ième", text)
    text = re.sub(rf"(\d) ?({_UNIT_AFTER})(?![a-zà-ÿ])", lambda m: f"{m[1]} {_UNITS[m[2]]}", text)
    text = re.sub(
        rf"\b({'|'.join(_UNITS[u] for u in _UNITS if u.isalpha())}) ?/ ?({_UNIT_AFTER})(?![a-zà-ÿ])",
        lambda m: f"{m[1]} par {_UNITS[m[2]]}",
        text,
    )
    text = re.sub(r"\b(mmhg|mg|kg|ml|mm|cm|bpm|µg)\b", lambda m: _UNITS[m[1]], text)
    text = re.sub(r"(\d) ?/ ?(\d)", r"\1 sur \2", text)
    text = re.sub(r" ?/ ?(min|h|l|j|kg|jour)\b", lambda m: f" par {_UNITS.get(m[1], m[1])}", text)
    text = text.replace("%", " pour cent ").replace("°", " degré ").replace("+", " plus ")
    text = re.sub(r"(\d+)(?:[,.](\d+))?", _digits, text)
    flat = fold(text)
    flat = re.sub(r"\bkilogrammes?\b", "kilo", flat)
    flat = re.sub(r"\b(cent|vingt|mille|million)s\b", r"\1", flat)
    return _SINGULAR.sub(r"\1", flat).split()


def without_commands(words: Sequence[str]) -> list[str]:
    """Tokens without spoken punctuation (« virgule », « point », « deux points », « à la ligne »…)."""
    text = f" {' '.join(words)} "
    for pattern in (
        r" a la ligne(?= )",
        r" points? d (?:interrogation|exclamation)(?= )",
        r" deux points(?= )",
        r" points? virgule(?= )",
        r" virgule(?= )",
        r" points?(?= )",
    ):
        text = re.sub(pattern, "", text)
    return text.split()


def contains(words: Sequence[str], term: str) -> bool:
    """Whether the tokens of ``term`` stand in a row in ``words``."""
    return f" {' '.join(spoken(term))} " in f" {' '.join(words)} "


def edits(reference: Sequence[str], hypothesis: Sequence[str]) -> int:
    """Levenshtein distance in words."""
    from rapidfuzz.distance import Levenshtein

    return int(Levenshtein.distance(list(reference), list(hypothesis)))
