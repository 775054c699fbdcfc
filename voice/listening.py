"""The path of sound: source → detector → segmenter → recogniser, which works on threads of its own (``decoding``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dictation.errors import CalameError
from dictation.evidence import Finding, Severity
from dictation.sound import BYTES_PER_S, RATE_HZ, AudioFrame, Utterance
from dictation.transcript import Transcript, Word
from voice.decoding import Decoding, tell
from voice.levels import LevelMeter, loudness
from voice.seams import AudioSource, Hints, Level, Partial, Recogniser, SpeechDetector
from voice.segmenter import Piece, Segmenter, Settings

#: new sound between two partial decodes
PARTIAL_EVERY_S = 0.5
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
    unknown). ``on_words``, ``on_partial`` and their findings are called from threads of the recogniser, one at
    a time; the others from the caller's thread. Cancelling stops reading: of a live source everything heard so
    far is still decoded, of a file (``live = False``) what is already done is kept.

    Raises :class:`~dictation.errors.InputError` or :class:`~dictation.errors.EngineError` when the source
    gives nothing at all or the recogniser fails. A source that fails later (microphone unplugged) ends the
    dictation there: what was heard is decoded and returned, and the failure arrives as a finding.
    """
    session = recogniser.open(hints or Hints())
    worker = Decoding(session, on_words, on_partial, on_findings)
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
        tell(on_findings, (Finding(error.code, Severity.CHECK, error.message),))
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
    tell(on_findings, tuple(getattr(source, "notices", ())))
    if on_progress is not None:
        on_progress(ears.now_s, ears.now_s if total_s is None or ears.now_s > total_s - 1 else total_s)
    return replace(session.finish(ears.now_s), id=transcript_id)


def _cascade() -> SpeechDetector:
    from voice.detect import CascadeDetector

    return CascadeDetector()


class _Ears:
    """Frames in, utterances to the worker; keeps only the sound that may still be needed."""

    def __init__(
        self, detector: SpeechDetector, segmenter: Segmenter, worker: Decoding, *, partials: bool, ahead: bool
    ):
        self._detector, self._segmenter, self._worker = detector, segmenter, worker
        self._partials, self._ahead = partials, ahead
        self._sound = bytearray()
        self._base = 0  # sample index of self._sound[0]
        self._partial_at_s = 0.0
        self._prepared_s: float | None = None  # end of the speech that was heard ahead
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
            self._prepared_s = None  # what was heard ahead is this utterance: going on does not make it useless

    def _show_or_prepare(self) -> None:
        """While somebody speaks, partial text; in a pause that may be the end, the final text ahead of time."""
        start, spoken = self._segmenter.start_s, self._segmenter.speech_end_s
        if start is None:
            return
        end = self._segmenter.likely_end_s
        if self._prepared_s is not None and self._prepared_s != spoken:
            self._prepared_s = None
            self._worker.went_on()
        if self._ahead and self.now_s >= end - 1e-6 and self._prepared_s is None and not self._worker.behind:
            self._prepared_s = spoken
            self._worker.ahead(self._utterance(start, end))
        elif (
            self._partials
            and self.now_s - max(self._partial_at_s, start) >= PARTIAL_EVERY_S
            and self.now_s - spoken < 0.1
            and self._worker.can_show
        ):
            self._partial_at_s = self.now_s
            self._worker.partial(self._utterance(start, self.now_s))

    def _utterance(self, start_s: float, end_s: float) -> Utterance:
        first, last = round(start_s * RATE_HZ), round(end_s * RATE_HZ)
        pcm = bytes(self._sound[max(0, first - self._base) * 2 : max(0, last - self._base) * 2])
        return Utterance(pcm, first / RATE_HZ, last / RATE_HZ)

    def _forget(self) -> None:
        drop = round(self._segmenter.keep_from_s * RATE_HZ) - self._base
        if drop > RATE_HZ:  # a second at a time, moving bytes is not free
            del self._sound[: drop * 2]
            self._base += drop
