"""What every pass needs to look at tokens: folded words, phrase tables, data files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Generic, TypeVar

from dictation.lexicon import fold
from dictation.transcript import Span
from drafting.spoken_french.token import Token

T = TypeVar("T")


@lru_cache(maxsize=16384)
def folded(text: str) -> str:
    """Key of a token's text: lower case without accents; a mark stays itself.

    Written ratios of units keep their case and their bar: « G/L » is not « g/L », « /mm³ » not « mm³ ».
    """
    if "/" in text:
        return text.replace("μ", "µ").replace("l/m", "L/m") if any(c.isalpha() for c in text) else text
    return fold(text) or text


def folds(tokens: Sequence[Token]) -> list[str]:
    """Keys of ``tokens``."""
    return [folded(t.text) for t in tokens]


def rows(name: str) -> list[dict[str, str]]:
    """Rows of a TSV data file of this package; raises ``ValueError`` when a row lacks a column."""
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    out: list[dict[str, str]] = []
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        if None in row or any(value is None for value in row.values()):
            raise ValueError(f"{name}: ligne incomplète {row!r}")
        out.append({key: value.strip() for key, value in row.items()})
    return out


class Phrases(Generic[T]):
    """Longest-match table of phrases, accents and case ignored. Keys of one row may be split by « | »."""

    def __init__(self, table: Mapping[str, T] | Iterable[tuple[str, T]]) -> None:
        pairs = table.items() if isinstance(table, Mapping) else table
        self._values: dict[str, T] = {}
        self._longest: dict[str, int] = {}
        for keys, value in pairs:
            for key in keys.split("|"):
                words = [folded(word) for word in _apart(key)]
                if not words:
                    raise ValueError(f"phrase vide pour {value!r}")
                self._values.setdefault(" ".join(words), value)
                first = words[0].split(" ")[0]
                self._longest[first] = max(self._longest.get(first, 0), len(" ".join(words).split(" ")))

    def at(self, low: Sequence[str], index: int) -> tuple[T, int] | None:
        """Value of the longest phrase that starts at ``low[index]`` and the index after it."""
        if index >= len(low):
            return None
        longest = self._longest.get(low[index].split(" ", 1)[0])
        if longest is None:
            return None
        for end in range(min(len(low), index + longest), index, -1):
            value = self._values.get(" ".join(low[index:end]))
            if value is not None:
                return value, end
        return None

    def get(self, key: str) -> T | None:
        """Value of exactly that folded phrase."""
        return self._values.get(key)

    def __contains__(self, key: object) -> bool:
        return key in self._values


def _apart(phrase: str) -> list[str]:
    return phrase.replace("'", "' ").replace("’", "' ").split()


def span_of(tokens: Sequence[Token]) -> Span:
    """Smallest span that holds all ``tokens``."""
    return Span(min(t.span.first for t in tokens), max(t.span.last for t in tokens))
