"""French spelling to phonemes by rule, and how far apart two phoneme strings sound.

The rules are data (``data/graphemes.tsv``, ``data/confusions.tsv``). They read ordinary French, Whisper's
invented spellings of names it does not know, and drug names, whose last letters are spoken (« Eliquis »,
« Lévothyrox ») where ordinary French keeps them silent.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from dictation.number_words import spell_number

#: every phoneme, one character each; position is its code in arrays, 0 is "none"
PHONEMES = " aeEiouyx@5§pbtdkgfvszSZmnNlRjwH"
VOWELS = frozenset("aeEiouyx@5§")
_CODE = {p: n for n, p in enumerate(PHONEMES)}
_VOWEL_LETTERS = "aeiouyàâäéèêëîïôöùûüÿœæ"
_CONSONANT_LETTERS = "bcçdfghjklmnpqrstvwxz"
_WORD = re.compile(rf"[{_VOWEL_LETTERS}{_CONSONANT_LETTERS}ñ]+|\d+")
#: how the letters of a spoken acronym sound
_LETTERS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        [
            "a",
            "be",
            "se",
            "de",
            "x",
            "Ef",
            "Ze",
            "aS",
            "i",
            "Zi",
            "ka",
            "El",
            "Em",
            "En",
            "o",
            "pe",
            "ky",
            "ER",
            "Es",
            "te",
            "y",
            "ve",
            "dublxve",
            "iks",
            "igREk",
            "zEd",
        ],
        strict=False,
    )
)

#: « d'œdème »: a lone consonant before an apostrophe is spoken
_ELIDED = {"d": "d", "t": "t", "s": "s", "c": "s", "j": "Z", "l": "l", "m": "m", "n": "n", "qu": "k"}


@dataclass(frozen=True, slots=True)
class _Rule:
    grapheme: str
    left: re.Pattern[str] | None
    right: re.Pattern[str] | None
    phonemes: str


def _context(pattern: str, *, left: bool) -> re.Pattern[str] | None:
    if pattern == ".":
        return None
    # V and C stand for letter classes, inside or outside brackets
    out, inside = [], False
    for char in pattern:
        inside = (inside or char == "[") and char != "]"
        letters = {"V": _VOWEL_LETTERS, "C": _CONSONANT_LETTERS}.get(char)
        out.append(char if letters is None else letters if inside else f"[{letters}]")
    text = "".join(out)
    return re.compile(f"(?:{text})$" if left else text)


@lru_cache(maxsize=1)
def _rules() -> dict[str, tuple[_Rule, ...]]:
    """Rules by first letter, in the order of the file. Raises ``ValueError`` on a line it cannot read."""
    by_letter: dict[str, list[_Rule]] = {}
    text = (files("voice.vocabulary") / "data" / "graphemes.tsv").read_text("utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        grapheme, left, right, phonemes = line.split("\t")
        phonemes = "" if phonemes == "-" else phonemes
        if any(p not in _CODE for p in phonemes):
            raise ValueError(f"graphemes.tsv:{number}: unknown phoneme in {phonemes!r}")
        rule = _Rule(grapheme, _context(left, left=True), _context(right, left=False), phonemes)
        by_letter.setdefault(grapheme[0], []).append(rule)
    return {letter: tuple(rules) for letter, rules in by_letter.items()}


@lru_cache(maxsize=50_000)
def phonemes_of_word(word: str) -> str:
    """Phonemes of one lower-case word without spaces; digits are read as French numbers."""
    if word.isdigit():
        return "".join(phonemes_of_word(part) for part in spell_number(word))
    if word in _ELIDED:
        return _ELIDED[word]
    out: list[str] = []
    at = 0
    rules = _rules()
    while at < len(word):
        for rule in rules.get(word[at], ()):
            end = at + len(rule.grapheme)
            if (
                word.startswith(rule.grapheme, at)
                and (rule.left is None or rule.left.search(word[:at]))
                and (rule.right is None or rule.right.match(word[end:]))
            ):
                out.append(rule.phonemes)
                at = end
                break
        else:
            at += 1
    return "".join(out)


def split_words(text: str) -> list[str]:
    """Lower-case letter runs and digit runs of ``text``, accents kept."""
    lower = unicodedata.normalize("NFC", text).lower()
    return _WORD.findall(lower)


@lru_cache(maxsize=50_000)
def phonemes(text: str) -> str:
    """Phonemes of a phrase, word ends not marked: « apic sabons » and « apixaban » come out alike."""
    return "".join(phonemes_of_word(word) for word in split_words(text))


_SPOKEN_ENDS = (("x", "ks"), ("s", "s"), ("t", "t"), ("z", "z"), ("d", "d"), ("p", "p"))
_OPEN_ENDS = (("an", "an"), ("en", "En"), ("in", "in"), ("on", "on"), ("um", "om"), ("er", "ER"), ("ent", "@t"))


def pronunciations(name: str) -> tuple[str, ...]:
    """The ways a name may be said, best first: last letter silent or spoken, last nasal closed or open.

    An upper-case run of two to five consonant-heavy letters is also spelt (« INR »).
    """
    words = split_words(name)
    if not words:
        return ()
    base = "".join(phonemes_of_word(w) for w in words)
    found = [base]
    head, last = "".join(phonemes_of_word(w) for w in words[:-1]), words[-1]
    if len(last) >= 4:
        silent = phonemes_of_word(last)
        for ending, sound in _SPOKEN_ENDS:
            if last.endswith(ending) and not silent.endswith(sound):
                # the letter before keeps the sound it has inside a word
                found.append(
                    head + phonemes_of_word(last[:-1] + ending + "a")[: -len("a")]
                    if ending == "x"
                    else head + silent + sound
                )
        for ending, sound in _OPEN_ENDS:
            if last.endswith(ending):
                stem = phonemes_of_word(last + "e")
                found.append(
                    head + (stem if ending in ("an", "in", "on") else silent[:-1] + sound if silent else sound)
                )
    if len(words) == 1 and name.isupper() and 2 <= len(name) <= 5:
        found.append("".join(_LETTERS.get(letter, "") for letter in name.lower()))
    return tuple(dict.fromkeys(p for p in found if p))


def encode(sounds: str) -> NDArray[np.int8]:
    """Phoneme codes 1..31 of a phoneme string."""
    return np.array([_CODE[p] for p in sounds], dtype=np.int8)


@dataclass(frozen=True, slots=True)
class Costs:
    """Weighted edit costs between phonemes; arrays indexed by phoneme code."""

    #: (32, 32) cost of hearing column for row, symmetric, 0 on the diagonal, at most 1.4
    substitute: NDArray[np.float32]
    #: (32,) cost of a phoneme heard too many or too few
    skip: NDArray[np.float32]


@lru_cache(maxsize=1)
def costs() -> Costs:
    """The confusion table of ``data/confusions.tsv``."""
    size = len(PHONEMES)
    substitute = np.full((size, size), 1.0, dtype=np.float32)
    skip = np.full(size, 0.9, dtype=np.float32)
    for a in PHONEMES[1:]:
        for b in PHONEMES[1:]:
            if (a in VOWELS) != (b in VOWELS):
                substitute[_CODE[a], _CODE[b]] = 1.4
            elif a in VOWELS:
                substitute[_CODE[a], _CODE[b]] = 0.75
    text = (files("voice.vocabulary") / "data" / "confusions.tsv").read_text("utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        sounds, cost = line.split("\t")
        if len(sounds) == 1:
            skip[_CODE[sounds]] = float(cost)
        else:
            x, y = (_CODE[p] for p in sounds)
            substitute[x, y] = substitute[y, x] = float(cost)
    np.fill_diagonal(substitute, 0.0)
    return Costs(substitute, skip)


def distance(a: str, b: str) -> float:
    """Weighted edit distance between two phoneme strings, divided by the length of the longer: 0 same, ~1 unrelated."""
    if not a or not b:
        return 0.0 if a == b else 1.0
    substitute, skip = _prices()
    row = [0.0]
    for y in b:
        row.append(row[-1] + skip[y])
    for x in a:
        prices, missing = substitute[x], skip[x]
        diagonal, row[0] = row[0], row[0] + missing
        for j, y in enumerate(b, 1):
            best = diagonal + prices[y]
            diagonal = row[j]
            row[j] = min(best, diagonal + missing, row[j - 1] + skip[y])
    return row[-1] / max(len(a), len(b))


@lru_cache(maxsize=1)
def _prices() -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """:func:`costs` by phoneme: fast one pair at a time."""
    table = costs()
    substitute = {x: {y: float(table.substitute[_CODE[x], _CODE[y]]) for y in PHONEMES[1:]} for x in PHONEMES[1:]}
    return substitute, {x: float(table.skip[_CODE[x]]) for x in PHONEMES[1:]}
