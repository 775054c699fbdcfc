"""The walk « à vérifier suivant » (F8): few stops, the dangerous ones first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dictation.codec import value_from_json, value_to_json
from dictation.draft import Draft, FieldValue
from dictation.evidence import Finding, Severity
from dictation.review import CRITICAL_TYPES, Decision, Review, Verdict
from dictation.transcript import Span
from dictation.values import Value

#: rank of what is wrong, by what it could do to a patient: drug and dose, side, negation, date, name, the rest
RANKS = ("drug", "side", "negation", "figure", "date", "name", "other")
_BY_TYPE = {"drug": "drug", "allergy": "drug", "laterality": "side", "vital": "figure", "date": "date"}
_BY_CODE = (
    ("drug", "drug"),
    ("dose", "drug"),
    ("allerg", "drug"),
    ("lateral", "side"),
    ("side", "side"),
    ("negat", "negation"),
    ("polar", "negation"),
    ("date", "date"),
    ("name", "name"),
    ("identity", "name"),
    ("figure", "figure"),
    ("number", "figure"),
    ("unit", "figure"),
    ("vital", "figure"),
)
#: a word heard with less than this is worth a look
LOW_CONFIDENCE = 0.4


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing to look at."""

    #: field id, ``finding:N`` or ``word:N``
    target: str
    #: one of ``RANKS``
    kind: str
    section: str | None
    spans: tuple[Span, ...]
    #: a doctor cannot sign before it is answered
    blocking: bool
    finding: Finding | None = None
    field: FieldValue | None = None


def section_of(draft: Draft, spans: tuple[Span, ...]) -> str | None:
    """Key of the section whose evidence holds most of ``spans``; ``None`` when no section does."""
    best, best_words = None, 0
    for section in draft.sections:
        words = sum(max(0, min(a.last, b.last) - max(a.first, b.first)) for a in section.evidence for b in spans)
        if words > best_words:
            best, best_words = section.key, words
    return best


def _kind_of(finding: Finding) -> str:
    return next((kind for part, kind in _BY_CODE if part in finding.code), "other")


def walk(review: Review) -> tuple[Stop, ...]:
    """Open stops, dangerous kinds first, then in the order of the words."""
    draft = review.draft
    sections = {section.key for section in draft.sections}
    stops = [
        Stop(
            field.id,
            _BY_TYPE[field.type],
            field.key if field.key in sections else section_of(draft, field.evidence),
            field.evidence,
            True,
            field=field,
        )
        for field in draft.fields
        if field.type in CRITICAL_TYPES and review.latest(field.id) is None
    ]
    for n, finding in enumerate(draft.findings):
        if finding.severity is Severity.INFO or review.latest(f"finding:{n}") is not None:
            continue
        spans = (finding.span,) if finding.span else ()
        section = finding.field_id if finding.field_id in sections else section_of(draft, spans)
        stops.append(
            Stop(f"finding:{n}", _kind_of(finding), section, spans, finding.severity is Severity.BLOCKER, finding)
        )
    return tuple(sorted(stops, key=lambda s: (RANKS.index(s.kind), min((x.first for x in s.spans), default=1 << 30))))


def next_stop(review: Review, after: str | None) -> Stop | None:
    """The stop that follows ``after`` in the walk, from the top when it is gone; ``None`` when all is answered."""
    stops = walk(review)
    if not stops:
        return None
    places = [n for n, stop in enumerate(stops) if stop.target == after]
    return stops[(places[0] + 1) % len(stops)] if places else stops[0]


def field_now(review: Review, field: FieldValue) -> Value | None:
    """Value of ``field`` after the decisions; ``None`` when a person took it out."""
    decision = review.latest(field.id)
    if decision is None or decision.value is None:
        return None if decision is not None and decision.verdict is Verdict.REJECTED else field.value
    return value_from_json(field.type, json.loads(decision.value))


def edited_value(field: FieldValue, changed: Mapping[str, Any]) -> str:
    """Contract JSON text of ``field`` with some parts replaced, for :class:`~app.commands.EditField`.

    ``changed`` maps part names ("name", "dose", "iso"…) to what the person typed; a field without
    parts takes the key "value". Raises ``ValueError`` when the result is not a value of that type.
    """
    data = value_to_json(field.value)
    merged: Any = data | dict(changed) if isinstance(data, dict) else changed["value"]
    try:
        value_from_json(field.type, merged)
    except (KeyError, TypeError, ArithmeticError) as error:
        raise ValueError(str(error)) from error
    return json.dumps(merged, ensure_ascii=False)


def decisions_since(review: Review, seen: int) -> tuple[Decision, ...]:
    """Decisions taken after the first ``seen`` ones: what changed since somebody last looked."""
    return review.decisions[seen:]
