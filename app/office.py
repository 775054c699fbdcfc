"""One practice, one process: the open store, the engines, and a desk for each person at work.

The composition root (``app.wiring``) fills :class:`Parts`; screens see desks only.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

import records
from app.capture import Frames
from app.commands import Drafted, EngineDown, EngineFailed, EngineUp, Transcribed
from app.desk.base import SNIPPETS
from app.engine import EngineSupervisor
from app.engine_seam import DraftRequest, EngineSpec, ListenRequest, Report
from dictation.consultation import Consultation
from dictation.draft import Document
from dictation.errors import CalameError, StorageError
from dictation.form import Form
from dictation.review import Review, SignedDraft
from dictation.sound import BYTES_PER_S
from records import SYSTEM, Actor, JobKind, Lease, Role, Store
from records.sessions import IDLE_S


class Renderer(Protocol):
    """Documents out (``templates``)."""

    def signed(self, signed: SignedDraft, form: Form, consultation: Consultation, by: str) -> tuple[Document, ...]:
        """The final .docx, and .pdf where it can be made; ``by`` is the doctor's name."""
        ...

    def draft(self, review: Review, form: Form, consultation: Consultation) -> Document:
        """A .docx that says « BROUILLON »."""
        ...

    def text(self, review: Review, form: Form, consultation: Consultation) -> str:
        """The document as plain text."""
        ...

    def pages(self, document: Document, *, width_px: int = 1000) -> tuple[bytes, ...]:
        """PNG pages of a document, of that width; empty where this machine cannot make them."""
        ...


@dataclass(frozen=True, slots=True)
class Device:
    """A microphone of this machine."""

    name: str
    title: str
    default: bool = False


class Microphones(Protocol):
    """Sound in, on this machine."""

    def devices(self) -> Sequence[Device]:
        """Present now; empty when there is none."""
        ...

    def open(self, name: str | None) -> Frames:
        """The microphone ``name``, the default one when ``None``."""
        ...

    def stand_by(self, name: str | None) -> None:
        """``name`` is likely to be used soon: its last second is kept in memory. Never raises, never waits."""
        ...

    def let_go(self) -> None:
        """Nobody is there any more: no microphone stays open."""
        ...


@dataclass(frozen=True)
class Parts:
    """What an office is made of."""

    folder: Path
    engines: EngineSpec
    forms: Sequence[Form]
    renderer: Renderer
    microphones: Microphones
    keyring: Any = None
    ports: records.Ports = field(default_factory=records.Ports)
    idle_s: float = IDLE_S
    #: kind of document named by the first words, ``None`` when none is
    spoken_kind: Callable[[str], str | None] = lambda text: None
    #: models with sizes and licences, for the settings and the transparency page
    models: Callable[[], Sequence[dict[str, str]]] = tuple
    #: measured figures for the transparency page, as printed by ``bench``
    figures: Callable[[], Sequence[dict[str, str]]] = tuple
    #: speeds known on this machine, of the models: name, task, factor, measured, keeps_up
    speeds: Callable[[], Sequence[dict[str, Any]]] = tuple
    #: whether (heard, wanted) may join the vocabulary, and joining it; true when it did
    learnable: Callable[[str, str], bool] = lambda heard, wanted: False
    learn: Callable[[str, str], bool] = lambda heard, wanted: False
    #: a recording shipped with Calame for the guided dictation: (title, file bytes, text as spoken)
    sample: Callable[[], tuple[str, bytes, str] | None] = lambda: None
    #: import of recipients: bytes of a CSV or vCard file to rows
    import_recipients: Callable[[str, bytes], Sequence[dict[str, str]]] | None = None


class Door(Enum):
    """What the sign-in page must ask."""

    NEW = "new"
    CLOSED = "closed"
    OPEN = "open"


