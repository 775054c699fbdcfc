"""« Redessiner »: what a new draft would change, section by section."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from app.redraft import Change
from ui.parts import button, card, heading, main_button, muted, named, quiet, strong
from ui.state.review import ReviewVM
from ui.theme import FALLBACK, Ink

if TYPE_CHECKING:
    from ui.window import Window

_LOOKS = {
    "same": ft.TextStyle(color=Ink.TEXT),
    "gone": ft.TextStyle(color=Ink.ALARM, bgcolor=Ink.ALARM_SOFT, decoration=ft.TextDecoration.LINE_THROUGH),
    "new": ft.TextStyle(color=Ink.DONE, bgcolor=Ink.DONE_SOFT, decoration=ft.TextDecoration.UNDERLINE),
}


@ft.component
def Redrawn(win: Window, vm: ReviewVM) -> ft.Control:
    """Differences to accept or refuse; nothing moves before."""
    t = win.t
    return named(
        "redrawn",
        ft.Column(
            expand=True,
            scroll=ft.ScrollMode.AUTO,
            spacing=10,
            margin=16,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            controls=[
                ft.Row(
                    [
                        ft.Container(
                            ft.Column(
                                [heading(t("diff.title"), level=2), muted(t("diff.lead"))], spacing=2, tight=True
                            ),
                            expand=True,
                        ),
                        button(t("diff.refuse_all"), lambda: win.take(None, False), key="refuse-all"),
                        main_button(t("diff.accept_all"), lambda: win.take(None, True), key="accept-all"),
                    ],
                    spacing=8,
                ),
                *[_change(win, change) for change in vm.pending],
            ],
        ),
        expand=True,
    )


def _change(win: Window, change: Change) -> ft.Control:
    t = win.t
    said = {"gone": "diff.gone", "new": "diff.new"}
    spans = [
        ft.TextSpan(
            piece + " ", style=_LOOKS[kind], semantics_label=t(said[kind], text=piece) if kind in said else None
        )
        for kind, piece in change.pieces()
    ]
    if change.accepted is None:
        choice: list[ft.Control] = [
            quiet(t("diff.refuse"), lambda: win.take(change.key, False)),
            button(t("diff.accept"), lambda: win.take(change.key, True), icon=ft.Icons.CHECK),
        ]
    else:
        icon = ft.Icons.CHECK_CIRCLE_OUTLINE if change.accepted else ft.Icons.HISTORY
        choice = [
            ft.Icon(icon, size=15, color=Ink.MUTED),
            muted(t("diff.accept" if change.accepted else "diff.refuse")),
        ]
    return card(
        ft.Row([ft.Container(strong(change.title, size=12), expand=True), *choice], spacing=6),
        ft.Text(
            spans=spans, size=15, font_family="Serif", font_family_fallback=FALLBACK, style=ft.TextStyle(height=1.45)
        ),
        padding=12,
        spacing=6,
    )
