"""What Calame carries of others inside itself, with its licence: fonts, word lists."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Part:
    """Something bundled."""

    name: str
    #: French: what it serves for
    what: str
    #: from the root of the installation
    files: tuple[str, ...]
    #: SPDX
    licence: str
    source: str
    #: file that holds the licence's text, ``None`` where it is Calame's own or better known
    text: str | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """Files, licence text among them, that are not there."""
        wanted = (*self.files, *([self.text] if self.text else []))
        return tuple(file for file in wanted if not (ROOT / file).is_file())


@cache
def bundled() -> tuple[Part, ...]:
    """As listed in ``third_party.toml``; raises ``KeyError`` or ``tomllib.TOMLDecodeError`` when it is malformed."""
    data = tomllib.loads((Path(__file__).parent / "third_party.toml").read_text("utf-8"))
    return tuple(
        Part(p["name"], p["what"], tuple(p["files"]), p["licence"], p["source"], p.get("text")) for p in data["part"]
    )
