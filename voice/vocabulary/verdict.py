"""Is a name what was said? Weighs how it sounds against what the recogniser gives its text on the same sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dictation.lexicon import fold
from voice.vocabulary.candidates import Candidate
from voice.vocabulary.phonetics import distance, pronunciations

#: how much one unit of phonetic distance counts against a gain in log-probability
PER_DISTANCE = 25.0
#: accepted at or above: fitted on synthetic dictations and telephone prompts that no test uses
ACCEPT = -4.0
#: a rival this near makes the choice doubtful
NEAR = 3.0
DOUBT = 4.0
#: two names that differ by less than this cannot be told apart by ear
HOMOPHONE = 0.04


@dataclass(frozen=True, slots=True)
class Tried:
    """A candidate and the gain of its text over what was heard, in log-probability given the sound (nats)."""

    candidate: Candidate
    gain: float

    @property
    def support(self) -> float:
        """Acoustic gain less phonetic distance plus doubt about what was heard; comparable between candidates."""
        c = self.candidate
        return self.gain - PER_DISTANCE * c.distance + DOUBT * c.doubt


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with one doubtful stretch."""

    #: the name to write, or ``None`` to keep what was heard
    accepted: Tried | None
    #: names a reader may choose instead, best first; not empty when the stretch is worth a look
    rivals: tuple[str, ...] = ()


def judge(tried: Sequence[Tried]) -> Verdict:
    """Accepts the best-supported name when the sound supports it; names rivals that come close."""
    ranked = sorted(tried, key=lambda t: -t.support)
    if not ranked:
        return Verdict(None)
    best = ranked[0]
    others = [t for t in ranked[1:] if fold(t.candidate.term.text) != fold(best.candidate.term.text)]
    close = tuple(
        t.candidate.term.text
        for t in others
        if best.support - t.support < NEAR and not _same_sound(best.candidate, t.candidate)
    )
    if best.support < ACCEPT:
        return Verdict(None, (best.candidate.term.text, *close)[:4])
    return Verdict(best, close[:3])


def _same_sound(a: Candidate, b: Candidate) -> bool:
    return min(
        distance(x, y) for x in pronunciations(a.term.text) for y in pronunciations(b.term.text)
    ) < HOMOPHONE  # fmt: skip
