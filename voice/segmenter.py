"""From speech booleans to utterances: onset, hangover, soft and hard cuts. Pure: seconds, booleans, levels.

A pause of ``end_s`` ends an utterance; after ``soft_after_s`` a pause of ``soft_pause_s`` is enough; at
``hard_after_s`` it is cut at the quietest point of its last third. Utterances never overlap, and every
instant called speech (past the onset) lies in one.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Settings:
    """All in seconds (measured: ``docs/decisions/060``)."""

    onset_s: float = 0.064
    end_s: float = 0.512
    soft_after_s: float = 6.0
    soft_pause_s: float = 0.200
    hard_after_s: float = 15.0
    pre_roll_s: float = 0.320
    #: sound kept after the last speech frame; from then on the decoder may hear ahead
    tail_s: float = 0.240
    #: width over which « quietest » is judged
    quiet_width_s: float = 0.10


class Cut(Enum):
    """Why an utterance ended."""

    PAUSE = "pause"
    SOFT = "soft"
    HARD = "hard"
    FLUSH = "flush"


@dataclass(frozen=True, slots=True)
class Piece:
    """One utterance's limits in seconds from the start of the recording, and why it ended."""

    start_s: float
    end_s: float
    cut: Cut


class Segmenter:
    """Feed it frames in order. Not thread-safe."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self._run_start: float | None = None  # start of a run of speech that is not yet an onset
        self._start: float | None = None  # start of the utterance, pre-roll included
        self._speech_end = 0.0
        self._floor = 0.0  # nothing before it may be used again
        self._now = 0.0
        self._levels: deque[tuple[float, float, float]] = deque()

    @property
    def start_s(self) -> float | None:
        """Start of the utterance going on, pre-roll included, or ``None`` in silence."""
        return self._start

    @property
    def speech_end_s(self) -> float:
        """End of the last speech frame."""
        return self._speech_end

    @property
    def likely_end_s(self) -> float:
        """Where the utterance going on ends if nothing more is said: its sound is complete from then on."""
        return self._speech_end + (self.settings.soft_pause_s / 2 if self._long_enough else self.settings.tail_s)

    @property
    def _long_enough(self) -> bool:
        return self._start is not None and self._speech_end - self._start >= self.settings.soft_after_s

    @property
    def keep_from_s(self) -> float:
        """Sound before this instant will never be asked for."""
        if self._start is not None:
            return self._start
        start = self._run_start if self._run_start is not None else self._now
        return max(self._floor, start - self.settings.pre_roll_s)

    def push(self, start_s: float, end_s: float, speech: bool, level: float = 0.0) -> tuple[Piece, ...]:
        """One frame; ``level`` is any loudness that grows with it. Returns the utterances that ended."""
        s = self.settings
        if start_s > self._now + 1e-6:  # the recording has a hole: what was going on ends there
            done = self.flush()
            self._floor = start_s
        else:
            done = ()
        self._now = end_s
        if speech:
            self._speech_end = end_s
            if self._run_start is None:
                self._run_start = start_s
            if self._start is None and end_s - self._run_start >= s.onset_s - 1e-6:
                self._start = max(self._floor, self._run_start - s.pre_roll_s)
                self._levels.clear()
        else:
            self._run_start = None
        if self._start is None:
            return done
        self._levels.append((start_s, end_s, level))
        return (*done, *self._cuts())

    def _cuts(self) -> tuple[Piece, ...]:
        s = self.settings
        assert self._start is not None
        pause, length = self._now - self._speech_end, self._now - self._start
        if pause >= s.end_s - 1e-6:
            return (self._end(min(self._now, self._speech_end + s.tail_s), Cut.PAUSE),)
        if self._long_enough and pause >= s.soft_pause_s - 1e-6:
            return (self._end(self.likely_end_s, Cut.SOFT),)
        if length >= s.hard_after_s:
            at = self._quietest(self._start + length * 2 / 3)
            piece = Piece(self._start, at, Cut.HARD)
            self._start = self._floor = at
            while self._levels and self._levels[0][0] < at:
                self._levels.popleft()
            return (piece,)
        return ()

    def _end(self, at_s: float, cut: Cut) -> Piece:
        assert self._start is not None
        piece = Piece(self._start, at_s, cut)
        self._start = self._run_start = None
        self._floor = at_s
        self._levels.clear()
        return piece

    def _quietest(self, from_s: float) -> float:
        frames = [f for f in self._levels if f[0] >= from_s] or list(self._levels)
        width = max(1, round(self.settings.quiet_width_s / max(frames[0][1] - frames[0][0], 1e-3)))
        best, at = float("inf"), frames[-1][1]
        for i in range(max(1, len(frames) - width + 1)):
            window = frames[i : i + width]
            total = sum(f[2] for f in window) / len(window)
            if total <= best:  # the last of equals: the longer first part
                best, at = total, (window[0][0] + window[-1][1]) / 2
        return at

    def flush(self) -> tuple[Piece, ...]:
        """Ends what is going on: the sound stopped."""
        if self._start is None:
            return ()
        return (self._end(min(self._now, self._speech_end + self.settings.tail_s), Cut.FLUSH),)
