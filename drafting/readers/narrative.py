"""Family history, follow-up, urgency: sentences worth a field of their own, as dictated."""

from __future__ import annotations

from collections.abc import Iterator

from dictation.evidence import Modality
from drafting.passage import Passage
from drafting.readers.reading import Context, Reading, compiled, reading

_KIN = compiled(
    r"\b(?:(?:sa|son|ses|un|une|leur|la|le|deux|trois) )?(?:grand-)?(?:père|mère|frères?|sœurs?|oncles?|tantes?|parents|fils|fille|cousine?s?"
    r"|neveux?|nièces?|grands-parents|demi-(?:frère|sœur))\b[^.;]{3,160}"
)
_ILL = compiled(
    r"\b(?:a|ont|avait|eu|est|sont|étai(?:t|ent)|décédée?s?|atteinte?s?|antécédents?|cancer|diabète|infarctus|AVC|suivie?s?|traitée?s?|porteu\w+"
    r"|migraineu\w+|hypertendue?s?|asthmatiques?|glaucome|mélanome|opérée?s?)\b"
)
_FOLLOW = compiled(
    r"(?:\b(?:je (?:le|la|les) (?:revois|revoie|reverrai|reverrais)|(?:à )?revoir|revue?|reverra|reconvoqu\w+|prochaine? (?:consultation|rendez-vous|contrôle)"
    r"|consultation de (?:contrôle|suivi)|rendez-vous|contrôle|réévaluation|surveillance|à recontrôler|suivi)\b)[^.;]{0,25}?"
    r"\b(?P<when>(?:dans|à|d'ici|sous|le|en|avant) (?:(?:une?|deux|trois|\d+)(?: à \d+)? (?:jours?|semaines?|mois|ans?|heures?|h\b)"
    r"|(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)?\s*(?:1er|\d{1,2}) (?:janvier|février|mars|avril|mai|juin|juillet|août|septembre"
    r"|octobre|novembre|décembre)(?: \d{4})?(?: à \d{1,2} h(?: \d{2})?)?|\d{1,2}/\d{2}(?:/\d{4})?|(?:janvier|février|mars|avril|mai|juin|juillet|août"
    r"|septembre|octobre|novembre|décembre)(?: \d{4})?))"
)
_URGENT = compiled(
    r"\b(?:en urgence|urgente?|urgences?|sans délai|dans les (?:24|48|72) (?:heures|h)|sous (?:24|48|72) (?:heures|h)|au plus vite|rapidement"
    r"|dès que possible|non urgente?|pas d'urgence|dans les (?:8|10|15) jours|sous (?:8|10|15) jours|dans la semaine|< ?(?:48 h|15 jours|15 j))\b"
)


def read(passage: Passage, context: Context) -> Iterator[Reading]:
    """Family history, follow-up and urgency of one passage."""
    text = passage.text
    if passage.statement.modality is Modality.FAMILY or passage.role == "antecedents_familiaux" or _KIN.search(text):
        match = _KIN.search(text)
        if match and _ILL.search(match.group(0)):
            said = match.group(0).strip(" ,")
            yield reading(passage, "antecedents_familiaux", "text", said, (match.start(), match.start() + len(said)))
    for match in _FOLLOW.finditer(text):
        yield reading(passage, "suivi", "text", match.group(0).strip(), match.span())
    for match in _URGENT.finditer(text):
        yield reading(passage, "urgence", "text", match.group(0), match.span())
