"""Words as heard to first tokens: punctuation and elisions are cut off, nothing is interpreted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dictation.transcript import Span, Word
from drafting.spoken_french.token import Kind, Token

_ELISION = re.compile(r"^([cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’](?=\S)", re.IGNORECASE)
_OPENING = re.compile(r"^[(«\"“\[]+")
_CLOSING = re.compile(r"(?:\.\.\.|[.,;:?!…)»\"”\]])+$")
_MARK = re.compile(r"\.\.\.|.")
_DOTTED = re.compile(r"^(?:[A-Za-zÀ-ÿ]\.){2,}$")
_ABBREVIATION = re.compile(r"^(?i:dr|pr|temp|mme|mlle|st|ste|cf|env|ex|etc|vs|n°)\.$|^[A-ZÀ-Ý]\.$")
_GLUED_MARKS = frozenset(".,…)]")


def tokens_of(words: Sequence[Word]) -> tuple[Token, ...]:
    """First tokens of ``words``; several tokens may share the span of one word."""
    tokens: list[Token] = []
    for index, word in enumerate(words):
        tokens += _split(word.text, Span(index, index + 1))
    return tuple(tokens)


def _split(text: str, span: Span) -> list[Token]:
    text = text.strip()
    if not text:
        return []
    out: list[Token] = []
    opening = _OPENING.match(text)
    if opening:
        out += [Token(mark, span, Kind.PUNCT) for mark in opening.group()]
        text = text[opening.end() :]
    closing: list[Token] = []
    if not _DOTTED.match(text) and not _ABBREVIATION.match(text):
        tail = _CLOSING.search(text)
        if tail:
            closing = [
                Token("…" if mark == "..." else mark, span, Kind.PUNCT, glued=mark in _GLUED_MARKS)
                for mark in _MARK.findall(tail.group())
            ]
            text = text[: tail.start()]
    glued = bool(opening)
    while (elision := _ELISION.match(text)) is not None:
        out.append(Token(text[: elision.end() - 1] + "'", span, glued=glued))
        text, glued = text[elision.end() :], True
    if text:
        out.append(Token(text, span, glued=glued))
    return out + closing
