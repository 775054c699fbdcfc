"""Figures and signs of the card in French."""

from __future__ import annotations

from templates.page import Block, Bullets, Heading, Table, Text

_NBSP = "\u00a0"


def number(value: float) -> str:
    """« 12,5 »."""
    return f"{value:g}".replace(".", ",")


def percent(value: float | None) -> str:
    """« 12,5 % », « – » when there is nothing to count."""
    return "–" if value is None else f"{number(round(value, 1))}{_NBSP}%"


def seconds(value: float) -> str:
    """« 1,25 s »."""
    return f"{number(round(value, 2))}{_NBSP}s"


def milliseconds(value: float) -> str:
    """« 12 ms », « 1,2 s » from a second on."""
    return seconds(value / 1000) if value >= 1000 else f"{number(round(value, 1 if value < 10 else 0))}{_NBSP}ms"


def french(block: Block) -> Block:
    """No-break spaces before « : ; ? ! % » and inside quotes."""
    match block:
        case Heading(text):
            return Heading(_tied(text))
        case Text(text):
            return Text(_tied(text))
        case Bullets(items):
            return Bullets(tuple(map(_tied, items)))
        case Table(header, rows):
            return Table(tuple(map(_tied, header)), tuple(tuple(map(_tied, row)) for row in rows))


def _tied(text: str) -> str:
    for sign in (":", ";", "?", "!", "%", "»"):
        text = text.replace(f" {sign}", f"{_NBSP}{sign}")
    return text.replace("« ", f"«{_NBSP}")
