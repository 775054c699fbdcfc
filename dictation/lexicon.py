"""Names a dictation may contain: drugs, substances, anatomy, the practice's own words.

Immutable and safe to share between threads. Loading from files belongs to ``app.lexicons``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


def fold(text: str) -> str:
    """Lower case, no accents, hyphens and apostrophes as spaces, single spaces: the key of a term."""
    flat = unicodedata.normalize("NFD", text.replace("œ", "oe").replace("Œ", "oe").lower())
    kept = "".join(c for c in flat if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in kept).split())


@dataclass(frozen=True, slots=True)
class Term:
    """One name."""

    #: as it should be written: "Kardégic", "bisoprolol"
    text: str
    #: "drug" (brand), "substance", "anatomy", "term", "practice", "person"
    kind: str
    #: ATC code for drugs, else ``None``
    code: str | None = None
    #: marketed strengths as written by the source ("5 mg"), may be empty
    strengths: tuple[str, ...] = ()
    #: other ways it is spoken or heard
    spoken: tuple[str, ...] = ()


class Lexicon:
    """Terms by folded name. Later terms do not hide earlier ones of the same name."""

    def __init__(self, terms: Iterable[Term] = (), *, revision: str = "vide") -> None:
        self.revision = revision
        self._by_key: dict[str, Term] = {}
        self._longest = 1
        for term in terms:
            for name in (term.text, *term.spoken):
                key = fold(name)
                if key:
                    self._by_key.setdefault(key, term)
                    self._longest = max(self._longest, key.count(" ") + 1)

    def __len__(self) -> int:
        return len(self._by_key)

    def __iter__(self) -> Iterator[Term]:
        """Every term once, in the order given."""
        return iter(dict.fromkeys(self._by_key.values()))

    def __contains__(self, text: str) -> bool:
        return fold(text) in self._by_key

    def find(self, text: str) -> Term | None:
        """The term of that name, accents and case ignored."""
        return self._by_key.get(fold(text))

    def longest_at(self, words: Sequence[str], index: int) -> tuple[Term, int] | None:
        """Longest term that starts at ``words[index]`` and how many words it takes, or ``None``."""
        for length in range(min(self._longest, len(words) - index), 0, -1):
            term = self._by_key.get(fold(" ".join(words[index : index + length])))
            if term is not None:
                return term, length
        return None

    def names(self, *kinds: str) -> tuple[str, ...]:
        """Written names, of those kinds only when given, without duplicates."""
        return tuple(dict.fromkeys(t.text for t in self._by_key.values() if not kinds or t.kind in kinds))
