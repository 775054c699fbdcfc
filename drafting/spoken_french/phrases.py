"""Finding phrases of a table in a row of tokens, and reading those tables.

Phrases are compared folded (lower case, no accents, apostrophes and hyphens as spaces), so « Trait
d'union » matches however the words were cut. Matching walks a tree: its cost is the length of the
longest phrase, whatever the size of the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any, Generic, TypeVar

from dictation.lexicon import fold
from drafting.spoken_french.token import Kind, Token

T = TypeVar("T")
Key = tuple[str, ...]

_WORDLIKE = frozenset({Kind.WORD, Kind.ACRONYM, Kind.NAME, Kind.NUMBER})


@lru_cache(maxsize=65_536)
def fold_words(text: str) -> Key:
    """Folded words of ``text``: « d'Union » -> ("d", "union")."""
    return tuple(fold(text).split())


def key_of(token: Token) -> Key:
    """What a token matches with: its folded words, or its own sign for punctuation and breaks."""
    if token.kind in _WORDLIKE:
        return fold_words(token.text) or (token.text,)
    if token.kind is Kind.BREAK:
        return ("\n",)
    return (token.text,)


def keys_of(tokens: Iterable[Token]) -> list[Key]:
    """Keys of a row of tokens."""
    return [key_of(t) for t in tokens]


class Phrases(Generic[T]):
    """Phrases with what they stand for. Immutable once built, safe to share between threads."""

    def __init__(self, items: Iterable[tuple[str, T]]) -> None:
        self._forward: dict[str | None, Any] = {}
        self._backward: dict[str | None, Any] = {}
        for phrase, payload in items:
            words = fold_words(phrase)
            if not words:
                raise ValueError(f"empty phrase {phrase!r}")
            for tree, row in ((self._forward, words), (self._backward, words[::-1])):
                node = tree
                for word in row:
                    node = node.setdefault(word, {})
                node.setdefault(None, payload)

    def at(self, keys: Sequence[Key], index: int) -> tuple[T, int] | None:
        """Longest phrase that starts at token ``index``: what it stands for and how many tokens it takes."""
        node, best = self._forward, None
        for length, key in enumerate(keys[index : index + 12], 1):
            for word in key:
                child = node.get(word)
                if child is None:
                    return best
                node = child
            if None in node:
                best = (node[None], length)
        return best

    def before(self, keys: Sequence[Key], index: int) -> tuple[T, int] | None:
        """Longest phrase that ends right before token ``index``."""
        node, best = self._backward, None
        for length in range(1, min(index, 12) + 1):
            for word in reversed(keys[index - length]):
                child = node.get(word)
                if child is None:
                    return best
                node = child
            if None in node:
                best = (node[None], length)
        return best


def read_table(name: str, columns: Sequence[str], *, package: str = "drafting.spoken_french") -> list[dict[str, str]]:
    """Rows of a tab-separated data file beside the code; ``#`` starts a comment line.

    Raises ``ValueError`` naming the line when the header or a row has other columns.
    """
    lines = resources.files(package).joinpath(name).read_text(encoding="utf-8").splitlines()
    rows = [(n, line) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if not rows or rows[0][1].split("\t") != list(columns):
        raise ValueError(f"{name}: header must be {list(columns)}")
    out = []
    for number, line in rows[1:]:
        cells = line.split("\t")
        if len(cells) > len(columns):
            raise ValueError(f"{name}:{number}: {len(cells)} cells for {len(columns)} columns")
        out.append(dict(zip(columns, cells + [""] * (len(columns) - len(cells)), strict=True)))
    return out


def alternatives(cell: str) -> list[str]:
    """« a | b » -> ["a", "b"]."""
    return [part.strip() for part in cell.split("|") if part.strip()]


def word_set(text: str) -> frozenset[str]:
    """The words of ``text``, separated by white space."""
    return frozenset(text.split())
