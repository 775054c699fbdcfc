"""Endpointing, measured: ``python -m bench.detection --set DIR [--behind FILE …]``.

webrtcvad alone, Silero alone and the cascade on the same sound, clean and in noise. The truth is the energy
of the clean recording (gaps under 200 ms filled); noise is added after. ``--behind`` adds real sounds (other people
talking, hold music), repeated, 15 and 10 dB under the voice. Missed and false alarm are shares of
speech and of silence *after* the segmenter (what is cut out for the recogniser), with 0.35 s of pre-roll and
tail not counted as false alarm.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from bench.sounds import Samples, behind, noisy
from bench.stt import pcm_of, recordings
from voice.detect import CascadeDetector, SileroDetector, WebrtcDetector, to_float
from voice.files import FRAME_MS, frames_of
from voice.levels import loudness
from voice.seams import SpeechDetector
from voice.segmenter import Piece, Segmenter

STEP_S = FRAME_MS / 1000
PAUSE_BETWEEN_S = 1.5


def truth_of(pcm: bytes) -> Samples:
    """Speech or not per 20 ms of a clean recording."""
    samples = to_float(pcm)
    samples = samples[: len(samples) // 320 * 320].reshape(-1, 320)
    speech = np.sqrt((samples**2).mean(axis=1)) > 0.004
    edges = np.flatnonzero(np.diff(np.concatenate([[0], speech, [0]])))
    for off, on in zip(edges[1:-1:2], edges[2::2], strict=False):
        if (on - off) * STEP_S < 0.2:
            speech[off:on] = True
    return np.asarray(speech)


def pieces_of(detector: SpeechDetector, pcm: bytes) -> tuple[list[Piece], float]:
    """Utterances and the seconds of processor the detector took."""
    segmenter, took = Segmenter(), 0.0
    pieces: list[Piece] = []
    for frame in frames_of([pcm]):
        started = time.process_time()
        speech = detector.is_speech(frame)
        took += time.process_time() - started
        pieces += segmenter.push(frame.start_s, frame.start_s + STEP_S, speech, loudness(frame.pcm))
    return [*pieces, *segmenter.flush()], took


def main(argv: list[str] | None = None) -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="bench.detection", description=__doc__)
    parser.add_argument("--set", type=Path, required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--behind", type=Path, nargs="*", default=(), help="sounds to mix in")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    pause = bytes(int(PAUSE_BETWEEN_S * 32_000))
    clean = pause.join(pcm_of(r[0]) for r in recordings(options.set) if options.only in r[0].name) + pause
    truth = truth_of(clean)
    near = np.convolve(truth, np.ones(35), "same") > 0  # 0.35 s of pre-roll and tail on each side
    edges = np.diff(np.concatenate([[0], truth, [0]]))
    gaps = np.flatnonzero(edges[1:] == 1)[1:] - np.flatnonzero(edges == -1)[: int((edges == 1).sum()) - 1]
    said = 1 + int((gaps * STEP_S >= 0.5).sum())
    print(f"{len(clean) / 32_000:.0f} s, {said} stretches of speech between pauses of 0.5 s or more")
    print("| sound | detector | missed % | false alarm % | utterances | longest s | ms per s of sound |")
    print("|---|---|---|---|---|---|---|")
    rows = []
    for kind, pcm in sounds(clean, options.behind):
        for name, make in (("webrtcvad", WebrtcDetector), ("Silero", SileroDetector), ("cascade", CascadeDetector)):
            pieces, took = pieces_of(make(), pcm)
            heard = np.zeros(len(truth), bool)
            for p in pieces:
                heard[int(p.start_s / STEP_S) : int(p.end_s / STEP_S)] = True
            missed = 100 * (truth & ~heard).sum() / truth.sum()
            false = 100 * (heard & ~near).sum() / max(1, (~near).sum())
            longest = max((p.end_s - p.start_s for p in pieces), default=0.0)
            row = {
                "sound": kind,
                "detector": name,
                "missed": round(missed, 1),
                "false": round(false, 1),
                "utterances": len(pieces),
                "longest_s": round(longest, 1),
                "ms_per_s": round(1000 * took / (len(pcm) / 32_000), 2),
            }
            rows.append(row)
            print("| " + " | ".join(str(v) for v in row.values()) + " |", flush=True)
    if options.json:
        options.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
    return 0


def sounds(clean: bytes, files: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """(name, sound with noise)."""
    for kind in ("clean", "pink20", "pink10", "clicks", "babble10"):
        yield kind, noisy(clean, kind)
    for file in files:
        noise = pcm_of(file)
        for db in (15, 10):
            yield f"{file.stem} {db} dB", behind(clean, noise, db)


if __name__ == "__main__":
    raise SystemExit(main())
