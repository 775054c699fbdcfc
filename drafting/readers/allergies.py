"""Allergies and intolerances with their reaction; a denied allergy is a reading too, never an inference."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dictation.values import Allergy
from drafting.passage import Passage
from drafting.readers.reading import Context, Reading, compiled, reading

_TO = r"(?:à l'|à la |au |aux |à |contre (?:le |la |les |l')?)"
_STOP = r"(?=\s*(?:[.,;:(]|\bavec\b|\b(?:à )?type\b|\bresponsable\b|\bcompliquée?\b|\bsous forme\b|\bpar\b|\bqui\b|\bpas\b|\bet (?:à|aux?)\b|\ben \d|$))"
_POSITIVE = compiled(
    rf"\b(?:allergi(?:que|e|es)|intoléran(?:te?|ce|ces)|hypersensibilité)\s*(?:connue\s*|médicamenteuse\s*|documentée\s*)?"
    rf"(?P<to>{_TO}|:\s*)(?P<what>[^.,;:()]+?){_STOP}"
)
_REACTED = compiled(
    rf"\b(?P<r>(?:réaction|éruption|toxidermie|urticaire|œdème de Quincke|choc anaphylactique)(?: allergique| cutanée)?) "
    rf"(?P<to>à l'|à la |au |aux |sous |après )(?P<what>[^.,;:()]+?){_STOP}"
)
_MORE = compiled(rf"\s*,?\s*(?:et|,|ainsi qu[e'])\s*(?:{_TO})(?P<what>[^.,;:()]+?){_STOP}")
_REACTION = compiled(
    r"\s*[,(:]?\s*(?:avec|(?:à |de )?type(?: d(?:e |'))?|responsable d(?:e |')|compliquée d(?:e |')|sous forme d(?:e |')|ayant entraîné)\s*"
    r"\s*(?P<r>(?:une? |un antécédent d(?:e |')|des |d')?[^.,;)\s][^.,;)]*)"
)
_QUINCKE = compiled(r"\s*,\s*(?P<r>(?:œdème de Quincke|choc anaphylactique|urticaire|éruption|rash)[^.,;)]*)")
_SAYS_HOW = compiled(r"(?:avec|à type|œdème|choc|urticaire|éruption|rash|type)\b")
_DENIED = compiled(r"(?:pas|aucune?|non|néant|ras|rien|sans|nulle?)\b")
#: what is left of « pas d'allergie connue » once the denial is gone: no substance
_GENERAL = compiled(r"(?:connues?|médicamenteuses?|alimentaires?|notables?|particulières?|rapportées?|signalées?|\s)*")
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
    if (passage.statement.heading or "").lower().startswith("allergi"):
        yield from _listed(passage)
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
        taken.append(match.span())
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
    yield from _reacted(passage, context, taken)


def _reacted(passage: Passage, context: Context, taken: list[tuple[int, int]]) -> Iterator[Reading]:
    """« il fait une réaction au Bactrim »: a drug named after a reaction."""
    for match in _REACTED.finditer(passage.text):
        if any(a < match.end() and match.start() < b for a, b in taken) or not context.lexicon.find(
            match["what"].strip()
        ):
            continue
        taken.append(match.span())
        yield reading(passage, "allergies", "allergy", Allergy(match["what"].strip(), match["r"]), match.span())


def _listed(passage: Passage) -> Iterator[Reading]:
    """What follows the title « Allergies »: a list, or a denial."""
    text = passage.text
    for match in re.finditer(r"[^,;.]+", text):
        said = match.group(0).strip()
        if not said or _SAYS_HOW.match(said):
            continue
        start = match.start() + len(match.group(0)) - len(match.group(0).lstrip())
        denied = _DENIED.match(said)
        what = re.sub(
            r"^(?:allergi\w+\s+)?(?:à l'|à la |aux? |à |pas d'allergies? (?:à l'|à la |aux? |à )?)",
            "",
            said,
            flags=re.IGNORECASE,
        )
        reaction = _REACTION.match(text, match.end()) or _QUINCKE.match(text, match.end())
        how = re.search(r"\s*\((?P<r>[^)]+)\)|\s+(?:avec|à type d(?:e |')) ?(?P<r2>.+)$", what)
        if how:
            what = what[: how.start()]
        told = reaction["r"].strip() if reaction else (how["r"] or how["r2"]) if how else None
        end = reaction.end("r") if reaction else match.end()
        if denied and _GENERAL.fullmatch(what.strip()):
            what = re.sub(_DENIED.pattern + r"\s*(?:d'|de )?", "", said, flags=re.IGNORECASE)
        yield reading(passage, "allergies", "allergy", Allergy(what.strip(), told, bool(denied)), (start, end))
