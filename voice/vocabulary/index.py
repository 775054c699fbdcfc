"""Which names of a lexicon sound like a stretch of speech: tens of thousands of names, milliseconds.

Two steps. A bit signature of coarse sound pairs leaves the names that share sounds with the stretch; a weighted
alignment, all names at once, finds for each the part of the stretch that sounds most like it, wherever words
were cut.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dictation.lexicon import Term
from voice.vocabulary.phonetics import costs, encode, pronunciations

#: sounds the recogniser mixes up count as one in signatures
_CLASSES = ("eEi5yHj", "a@o§uwx", "pbvf", "td", "kg", "szSZ", "mnN", "l", "R")
_CLASS = {p: n for n, group in enumerate(_CLASSES) for p in group}
_SIGNATURE_WORDS = 2
_BITS = 64 * _SIGNATURE_WORDS


@dataclass(frozen=True, slots=True)
class Match:
    """A term that sounds like part of a stretch."""

    term: Term
    #: weighted edit distance divided by the length of the name's sounds: 0 same, 0.5 and more unrelated
    distance: float
    #: sounds of the stretch it covers, half-open
    first: int
    last: int


def _signature(sounds: str) -> list[int]:
    classes = [_CLASS[p] for p in sounds]
    out = [0] * _SIGNATURE_WORDS
    for a, b in itertools.pairwise(classes):
        bit = (a * len(_CLASSES) + b) * 2654435761 % 2**32 % _BITS
        out[bit // 64] |= 1 << (bit % 64)
    return out


def _popcount(values: NDArray[np.uint64]) -> NDArray[np.int64]:
    bits: NDArray[np.int64] = np.unpackbits(values.view(np.uint8), axis=-1).sum(axis=-1, dtype=np.int64)
    return bits


class SoundIndex:
    """Names by sound. Immutable after construction, safe to share between threads."""

    def __init__(self, terms: Iterable[Term], *, shortest: int = 4) -> None:
        """``shortest``: names of fewer sounds are left out, they sound like everything."""
        entries: dict[tuple[str, str], Term] = {}
        for term in terms:
            for name in (term.text, *term.spoken):
                for sounds in pronunciations(name):
                    if shortest <= len(sounds) <= 40:
                        entries.setdefault((term.text, sounds), term)
        self._terms = list(entries.values())
        sounds_of = [sounds for _, sounds in entries]
        self.lengths = np.array([len(s) for s in sounds_of], dtype=np.int32)
        width = int(self.lengths.max()) if sounds_of else 1
        self._codes = np.zeros((len(sounds_of), width), dtype=np.int8)
        for row, sounds in enumerate(sounds_of):
            self._codes[row, : len(sounds)] = encode(sounds)
        self._signatures = np.array([_signature(s) for s in sounds_of], dtype=np.uint64).reshape(-1, _SIGNATURE_WORDS)
        self._pairs = np.maximum(1, _popcount(self._signatures))

    def __len__(self) -> int:
        return len(self._terms)

    def search(
        self,
        sounds: str,
        *,
        starts: Sequence[float] | None = None,
        limit: int = 12,
        within: float = 0.45,
        keep: int = 1500,
    ) -> list[Match]:
        """Names that sound like some part of ``sounds``, nearest first, each term once.

        ``starts[i]`` is the cost of starting or ending before sound ``i`` (``len(sounds) + 1`` values): 0 between
        words, more inside one. ``within`` bounds the distance, ``keep`` how many names are aligned in full.
        """
        if not self._terms or len(sounds) < 2:
            return []
        signature = np.array(_signature(sounds), dtype=np.uint64)
        shared = _popcount(self._signatures & signature) / self._pairs
        rows = np.flatnonzero(shared >= 0.3)
        if len(rows) > keep:
            rows = rows[np.argpartition(-shared[rows], keep)[:keep]]
        if not len(rows):
            return []
        free = np.zeros(len(sounds) + 1, np.float32) if starts is None else np.asarray(starts, np.float32)
        cost, first, last = self._align(rows, encode(sounds), free)
        relative = cost / self.lengths[rows]
        found: dict[str, Match] = {}
        for n in np.argsort(relative, kind="stable"):
            if relative[n] > within or len(found) >= limit:
                break
            term = self._terms[rows[n]]
            found.setdefault(term.text, Match(term, float(relative[n]), int(first[n]), int(last[n])))
        return list(found.values())

    def _align(
        self, rows: NDArray[np.int64], heard: NDArray[np.int8], free: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int32]]:
        """Best cost of each name against any part of ``heard``, and that part."""
        table = costs()
        codes = self._codes[rows]
        count, width = codes.shape
        lengths = self.lengths[rows]
        width = int(lengths.max())
        codes = codes[:, :width]
        skip_name = table.skip[codes]  # a sound of the name not heard
        every = np.arange(count)
        # column for "nothing heard yet": any start, whole prefix skipped
        score = np.zeros((count, width + 1), np.float32)
        score[:, 0] = free[0]
        np.cumsum(skip_name, axis=1, out=score[:, 1:])
        score[:, 1:] += free[0]
        begin = np.zeros((count, width + 1), np.int32)
        best = score[every, lengths] + free[0]
        best_first, best_last = np.zeros(count, np.int32), np.zeros(count, np.int32)
        for at, sound in enumerate(heard, 1):
            substitute = table.substitute[sound][codes]
            new = np.empty_like(score)
            origin = np.empty_like(begin)
            new[:, 0] = free[at]
            origin[:, 0] = at
            diagonal = score[:, :-1] + substitute
            extra = score[:, 1:] + table.skip[sound]
            take = extra < diagonal
            new[:, 1:] = np.where(take, extra, diagonal)
            origin[:, 1:] = np.where(take, begin[:, 1:], begin[:, :-1])
            for k in range(1, width + 1):
                missing = new[:, k - 1] + skip_name[:, k - 1]
                better = missing < new[:, k]
                np.copyto(new[:, k], missing, where=better)
                np.copyto(origin[:, k], origin[:, k - 1], where=better)
            score, begin = new, origin
            total = score[every, lengths] + free[at]
            better = total < best
            best = np.where(better, total, best)
            best_first = np.where(better, begin[every, lengths], best_first)
            best_last = np.where(better, at, best_last)
        return best, best_first, best_last
