"""The seams of ``voice``: what a source, a detector and a recogniser promise.

One contract suite (``tests/contracts``) runs on the scripted fakes of ``voice.fakes`` always and on
the real engines in CI.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from dictation.evidence import Finding
from dictation.sound import AudioFrame, Utterance
from dictation.transcript import EngineInfo, Transcript, Word


def always() -> bool:
    """True: wanted until it is done."""
    return True


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


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What one decode of one utterance heard."""

    #: times in seconds from the start of the recording; confidences 0..1 per word
    words: tuple[Word, ...]
    #: mean log-probability per token, <= 0; near 0 is sure
    avg_logprob: float
    #: probability that there is no speech at all, 0..1
    no_speech: float
    #: length over zlib length of the text; above 2.4 it loops
    compression: float

    @property
    def text(self) -> str:
        """The words joined by single spaces."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Revision:
    """What a second pass makes of a hypothesis."""

    #: replaced words carry ``heard``
    words: tuple[Word, ...]
    #: spans count words of this utterance from 0; the session moves them to the transcript
    findings: tuple[Finding, ...] = ()


class Decoder(Protocol):
    """One utterance at a time, any number of times: the encoder runs once per utterance. Thread-safe."""

    def decode(self, utterance: Utterance, terms: Sequence[str] = (), previous: str = "") -> Hypothesis:
        """Hears ``utterance`` biased by ``terms`` (best first, cut to the prompt) after text ``previous``."""
        ...

    def score(self, utterance: Utterance, text: str, terms: Sequence[str] = (), previous: str = "") -> float:
        """Mean log-probability per token of ``text`` given the sound, <= 0: compare rival texts with it."""
        ...

    def token_scores(
        self, utterance: Utterance, text: str, terms: Sequence[str] = (), previous: str = ""
    ) -> tuple[tuple[str, float], ...]:
        """The words of ``text`` with the *summed* log-probability of each one's tokens given the sound."""
        ...


class SecondPass(Protocol):
    """Vocabulary retrieval: looks at what was heard and may have the utterance decoded again."""

    def prompt_terms(self, previous: str) -> tuple[str, ...]:
        """Terms worth giving to the *first* decode after text ``previous``; best first, may be empty."""
        ...

    def with_names(self, names: Sequence[str]) -> SecondPass:
        """The same for one dictation in which these persons or places may be named."""
        ...

    def revise(self, utterance: Utterance, first: Hypothesis, decoder: Decoder, previous: str) -> Revision:
        """Keeps, replaces or doubts words of ``first``; never raises for what it cannot settle."""
        ...


@dataclass(frozen=True, slots=True)
class Level:
    """How loud the last tenth of a second was."""

    #: dBFS, -96.0 in digital silence
    rms_db: float
    peak_db: float
    #: samples at full scale: the microphone is too close or its gain too high
    clipped: bool


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
    """One dictation. ``accept`` in order from one thread; ``prepare`` and ``partial`` may run beside it."""

    def accept(self, utterance: Utterance) -> tuple[Word, ...]:
        """Words of a finished utterance, times from the start of the recording."""
        ...

    def prepare(self, utterance: Utterance, wanted: Callable[[], bool] = always) -> None:
        """Hears ahead what may turn out to be a whole utterance; changes nothing to what is said later.

        May give up once ``wanted()`` is false.
        """
        ...

    def partial(self, utterance: Utterance) -> Partial:
        """Text of an utterance still going on; costs nothing to what ``accept`` will say."""
        ...

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Doubts so far, spans in words of the whole dictation."""
        ...

    def finish(self, duration_s: float | None = None) -> Transcript:
        """All words so far; the session is over. ``duration_s`` is the length of the recording when known."""
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
