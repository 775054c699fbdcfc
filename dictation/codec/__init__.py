"""Values <-> JSON, in the shapes of the command line's contract (``docs/cli.md``).

Every ``*_to_json`` returns plain dicts, lists, strings and numbers; every ``*_from_json`` raises
:class:`~dictation.errors.InputError` when the shape is wrong.
"""

from dictation.codec.consultation import consultation_from_json, consultation_to_json
from dictation.codec.draft import DRAFT_SCHEMA, draft_from_json, draft_to_json, finding_to_json, statement_to_json
from dictation.codec.review import (
    REVIEW_SCHEMA,
    decided_value,
    decision_from_json,
    decision_to_json,
    review_from_json,
    review_to_json,
)
from dictation.codec.shape import Json
from dictation.codec.transcript import TRANSCRIPT_SCHEMA, transcript_from_json, transcript_to_json
from dictation.codec.values import value_from_json, value_to_json

__all__ = [
    "DRAFT_SCHEMA",
    "REVIEW_SCHEMA",
    "TRANSCRIPT_SCHEMA",
    "Json",
    "consultation_from_json",
    "consultation_to_json",
    "decided_value",
    "decision_from_json",
    "decision_to_json",
    "draft_from_json",
    "draft_to_json",
    "finding_to_json",
    "review_from_json",
    "review_to_json",
    "statement_to_json",
    "transcript_from_json",
    "transcript_to_json",
    "value_from_json",
    "value_to_json",
]
