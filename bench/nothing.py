"""Words invented where nobody speaks: ``python -m bench.nothing --model FOLDER --minutes 6 [--sounds DIR]``.

Silence, room noise, breathing, a keyboard, hold music, mains hum with knocks: that many minutes of each, loud and
quiet. ``--sounds`` adds real recordings without speech, each as it is and 20 dB quieter; Debian has hold music
(``asterisk-moh-opsound-wav``) and desktop sounds (``sound-theme-freedesktop``).
"""

from __future__ import annotations

import argparse
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench.sounds import RATE, Samples, breath, clicks, keyboard, music, pink
from bench.stt import SOUNDS, pcm_of


def main(argv: list[str] | None = None) -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="bench.nothing", description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=6.0)
    parser.add_argument("--sounds", type=Path, help="a folder of real sounds without speech")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)

    from bench.stt import second_pass
    from voice import whisper

    recogniser = whisper.load(options.model, second_pass=second_pass(options.model.parent))
    print("| sound | minutes | words | utterances decoded | heard | RTF |\n|---|---|---|---|---|---|")
    rows = []
    for name, samples in sounds(options.minutes, options.sounds):
        row = hear(recogniser, name, samples)
        rows.append(row)
        print("| " + " | ".join(str(v) for v in row.values()) + " |", flush=True)
    minutes, words = sum(r["minutes"] for r in rows), sum(r["words"] for r in rows)
    print(f"{words} invented words in {minutes:.0f} minutes")
    if options.json:
        options.json.write_text(json.dumps({"minutes": minutes, "words": words, "rows": rows}, indent=1), "utf-8")
    return 0


def sounds(minutes: float, folder: Path | None) -> Iterator[tuple[str, Samples]]:
    """(name, samples -1..1); the made ones loud in their first half and quiet in the second."""
    n = max(RATE, int(minutes * 60 * RATE / 2))
    made = {
        "silence": np.zeros(n),
        "room noise": pink(n) * 0.01,
        "breathing": breath(n) * 2,
        "keyboard": keyboard(n),
        "hold music": music(n),
        "mains hum and knocks": 0.02 * np.sin(2 * np.pi * 50 * np.arange(n) / RATE) + clicks(n, 0.5, 9) * 2,
    }
    for name, samples in made.items():
        if minutes:
            yield name, np.concatenate([samples, samples * 0.2])
    for file in sorted(p for p in folder.rglob("*") if p.suffix in (*SOUNDS, ".oga")) if folder else ():
        samples = np.frombuffer(pcm_of(file), "<i2") / 32768
        for loud, gain in (("", 1.0), (", 20 dB quieter", 0.1)):
            yield file.stem + loud, samples * gain


def hear(recogniser: Any, name: str, samples: Samples) -> dict[str, Any]:
    """One row of the table."""
    from voice import listen
    from voice.files import PcmSource

    pcm = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    decoded: list[int] = []
    real = recogniser.decode

    def counted(*args: Any, **how: Any) -> Any:
        decoded.append(1)
        return real(*args, **how)

    recogniser.decode = counted
    started = time.perf_counter()
    try:
        transcript = listen(PcmSource(io.BytesIO(pcm)), recogniser)
    finally:
        recogniser.decode = real
    length_s = len(pcm) / 32_000
    return {
        "sound": name,
        "minutes": round(length_s / 60, 1),
        "words": len(transcript.words),
        "decoded": len(decoded),
        "heard": transcript.text[:60],
        "rtf": round((time.perf_counter() - started) / max(length_s, 0.1), 3),
    }


if __name__ == "__main__":
    raise SystemExit(main())
