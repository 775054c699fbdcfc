"""Drugs: the same names, each with its own strength, schedule and fate."""

from __future__ import annotations

from dictation.evidence import Statement
from dictation.lexicon import fold
from dictation.transcript import Span
from dictation.values import Drug
from drafting.checks.case import Case, Problem
from drafting.passage import passage_of
from drafting.readers.drugs import names_in, read
from drafting.readers.reading import Context


def check(case: Case) -> tuple[Problem, ...]:
    """Compares drug lines read in the proposal with those read in the source."""
    names = {fold(n.text) for n in names_in(case.text, case.lexicon)}
    said = {fold(n.text) for n in names_in(case.source, case.lexicon)}
    problems = [Problem("drugs", n) for n in sorted(names ^ said)]
    mine, theirs = _lines(case.text, case), _lines(case.source, case)
    for name, line in mine.items():
        if name in theirs and line != theirs[name]:
            problems.append(Problem("drugs", name))
    problems += [Problem("drugs", name) for name in sorted(set(theirs) - set(mine)) if name in names]
    return tuple(problems)


def _lines(text: str, case: Case) -> dict[str, tuple[str | None, ...]]:
    passage = passage_of(Statement("S0", text, Span(0, 1)), ())
    lines: dict[str, tuple[str | None, ...]] = {}
    for found in read(passage, Context(case.lexicon)):
        if isinstance(found.value, Drug):
            drug = found.value
            schedule = " ".join(sorted(fold(drug.schedule).split())) if drug.schedule else None
            lines[fold(drug.name)] = (drug.dose, schedule, drug.duration, drug.status.value, drug.previous_dose)
    return lines
