"""The doctor speaks, then the last words are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from app.events import Phase
from ui.parts import (
    badge,
    button,
    card,
    choice,
    key_cap,
    label,
    main_button,
    muted,
    named,
    quiet,
    strong,
    text,
)
from ui.state.shell import LiveVM, ShellVM
from ui.theme import FALLBACK, Ink

if TYPE_CHECKING:
    from ui.window import Window
from ui.components.meter import Elapsed, Meter


@ft.component
def Dictating(win: Window, shell: ShellVM, live: LiveVM) -> ft.Control:
    """The doctor speaks: time, level, words as they come, sections as they fill."""
    t = win.t
    state = (
        badge(t("live.paused"), ft.Icons.PAUSE, Ink.CHECK, Ink.CHECK_SOFT)
        if live.paused
        else badge(t("live.recording"), ft.Icons.FIBER_MANUAL_RECORD, Ink.ALARM, Ink.ALARM_SOFT)
    )
    return ft.Container(
        bgcolor=Ink.DESK,
        padding=ft.Padding.symmetric(horizontal=24, vertical=18),
        content=ft.Column(
            expand=True,
            spacing=14,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            controls=[
                ft.Row(
                    [
                        Elapsed(win, win.meter, live),
                        ft.Container(width=8),
                        ft.Column([state, Meter(win, win.meter, 150 if shell.small else 380)], spacing=6, tight=True),
                        ft.Container(expand=True),
                        button(
                            t("live.go_on" if live.paused else "live.pause"),
                            lambda: win.dictate(),
                            icon=ft.Icons.PLAY_ARROW if live.paused else ft.Icons.PAUSE,
                            key="pause",
                        ),
                        button(t("live.discard"), lambda: win.discard(), icon=ft.Icons.DELETE_OUTLINE),
                        main_button(t("live.finish"), lambda: win.finish(), icon=ft.Icons.STOP_ROUNDED),
                    ],
                    spacing=10,
                ),
                ft.Row(
                    expand=True,
                    spacing=16,
                    vertical_alignment=ft.CrossAxisAlignment.STRETCH,
                    controls=[
                        ft.Container(
                            _words(win, live),
                            expand=3,
                            bgcolor=Ink.PAPER,
                            border_radius=8,
                            border=ft.Border.all(1, Ink.LINE),
                        ),
                        ft.Container(
                            _sections(win, live),
                            expand=2,
                            bgcolor=Ink.PANE,
                            border_radius=8,
                            border=ft.Border.all(1, Ink.LINE),
                        ),
                    ],
                ),
                ft.Row(
                    [
                        key_cap(win.keymap.shown("dictate")),
                        muted(t("live.hint_pause")),
                        key_cap(win.keymap.shown("finish")),
                        muted(t("live.hint_finish")),
                        key_cap(win.keymap.shown("discard")),
                        muted(t("live.hint_discard")),
                        ft.Container(expand=True),
                        muted(t("busy.sharing" if live.sharing else "live.kept")),
                    ],
                    spacing=8,
                ),
            ],
        ),
    )


def _words(win: Window, live: LiveVM) -> ft.Control:
    final = ft.TextStyle(color=Ink.TEXT)
    grey = ft.TextStyle(color=Ink.MUTED, italic=True)
    spans = [ft.TextSpan(live.final + " ", style=final)] if live.final else []
    if live.stable:
        spans.append(ft.TextSpan(live.stable + " ", style=final))
    if live.unstable:
        spans.append(ft.TextSpan(live.unstable, style=grey))
    body: ft.Control = (
        ft.Text(
            spans=spans,
            size=18,
            font_family="Serif",
            font_family_fallback=FALLBACK,
            style=ft.TextStyle(height=1.55),
        )
        if spans
        else muted(win.t("live.speak"), size=16)
    )
    return ft.Column(
        [
            ft.Row(
                [
                    label(win.t("live.heard")),
                    ft.Container(expand=True),
                    muted(win.t.count("live.words", live.words), size=11),
                ]
            ),
            ft.Column(
                [named("live-text", body, live_region=True)],
                expand=True,
                scroll=ft.ScrollMode.AUTO,
                auto_scroll=True,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
        ],
        expand=True,
        spacing=10,
        margin=20,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _sections(win: Window, live: LiveVM) -> ft.Control:
    form = win.office.form(live.form_id)
    texts = {s.key: s.text for s in live.draft.sections} if live.draft else {}
    rows: list[ft.Control] = []
    for section in form.sections if form else ():
        filled = texts.get(section.key, "")
        rows.append(
            ft.Row(
                [
                    ft.Icon(
                        ft.Icons.CHECK_CIRCLE if filled else ft.Icons.RADIO_BUTTON_UNCHECKED,
                        size=15,
                        color=Ink.DONE if filled else Ink.EDGE,
                    ),
                    ft.Column(
                        [
                            text(
                                section.title,
                                size=12,
                                family="Inter Medium",
                                color=Ink.TEXT if filled else Ink.MUTED,
                                lines=1,
                            ),
                            *([muted(filled, size=12, lines=2)] if filled else []),
                        ],
                        spacing=1,
                        tight=True,
                        expand=True,
                    ),
                ],
                spacing=8,
                vertical_alignment=ft.CrossAxisAlignment.START,
            )
        )
    others = [(f.id, win.kind(f.id)) for f in win.kinds()]
    return ft.Column(
        [
            choice(win.t("live.kind"), live.form_id, others, lambda e: win.pick_kind(e.control.value), expand=True),
            named(
                "live-sections",
                ft.Column(rows, spacing=9, scroll=ft.ScrollMode.AUTO, expand=True),
                label=win.t("live.sections"),
                expand=True,
            ),
        ],
        expand=True,
        spacing=14,
        margin=16,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@ft.component
def Working(win: Window, shell: ShellVM, live: LiveVM) -> ft.Control:
    """The last words are being written; never longer than it takes, always with real progress."""
    t = win.t
    drafting = shell.phase is Phase.DRAFTING
    return ft.Container(
        bgcolor=Ink.DESK,
        alignment=ft.Alignment.CENTER,
        content=ft.Container(
            width=560,
            content=card(
                strong(t("working.drafting" if drafting else "working.hearing"), size=16),
                ft.ProgressBar(
                    value=live.progress,
                    bar_height=4,
                    border_radius=2,
                    color=Ink.ACCENT,
                    bgcolor=Ink.LINE,
                    semantics_label=t("working.progress"),
                ),
                muted(t("busy.waiting" if live.what == "waiting" else "working.lead"), size=13),
                ft.Text(
                    live.final[-420:],
                    size=15,
                    font_family="Serif",
                    font_family_fallback=FALLBACK,
                    color=Ink.MUTED,
                    max_lines=6,
                ),
                quiet(t("working.aside"), lambda: win.close(), icon=ft.Icons.MOVE_TO_INBOX, key="aside"),
                padding=26,
            ),
        ),
    )
