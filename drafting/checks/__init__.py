"""Checks between a proposed wording and the draft: one pure function a file.

A proposal that any check objects to is dropped, and the dictated words stand in its place.
"""

from __future__ import annotations

from drafting.checks import added, dates, drugs, figures, names, negations, quoted, roles, sides
from drafting.checks.case import Case, Check, Problem

CHECKS: tuple[Check, ...] = (
    figures.check,
    drugs.check,
    sides.check,
    negations.check,
    dates.check,
    names.check,
    roles.check,
    quoted.check,
    added.check,
)

__all__ = ["CHECKS", "Case", "Problem", "verify"]


def verify(case: Case) -> tuple[Problem, ...]:
    """Every objection to ``case.proposal``; empty when it may stand."""
    return tuple(problem for check in CHECKS for problem in check(case))
