"""Negations and doubts: what was denied stays denied, what was possible stays possible."""

from __future__ import annotations

import re

from drafting.checks.case import Case, Problem, content_stems

_NO = re.compile(
    r"\b(?:pas|sans|ni|aucune?|absence|non|jamais|nie|exclu\w*|plus (?=de\b|d'))\b(?P<scope>[^,;.:]{0,60})|"
    r"\bn(?:e |')(?P<ne>[^,;.:]{0,60})",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\b(?:probable\w*|possible\w*|éventuel\w*|suspicion|suspect\w*|évocat\w+|évoqu\w+|hypothèse|semble\w*|peut[- ]être|"
    r"pas exclu\w*|à confirmer|sous réserve|compatible|discut\w+|conditionnel|si )\b|\?",
    re.IGNORECASE,
)


def denied(text: str) -> frozenset[str]:
    """Stem of the first content word under each negation."""
    out = set()
    for match in _NO.finditer(text):
        stems = content_stems(match["scope"] or match["ne"] or "")
        if stems:
            out.add(stems[0])
    return frozenset(out)


def check(case: Case) -> tuple[Problem, ...]:
    """Denied words must be the same, and doubt must not disappear or appear."""
    mine, theirs = denied(case.text), denied(case.source)
    words, said = set(content_stems(case.text)), set(content_stems(case.source))
    problems = [Problem("negations", w) for w in sorted(mine - theirs) if w in said or w in words]
    problems += [Problem("negations", w) for w in sorted(theirs - mine)]
    if not problems and bool(_NO.search(case.text)) != bool(_NO.search(case.source)):
        problems.append(Problem("negations", "négation"))  # « À toi. » is no « Aucun. »
    doubts = [len(_DOUBT.findall(t)) for t in (case.text, case.source)]
    if (doubts[0] > 0) != (doubts[1] > 0) or doubts[0] < doubts[1]:
        problems.append(Problem("negations", "incertitude"))
    return tuple(problems)
