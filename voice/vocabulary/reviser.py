"""The second pass: doubtful stretches of an utterance against the names of the lexicon.

First pass → doubtful stretches → names that sound alike (``candidates``) → the utterance is decoded again with
each name forced in its place, the names in the prompt, and the log-probabilities compared (``verdict``). Forcing
texts costs one step of the decoder each where a free second decode costs a whole search, and cannot disturb
the figures around the name. What is replaced keeps what was heard; what stays doubtful becomes a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache

from dictation.evidence import Finding, Severity
from dictation.lexicon import Lexicon, Term, fold
from dictation.sound import Utterance
from dictation.transcript import Span, Word
from voice.seams import Decoder, Hypothesis, Revision
from voice.vocabulary.candidates import DRUG_KINDS, Candidate, find_candidates
from voice.vocabulary.figures import revise_figures
from voice.vocabulary.heard import Piece, cues, pieces_of
from voice.vocabulary.index import SoundIndex
from voice.vocabulary.ordinary import is_ordinary
from voice.vocabulary.rewriting import replaced, shifted, totals
from voice.vocabulary.spelling import learnt, respelt
from voice.vocabulary.tens import revise_tens
from voice.vocabulary.terms import shipped
from voice.vocabulary.verdict import MOST_SURE, Tried, judge, one_in_other

#: names tried for one stretch, and stretches tried in one utterance
PER_STRETCH, STRETCHES = 4, 6
#: candidates of less weight are not worth a decode
WEIGHT = 1.8
#: a rival weighs at least this part of the best; a best this near and this far ahead has none (measured: no loss)
RIVAL, NEAR, AHEAD = 0.6, 0.12, 0.1
DISTANCE = 0.35


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Pieces ``first``..``last`` and the names that may stand there, best first."""

    first: int
    last: int
    candidates: tuple[Candidate, ...]


EMPTY = Lexicon()


@dataclass(frozen=True, slots=True)
class _Own:
    """What is known at one moment: the practice's words, everything, and the former by sound."""

    source: Lexicon | tuple[()]
    names: Lexicon
    lexicon: Lexicon
    index: SoundIndex

    @classmethod
    def of(cls, source: Lexicon | tuple[()], base: Lexicon) -> _Own:
        names = Lexicon(source)
        lexicon = Lexicon([*names, *base], revision=base.revision) if len(names) else base
        return cls(source, names, lexicon, SoundIndex(names, shortest=4))


@lru_cache(maxsize=8)
def _both(a: Lexicon, b: Lexicon) -> Lexicon:
    return Lexicon([*a, *b])


class Vocabulary:
    """A :class:`voice.seams.SecondPass` over a lexicon of any size. Safe to share between threads."""

    def __init__(self, lexicon: Lexicon, own: Callable[[], Lexicon] | None = None) -> None:
        """Indexes ``lexicon`` and the names shipped with Calame by sound: about 20 µs a name.

        ``own`` is asked before each utterance for the practice's words (the same object while they are the same):
        what a correction has just taught serves at the next utterance.
        """
        ours = shipped()
        self._lexicon = Lexicon([*ours, *lexicon], revision=lexicon.revision)
        self._index = SoundIndex(t for t in self._lexicon if t.text in ours or not _is_everyday(t))
        self._ask_own = own
        self._own = _Own.of((), self._lexicon)

    @property
    def lexicon(self) -> Lexicon:
        """Every name known now."""
        return self._known().lexicon

    def with_names(self, names: Sequence[str]) -> Vocabulary:
        """The same vocabulary for one dictation in which these persons may be named."""
        new = copy(self)
        people = [Term(name, "person") for name in dict.fromkeys(n.strip() for n in names) if len(fold(name)) > 2]
        earlier = self._ask_own
        base = Lexicon(people)

        def own() -> Lexicon:
            return _both(earlier() if earlier else EMPTY, base)

        new._ask_own = own
        return new

    def _known(self) -> _Own:
        now = self._ask_own() if self._ask_own else EMPTY
        own = self._own
        if own.source is not now:
            own = self._own = _Own.of(now, self._lexicon)
        return own

    def prompt_terms(self, previous: str) -> tuple[str, ...]:
        """Terms for the first decode: none. Fixed lists of common drugs are heard where nobody said them."""
        return ()

    def revise(self, utterance: Utterance, first: Hypothesis, decoder: Decoder, previous: str) -> Revision:
        """See :meth:`voice.seams.SecondPass.revise`."""
        own = self._known()
        words = respelt(learnt(first.words, own.names), own.lexicon)
        findings: list[Finding] = []
        pieces = pieces_of(words, own.lexicon)
        stretches = _stretches(find_candidates(pieces, self._index, own.index), pieces)
        # from the end, so that positions of the pieces before stay true
        for stretch in sorted(stretches, key=lambda s: -s.first):
            tried = self._try(utterance, words, pieces, stretch, decoder, previous)
            verdict = judge(tried)
            if verdict.accepted is not None:
                candidate = verdict.accepted.candidate
                at, before = pieces[candidate.first].word, len(words)
                words = replaced(words, pieces, candidate, min(MOST_SURE, verdict.accepted.probability))
                after = len(words)
                findings = [shifted(f, at, after - before) for f in findings]
                if verdict.rivals:
                    size = len(candidate.term.text.split())
                    names = (candidate.term.text, *verdict.rivals)
                    findings.append(_doubt(Span(at, at + size), names, candidate.term.kind, replaced=True))
            elif verdict.rivals and _worth_a_look(stretch, pieces):
                span = Span(pieces[stretch.first].word, pieces[stretch.last - 1].word + 1)
                findings.append(_doubt(span, verdict.rivals, stretch.candidates[0].term.kind, replaced=False))
        words, findings = revise_figures(utterance, words, findings[::-1], own.lexicon, decoder, previous)
        words, more = revise_tens(utterance, words, decoder, previous)
        return Revision(tuple(words), (*findings, *more))

    def _try(
        self,
        utterance: Utterance,
        words: Sequence[Word],
        pieces: Sequence[Piece],
        stretch: _Stretch,
        decoder: Decoder,
        previous: str,
    ) -> list[Tried]:
        terms = tuple(dict.fromkeys(c.term.text for c in stretch.candidates))
        rivals = [replaced(words, pieces, candidate) for candidate in stretch.candidates]
        texts = [" ".join(w.text for w in rival) for rival in (list(words), *rivals)]
        heard, *others = totals(decoder, utterance, texts, terms, previous)
        return [Tried(c, value - heard) for c, value in zip(stretch.candidates, others, strict=True)]


