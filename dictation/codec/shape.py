"""What every part of the codec shares: the error of a wrong shape, numbers, spans."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from dictation.errors import InputError
from dictation.transcript import Span

Json = dict[str, Any]


def wrong(what: str, cause: object) -> InputError:
    return InputError(
        "json.shape", f"Ce fichier n'est pas un JSON de {what} lisible ({cause}). Vérifiez qu'il vient de Calame."
    )


def json_number(value: Decimal) -> int | float:
    """A JSON number: without decimals when there are none."""
    return int(value) if value == value.to_integral_value() else float(value)


def some(**items: Any) -> Json:
    """``items`` without those that are ``None``."""
    return {k: x for k, x in items.items() if x is not None}


def spans_of(spans: tuple[Span, ...]) -> list[list[int]]:
    """Half-open pairs."""
    return [[s.first, s.last] for s in spans]


def span_of(pair: Any) -> Span:
    """A span of a half-open pair. Raises ``TypeError``, ``ValueError`` or ``IndexError``."""
    return Span(int(pair[0]), int(pair[1]))
