"""Figures in relation: sizes (4 × 3 cm), ratios (6/10), powers (10⁵), fractions (8/10), 24 h/24."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from drafting.spoken_french import units
from drafting.spoken_french.figures import figures, is_figure, value_of
from drafting.spoken_french.layout import NBSP
from drafting.spoken_french.scan import span_of
from drafting.spoken_french.token import Kind, Ratio, Token

Made = tuple[list[Token], int]
_RATIO = re.compile(r"^(\d+(?:,\d+)?)/(\d+(?:,\d+)?)$")
_SIZES = ("length",)
#: figures said after these units continue them: how many decimals the unit's next figures hold
_TIMES = ("sur", "par", "fois", "x", "×")
_SUPERSCRIPT = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
_TENTHS = {"centieme": 100, "centiemes": 100}
_PARTS = {"quart": 4, "quarts": 4, "tiers": 3, "cinquieme": 5, "cinquiemes": 5, "vingtieme": 20, "vingtiemes": 20,
          "cinquantieme": 50, "cinquantiemes": 50}  # fmt: skip
#: what is rated from one on: « souffle systolique un sur six »
_RATED = frozenset("souffle systolique diastolique force motrice cote cotee grade score intensite testing".split())
_SECOND = re.compile(r"^(g|mg|µg|UI)/(\d+(?:[.,]\d+)?)$")


def size(tokens: Sequence[Token], low: Sequence[str], i: int) -> Made | None:
    """« quatre centimètres sur trois », « trois sur quatre sur deux millimètres », « cent vingt sur quatre-vingts »."""
    parts = [figures(tokens[i])]
    symbols: list[str] = []
    by_par = False
    end = i + 1
    while True:
        unit = units.unit_at(low, end)
        if unit is not None and unit[0].kind in _SIZES and (unit[0].symbol != "m" or unit[1] == end + 1):
            symbols.append(unit[0].symbol)
            end = unit[1]
        if not (end + 1 < len(tokens) and low[end] in _TIMES and is_figure(tokens[end + 1])):
            break
        if low[end] in ("par", "fois", "x", "×"):
            by_par = True
        parts.append(figures(tokens[end + 1]))
        end += 2
    if len(parts) == 1:
        return None
    if symbols and len(set(symbols)) == 1:
        text = " × ".join(parts).replace(" ", NBSP)
        unit_ = units.of_symbol(symbols[0])
        return [
            Token(unit_.after(text), span_of(tokens[i:end]), Kind.QUANTITY, value=tuple(parts), glued=tokens[i].glued)
        ], end
    if by_par and all(w in ("x", "×") for w in low[i + 1 : end : 2]) and not symbols:
        return [
            Token(
                NBSP.join("×".join(parts).replace("×", " × ").split()),
                span_of(tokens[i:end]),
                Kind.QUANTITY,
                value=tuple(parts),
            )
        ], end
    if symbols or by_par or len(parts) != 2 or low[i + 2] in ("un", "une"):
        return None
    rated = low[i] == "un" and bool(_RATED & set(low[max(0, i - 4) : i]))
    if low[i] in ("un", "une") and not rated and (low[i] == "une" or tokens[i + 2].value < 20):  # type: ignore[operator]
        return None  # « un sur deux »; a risk of « un sur mille deux cents » is 1/1200
    return _over(tokens, low, i, i + 3)


def _over(tokens: Sequence[Token], low: Sequence[str], i: int, end: int) -> Made | None:
    over, under = tokens[i].value, tokens[end - 1].value
    if not isinstance(over, Decimal) or not isinstance(under, Decimal):
        return None
    text = f"{figures(tokens[i])}/{figures(tokens[end - 1])}"
    unit = units.unit_at(low, end)
    symbol = ""
    if unit is not None and unit[0].kind in ("pressure", "mass"):
        text, symbol, end = unit[0].after(text), unit[0].symbol, unit[1]
    return [
        Token(text, span_of(tokens[i:end]), Kind.QUANTITY, value=Ratio(over, under, symbol), glued=tokens[i].glued)
    ], end


def slashed(tokens: Sequence[Token], low: Sequence[str], i: int) -> Made | None:
    """« 148/86 » as recognisers write it."""
    token = tokens[i]
    match = _RATIO.match(token.text) if token.kind is Kind.WORD else None
    if match is None:
        return None
    text, symbol, end = token.text, "", i + 1
    unit = units.unit_at(low, end)
    if unit is not None and unit[0].kind in ("pressure", "mass"):
        text, symbol, end = unit[0].after(text), unit[0].symbol, unit[1]
    value = Ratio(value_of(match[1]), value_of(match[2]), symbol)
    return [Token(text, span_of(tokens[i:end]), Kind.QUANTITY, value=value, glued=token.glued)], end


def power(tokens: Sequence[Token], low: Sequence[str], i: int) -> Made | None:
    """« dix puissance cinq U F C par millilitre » is 10⁵ UFC/mL."""
    if low[i + 1 : i + 2] != ["puissance"]:
        return None
    at = i + 2
    minus = low[at : at + 1] == ["moins"]
    at += minus
    if at >= len(tokens) or not is_figure(tokens[at]):
        return None
    text = figures(tokens[i]) + (("-" if minus else "") + figures(tokens[at])).translate(_SUPERSCRIPT)
    end = at + 1
    unit = units.unit_at(low, end)
    if unit is not None:
        text, end = unit[0].after(text), unit[1]
    return [Token(text, span_of(tokens[i:end]), Kind.QUANTITY, glued=tokens[i].glued)], end


def fraction(tokens: Sequence[Token], low: Sequence[str], i: int) -> Made | None:
    """« huit dixièmes » is 8/10, « trois quarts » 3/4; « un tiers » stays words."""
    if i + 1 >= len(low) or (tokens[i].kind is not Kind.NUMBER and low[i + 1] not in _TENTHS):
        return None
    under = _TENTHS.get(low[i + 1]) or _PARTS.get(low[i + 1])
    value = tokens[i].value
    if under is None or not isinstance(value, Decimal) or value != value.to_integral_value():
        return None
    text = f"{figures(tokens[i])}/{under}"
    return [Token(text, span_of(tokens[i : i + 2]), Kind.QUANTITY, value=Ratio(value, Decimal(under)))], i + 2


def double_written(tokens: Sequence[Token], low: Sequence[str], i: int) -> Made | None:
    """« 1 g/125 mg » already written: its middle word holds the first unit and the second figure."""
    match = _SECOND.match(tokens[i + 1].text) if i + 2 < len(tokens) else None
    unit = units.unit_at(low, i + 2) if match else None
    value = tokens[i].value
    if match is None or unit is None or not isinstance(value, Decimal):
        return None
    text = unit[0].after(f"{figures(tokens[i])}{NBSP}{match[1]}/{match[2]}")
    made = Token(
        text,
        span_of(tokens[i : unit[1]]),
        Kind.QUANTITY,
        value=Ratio(value, value_of(match[2]), f"{match[1]}/{unit[0].symbol}"),
    )
    return [made], unit[1]


def round_the_clock(tokens: Sequence[Token], low: Sequence[str], i: int, out: Sequence[Token]) -> Made | None:
    """« vingt-quatre heures sur vingt-quatre sept jours sur sept » is 24 h/24, 7 j/7."""
    unit = {"heures": "h", "h": "h", "jours": "j", "j": "j"}.get(low[i + 1] if i + 1 < len(low) else "")
    if unit is None or low[i + 2 : i + 3] != ["sur"] or low[i + 3 : i + 4] not in (["24"], ["7"]):
        return None
    if tokens[i].text != tokens[i + 3].text:
        return None
    comma = [Token(",", out[-1].span, Kind.PUNCT, "rule", glued=True)] if out and out[-1].text.endswith("h/24") else []
    text = f"{tokens[i].text}{NBSP}{unit}/{tokens[i + 3].text}"
    return [*comma, Token(text, span_of(tokens[i : i + 4]), Kind.QUANTITY)], i + 4
