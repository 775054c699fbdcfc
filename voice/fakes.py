"""Scripted stand-ins for the seams: deterministic, without a model, a device or a file.

Product code: ``calame`` uses them in its own checks, tests everywhere use them, and the contract suite that
runs on the real engines runs on them too, so they cannot lie.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dictation.errors import EngineError
from dictation.evidence import Finding
from dictation.sound import RATE_HZ, AudioFrame, Utterance
from dictation.transcript import EngineInfo, Word
from voice.files import frames_of
from voice.guard import MASK_STEP_S, compression
from voice.levels import loudness
from voice.seams import Hints, Hypothesis, Level, RecogniserSession, SecondPass
from voice.session import Session

FAKE_INFO = EngineInfo("scripted", "aucun", "1")
#: mean square above which the fake detector calls it speech
LOUD = 1e-4


def tone(length_s: float, *, hz: float = 220.0, amplitude: float = 0.3) -> bytes:
    """A « voiced » stretch: s16le mono 16 kHz."""
    t = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    return bytes((np.sin(2 * np.pi * hz * t) * amplitude * 32767).astype("<i2").tobytes())


def silence(length_s: float) -> bytes:
    """Digital silence."""
    return bytes(round(length_s * RATE_HZ) * 2)


def spoken(stretches: Iterable[tuple[float, bool]]) -> bytes:
    """(seconds, voiced) stretches one after the other."""
    return b"".join(tone(s) if voiced else silence(s) for s, voiced in stretches)


class ScriptedSource:
    """An :class:`~voice.seams.AudioSource` that gives ``pcm``; may fail after ``fail_at_s`` like a device."""

    live = False

    def __init__(
        self, pcm: bytes, *, chunk_bytes: int = 3200, start_s: float = 0.0, fail_at_s: float | None = None
    ) -> None:
        self._pcm, self._chunk, self._start_s, self._fail_at_s = pcm, max(1, chunk_bytes), start_s, fail_at_s
        self.duration_s: float | None = len(pcm) / 2 / RATE_HZ
        self.notices: tuple[Finding, ...] = ()
        self.on_level: Callable[[Level], None] | None = None

    def frames(self) -> Iterator[AudioFrame]:
        """Frames of 20 ms; raises ``device.gone`` at ``fail_at_s``."""
        chunks = (self._pcm[at : at + self._chunk] for at in range(0, len(self._pcm), self._chunk))
        for frame in frames_of(chunks, start_s=self._start_s):
            if self._fail_at_s is not None and frame.start_s - self._start_s >= self._fail_at_s:
                raise EngineError(
                    "device.gone", "Le micro a été débranché\u00a0: rebranchez-le, puis reprenez la dictée."
                )
            yield frame


class LoudnessDetector:
    """A :class:`~voice.seams.SpeechDetector`: loud is speech."""

    def probability(self, frame: AudioFrame) -> float:
        """0..1, 0.5 at the threshold."""
        power = loudness(frame.pcm)
        return power / (power + LOUD)

    def is_speech(self, frame: AudioFrame) -> bool:
        """Whether the frame is loud."""
        return self.probability(frame) >= 0.5


@dataclass(frozen=True, slots=True)
class Line:
    """What the fake hears in one utterance, and how sure it is."""

    text: str
    avg_logprob: float = -0.2
    no_speech: float = 0.0
    confidence: float = 0.9


class ScriptedRecogniser:
    """A :class:`~voice.seams.Recogniser` (and Decoder) that hears ``lines`` in turn, one per utterance.

    Words are spread evenly over the loud part of the utterance. A partial hears the share of the line that
    the shortest utterance so far allows: one word for each ``word_s``. After the script it hears nothing.
    """

    def __init__(
        self, lines: Sequence[Line | str], *, second_pass: SecondPass | None = None, word_s: float = 0.25
    ) -> None:
        self._lines = [line if isinstance(line, Line) else Line(line) for line in lines]
        self._second_pass = second_pass
        self._word_s = word_s
        self._order: dict[int, int] = {}
        self._ends: dict[int, float] = {}  # where each utterance ended when last heard
        #: (terms, previous) of every decode, for tests
        self.prompts: list[tuple[tuple[str, ...], str]] = []

    @property
    def info(self) -> EngineInfo:
        """« scripted »."""
        return FAKE_INFO

    def open(self, hints: Hints) -> RecogniserSession:
        """A new dictation from the first line."""
        self._order, self._ends = {}, {}
        return Session(self, hints, second_pass=self._second_pass)

    def decode(
        self,
        utterance: Utterance,
        terms: Sequence[str] = (),
        previous: str = "",
        *,
        style: str | None = None,
        beam: int | None = None,
    ) -> Hypothesis:
        """The line of this utterance (utterances are told apart by where they start)."""
        self.prompts.append((tuple(terms), previous))
        first_s = self._first_of(utterance) if beam == 1 else utterance.start_s
        turn = self._order.setdefault(round(first_s * RATE_HZ), len(self._order))
        self._ends[round(first_s * RATE_HZ)] = utterance.end_s
        line = self._lines[turn] if turn < len(self._lines) else Line("", -2.0, 0.99)
        texts = line.text.split()
        if beam == 1:  # a partial: what has had time to be said since its part of the utterance began
            said = int((utterance.end_s - first_s) / self._word_s)
            texts = texts[round((utterance.start_s - first_s) / self._word_s) : said]
        mask = self.speech_mask(utterance)
        loud = np.flatnonzero(mask > 0.5)
        first = utterance.start_s + (float(loud[0]) * MASK_STEP_S if len(loud) else 0.0)
        last = min(utterance.end_s, utterance.start_s + (float(loud[-1] + 1) * MASK_STEP_S if len(loud) else 0.0))
        step = max(0.0, last - first) / max(1, len(texts))
        words = tuple(
            Word(text, first + i * step, first + (i + 1) * step, line.confidence) for i, text in enumerate(texts)
        )
        return Hypothesis(words, line.avg_logprob, line.no_speech, compression(" ".join(texts)))

    def _first_of(self, part: Utterance) -> float:
        """Start of the utterance that ``part`` is the end of, its own when it is none."""
        for start, end_s in self._ends.items():
            if start / RATE_HZ < part.start_s < end_s:
                return start / RATE_HZ
        return part.start_s

    def score(self, utterance: Utterance, text: str, terms: Sequence[str] = (), previous: str = "") -> float:
        """-0.1 for the line itself, lower the more words differ; -inf for an empty text."""
        if not text.strip():
            return -math.inf
        line = self.decode(utterance).text.split()
        same = len(set(line) & set(text.split()))
        return -0.1 - (1 - same / max(1, len(line), len(text.split())))

    def token_scores(
        self, utterance: Utterance, text: str, terms: Sequence[str] = (), previous: str = ""
    ) -> tuple[tuple[str, float], ...]:
        """-0.1 for each word of the line, -3 for any other."""
        line = set(self.decode(utterance).text.split())
        return tuple((w, -0.1 if w in line else -3.0) for w in text.split())

    def speech_mask(self, utterance: Utterance) -> np.ndarray:
        """Loud or not, per 32 ms."""
        size = int(MASK_STEP_S * RATE_HZ) * 2
        return np.array(
            [float(loudness(utterance.pcm[at : at + size]) > LOUD) for at in range(0, len(utterance.pcm), size)],
            dtype=np.float32,
        )


__all__ = [
    "Line",
    "LoudnessDetector",
    "ScriptedRecogniser",
    "ScriptedSource",
    "silence",
    "spoken",
    "tone",
]
