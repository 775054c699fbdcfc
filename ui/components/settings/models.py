"""Settings: the models of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from ui.components.welcome import model_row
from ui.parts import (
    card,
    label,
    muted,
    text,
)
from ui.state.shell import ShellVM
from ui.theme import Ink

if TYPE_CHECKING:
    from ui.window import Window


@ft.component
def Models(win: Window, shell: ShellVM) -> ft.Control:
    """The catalogue."""
    t = win.t
    return card(
        label(t("settings.models")),
        muted(t("settings.models_lead")),
        *[model_row(win, row) for row in win.office.parts.models()],
        text("calame models pull NOM", size=12, family="DejaVu Sans Mono", color=Ink.MUTED),
    )
