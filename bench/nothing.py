"""Words invented where nobody speaks: ``python -m bench.nothing --model FOLDER --minutes 6``.

Silence, room noise, breathing, a keyboard, hold music, mains hum with knocks: that many minutes of each,
loud and quiet.
"""

from __future__ import annotations

import argparse
import io
import time
from pathlib import Path

import numpy as np

from bench.sounds import RATE, breath, clicks, keyboard, music, pink


def main(argv: list[str] | None = None) -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="bench.nothing", description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=6.0)
    options = parser.parse_args(argv)

    from voice import listen, whisper
    from voice.files import PcmSource

    recogniser = whisper.load(options.model)
    n = int(options.minutes * 60 * RATE / 2)
    hum = 0.02 * np.sin(2 * np.pi * 50 * np.arange(n) / RATE) + clicks(n, 0.5, 9) * 2
    kinds = {
        "silence": np.zeros(n),
        "room noise": pink(n) * 0.01,
        "breathing": breath(n) * 2,
        "keyboard": keyboard(n),
        "hold music": music(n),
        "mains hum and knocks": hum,
    }
    print("| sound | minutes | words | utterances decoded | heard | RTF |\n|---|---|---|---|---|---|")
    total = 0
    for name, made in kinds.items():
        both = np.concatenate([made, made * 0.2])
        pcm = (np.clip(both, -1, 1) * 32767).astype("<i2").tobytes()
        decoded: list[int] = []
        real = recogniser.speech_mask

        def counted(utterance: object, real: object = real, decoded: list[int] = decoded) -> object:
            decoded.append(1)
            return real(utterance)  # type: ignore[operator]

        recogniser.speech_mask = counted  # type: ignore[method-assign, assignment]
        started = time.perf_counter()
        transcript = listen(PcmSource(io.BytesIO(pcm)), recogniser)
        took = time.perf_counter() - started
        recogniser.speech_mask = real  # type: ignore[method-assign]
        total += len(transcript.words)
        print(
            f"| {name} | {len(pcm) / 32_000 / 60:.0f} | {len(transcript.words)} | {len(decoded)} "
            f"| {transcript.text[:60]} | {took / (len(pcm) / 32_000):.3f} |",
            flush=True,
        )
    print(f"{total} invented words")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
