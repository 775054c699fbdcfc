"""What every tab is made of: its page, its lines, and keeping a setting (said when done, said when refused)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import flet as ft

from dictation.errors import CalameError
from ui.parts import card, heading, muted
from ui.theme import Ink

if TYPE_CHECKING:
    from ui.window import Window


def attempt(win: Window, work: Callable[[], Any], done: str = "settings.saved") -> bool:
    """Does the work and says ``done``; a refusal is said instead and gives False."""
    try:
        work()
    except CalameError as error:
        win.shell.notice("check", error.message)
        return False
    win.shell.notice("done", win.t(done))
    return True


def sheet(title: str, lead: str, *children: ft.Control, spacing: int = 12) -> ft.Control:
    """A tab: what it is about, and one sheet of paper."""
    return ft.Column(
        [
            ft.Column(
                [heading(title, size=20, level=2), *([muted(lead, size=13)] if lead else [])], spacing=3, tight=True
            ),
            card(*children, padding=20, spacing=spacing),
        ],
        spacing=14,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def lines(rows: list[ft.Control], empty: str) -> list[ft.Control]:
    """Rows parted by thin lines; ``empty`` is said when there is none."""
    if not rows:
        return [ft.Container(muted(empty, size=13), padding=ft.Padding.symmetric(vertical=8))]
    return [
        ft.Column(
            [
                ft.Container(
                    row,
                    padding=ft.Padding.symmetric(vertical=2),
                    border=ft.Border.only(bottom=ft.BorderSide(1, Ink.LINE)),
                )
                for row in rows
            ],
            spacing=0,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    ]
