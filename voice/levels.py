"""Loudness of sound: RMS and peak in dBFS, clipping."""

from __future__ import annotations

import math

import numpy as np

from dictation.sound import BYTES_PER_S
from voice.seams import Level

#: dBFS given for digital silence
FLOOR_DB = -96.0
#: this many samples at full scale in a tenth of a second are clipping, fewer are a click
CLIPPED_SAMPLES = 4


def loudness(pcm: bytes) -> float:
    """Mean square of s16le samples, in 0..1."""
    samples = np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2").astype(np.float32)
    return float(np.mean(samples * samples)) / 32768.0**2 if len(samples) else 0.0


def decibels(power: float) -> float:
    """Mean square -> dBFS, never under ``FLOOR_DB``."""
    return max(FLOOR_DB, 10 * math.log10(power)) if power > 0 else FLOOR_DB


class LevelMeter:
    """One :class:`~voice.seams.Level` per tenth of a second."""

    def __init__(self, every_s: float = 0.1) -> None:
        self._bytes = int(BYTES_PER_S * every_s) // 2 * 2
        self._sound = bytearray()

    def push(self, pcm: bytes) -> Level | None:
        """The level of the last tenth of a second when one is complete, else ``None``."""
        self._sound += pcm
        if len(self._sound) < self._bytes:
            return None
        samples = np.frombuffer(bytes(self._sound[: len(self._sound) // 2 * 2]), "<i2").astype(np.float32)
        self._sound.clear()
        peak = float(np.abs(samples).max()) / 32768.0
        clipped = int((np.abs(samples) >= 32767).sum()) >= CLIPPED_SAMPLES
        return Level(decibels(float(np.mean(samples * samples)) / 32768.0**2), decibels(peak * peak), clipped)
