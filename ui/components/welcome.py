"""First run, and the page that says how Calame works and where it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from ui.components.meter import Meter
from ui.parts import badge, button, card, choice, heading, label, main_button, muted, named, strong, text
from ui.state.shell import DESK, ShellVM
from ui.theme import FALLBACK, Ink

if TYPE_CHECKING:
    from ui.window import Window


def _page(identifier: str, title: str, lead: str, *children: ft.Control) -> ft.Control:
    return named(
        identifier,
        ft.Container(
            bgcolor=Ink.DESK,
            expand=True,
            padding=ft.Padding.symmetric(horizontal=32, vertical=24),
            content=ft.Column(
                expand=True,
                scroll=ft.ScrollMode.AUTO,
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
                controls=[
                    ft.Container(
                        width=860,
                        content=ft.Column(
                            [heading(title, size=26), text(lead, size=14, color=Ink.MUTED), *children],
                            spacing=16,
                            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                        ),
                    )
                ],
            ),
        ),
        expand=True,
    )


@ft.component
def WelcomeView(win: Window, shell: ShellVM) -> ft.Control:
    """Microphone, sample dictation, limits: one minute."""
    t, live = win.t, win.live

    def listen_to_sample() -> None:
        sample = win.office.parts.sample()
        if sample is not None:
            name, content, _ = sample
            win.welcomed()
            win.hear_file(name, content)

    return _page(
        "welcome",
        t("welcome.tour_title"),
        t("welcome.tour_lead"),
        card(
            strong(t("welcome.step_microphone"), size=15),
            muted(t("welcome.step_microphone_text"), size=13),
            ft.Row(
                [
                    ft.Container(
                        choice(
                            t("device.title"),
                            live.device,
                            list(live.devices),
                            lambda e: win.pick_device(e.control.value),
                        ),
                        expand=True,
                    ),
                    button(
                        t("device.stop_test" if live.testing else "device.test"),
                        lambda: win.test_microphone(),
                        icon=ft.Icons.GRAPHIC_EQ,
                    ),
                ],
                spacing=10,
            ),
            *([Meter(win, win.meter, 600)] if live.testing else []),
        ),
        card(
            strong(t("welcome.step_sample"), size=15),
            muted(t("welcome.step_sample_text"), size=13),
            ft.Row([button(t("welcome.step_sample_go"), listen_to_sample, icon=ft.Icons.PLAY_ARROW, key="sample")]),
        ),
        card(
            strong(t("welcome.step_limits"), size=15),
            muted(t("welcome.step_limits_text"), size=13),
            ft.Row([main_button(t("welcome.done"), lambda: win.welcomed(), icon=ft.Icons.CHECK, key="welcomed")]),
        ),
    )


@ft.component
def TransparencyView(win: Window, shell: ShellVM) -> ft.Control:
    """Which models, what was measured on this machine, what goes wrong."""
    t = win.t
    figures = win.office.parts.figures()
    measured: list[ft.Control] = [
        ft.Column(
            [
                ft.Row([strong(row["name"]), muted(t("transparency.measured_at", day=row["at"]))], spacing=10),
                ft.SelectionArea(
                    ft.Text(
                        row["text"].strip(),
                        size=11.5,
                        font_family="DejaVu Sans Mono",
                        font_family_fallback=["monospace", *FALLBACK],
                        color=Ink.TEXT,
                    )
                ),
            ],
            spacing=4,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
        for row in figures
    ]
    return _page(
        "transparency",
        t("transparency.title"),
        t("transparency.lead"),
        card(label(t("transparency.how")), text(t("transparency.how_text"), size=14)),
        card(label(t("transparency.limits")), text(t("transparency.limits_text"), size=14)),
        card(label(t("transparency.models")), *[model_row(win, row) for row in win.office.parts.models()]),
        card(
            label(t("transparency.measures")),
            *(measured or [muted(t("transparency.measures_none"), size=13)]),
        ),
        ft.Row([button(t("close"), lambda: win.go(DESK))]),
    )


def model_row(win: Window, row: dict[str, str]) -> ft.Control:
    """One model of the catalogue."""
    here = row.get("state") == "installed"
    return ft.Row(
        [
            ft.Container(
                ft.Column(
                    [strong(row["title"]), muted(row.get("note", ""), visible=bool(row.get("note")))],
                    spacing=2,
                    tight=True,
                ),
                expand=True,
            ),
            ft.Container(muted(row["licence"]), width=190),
            ft.Container(muted(row.get("size") or "–"), width=80),
            badge(
                win.t("transparency.installed" if here else "transparency.absent"),
                ft.Icons.CHECK if here else ft.Icons.CLOUD_OFF_OUTLINED,
                Ink.DONE if here else Ink.MUTED,
                Ink.DONE_SOFT if here else Ink.RAISED,
            ),
        ],
        spacing=12,
    )
