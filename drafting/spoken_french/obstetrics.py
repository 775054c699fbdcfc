"""Pass: pregnancy. « G deux P un » is G2P1, « quarante et une semaines plus deux jours » 41 SA + 2 j."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from drafting.spoken_french.figures import is_figure
from drafting.spoken_french.layout import NBSP
from drafting.spoken_french.scan import Phrases, folds, span_of
from drafting.spoken_french.token import Kind, Measure, State, Token

_TERM: Phrases[bool] = Phrases(
    (("semaines d'aménorrhée|semaine d'aménorrhée|semaines aménorrhée|s a|sa", True), ("semaines|semaine", False))
)


def run(state: State) -> State:
    """Gravidity, parity, terms and Apgar scores of ``state``."""
    tokens, low = state.tokens, folds(state.tokens)
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        found = _gravidity(tokens, i) or _term(tokens, low, i) or _apgar(tokens, low, i)
        if found is None:
            out.append(tokens[i])
            i += 1
        else:
            made, i = found
            out += made
    return state.with_tokens(out)


Made = tuple[list[Token], int]


def _figure(tokens: Sequence[Token], i: int, top: int) -> str | None:
    if i < len(tokens) and is_figure(tokens[i]):
        value = tokens[i].value
        if isinstance(value, Decimal) and value == value.to_integral_value() and 0 <= value <= top:
            return str(int(value))
    return None


def _gravidity(tokens: Sequence[Token], i: int) -> Made | None:
    text, at = "", i
    for letter in ("G", "P", "A"):
        part = _part(tokens, at, letter)
        if part is None:
            if letter == "A":
                break
            return None
        text, at = text + letter + part[0], part[1]
    return [Token(text, span_of(tokens[i:at]), Kind.ACRONYM)], at


def _part(tokens: Sequence[Token], i: int, letter: str) -> tuple[str, int] | None:
    if i >= len(tokens):
        return None
    written = re.match(rf"^{letter}(\d{{1,2}})$", tokens[i].text, re.IGNORECASE)
    if written:
        return written[1], i + 1
    if (
        tokens[i].text.upper() == letter
        and (letter != "A" or tokens[i].text == letter)
        and (figure := _figure(tokens, i + 1, 20)) is not None
    ):
        return figure, i + 2
    return None


def _term(tokens: Sequence[Token], low: Sequence[str], i: int) -> Made | None:
    weeks = _figure(tokens, i, 44)
    found = _TERM.at(low, i + 1) if weeks is not None and tokens[i].kind is Kind.NUMBER else None
    if weeks is None or found is None:
        return None
    sure, end = found
    days = None
    if end + 2 < len(tokens) + 1 and end < len(low) and low[end] in ("plus", "et", "+"):
        days = _figure(tokens, end + 1, 6)
        if days is not None:
            after = end + 2
            if after < len(low) and low[after] in ("jour", "jours", "j"):
                after += 1
            elif low[end] == "et":
                days = None
            sure = sure or (low[end] == "et" and int(weeks) >= _TERM_WEEKS and low[max(0, i - 1)] not in _DURATIONS)
            if days is not None and (sure or low[end] in ("plus", "+")):
                text = f"{weeks}{NBSP}SA{NBSP}+{NBSP}{days}{NBSP}j"
                value = Measure(Decimal(weeks) * 7 + Decimal(days), "jours d'aménorrhée")
                return [Token(text, span_of(tokens[i:after]), Kind.QUANTITY, value=value)], after
    if end < len(low) and re.match(r"^\+\d$", tokens[end].text):
        text = f"{weeks}{NBSP}SA{NBSP}+{NBSP}{tokens[end].text[1]}{NBSP}j"
        return [Token(text, span_of(tokens[i : end + 1]), Kind.QUANTITY)], end + 1
    if not sure:
        return None
    return [Token(f"{weeks}{NBSP}SA", span_of(tokens[i:end]), Kind.QUANTITY, value=Measure(Decimal(weeks), "SA"))], end


#: from so many weeks, « et quatre jours » tells a term and no delay
_TERM_WEEKS = 20
_DURATIONS = frozenset("pendant depuis durant apres dans a duree pour encore".split())


def _apgar(tokens: Sequence[Token], low: Sequence[str], i: int) -> Made | None:
    """« Apgar neuf dix dix » is Apgar 9/10/10; « neuf puis dix » keeps its words: one figure at a time."""
    if low[i] != "apgar":
        return None
    at = i + 1
    if low[at : at + 1] in (["a"], [":"]):
        at += 1
    parts: list[str] = []
    while len(parts) < 3 and (part := _figure(tokens, at, 10)) is not None:
        parts.append(part)
        at += 1
        if low[at : at + 1] in (["sur"], ["/"], [","]) and _figure(tokens, at + 1, 10) is not None:
            at += 1
    if len(parts) < 2:
        return None
    return [tokens[i], Token("/".join(parts), span_of(tokens[i + 1 : at]), Kind.QUANTITY)], at
