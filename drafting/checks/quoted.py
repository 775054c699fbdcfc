"""Reported speech: what the patient declared is never stated as seen."""

from __future__ import annotations

import re

from drafting.checks.case import Case, Problem

_REPORTED = re.compile(
    r"\b(?:déclar\w+|dit|dire|affirm\w+|rapport\w+|allègu\w+|selon|d'après|se plaint|signal\w+|décri\w+|explique)\b|«",
    re.IGNORECASE,
)


def check(case: Case) -> tuple[Problem, ...]:
    """A source in reported speech needs a proposal in reported speech, quotation marks kept."""
    problems = []
    if _REPORTED.search(case.source) and not _REPORTED.search(case.text):
        problems.append(Problem("quoted", "discours rapporté"))
    quotes = re.findall(r"«\s*([^»]+?)\s*»", case.source)
    problems += [Problem("quoted", q) for q in quotes if q not in case.text]
    return tuple(problems)
