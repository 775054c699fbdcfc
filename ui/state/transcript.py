"""The transcript as the screen shows it: blocks of words, each word with the marks it carries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import flet as ft

from app.walk import LOW_CONFIDENCE
from dictation.transcript import Span, Transcript, Word

#: a block ends at a pause this long, or after this many words at the latest
PAUSE_S, LONGEST = 1.0, 60

EVIDENCE, PLAYING, DOUBTFUL, CORRECTED = "evidence", "playing", "doubtful", "corrected"


def blocks_of(words: Sequence[Word]) -> tuple[tuple[int, int], ...]:
    """(first, last) word indices of the blocks; 5,000 words make about a hundred."""
    out: list[tuple[int, int]] = []
    first = 0
    for n in range(1, len(words) + 1):
        end = n == len(words)
        if end or n - first >= LONGEST or (n - first >= 12 and words[n].start_s - words[n - 1].end_s >= PAUSE_S):
            out.append((first, n))
            first = n
    return tuple(out)


@ft.observable
@dataclass(eq=False)
class Block:
    """Words ``first`` to ``last`` (excluded) and the marks on them; notifies when its marks move."""

    first: int
    words: tuple[Word, ...]
    marks: frozenset[int] = frozenset()
    playing: int | None = None

    def mark_of(self, n: int) -> str | None:
        """What word ``n`` of the transcript shows, the strongest mark first."""
        word = self.words[n - self.first]
        if n == self.playing:
            return PLAYING
        if n in self.marks:
            return EVIDENCE
        if word.heard is not None:
            return CORRECTED
        return DOUBTFUL if word.confidence < LOW_CONFIDENCE else None


@ft.observable
@dataclass(eq=False)
class TranscriptVM:
    """All blocks; only those whose marks move are drawn again."""

    blocks: list[Block] = field(default_factory=list)
    highlighted: tuple[Span, ...] = ()
    #: number of the first highlighted word, to scroll there
    anchor: int | None = None
    chosen: int | None = None
    at_s: float = 0.0
    duration_s: float = 0.0
    playing: bool = False
    rate: float = 1.0
    has_sound: bool = False
    _shown: Transcript | None = None

    def show(self, transcript: Transcript | None) -> bool:
        """Takes another transcript; False when it is the one already shown."""
        if transcript is self._shown or (transcript is not None and transcript == self._shown):
            return False
        words = transcript.words if transcript else ()
        object.__setattr__(self, "_shown", transcript)
        object.__setattr__(self, "highlighted", ())
        object.__setattr__(self, "anchor", None)
        object.__setattr__(self, "chosen", None)
        object.__setattr__(self, "duration_s", transcript.duration_s if transcript else 0.0)
        self.blocks = [Block(a, tuple(words[a:b])) for a, b in blocks_of(words)]
        return True

    @property
    def words(self) -> tuple[Word, ...]:
        """The words shown."""
        return self._shown.words if self._shown else ()

    def highlight(self, spans: Iterable[Span]) -> None:
        """Marks the words under ``spans`` and nothing else."""
        object.__setattr__(self, "highlighted", tuple(spans))
        marked = {n for span in self.highlighted for n in range(span.first, span.last)}
        object.__setattr__(self, "anchor", min(marked, default=None))
        for block in self.blocks:
            mine = frozenset(n for n in range(block.first, block.first + len(block.words)) if n in marked)
            if mine != block.marks:
                block.marks = mine

    def play_at(self, seconds: float, playing: bool) -> None:
        """The sound is at ``seconds``."""
        current = self.word_at(seconds) if playing else None
        object.__setattr__(self, "at_s", seconds)
        object.__setattr__(self, "playing", playing)
        for block in self.blocks:
            inside = current is not None and block.first <= current < block.first + len(block.words)
            if block.playing != (current if inside else None):
                block.playing = current if inside else None

    def word_at(self, seconds: float) -> int | None:
        """Index of the word said at ``seconds``, or the last before; ``None`` before the first."""
        words = self.words
        low, high = 0, len(words)
        while low < high:
            middle = (low + high) // 2
            if words[middle].start_s <= seconds:
                low = middle + 1
            else:
                high = middle
        return low - 1 if low else None

    def block_of(self, n: int) -> int | None:
        """Which block holds word ``n``."""
        return next(
            (i for i, b in enumerate(self.blocks) if b.first <= n < b.first + len(b.words)),
            None,
        )
