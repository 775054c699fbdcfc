"""What every check is given, and what it may object."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from dictation.lexicon import Lexicon, fold
from drafting.passage import plain

_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿœŒ][\wÀ-ÿœ-]*")
_CLAUSE = re.compile(r"(?<!\d),(?!\d)|, |;|\.(?:\s|$)|:|\?|!|\n|\b(?:et|mais|puis|avec|contre)\b")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a proposal cannot stand."""

    #: name of the check
    code: str
    #: the words of the proposal, or of the source, that are at fault
    words: str


@dataclass(frozen=True, slots=True)
class Case:
    """A proposed wording and the statements it cites, all in written form."""

    proposal: str
    sources: tuple[str, ...]
    lexicon: Lexicon

    @property
    def source(self) -> str:
        """The cited statements as one text."""
        return " ".join(plain(s) for s in self.sources)

    @property
    def text(self) -> str:
        """The proposal with plain spaces and apostrophes."""
        return plain(self.proposal)


#: a check is a pure function
Check = Callable[[Case], tuple[Problem, ...]]


@cache
def words_of(name: str) -> frozenset[str]:
    """Folded words of ``checks/<name>.txt``."""
    text = (resources.files("drafting.checks") / f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(fold(w) for line in text.splitlines() if not line.startswith("#") for w in line.split())


def stem(word: str) -> str:
    """A crude stem: enough letters to tell words apart, few enough to forgive their endings."""
    key = fold(word)
    return key[: max(4, len(key) - 3)] if len(key) > 5 else key.rstrip("s")


def content_stems(text: str) -> tuple[str, ...]:
    """Stems of the words that carry meaning, in order."""
    light = words_of("light_words")
    return tuple(stem(w) for part in _WORD.findall(text) for w in (part,) if fold(w) not in light and len(fold(w)) > 1)


def clauses(text: str) -> tuple[str, ...]:
    """Clauses of a text: between commas, conjunctions and full stops."""
    return tuple(c.strip() for c in _CLAUSE.split(plain(text)) if c and c.strip())
