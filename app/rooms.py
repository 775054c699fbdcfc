"""The real engines behind the seam, as the engine process builds them. Everything heavy loads on first use."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands import Added, HeardPartial, HeardWords
from app.composing import Compose, part, whole
from app.engine_seam import (
    DecodeRequest,
    DraftRequest,
    HeardFindings,
    ListenRequest,
    Measured,
    MeasureRequest,
    Progress,
    Ready,
    Tell,
)
from app.snippets import insert
from app.turns import BEHIND, SHOWN, SPOKEN, Turns
from dictation.draft import Draft
from dictation.errors import ModelError
from dictation.evidence import Finding
from dictation.form import Form
from dictation.sound import AudioFrame, Utterance
from dictation.transcript import EngineInfo, Transcript, Word

if TYPE_CHECKING:
    from voice.seams import Hints, Partial, RecogniserSession


class RoomEngines:
    """Options: ``speech`` and ``drafting`` name models; ``drafting`` empty means rules only."""

    def __init__(self, options: Mapping[str, str]) -> None:
        from app import wiring

        self._wiring = wiring
        self._choice = wiring.choice(
            speech=options.get("speech") or None,
            drafting=options.get("drafting") or None,
            no_model=options.get("drafting") == "",
        )
        self._lock = threading.Lock()
        #: composing is not for two threads; recognition takes turns by rank
        self._composing = threading.RLock()
        self._turns = Turns(side_by_side=2)
        self._recogniser: Any = None
        #: the language model once loaded and tested; rules serve until then, nobody waits for it
        self._assistant: Any = None
        self._loading: threading.Thread | None = None
        self._dictation: str | None = None

    def warm(self, tell: Tell) -> Ready:
        """Loads the speech model and the lexicon; the language model loads behind, on its own thread."""
        tell(Progress(None, "loading"))
        info = self._ears().info
        self._wiring.lexicon()
        self._wiring.sectioner().prepare(["Motif."])
        if self._choice.drafting and self._loading is None:
            self._loading = threading.Thread(target=self._load_assistant, name="assistant", daemon=True)
            self._loading.start()
        tell(Progress(1.0, "loading"))
        return Ready(info.model, self._choice.drafting)

    def _load_assistant(self) -> None:
        from dictation.errors import CalameError

        try:
            self._assistant = self._wiring.assistant(self._choice.drafting)
        except CalameError as error:
            logging.getLogger(__name__).warning("drafting by rules only: %s", error.code)

    def _ears(self) -> Any:
        with self._lock:
            if self._recogniser is None:
                self._recogniser = self._wiring.recogniser(self._choice.speech)
            return self._recogniser

    def listen(
        self, request: ListenRequest, sound: Iterator[bytes], tell: Tell, cancelled: Callable[[], bool]
    ) -> Transcript:
        """``voice.listen`` on pieces that come through the pipe."""
        from voice import listen
        from voice.seams import Hints

        ears = self._ears()
        if not (request.addition or request.background) and request.transcript_id != self._dictation:
            with self._composing:
                self._dictation = request.transcript_id
                self._wiring.new_dictation()
                if self._assistant is not None:
                    self._assistant.begin()
        return listen(
            _Pieces(sound, request.offset_s, live=not request.background),
            _Shared(ears, self._turns, background=request.background),
            Hints(terms=request.terms),
            on_partial=None if request.background else lambda p: tell(HeardPartial(p.stable, p.unstable)),
            on_words=lambda words: tell(HeardWords(words)),
            on_findings=lambda findings: tell(HeardFindings(findings)),
            cancelled=cancelled,
            transcript_id=request.transcript_id,
        )

    def draft(self, request: DraftRequest, tell: Tell, *, quick: bool) -> Draft:
        """Rules while the doctor speaks; everything this machine has for the real one."""
        form = self._wiring.forms_catalogue().get(request.form_id)
        helper = self._assistant
        if quick:
            with self._composing:
                draft = whole(request, form, self._composer(request, form))
                if helper is not None and request.transcript.id == self._dictation:
                    # labels and wordings are made while the doctor speaks; the last statement may still grow
                    helper.feed(draft.statements[:-1])
            return draft
        self._wiring.PACE.hurry = True
        try:
            with self._composing:
                return whole(request, form, self._composer(request, form, helper))
        finally:
            self._wiring.PACE.hurry = False

    def extend(self, request: DraftRequest, tell: Tell) -> Added:
        """The addition by rules alone: it is there before the doctor has looked up."""
        form = self._wiring.forms_catalogue().get(request.form_id)
        self._wiring.PACE.hurry = True
        try:
            return self._added(request, form)
        finally:
            self._wiring.PACE.hurry = False

    def _added(self, request: DraftRequest, form: Form) -> Added:
        with self._composing:
            said = part(request, request.beyond, len(request.transcript.words), self._composer(request, form))
            everything = self._wiring.compose(request.transcript, form, request.consultation)
        of_the_sound = tuple(f for f in request.findings if f.span is None)  # moments lost, a saturated microphone
        return Added(replace(said, findings=(*said.findings, *of_the_sound)), everything.findings)

    def _composer(self, request: DraftRequest, form: Form, helper: Any = None) -> Compose:
        """The language model serves the dictation itself; additions are there at once, by rules."""

        def compose(transcript: Transcript, findings: tuple[Finding, ...], main: bool) -> Draft:
            draft: Draft = self._wiring.compose(
                transcript, form, request.consultation, findings=findings, helper=helper if main else None
            )
            asked = self._wiring.snippets_asked(transcript, request.consultation)
            return insert(draft, asked, request.snippets, form) if asked else draft

        return compose

    def measure(self, request: MeasureRequest, tell: Tell, cancelled: Callable[[], bool]) -> Measured:
        """Speech: the sample heard as a dictation is, vocabulary included. Drafting: its sentences read one by one."""
        try:
            if request.task == "speech":
                return Measured(request.name, self._speech_speed(request.name, tell, cancelled))
            return Measured(request.name, self._drafting_speed(tell, cancelled))
        except _Stopped:
            return Measured(request.name, None)

    def _speech_speed(self, name: str, tell: Tell, cancelled: Callable[[], bool]) -> float:
        import io

        from app import speed
        from voice import listen
        from voice.files import PcmSource

        ears = self._ears() if name == self._choice.speech else self._wiring.recogniser(name)
        turns = [0.0, 0.15]  # the first, short hearing fills caches

        def hear(_: str, sound: bytes) -> None:
            begun, share = turns[0], turns[1]

            def progress(done_s: float, total_s: float | None) -> None:
                part = min(1.0, done_s / (len(sound) / 32_000))
                tell(Progress(begun + share * part, "measuring"))

            listen(PcmSource(io.BytesIO(sound)), ears, on_progress=progress, cancelled=cancelled)
            if cancelled():
                raise _Stopped
            turns[:] = [begun + share, 0.85]

        tell(Progress(0.0, "measuring"))
        return speed.measure(name, hear).factor

    def _drafting_speed(self, tell: Tell, cancelled: Callable[[], bool]) -> float:
        from app import speed

        helper = self._assistant
        if helper is None:
            raise ModelError(
                "model.loading", "Le modèle de rédaction n'est pas encore chargé\u00a0: attendez un instant."
            )
        statements = self._wiring.sample_statements()
        with self._composing:
            self._dictation = None
            started = time.perf_counter()
            for n in range(1, len(statements) + 1):
                if n == 1:
                    helper.begin()
                helper.feed(statements[:n])
                tell(Progress(n / len(statements), "measuring"))
                if cancelled():
                    raise _Stopped
            factor = (time.perf_counter() - started) / max(1, len(statements))
            helper.begin()
        speed.keep_drafting(self._choice.drafting or "", factor)
        return factor

    def decode(self, request: DecodeRequest) -> Iterator[bytes]:
        """Any file PyAV reads. The bytes stay in memory where the system has memory files (Linux); elsewhere
        they pass through a private file that is removed at once."""
        from voice.files import FileSource

        suffix = Path(request.name).suffix[:8]
        with _memory_file(request.content, suffix) as path:
            block = bytearray()
            for frame in FileSource(path).frames():
                block += frame.pcm
                if len(block) >= 32_000:
                    yield bytes(block)
                    block.clear()
            if block:
                yield bytes(block)


class _Stopped(Exception):
    """A measure the person ended."""


class _Pieces:
    """An ``AudioSource`` over pieces of PCM."""

    def __init__(self, sound: Iterator[bytes], start_s: float, *, live: bool) -> None:
        self._sound, self._start_s, self.live = sound, start_s, live

    def frames(self) -> Iterator[AudioFrame]:
        from voice.files import frames_of

        yield from frames_of(self._sound, start_s=self._start_s)


class _Shared:
    """A ``Recogniser`` whose sessions take turns with those of other dictations."""

    def __init__(self, recogniser: Any, turns: Turns, *, background: bool) -> None:
        self._recogniser, self._turns, self._background = recogniser, turns, background

    @property
    def info(self) -> EngineInfo:
        info: EngineInfo = self._recogniser.info
        return info

    def open(self, hints: Hints) -> RecogniserSession:
        return _Turned(self._recogniser.open(hints), self._turns, self._background)


class _Turned:
    """One session; see :class:`voice.seams.RecogniserSession`."""

    def __init__(self, session: RecogniserSession, turns: Turns, background: bool) -> None:
        self._session, self._turns = session, turns
        self._spoken, self._shown = (BEHIND, BEHIND) if background else (SPOKEN, SHOWN)

    def accept(self, utterance: Utterance) -> tuple[Word, ...]:
        with self._turns.turn(self._spoken):
            return self._session.accept(utterance)

    def prepare(self, utterance: Utterance, wanted: Callable[[], bool] = lambda: True) -> None:
        with self._turns.turn(self._shown):
            self._session.prepare(utterance, wanted)

    def partial(self, utterance: Utterance) -> Partial:
        with self._turns.turn(self._shown):
            return self._session.partial(utterance)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self._session.findings

    def finish(self, duration_s: float | None = None) -> Transcript:
        return self._session.finish(duration_s)


class _memory_file:
    def __init__(self, content: bytes, suffix: str) -> None:
        self._content, self._suffix = content, suffix
        self._close: Callable[[], None] = lambda: None

    def __enter__(self) -> str:
        if hasattr(os, "memfd_create"):
            handle = os.memfd_create("enregistrement")
            self._close = lambda: os.close(handle)
            with os.fdopen(os.dup(handle), "wb") as file:
                file.write(self._content)
            return f"/proc/self/fd/{handle}"
        folder = tempfile.TemporaryDirectory(prefix="calame-")
        self._close = folder.cleanup
        path = Path(folder.name) / f"son{self._suffix}"
        path.write_bytes(self._content)
        return str(path)

    def __exit__(self, *_: object) -> None:
        self._close()


def rooms(options: Mapping[str, str]) -> RoomEngines:
    """Factory: ``EngineSpec("app.rooms:rooms", {...})``."""
    return RoomEngines(options)
