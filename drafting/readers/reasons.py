"""Why a drug is given, changed or stopped, in the words dictated for it: never a diagnosis of ours."""

from __future__ import annotations

from dataclasses import dataclass

from drafting.readers.reading import compiled

_BECAUSE = (
    r"(?:à cause|en raison|du fait|compte tenu) (?:de l'|de la |du |des |d'une? |d'un |de |d')"
    r"|(?:devant|vu|suite à|secondaire à|en lien avec) (?:l'|la |le |les |une? |des |son |sa |ses |cette |ce )?"
    r"|(?:car|parce qu'|parce que|puisque|puisqu') ?"
)
#: « pour 3 mois », « pour la nuit » say how long or when, not why
_FOR = (
    r"pour (?!\d|un mois|une semaine|une? ans?\b|(?:la |le |les |l')?(?:nuit|soir|journée|semaine|mois|moment|instant|week-end)|encore|une durée|que|ne|dormir)"
    r"(?:l'|la |le |les |une? |des |son |sa |ses |cette |cet |ce )?"
)
_END = r"(?=\s*(?:[.;:()]|,(?!\d)|$|\b(?:et (?:du|de|d'|je|j'|on|il|elle|le|la|l'|son|sa|un|une|en|pour)|puis|par (?:du|de la|de l'|un|une|le|la|l')|qui|avec|pendant|depuis|jusqu|relais|mais)\b|\b\d))"
_REASON = compiled(rf"\b(?:{_BECAUSE}|{_FOR})(?P<r>[^.;:()]{{3,80}}?){_END}")
_BEFORE = compiled(rf"^(?:[^,.;]{{0,30}}, )?(?:{_BECAUSE})(?P<r>[^.;:()]{{3,80}}?)(?:,|\b(?=(?:je|j'|on|nous)\b))")
#: a reason is one clause of a few words, not the next sentence
_SUBJECTS = compiled(r"\b(?:je|j'|on|nous|vous)\b")


@dataclass(frozen=True, slots=True)
class Reason:
    """The words, and where they stand in the text they were sought in."""

    text: str
    start: int
    end: int
    #: said after the name of the drug
    after: bool


def reason_in(right: str) -> Reason | None:
    """The reason in ``right``, the words from a drug name to the next one."""
    stop = right.find(". ")
    text = right if stop < 0 else right[:stop]
    for match in _REASON.finditer(text):
        said = match["r"].strip(" ,'")
        if len(said) > 2 and not _SUBJECTS.search(said):
            start = match.start("r") + len(match["r"]) - len(match["r"].lstrip(" ,'"))
            return Reason(said, start, start + len(said), True)
    return None


def reason_before(left: str) -> Reason | None:
    """« Devant la toux, j'arrête … »: the reason that opens the sentence before a drug."""
    match = _BEFORE.search(left)
    if match is None:
        return None
    said = match["r"].strip(" ,'")
    start = match.start("r") + len(match["r"]) - len(match["r"].lstrip(" ,'"))
    return Reason(said, start, start + len(said), False) if len(said) > 2 else None
