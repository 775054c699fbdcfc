"""One dictation: utterances in, words out, whatever the engine.

Holds what passes from one utterance to the next (the last text, and only when it was heard well), runs the
guard, the second pass, and the agreement of successive partial hypotheses.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from dictation.evidence import Finding
from dictation.lexicon import fold
from dictation.sound import Utterance
from dictation.transcript import EngineInfo, Span, Transcript, Word
from voice import guard
from voice.seams import Hints, Hypothesis, Partial, SecondPass


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
        self._partial_of = -1.0
        self._heard: tuple[str, ...] = ()
        self._agreed = 0
        self._stable: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Doubts so far, spans in words of the whole dictation."""
        return tuple(self._findings)

    def accept(self, utterance: Utterance) -> tuple[Word, ...]:
        """Words of a finished utterance, times from the start of the recording."""
        self._end_s = max(self._end_s, utterance.end_s)
        with self._lock:
            ready, self._ready = self._ready, None
        heard = ready[1] if ready is not None and ready[0] == utterance else self._hear(utterance)
        if heard is None:
            return ()
        text = " ".join(w.text for w in heard.words)
        with self._lock:
            self._findings += [_moved(f, len(self._words)) for f in heard.findings]
            self._words += heard.words
            self._previous = "" if heard.poor else f"{self._previous} {text}".strip()[-400:]
        return heard.words

    def prepare(self, utterance: Utterance) -> None:
        """Hears ahead what may turn out to be the whole utterance: ``accept`` of the same sound is then instant.

        Changes nothing to what any later call says.
        """
        heard = self._hear(utterance)
        with self._lock:
            self._ready = (utterance, heard)

    def _hear(self, utterance: Utterance) -> _Heard | None:
        mask = self._engine.speech_mask(utterance)
        if not len(mask) or float(mask.max()) < guard.SPEECH_UNDER_WORD:
            return None
        previous = self._previous
        first = self._engine.decode(utterance, self._terms(previous), previous, style=self._hints.style)
        if previous and guard.is_poor(first.avg_logprob, first.compression):
            # the last text may be what misleads: hear it again without, keep the likelier of the two
            alone = self._engine.decode(utterance, self._terms(previous), "", style=self._hints.style)
            first = max(first, alone, key=lambda h: (h.compression <= guard.LOOP_COMPRESSION, h.avg_logprob))
        heard = self._guarded(first, mask, utterance)
        if not heard.words:
            return None
        poor = guard.is_poor(heard.avg_logprob, heard.compression)
        if self._second is None:
            return _Heard(heard.words, (), poor)
        revision = self._second.revise(utterance, heard, self._engine, previous)
        return _Heard(revision.words, revision.findings, poor)

    def partial(self, utterance: Utterance) -> Partial:
        """Text so far of the utterance going on. ``stable`` are the words two successive hypotheses agree on."""
        if utterance.start_s != self._partial_of:
            self._forget_partial()
            self._partial_of = utterance.start_s
        mask = self._engine.speech_mask(utterance)
        if not len(mask) or float(mask.max()) < guard.SPEECH_UNDER_WORD:
            return Partial("", "")
        previous = self._previous
        found = self._engine.decode(utterance, self._terms(previous), previous, style=self._hints.style, beam=1)
        words = tuple(w.text for w in self._guarded(found, mask, utterance).words)
        agreed = 0
        for before, now in zip(self._heard, words, strict=False):
            if fold(before) != fold(now):
                break
            agreed += 1
        if agreed > self._agreed:
            self._stable = (*self._stable, *words[self._agreed : agreed])
            self._agreed = agreed
        self._heard = words
        return Partial(" ".join(self._stable), " ".join(words[self._agreed :]))

    def finish(self, duration_s: float | None = None) -> Transcript:
        """Everything heard."""
        length = self._end_s if duration_s is None else duration_s
        return Transcript(self._id, tuple(self._words), self._engine.info, "fr", length)

    # --- inside -----------------------------------------------------------------------------

    def _terms(self, previous: str) -> tuple[str, ...]:
        learnt = self._second.prompt_terms(previous) if self._second is not None else ()
        return (*self._hints.terms, *learnt)

    def _guarded(self, found: Hypothesis, mask: np.ndarray, utterance: Utterance) -> Hypothesis:
        if guard.is_silence(found.avg_logprob, found.no_speech):
            return replace(found, words=())
        words = guard.without_silence(found.words, mask, start_s=utterance.start_s)
        words = guard.without_loops(guard.without_subtitles(words))
        return replace(found, words=guard.fit_to_speech(words, mask, start_s=utterance.start_s))

    def _forget_partial(self) -> None:
        self._partial_of, self._heard, self._agreed = -1.0, (), 0
        self._stable = ()


def _moved(finding: Finding, by: int) -> Finding:
    span = finding.span
    return finding if span is None else replace(finding, span=Span(span.first + by, span.last + by))
