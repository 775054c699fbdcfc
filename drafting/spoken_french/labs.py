"""Pass: laboratory, blood gas, heart and lung figures by name, with implied units and decimals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from drafting.spoken_french import labels
from drafting.spoken_french.figures import number
from drafting.spoken_french.layout import NBSP
from drafting.spoken_french.scan import folded, folds, span_of
from drafting.spoken_french.token import Kind, Measure, State, Token

_GROUPS = frozenset({"lab", "gas", "heart", "pft", "bone", "eye"})


def run(state: State) -> State:
    """Results of ``state``; the table is ``measures.tsv``."""
    return _of_predicted(_hourly(labels.run_groups(state, _GROUPS)))


#: words of a glucose load, and how far back they may stand, in tokens
_LOAD = frozenset("jeun hyperglycemie provoquee hgpo glycemie glycemies glucose charge".split())
_LOAD_REACH = 30
_HOURS = frozenset(("heure", "heures"))


def _hourly(state: State) -> State:
    """« à jeun 0,96, une heure un soixante-douze, deux heures un quarante et un »: 1 h 1,72, 2 h 1,41."""
    tokens, low = state.tokens, folds(state.tokens)
    told = [bool(_LOAD & set(key.split())) for key in low]
    if not any(told):
        return state
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        timed = _hour(tokens, low, i)
        value = _grams(tokens, timed[1]) if timed is not None else None
        if timed is None or value is None or not any(told[max(0, i - _LOAD_REACH) : i]):
            out.append(tokens[i])
            i += 1
            continue
        out += [timed[0], value[0]]
        i = value[1]
    return state.with_tokens(out)


def _hour(tokens: Sequence[Token], low: Sequence[str], i: int) -> tuple[Token, int] | None:
    """« une heure » or « 2 h » at ``i``, and the index after it."""
    if tokens[i].kind is Kind.TIME:
        return (tokens[i], i + 1) if tokens[i].text.endswith("h") else None
    if i + 1 >= len(tokens) or low[i + 1] not in _HOURS or not isinstance(tokens[i].value, Decimal):
        return None
    return Token(f"{tokens[i].value}{NBSP}h", span_of(tokens[i : i + 2]), Kind.TIME, glued=tokens[i].glued), i + 2


def _grams(tokens: Sequence[Token], i: int) -> tuple[Token, int] | None:
    """A glucose said as grams and hundredths: « un soixante-douze » is 1,72."""
    row = tokens[i : i + 2]
    if row and row[0].text == ":":
        row, i = tokens[i + 1 : i + 3], i + 1
    if len(row) < 2 or not isinstance(row[0].value, Decimal) or row[1].kind is not Kind.NUMBER:
        return None
    if not 0 <= row[0].value <= 4 or not re.fullmatch(r"\d{2}", row[1].text):
        return None
    if i + 2 < len(tokens) and tokens[i + 2].kind not in (Kind.PUNCT, Kind.BREAK) and not _closing(tokens[i + 2]):
        return None
    return number(f"{row[0].value},{row[1].text}", row), i + 2


def _closing(token: Token) -> bool:
    return folded(token.text) in ("et", "puis", "a", "point", "gramme", "grammes")


def _of_predicted(state: State) -> State:
    """« VEMS deux litres vingt soixante-dix-huit pour cent » is 2,20 L (78 %)."""
    out: list[Token] = []
    for token in state.tokens:
        if out and _unit(token) == "%" and _unit(out[-1]) == "L":
            span = token.span
            out += [
                Token("(", span, Kind.PUNCT, "rule"),
                replace(token, glued=True),
                Token(")", span, Kind.PUNCT, "rule", glued=True),
            ]
        else:
            out.append(token)
    return state.with_tokens(out)


def _unit(token: Token) -> str:
    return token.value.unit if token.kind is Kind.QUANTITY and isinstance(token.value, Measure) else ""
