"""Before speaking: the big button, kind, patient, microphone; for a secretary, her queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from ui.parts import (
    button,
    card,
    choice,
    field,
    heading,
    key_cap,
    label,
    muted,
    quiet,
    text,
)
from ui.state.shell import LiveVM, ShellVM
from ui.theme import RADIUS, Ink

if TYPE_CHECKING:
    from ui.window import Window
from ui.components.meter import Meter


@ft.component
def Idle(win: Window, shell: ShellVM, live: LiveVM) -> ft.Control:
    """Nothing is open: what to dictate, for whom, with which microphone."""
    t = win.t
    if shell.role == "secretary":
        return _secretary_idle(win)
    kinds = win.kinds()
    return ft.Container(
        bgcolor=Ink.DESK,
        padding=ft.Padding.symmetric(horizontal=24),
        content=ft.Column(
            expand=True,
            scroll=ft.ScrollMode.AUTO,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            controls=[
                ft.Container(
                    width=860,
                    padding=ft.Padding.symmetric(vertical=16),
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
                                *_favourites(win, win.offers.favourites, live.recipient),
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
            ft.Row([muted(caption), key_cap(win.keymap.shown("dictate"))], spacing=6, tight=True),
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


def _favourites(win: Window, names: tuple[str, ...], chosen: str) -> list[ft.Control]:
    """Recipients written to most: one click instead of a name."""
    if not names:
        return []

    def take(name: str) -> None:
        win.live.recipient = name

    return [
        ft.Row(
            [
                muted(win.t("suggest.favourites"), size=11),
                *[quiet(name, lambda e, n=name: take(n), disabled=name == chosen) for name in names],
            ],
            spacing=4,
            run_spacing=0,
            wrap=True,
        )
    ]


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
