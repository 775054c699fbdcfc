"""The sound of a desk: microphones, files, recordings that go on, words dictated into a section."""

from __future__ import annotations

from app import commands as c
from app import events as e
from app.addition import Place
from app.capture import Capture, Frames, PushSource
from app.desk.base import Base
from app.engine_seam import DecodeRequest, ListenRequest, Report, Sound, SoundEnds
from app.events import Phase
from dictation.consultation import Consultation
from dictation.errors import CalameError
from dictation.sound import BYTES_PER_S
from dictation.transcript import TYPED

#: less sound than this without a word is silence
UNHEARD_S = 0.7


def addition_job(document_id: str) -> str:
    """Name of the engine's work on words dictated into a section."""
    return f"ajout:{document_id}"


class Sounding(Base):
    """From the microphone to the store and the engine."""

    def dictate(
        self, form_id: str, consultation: Consultation, source: str | Frames | None, *, resume: str | None = None
    ) -> None:
        """F2: a new dictation (or ``resume`` an interrupted one). ``source``: a microphone's name, ``None`` for
        the default one, ``"browser"`` for pushed sound, or a source."""
        with self._lock:
            if self.session.state.phase in (Phase.LISTENING, Phase.TRANSCRIBING, Phase.DRAFTING):
                self._tell(e.Refused("dictation.busy", "Une dictée est déjà en cours\u00a0: terminez-la d'abord."))
                return
            self._choose(source)
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

    # -- into a section ------------------------------------------------------------------------

    def add(self, place: Place, source: str | Frames | None) -> None:
        """F2 in a section: words to come go to ``place``; ``source`` as for :meth:`dictate`."""
        with self._lock:
            if self.dictation is None or self.session.state.adding is not None:
                return
            self._choose(source)
            self._doubts, self._tail = (), None
            self.do(c.StartAddition(place, self.office.store.audio.duration_s(self.dictation.id)))

    @property
    def unheard_s(self) -> float:
        """Seconds of sound that no word was made of: an addition the machine did not live to write."""
        state, dictation = self.session.state, self.dictation
        transcript = state.review.draft.transcript if state.review is not None else None
        if state.phase is not Phase.REVIEWING or state.adding is not None or transcript is None or dictation is None:
            return 0.0
        if dictation.opposed or transcript.engine == TYPED or not transcript.duration_s:
            return 0.0
        left = self.office.store.audio.duration_s(dictation.id) - transcript.duration_s
        return left if left >= UNHEARD_S else 0.0

    def hear_left(self, place: Place) -> None:
        """Writes the sound nobody heard into ``place``."""
        with self._lock:
            if not self.unheard_s or self.dictation is None or self.session.state.review is None:
                return
            start_s = self.session.state.review.draft.transcript.duration_s
            self._doubts = ()
            self._tail = self.office.store.audio.pcm(self.dictation.id, by=self.actor, start_s=start_s)
            self.do(c.StartAddition(place, start_s))
        self.do(c.StopAddition())

    # -- listening -----------------------------------------------------------------------------

    def _choose(self, source: str | Frames | None) -> None:
        self._from_browser = source == "browser"
        self._push = PushSource() if self._from_browser else None
        self._source_of = lambda: (
            self._push
            if self._push is not None
            else source
            if source is not None and not isinstance(source, str)
            else self.office.parts.microphones.open(source if isinstance(source, str) else None)
        )

    def _listen(self, document_id: str, form_id: str, offset_s: float) -> None:
        """A dictation from its first second: what was recorded before an interruption is heard again."""
        assert self.dictation is not None
        source = self._record(document_id, addition=False)
        if source is None:
            self._hand.submit(self.do, c.Discard(confirmed=True))
            return
        self.office.own(document_id, self._report)
        if not self.dictation.opposed:
            request = ListenRequest(
                document_id, form_id, self.dictation.consultation, self._terms(), snippets=self.snippets()
            )
            self.office.engine.listen(document_id, request)
            if offset_s:
                self._give(document_id, self.office.store.audio.pcm(document_id, by=self.actor, end_s=offset_s))
        self._start_capture(source, document_id)

    def _listen_on(self, document_id: str, form_id: str, offset_s: float) -> None:
        """Words into a section; times go on where the recording had stopped."""
        assert self.dictation is not None
        source = None if self._tail is not None else self._record(document_id, addition=True)
        if source is None and self._tail is None:
            self._hand.submit(self.do, c.DiscardAddition(confirmed=True))
            return
        job = addition_job(document_id)
        self.office.own(job, self._report)
        self.office.engine.listen(
            job,
            ListenRequest(job, form_id, self.dictation.consultation, self._terms(), offset_s=offset_s, addition=True),
        )
        if source is not None:
            self._start_capture(source, job)
        elif self._tail is not None:
            self._give(job, self._tail)

    def _give(self, job: str, pcm: bytes) -> None:
        for at in range(0, len(pcm), BYTES_PER_S):
            self.office.engine.sound(job, pcm[at : at + BYTES_PER_S])

    def _record(self, document_id: str, *, addition: bool) -> Frames | None:
        """The source, once the store takes its sound; ``None`` after saying why not."""
        assert self._source_of is not None
        try:
            source = self._source_of()
            self._recording = self.office.store.audio.record(document_id, by=self.actor, addition=addition)
        except CalameError as error:
            self._hand.submit(self.do, c.DeviceTrouble(error.code, error.message))
            return None
        return source

    def _start_capture(self, source: Frames, job: str) -> None:
        self._capture = Capture(
            source,
            self._recording,
            on_sound=lambda pcm: self._sound(job, pcm),
            on_trouble=self._device_trouble,
            on_end=self._source_ended,
        )
        self._capture.start()
        self.office.speaks(job, True)

    @property
    def sharing(self) -> bool:
        """True while this person speaks and the engine hears somebody else too."""
        document_id = self.session.state.document_id
        if self._capture is None or document_id is None:
            return False
        return self.office.others_speak(addition_job(document_id) if self.session.state.adding else document_id)

    def shared(self) -> None:
        """Somebody else began or stopped speaking."""
        if self._capture is not None:
            self._tell(e.LiveChanged())

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
        state = self.session.state
        if state.document_id is not None and (state.phase is Phase.LISTENING or state.adding is not None):
            self.do(c.StopDictation())

    def _terms(self) -> tuple[str, ...]:
        if self.dictation is None:
            return ()
        patient, recipient = self.dictation.consultation.patient, self.dictation.consultation.recipient
        return tuple(name for name in (patient.last_name, patient.first_name, recipient.name) if name)

    def _end_addition(self, document_id: str, offset_s: float, discard: bool) -> None:
        capture, recording, job = self._capture, self._recording, addition_job(document_id)
        self._capture = self._recording = self._push = None
        tail, self._tail = self._tail, None
        self.office.speaks(job, False)
        if capture is not None:
            capture.stop()
            self._doubts = (*self._doubts, *capture.notices)
        try:
            if recording is not None:
                recording.stop()
            if not discard:
                self.office.engine.end(job)
                return
            self.office.engine.cancel(job)
            self.office.disown(job)
            if recording is not None and tail is None:
                self.office.store.audio.cut(document_id, offset_s, by=self.actor)
        except CalameError as error:
            self.do(c.EngineFailed(error.code, error.message))

    def _end(self, document_id: str, discard: bool) -> None:
        capture, recording = self._capture, self._recording
        self._capture = self._recording = self._push = None
        self.office.speaks(document_id, False)
        if capture is not None:
            capture.stop()
            self._findings = (*self._findings, *capture.notices)
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


def wav(pcm: bytes) -> bytes:
    """A WAV file around ``pcm``."""
    import struct

    shape = struct.pack("<HHIIHH", 1, 1, 16000, BYTES_PER_S, 2, 16)
    head = struct.pack("<4sI8sI", b"RIFF", 36 + len(pcm), b"WAVEfmt ", 16)
    return head + shape + struct.pack("<4sI", b"data", len(pcm)) + pcm
