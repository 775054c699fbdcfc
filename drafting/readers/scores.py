"""Scores as dictated; none is ever computed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from drafting.passage import Passage
from drafting.readers.reading import Context, Reading, compiled, reading, table

_LINK = r"(?:\s|:|=|\b(?:score|stade|classe|est|à|a|de|de la|du|coté|grade|évalué|ce jour)\b){0,5}"
_EXTRA = (
    compiled(r"\bG ?\d{1,2} ?P ?\d{1,2}\b"),
    compiled(r"\b\d{1,3} paquets?-années?\b"),
    compiled(r"\bstade (?:IV|III|II|I) de la NYHA\b"),
    compiled(r"\bgroupe [ABE] (?:de |du )?GOLD\b|\bGOLD [1-4I]+,? groupe [ABE]\b"),
)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(
        compiled(rf"(?<![\w-])(?:{name})(?![\w-]){_LINK}(?:{value})(?!\w|,\d)") for name, value in table("scores")
    )


def read(passage: Passage, context: Context) -> Iterator[Reading]:
    """Scores of one passage; the value is the words themselves."""
    taken: list[tuple[int, int]] = []
    for pattern in (*_EXTRA, *_patterns()):
        for match in pattern.finditer(passage.text):
            if not any(a < match.end() and match.start() < b for a, b in taken):
                taken.append(match.span())
                yield reading(passage, "scores", "text", match.group(0), match.span())
