"""Signs that meet: dictated ones win over those the recogniser guessed, none is doubled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from drafting.spoken_french.token import Kind, Token

_STRENGTH = {",": 0, ";": 1, ":": 2, ".": 3, "…": 4, "!": 5, "?": 6}


def is_mark(token: Token) -> bool:
    """True for , ; : . … ! ?"""
    return token.kind is Kind.PUNCT and token.text in _STRENGTH


def _in_run(token: Token) -> bool:
    return is_mark(token) or token.kind is Kind.BREAK


def tidy(tokens: Sequence[Token], dictated: set[int]) -> list[Token]:
    """``tokens`` with each run of signs reduced to at most one mark and one break.

    ``dictated`` holds the positions of signs said aloud; the others were typed or guessed by the
    recogniser and give way to them.
    """
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        if not _in_run(tokens[i]):
            out.append(tokens[i])
            i += 1
            continue
        j = i
        while j < len(tokens) and _in_run(tokens[j]):
            j += 1
        previous = tokens[i - 1] if i else None
        following = tokens[j] if j < len(tokens) else None
        out += _reduce(tokens[i:j], [k in dictated for k in range(i, j)], previous, following)
        i = j
    return out


def _reduce(run: Sequence[Token], said: Sequence[bool], previous: Token | None, following: Token | None) -> list[Token]:
    marks = [(t, s) for t, s in zip(run, said, strict=True) if t.kind is Kind.PUNCT]
    breaks = [t for t in run if t.kind is Kind.BREAK]
    if any(s for _, s in marks):
        marks = [(t, s) for t, s in marks if s]
    elif breaks and run[0].kind is Kind.BREAK:
        marks = []  # « à la ligne. »: the full stop belongs to the command
    elif (
        _opens(previous)
        or (_opens(following) and marks and marks[0][0].text == ",")
        or _closes(following)
        or _is_order(previous)
        or (_is_order(following) and all(t.text == "," for t, _ in marks))
    ):
        marks = []
    if previous is None or (previous.kind is Kind.BREAK):
        marks = []
    kept: list[Token] = []
    if marks:
        kept.append(max((t for t, _ in marks), key=lambda t: _STRENGTH[t.text]))
    if breaks:
        kept.append(_join_breaks(breaks))
    return kept


def _join_breaks(breaks: Sequence[Token]) -> Token:
    bullets = [t for t in breaks if t.text.strip()]
    if bullets:
        return bullets[-1]
    longest = max(breaks, key=lambda t: len(t.text))
    span = breaks[0].span
    for t in breaks[1:]:
        span = span.join(t.span)
    return replace(longest, span=span)


def _opens(token: Token | None) -> bool:
    return token is not None and token.kind is Kind.PUNCT and token.text in ("(", "«")


def _closes(token: Token | None) -> bool:
    return token is not None and token.kind is Kind.PUNCT and token.text in (")", "»")


def _is_order(token: Token | None) -> bool:
    return token is not None and token.kind is Kind.PUNCT and token.text == "" and token.value is not None
