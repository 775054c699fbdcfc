"""Drafting: a transcript and a form in, a draft out (one verb: ``compose``).

Loaded on first use: writing a line of French needs none of the drafting engines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from drafting.assembly import Phrases
    from drafting.composer import compose

__all__ = ["Phrases", "compose"]


def __getattr__(name: str) -> Any:
    if name == "Phrases":
        from drafting.assembly import Phrases

        return Phrases
    if name == "compose":
        from drafting.composer import compose

        return compose
    raise AttributeError(name)
