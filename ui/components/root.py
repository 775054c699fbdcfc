"""The whole window: top bar, notices, the view, questions over everything."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import flet as ft

from app.events import Phase
from ui.components.desk import DeskView
from ui.components.dialogs import Dialogs
from ui.components.quality import QualityView
from ui.components.report import ReportView
from ui.components.settings import SettingsView
from ui.components.transparency import TransparencyView
from ui.components.welcome import WelcomeView
from ui.parts import heading, icon_button, main_button, muted, named, note, quiet, strong, text
from ui.state.shell import DESK, QUALITY, REPORT, SETTINGS, TRANSPARENCY, WELCOME, MeterVM, Notice, ShellVM
from ui.theme import FALLBACK, Ink

if TYPE_CHECKING:
    from ui.window import Window

_TONES = {
    "info": (ft.Icons.LIGHTBULB_OUTLINE, Ink.ON_ACCENT_SOFT, Ink.ACCENT_SOFT),
    "done": (ft.Icons.CHECK_CIRCLE_OUTLINE, Ink.DONE, Ink.DONE_SOFT),
    "check": (ft.Icons.ERROR_OUTLINE, Ink.CHECK, Ink.CHECK_SOFT),
    "alarm": (ft.Icons.WARNING_AMBER_ROUNDED, Ink.ALARM, Ink.ALARM_SOFT),
}


@ft.component
def Root(win: Window) -> ft.Control:
    """Everything."""
    return ft.Stack(
        expand=True,
        controls=[
            ft.Column(
                expand=True,
                spacing=0,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                controls=[TopBar(win, win.shell), Body(win, win.shell)],
            ),
            Notices(win, win.shell),
            Dialogs(win, win.shell),
        ],
    )


@ft.component
def TopBar(win: Window, shell: ShellVM) -> ft.Control:
    """Name, dictation, where one is, who one is."""
    t = win.t

    def tab(view: str, caption: str, icon: ft.IconData) -> ft.Control:
        here = shell.view == view
        shown: ft.Control = (
            icon_button(icon, caption, lambda: win.go(view))
            if shell.small
            else quiet(
                caption, lambda: win.go(view), icon=icon, style=ft.ButtonStyle(color=Ink.TEXT if here else Ink.MUTED)
            )
        )
        return ft.Container(
            ft.MergeSemantics(
                ft.Semantics(
                    selected=here,
                    content=shown,
                )
            ),
            border=ft.Border.only(bottom=ft.BorderSide(2, Ink.ACCENT if here else ft.Colors.TRANSPARENT)),
            padding=ft.Padding.only(top=4, bottom=2),
        )

    return ft.Container(
        height=52,
        bgcolor=Ink.PAPER,
        border=ft.Border.only(bottom=ft.BorderSide(1, Ink.LINE)),
        padding=ft.Padding.symmetric(horizontal=16),
        content=ft.Row(
            spacing=2 if shell.small else 10,
            controls=[
                ft.Image(src="/accueil/calame.svg", width=26, height=26, exclude_from_semantics=True),
                ft.Text(
                    "Calame",
                    size=19,
                    font_family="Serif SemiBold",
                    font_family_fallback=FALLBACK,
                    color=Ink.TEXT,
                    visible=not shell.small,
                ),
                ft.Container(width=10, visible=not shell.small),
                tab(DESK, t("nav.desk"), ft.Icons.INBOX_OUTLINED),
                tab(SETTINGS, t("nav.settings"), ft.Icons.TUNE),
                tab(TRANSPARENCY, t("nav.transparency"), ft.Icons.VERIFIED_OUTLINED),
                *([tab(QUALITY, t("nav.quality"), ft.Icons.INSIGHTS)] if shell.role != "secretary" else []),
                ft.Container(expand=True),
                EngineMark(win, shell),
                RecordButton(win, shell, win.meter) if shell.role == "doctor" else ft.Container(),
                ft.Container(width=6),
                ft.Column(
                    [
                        strong(shell.name, size=12, lines=1),
                        muted(t(f"role.{shell.role}"), size=11),
                    ],
                    spacing=0,
                    tight=True,
                    horizontal_alignment=ft.CrossAxisAlignment.END,
                    visible=not shell.small,
                ),
                icon_button(
                    ft.Icons.LIGHT_MODE_OUTLINED if shell.dark else ft.Icons.DARK_MODE_OUTLINED,
                    t("nav.light" if shell.dark else "nav.dark"),
                    lambda: win.set_preference(theme="light" if shell.dark else "dark"),
                ),
                icon_button(ft.Icons.KEYBOARD_OUTLINED, t("nav.keys"), lambda: win.ask("help")),
                icon_button(ft.Icons.LOCK_OUTLINE, t("nav.lock"), lambda: win.lock()),
                icon_button(ft.Icons.LOGOUT, t("nav.leave"), lambda: win.leave()),
            ],
        ),
    )


@ft.component
def EngineMark(win: Window, shell: ShellVM) -> ft.Control:
    """Said at once when the engine is away, nothing when all is well."""
    if not shell.engine_down:
        return ft.Container()
    return ft.Semantics(
        identifier="engine-down",
        container=True,
        live_region=True,
        content=note(
            win.t("engine.down"),
            ft.Icons.SYNC,
            Ink.ALARM,
            Ink.ALARM_SOFT,
            width=330,
        ),
    )


@ft.component
def RecordButton(win: Window, shell: ShellVM, meter: MeterVM) -> ft.Control:
    """F2, always at the same place."""
    t = win.t
    listening = shell.phase is Phase.LISTENING
    if not listening:
        return main_button(
            t("live.new"),
            lambda: win.dictate(),
            icon=ft.Icons.MIC,
            key="record",
            disabled=shell.phase in (Phase.TRANSCRIBING, Phase.DRAFTING),
        )
    return ft.Row(
        [
            ft.Container(width=9, height=9, border_radius=5, bgcolor=Ink.ALARM),
            text(clock(meter.elapsed_s), size=15, family="Inter Medium"),
            main_button(t("live.finish"), lambda: win.finish(), icon=ft.Icons.STOP_ROUNDED, key="finish"),
        ],
        spacing=8,
        tight=True,
    )


def clock(seconds: float) -> str:
    """« 02:37 »."""
    whole = int(seconds)
    return f"{whole // 60:02d}:{whole % 60:02d}"


@ft.component
def Body(win: Window, shell: ShellVM) -> ft.Control:
    """The view."""
    if shell.view == SETTINGS:
        return SettingsView(win, shell)
    if shell.view == TRANSPARENCY:
        return TransparencyView(win, shell)
    if shell.view == REPORT:
        return ReportView(win, shell, win.report)
    if shell.view == QUALITY:
        return QualityView(win, shell)
    if shell.view == WELCOME:
        return WelcomeView(win, shell)
    return DeskView(win, shell)


@ft.component
def Notices(win: Window, shell: ShellVM) -> ft.Control:
    """What happened, read aloud as it comes; stays until it is closed."""

    async def fade() -> None:
        """What went well needs no click; what asks something stays."""
        await asyncio.sleep(6)
        for n in list(shell.notices):
            if n.tone == "done" and n.id in passing:
                shell.dismiss(n.id)

    passing = tuple(n.id for n in shell.notices if n.tone == "done")
    ft.use_effect(fade, [passing])

    def one(n: Notice) -> ft.Control:
        icon, color, ground = _TONES[n.tone]
        actions: list[ft.Control] = []
        if n.action is not None:
            caption, name = n.action

            def go() -> None:
                shell.dismiss(n.id)
                win.act(name)

            actions.append(quiet(caption, go, style=ft.ButtonStyle(color=color)))
        actions.append(icon_button(ft.Icons.CLOSE, win.t("close"), lambda: shell.dismiss(n.id), size=16))
        return ft.Container(
            note(n.message, icon, color, ground, *actions),
            border=ft.Border.all(1, color),
            border_radius=7,
            shadow=ft.BoxShadow(blur_radius=14, color=ft.Colors.with_opacity(0.16, ft.Colors.SHADOW)),
        )

    return ft.Container(
        width=390,
        right=16,
        bottom=64,
        content=named(
            "notices",
            ft.Column([one(n) for n in shell.notices], spacing=8, tight=True),
            live_region=True,
        ),
    )


def page_head(title: str, lead: str) -> ft.Control:
    """Head of a full page."""
    return ft.Column(
        [heading(title, size=26), text(lead, size=14, color=Ink.MUTED)],
        spacing=4,
        tight=True,
    )
