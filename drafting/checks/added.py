"""Nothing added, nothing left out: content words are those of the cited statements."""

from __future__ import annotations

from drafting.checks.case import Case, Problem, content_stems


def check(case: Case) -> tuple[Problem, ...]:
    """Stems of the proposal must all be in the source; of the source, at most one in eight may go."""
    mine, said = set(content_stems(case.text)), set(content_stems(case.source))
    problems = [Problem("added", w) for w in sorted(mine - said)]
    if not mine:
        problems.append(Problem("omitted", "rien"))  # nothing but light words left: « Aucun. »
    lost = sorted(said - mine)
    if len(lost) > len(said) // 8:
        problems += [Problem("omitted", w) for w in lost]
    return tuple(problems)
