"""One person at work: the session's wishes carried out, its reports brought in, everything kept.

A desk outlives its windows: a page that reloads, or a second one, shows the same dictation going on.
Thread-safe; events reach windows from any thread.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from app import commands as c
from app import events as e
from app import quality
from app.capture import Capture, Frames, PushSource
from app.engine_seam import (
    DecodeRequest,
    DraftRequest,
    HeardFindings,
    ListenRequest,
    Progress,
    Report,
    Sound,
    SoundEnds,
)
from app.events import Event, Phase
from app.live import Loudness, Meter
from app.office import Office
from app.session import Session
from dictation.consultation import Consultation
from dictation.errors import CalameError
from dictation.evidence import Finding
from dictation.review import Review
from dictation.sound import BYTES_PER_S
from dictation.transcript import Transcript
from records import Actor, Dictation, EditConflict, Priority, Role, State
from records.lifecycle import EDITABLE

Window = Callable[[tuple[Event, ...]], None]
#: kept this long after the last key
SAVE_AFTER_S = 0.5


class Desk:
    """Commands in through :meth:`do`; windows subscribe."""

    def __init__(self, office: Office, actor: Actor) -> None:
        self.office, self.actor = office, actor
        self._lock = threading.RLock()
        self.session = Session(by=actor.account_id, may_sign=actor.has(Role.DOCTOR), clock=self._now)
        self.dictation: Dictation | None = None
        self.loudness = Loudness(0.0, False)
        self.progress: Progress | None = None
        self.conflict: EditConflict | None = None
        self._windows: list[Window] = []
        self._meter = Meter()
        self._capture: Capture | None = None
        self._push: PushSource | None = None
        self._from_browser = False
        self._recording: Any = None
        self._findings: tuple[Finding, ...] = ()
        self._level_watchers: list[Callable[[Loudness], None]] = []
        self._hand = ThreadPoolExecutor(1, thread_name_prefix="desk")
        self._timer: threading.Timer | None = None
        self._unsaved: tuple[str, Review] | None = None
        self._source_of: Callable[[], Frames] | None = None

    def _now(self) -> dt.datetime:
        return self.office.parts.ports.clock()

    # -- windows -------------------------------------------------------------------------------

    def subscribe(self, window: Window, level: Callable[[Loudness], None] | None = None) -> Callable[[], None]:
        """Events (and loudness) from now on; returns how to stop."""
        with self._lock:
            self._windows.append(window)
            if level is not None:
                self._level_watchers.append(level)

        def stop() -> None:
            with self._lock, suppress(ValueError):
                self._windows.remove(window)
                if level is not None:
                    self._level_watchers.remove(level)

        return stop

    def _tell(self, *events: Event) -> None:
        for window in list(self._windows):
            window(events)

    # -- commands ------------------------------------------------------------------------------

    def do(self, command: c.Command) -> tuple[Event, ...]:
        """Hands a command to the session and carries out its wishes."""
        with self._lock:
            events = self.session.handle(command)
            for event in events:
                self._wish(event)
        if events:
            self._tell(*events)
        return events

    def dictate(
        self, form_id: str, consultation: Consultation, source: str | Frames | None, *, resume: str | None = None
    ) -> None:
        """F2: a new dictation (or ``resume`` an interrupted one). ``source``: a microphone's name, ``None`` for
        the default one, ``"browser"`` for pushed sound, or a source."""
        with self._lock:
            if self.session.state.phase in (Phase.LISTENING, Phase.TRANSCRIBING, Phase.DRAFTING):
                self._tell(e.Refused("dictation.busy", "Une dictée est déjà en cours\u00a0: terminez-la d'abord."))
                return
            self._from_browser = source == "browser"
            self._push = PushSource() if self._from_browser else None
            self._source_of = lambda: (
                self._push
                if self._push is not None
                else source
                if source is not None and not isinstance(source, str)
                else self.office.parts.microphones.open(source if isinstance(source, str) else None)
            )
            try:
                if resume is not None:
                    self.dictation = self.office.store.dictations.get(resume, by=self.actor)
                else:
                    self.dictation = self.office.store.dictations.create(
                        by=self.actor, form_id=form_id, consultation=consultation
                    )
            except CalameError as error:
                self._tell(e.Refused(error.code, error.message))
                return
            earlier = self.office.store.audio.duration_s(self.dictation.id) if resume else 0.0
            self._findings = ()
            self.do(c.StartDictation(self.dictation.id, form_id, offset_s=earlier))
        self.office.changed()

    @property
    def uses_browser(self) -> bool:
        """True while the dictation is heard by the browser's microphone."""
        return self._from_browser and self._capture is not None

    def push(self, pcm: bytes) -> None:
        """Sound of the browser's microphone, s16le mono 16 kHz."""
        if self._push is not None:
            self._push.push(pcm)

    def hear_file(self, name: str, content: bytes, form_id: str, consultation: Consultation) -> None:
        """A recording dropped on the page: decoded in memory, kept, then heard like any other."""
        push = PushSource()
        job = f"file:{self.office.parts.ports.new_id()}"

        def report(job_id: str, report: Report) -> None:
            if isinstance(report, Sound):
                push.push(report.pcm)
            elif isinstance(report, SoundEnds | c.EngineFailed):
                self.office.disown(job)
                push.close()
                if isinstance(report, c.EngineFailed):
                    self._tell(e.Refused(report.code, report.message))
                    self.do(c.Discard(confirmed=True))

        self.dictate(form_id, consultation, push)
        if self.session.state.phase is Phase.LISTENING:
            self.office.own(job, report)
            self.office.engine.decode(job, DecodeRequest(name, content))

    def open(self, dictation_id: str) -> None:
        """Shows a dictation of the worklist."""
        store = self.office.store
        self.flush()
        try:
            dictation = store.dictations.get(dictation_id, by=self.actor)
            review = store.dictations.review(dictation_id, by=self.actor)
        except CalameError as error:
            self._tell(e.Refused(error.code, error.message))
            return
        if review is None:
            self.dictation = dictation
            if self.session.state.phase in (Phase.REVIEWING, Phase.SIGNED):
                self.do(c.Close())
            self._tell(e.LiveChanged())
            return
        with self._lock:
            before = self.dictation
            self.session.may_sign = self._may_sign(dictation)
            self.dictation = dictation
            events = self.do(c.Open(dictation_id, review, dictation.state not in EDITABLE - {State.SIGNED}))
            if any(isinstance(event, e.Refused) for event in events):
                self.dictation = before

    def _may_sign(self, dictation: Dictation) -> bool:
        if not self.actor.has(Role.DOCTOR):
            return False
        if dictation.author_id == self.actor.account_id:
            return True
        now = self._now()
        return any(
            d.from_account == dictation.author_id
            and d.to_account == self.actor.account_id
            and d.starts <= now <= d.ends
            and d.revoked_at is None
            for d in self.office.store.accounts.delegations()
        )

    def close(self) -> None:
        """Back to the worklist."""
        self.flush()
        self.do(c.Close())
        if self.session.state.phase is Phase.IDLE:
            self.dictation = None
        self.office.changed()

    def leave(self) -> None:
        """The process ends: what is going on is kept and resumable."""
        if self._capture is not None:
            self._capture.stop(wait_s=1)
        if self._recording is not None:
            with suppress(CalameError):
                self._recording.interrupt("device")
        self.flush()

    # -- wishes --------------------------------------------------------------------------------

    def _wish(self, event: Event) -> None:
        match event:
            case e.WantListening(document_id, form_id, offset_s):
                self._listen(document_id, form_id, offset_s)
            case e.WantPause(paused) if self._capture is not None:
                self._capture.pause(paused)
            case e.WantEnd(document_id, discard):
                self._hand.submit(self._end, document_id, discard)
            case e.WantDraft(document_id, transcript, form_id):
                self._hand.submit(self._draft, document_id, transcript, form_id)
            case e.WantKept(document_id, review):
                self._unsaved = (document_id, review)
                self._arm()
            case e.WantSignature(document_id, _):
                self._hand.submit(self._sign, document_id, event)
            case _:
                pass

    def _listen(self, document_id: str, form_id: str, offset_s: float) -> None:
        assert self.dictation is not None
        assert self._source_of is not None
        engine = self.office.engine
        try:
            source = self._source_of()
            self._recording = self.office.store.audio.record(document_id, by=self.actor)
        except CalameError as error:
            self._hand.submit(self.do, c.DeviceTrouble(error.code, error.message))
            self._hand.submit(self.do, c.Discard(confirmed=True))
            return
        self.office.own(document_id, self._report)
        terms = _terms(self.dictation.consultation)
        if not self.dictation.opposed:
            engine.listen(
                document_id, ListenRequest(document_id, form_id, self.dictation.consultation, terms, offset_s)
            )
        self._capture = Capture(
            source,
            self._recording,
            on_sound=lambda pcm: self._sound(document_id, pcm),
            on_trouble=self._device_trouble,
            on_end=self._source_ended,
        )
        self._capture.start()

    def _source_ended(self) -> None:
        self.do(c.StopDictation())

    def _sound(self, document_id: str, pcm: bytes) -> None:
        self.office.engine.sound(document_id, pcm)
        loudness = self._meter.push(pcm)
        if loudness is not None:
            self.loudness = loudness
            for watcher in list(self._level_watchers):
                watcher(loudness)

    @property
    def elapsed_s(self) -> float:
        """Seconds of sound kept in the dictation under way."""
        return self._capture.fed_s if self._capture is not None else 0.0

    def _device_trouble(self, error: CalameError) -> None:
        """What was heard is kept; the doctor resumes or ends it from the worklist."""
        self.do(c.DeviceTrouble(error.code, error.message))
        document = self.session.state.document_id
        if document is not None and self.session.state.phase is Phase.LISTENING:
            self.do(c.StopDictation())

    def _end(self, document_id: str, discard: bool) -> None:
        capture, recording = self._capture, self._recording
        self._capture = self._recording = self._push = None
        if capture is not None:
            capture.stop()
        store, engine = self.office.store, self.office.engine
        try:
            if discard:
                engine.cancel(document_id)
                self.office.disown(document_id)
                if recording is not None:
                    recording.interrupt("device")
                current = store.dictations.get(document_id, by=self.actor)
                store.dictations.discard(document_id, by=self.actor, version=current.version)
            elif recording is not None:
                opposed = self.dictation is not None and self.dictation.opposed
                recording.stop()
                if recording.ended not in ("done", None):
                    store.audio.close(document_id, by=self.actor)
                engine.end(document_id)
                if opposed:
                    self.office.disown(document_id)
                    self.do(c.EngineFailed("patient.opposed", "Enregistrement gardé\u00a0: la secrétaire le tapera."))
        except CalameError as error:
            self.do(c.EngineFailed(error.code, error.message))
        self.office.changed()

    def _draft(self, document_id: str, transcript: Transcript, form_id: str) -> None:
        """The transcript is kept before the draft is asked for."""
        self._save_now()
        store = self.office.store
        self.office.own(document_id, self._report)
        try:
            current = store.dictations.get(document_id, by=self.actor)
            if store.dictations.transcript(document_id, by=self.actor) != transcript:
                current = store.dictations.save_transcript(
                    document_id, transcript, by=self.actor, version=current.version
                )
            self.dictation = current
        except CalameError as error:
            self.office.disown(document_id)
            self.do(c.EngineFailed(error.code, error.message))
            return
        request = DraftRequest(transcript, form_id, current.consultation, self._findings)
        self.office.engine.draft(document_id, request)

    # -- reports -------------------------------------------------------------------------------

    def engine(self, report: c.EngineDown | c.EngineUp | c.EngineFailed) -> None:
        """The engine process died, is back, or cannot live."""
        if isinstance(report, c.EngineFailed) and self.session.state.phase is not Phase.IDLE:
            self._tell(e.Trouble(report.code, report.message))
            return
        self.do(report)

    def _report(self, job_id: str, report: Report) -> None:
        if job_id != self.session.state.document_id:
            return
        match report:
            case HeardFindings(findings):
                self._findings = (*self._findings, *findings)
            case Progress():
                self.progress = report
                self._tell(e.LiveChanged())
            case c.HeardWords():
                self.do(report)
                self._kind()
            case c.Drafted(draft):
                self._hand.submit(self._drafted, job_id, draft)
            case c.EngineFailed():
                self.office.disown(job_id)
                self.do(report)
                self.office.changed()
            case c.HeardPartial() | c.LiveDraft() | c.Transcribed():
                self.do(report)
            case _:
                pass

    def _kind(self) -> None:
        """« courrier pour le docteur… » proposes the kind, among the first words only."""
        words = self.session.state.words
        if len(words) <= 30:
            kind = self.office.parts.spoken_kind(" ".join(w.text for w in words))
            if kind is not None and kind != self.session.state.proposed_form:
                self.do(c.HeardKind(kind))

    def _drafted(self, document_id: str, draft: Any) -> None:
        store = self.office.store
        try:
            current = store.dictations.get(document_id, by=self.actor)
            self.dictation = store.dictations.save_draft(document_id, draft, by=self.actor, version=current.version)
            self.session.may_sign = self._may_sign(self.dictation)
        except CalameError as error:
            self.do(c.EngineFailed(error.code, error.message))
            return
        finally:
            self.office.disown(document_id)
        self.do(c.Drafted(draft))
        self.progress = None
        self.office.changed()

    # -- keeping -------------------------------------------------------------------------------

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(SAVE_AFTER_S, lambda: self._hand.submit(self._save_now) and None)
        self._timer.daemon = True
        self._timer.start()

    def flush(self) -> None:
        """Everything typed is kept when this returns."""
        if self._timer is not None:
            self._timer.cancel()
        future: Future[None] = self._hand.submit(self._save_now)
        future.result(30)

    @property
    def saved(self) -> bool:
        """True when nothing typed waits to be kept."""
        return self._unsaved is None

    def _save_now(self) -> None:
        with self._lock:
            waiting, self._unsaved = self._unsaved, None
            dictation = self.dictation
        if waiting is None or dictation is None or waiting[0] != dictation.id:
            return
        try:
            self.dictation = self.office.store.dictations.save_review(
                dictation.id, waiting[1], by=self.actor, version=dictation.version
            )
        except EditConflict as conflict:
            self.conflict, self.dictation = conflict, conflict.current
            self._tell(e.Trouble(conflict.code, conflict.message))
        except CalameError as error:
            with self._lock:
                self._unsaved = self._unsaved or waiting
            self._tell(e.Trouble(error.code, error.message))
        else:
            self._tell(e.ReviewChanged())

    def settle(self, *, mine: bool) -> None:
        """Ends a conflict: keep what this person wrote, or take what is there."""
        conflict, store = self.conflict, self.office.store
        if conflict is None or self.dictation is None or conflict.kept is None:
            return
        self.conflict = None
        kept = next(
            (k for k in store.dictations.conflicts(self.dictation.id, by=self.actor) if k.id == conflict.kept), None
        )
        try:
            store.dictations.settle_conflict(
                self.dictation.id,
                conflict.kept,
                by=self.actor,
                version=store.dictations.get(self.dictation.id, by=self.actor).version,
                take=kept.review if mine and kept is not None else None,
            )
        except CalameError as error:
            self._tell(e.Refused(error.code, error.message))
        self.open(self.dictation.id)

    def _sign(self, document_id: str, wish: e.WantSignature) -> None:
        self._save_now()
        store, parts = self.office.store, self.office.parts
        try:
            current = store.dictations.get(document_id, by=self.actor)
            form = self.office.form(wish.signed.review.draft.form_id)
            if form is None:
                raise CalameError("form.unknown", "Ce type de document n'existe plus dans le catalogue.")
            documents = parts.renderer.signed(wish.signed, form, current.consultation, self.actor.name)
            self.dictation = store.dictations.sign(
                document_id,
                wish.signed,
                documents,
                by=self.actor,
                version=current.version,
                measures=quality.at_signature(store, wish.signed.review),
            )
        except CalameError as error:
            self.session.unsign()
            self._tell(e.Refused(error.code, error.message), e.PhaseChanged(Phase.REVIEWING))
            return
        self._tell(e.PhaseChanged(Phase.SIGNED))
        self.office.changed()

    # -- small verbs -----------------------------------------------------------------------------

    def act(self, verb: Callable[[Dictation], Any]) -> bool:
        """A verb of the store on the open dictation, at its current version; False when it was refused."""
        if self.dictation is None:
            return False
        self.flush()
        try:
            current = self.office.store.dictations.get(self.dictation.id, by=self.actor)
            verb(current)
            self.dictation = self.office.store.dictations.get(current.id, by=self.actor)
        except CalameError as error:
            self._tell(e.Refused(error.code, error.message))
            return False
        self.office.changed()
        self._tell(e.ReviewChanged())
        return True

    def assign(self, *, priority: Priority | None = None, due_at: dt.datetime | None = None) -> bool:
        """Priority and due date of the open dictation."""
        return self.act(
            lambda d: self.office.store.dictations.assign(d.id, by=self.actor, priority=priority, due_at=due_at)
        )

    def sound_of(self, dictation_id: str) -> bytes:
        """The recording, for playing: s16le mono 16 kHz."""
        return self.office.store.audio.pcm(dictation_id, by=self.actor)


def _terms(consultation: Consultation) -> tuple[str, ...]:
    people = (
        consultation.patient.last_name,
        consultation.patient.first_name,
        consultation.recipient.name,
    )
    return tuple(name for name in people if name)


def wav(pcm: bytes) -> bytes:
    """A WAV file around ``pcm``."""
    import struct

    shape = struct.pack("<HHIIHH", 1, 1, 16000, BYTES_PER_S, 2, 16)
    head = struct.pack("<4sI8sI", b"RIFF", 36 + len(pcm), b"WAVEfmt ", 16)
    return head + shape + struct.pack("<4sI", b"data", len(pcm)) + pcm
