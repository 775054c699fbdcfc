"""Before, during and right after the dictation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from app.events import Phase
from ui.parts import (
    badge,
    button,
    card,
    choice,
    field,
    heading,
    key_cap,
    label,
    main_button,
    muted,
    named,
    quiet,
    strong,
    text,
)
from ui.state.shell import LiveVM, MeterVM, ShellVM
from ui.theme import FALLBACK, RADIUS, Ink

if TYPE_CHECKING:
    from ui.window import Window


@ft.component
def Idle(win: Window, shell: ShellVM, live: LiveVM) -> ft.Control:
    """Nothing is open: what to dictate, for whom, with which microphone."""
    t = win.t
    if shell.role == "secretary":
        return _secretary_idle(win)
    kinds = win.kinds()
    return ft.Container(
        bgcolor=Ink.DESK,
        padding=ft.Padding.symmetric(horizontal=32, vertical=24),
        content=ft.Column(
            expand=True,
            scroll=ft.ScrollMode.AUTO,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            controls=[
                ft.Container(
                    width=860,
                    content=ft.Column(
                        spacing=18,
                        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                        controls=[
                            ft.Row(
                                [
                                    ft.Container(
                                        ft.Column(
                                            [heading(t("idle.title"), size=28), muted(t("idle.lead"), size=14)],
                                            spacing=4,
                                            tight=True,
                                        ),
                                        expand=True,
                                    ),
                                    big_button(win, t("live.start")),
                                ],
                                spacing=24,
                            ),
                            card(
                                label(t("idle.kind")),
                                ft.Row(
                                    [_kind(win, f.id, win.kind(f.id), live.form_id == f.id) for f in kinds[:6]],
                                    wrap=True,
                                    spacing=8,
                                    run_spacing=8,
                                ),
                                choice(
                                    t("idle.other_kind"),
                                    live.form_id,
                                    [(f.id, win.kind(f.id)) for f in kinds],
                                    lambda e: win.pick_kind(e.control.value),
                                    expand=True,
                                ),
                            ),
                            card(
                                label(t("idle.patient")),
                                ft.Row(
                                    [
                                        _given(win, "last_name", t("patient.last_name"), live.last_name),
                                        _given(win, "first_name", t("patient.first_name"), live.first_name),
                                        _given(
                                            win,
                                            "birth_date",
                                            t("patient.birth_date"),
                                            live.birth_date,
                                            t("patient.birth_hint"),
                                        ),
                                    ],
                                    spacing=10,
                                ),
                                ft.Row(
                                    [
                                        _given(win, "recipient", t("patient.recipient"), live.recipient),
                                        ft.Container(
                                            choice(
                                                t("priority.title"),
                                                str(live.priority),
                                                [(str(n), t(f"priority.{n}")) for n in (0, 1, 2)],
                                                lambda e: setattr(live, "priority", int(e.control.value)),
                                            ),
                                            expand=True,
                                        ),
                                    ],
                                    spacing=10,
                                ),
                                muted(t("idle.patient_hint")),
                            ),
                            card(
                                label(t("idle.sound")),
                                ft.Row(
                                    [
                                        ft.Container(
                                            choice(
                                                t("device.title"),
                                                live.device,
                                                list(live.devices),
                                                lambda e: win.pick_device(e.control.value),
                                                expand=True,
                                            ),
                                            expand=True,
                                        ),
                                        button(
                                            t("device.stop_test" if live.testing else "device.test"),
                                            lambda: win.test_microphone(),
                                            icon=ft.Icons.GRAPHIC_EQ,
                                        ),
                                        button(
                                            t("idle.file"),
                                            win.choose_file,
                                            icon=ft.Icons.AUDIO_FILE_OUTLINED,
                                            key="choose-file",
                                        ),
                                    ],
                                    spacing=10,
                                ),
                                *([Meter(win, win.meter, 600)] if live.testing else []),
                                muted(t("idle.drop")),
                            ),
                        ],
                    ),
                )
            ],
        ),
    )


def _secretary_idle(win: Window) -> ft.Control:
    return ft.Container(
        bgcolor=Ink.DESK,
        alignment=ft.Alignment.CENTER,
        content=ft.Column(
            [
                ft.Icon(ft.Icons.INBOX_OUTLINED, size=44, color=Ink.MUTED),
                heading(win.t("idle.secretary"), size=22),
                muted(win.t("idle.secretary_lead"), size=14),
            ],
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
    )


def big_button(win: Window, caption: str) -> ft.Control:
    """The big round one."""
    return ft.Column(
        [
            ft.Semantics(
                label=caption,
                button=True,
                container=True,
                identifier="big-record",
                content=ft.IconButton(
                    ft.Icons.MIC,
                    icon_size=38,
                    icon_color=Ink.ON_ACCENT,
                    bgcolor=Ink.ACCENT,
                    tooltip=caption,
                    width=84,
                    height=84,
                    on_click=lambda: win.dictate(),
                ),
            ),
            ft.Row([muted(caption), key_cap("F2")], spacing=6, tight=True),
        ],
        spacing=8,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )


def _kind(win: Window, form_id: str, title: str, on: bool) -> ft.Control:
    return ft.Semantics(
        selected=on,
        button=True,
        content=ft.Container(
            ft.Row(
                [
                    ft.Icon(
                        ft.Icons.CHECK if on else ft.Icons.DESCRIPTION_OUTLINED,
                        size=15,
                        color=Ink.ON_ACCENT_SOFT if on else Ink.MUTED,
                    ),
                    text(title, color=Ink.ON_ACCENT_SOFT if on else Ink.TEXT, family="Inter Medium" if on else "Inter"),
                ],
                spacing=7,
                tight=True,
            ),
            padding=ft.Padding.symmetric(horizontal=12, vertical=9),
            border_radius=RADIUS,
            bgcolor=Ink.ACCENT_SOFT if on else Ink.PAPER,
            border=ft.Border.all(1, Ink.ACCENT if on else Ink.LINE),
            on_click=lambda: win.pick_kind(form_id),
            ink=True,
        ),
    )


def _given(win: Window, name: str, caption: str, value: str, hint: str | None = None) -> ft.Control:
    return ft.Container(
        field(
            caption,
            value,
            lambda e: object.__setattr__(win.live, name, e.control.value),
            hint=hint,
            key=f"given-{name}",
        ),
        expand=True,
    )


BARS = 36


@ft.component
def Meter(win: Window, meter: MeterVM, width: int) -> ft.Control:
    """The level, as bars that fill, with a word for it."""
    lit = round(meter.level * BARS)
    peak = round(meter.peak * BARS)
    low = meter.level < 0.12
    word = win.t("meter.clipped" if meter.clipped else "meter.low" if low else "meter.good")
    return ft.Semantics(
        label=win.t("meter.title"),
        value=f"{round(meter.level * 100)} %",
        content=ft.Row(
            [
                ft.Row(
                    [
                        ft.Container(
                            width=max(3, width // BARS - 4),
                            height=22,
                            border_radius=2,
                            bgcolor=(
                                (Ink.ALARM if n > BARS * 0.92 else Ink.ACCENT)
                                if n < lit
                                else (Ink.EDGE if n == peak else Ink.LINE)
                            ),
                        )
                        for n in range(BARS)
                    ],
                    spacing=3,
                    tight=True,
                ),
                text(word, size=12, color=Ink.ALARM if meter.clipped else Ink.MUTED),
            ],
            spacing=12,
            tight=True,
        ),
    )


@ft.component
def Elapsed(win: Window, meter: MeterVM, live: LiveVM) -> ft.Control:
    """Large, quiet figures."""
    whole = int(meter.elapsed_s)
    return ft.Semantics(
        label=win.t("live.elapsed"),
        value=f"{whole // 60}:{whole % 60:02d}",
        content=ft.Text(
            f"{whole // 60:02d}:{whole % 60:02d}",
            size=44,
            font_family="Serif",
            font_family_fallback=FALLBACK,
            color=Ink.MUTED if live.paused else Ink.TEXT,
        ),
    )


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
                        ft.Column([state, Meter(win, win.meter, 380)], spacing=6, tight=True),
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
                        key_cap("F2"),
                        muted(t("live.hint_pause")),
                        key_cap("Ctrl+Entrée"),
                        muted(t("live.hint_finish")),
                        key_cap("Échap"),
                        muted(t("live.hint_discard")),
                        ft.Container(expand=True),
                        muted(t("live.kept")),
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
                muted(t("working.lead"), size=13),
                ft.Text(
                    live.final[-420:],
                    size=15,
                    font_family="Serif",
                    font_family_fallback=FALLBACK,
                    color=Ink.MUTED,
                    max_lines=6,
                ),
                quiet(t("working.aside"), lambda: win.close(), visible=drafting),
                padding=26,
            ),
        ),
    )
