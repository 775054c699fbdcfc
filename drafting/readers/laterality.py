"""Sides attached to the noun they qualify."""

from __future__ import annotations

from collections.abc import Iterator

from drafting.passage import Passage
from drafting.readers.reading import Context, Reading, compiled, reading

SIDE = r"(?:droite?s?|gauches?|bilatéra(?:l|le|ux|les)|des deux côtés)"
_SKIP = r"(?:le|la|les|l'|un|une|des|du|de|d'|à|au|aux|et|ou|en|sur|par|pour|avec|sans|est|sont|plus|côté|contre|mm|cm|millimètres?|centimètres?)"
#: a unit glued to its figure (« 92/min ») is no noun
_WORD = rf"(?<![/\d])(?!{_SKIP}\b)[A-Za-zÀ-ÿœ][\wÀ-ÿœ'-]*"
_SIDED = compiled(rf"\b(?P<noun>{_WORD}(?: (?:du |de la |de l'|de |d')?{_WORD}){{0,2}}) (?P<side>{SIDE})\b(?! devant)")
_EYE = compiled(r"\b(?P<side>OD|OG|ODG)\b(?= |:|$)")


def read(passage: Passage, context: Context) -> Iterator[Reading]:
    """« genou droit », « murmure diminué à la base gauche »: the noun and its side, as said."""
    for match in _SIDED.finditer(passage.text):
        yield reading(passage, "cotes", "laterality", match.group(0), match.span())


def sides(text: str) -> tuple[str, ...]:
    """Every side word of a text in order, reduced to droit, gauche or bilatéral."""
    out = []
    for match in compiled(rf"\b{SIDE}\b|\b(?:OD|OG|ODG)\b").finditer(text):
        word = match.group(0).lower()
        out.append("droit" if word.startswith(("droit", "od")) and word != "odg" else
                   "gauche" if word.startswith(("gauche", "og")) else "bilatéral")  # fmt: skip
    return tuple(out)
