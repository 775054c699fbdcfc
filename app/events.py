"""What a :class:`~app.session.Session` answers: facts for the screen, and wishes for the outside.

A screen that missed every event can be rebuilt from ``session.state``: events only say what moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from dictation.draft import Addition
from dictation.review import Blocker, Review, SignedDraft
from dictation.transcript import Transcript


class Phase(Enum):
    """Where a window stands."""

    IDLE = "idle"
    LISTENING = "listening"
    TRANSCRIBING = "transcribing"
    DRAFTING = "drafting"
    REVIEWING = "reviewing"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    """The window moved."""

    phase: Phase


@dataclass(frozen=True, slots=True)
class LiveChanged:
    """Partial text, words or live sections moved."""


@dataclass(frozen=True, slots=True)
class FormProposed:
    """The doctor's first words name this kind."""

    form_id: str


@dataclass(frozen=True, slots=True)
class ReviewChanged:
    """Text, values or confirmations moved; ``keys`` are the sections whose text changed otherwise
    than by typing (the screen must show them again)."""

    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposalChanged:
    """A new draft waits for acceptance, or was dealt with."""


@dataclass(frozen=True, slots=True)
class DiscardAsked:
    """« Jeter cette dictée ? »"""


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why signing is refused."""

    blockers: tuple[Blocker, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A command that cannot be done now; French message."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something went wrong and was dealt with; French message, what was kept."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """The trouble is over."""


@dataclass(frozen=True, slots=True)
class WordLearnable:
    """A corrected word may join the vocabulary, if the doctor agrees."""

    heard: str
    wanted: str


# --- wishes -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WantListening:
    """Open the source and the recogniser."""

    document_id: str
    form_id: str
    offset_s: float


@dataclass(frozen=True, slots=True)
class WantPause:
    """Pause or resume the source."""

    paused: bool


@dataclass(frozen=True, slots=True)
class WantEnd:
    """Close the source; the recogniser finishes what it has (or drops it when ``discard``)."""

    document_id: str
    discard: bool


@dataclass(frozen=True, slots=True)
class WantDraft:
    """Compose a draft."""

    document_id: str
    transcript: Transcript
    form_id: str
    #: words dictated into sections, each with whether it was taken back
    additions: tuple[tuple[Addition, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class WantKept:
    """Save the review."""

    document_id: str
    review: Review


@dataclass(frozen=True, slots=True)
class WantAddition:
    """Open the source and the recogniser for words that go on after ``offset_s``."""

    document_id: str
    form_id: str
    offset_s: float


@dataclass(frozen=True, slots=True)
class WantAdditionEnd:
    """Close the source; ``discard``: forget the sound after ``offset_s``."""

    document_id: str
    offset_s: float
    discard: bool


@dataclass(frozen=True, slots=True)
class WantAdditionDraft:
    """Compose the words from ``beyond`` on."""

    document_id: str
    transcript: Transcript
    form_id: str
    beyond: int


@dataclass(frozen=True, slots=True)
class WantGrown:
    """Save a review whose draft grew."""

    document_id: str
    review: Review


@dataclass(frozen=True, slots=True)
class WantSignature:
    """Record the signature; the store has the last word on who may sign."""

    document_id: str
    signed: SignedDraft


Event = (
    PhaseChanged
    | LiveChanged
    | FormProposed
    | ReviewChanged
    | ProposalChanged
    | DiscardAsked
    | Blocked
    | Refused
    | Trouble
    | Recovered
    | WordLearnable
    | WantListening
    | WantPause
    | WantEnd
    | WantDraft
    | WantKept
    | WantAddition
    | WantAdditionEnd
    | WantAdditionDraft
    | WantGrown
    | WantSignature
)
