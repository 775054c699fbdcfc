"""Contacts and numbers that point to one person: by shape."""

from __future__ import annotations

import re
from collections.abc import Iterator

from templates.anonymise.spans import Found, words

_SPACE = r"[ \u00a0\u202f.\-/]"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.UNICODE)
_URL = re.compile(r"\b(?:https?://|www\.)[^\s,;)]+")
_PHONE = re.compile(
    rf"(?<![\d,.])(?:(?:\+|00){_SPACE}?\d{{2}}{_SPACE}?(?:\(0\){_SPACE}?)?\d|0\d)(?:{_SPACE}?\d{{2}}){{4}}(?![\d])"
)
_NIR = re.compile(
    rf"(?<!\d)[12]{_SPACE}?\d{{2}}{_SPACE}?\d{{2}}{_SPACE}?(?:\d{{2}}|2[AB]){_SPACE}?\d{{3}}{_SPACE}?\d{{3}}(?:{_SPACE}?\d{{2}})?(?!\d)"
)
_CUED = re.compile(
    r"\b(?:RPPS|FINESS|ADELI|INS|NIR|IPP|IEP|NDA|matricule|dossier|sécurité sociale|adhérent|permis|passeport|n°|N°|no)"
    r"(?:\s+(?:n°|numéro|de dossier))*\s*[:.]?\s*((?:[A-Z]{0,3}[\d][\d \u00a0./-]{2,}\d))"
)
_LONG = re.compile(r"(?<![\d,.])\d{8,}(?![\d,.]\d)")
_POSTAL = re.compile(
    r"(?<!\d)\d{5}[ \u00a0]+(?:[A-ZÀ-ÝŒ][\w'’-]*)(?:[ \u00a0-](?:[A-ZÀ-ÝŒ][\w'’-]*|sur|sous|en|les|lès|le|la|de|du|des|d'|d’|l'|l’|et|aux?|\d{1,2}))*"
    r"(?:[ \u00a0]+cedex(?:[ \u00a0]+\d+)?)?",
    re.UNICODE,
)
_STREET = re.compile(
    r"(?<!\w)\d{1,4}(?:[ \u00a0]?(?:bis|ter|quater|[A-D]\b))?,?[ \u00a0]+(?:"
    + "|".join(sorted(words("streets"), key=len, reverse=True))
    + r")\.?[ \u00a0]+[^\n,;.()]{2,60}",
    re.IGNORECASE,
)


def contacts(text: str) -> Iterator[Found]:
    """Every contact and identifying number; overlaps are settled later."""
    for kind, pattern in (
        ("email", _EMAIL),
        ("url", _URL),
        ("phone", _PHONE),
        ("number", _NIR),
        ("number", _LONG),
        ("address", _POSTAL),
        ("address", _STREET),
    ):
        for match in pattern.finditer(text):
            end = match.end()
            if kind == "address":
                end = match.start() + len(match[0].rstrip())
            yield Found(match.start(), end, kind, "".join(match[0].split()).casefold())
    for match in _CUED.finditer(text):
        yield Found(match.start(1), match.end(1), "number", "".join(match[1].split()).casefold())
