"""The engines seen from the window: a process that may die, its supervisor, and no word lost between.

Sound of a running dictation is kept on this side until its transcript is there. When the process dies,
a new one is started and every unfinished job is given again; a dictation goes on after its last final word.
"""

from __future__ import annotations

import multiprocessing
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from app import engine_child
from app.commands import Added, Drafted, EngineDown, EngineFailed, EngineUp, HeardWords, Transcribed
from app.engine_seam import (
    DecodeRequest,
    DraftRequest,
    EngineSpec,
    HeardFindings,
    ListenRequest,
    Measured,
    MeasureRequest,
    Ready,
    Report,
    SoundEnds,
)
from dictation.evidence import Finding
from dictation.sound import BYTES_PER_S
from dictation.transcript import Span, Word

#: no sign of life for this long: the process is stuck and is ended (a model takes seconds to load, but the
#: heart beats on its own thread)
SILENT_S = 30.0
#: so many deaths within a minute mean it will not get better by itself
MAX_DEATHS = 5
#: sound is given again from a little before the end of the last final word
_PIECE = BYTES_PER_S // 10

Listener = Callable[[str, Report | EngineDown | EngineUp], None]


@dataclass
class _Job:
    verb: str
    request: Any
    #: sound still owed to the engine if it dies, from ``kept_from_s``
    sound: bytearray = field(default_factory=bytearray)
    kept_from_s: float = 0.0
    words: list[Word] = field(default_factory=list)
    #: how many of them the process now running was told as « earlier »
    carried: int = 0
    ended: bool = False


