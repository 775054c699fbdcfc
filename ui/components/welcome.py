"""First run: microphone, sample dictation, limits; and a line of the catalogue of models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from ui.components.meter import Meter
from ui.components.pages import full_page
from ui.parts import badge, button, card, choice, main_button, muted, strong
from ui.state.shell import ShellVM
from ui.theme import Ink

if TYPE_CHECKING:
    from ui.window import Window


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

    return full_page(
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
