"""Who did what to whom: « je vous adresse » is not « vous m'adressez »; the patient never says « je »."""

from __future__ import annotations

import re

from drafting.checks.case import Case, Problem

_DIRECTIONS = (
    ("je vous", r"\b(?:je|nous) (?:vous|te|t'|l'|le|la) ?(?:ai )?(?:adress|confi|envoi|réfèr|orient)"),
    ("vous me", r"\b(?:vous|tu) (?:m'|nous |me )(?:avez |as |a )?(?:adress|confi|envoy)"),
    ("merci de m'avoir", r"\bm'avoir (?:adress|confi|envoy)"),
    ("par", r"\b(?:adressée?|confiée?|envoyée?)s? par\b"),
)
_FIRST = re.compile(r"\b(?:je|j'|nous|mon|ma|mes|me|m')(?=\b|\w)", re.IGNORECASE)
_PERSONS = re.compile(
    r"\b(?:père|mère|frère|sœur|fils|fille|conjoint|épou\w+|mari|femme|oncle|tante|famil\w+)\b", re.IGNORECASE
)


def check(case: Case) -> tuple[Problem, ...]:
    """Directions, first person and relatives as in the source."""
    problems = []
    for name, pattern in _DIRECTIONS:
        if bool(re.search(pattern, case.text, re.IGNORECASE)) != bool(re.search(pattern, case.source, re.IGNORECASE)):
            problems.append(Problem("roles", name))
    if _FIRST.search(case.text) and not _FIRST.search(case.source):
        problems.append(Problem("roles", "première personne"))
    mine, theirs = ({m.group(0).lower() for m in _PERSONS.finditer(t)} for t in (case.text, case.source))
    problems += [Problem("roles", w) for w in sorted(mine ^ theirs)]
    return tuple(problems)
