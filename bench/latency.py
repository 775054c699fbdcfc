"""Delays while somebody dictates: ``python -m bench.latency --set DIR --model FOLDER --vocabulary --minutes 2``.

Sound arrives in real time. Printed: end of speech to final text by length of utterance, each word spoken to its
first showing (partial or final), processor used, and the delay in the first and the last minute. The end of speech
is the end of the utterance's last word; how busy the machine was beside stands above the table.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench.stt import pcm_of, recordings
from dictation.sound import AudioFrame, Utterance
from dictation.transcript import EngineInfo, Transcript, Word
from voice.files import frames_of
from voice.seams import Hints, Partial, RecogniserSession, always


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
    """A recogniser that notes when each stretch of sound became text on the screen."""

    def __init__(self, inner: Any, clock: RealTime) -> None:
        self._inner, self._clock = inner, clock
        self._here = threading.local()  # the utterance that the lane of this callback works on
        #: (sound covered up to, shown at), partial or final
        self.shown: list[tuple[float, float]] = []
        #: (length of the utterance, end of its last word, final text at)
        self.finals: list[tuple[float, float, float]] = []
        #: when each word was spoken
        self.words: list[float] = []
        self.partials = 0

    @property
    def info(self) -> EngineInfo:
        info: EngineInfo = self._inner.info
        return info

    def open(self, hints: Hints) -> RecogniserSession:
        return _Session(self._here, self._inner.open(hints))

    def on_words(self, words: tuple[Word, ...]) -> None:
        now, heard = self._clock.now_s, self._here.utterance
        self.shown.append((heard.end_s, now))
        self.finals.append((heard.end_s - heard.start_s, words[-1].end_s, now))
        self.words += [w.end_s for w in words]

    def on_partial(self, partial: Partial) -> None:
        self.partials += 1
        self.shown.append((self._here.utterance.end_s, self._clock.now_s))


class _Session:
    def __init__(self, here: threading.local, inner: RecogniserSession) -> None:
        self._here, self._inner = here, inner

    @property
    def findings(self) -> Any:
        return self._inner.findings

    def accept(self, utterance: Utterance) -> tuple[Word, ...]:
        self._here.utterance = utterance
        return self._inner.accept(utterance)

    def prepare(self, utterance: Utterance, wanted: Callable[[], bool] = always) -> None:
        self._inner.prepare(utterance, wanted)

    def partial(self, utterance: Utterance) -> Partial:
        self._here.utterance = utterance
        return self._inner.partial(utterance)

    def finish(self, duration_s: float | None = None) -> Transcript:
        return self._inner.finish(duration_s)


#: measure -> lengths of utterance it counts, seconds (pre-roll and tail, 0.6 s, included)
BINS = {
    "end of speech → final text, all, s": (0.0, 99.0),
    "end of speech → final text, 2-10 s of speech, s": (2.6, 10.6),
    "… under 2 s of speech, s": (0.0, 2.6),
    "… 2-5 s of speech, s": (2.6, 5.6),
    "… 5-10 s of speech, s": (5.6, 10.6),
    "… over 10 s of speech, s": (10.6, 99.0),
}
PERCENTILES = ("p50", "p90", "p95", "max")
SHOWN = "spoken → first shown (partial or final), s"


def table(watched: Watched) -> list[dict[str, Any]]:
    """One row per measure that has figures."""
    lags = [(min(now - at for heard, now in watched.shown if heard >= at - 0.05)) for at in watched.words]
    columns = {name: [n - e for size, e, n in watched.finals if a <= size < b] for name, (a, b) in BINS.items()}
    rows = []
    for name, values in {**columns, SHOWN: lags}.items():
        if values:
            p = np.percentile(values, [50, 90, 95, 100]).tolist()
            rows.append({"measure": name, "n": len(values), **dict(zip(PERCENTILES, p, strict=True))})
    return rows


def strung(sounds: list[bytes], minutes: float) -> bytes:
    """Recordings one after the other, a second between them, again from the first until it is long enough."""
    pcm = bytearray()
    for one in itertools.cycle(sounds):
        pcm += one + bytes(32_000)
        if len(pcm) / 32_000 >= minutes * 60:
            break
    return bytes(pcm[: int(minutes * 60) * 32_000]) + bytes(64_000)


def main(argv: list[str] | None = None) -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="bench.latency", description=__doc__)
    parser.add_argument("--set", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", default="", help="part of a recording's name")
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
    pcm = strung([pcm_of(r[0]) for r in recordings(options.set) if options.only in r[0].name], options.minutes)
    source = RealTime(pcm)
    watched = Watched(recogniser, source)
    before, busy = time.process_time(), _busy_s()
    listen(source, watched, on_partial=watched.on_partial, on_words=watched.on_words)
    processor, busy = time.process_time() - before, _busy_s() - busy
    length_s = len(pcm) / 32_000

    print(
        f"{options.minutes:.0f} min, {len(watched.finals)} utterances, {options.threads} thread(s), "
        f"{'two passes' if options.vocabulary else 'one pass'}, {watched.partials} partials shown; "
        f"others used {100 * max(0.0, busy - processor) / length_s:.0f} % of one core meanwhile"
    )
    rows = table(watched)
    print("| measure | n | p50 | p90 | p95 | max |\n|---|---|---|---|---|---|")
    for row in rows:
        print(f"| {row['measure']} | {row['n']} | " + " | ".join(f"{row[k]:.2f}" for k in PERCENTILES) + " |")
    first = [now - s for _, s, now in watched.finals if s < 60]
    last = [now - s for _, s, now in watched.finals if s > options.minutes * 60 - 60]
    print(f"median delay in the first minute {np.median(first):.2f} s, in the last {np.median(last):.2f} s")
    print(f"processor: {100 * processor / length_s:.0f} % of one core (real-time factor on one)")
    if options.json:
        data = {
            "minutes": options.minutes,
            "utterances": len(watched.finals),
            "rows": rows,
            "first_minute_s": float(np.median(first)),
            "last_minute_s": float(np.median(last)),
            "processor_share_of_one_core": processor / length_s,
            "others_share_of_one_core": max(0.0, busy - processor) / length_s,
        }
        options.json.write_text(json.dumps(data, ensure_ascii=False, indent=1), "utf-8")
    return 0


def _busy_s() -> float:
    """Seconds that all cores of this machine have worked (Linux; 0 elsewhere)."""
    try:
        fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    except OSError:
        return 0.0
    user, nice, system, _idle, _wait, irq, soft, _steal = (int(f) for f in fields)
    return (user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    raise SystemExit(main())