def _is_everyday(term: Term) -> bool:
    """A brand of a register made of ordinary words (« Solution », « Cristal »): it would be heard everywhere."""
    return term.kind == "drug" and is_ordinary(term.text)


def _stretches(candidates: Sequence[Candidate], pieces: Sequence[Piece]) -> list[_Stretch]:
    """Groups of candidates for the same pieces, the strongest groups first."""
    groups: list[list[Candidate]] = []
    for candidate in candidates:  # best first
        if candidate.distance > DISTANCE or candidate.weight < WEIGHT or _is_a_person(candidate, pieces):
            continue
        touching = [g for g in groups if any(_overlap(candidate, c) for c in g)]
        if not touching:
            groups.append([candidate])
        elif len(touching) == 1 and _rivals(candidate, touching[0]):
            touching[0].append(candidate)
    return [_Stretch(min(c.first for c in g), max(c.last for c in g), tuple(g)) for g in groups[:STRETCHES]]


def _rivals(candidate: Candidate, group: Sequence[Candidate]) -> bool:
    best = group[0]
    if len(group) < PER_STRETCH and one_in_other(candidate.term, best.term) and candidate.distance <= DISTANCE:
        return True
    if best.distance <= NEAR and candidate.distance >= best.distance + AHEAD:
        return False
    return len(group) < PER_STRETCH and _overlap(candidate, best) and candidate.weight >= RIVAL * best.weight


def _overlap(a: Candidate, b: Candidate) -> bool:
    return a.first < b.last and b.first < a.last


def _is_a_person(candidate: Candidate, pieces: Sequence[Piece]) -> bool:
    """« Madame Benali »: what follows a title is a name of a person, never a drug."""
    if candidate.term.kind in ("practice", "person"):
        return False
    titles = cues()["title"]
    return any(fold(p.text) in titles for p in pieces[max(0, candidate.first - 2) : candidate.last])


def _worth_a_look(stretch: _Stretch, pieces: Sequence[Piece]) -> bool:
    over = pieces[stretch.first : stretch.last]
    return any(not p.known and len(p.sounds) >= 4 for p in over) and stretch.candidates[0].weight >= 2.5


def _doubt(span: Span, names: Sequence[str], kind: str, *, replaced: bool) -> Finding:
    listed = " ou ".join(f"«\u00a0{name}\u00a0»" for name in names)
    if replaced:
        return Finding(
            "word.doubtful", Severity.CHECK, f"À réécouter\u00a0: {listed}\u00a0?", span, candidates=tuple(names)
        )
    code = "drug.unknown" if kind in DRUG_KINDS else "word.doubtful"
    message = (
        f"Médicament non reconnu\u00a0: {listed}\u00a0?"
        if code == "drug.unknown"
        else f"Mot incertain\u00a0: {listed}\u00a0?"
    )
    return Finding(code, Severity.CHECK, message, span, candidates=tuple(names))