class Office:
    """Thread-safe."""

    def __init__(self, parts: Parts) -> None:
        from app.desk import Desk

        self.parts = parts
        self._forms = {form.id: form for form in parts.forms}
        self._lock = threading.RLock()
        self._store: Store | None = None
        self._desks: dict[str, Desk] = {}
        self._make_desk = Desk
        self._owners: dict[str, Callable[[str, Report], None]] = {}
        self._watchers: list[Callable[[], None]] = []
        self._speaking: set[str] = set()
        self.engine = EngineSupervisor(parts.engines, self._report)
        self.engine_down = False
        self.clerk: Clerk | None = None
        if records.exists(parts.folder) and parts.keyring is not None:
            with suppress(CalameError):
                self._opened(records.open(parts.folder, keyring=parts.keyring, ports=parts.ports, idle_s=parts.idle_s))

    # -- the door ------------------------------------------------------------------------------

    @property
    def door(self) -> Door:
        """Whether there is a store, and whether it is open."""
        if self._store is not None:
            return Door.OPEN if self._store.accounts.list() else Door.NEW
        return Door.CLOSED if records.exists(self.parts.folder) else Door.NEW

    @property
    def needs_passphrase(self) -> bool:
        """True where no keyring can hold the store's key."""
        return self.parts.keyring is None

    @property
    def store(self) -> Store:
        """The open store; raises :class:`~dictation.errors.StorageError` while it is closed."""
        if self._store is None:
            raise StorageError("store.locked_away", "Ouvrez d'abord Calame avec la phrase secrète du cabinet.")
        return self._store

    def set_up(self, *, name: str, login: str, password: str, passphrase: str | None) -> str:
        """First run: store and first doctor; returns the recovery code, to be shown once."""
        with self._lock:
            code = ""
            if self._store is None:
                store, code = records.create(
                    self.parts.folder,
                    passphrase=passphrase or None,
                    keyring=self.parts.keyring,
                    ports=self.parts.ports,
                    idle_s=self.parts.idle_s,
                )
                self._opened(store)
            self.store.accounts.create(login, password, [Role.DOCTOR], name=name)
            return code

    def open(self, *, passphrase: str | None = None, recovery_code: str | None = None) -> None:
        """Opens the store that waits behind a passphrase."""
        with self._lock:
            if self._store is None:
                self._opened(
                    records.open(
                        self.parts.folder,
                        passphrase=passphrase,
                        recovery_code=recovery_code,
                        keyring=self.parts.keyring,
                        ports=self.parts.ports,
                        idle_s=self.parts.idle_s,
                    )
                )

    def _opened(self, store: Store) -> None:
        self._store = store
        self.clerk = Clerk(self)
        self.clerk.start()

    def start(self) -> None:
        """Starts the engines."""
        self.engine.start()

    def close(self) -> None:
        """Ends everything; running recordings are kept and resumable."""
        for desk in list(self._desks.values()):
            desk.leave()
        if self.clerk is not None:
            self.clerk.stop()
        self.engine.stop()
        if self._store is not None:
            self._store.close()

    # -- people --------------------------------------------------------------------------------

    def desk(self, actor: Actor) -> Any:
        """The desk of a person: one for all windows of one sign-in."""
        with self._lock:
            desk = self._desks.get(actor.session)
            if desk is None:
                desk = self._desks[actor.session] = self._make_desk(self, actor)
            return desk

    def is_locked(self, actor: Actor) -> bool:
        """True when the person must give the password again."""
        return self._store is None or self._store.accounts.is_locked(actor)

    def touch(self, actor: Actor) -> None:
        """A gesture."""
        self.store.accounts.touch(actor)

    def form(self, form_id: str) -> Form | None:
        """A kind of document."""
        return self._forms.get(form_id)

    # -- everybody looks at the same worklist -----------------------------------------------------

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """``changed`` is called (any thread) when the worklist may look different; returns how to stop."""
        self._watchers.append(changed)

        def stop() -> None:
            with suppress(ValueError):
                self._watchers.remove(changed)

        return stop

    def changed(self) -> None:
        """Something on the worklist moved."""
        for watcher in list(self._watchers):
            watcher()

    # -- engines -------------------------------------------------------------------------------

    def own(self, job_id: str, listener: Callable[[str, Report], None]) -> None:
        """Reports of ``job_id`` go to ``listener``."""
        self._owners[job_id] = listener

    def disown(self, job_id: str) -> None:
        """Nobody waits for that job."""
        self._owners.pop(job_id, None)

    def speaks(self, job_id: str, speaking: bool) -> None:
        """Somebody speaks into ``job_id``, or has stopped: others at the engine are told."""
        with self._lock:
            (self._speaking.add if speaking else self._speaking.discard)(job_id)
            desks = list(self._desks.values())
        for desk in desks:
            desk.shared()

    def others_speak(self, job_id: str) -> bool:
        """True when the engine hears another dictation at the same time."""
        with self._lock:
            return bool(self._speaking - {job_id})

    @property
    def speaking(self) -> bool:
        """True while anybody speaks."""
        with self._lock:
            return bool(self._speaking)

    def owned(self, job_id: str) -> bool:
        """True while somebody in this process works on it."""
        return job_id in self._owners

    def _report(self, job_id: str, report: Report | EngineDown | EngineUp) -> None:
        if isinstance(report, EngineDown | EngineUp):
            self.engine_down = isinstance(report, EngineDown)
            for desk in list(self._desks.values()):
                desk.engine(report)
            return
        if job_id == "" and isinstance(report, EngineFailed):
            for desk in list(self._desks.values()):
                desk.engine(report)
            return
        owner = self._owners.get(job_id)
        if owner is not None:
            owner(job_id, report)


