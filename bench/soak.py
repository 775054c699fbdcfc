"""Half an hour of real capture: ``python -m bench.soak --minutes 30 [--sound FILE]``.

Sound is played into a PulseAudio null sink and recorded through sounddevice from its monitor. Printed: samples
counted against the clock (parts per million), whether each minute of what was played is there sample for sample,
overruns, and memory at the start and at the end.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path
from typing import Any

import numpy as np

from bench.sound_card import null_sink
from bench.stt import pcm_of

ROOT = Path(__file__).parents[1]
RATE = 16_000
#: a stretch of this length is looked for in the recording, once a minute, this far around where it should be
LOOK_S, AROUND_S = 1.0, 3.0


def resident_mb() -> float:
    """Memory of this process now, in MB (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return float("nan")


def record(raw: Path, wav: Path, report: Path) -> None:
    """In a process of its own: captures while ``wav`` is played, through the whole path but the recogniser."""
    from voice.fakes import ScriptedRecogniser
    from voice.listening import listen
    from voice.microphone import MicrophoneSource

    points: list[tuple[float, int, float]] = []
    began = time.monotonic()
    counted = 0
    with raw.open("wb", buffering=0) as kept:

        def sink(pcm: bytes) -> None:
            nonlocal counted
            kept.write(pcm)
            counted += len(pcm) // 2
            now = time.monotonic() - began
            if not points or now - points[-1][0] >= 1.0:
                points.append((now, counted, resident_mb()))

        source = MicrophoneSource("default", sink=sink)
        source.open()
        player = subprocess.Popen(["paplay", "--device=ci_mic", str(wav)])
        late: list[float] = []

        def done() -> bool:
            if player.poll() is not None and not late:
                late.append(time.monotonic())
            return bool(late) and time.monotonic() - late[0] > 1.0

        transcript = listen(source, ScriptedRecogniser([]), cancelled=done)
    report.write_text(
        json.dumps(
            {
                "points": points,
                "overruns": source.overruns,
                "played": player.returncode,
                "heard_s": transcript.duration_s,
                "processor_s": time.process_time(),
            }
        )
    )
    os._exit(0)


def offset_of(recorded: np.ndarray, part: np.ndarray) -> tuple[int, float]:
    """Where ``part`` starts in ``recorded`` (correlation) and the share of samples there that are the same."""
    size = 1 << (len(recorded) + len(part)).bit_length()
    found = np.fft.irfft(np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(part, size)), size)
    at = int(np.argmax(found[: max(1, len(recorded) - len(part))]))
    here = recorded[at : at + len(part)]
    return at, float(np.mean(np.abs(here - part[: len(here)]) <= 6))


def main(argv: list[str] | None = None) -> int:
    """Prints the table; 0 when nothing was lost."""
    parser = argparse.ArgumentParser(prog="bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--sound", type=Path, default=ROOT / "samples" / "consultation.flac")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--record", nargs=3, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.record:
        record(*options.record)
    n = int(options.minutes * 60 * RATE)
    pcm = b""
    for one in itertools.repeat(pcm_of(options.sound) + bytes(RATE)):
        pcm += one
        if len(pcm) >= n * 2:
            break
    # a little noise, another one everywhere: no two seconds are the same
    played = np.frombuffer(pcm[: n * 2], "<i2") // 2 + np.random.default_rng(7).integers(-300, 300, n).astype("<i2")
    with tempfile.TemporaryDirectory(prefix="calame-soak-") as name:
        folder = Path(name)
        wav, raw, told = folder / "played.wav", folder / "recorded.raw", folder / "report.json"
        with wave.open(str(wav), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(played.astype("<i2").tobytes())
        with null_sink(folder / "run") as env:
            subprocess.run(
                [sys.executable, "-m", "bench.soak", "--record", raw, wav, told],
                env={**env, "PYTHONPATH": str(ROOT)},
                check=True,
                timeout=options.minutes * 60 + 120,
            )
        report = json.loads(told.read_text())
        recorded = np.memmap(raw, "<i2", "r")
        row = _row(options.minutes, played, recorded, report)
    width = max(map(len, row))
    for key, value in row.items():
        print(f"{key:{width}}  {value}")
    if options.json:
        options.json.write_text(json.dumps(row, ensure_ascii=False, indent=1), "utf-8")
    return 0 if row["minutes whose sound is not there"] == 0 and row["overruns"] == 0 else 1


def _row(minutes: float, played: np.ndarray, recorded: Any, report: dict[str, Any]) -> dict[str, Any]:
    points = np.array([p for p in report["points"] if p[0] >= 5.0])
    slope = np.polyfit(points[:, 0], points[:, 1], 1)[0]
    first, _ = offset_of(recorded[: 20 * RATE].astype(float), played[RATE : 3 * RATE].astype(float))
    start = first - RATE
    lost: list[int] = []
    drift = []
    for minute in range(max(1, int(minutes))):
        at = minute * 60 * RATE + 10 * RATE
        part = played[at : at + int(LOOK_S * RATE)].astype(float)
        low = max(0, start + at - int(AROUND_S * RATE))
        here = recorded[low : start + at + int((LOOK_S + AROUND_S) * RATE)].astype(float)
        found, same = offset_of(here, part)
        drift.append(low + found - start - at)
        if same < 0.999:
            lost.append(minute)
    whole = np.asarray(recorded[max(0, start) : max(0, start) + len(played)]).astype(np.int32)
    same_all = np.mean(np.abs(whole - played[: len(whole)]) <= 6) * len(whole) / len(played)
    memory = [p[2] for p in report["points"]]
    return {
        "minutes played": minutes,
        "seconds counted in samples": round(len(recorded) / RATE, 2),
        "clock against samples, ppm": round((slope / RATE - 1) * 1e6, 1),
        "samples moved between first and last minute": drift[-1] - drift[0],
        "most samples moved in any minute": int(max(map(abs, drift))),
        "minutes whose sound is not there": len(lost),
        "samples identical to what was played, %": round(100 * float(same_all), 3),
        "overruns": report["overruns"],
        "memory after 10 s, MB": round(float(np.median(memory[5:15])), 1),
        "memory at the end, MB": round(memory[-1], 1),
        "processor, % of one core": round(100 * report["processor_s"] / (minutes * 60), 2),
    }


if __name__ == "__main__":
    raise SystemExit(main())
