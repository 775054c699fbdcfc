"""How loud, how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from ui.parts import (
    text,
)
from ui.state.shell import LiveVM, MeterVM
from ui.theme import FALLBACK, Ink

if TYPE_CHECKING:
    from ui.window import Window


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
