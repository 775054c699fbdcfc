"""Noun groups of a sentence: what can be found, denied or doubted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from drafting.spoken_french.phrases import Key, word_set
from drafting.spoken_french.token import Kind, Token
from drafting.statements.words import lines


@dataclass(frozen=True, slots=True)
class Group:
    """Half-open range of tokens; ``subject`` when a verb of the same clause follows it."""

    first: int
    last: int
    subject: bool = False


_LINKS = word_set("de d du des a au aux en")
_CLITICS = word_set("il elle on je j ils elles n ne se s y lui me m nous vous")
_HAVE = word_set("a ont ai avait avaient")
_VERBS = word_set("est sont etait etaient a ont avait n ne")
_PARTICIPLE = ("e", "ee", "es", "ees", "i", "ie", "is", "it", "u", "ue", "us", "ues")


@cache
def _not_findings() -> frozenset[str]:
    return frozenset(word for line in lines("not_findings.txt") for word in line.split())


def groups_of(tokens: Sequence[Token], keys: Sequence[Key], taken: set[int]) -> list[Group]:
    """Noun groups in order; cue words (``taken``), function words and verbs after a clitic are left out."""
    out: list[Group] = []
    i = 0
    while i < len(tokens):
        if not _content(tokens, keys, taken, i):
            i += 1
            continue
        end = i + 1
        while end < len(tokens):
            if _content(tokens, keys, taken, end):
                end += 1
                continue
            step = _link(tokens, keys, taken, end)
            if step == 0:
                break
            end += step
        following = keys[end] if end < len(keys) else ()
        if any(c.isalpha() for t in tokens[i:end] for c in t.text):
            out.append(Group(i, end, bool(following) and following[0] in _VERBS))
        i = end
    return out


def _link(tokens: Sequence[Token], keys: Sequence[Key], taken: set[int], i: int) -> int:
    """Tokens of a link (« de la », « du », « à l' ») that joins the group to a next content word, else 0."""
    if i in taken or not keys[i] or keys[i][0] not in _LINKS or len(keys[i]) > 1:
        return 0
    step = 1
    if i + 1 < len(keys) and keys[i + 1] in (("la",), ("l",), ("les",), ("le",)) and i + 1 not in taken:
        step = 2
    at = i + step
    joins = at < len(tokens) and _content(tokens, keys, taken, at) and any(c.isalpha() for c in tokens[at].text)
    return step if joins else 0


def _content(tokens: Sequence[Token], keys: Sequence[Key], taken: set[int], i: int) -> bool:
    if i in taken or tokens[i].kind in (Kind.PUNCT, Kind.BREAK, Kind.DATE, Kind.TIME) or not keys[i]:
        return False
    word = keys[i][-1]
    name = i > 1 and tokens[i].text[:1].isupper() and tokens[i - 1].text[:1].isupper()  # « Yves Le Goff »
    if keys[i][0] in _not_findings() and len(keys[i]) == 1 and not name:
        return False
    previous = keys[i - 1] if i else ()
    if previous and previous[-1] in _CLITICS and tokens[i].kind is Kind.WORD:
        return False
    if (
        previous
        and previous[-1] in _HAVE
        and len(previous) == 1
        and word.endswith(_PARTICIPLE)
        and tokens[i].kind is Kind.WORD
    ):
        return False
    return any(c.isalnum() for c in tokens[i].text)
