"""Is a name what was said? Weighs how it sounds against what the recogniser gives its text on the same sound.

The weights are a logistic regression over 433 doubtful stretches of synthetic dictations in two voices (names
and voices that no test uses) and of recorded telephone prompts without any drug.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dictation.lexicon import Term, fold
from voice.vocabulary.candidates import DRUG_KINDS, Candidate
from voice.vocabulary.phonetics import distance, pronunciations

BIAS, PER_NAT, PER_DISTANCE, PER_SOUND, CUED, KNOWN = -0.56, 0.24, -9.5, 0.34, 1.4, -0.8
#: beyond these a gain or a length adds nothing
MOST_GAIN, MOST_SOUNDS = 15.0, 15
#: probability a name needs: in place of words that do not exist, and of words that do
ACCEPT, ACCEPT_OVER_WORDS = 0.55, 0.75
#: the same for a drug, whatever is around: below, a reader is asked (« héparine » at 0.61 was tinzaparine)
ACCEPT_DRUG = 0.7
#: where nothing around says that a drug comes: for a substance, and for a brand, whose short names sound like anything
ACCEPT_UNCUED, ACCEPT_UNCUED_BRAND = 0.75, 0.9
#: probability from which a reader is asked; where a drug is expected and no word was heard, always
ASK = 0.1
#: words heard this surely are not taken for a drug however alike they sound
SURE = 0.6
#: nats that one unit of distance weighs between rivals, and the lead the best must have over another drug
RIVAL_DISTANCE, LEAD = 60.0, 2.0
#: the same where one name ends the other: « escitalopram » is easily heard « et citalopram »
LEAD_IN_NAME = 15.0
#: a replacement is never as sure as what was simply heard
MOST_SURE = 0.95
#: nats within which names of the same sound are told apart by their letters
SPELLING = 6.0
#: two names that differ by less than this cannot be told apart by ear
HOMOPHONE = 0.04


@dataclass(frozen=True, slots=True)
class Tried:
    """A candidate and the gain of its text over what was heard, in log-probability given the sound (nats)."""

    candidate: Candidate
    gain: float

    @property
    def probability(self) -> float:
        """0..1: that the name was said."""
        c = self.candidate
        z = (
            BIAS
            + PER_NAT * min(MOST_GAIN, self.gain)
            + PER_DISTANCE * c.distance
            + PER_SOUND * min(MOST_SOUNDS, c.sounds)
        )
        z += CUED * c.cued + KNOWN * c.known
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))

    @property
    def rank(self) -> float:
        """Comparable between candidates of one stretch."""
        return self.gain - RIVAL_DISTANCE * self.candidate.distance

    @property
    def is_drug(self) -> bool:
        """A brand or a substance."""
        return self.candidate.term.kind in DRUG_KINDS


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with one doubtful stretch."""

    #: the name to write, or ``None`` to keep what was heard
    accepted: Tried | None
    #: names a reader may choose instead, best first; not empty when the stretch is worth a look
    rivals: tuple[str, ...] = ()


def judge(tried: Sequence[Tried]) -> Verdict:
    """Accepts the best-supported name when sound and spelling support it and no other drug comes close.

    A learnt spoken form needs no support: somebody said that it means the name.
    """
    ranked = sorted(tried, key=lambda t: -t.rank)
    if not ranked:
        return Verdict(None)
    learnt = next((t for t in ranked if t.candidate.learnt), None)
    if learnt is not None:
        return Verdict(learnt)
    alike = [t for t in ranked if _same_sound(ranked[0].candidate, t.candidate) and ranked[0].rank - t.rank < SPELLING]
    best = min(alike, key=lambda t: t.candidate.spelling)
    others = [t for t in ranked if not _same_sound(best.candidate, t.candidate)]
    close = [t for t in others if best.rank - t.rank < (LEAD_IN_NAME if _ends_another(best, t) else LEAD)]
    names = tuple(dict.fromkeys(t.candidate.term.text for t in (best, *close)))[:4]
    other_names = tuple(n for n in names[1:] if not _within(n, names[0]))
    if not _enough(best) or (best.is_drug and any(t.is_drug for t in close)):
        asked = best.probability >= ASK or (best.is_drug and best.candidate.cued and not best.candidate.known)
        return Verdict(None, names if asked else ())
    return Verdict(best, other_names)


def _enough(best: Tried) -> bool:
    candidate = best.candidate
    if candidate.unlikely:
        return False  # « thoracique » is never « Tenoretic », whatever the sound
    if candidate.known and best.is_drug and candidate.surely > SURE:
        return False
    needed = ACCEPT_OVER_WORDS if candidate.known else ACCEPT
    if best.is_drug:
        needed = max(needed, ACCEPT_DRUG)
    if best.is_drug and not candidate.cued:
        needed = max(needed, ACCEPT_UNCUED_BRAND if candidate.term.kind == "drug" else ACCEPT_UNCUED)
    return best.probability >= needed


def one_in_other(a: Term, b: Term) -> bool:
    """Two names of one word of which one ends the other: « citalopram », « escitalopram »."""
    x, y = sorted((fold(a.text), fold(b.text)), key=len)
    return x != y and len(x) >= 5 and y.endswith(x) and " " not in y


def _ends_another(best: Tried, other: Tried) -> bool:
    a, b = best.candidate.term, other.candidate.term
    return best.is_drug and other.is_drug and one_in_other(a, b) and len(fold(a.text)) < len(fold(b.text))


def _within(a: str, b: str) -> bool:
    """One is part of the other: « crépitants » and « foyer de crépitants » are no rivals."""
    x, y = f" {fold(a)} ", f" {fold(b)} "
    return x in y or y in x


def _same_sound(a: Candidate, b: Candidate) -> bool:
    if fold(a.term.text) == fold(b.term.text):
        return True
    return any(
        distance(x, y) < HOMOPHONE for x in pronunciations(a.term.text) for y in pronunciations(b.term.text)
    )  # fmt: skip
