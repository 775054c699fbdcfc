"""Sound as it flows: 16 kHz, mono, signed 16-bit little-endian."""

from __future__ import annotations

from dataclasses import dataclass

RATE_HZ = 16_000
BYTES_PER_SAMPLE = 2
BYTES_PER_S = RATE_HZ * BYTES_PER_SAMPLE


@dataclass(frozen=True, slots=True)
class AudioFrame:
    """20 or 30 ms of sound."""

    #: s16le mono 16 kHz
    pcm: bytes
    #: seconds from the start of the recording
    start_s: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of speech between two pauses, pre-roll included."""

    #: s16le mono 16 kHz
    pcm: bytes
    start_s: float
    end_s: float
