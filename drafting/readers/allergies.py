"""Allergies and intolerances with their reaction; a denied allergy is a reading too, never an inference."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dictation.values import Allergy
from drafting.passage import Passage
from drafting.readers.reading import Context, Reading, compiled, reading

_TO = r"(?:à l'|à la |au |aux |à |contre (?:le |la |les |l')?)"
_STOP = r"(?=\s*(?:[.,;:(]|\bavec\b|\bà type\b|\bresponsable\b|\bcompliquée?\b|\bsous forme\b|\bpar\b|\bqui\b|\bpas\b|\bet (?:à|aux?)\b|\ben \d|$))"
_POSITIVE = compiled(
    rf"\b(?:allergi(?:que|e|es)|intoléran(?:te?|ce|ces)|hypersensibilité)\s*(?:connue\s*|médicamenteuse\s*|documentée\s*)?"
    rf"(?P<to>{_TO}|:\s*)(?P<what>[^.,;:()]+?){_STOP}"
)
_MORE = compiled(rf"\s*,?\s*(?:et|,|ainsi qu[e'])\s*(?:{_TO})(?P<what>[^.,;:()]+?){_STOP}")
_REACTION = compiled(
    r"\s*[,(:]?\s*(?:avec|à type d(?:e |')|responsable d(?:e |')|compliquée d(?:e |')|sous forme d(?:e |')|ayant entraîné)\s*"
    r"(?P<r>(?:une? |un antécédent d(?:e |')|des |d')?[^.,;)]+)"
)
_QUINCKE = compiled(r"\s*,\s*(?P<r>(?:œdème de Quincke|choc anaphylactique|urticaire|éruption|rash)[^.,;)]*)")
_NONE = compiled(
    rf"\b(?:pas d'|aucune |sans |ni d'|absence d'|nie toute )(?P<all>(?:autre )?(?:allergie|intolérance)s?"
    rf"(?:\s+(?:connue|médicamenteuse|alimentaire|notable|particulière|rapportée|signalée)s?)*"
    rf"(?:\s+{_TO}(?P<what>[^.,;:()]+?){_STOP})?)"
)


def read(passage: Passage, context: Context) -> Iterator[Reading]:
    """Allergies of one passage."""
    text = passage.text
    if passage.statement.modality.value == "family":
        return
    taken: list[tuple[int, int]] = []
    for match in _NONE.finditer(text):
        taken.append(match.span())
        said = (match["what"] or match["all"]).strip()
        yield reading(passage, "allergies", "allergy", Allergy(said, None, True), match.span())
    for match in _POSITIVE.finditer(text):
        if any(a < match.end() and match.start() < b for a, b in taken):
            continue
        if re.search(r"\b(?:pas|non|ni|jamais|n'est)\b[^.,;]{0,15}$", text[: match.start()]):
            yield reading(passage, "allergies", "allergy", Allergy(match["what"].strip(), None, True), match.span())
            continue
        found = [match]
        while more := _MORE.match(text, found[-1].end()):
            found.append(more)
        reaction = _REACTION.match(text, found[-1].end()) or _QUINCKE.match(text, found[-1].end())
        said = reaction["r"].strip() if reaction else None
        for one in found:
            ranges = [(match.start(), match.end("to")), one.span("what")]
            if reaction:
                ranges.append(reaction.span("r"))
            yield reading(passage, "allergies", "allergy", Allergy(one["what"].strip(), said), *ranges)
