"""The walk « à vérifier suivant » (F8): few stops, the dangerous ones first."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dictation.codec import value_from_json, value_to_json
from dictation.draft import Draft, FieldValue
from dictation.evidence import Finding, Severity
from dictation.review import CRITICAL_TYPES, Decision, Review
from dictation.transcript import Span

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


#: drafts whose words were looked up last, with the sections each word is evidence of; compared by identity
_OWNERS: deque[tuple[Draft, dict[int, list[str]]]] = deque(maxlen=4)


def _owners(draft: Draft) -> dict[int, list[str]]:
    for known, owners in tuple(_OWNERS):
        if known is draft:
            return owners
    made: dict[int, list[str]] = {}
    for section in draft.sections:
        for span in section.evidence:
            for n in range(span.first, span.last):
                made.setdefault(n, []).append(section.key)
    _OWNERS.append((draft, made))
    return made


def section_of(draft: Draft, spans: tuple[Span, ...]) -> str | None:
    """Key of the section whose evidence holds most of ``spans``; ``None`` when no section does."""
    owners = _owners(draft)
    held = Counter(key for span in spans for n in range(span.first, span.last) for key in owners.get(n, ()))
    most = max(held.values(), default=0)
    return next((s.key for s in draft.sections if most and held[s.key] == most), None)


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
