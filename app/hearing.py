"""From a recording to a transcript, with progress on stderr."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from app.output import tell
from app.strings import say
from app.wiring import Choice, recogniser
from dictation.evidence import Finding
from dictation.transcript import Transcript, Word
from voice.seams import AudioSource, Hints, Partial


@contextmanager
def stoppable() -> Iterator[threading.Event]:
    """First Ctrl+C sets the event (what is said so far is kept), the second one interrupts."""
    event = threading.Event()

    def handler(number: int, frame: object) -> None:
        if event.is_set():
            raise KeyboardInterrupt
        event.set()

    if threading.current_thread() is not threading.main_thread():
        yield event
        return
    before = signal.signal(signal.SIGINT, handler)
    try:
        yield event
    finally:
        signal.signal(signal.SIGINT, before)


def hear(
    source: AudioSource,
    wanted: Choice,
    *,
    transcript_id: str,
    hints: Hints | None = None,
    live: bool = False,
    until_end_command: bool = False,
) -> tuple[Transcript, tuple[Finding, ...]]:
    """Listens to the end; ``live`` shows partial text, else a progress line every few seconds.

    Raises what :func:`voice.listen` raises and :class:`~dictation.errors.ModelError`.
    """
    from voice import listen

    engine = recogniser(wanted.speech)
    findings: list[Finding] = []
    last = [0.0]

    def progress(done_s: float, total_s: float | None) -> None:
        now = time.monotonic()
        if total_s and not live and now - last[0] >= 2:
            last[0] = now
            tell(say("listening", percent=round(100 * done_s / total_s), duration=f"{total_s:.0f}\u00a0s"))

    with stoppable() as stop:

        def words(final: tuple[Word, ...]) -> None:
            text = " ".join(w.text for w in final)
            if live:
                print(f"\r\033[K{text}" if sys.stderr.isatty() else text, file=sys.stderr, flush=True)
            if until_end_command and "fin de dictée" in text.lower():
                stop.set()

        def partial(p: Partial) -> None:
            if sys.stderr.isatty():
                print(f"\r\033[K\033[2m{(p.stable + ' ' + p.unstable).strip()[-100:]}\033[0m", end="", file=sys.stderr)

        transcript = listen(
            source,
            engine,
            hints or Hints(),
            on_words=words,
            on_partial=partial if live else None,
            on_progress=progress,
            on_findings=findings.extend,
            cancelled=stop.is_set,
            transcript_id=transcript_id,
        )
    if not transcript.words:
        tell(say("nothing_heard"))
    return replace(transcript, id=transcript_id), tuple(findings)
