"""Figures: every number with its unit, each against its own clause; none added, none lost."""

from __future__ import annotations

import re

from drafting.checks.case import Case, Problem, clauses, content_stems

_FIGURE = re.compile(
    r"(?<![\w,])(\d{1,3}(?: \d{3})+|\d+)([,.]\d+)?\s?(?:/\s?(\d+(?:[,.]\d+)?))?\s?"
    r"(mmHg|mg/mL|mg|µg|microgrammes?|kg/m²|kg|g/dL|g/L|g|mL/min|mL|UI|unités?|%|°C|cm|mm|m\b|ms|/min|mmol/L|µmol/L|ans|mois|semaines?|jours?|heures?|h\b|fois)?"
)
_SPELLED = {"un": "1", "une": "1", "deux": "2", "trois": "3", "quatre": "4", "cinq": "5", "six": "6", "sept": "7",
            "huit": "8", "neuf": "9", "dix": "10"}  # fmt: skip


def figures(text: str) -> tuple[tuple[str, str], ...]:
    """(number, unit) pairs of a text in order; « trois semaines » counts as 3."""
    text = re.sub(
        rf"\b({'|'.join(k for k in _SPELLED if k not in ('un', 'une'))})\b",
        lambda m: _SPELLED[m[1].lower()],
        text,
        flags=re.IGNORECASE,
    )
    found = []
    for match in _FIGURE.finditer(text):
        number = match[1].replace(" ", "") + (match[2] or "").replace(".", ",") + (f"/{match[3]}" if match[3] else "")
        found.append((number, (match[4] or "").rstrip("s")))
    return tuple(found)


def check(case: Case) -> tuple[Problem, ...]:
    """A figure of the proposal must stand in a clause of the source about the same thing."""
    problems = []
    source = [(set(figures(c)), set(content_stems(c))) for s in case.sources for c in clauses(s)]
    everywhere = {f for own, _ in source for f in own}
    for clause in clauses(case.text):
        topic = set(content_stems(re.sub(r"\d\S*", " ", clause)))
        for figure in figures(clause):
            near = [stems for own, stems in source if figure in own]
            if not near:
                problems.append(Problem("figures", " ".join(figure).strip()))
            elif topic and all(stems and not topic & stems for stems in near):
                problems.append(Problem("figures", f"{' '.join(figure).strip()} : autre objet"))
    kept = set(figures(case.text))
    problems += [Problem("figures", f"{' '.join(f).strip()} : perdu") for f in everywhere if f not in kept]
    return tuple(problems)
