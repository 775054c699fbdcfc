"""From what a device gives to what the recogniser takes: 16 kHz mono."""

from __future__ import annotations

from typing import Any

import numpy as np

from dictation.sound import RATE_HZ


class Converter:
    """Interleaved s16le at ``rate`` -> mono s16le at 16 kHz, state kept from block to block."""

    def __init__(self, rate: int, channels: int) -> None:
        self._channels = channels
        self._plain = rate == RATE_HZ and channels == 1
        self._resampler: Any = None
        if rate != RATE_HZ:
            import soxr

            self._resampler = soxr.ResampleStream(rate, RATE_HZ, 1, dtype="float32")

    def push(self, block: bytes, *, last: bool = False) -> bytes:
        """``last`` gives back what the filter still holds (up to 80 ms)."""
        if self._plain:
            return block
        samples = np.frombuffer(block, "<i2").astype(np.float32).reshape(-1, self._channels).mean(axis=1) / 32768.0
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(np.ascontiguousarray(samples, np.float32), last=last)
        return bytes((np.clip(samples, -1.0, 32767 / 32768) * 32768.0).round().astype("<i2").tobytes())