class EngineSupervisor:
    """Starts, feeds, watches and restarts the engine process.

    Thread-safe. ``listener`` is called on a thread of its own with (job id, report); :class:`EngineDown`
    and :class:`EngineUp` come with an empty job id.
    """

    def __init__(self, spec: EngineSpec, listener: Listener, *, silent_s: float = SILENT_S) -> None:
        self._spec, self._listener, self._silent_s = spec, listener, silent_s
        self._lock = threading.RLock()
        self._jobs: dict[str, _Job] = {}
        self._deaths: list[float] = []
        self._process: BaseProcess | None = None
        self._outbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._closing = False
        self._seen = time.monotonic()
        self.ready: Ready | None = None

    # -- life ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Starts the process; returns at once, models load in the background."""
        with self._lock:
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            self._outbox = queue.SimpleQueue()
            self._process = context.Process(
                target=engine_child.main, args=(theirs, self._spec), name="calame-moteur", daemon=True
            )
            self._process.start()
            theirs.close()
            self._seen = time.monotonic()
            threading.Thread(target=_feed, args=(ours, self._outbox), daemon=True).start()
            threading.Thread(target=self._read, args=(ours, self._process), daemon=True).start()
            for job_id, job in self._jobs.items():
                self._give(job_id, job)

    def stop(self) -> None:
        """Ends the process; unfinished jobs are forgotten here (``records`` knows them)."""
        with self._lock:
            self._closing = True
            process = self._process
        self._outbox.put(None)
        if process is not None:
            process.join(0.5)
            if process.is_alive():
                process.kill()
                process.join(5)

    @property
    def pid(self) -> int | None:
        """Of the process now running."""
        return self._process.pid if self._process is not None else None

    @property
    def alive(self) -> bool:
        """True while the process runs."""
        return self._process is not None and self._process.is_alive()

    # -- jobs ----------------------------------------------------------------------------------

    def listen(self, job_id: str, request: ListenRequest) -> None:
        """Opens a dictation; give its sound with :meth:`sound`, close it with :meth:`end`."""
        earlier = list(request.earlier)
        job = _Job("listen", request, kept_from_s=request.offset_s, words=earlier, carried=len(earlier))
        with self._lock:
            self._jobs[job_id] = job
            self._outbox.put(("listen", job_id, request))

    def sound(self, job_id: str, pcm: bytes) -> None:
        """Never blocks: sound waits in memory while the process is away."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is not None and not job.ended:
                job.sound += pcm
                self._outbox.put(("sound", job_id, pcm))

    def end(self, job_id: str) -> None:
        """No more sound: :class:`~app.commands.Transcribed` follows."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is not None:
                job.ended = True
                self._outbox.put(("end", job_id, None))

    def draft(self, job_id: str, request: DraftRequest) -> None:
        """:class:`~app.commands.Drafted` follows (:class:`~app.commands.Added` for words beyond a document that is
        there), or :class:`~app.commands.EngineFailed`."""
        self._begin("draft", job_id, request)

    def decode(self, job_id: str, request: DecodeRequest) -> None:
        """:class:`~app.engine_seam.Sound` in pieces, then :class:`~app.engine_seam.SoundEnds`."""
        self._begin("decode", job_id, request)

    def measure(self, job_id: str, request: MeasureRequest) -> None:
        """:class:`~app.engine_seam.Measured` follows; :meth:`stop_measuring` ends it early."""
        self._begin("measure", job_id, request)

    def stop_measuring(self, job_id: str) -> None:
        """The process stops at the next sentence and says so."""
        self._outbox.put(("cancel", job_id, None))

    def cancel(self, job_id: str) -> None:
        """Forgets the job; reports already under way may still arrive."""
        with self._lock:
            if self._jobs.pop(job_id, None) is not None:
                self._outbox.put(("cancel", job_id, None))

    def _begin(self, verb: str, job_id: str, request: Any) -> None:
        with self._lock:
            self._jobs[job_id] = _Job(verb, request)
            self._outbox.put((verb, job_id, request))

    def _give(self, job_id: str, job: _Job) -> None:
        """Gives a job to a fresh process, with the sound it still owes words for."""
        if job.verb != "listen":
            self._outbox.put((job.verb, job_id, job.request))
            return
        job.carried = len(job.words)
        request: ListenRequest = replace(job.request, offset_s=job.kept_from_s, earlier=tuple(job.words))
        self._outbox.put(("listen", job_id, request))
        for at in range(0, len(job.sound), _PIECE):
            self._outbox.put(("sound", job_id, bytes(job.sound[at : at + _PIECE])))
        if job.ended:
            self._outbox.put(("end", job_id, None))

    # -- reports -------------------------------------------------------------------------------

    def _read(self, pipe: Connection, process: BaseProcess) -> None:
        while True:
            try:
                if not pipe.poll(1.0):
                    if time.monotonic() - self._seen > self._silent_s:
                        process.kill()  # its pipe closes: the death is seen below
                    continue
                message = pipe.recv()
            except (EOFError, OSError):
                break
            self._seen = time.monotonic()
            if message is not None:
                self._told(*message)
        process.join(5)
        self._died()

    def _told(self, job_id: str, report: Report) -> None:
        # who listens may be asking for something at this moment, with a lock of its own: never called under ours
        if isinstance(report, Ready):
            self.ready = report
            self._listener("", EngineUp())
        if job_id == "" and isinstance(report, EngineFailed):
            self._listener("", report)
            return
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None:
                return
            if isinstance(report, HeardWords) and report.words:
                self._settle(job, report.words)
            if isinstance(report, HeardFindings):
                report = HeardFindings(tuple(_moved(f, job.carried) for f in report.findings))
            if isinstance(report, Transcribed):
                words = (*job.words[: job.carried], *report.transcript.words)
                report = Transcribed(replace(report.transcript, words=words))
            if isinstance(report, Transcribed | Drafted | Added | EngineFailed | SoundEnds | Measured):
                del self._jobs[job_id]
        self._listener(job_id, report)

    def _settle(self, job: _Job, words: tuple[Word, ...]) -> None:
        """These words are final: the sound before their end is no longer owed."""
        job.words.extend(words)
        done = int((words[-1].end_s - job.kept_from_s) * BYTES_PER_S) // 2 * 2
        if 0 < done <= len(job.sound):
            del job.sound[:done]
            job.kept_from_s += done / BYTES_PER_S

    def _died(self) -> None:
        with self._lock:
            if self._closing:
                return
            now = time.monotonic()
            self._deaths = [t for t in self._deaths if now - t < 60] + [now]
            hopeless = len(self._deaths) > MAX_DEATHS
            jobs = list(self._jobs)
            if hopeless:
                self._jobs.clear()
            self.ready = None
        self._listener("", EngineDown())
        if hopeless:
            failure = EngineFailed(
                "engine.hopeless",
                "Le moteur s'arrête sans cesse. L'enregistrement est gardé : vérifiez les modèles dans les réglages.",
            )
            for job_id in jobs or [""]:
                self._listener(job_id, failure)
            return
        with suppress(OSError):
            self.start()


def _moved(finding: Finding, by: int) -> Finding:
    span = finding.span
    return replace(finding, span=Span(span.first + by, span.last + by)) if span and by else finding


def _feed(pipe: Connection, outbox: queue.SimpleQueue[Any]) -> None:
    """Writes to the process so that nobody else waits for it."""
    while (message := outbox.get()) is not None:
        try:
            pipe.send(message)
        except (OSError, ValueError):
            return
    with suppress(OSError):
        pipe.close()
