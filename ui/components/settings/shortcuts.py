"""Settings: the keys of every action; press a new one, conflicts are said, the original is one click away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from ui.components.settings.keeping import sheet
from ui.keys import SHORTCUTS, Shortcut
from ui.parts import button, icon_button, key_cap, muted, named, quiet, text
from ui.state.shell import ShellVM
from ui.theme import RADIUS, Ink

if TYPE_CHECKING:
    from ui.window import Window


@ft.component
def Shortcuts(win: Window, shell: ShellVM) -> ft.Control:
    """One line per action."""
    t = win.t
    return sheet(
        t("settings.shortcuts"),
        t("shortcuts.lead"),
        named(
            "objection",
            text(shell.objection, color=Ink.CHECK, family="Inter Medium"),
            live_region=True,
            visible=bool(shell.objection),
        ),
        *[_line(win, shell, one) for one in SHORTCUTS],
        ft.Row(
            [quiet(t("shortcuts.reset_all"), lambda: win.reset_keys(), icon=ft.Icons.RESTART_ALT, key="reset-keys")],
            alignment=ft.MainAxisAlignment.END,
        ),
        spacing=6,
    )


def _line(win: Window, shell: ShellVM, one: Shortcut) -> ft.Control:
    t = win.t
    action, waiting = t(f"keys.{one.name}"), shell.capturing == one.name
    own = win.keymap.changed(one.name)
    right: list[ft.Control] = (
        [
            text(t("shortcuts.press"), color=Ink.ON_ACCENT_SOFT, family="Inter Medium"),
            quiet(t("cancel"), lambda: win.wait_for_key(None)),
        ]
        if waiting
        else [
            *([muted(t("shortcuts.own"), size=11)] if own else []),
            key_cap(win.keymap.shown(one.name)),
            button(
                t("shortcuts.change"),
                lambda: win.wait_for_key(one.name),
                key=f"change-{one.name}",
                tooltip=t("shortcuts.change_of", action=action),
            ),
            *(
                [icon_button(ft.Icons.RESTART_ALT, t("shortcuts.reset"), lambda: win.reset_keys(one.name), size=16)]
                if own
                else []
            ),
        ]
    )
    return ft.Container(
        named(
            f"shortcut-{one.name}",
            ft.Row([ft.Container(text(action[:1].upper() + action[1:]), expand=True), *right], spacing=8),
        ),
        padding=ft.Padding.symmetric(horizontal=8, vertical=3),
        bgcolor=Ink.ACCENT_SOFT if waiting else None,
        border_radius=RADIUS,
    )
