"""The path of sound: source → detector → segmenter → recogniser, with a second thread for the decoding.

Finished utterances go before partial text, and partial text is dropped when the decoder is behind, so that
nothing said is ever waited for longer because of what is only shown.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from dictation.errors import CalameError
from dictation.evidence import Finding, Severity
from dictation.sound import BYTES_PER_S, RATE_HZ, AudioFrame, Utterance
from dictation.transcript import Transcript, Word
from voice.levels import LevelMeter, loudness
from voice.seams import AudioSource, Hints, Level, Partial, Recogniser, RecogniserSession, SpeechDetector
from voice.segmenter import Piece, Segmenter, Settings

#: new sound between two partial decodes
PARTIAL_EVERY_S = 0.5
#: utterances that may wait for the decoder before reading the source pauses (15 s each at most: 8 MB)
MAX_WAITING = 16
PROGRESS_EVERY_S = 0.5


def listen(
    source: AudioSource,
    recogniser: Recogniser,
    hints: Hints | None = None,
    *,
    on_partial: Callable[[Partial], None] | None = None,
    on_words: Callable[[tuple[Word, ...]], None] | None = None,
    on_level: Callable[[Level], None] | None = None,
    on_progress: Callable[[float, float | None], None] | None = None,
    on_findings: Callable[[tuple[Finding, ...]], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    detector: SpeechDetector | None = None,
    settings: Settings | None = None,
    transcript_id: str = "dictee",
) -> Transcript:
    """Hears ``source`` to its end (or until ``cancelled``) and returns what was said.

    ``on_words`` gets the words of each finished utterance, ``on_partial`` the text of the one going on,
    ``on_findings`` doubts as they come, ``on_progress`` seconds heard and seconds in all (``None`` when
    unknown). ``on_words``, ``on_partial`` and their findings are called from the decoding thread, one at a
    time; the others from the caller's thread. Cancelling stops reading: of a live source everything heard so
    far is still decoded, of a file (``live = False``) what is already done is kept.

    Raises :class:`~dictation.errors.InputError` or :class:`~dictation.errors.EngineError` when the source
    gives nothing at all or the recogniser fails. A source that fails later (microphone unplugged) ends the
    dictation there: what was heard is decoded and returned, and the failure arrives as a finding.
    """
    session = recogniser.open(hints or Hints())
    worker = _Worker(session, on_words, on_partial, on_findings)
    live = bool(getattr(source, "live", True))
    ears = _Ears(detector or _cascade(), Segmenter(settings), worker, partials=on_partial is not None, ahead=live)
    meter = LevelMeter()
    told_s = 0.0
    total_s: float | None = None
    try:
        for frame in source.frames():
            if cancelled() or worker.failed:
                break
            ears.hear(frame)
            if on_level is not None and (level := meter.push(frame.pcm)) is not None:
                on_level(level)
            if on_progress is not None and ears.now_s - told_s >= PROGRESS_EVERY_S:
                told_s, total_s = ears.now_s, getattr(source, "duration_s", None)
                on_progress(min(told_s, total_s) if total_s else told_s, total_s)
    except CalameError as error:
        if not ears.now_s:
            worker.stop()
            raise
        _tell(on_findings, (Finding(error.code, Severity.CHECK, error.message),))
    except BaseException:
        worker.stop()
        raise
    finally:
        close = getattr(source, "close", None)
        if close is not None:
            close()
    ears.end()
    # sound that was played live is gone: stopping keeps every word of it; a file can be heard again
    worker.finish(cancelled if not live else lambda: False)
    _tell(on_findings, tuple(getattr(source, "notices", ())))
    if on_progress is not None:
        on_progress(ears.now_s, ears.now_s if total_s is None or ears.now_s > total_s - 1 else total_s)
    return replace(session.finish(ears.now_s), id=transcript_id)


def _cascade() -> SpeechDetector:
    from voice.detect import CascadeDetector

    return CascadeDetector()


def _tell(on_findings: Callable[[tuple[Finding, ...]], None] | None, findings: tuple[Finding, ...]) -> None:
    if on_findings is not None and findings:
        on_findings(findings)


class _Ears:
    """Frames in, utterances to the worker; keeps only the sound that may still be needed."""

    def __init__(self, detector: SpeechDetector, segmenter: Segmenter, worker: _Worker, *, partials: bool, ahead: bool):
        self._detector, self._segmenter, self._worker = detector, segmenter, worker
        self._partials, self._ahead = partials, ahead
        self._sound = bytearray()
        self._base = 0  # sample index of self._sound[0]
        self._partial_at_s = 0.0
        self._prepared_s = -1.0
        self.now_s = 0.0

    def hear(self, frame: AudioFrame) -> None:
        length_s = len(frame.pcm) / BYTES_PER_S
        if frame.start_s > self.now_s + 1e-3:  # a gap: the microphone was away
            self._cut(self._segmenter.flush())
            self._sound.clear()
        if not self._sound:
            self._base = round(frame.start_s * RATE_HZ)
        self._sound += frame.pcm
        self.now_s = frame.start_s + length_s
        speech = self._detector.is_speech(frame)
        self._cut(self._segmenter.push(frame.start_s, self.now_s, speech, loudness(frame.pcm)))
        self._show_or_prepare()
        self._forget()

    def end(self) -> None:
        """The sound stopped."""
        self._cut(self._segmenter.flush())

    def _cut(self, pieces: tuple[Piece, ...]) -> None:
        for piece in pieces:
            self._worker.put(self._utterance(piece.start_s, piece.end_s))
            self._partial_at_s = self.now_s

    def _show_or_prepare(self) -> None:
        """While somebody speaks, partial text; in a pause that may be the end, the final text ahead of time."""
        start, spoken = self._segmenter.start_s, self._segmenter.speech_end_s
        if start is None:
            return
        end = spoken + self._segmenter.settings.tail_s
        if self._ahead and self.now_s >= end - 1e-6 and self._prepared_s != spoken and not self._worker.behind:
            self._prepared_s = spoken
            self._worker.offer(self._utterance(start, end), final=True)
        elif (
            self._partials
            and self.now_s - max(self._partial_at_s, start) >= PARTIAL_EVERY_S
            and self.now_s - spoken < 0.1
            and self._worker.idle
        ):
            self._partial_at_s = self.now_s
            self._worker.offer(self._utterance(start, self.now_s), final=False)

    def _utterance(self, start_s: float, end_s: float) -> Utterance:
        first, last = round(start_s * RATE_HZ), round(end_s * RATE_HZ)
        pcm = bytes(self._sound[max(0, first - self._base) * 2 : max(0, last - self._base) * 2])
        return Utterance(pcm, first / RATE_HZ, last / RATE_HZ)

    def _forget(self) -> None:
        drop = round(self._segmenter.keep_from_s * RATE_HZ) - self._base
        if drop > RATE_HZ:  # a second at a time, moving bytes is not free
            del self._sound[: drop * 2]
            self._base += drop


class _Worker:
    """Decodes on its own thread: finished utterances first, one partial at most, never an old one."""

    def __init__(
        self,
        session: RecogniserSession,
        on_words: Callable[[tuple[Word, ...]], None] | None,
        on_partial: Callable[[Partial], None] | None,
        on_findings: Callable[[tuple[Finding, ...]], None] | None,
    ) -> None:
        self._session = session
        self._on_words, self._on_partial, self._on_findings = on_words, on_partial, on_findings
        self._finals: deque[Utterance] = deque()
        #: one partial, or one utterance to hear ahead: (sound, is it the latter)
        self._offer: tuple[Utterance, bool] | None = None
        self._told = 0
        self._busy = self._closing = False
        self._error: BaseException | None = None
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="decoder", daemon=True)
        self._thread.start()

    @property
    def idle(self) -> bool:
        """Nothing waits and nothing runs: a partial would delay nobody."""
        with self._change:
            return not (self._finals or self._busy or self._offer)

    @property
    def behind(self) -> bool:
        """Finished utterances wait."""
        with self._change:
            return bool(self._finals)

    @property
    def failed(self) -> bool:
        return self._error is not None

    def put(self, utterance: Utterance) -> None:
        """A finished utterance; waits while too many are waiting."""
        with self._change:
            self._offer = None
            self._change.wait_for(lambda: len(self._finals) < MAX_WAITING or self._error is not None)
            self._finals.append(utterance)
            self._change.notify_all()

    def offer(self, utterance: Utterance, *, final: bool) -> None:
        """Work that may be dropped: a partial, or (``final``) an utterance that may be finished."""
        with self._change:
            self._offer = (utterance, final)
            self._change.notify_all()

    def finish(self, cancelled: Callable[[], bool]) -> None:
        """Waits for everything that waits, less when cancelled; raises what the recogniser raised."""
        with self._change:
            self._closing = True
            self._offer = None
            self._change.notify_all()
        while self._thread.is_alive():
            if cancelled():
                with self._change:
                    self._finals.clear()
            self._thread.join(0.05)
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """Drops everything."""
        with self._change:
            self._closing = True
            self._finals.clear()
            self._offer = None
            self._change.notify_all()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._finals or self._offer or self._closing)
                if self._finals:
                    job, act = self._finals.popleft(), self._accept
                elif self._offer is not None:
                    job, act = self._offer[0], self._prepare if self._offer[1] else self._show
                else:
                    return
                self._offer = None
                self._busy = True
                self._change.notify_all()
            try:
                act(job)
            except BaseException as error:
                with self._change:
                    self._error, self._busy = error, False
                    self._finals.clear()
                    self._change.notify_all()
                return
            with self._change:
                self._busy = False

    def _show(self, job: Utterance) -> None:
        partial = self._session.partial(job)
        if self._on_partial is not None and not self.behind and (partial.stable or partial.unstable):
            self._on_partial(partial)

    def _prepare(self, job: Utterance) -> None:
        self._session.prepare(job)

    def _accept(self, job: Utterance) -> None:
        words = self._session.accept(job)
        if words and self._on_words is not None:
            self._on_words(words)
        findings = self._session.findings
        _tell(self._on_findings, findings[self._told :])
        self._told = len(findings)
