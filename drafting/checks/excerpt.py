"""An excerpt copied out of one statement: what it may leave out, and what it may not.

Leaving words out is what an excerpt does. Leaving out a negation, a doubt, a side, a person, the sign of
reported speech, or a piece of a figure changes what was said.
"""

from __future__ import annotations

import re

from dictation.evidence import Modality, Polarity, Statement
from dictation.lexicon import Lexicon
from drafting.checks import CHECKS
from drafting.checks.case import Case, Problem
from drafting.passage import plain
from drafting.readers.drugs import names_in

_ENDS = re.compile(r"(?<!\d)[,;:](?!\d)|[.?!](?:\s|$)")
_FORBIDDEN = re.compile(
    r"\b(?:pas|ni|sans|aucune?|jamais|non|ne|plus (?:de|d')|absence|nie|exclu\w*|refus\w+|"
    r"probable\w*|possible\w*|éventuel\w*|peut[- ]être|suspicion|suspect\w*|semble\w*|si|discut\w+|évoqu\w+)\b|\bn'|\bs'il",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d")
#: a figure goes on over these: « 12,5 », « 5 × 3 cm », « 120/80 », « 3 mois »
_GOES_ON = re.compile(
    r"^\s?(?:[,./×x*-]\s?\d|(?:mmHg|mg|g|µg|kg|mL|L|UI|cm|mm|m|km|%|°C?|h|min|/min|ans?|mois|semaines?|jours?|heures?|fois|"
    r"séances?|comprimés?)\b)"
)
#: what the checks of a rewording say of words left out, which an excerpt is free to do
_MAY_GO = frozenset({"omitted", "dates", "drugs", "names", "figures"})


def problems(statement: Statement, start: int, end: int, lexicon: Lexicon) -> tuple[Problem, ...]:
    """Objections to taking characters ``start`` to ``end`` of a statement's text as a value; empty when it may stand."""
    text = plain(statement.text)
    copied = text[start:end]
    first, last = _clause(text, start, end)
    clause = text[first:last].strip()
    found = [
        p
        for check in CHECKS
        for p in check(Case(copied, (clause,), lexicon))
        if p.code not in _MAY_GO or (p.code == "figures" and "perdu" not in p.words)
    ]
    found += _context(statement, copied)
    outside = f"{text[first:start]} {text[end:last]}"
    if (hidden := _FORBIDDEN.search(outside)) and not _FORBIDDEN.search(copied):
        found.append(Problem("excerpt", hidden.group(0)))
    goes_on = _FIGURE.search(text[end - 1 : end]) and _GOES_ON.match(text[end:])
    if _FIGURE.search(copied) and (goes_on or re.search(r"\d[,./×]?\s?$", text[:start])):
        found.append(Problem("excerpt", "nombre coupé"))
    if text[start - 1 : start].isalnum() or text[end : end + 1].isalnum():
        found.append(Problem("excerpt", "mot coupé"))
    found += [Problem("excerpt", n.text) for n in names_in(copied, lexicon)]
    return tuple(found)


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """The clause around an excerpt. « et » does not end it: a negation reaches over it."""
    first = max((m.end() for m in _ENDS.finditer(text) if m.end() <= start), default=0)
    last = min((m.start() for m in _ENDS.finditer(text) if m.start() >= end), default=len(text))
    return first, last


def _context(statement: Statement, copied: str) -> list[Problem]:
    """What the whole statement is: of a relative, denied, doubted, supposed or only told."""
    if statement.modality is Modality.FAMILY:
        return [Problem("excerpt", "famille")]
    out = [
        Problem("excerpt", m.text)
        for m in statement.mentions
        if _overlaps(plain(m.text), copied)
        and (
            m.polarity is not Polarity.AFFIRMED
            or m.modality in (Modality.FAMILY, Modality.HYPOTHETICAL, Modality.REPORTED)
        )
        and not _FORBIDDEN.search(copied)
    ]
    if statement.modality in (Modality.HYPOTHETICAL, Modality.REPORTED) or statement.polarity is Polarity.UNCERTAIN:
        out.append(Problem("excerpt", statement.modality.value))
    if statement.polarity is Polarity.NEGATED and not statement.mentions and not _FORBIDDEN.search(copied):
        out.append(Problem("excerpt", statement.polarity.value))
    return out


def _overlaps(mention: str, copied: str) -> bool:
    return mention.lower() in copied.lower() or copied.lower() in mention.lower()
