"""Deterministic readers: typed values out of statements, each with its word spans.

Every reader is a module with ``read(passage, context) -> Iterator[Reading]``, a pure function of one
statement. None of them infers: a figure out of its plausible range, a drug denied, a control to be
done are no values.
"""

from __future__ import annotations

from collections.abc import Iterable

from drafting.passage import Passage
from drafting.readers import allergies, dates, drugs, labs, laterality, narrative, people, scores, vitals
from drafting.readers.reading import Context, Reader, Reading

READERS: tuple[Reader, ...] = (
    people.read, dates.read, vitals.read, labs.read, scores.read, drugs.read, allergies.read, laterality.read,
    narrative.read,
)  # fmt: skip

__all__ = ["READERS", "Context", "Reading", "read_all"]


def read_all(passages: Iterable[Passage], context: Context) -> tuple[Reading, ...]:
    """Every reading of every passage, in the order of dictation."""
    return tuple(found for passage in passages for reader in READERS for found in reader(passage, context))
