"""The text of an utterance that is still going on: what two successive hypotheses agree on is stable.

Stable text never changes again. Once there are some seconds of it, only the sound after it is decoded, with the text
as context: showing what is being said costs the same in the tenth second as in the second one.
"""

from __future__ import annotations

from collections.abc import Sequence

from dictation.lexicon import fold
from dictation.sound import RATE_HZ, Utterance
from dictation.transcript import Word
from voice.seams import Partial

#: sound decoded again and again before the part with stable text is left out, and what stays at least
LONGEST_S, KEEP_S = 5.0, 1.5


class Growing:
    """One utterance, from its first partial to its last. Not thread-safe."""

    def __init__(self, start_s: float) -> None:
        self.start_s = start_s
        #: where decoding starts
        self.from_s = start_s
        self._done: list[str] = []  # stable, before ``from_s``
        self._stable: list[str] = []  # stable, after it
        self._last: tuple[Word, ...] = ()

    @property
    def text(self) -> str:
        """Stable text before :attr:`from_s`: the context of what is decoded."""
        return " ".join(self._done)

    def rest(self, utterance: Utterance) -> Utterance:
        """The part of ``utterance`` still to be decoded."""
        first = round((self.from_s - utterance.start_s) * RATE_HZ)
        return Utterance(utterance.pcm[first * 2 :], self.from_s, utterance.end_s) if first > 0 else utterance

    def update(self, words: Sequence[Word], now_s: float) -> Partial:
        """What to show after this hypothesis of :meth:`rest`."""
        agreed = 0
        for before, now in zip(self._last, words, strict=False):
            if fold(before.text) != fold(now.text):
                break
            agreed += 1
        if agreed > len(self._stable):
            self._stable += [w.text for w in words[len(self._stable) : agreed]]
        self._last = tuple(words)
        shown = Partial(
            " ".join([*self._done, *self._stable]), " ".join(w.text for w in self._last[len(self._stable) :])
        )
        if now_s - self.from_s > LONGEST_S:
            self._leave_out(agreed, now_s)
        return shown

    def _leave_out(self, agreed: int, now_s: float) -> None:
        """Moves on to the widest gap between two agreed words, the later of equals."""
        at, widest = -1, -1.0
        for i in range(1, agreed - 1):
            gap = self._last[i + 1].start_s - self._last[i].end_s
            if self._last[i + 1].start_s <= now_s - KEEP_S and gap >= widest:
                at, widest = i, gap
        if at < 0:
            return
        self.from_s = max(self.from_s, (self._last[at].end_s + self._last[at + 1].start_s) / 2)
        self._done += self._stable[: at + 1]
        self._stable = self._stable[at + 1 :]
        self._last = self._last[at + 1 :]
