"""One dictation: utterances in, words out, whatever the engine.

Holds what passes from one utterance to the next (the last text, and only when it was heard well), runs the
guard and the second pass.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from dictation.evidence import Finding
from dictation.sound import RATE_HZ, Utterance
from dictation.transcript import EngineInfo, Span, Transcript, Word
from voice import guard
from voice.growing import Growing
from voice.seams import Hints, Hypothesis, Partial, SecondPass, always


class Engine(Protocol):
    """What a session needs of an engine: see :class:`voice.whisper.WhisperRecogniser`."""

    @property
    def info(self) -> EngineInfo: ...

    def decode(
        self,
        utterance: Utterance,
        terms: Sequence[str] = (),
        previous: str = "",
        *,
        style: str | None = None,
        beam: int | None = None,
    ) -> Hypothesis: ...

    def score(self, utterance: Utterance, text: str, terms: Sequence[str] = (), previous: str = "") -> float: ...

    def token_scores(
        self, utterance: Utterance, text: str, terms: Sequence[str] = (), previous: str = ""
    ) -> tuple[tuple[str, float], ...]: ...

    def speech_mask(self, utterance: Utterance) -> np.ndarray: ...


@dataclass(frozen=True, slots=True)
class _Heard:
    words: tuple[Word, ...]
    findings: tuple[Finding, ...]
    #: too doubtful to be the context of what follows
    poor: bool


class _Unwanted(Exception):
    """The doctor went on speaking: nobody needs this text any more."""


class _While:
    """An engine for as long as its work is wanted."""

    def __init__(self, engine: Engine, wanted: Callable[[], bool]) -> None:
        self._engine, self._wanted = engine, wanted

    @property
    def _asked(self) -> Engine:
        if not self._wanted():
            raise _Unwanted
        return self._engine

    @property
    def info(self) -> EngineInfo:
        return self._engine.info

    def decode(self, *args: Any, **how: Any) -> Hypothesis:
        return self._asked.decode(*args, **how)

    def score(self, *args: Any, **how: Any) -> float:
        return self._asked.score(*args, **how)

    def token_scores(self, *args: Any, **how: Any) -> tuple[tuple[str, float], ...]:
        return self._asked.token_scores(*args, **how)

    def speech_mask(self, utterance: Utterance) -> np.ndarray:
        return self._asked.speech_mask(utterance)


class Session:
    """See :class:`voice.seams.RecogniserSession`.

    ``accept`` comes in order from one thread; ``prepare`` and ``partial`` may run beside it, each on one thread.
    """

    def __init__(
        self,
        engine: Engine,
        hints: Hints,
        *,
        second_pass: SecondPass | None = None,
        transcript_id: str = "dictee",
    ) -> None:
        self._engine, self._hints = engine, hints
        self._lock = threading.Lock()  # of what passes between calls; never held while the engine works
        self._second = second_pass.with_names(hints.terms) if second_pass is not None and hints.terms else second_pass
        self._id = transcript_id
        self._words: list[Word] = []
        self._findings: list[Finding] = []
        self._previous = ""
        self._end_s = 0.0
        self._ready: tuple[Utterance, _Heard | None] | None = None
        self._growing: Growing | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Doubts so far, spans in words of the whole dictation."""
        return tuple(self._findings)

    def accept(self, utterance: Utterance) -> tuple[Word, ...]:
        """Words of a finished utterance, times from the start of the recording."""
        self._end_s = max(self._end_s, utterance.end_s)
        with self._lock:
            ready, self._ready = self._ready, None
        heard = ready[1] if ready is not None and ready[0] == utterance else self._hear(utterance, self._engine)
        if heard is None:
            return ()
        text = " ".join(w.text for w in heard.words)
        with self._lock:
            self._findings += [_moved(f, len(self._words)) for f in heard.findings]
            self._words += heard.words
            self._previous = "" if heard.poor else f"{self._previous} {text}".strip()[-400:]
        return heard.words

    def prepare(self, utterance: Utterance, wanted: Callable[[], bool] = always) -> None:
        """Hears ahead what may turn out to be the whole utterance: ``accept`` of the same sound is then instant.

        Changes nothing to what any later call says. Gives up between two steps once it is not ``wanted`` any more.
        """
        try:
            heard = self._hear(utterance, _While(self._engine, wanted))
        except _Unwanted:
            return
        with self._lock:
            self._ready = (utterance, heard)

    def _hear(self, utterance: Utterance, engine: Engine) -> _Heard | None:
        mask = engine.speech_mask(utterance)
        if not len(mask) or float(mask.max()) < guard.SPEECH_UNDER_WORD:
            return None
        previous = self._previous
        first = engine.decode(utterance, self._terms(previous), previous, style=self._hints.style)
        if previous and guard.is_poor(first.avg_logprob, first.compression):
            # the last text may be what misleads: hear it again without, keep the likelier of the two
            alone = engine.decode(utterance, self._terms(previous), "", style=self._hints.style)
            first = max(first, alone, key=lambda h: (h.compression <= guard.LOOP_COMPRESSION, h.avg_logprob))
        heard = self._guarded(first, mask, utterance)
        if not heard.words:
            return None
        heard = self._with_left_over(heard, mask, utterance, engine, previous)
        poor = guard.is_poor(heard.avg_logprob, heard.compression)
        if self._second is None:
            return _Heard(heard.words, (), poor)
        revision = self._second.revise(utterance, heard, engine, previous)
        return _Heard(revision.words, revision.findings, poor)

    def partial(self, utterance: Utterance) -> Partial:
        """Text so far of the utterance going on. ``stable`` are the words two successive hypotheses agree on."""
        if self._growing is None or utterance.start_s != self._growing.start_s:
            self._growing = Growing(utterance.start_s)
        growing = self._growing
        rest = growing.rest(utterance)
        mask = self._engine.speech_mask(rest)
        if not len(mask) or float(mask.max()) < guard.SPEECH_UNDER_WORD:
            return growing.update((), utterance.end_s)
        previous = f"{self._previous} {growing.text}".strip()
        found = self._engine.decode(rest, self._terms(previous), previous, style=self._hints.style, beam=1)
        return growing.update(self._guarded(found, mask, rest).words, utterance.end_s)

    def finish(self, duration_s: float | None = None) -> Transcript:
        """Everything heard."""
        length = self._end_s if duration_s is None else duration_s
        return Transcript(self._id, tuple(self._words), self._engine.info, "fr", length)

    # --- inside -----------------------------------------------------------------------------

    def _terms(self, previous: str) -> tuple[str, ...]:
        learnt = self._second.prompt_terms(previous) if self._second is not None else ()
        return (*self._hints.terms, *learnt)

    def _with_left_over(
        self, heard: Hypothesis, mask: np.ndarray, utterance: Utterance, engine: Engine, previous: str
    ) -> Hypothesis:
        """Speech that the decoder skipped is heard by itself; what comes out of it is taken unless it is poor."""
        left = guard.unheard(heard.words, mask, start_s=utterance.start_s)
        if left is None:
            return heard
        first = max(0, round((left[0] - utterance.start_s) * RATE_HZ))
        last = round((left[1] - utterance.start_s) * RATE_HZ)
        start_s = utterance.start_s + first / RATE_HZ
        part = Utterance(utterance.pcm[first * 2 : last * 2], start_s, start_s + (last - first) / RATE_HZ)
        before = [w for w in heard.words if w.start_s < start_s]
        said = f"{previous} {' '.join(w.text for w in before)}".strip()
        more = engine.decode(part, self._terms(said), said, style=self._hints.style)
        more = self._guarded(more, engine.speech_mask(part), part)
        if not more.words or guard.is_poor(more.avg_logprob, more.compression):
            return heard
        return replace(heard, words=(*before, *more.words, *heard.words[len(before) :]))

    def _guarded(self, found: Hypothesis, mask: np.ndarray, utterance: Utterance) -> Hypothesis:
        if guard.is_silence(found.avg_logprob, found.no_speech):
            return replace(found, words=())
        words = guard.without_silence(found.words, mask, start_s=utterance.start_s)
        words = guard.without_loops(guard.without_subtitles(words))
        return replace(found, words=guard.fit_to_speech(words, mask, start_s=utterance.start_s))


def _moved(finding: Finding, by: int) -> Finding:
    span = finding.span
    return finding if span is None else replace(finding, span=Span(span.first + by, span.last + by))
