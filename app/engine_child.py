"""The engine process: everything native that may crash lives here, away from the window.

Runs in a spawned process. Reads requests from a pipe, answers ``(job, report)``; dies with its parent
(the pipe closes) and never touches the store.
"""

from __future__ import annotations

import importlib
import itertools
import os
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from app.commands import Drafted, EngineFailed, HeardWords, LiveDraft, Transcribed
from app.engine_seam import (
    DecodeRequest,
    DraftRequest,
    Engines,
    EngineSpec,
    ListenRequest,
    MeasureRequest,
    Progress,
    Report,
    Sound,
    SoundEnds,
)
from dictation.errors import CalameError
from dictation.transcript import EngineInfo, Transcript, Word

#: (rank, order, work): what somebody waits for before what nobody does
Lane = queue.PriorityQueue[tuple[int, int, Callable[[], None]]]
#: the window comes first when both want the processor
NICENESS = 5
BEAT_S = 1.0


def build(spec: EngineSpec) -> Engines:
    """Calls the factory named by ``spec``."""
    module, _, name = spec.factory.partition(":")
    engines: Engines = getattr(importlib.import_module(module), name)(dict(spec.options))
    return engines


def main(pipe: Connection, spec: EngineSpec) -> None:
    """Serves ``pipe`` until it closes."""
    with suppress(OSError, AttributeError):
        os.nice(NICENESS)
    Child(pipe, build(spec)).serve()


