"""Names that may have been said where something doubtful was heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from dictation.lexicon import Term, fold
from voice.vocabulary.heard import Piece, phrases
from voice.vocabulary.index import SoundIndex
from voice.vocabulary.ordinary import is_nearly_ordinary

DRUG_KINDS = frozenset({"drug", "substance"})
#: cost of a name that starts or ends inside a word
INSIDE_WORD = 0.35
NEAREST = 24
NEGATIONS = frozenset({"pas", "sans", "ni", "aucun", "aucune", "non", "jamais"})
#: letters from which ordinary words that end a longer term are what was said
SHORTEST_END = 5
#: sounds of the replaced words that the name may leave unexplained
LEFT_OVER = 3
#: distance added for each of them after the first
PER_LEFT_OVER = 0.05


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that sounds like pieces ``first``..``last`` (half-open)."""

    term: Term
    first: int
    last: int
    #: 0 sounds the same, as in :class:`voice.vocabulary.index.Match`
    distance: float
    #: 0..1, mean doubt of the pieces it would replace
    doubt: float
    #: sounds that agree less what differs: long good matches first
    weight: float
    #: sounds of the pieces it would replace
    sounds: int = 0
    #: every piece is a word of the language
    known: bool = False
    #: a drug in place of words of the language (or one letter away from them) where nothing says that a drug comes
    unlikely: bool = False
    #: a cue before or a dose after
    cued: bool = False
    #: lowest confidence of the pieces
    surely: float = 0.0
    #: what was heard is one of the name's spoken forms, taught by a correction or given by the source
    learnt: bool = False
    #: 0..1, how much its letters differ from what was heard: tells « allergie » from « allergies »
    spelling: float = 0.0


def find_candidates(pieces: Sequence[Piece], *indexes: SoundIndex) -> list[Candidate]:
    """Candidates of a whole utterance in any of ``indexes``, best first."""
    out: list[Candidate] = []
    settled: list[tuple[int, int]] = []
    for start, end in phrases(pieces):
        part = pieces[start:end]
        if not any(p.doubt > 0 for p in part):
            continue
        sounds = "".join(p.sounds for p in part)
        owner = [n for n, p in enumerate(part) for _ in p.sounds]
        cuts = {0, len(sounds)}
        at = 0
        for p in part:
            at += len(p.sounds)
            cuts.add(at)
        starts = [0.0 if n in cuts else INSIDE_WORD for n in range(len(sounds) + 1)]
        for match in (m for index in indexes for m in index.search(sounds, starts=starts, limit=NEAREST)):
            if match.first >= match.last:
                continue
            covered: dict[int, int] = {}
            for n in range(match.first, match.last):
                covered[owner[n]] = covered.get(owner[n], 0) + 1
            # a piece of which only a scrap is covered stays
            kept = [n for n, count in covered.items() if count * 2 > len(part[n].sounds) or count >= 3]
            if not kept:
                continue
            first, last = start + min(kept), start + max(kept) + 1
            over = pieces[first:last]
            heard = fold(" ".join(p.text for p in over))
            learnt = any(fold(form) == heard for form in match.term.spoken)
            plural = match.term.kind not in DRUG_KINDS and inflected(heard, fold(match.term.text))
            if heard == fold(match.term.text):
                continue
            if plural and not learnt:
                settled.append((first, last))
                continue
            if (
                heard.partition(" ")[0] in NEGATIONS
                and heard.split()[1:] == fold(match.term.text).split()[1:]
                and not learnt
            ):
                continue  # « pas de contention » may be « bas de contention »: a negation is never taken away alone
            ends = len(heard) >= SHORTEST_END and fold(match.term.text).endswith(heard)
            if ends and not learnt and all(p.known for p in over):
                continue  # « tension artérielle » is not « hypertension artérielle » of which the start went unheard
            if not learnt and any(p.named and not match_inside(over, match.term) for p in over):
                continue
            size = sum(len(p.sounds) for p in over) or 1
            left = size - (match.last - match.first)
            if left > LEFT_OVER and not learnt:
                continue  # it would swallow something else that was said: « microalbuminurinégative »
            far = match.distance + PER_LEFT_OVER * max(0, left - 1)
            doubt = sum(p.doubt * len(p.sounds) for p in over) / size
            length = match.last - match.first
            cued = any(p.cued for p in over)
            out.append(
                Candidate(
                    match.term,
                    first,
                    last,
                    far,
                    doubt,
                    length * (1.0 - 2.2 * far) * (0.3 + doubt),
                    sounds=size,
                    known=all(p.known for p in over),
                    unlikely=match.term.kind in DRUG_KINDS
                    and not cued
                    and all(is_nearly_ordinary(p.text) for p in over),
                    cued=cued,
                    surely=min(p.confidence for p in over),
                    learnt=learnt,
                    spelling=Levenshtein.normalized_distance(heard, fold(match.term.text)),
                )
            )
    out = [c for c in out if c.learnt or not any(a <= c.first and c.last <= b for a, b in settled)]
    out.sort(key=lambda c: -c.weight)
    return out


def inflected(heard: str, name: str) -> bool:
    """« exacerbations » is « exacerbation » with a plural nobody mishears, « fébriles » is « fébrile »."""
    return heard.startswith(name) and heard[len(name) :] in ("s", "e", "es", "x")


def match_inside(over: Sequence[Piece], term: Term) -> bool:
    """True when the known name among ``over`` is itself part of ``term``: « acide » of « acide folique »."""
    words = fold(term.text).split()
    return all(fold(p.text) in words for p in over if p.named)
