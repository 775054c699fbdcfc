"""Lossless compression of 16 kHz mono PCM, in memory only. Thread-safe."""

from __future__ import annotations

import io

from dictation.sound import RATE_HZ

_BLOCK = 4096 * 2


def encode(pcm: bytes) -> bytes:
    """FLAC of s16le mono 16 kHz; ``pcm`` is not empty."""
    import av

    out = io.BytesIO()
    with av.open(out, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=RATE_HZ, layout="mono")
        stream.codec_context.format = "s16"
        for start in range(0, len(pcm), _BLOCK):
            piece = pcm[start : start + _BLOCK]
            frame = av.AudioFrame(format="s16", layout="mono", samples=len(piece) // 2)
            frame.sample_rate = RATE_HZ
            frame.pts = start // 2
            frame.planes[0].update(piece)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


def decode(data: bytes) -> bytes:
    """Back to the same PCM."""
    import av

    out = bytearray()
    with av.open(io.BytesIO(data), "r", format="flac") as container:
        for frame in container.decode(audio=0):
            out += bytes(frame.planes[0])[: frame.samples * 2]
    return bytes(out)
