"""Settings: how long things stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from records import Retention
from ui.components.settings.keeping import attempt, sheet
from ui.parts import (
    field,
    main_button,
)
from ui.state.shell import ShellVM

if TYPE_CHECKING:
    from ui.window import Window


@ft.component
def Keeping(win: Window, shell: ShellVM) -> ft.Control:
    """How long things stay."""
    t, keeper = win.t, win.office.store.retention
    policy = keeper.policy()
    given, _ = ft.use_state(
        {
            "audio": str(policy.audio_after_signature_h),
            "unsigned": str(policy.unsigned_days),
            "document": str(policy.document_after_export_h),
        }
    )

    def keep() -> None:
        try:
            audio, unsigned, document = (int(given[k]) for k in ("audio", "unsigned", "document"))
        except ValueError:
            win.shell.notice("check", t("settings.retention_wrong"))
            return
        wanted = Retention(audio, unsigned, document, policy.open_task_days)
        attempt(win, lambda: keeper.configure(wanted, by=win.actor))

    return sheet(
        t("settings.retention"),
        t("settings.retention_lead"),
        *[
            field(
                t(f"settings.retention_{key}"), given[key], lambda e, key=key: given.__setitem__(key, e.control.value)
            )
            for key in given
        ],
        ft.Row([main_button(t("save"), keep)], alignment=ft.MainAxisAlignment.END),
    )
