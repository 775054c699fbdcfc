"""Settings: words learnt from corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from ui.components.settings.keeping import attempt, lines, sheet
from ui.parts import (
    icon_button,
    muted,
    strong,
)
from ui.state.shell import ShellVM

if TYPE_CHECKING:
    from ui.window import Window


@ft.component
def Vocabulary(win: Window, shell: ShellVM) -> ft.Control:
    """What was learnt from corrections."""
    t, corrections = win.t, win.office.store.corrections
    version, redraw = ft.use_state(0)

    def forget(heard: str, wanted: str) -> None:
        if attempt(win, lambda: corrections.forget(heard, wanted, by=win.actor)):
            redraw(version + 1)

    rows: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(strong(x.wanted), width=240),
                ft.Container(muted(f"← {x.heard}"), expand=True),
                muted(f"× {x.count}"),
                icon_button(
                    ft.Icons.DELETE_OUTLINE,
                    t("settings.vocabulary_forget"),
                    lambda x=x: forget(x.heard, x.wanted),
                    size=16,
                ),
            ]
        )
        for x in corrections.list(by=win.actor)
    ]
    return sheet(
        t("settings.vocabulary"),
        t("settings.vocabulary_lead"),
        *lines(rows, t("settings.vocabulary_none")),
    )
