"""Settings: the lines of the doctor and of the practice on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flet as ft

from records import Role
from ui.components.settings.keeping import attempt, sheet
from ui.parts import (
    field,
    main_button,
)
from ui.preferences import PRACTICE_PROFILE, PROFILE
from ui.state.shell import ShellVM

if TYPE_CHECKING:
    from ui.window import Window


#: own lines of the doctor, the others are the practice's
_OWN = ("name", "specialty", "rpps", "email")
_PRACTICE = ("address", "phone", "place")


@ft.component
def Practice(win: Window, shell: ShellVM) -> ft.Control:
    """The doctor's and the practice's lines on paper."""
    t, settings = win.t, win.office.store.settings
    own, practice = (
        settings.get(PROFILE, {}, by=win.actor) or {},
        settings.get(PRACTICE_PROFILE, {}, by=win.actor, practice=True) or {},
    )
    given, _ = ft.use_state({"name": win.actor.name, **practice, **own})

    def blank(key: str, **more: Any) -> ft.Container:
        made = field(
            t(f"settings.{key}"), given.get(key, ""), lambda e: given.__setitem__(key, e.control.value), **more
        )
        return ft.Container(made, expand=True)

    def keep() -> None:
        rpps = "".join(given.get("rpps", "").split())
        if rpps and not (rpps.isdigit() and len(rpps) == 11):
            win.shell.notice("check", t("settings.rpps_wrong"))
            return

        def work() -> None:
            settings.set(PROFILE, {k: given.get(k, "").strip() for k in _OWN} | {"rpps": rpps}, by=win.actor)
            if win.actor.has(Role.DOCTOR) or win.actor.has(Role.ADMINISTRATOR):
                lines = {k: given.get(k, "").strip() for k in _PRACTICE}
                settings.set(PRACTICE_PROFILE, lines, by=win.actor, practice=True)

        attempt(win, work)

    return sheet(
        t("settings.practice"),
        t("settings.profile_lead"),
        ft.Row([blank("name"), blank("specialty")], spacing=10),
        ft.Row([blank("rpps"), blank("email")], spacing=10),
        ft.Row([blank("address", multiline=True, min_lines=2, max_lines=4)], spacing=10),
        ft.Row([blank("phone"), blank("place")], spacing=10),
        ft.Row([main_button(t("save"), keep, key="save-practice")], alignment=ft.MainAxisAlignment.END),
    )
