"""Keeps the fixed prompts read between starts, for models that can save what they have read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from drafting.language_model import LanguageModel
from drafting.model.prompts import beginning


@runtime_checkable
class Warmable(Protocol):
    """A model that keeps a fixed beginning on disk."""

    def warm(self, prefix: str, file: Path) -> bool:
        """Reads ``prefix``, from ``file`` when it can; true when it did."""
        ...


def warm_up(model: LanguageModel, jobs: Sequence[str], folder: Path) -> None:
    """Reads the beginnings of ``jobs``; files ``<job>.kv`` in ``folder``. Only prompts are written there."""
    folder.mkdir(parents=True, exist_ok=True)
    for job in jobs:
        if isinstance(model, Warmable):
            model.warm(beginning(job), folder / f"{job}.kv")
        else:
            model.feed(beginning(job))
