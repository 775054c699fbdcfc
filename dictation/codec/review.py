"""A review: a draft and the decisions taken on it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from dictation.codec.draft import draft_from_json, draft_to_json
from dictation.codec.shape import Json, wrong
from dictation.codec.values import value_from_json
from dictation.draft import FieldValue
from dictation.review import Decision, Review, Verdict
from dictation.values import Value

REVIEW_SCHEMA = "calame-review/1"


def decision_to_json(d: Decision) -> Json:
    """One decision; ``at`` as ISO 8601."""
    return {"field": d.field_id, "verdict": d.verdict.value, "value": d.value, "by": d.by, "at": d.at.isoformat()}


def decision_from_json(data: Mapping[str, Any]) -> Decision:
    """Reads a decision back."""
    try:
        value = data.get("value")
        return Decision(
            str(data["field"]),
            Verdict(data["verdict"]),
            None if value is None else str(value),
            str(data["by"]),
            dt.datetime.fromisoformat(data["at"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise wrong("relecture", error) from error


def decided_value(review: Review, field: FieldValue) -> Value | None:
    """Value of ``field`` after the decisions, edits being JSON text; ``None`` when a person took it out."""
    decision = review.latest(field.id)
    if decision is None or decision.value is None:
        return None if decision is not None and decision.verdict is Verdict.REJECTED else field.value
    return value_from_json(field.type, json.loads(decision.value))


def review_to_json(r: Review) -> Json:
    """A review with the draft it is about."""
    return {
        "schema": REVIEW_SCHEMA,
        "draft": draft_to_json(r.draft),
        "decisions": [decision_to_json(d) for d in r.decisions],
    }


def review_from_json(data: Mapping[str, Any]) -> Review:
    """Reads a review back."""
    try:
        if data.get("schema") != REVIEW_SCHEMA:
            raise ValueError(f"schema {data.get('schema')!r}")
        return Review(draft_from_json(data["draft"]), tuple(decision_from_json(d) for d in data["decisions"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise wrong("relecture", error) from error
