"""The life of a dictation: which state may follow which."""

from __future__ import annotations

from dictation.errors import RefusedError
from records.values import State

S = State

#: moves that the store makes or that :meth:`records.dictations.Dictations.transition` may be asked for
MOVES: dict[State, frozenset[State]] = {
    S.RECORDING: frozenset({S.TO_TRANSCRIBE, S.TO_REVIEW, S.PURGED}),
    S.TO_TRANSCRIBE: frozenset({S.RECORDING, S.TO_DRAFT, S.TO_REVIEW, S.PURGED}),
    S.TO_DRAFT: frozenset({S.RECORDING, S.TO_TRANSCRIBE, S.TO_DRAFT, S.TO_REVIEW, S.PURGED}),
    S.TO_REVIEW: frozenset(
        {S.RECORDING, S.TO_TRANSCRIBE, S.TO_DRAFT, S.TO_REVIEW, S.QUERIED, S.CORRECTED, S.SIGNED, S.PURGED}
    ),
    S.QUERIED: frozenset({S.RECORDING, S.TO_TRANSCRIBE, S.TO_DRAFT, S.TO_REVIEW, S.QUERIED, S.PURGED}),
    S.CORRECTED: frozenset({S.TO_TRANSCRIBE, S.TO_DRAFT, S.TO_REVIEW, S.QUERIED, S.CORRECTED, S.SIGNED, S.PURGED}),
    # a change after the signature asks for a new signature
    S.SIGNED: frozenset({S.TO_REVIEW, S.CORRECTED, S.EXPORTED, S.PURGED}),
    S.EXPORTED: frozenset({S.PURGED}),
    S.PURGED: frozenset(),
}

#: not yet signed
UNSIGNED = frozenset({S.RECORDING, S.TO_TRANSCRIBE, S.TO_DRAFT, S.TO_REVIEW, S.QUERIED, S.CORRECTED})
#: on somebody's desk; exported and purged dictations are history
ON_WORKLIST = UNSIGNED | {S.SIGNED}
#: a review may be saved
EDITABLE = frozenset({S.TO_REVIEW, S.QUERIED, S.CORRECTED, S.SIGNED})
#: under review: words may be dictated into it
GROWING = EDITABLE - {S.SIGNED}
#: audio may be added
RESUMABLE = frozenset({S.RECORDING, S.TO_TRANSCRIBE, S.TO_DRAFT, S.TO_REVIEW, S.QUERIED})


def check_move(before: State, after: State) -> None:
    """Raises :class:`RefusedError` ``dictation.move``."""
    if after not in MOVES[before]:
        raise RefusedError(
            "dictation.move", "Cette dictée n'en est pas là : rechargez la liste pour voir où elle en est."
        )
