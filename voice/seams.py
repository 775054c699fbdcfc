"""The seams of ``voice``: what a source, a detector and a recogniser promise.

One contract suite (``tests/contracts``) runs on the scripted fakes of ``voice.fakes`` always and on
the real engines in CI.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from dictation.sound import AudioFrame, Utterance
from dictation.transcript import EngineInfo, Transcript, Word


@dataclass(frozen=True, slots=True)
class Hints:
    """What the recogniser may know beforehand. Never changes what was said, only how it is heard."""

    language: str = "fr"
    #: words of the practice, recipients, patient's name; best first
    terms: tuple[str, ...] = ()
    #: a line in the style of dictation
    style: str | None = None


@dataclass(frozen=True, slots=True)
class Partial:
    """Text while an utterance lasts: ``stable`` never changes again, ``unstable`` may."""

    stable: str
    unstable: str


@runtime_checkable
class AudioSource(Protocol):
    """Microphone, file or browser. Not thread-safe: one reader."""

    def frames(self) -> Iterator[AudioFrame]:
        """Frames in order, times strictly increasing; ends when the sound ends.

        Raises :class:`~dictation.errors.InputError` when the sound cannot be read and
        :class:`~dictation.errors.EngineError` when a device disappears.
        """
        ...


@runtime_checkable
class SpeechDetector(Protocol):
    """Speech or not, per frame. Keeps state between frames; not thread-safe."""

    def probability(self, frame: AudioFrame) -> float:
        """0..1."""
        ...

    def is_speech(self, frame: AudioFrame) -> bool:
        """The detector's own decision on ``frame``."""
        ...


class RecogniserSession(Protocol):
    """One dictation. Not thread-safe."""

    def accept(self, utterance: Utterance) -> tuple[Word, ...]:
        """Words of a finished utterance, times from the start of the recording."""
        ...

    def partial(self, utterance: Utterance) -> Partial:
        """Text of an utterance still going on; costs nothing to what ``accept`` will say."""
        ...

    def finish(self) -> Transcript:
        """All words so far; the session is over."""
        ...


@runtime_checkable
class Recogniser(Protocol):
    """A loaded model."""

    @property
    def info(self) -> EngineInfo:
        """Name, model and revision."""
        ...

    def open(self, hints: Hints) -> RecogniserSession:
        """A new session; several may be open, one at a time is fast."""
        ...
