"""Reading the plain word lists of this package."""

from __future__ import annotations

from importlib import resources


def lines(name: str) -> list[str]:
    """Lines of a data file, comments and blanks left out."""
    text = resources.files("drafting.statements").joinpath(name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