class Child:
    """Each dictation is heard on a thread of its own, so that two doctors may speak at the same time; one lane drafts
    (what somebody waits for first), one reads files. ``send`` is guarded by a lock; reading is on the main thread."""

    def __init__(self, pipe: Connection, engines: Engines) -> None:
        self._pipe, self._engines = pipe, engines
        self._lock = threading.Lock()
        self._sound: dict[str, queue.SimpleQueue[bytes | None]] = {}
        self._cancelled: set[str] = set()
        self._numbers = itertools.count()
        self._write: Lane = queue.PriorityQueue()
        self._files: Lane = queue.PriorityQueue()
        self._writing = threading.Event()

    def serve(self) -> None:
        """Main loop; returns when the window is gone."""
        for lane in (self._write, self._files):
            threading.Thread(target=_work, args=(lane,), daemon=True).start()
        threading.Thread(target=self._beat, daemon=True).start()
        self._put(self._write, 0, "", lambda: self._tell("", self._engines.warm(self._teller(""))))
        while True:
            try:
                verb, job, payload = self._pipe.recv()
            except (EOFError, OSError):
                os._exit(0)  # native threads must not keep a process nobody listens to
            self._do(verb, job, payload)

    def _do(self, verb: str, job: str, payload: Any) -> None:
        match verb:
            case "listen":
                self._cancelled.discard(job)
                self._sound[job] = queue.SimpleQueue()
                threading.Thread(
                    target=self._guard, args=(job, lambda: self._listen(job, payload)), name="hearing", daemon=True
                ).start()
            case "sound" if job in self._sound:
                self._sound[job].put(payload)
            case "end" if job in self._sound:
                self._sound[job].put(None)
            case "cancel":
                self._cancelled.add(job)
                if job in self._sound:
                    self._sound[job].put(None)
            case "draft":
                self._cancelled.discard(job)
                if self._writing.is_set():
                    self._tell(job, Progress(None, "waiting"))
                self._put(self._write, 2 if payload.background else 1, job, lambda: self._draft(job, payload))
            case "measure":
                self._cancelled.discard(job)
                self._put(self._write, 2, job, lambda: self._measure(job, payload))
            case "decode":
                self._put(self._files, 1, job, lambda: self._decode(job, payload))

    def _put(self, lane: Lane, rank: int, job: str, work: Callable[[], None]) -> None:
        lane.put((rank, next(self._numbers), lambda: self._guard(job, work)))

    # -- jobs ----------------------------------------------------------------------------------

    def _listen(self, job: str, request: ListenRequest) -> None:
        live = _Live(self._engines, request, self._teller(job))

        def tell(report: Report) -> None:
            self._tell(job, report)
            if isinstance(report, HeardWords) and not request.background:
                live.more(report.words)

        try:
            transcript = self._engines.listen(request, self._pieces(job), tell, lambda: job in self._cancelled)
        finally:
            live.stop()
            self._sound.pop(job, None)
        if job not in self._cancelled:
            self._tell(job, Transcribed(transcript))

    def _draft(self, job: str, request: DraftRequest) -> None:
        if job in self._cancelled:
            return
        self._writing.set()
        try:
            if request.beyond:
                self._tell(job, self._engines.extend(request, self._teller(job)))
            else:
                self._tell(job, Drafted(self._engines.draft(request, self._teller(job), quick=False)))
        finally:
            self._writing.clear()

    def _measure(self, job: str, request: MeasureRequest) -> None:
        """On the drafting lane: nobody drafts meanwhile, so that the figure means something."""
        self._writing.set()
        try:
            self._tell(job, self._engines.measure(request, self._teller(job), lambda: job in self._cancelled))
        finally:
            self._writing.clear()

    def _decode(self, job: str, request: DecodeRequest) -> None:
        for pcm in self._engines.decode(request):
            if job in self._cancelled:
                return
            self._tell(job, Sound(pcm))
        self._tell(job, SoundEnds())

    def _pieces(self, job: str) -> Iterator[bytes]:
        pieces = self._sound[job]
        while (piece := pieces.get()) is not None:
            yield piece

    # -- talking back --------------------------------------------------------------------------

    def _guard(self, job: str, work: Callable[[], None]) -> None:
        try:
            work()
        except CalameError as error:
            self._tell(job, EngineFailed(error.code, error.message))
        except MemoryError:
            self._tell(
                job,
                EngineFailed(
                    "engine.memory",
                    "La mémoire de l'ordinateur est pleine : fermez d'autres "
                    "programmes ou choisissez un modèle plus petit, puis recommencez.",
                ),
            )
        except Exception as error:  # the type only: a message could hold dictated words
            self._tell(
                job,
                EngineFailed(
                    "engine.failed",
                    "Le moteur n'a pas pu terminer ce travail "
                    f"({type(error).__name__}). L'enregistrement est gardé : recommencez.",
                ),
            )

    def _teller(self, job: str) -> Callable[[Report], None]:
        return lambda report: self._tell(job, report)

    def _tell(self, job: str, report: Report) -> None:
        self._send((job, report))

    def _send(self, message: Any) -> None:
        with self._lock, suppress(OSError):
            self._pipe.send(message)

    def _beat(self) -> None:
        while True:
            self._send(None)
            threading.Event().wait(BEAT_S)


class _Live:
    """Drafts what was heard so far, on its own thread; only the newest state is worth drafting."""

    def __init__(self, engines: Engines, request: ListenRequest, tell: Callable[[Report], None]) -> None:
        self._engines, self._request, self._tell = engines, request, tell
        self._words: list[Word] = list(request.earlier)
        self._fresh = threading.Event()
        self._done = False
        threading.Thread(target=self._run, daemon=True).start()

    def more(self, words: tuple[Word, ...]) -> None:
        self._words.extend(words)
        self._fresh.set()

    def stop(self) -> None:
        self._done = True
        self._fresh.set()

    def _run(self) -> None:
        engine = EngineInfo("en cours", "en cours", "0")
        while True:
            self._fresh.wait()
            self._fresh.clear()
            if self._done:
                return
            words = tuple(self._words)
            transcript = Transcript(self._request.transcript_id, words, engine, duration_s=words[-1].end_s)
            request = DraftRequest(
                transcript, self._request.form_id, self._request.consultation, snippets=self._request.snippets
            )
            with suppress(CalameError, ValueError):  # what is only shown may fail in silence; the real draft may not
                self._tell(LiveDraft(self._engines.draft(request, self._tell, quick=True)))


def _work(lane: Lane) -> None:
    while True:
        lane.get()[2]()
