"""A measure of a model under way."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft


@ft.observable
@dataclass(eq=False)
class MeasuringVM:
    """``name`` ``None``: nothing is measured. ``progress`` ``None`` while the engine is at something else."""

    name: str | None = None
    progress: float | None = None
    #: grows when a figure came: what shows figures is drawn again
    version: int = 0
