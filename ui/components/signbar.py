"""What still stands in the way, then the signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from ui.parts import (
    button,
    icon_button,
    key_cap,
    main_button,
    named,
    text,
)
from ui.state.review import ReviewVM
from ui.theme import Ink

if TYPE_CHECKING:
    from ui.window import Window

from ui.components.walk import STOP_ICONS, quote


@ft.component
def SignBar(win: Window, vm: ReviewVM) -> ft.Control:
    """What still stands in the way, then the signature."""
    t = win.t
    blocking = [s for s in vm.stops if s.blocking]
    doctor = win.shell.role == "doctor"
    listed: list[ft.Control] = []
    if vm.blocked and blocking:
        listed = [
            named(
                "blockers",
                ft.Column(
                    [
                        ft.Container(
                            ft.Row(
                                [
                                    ft.Icon(STOP_ICONS.get(s.kind, ft.Icons.ERROR_OUTLINE), size=15, color=Ink.CHECK),
                                    ft.Container(
                                        text(s.finding.message if s.finding else quote(win, s), size=12, lines=1),
                                        expand=True,
                                    ),
                                    ft.Icon(ft.Icons.ARROW_FORWARD, size=14, color=Ink.MUTED),
                                ],
                                spacing=8,
                            ),
                            on_click=lambda e, x=s: win.go_to(x),
                            ink=True,
                            padding=ft.Padding.symmetric(horizontal=8, vertical=4),
                            border_radius=4,
                        )
                        for s in blocking[:12]
                    ],
                    spacing=0,
                    scroll=ft.ScrollMode.AUTO,
                    height=min(130, 30 * len(blocking)),
                ),
                live_region=True,
            )
        ]
    say = (
        text(t.count("sign.blocked", len(blocking)), size=12, color=Ink.CHECK, family="Inter Medium")
        if blocking
        else text(t("sign.ready"), size=12, color=Ink.DONE, family="Inter Medium")
    )
    actions: list[ft.Control]
    if doctor:
        from records import Role

        actions = [
            icon_button(ft.Icons.FORWARD_TO_INBOX, t("review.to_secretary"), lambda: win.send_to(Role.SECRETARY))
            if win.shell.small
            else button(t("review.to_secretary"), lambda: win.send_to(Role.SECRETARY), icon=ft.Icons.FORWARD_TO_INBOX),
            ft.Semantics(
                identifier="sign",
                container=True,
                content=main_button(
                    t("sign.sign"),
                    lambda: win.sign(),
                    icon=ft.Icons.DRAW_OUTLINED,
                    disabled=vm.drafting or bool(vm.pending),
                ),
            ),
            *([] if win.shell.small else [key_cap(win.keymap.shown("sign"))]),
        ]
    else:
        from records import Role

        actions = [
            button(t("review.ask"), lambda: win.ask("query"), icon=ft.Icons.HELP_OUTLINE),
            main_button(t("review.to_doctor"), lambda: win.send_to(Role.DOCTOR), icon=ft.Icons.DONE_ALL),
        ]
    return ft.Container(
        ft.Column(
            [
                *listed,
                ft.Row(
                    [
                        ft.Icon(
                            ft.Icons.ERROR_OUTLINE if blocking else ft.Icons.CHECK_CIRCLE_OUTLINE,
                            size=16,
                            color=Ink.CHECK if blocking else Ink.DONE,
                        ),
                        ft.Container(say, expand=True),
                        icon_button(ft.Icons.COPY_ALL_OUTLINED, t("after.copy"), lambda: win.page.run_task(win.copy)),
                        icon_button(
                            ft.Icons.FLAG_OUTLINED, t("report.open"), lambda: win.page.run_task(win.report_error)
                        ),
                        *actions,
                    ],
                    spacing=8,
                ),
            ],
            spacing=6,
            tight=True,
        ),
        padding=ft.Padding.only(left=20, right=14, top=8, bottom=8),
        bgcolor=Ink.PAPER,
        border=ft.Border.only(top=ft.BorderSide(1, Ink.LINE)),
    )
