"""Text shown to people. One TOML file per surface and language, French first."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def table(surface: str, language: str = "fr") -> dict[str, Any]:
    """The strings of one surface ("cli"), e.g. ``table("cli")["say"]["written"]``."""
    path = Path(__file__).parent / f"{surface}.{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def say(key: str, **values: object) -> str:
    """One message of the command line, filled in."""
    return str(table("cli")["say"][key]).format(**values)
