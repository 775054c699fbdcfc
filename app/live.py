"""Loudness for the meter: one figure per tenth of a second, nothing else of the sound."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass

from dictation.sound import BYTES_PER_S

#: the meter's bottom; speech at a normal distance sits between -35 and -12 dBFS
FLOOR_DB = -60.0
_STEP = BYTES_PER_S // 10


@dataclass(frozen=True, slots=True)
class Loudness:
    """``level`` 0..1 on the meter, ``clipped`` when the microphone saturates."""

    level: float
    clipped: bool


class Meter:
    """Accumulates pieces; gives a :class:`Loudness` each tenth of a second."""

    def __init__(self) -> None:
        self._sound = bytearray()

    def push(self, pcm: bytes) -> Loudness | None:
        """The loudness of the last tenth of a second once it is complete."""
        self._sound += pcm
        if len(self._sound) < _STEP:
            return None
        samples = array("h", bytes(self._sound[: len(self._sound) // 2 * 2]))
        self._sound.clear()
        power = sum(s * s for s in samples[::4]) / max(1, len(samples[::4])) / 32768.0**2
        decibels = 10 * math.log10(power) if power > 0 else FLOOR_DB
        level = min(1.0, max(0.0, (decibels - FLOOR_DB) / -FLOOR_DB))
        return Loudness(level, sum(1 for s in samples if s >= 32767 or s <= -32768) >= 4)
