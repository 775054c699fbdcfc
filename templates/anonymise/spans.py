"""Stretches of text to replace."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Found:
    """Half-open range of characters and what it is."""

    start: int
    end: int
    kind: str
    #: same key, same label
    key: str
    #: text to put there; ``None`` for a numbered label
    substitute: str | None = None


def resolve(found: Iterable[Found]) -> list[Found]:
    """In order, without overlaps: the longer one wins, then the earlier."""
    kept: list[Found] = []
    for item in sorted(found, key=lambda f: (-(f.end - f.start), f.start)):
        if all(item.end <= k.start or k.end <= item.start for k in kept):
            kept.append(item)
    return sorted(kept, key=lambda f: f.start)


@cache
def words(name: str) -> frozenset[str]:
    """A list of ``words.toml``."""
    data = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
    return frozenset(data[name])
