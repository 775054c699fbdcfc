"""Settings: language, theme, size of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from ui.components.settings.keeping import sheet
from ui.parts import (
    choice,
)
from ui.state.shell import ShellVM

if TYPE_CHECKING:
    from ui.window import Window


@ft.component
def Appearance(win: Window, shell: ShellVM) -> ft.Control:
    """Language, theme, size of text."""
    t = win.t
    themes = [(name, t(f"settings.theme_{name}")) for name in ("system", "light", "dark")]
    scales = [
        ("0.9", "90\u00a0%"),
        ("1.0", "100\u00a0%"),
        ("1.15", "115\u00a0%"),
        ("1.3", "130\u00a0%"),
        ("1.5", "150\u00a0%"),
    ]
    return sheet(
        t("settings.appearance"),
        "",
        choice(
            t("settings.appearance_language"),
            shell.language,
            [("fr", "Français"), ("en", "English")],
            lambda e: win.set_preference(language=e.control.value),
            width=360,
        ),
        choice(
            t("settings.appearance_theme"),
            shell.theme,
            themes,
            lambda e: win.set_preference(theme=e.control.value),
            width=360,
        ),
        choice(
            t("settings.appearance_scale"),
            str(shell.scale),
            scales,
            lambda e: win.set_preference(scale=float(e.control.value)),
            width=360,
        ),
    )
