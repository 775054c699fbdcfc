"""Whose treatment it is: « la maman est traitée par … », « sa femme est elle-même sous … » speak of somebody else."""

from __future__ import annotations

from drafting.readers.reading import compiled

KIN = (
    r"(?:(?:arrière-)?grands?-)?(?:mère|maman|père|papa|parents)|épouse|époux|mari|femme|conjointe?|compagne|compagnon"
    r"|fille|fils|sœur|frère|jumeau|jumelle|fratrie|tante|oncle|cousine?|nièce|neveu|belle-\w+|beau-\w+|colocataire|aidante?"
)
_SUBJECT = (
    r"^(?:et |mais |d'ailleurs,? |par ailleurs,? )?(?:la|le|les|l'|sa|son|ses|leur|leurs|une?|notre|votre) ?"
    rf"(?:petite? |grande? |demi-|propre )?(?:{KIN})\b"
)
#: a relative who tells, gives or asks speaks of the patient
_TELLS = compiled(
    r"\b(?:dit|disent|rapporten?t?|signalen?t?|expliquen?t?|précisen?t?|confirmen?t?|décri\w+|donnen?t?|a donné|ont donné|administr\w+"
    r"|gère|gèrent|prépar\w+|surveill\w+|s'occup\w+|apport\w+|amèn\w+|demand\w+|trouven?t?|pensen?t?|constat\w+|remarqu\w+|inquièt\w+)\b"
)
_TREATED = compiled(
    rf"{_SUBJECT}(?P<between>[^.;]*?)\b(?:(?:est|sont|était|étaient)(?: \w+)?(?: elle-même| lui-même| eux-mêmes)? ?(?:traitée?s?|soignée?s?|suivie?s?|sous)"
    r"|prend|prennent|prenait|reçoit)\b"
)
_HERSELF = compiled(rf"{_SUBJECT}[^.;]*\b(?:elle-même|lui-même|eux-mêmes) (?:sous|traitée?s?)\b")


_STATE = compiled(
    rf"{_SUBJECT} (?:est|était|sont|étaient) (?:\w+ )?(?:en fauteuil|sous|atteinte?s?|malades?|hémiplégi\w+|décédée?s?|démente?s?|suivie?s?|traitée?s?"
    r"|opérée?s?|handicapée?s?|diabétiques?|hypertendue?s?|alcooliques?|dépressi\w+|invalides?|aveugles?|sourde?s?|enceinte|alitée?s?)\b"
)


def is_of_a_relative(text: str) -> bool:
    """True for « son père est en fauteuil »: a state of the relative, not of the patient."""
    return _STATE.search(text) is not None


def of_a_relative(text: str) -> bool:
    """True when the treatment a sentence speaks of is a relative's own."""
    if _HERSELF.search(text):
        return True
    match = _TREATED.search(text)
    return match is not None and not _TELLS.search(match["between"]) and " il " not in f" {match['between']} "
