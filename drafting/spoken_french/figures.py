"""Figures as they are written, and the tokens made of them: shared by every pass after ``numbers``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from drafting.spoken_french.layout import NNBSP
from drafting.spoken_french.scan import span_of
from drafting.spoken_french.token import Kind, Measure, Token
from drafting.spoken_french.units import Unit


def group(figures: str) -> str:
    """Thousands apart from five figures on: « 4000 », « 280 000 »."""
    whole, comma, part = figures.partition(",")
    sign = "−" if whole[:1] in "-−" else ""
    whole = whole.lstrip("-−")
    if len(whole) >= 5 and not whole.startswith("0"):
        whole = NNBSP.join(re.findall(r"\d{1,3}", whole[::-1]))[::-1]
    return sign + whole + comma + part


def value_of(figures: str) -> Decimal:
    """Exact value of written figures."""
    return Decimal(figures.replace(",", ".").replace("−", "-").replace(NNBSP, "").replace(" ", ""))


def number(figures: str, source: Sequence[Token]) -> Token:
    """NUMBER token of ``figures`` made from ``source``."""
    return Token(group(figures), span_of(source), Kind.NUMBER, value=value_of(figures), glued=source[0].glued)


def is_figure(token: Token) -> bool:
    """True for a number with an exact value, or a lone « un »."""
    return isinstance(token.value, Decimal)


def figures(token: Token) -> str:
    """Plain figures of a number token (« un » is « 1 »)."""
    if token.kind is Kind.NUMBER:
        return token.text
    return str(token.value)


def measure(written: str, unit: Unit, source: Sequence[Token], *, origin: str = "dictated") -> Token:
    """QUANTITY token of ``written`` figures in ``unit``."""
    value = Measure(value_of(re.sub(r"^[<>≤≥±=]\s*", "", written)), unit.symbol)
    return Token(unit.after(written), span_of(source), Kind.QUANTITY, origin, value, source[0].glued)


def one_as_figure(token: Token) -> Token:
    """« un », « une » in figures."""
    return Token(group(figures(token)), token.span, Kind.NUMBER, token.origin, token.value, token.glued)
