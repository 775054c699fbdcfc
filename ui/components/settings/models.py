"""Settings: the models of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flet as ft

from ui.components.settings.keeping import sheet
from ui.components.welcome import model_row
from ui.parts import badge, button, muted, named, quiet, strong, text
from ui.state.measuring import MeasuringVM
from ui.state.shell import ShellVM
from ui.theme import Ink

if TYPE_CHECKING:
    from ui.window import Window


@ft.component
def Models(win: Window, shell: ShellVM) -> ft.Control:
    """The catalogue, and what was measured here."""
    t = win.t
    return ft.Column(
        [
            sheet(
                t("settings.models"),
                t("settings.models_lead"),
                *[model_row(win, row) for row in win.office.parts.models()],
                text("calame models pull NOM", size=12, family="DejaVu Sans Mono", color=Ink.MUTED),
            ),
            Speeds(win, win.measuring),
        ],
        spacing=20,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@ft.component
def Speeds(win: Window, vm: MeasuringVM) -> ft.Control:
    """One line per model that works with sound or text."""
    t = win.t
    known = {row["name"]: row for row in win.office.parts.speeds()}
    models = [m for m in win.office.parts.models() if m["task"] in ("speech", "drafting")]
    return sheet(
        t("speed.title"),
        t("speed.lead"),
        *[_speed(win, vm, model, known.get(model["name"])) for model in models],
    )


def _speed(win: Window, vm: MeasuringVM, model: dict[str, str], row: dict[str, Any] | None) -> ft.Control:
    t, here = win.t, vm.name == model["name"]
    if here:
        waiting = vm.progress is None
        right: list[ft.Control] = [
            ft.Column(
                [
                    muted(t("speed.waiting") if waiting else t("speed.measuring", name=model["name"])),
                    ft.ProgressBar(
                        value=vm.progress,
                        width=220,
                        bar_height=4,
                        border_radius=2,
                        color=Ink.ACCENT,
                        bgcolor=Ink.LINE,
                        semantics_label=t("speed.measuring", name=model["name"]),
                    ),
                ],
                spacing=4,
                tight=True,
            ),
            quiet(t("speed.cancel"), lambda: win.stop_measuring(), key="stop-measuring"),
        ]
    else:
        right = [*_figure(win, row)]
        if model["state"] == "installed":
            right.append(
                button(
                    t("speed.again" if row and row["measured"] else "speed.measure"),
                    lambda: win.measure(model["name"], model["task"]),
                    icon=ft.Icons.SPEED,
                    key=f"measure-{model['name']}",
                    disabled=vm.name is not None,
                )
            )
    return named(
        f"speed-{model['name']}",
        ft.Row([ft.Container(strong(model["title"]), expand=True), *right], spacing=10),
    )


def _figure(win: Window, row: dict[str, Any] | None) -> list[ft.Control]:
    t = win.t
    if row is None:
        return [muted(t("speed.none"))]
    factor = f"{row['factor']:.2f}".replace(".", "," if t.language == "fr" else ".")
    speech = row["task"] == "speech"
    out: list[ft.Control] = [
        text(t("speed.speech" if speech else "speed.sentence", factor=factor), size=12),
        muted(t("speed.measured" if row["measured"] else "speed.estimated"), size=11),
    ]
    if speech:
        fast = bool(row["keeps_up"])
        out.append(
            badge(
                t("speed.fast" if fast else "speed.slow"),
                ft.Icons.CHECK if fast else ft.Icons.HOURGLASS_BOTTOM,
                Ink.DONE if fast else Ink.CHECK,
                Ink.DONE_SOFT if fast else Ink.CHECK_SOFT,
            )
        )
    return out
