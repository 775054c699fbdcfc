"""What a window's session holds, and what its parts stand on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from app import commands as c
from app import events as e
from app.addition import Place
from app.events import Event, Phase
from app.redraft import Change
from dictation.draft import Draft
from dictation.review import Decision, Review
from dictation.transcript import Transcript, Word


@dataclass(frozen=True, slots=True)
class Step:
    """One reversible decision: what stood before, what stands after."""

    target: str
    before: Decision | None
    after: Decision
    #: what came with it (values, doubts, an addition): out of the document when it is taken back
    along: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Adding:
    """Words on their way into a section of the open document."""

    place: Place
    #: seconds of sound before the addition
    offset_s: float
    words: tuple[Word, ...] = ()
    stable: str = ""
    unstable: str = ""
    #: finished speaking: the last words are being written
    ending: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """Everything a screen needs; a fresh screen is built from this alone."""

    phase: Phase = Phase.IDLE
    document_id: str | None = None
    form_id: str | None = None
    paused: bool = False
    #: final words heard so far in this dictation
    words: tuple[Word, ...] = ()
    stable: str = ""
    unstable: str = ""
    live: Draft | None = None
    proposed_form: str | None = None
    transcript: Transcript | None = None
    review: Review | None = None
    #: sections of a new draft waiting for « accepter / refuser »
    proposal: Draft | None = None
    pending: tuple[Change, ...] = ()
    engine_down: bool = False
    trouble: c.DeviceTrouble | c.EngineFailed | None = None
    undo: tuple[Step, ...] = ()
    redo: tuple[Step, ...] = ()
    #: being dictated into a section
    adding: Adding | None = None
    #: reviews of this dictation under other kinds of document, by form id
    shelf: tuple[Review, ...] = field(default=())


class Machine:
    """``may_sign`` is the signed-in person's right on the open document."""

    def __init__(self, *, by: str, may_sign: bool, clock: Callable[[], datetime]) -> None:
        self.by = by
        self.may_sign = may_sign
        self.state = State()
        self._clock = clock
        self._burst_began: datetime | None = None

    def _refuse(self, code: str, message: str) -> tuple[Event, ...]:
        return (e.Refused(code, message),)

    def _move(self, phase: Phase, **more: object) -> e.PhaseChanged:
        self.state = replace(self.state, phase=phase, **more)  # type: ignore[arg-type]
        return e.PhaseChanged(phase)

    def _keep(self, review: Review, keys: tuple[str, ...] = ()) -> tuple[Event, ...]:
        document_id = self.state.document_id
        assert document_id is not None
        self.state = replace(self.state, review=review)
        return (e.ReviewChanged(keys), e.WantKept(document_id, review))


def keys_of(draft: Draft) -> tuple[str, ...]:
    """Keys of every section."""
    return tuple(section.key for section in draft.sections)
