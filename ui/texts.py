"""What a user reads: ``ui/strings/fr*.toml`` and ``en*.toml``, files of one language put together."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "strings"
LANGUAGES = ("fr", "en")


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
    out: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            out |= _flat(value, f"{prefix}{key}.")
        else:
            out[prefix + key] = str(value)
    return out


@cache
def load(language: str) -> dict[str, str]:
    """Flat table of a language's strings; « ~ » in the file is a non-breaking space."""
    out: dict[str, str] = {}
    for path in sorted(_FOLDER.glob(f"{language}*.toml")):
        out |= _flat(tomllib.loads(path.read_text("utf-8").replace("~", "\u00a0")))
    return out


class Texts:
    """Strings of one language; a string missing there is taken from French."""

    def __init__(self, language: str = "fr") -> None:
        self.language = language if language in LANGUAGES else "fr"
        self._table = load("fr") | load(self.language)

    def __call__(self, key: str, **values: object) -> str:
        """The string ``key`` with ``{names}`` filled in; the key itself when there is no such string."""
        shown = self._table.get(key, key)
        return shown.format(**values) if values else shown

    def count(self, key: str, n: int) -> str:
        """Singular (``key.one``), plural (``key.many``) or nothing (``key.none`` when there is one)."""
        form = "none" if n == 0 and f"{key}.none" in self._table else "one" if n < 2 else "many"
        return self(f"{key}.{form}", n=n)

    def has(self, key: str) -> bool:
        """True when the string exists."""
        return key in self._table
