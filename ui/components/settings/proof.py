"""Settings: the journal and the file, checked now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from dictation.errors import CalameError
from ui.components.settings.keeping import sheet
from ui.parts import (
    button,
    text,
)
from ui.state.shell import ShellVM

if TYPE_CHECKING:
    from ui.window import Window


@ft.component
def Proof(win: Window, shell: ShellVM) -> ft.Control:
    """The journal and the file, checked now."""
    t, store = win.t, win.office.store
    found, show = ft.use_state("")

    def verify() -> None:
        try:
            report = store.verify(by=win.actor)
        except CalameError as error:
            win.shell.notice("check", error.message)
            return
        if report.ok:
            show(t("settings.proof_ok", n=report.entries))
        else:
            show(t("settings.proof_bad", n=len(report.problems), first=report.problems[0].message))

    return sheet(
        t("settings.proof"),
        t("settings.proof_lead"),
        ft.Row([button(t("settings.proof_verify"), verify, icon=ft.Icons.VERIFIED_OUTLINED)]),
        *([text(found, size=14)] if found else []),
    )
