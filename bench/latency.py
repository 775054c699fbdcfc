"""Delays while somebody dictates: ``python -m bench.latency --set DIR --model FOLDER --minutes 2``.

Sound arrives in real time. Printed: end of speech to final text, speech to first text on the screen (partial
or final), processor used, and the delay in the first and the last minute.
"""

from __future__ import annotations

import argparse
import itertools
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench.stt import pcm_of, recordings
from dictation.sound import AudioFrame, Utterance
from dictation.transcript import EngineInfo, Transcript, Word
from voice.files import frames_of
from voice.seams import Hints, Partial, RecogniserSession


class RealTime:
    """Frames when their time has come."""

    live = True

    def __init__(self, pcm: bytes) -> None:
        self._pcm = pcm
        self.began = 0.0

    def frames(self) -> Iterator[AudioFrame]:
        self.began = time.perf_counter()
        for frame in frames_of([self._pcm]):
            wait = self.began + frame.start_s + 0.02 - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            yield frame

    @property
    def now_s(self) -> float:
        """Seconds of sound that have been spoken by now."""
        return time.perf_counter() - self.began


class Watched:
    """A recogniser whose sessions note when each stretch of sound became text."""

    def __init__(self, inner: Any, clock: RealTime) -> None:
        self._inner, self._clock = inner, clock
        #: (sound heard up to, shown at), partial or final
        self.shown: list[tuple[float, float]] = []
        #: (length, speech ended at, final text at)
        self.finals: list[tuple[float, float, float]] = []

    @property
    def info(self) -> EngineInfo:
        info: EngineInfo = self._inner.info
        return info

    def open(self, hints: Hints) -> RecogniserSession:
        return _Session(self, self._inner.open(hints))


class _Session:
    def __init__(self, owner: Watched, inner: RecogniserSession) -> None:
        self._owner, self._inner = owner, inner

    @property
    def findings(self) -> Any:
        return self._inner.findings

    def accept(self, utterance: Utterance) -> tuple[Word, ...]:
        words = self._inner.accept(utterance)
        now = self._owner._clock.now_s
        self._owner.shown.append((utterance.end_s, now))
        if words:
            self._owner.finals.append((utterance.end_s - utterance.start_s, words[-1].end_s, now))
        return words

    def prepare(self, utterance: Utterance) -> None:
        self._inner.prepare(utterance)

    def partial(self, utterance: Utterance) -> Partial:
        partial = self._inner.partial(utterance)
        self._owner.shown.append((utterance.end_s, self._owner._clock.now_s))
        return partial

    def finish(self, duration_s: float | None = None) -> Transcript:
        return self._inner.finish(duration_s)


def main(argv: list[str] | None = None) -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="bench.latency", description=__doc__)
    parser.add_argument("--set", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--vocabulary", action="store_true", help="with the second pass")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)

    from bench.stt import second_pass
    from voice import listen, whisper

    recogniser = whisper.load(
        options.model,
        threads=options.threads,
        second_pass=second_pass(options.model.parent) if options.vocabulary else None,
    )
    sounds = [pcm_of(r[0]) for r in recordings(options.set)]
    pcm = b""
    for one in itertools.cycle(sounds):
        pcm += one + bytes(32_000)
        if len(pcm) / 32_000 >= options.minutes * 60:
            break
    pcm = pcm[: int(options.minutes * 60) * 32_000] + bytes(64_000)
    source = RealTime(pcm)
    watched = Watched(recogniser, source)
    processor = time.process_time()
    listen(source, watched, on_partial=lambda p: None, on_words=lambda w: None)
    processor = time.process_time() - processor

    after = np.array([now - spoken for _, spoken, now in watched.finals])
    short = np.array([now - spoken for length, spoken, now in watched.finals if 2 <= length <= 10.6])
    print(f"{options.minutes:.0f} min, {len(after)} utterances, {options.threads} thread(s)")
    print("| measure | p50 | p90 | p95 | max |\n|---|---|---|---|---|")
    rows = []
    for name, values in (
        ("end of speech → final text, all, s", after),
        ("end of speech → final text, 2-10 s of speech, s", short),
        ("spoken → first shown (partial or final), s", _shown_lag(watched)),
    ):
        p = np.percentile(values, [50, 90, 95, 100])
        rows.append({"measure": name, **dict(zip(("p50", "p90", "p95", "max"), map(float, p), strict=True))})
        print(f"| {name} | " + " | ".join(f"{x:.2f}" for x in p) + " |")
    first = [now - s for _, s, now in watched.finals if s < 60]
    last = [now - s for _, s, now in watched.finals if s > options.minutes * 60 - 60]
    print(f"median delay in the first minute {np.median(first):.2f} s, in the last {np.median(last):.2f} s")
    print(f"processor: {100 * processor / (len(pcm) / 32_000):.0f} % of one core (real-time factor on one)")
    if options.json:
        data = {"minutes": options.minutes, "utterances": len(after), "rows": rows}
        options.json.write_text(json.dumps(data, ensure_ascii=False, indent=1), "utf-8")
    return 0


def _shown_lag(watched: Watched) -> np.ndarray[Any, Any]:
    """For each tenth of a second of speech, how long until text covering it was shown."""
    lags = []
    for length, ended, _ in watched.finals:
        for at in np.arange(max(0.0, ended - length + 0.4), ended, 0.1):
            lags.append(min(now - at for heard, now in watched.shown if heard >= at))
    return np.array(lags)


if __name__ == "__main__":
    raise SystemExit(main())