class Clerk:
    """Does the work that waits: recordings nobody is hearing live, drafts nobody is waiting for.

    Takes one job of the store at a time; a job of a dictation that a desk is busy with is left to that desk.
    """

    IDLE_S = 1.0

    def __init__(self, office: Office) -> None:
        self._office = office
        self._stopping = threading.Event()
        self._done = threading.Event()
        self._result: Report | None = None
        self._thread = threading.Thread(target=self._run, name="clerk", daemon=True)

    def start(self) -> None:
        """Begins to look for work."""
        self._thread.start()

    def stop(self) -> None:
        """Ends; a job under way goes back to the queue when its lease runs out."""
        self._stopping.set()
        self._done.set()
        self._thread.join(3)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                lease = self._office.store.jobs.claim(busy=self._office.owned)
            except CalameError:
                lease = None
            if lease is None or not self._work(lease):
                self._stopping.wait(self.IDLE_S)

    def _work(self, lease: Lease) -> bool:
        office, jobs = self._office, self._office.store.jobs
        try:
            result = self._hear(lease) if lease.kind is JobKind.TRANSCRIBE else self._draft(lease)
            if isinstance(result, Transcribed):
                jobs.done(lease, result.transcript)
            elif isinstance(result, Drafted):
                jobs.done(lease, result.draft)
            elif isinstance(result, EngineFailed):
                jobs.failed(lease, result.code)
        except CalameError as error:
            with suppress(CalameError):
                jobs.failed(lease, error.code)
        finally:
            office.disown(lease.dictation_id)
            office.changed()
        return True

    def _hear(self, lease: Lease) -> Report | None:
        store, engine = self._office.store, self._office.engine
        dictation = store.dictations.get(lease.dictation_id, by=SYSTEM)
        pcm = store.audio.pcm(lease.dictation_id, by=SYSTEM)
        self._expect(lease)
        engine.listen(
            lease.dictation_id,
            ListenRequest(lease.dictation_id, dictation.form_id or "", dictation.consultation, background=True),
        )
        for at in range(0, len(pcm), BYTES_PER_S):
            engine.sound(lease.dictation_id, pcm[at : at + BYTES_PER_S])
        engine.end(lease.dictation_id)
        return self._await(lease)

    def _draft(self, lease: Lease) -> Report | None:
        store = self._office.store
        dictation = store.dictations.get(lease.dictation_id, by=SYSTEM)
        transcript = store.dictations.transcript(lease.dictation_id, by=SYSTEM)
        if transcript is None:
            return EngineFailed("transcript.absent", "Il n'y a pas encore de transcription.")
        self._expect(lease)
        form_id = dictation.form_id or next(iter(self._office._forms))
        snippets = store.settings.get(SNIPPETS, {}, by=SYSTEM, of=dictation.author_id) or {}
        self._office.engine.draft(
            lease.dictation_id,
            DraftRequest(transcript, form_id, dictation.consultation, snippets=dict(snippets), background=True),
        )
        return self._await(lease)

    def _expect(self, lease: Lease) -> None:
        self._done.clear()
        self._result = None
        self._office.own(lease.dictation_id, self._listen)

    def _listen(self, job_id: str, report: Report) -> None:
        if isinstance(report, Transcribed | Drafted | EngineFailed):
            self._result = report
            self._done.set()

    def _await(self, lease: Lease) -> Report | None:
        beat = time.monotonic()
        while not self._done.wait(0.5):
            if self._stopping.is_set():
                return None
            if time.monotonic() - beat > 30:
                beat = time.monotonic()
                if not self._office.store.jobs.heartbeat(lease):
                    self._office.engine.cancel(lease.dictation_id)
                    return None
        return self._result
