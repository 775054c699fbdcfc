"""The anonymised copy under a person's eyes: what is masked besides, what is joined."""

from __future__ import annotations

from dataclasses import dataclass, field

import flet as ft

from app.copies import Copy, Source


@ft.observable
@dataclass(eq=False)
class ReportVM:
    """One copy; forgotten with the screen."""

    source: Source | None = None
    copy: Copy | None = None
    #: shifts the dates; never saved
    secret: str = ""
    masked: list[str] = field(default_factory=list)
    remark: str = ""
    with_heard: bool = True
    #: True once the person said it was read
    read: bool = False
