"""What was heard, cut for the ear: pieces of words with their sounds, and how suspicious each piece is.

A piece is a word without its punctuation, or one side of an apostrophe (« l' » + « oxazepamme »).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from dictation.lexicon import Lexicon, Term, fold
from dictation.number_words import WORDS as NUMBER_WORDS
from dictation.transcript import Word
from voice.vocabulary.ordinary import is_ordinary
from voice.vocabulary.phonetics import phonemes

_PIECES = re.compile(r"[^\W_]+['’]?|[%°]")
#: a word surer than this is not doubted for its sound alone
SURE = 0.65
#: words of a name that a dose may directly follow
DOSE_REACH = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a word, half-open character range of that word's text."""

    word: int
    first: int
    last: int
    text: str
    sounds: str
    confidence: float
    #: a word of the language, a number, or a known name
    known: bool
    #: dictated punctuation, numbers with their unit: never part of a name
    wall: bool
    #: part of a lexicon name that was heard as such
    named: bool = False
    #: a drug is expected here: a cue before or a dose after
    cued: bool = False

    @property
    def doubt(self) -> float:
        """0..1: how readily this piece may have been misheard."""
        if self.named:
            return 0.0
        low = max(0.0, SURE - self.confidence) / SURE
        return min(1.0, (0.0 if self.known else 0.75) + 0.5 * low + (0.25 if self.cued else 0.0))


@lru_cache(maxsize=1)
def cues() -> dict[str, frozenset[str]]:
    """Cue words by group: "before", "changed", "unit", "command", "title"."""
    out = {}
    for line in (files("voice.vocabulary") / "data" / "cues.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            group, words = line.split("\t")
            out[group] = frozenset(words.split())
    return out


def _is_number(folded: str) -> bool:
    return bool(folded) and (folded[0].isdigit() or folded in NUMBER_WORDS)


def pieces_of(words: Sequence[Word], lexicon: Lexicon) -> tuple[Piece, ...]:
    """Pieces of ``words`` in order, with everything known about them."""
    raw: list[tuple[int, int, int, str]] = []
    for number, word in enumerate(words):
        for found in _PIECES.finditer(word.text):
            raw.append((number, found.start(), found.end(), found[0]))
    folded = [fold(text) if text not in "%°" else text for *_, text in raw]
    named = [False] * len(raw)
    at = 0
    while at < len(raw):
        match = lexicon.longest_at(folded, at) if len(folded[at]) > 2 else None
        if match is not None and _is_said(match[0], folded[at : at + match[1]]):
            for n in range(at, at + match[1]):
                named[n] = True
        at += match[1] if match is not None else 1
    groups = cues()
    out = []
    for n, (number, first, last, text) in enumerate(raw):
        key = folded[n]
        unit = key in groups["unit"] and n > 0 and _is_number(folded[n - 1])
        out.append(
            Piece(
                number, first, last, text, phonemes(text), words[number].confidence,
                known=named[n] or is_ordinary(key) or len(key) <= 1,
                wall=_is_command(folded, n) or unit or text[0].isdigit() or text in "%°",
                named=named[n],
                cued=_expected(folded, n),
            )
        )  # fmt: skip
    return tuple(out)


def _is_command(folded: Sequence[str], n: int) -> bool:
    """« virgule », « point »; « ligne » only after « à la »: « sert à ligne » may be « sertraline »."""
    if folded[n].startswith("ligne"):
        return n > 0 and folded[n - 1] == "la"
    return folded[n] in cues()["command"]


def _is_said(term: Term, folded: Sequence[str]) -> bool:
    """False for a spoken form, which is to be written otherwise, and for a brand made of ordinary words."""
    return " ".join(folded) == fold(term.text) and not (term.kind == "drug" and all(is_ordinary(f) for f in folded))


def _expected(folded: Sequence[str], n: int) -> bool:
    groups = cues()
    for back in range(1, DOSE_REACH + 1):
        if n - back >= 0 and folded[n - back] in groups["before"]:
            return True
        if n - back >= 0 and folded[n - back] in groups["command"]:
            break
    for ahead in range(1, DOSE_REACH):
        if n + ahead < len(folded) and folded[n + ahead] in groups["changed"]:  # « le tramadol a été arrêté »
            return True
        if n + ahead + 1 < len(folded) and folded[n + ahead] in groups["command"]:
            break
        if n + ahead + 1 < len(folded) and _is_number(folded[n + ahead]):
            return any(f in groups["unit"] for f in folded[n + ahead + 1 : n + ahead + 6])
    return False


def phrases(pieces: Sequence[Piece]) -> list[tuple[int, int]]:
    """Ranges of pieces between walls."""
    out, start = [], 0
    for n, piece in enumerate([*pieces, None]):
        if piece is None or piece.wall:
            if n > start:
                out.append((start, n))
            start = n + 1
    return out
