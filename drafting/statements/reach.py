"""How far a cue reaches: forward or back inside its clause, over lists, across « X : non »."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from drafting.spoken_french.phrases import Key, word_set
from drafting.spoken_french.token import Kind, Token
from drafting.statements.words import lines

#: no cue reaches farther, in tokens: a sentence nobody ends stays linear
_FAR = 80


@dataclass(frozen=True, slots=True)
class Cue:
    """What a cue sets and how far it reaches."""

    words: str
    sets: str
    scope: str


@dataclass(frozen=True, slots=True)
class Hit:
    cue: Cue
    first: int
    last: int


@cache
def _scope_ends() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(line.split()) for line in lines("scope_ends.txt"))


def clause_ends(tokens: Sequence[Token]) -> list[bool]:
    """For each token, whether a clause ends right before it."""
    texts = [t.text.lower() for t in tokens]
    flags = []
    for i, token in enumerate(tokens):
        sign = token.kind in (Kind.PUNCT, Kind.BREAK) and token.text in ",;:().…?!–"
        flags.append(sign or (texts[i],) in _scope_ends() or tuple(texts[i : i + 2]) in _scope_ends())
    return flags


def reach(hit: Hit, tokens: Sequence[Token], keys: Sequence[Key], ends: Sequence[bool]) -> range:
    if hit.cue.words == "non" and (answer := _answered(hit, tokens, keys, ends)) is not None:
        return answer
    match hit.cue.scope:
        case "all":
            return _clause(hit, tokens, keys)
        case "back":
            start = hit.first
            while (
                start > 0
                and hit.first - start < _FAR
                and not ends[start - 1]
                and not (keys[start - 1] and keys[start - 1][0] == "ni")
            ):
                start -= 1
            return range(start, hit.first)
        case "one":
            end = hit.last
            while end < len(tokens) and not ends[end] and keys[end] and keys[end][0] not in ("et", "ou", "ni"):
                end += 1
            return range(hit.last, end)
    end = hit.last
    while end < len(tokens) and end - hit.last < _FAR:
        if ends[end] and not _goes_on(tokens, keys, end, ends):
            break
        if keys[end] == ("et",) and _new_clause(keys, end + 1):
            break
        end += 1
    return range(hit.last, end)


SUBJECTS = word_set("il elle lui on je j nous patient patiente mais")


def _clause(hit: Hit, tokens: Sequence[Token], keys: Sequence[Key]) -> range:
    """The sentence, cut at a comma where another subject takes over (« sa mère a …, lui n'a pas … »)."""
    start = max(0, hit.first - _FAR)
    for k in range(hit.first - 1, max(-1, hit.first - 3), -1):
        if tokens[k].text in (",", ";"):
            start = k + 1
            break
    end = hit.last
    while end < len(tokens) and end - hit.last < _FAR:
        if tokens[end].text == ";" or (tokens[end].text == "," and set(first_words(keys, end + 1)) & SUBJECTS):
            break
        end += 1
    return range(start, end)


def first_words(keys: Sequence[Key], i: int) -> tuple[str, ...]:
    """First words after a comma: enough to see a subject."""
    return tuple(word for key in keys[i : i + 2] for word in key)[:2]


def _answered(hit: Hit, tokens: Sequence[Token], keys: Sequence[Key], ends: Sequence[bool]) -> range | None:
    """« Hémoptysie : non. », « fièvre non, toux oui »: what « non » answers, else ``None``."""
    if hit.last < len(tokens) and not (ends[hit.last] or keys[hit.last] == ("et",)):
        return None
    stop = hit.first - 1 if hit.first and tokens[hit.first - 1].text in (":", "?") else hit.first
    start = stop
    while start > 0 and not ends[start - 1]:
        start -= 1
    return range(start, stop) if start < stop else None


_ARTICLES = word_set("un une le la les l il elle on je j son sa ses ce cette")


def _new_clause(keys: Sequence[Key], i: int) -> bool:
    """« … et une toux », « … et il … »: the cue before « et » does not reach it."""
    return i < len(keys) and bool(keys[i]) and keys[i][0] in _ARTICLES


def _goes_on(tokens: Sequence[Token], keys: Sequence[Key], i: int, ends: Sequence[bool]) -> bool:
    """True when the comma at ``i`` only separates items of one list under the same cue."""
    if tokens[i].text != "," or i + 1 >= len(tokens) or not keys[i + 1]:
        return False
    first = keys[i + 1][0]
    if first == "ni":
        return True
    if first in ("de", "d"):
        return (
            len(keys[i + 1]) > 1
            or i + 2 >= len(keys)
            or keys[i + 2][:1] not in (("plus",), ("autre",), ("meme",), ("facon",))
        )
    if first in _ARTICLES or first in ("pas", "sans", "avec", "mais", "et", "aucun", "aucune", "qui", "non"):
        return False
    # bare noun: one list only when it is closed by « ou » or « ni »
    for k in range(i + 1, min(len(tokens), i + 14)):
        if keys[k] and keys[k][0] in ("ou", "ni") and tokens[k].text.lower() != "où":
            return k - i <= 12 and k > i + 1
        if ends[k] and tokens[k].text != ",":
            return False
        if keys[k] and keys[k][0] in _ARTICLES | {"pas", "sans", "avec", "mais", "est", "sont", "a"}:
            return False
    return False
