"""Laboratory and functional results: name, operator, value, unit, date, as dictated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from dictation.values import Lab
from drafting.passage import Passage
from drafting.readers.dates import DATE
from drafting.readers.reading import NUMBER, Context, Reading, compiled, number, reading, table, words_of

_LINK = (
    r"(?:\s|,|:|=|\b(?:est|sont|était|étaient|reste|restent|ressort|à|a|aux|alentours de|de|du jour|stable|ce jour"
    r"|aujourd'hui|actuel(?:le)?|retrouvée?|mesurée?|contrôlée?|dosée?|calculée?|estimée?|limite|normale?|élevée?s?|basse?"
    r"|augmentée?|soit|toujours|encore|revenue?|passée?|montée?|descendue?)\b){0,7}"
)
_OPERATORS = {
    "<": "<", ">": ">", "≤": "≤", "≥": "≥", "inférieur": "<", "inférieure": "<", "supérieur": ">", "supérieure": ">",
}  # fmt: skip
_LATER = compiled(
    r"\s*(?:jours?|semaines?|mois|ans?\b|heures?|h\b|fois|séances?|reprises?|minutes?|sur\b|comprim|mg\b)"
)
_REQUEST = compiled(
    r"\b(?:contrôler|contrôle de|doser|dosage de|surveiller|prescri\w+|demande\w*|objectif\w*|cible|viser|vise)\b[^.;:]*$"
)
_QUALITY = r"négati(?:f|ve|fs|ves)|positi(?:f|ve|fs|ves)|normale?s?|stérile|indétectable|indosable|dans les normes|sans particularité"


@cache
def _pattern() -> re.Pattern[str]:
    operator = r"(?P<op><|>|≤|≥|inférieure?|supérieure?)?\s*(?:à|ou égale? à)?\s*"
    units = "|".join(re.escape(u) for u in sorted((r[0] for r in table("units")), key=len, reverse=True))
    return compiled(
        rf"(?<![\w/-])(?P<name>{words_of('labs')})(?![\w-]){_LINK}{operator}(?P<n>{NUMBER})"
        rf"(?:\s*(?P<unit>{units})(?!\w))?"
    )


@cache
def _quality() -> re.Pattern[str]:
    return compiled(rf"(?<![\w/-])(?P<name>{words_of('labs')})(?![\w-]){_LINK}(?P<q>{_QUALITY})\b")


def read(passage: Passage, context: Context) -> Iterator[Reading]:
    """Results of one passage. A control to be done is not a result."""
    text = passage.text
    when, where = _date(text)
    taken: list[tuple[int, int]] = []
    for match in _pattern().finditer(text):
        if _LATER.match(text, match.end()) or _REQUEST.search(text[: match.start()]):
            continue
        value = number(match["n"])
        if value is None or (match["unit"] is None and text[match.end() : match.end() + 1] == "/"):
            continue
        operator = _OPERATORS.get((match["op"] or "").lower())
        taken.append(match.span())
        lab = Lab(match["name"], value, match["unit"], operator, when)
        yield reading(passage, "biologie", "lab", lab, match.span(), *where)
    for match in _quality().finditer(text):
        if not any(a < match.end() and match.start() < b for a, b in taken):
            yield reading(passage, "biologie", "lab", Lab(match["name"], match["q"], date=when), match.span(), *where)


def _date(text: str) -> tuple[str | None, tuple[tuple[int, int], ...]]:
    match = re.search(rf"\b(?:du|le|de|bilan)\s*(?P<d>{DATE})", text, re.IGNORECASE)
    if match:
        return match["d"], (match.span("d"),)
    today = re.search(r"\bde (?P<d>ce jour)\b", text)
    return ("ce jour", (today.span("d"),)) if today else (None, ())
