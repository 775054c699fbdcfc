"""The desk: worklist, document and transcript side by side, or one at a time in a small window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from app.events import Phase
from ui.components.dictating import Dictating, Working
from ui.components.idle import Idle
from ui.components.review import ReviewPane
from ui.components.transcript import TranscriptPane
from ui.components.worklist import WorklistPane
from ui.parts import quiet
from ui.state.shell import ShellVM
from ui.theme import Ink

if TYPE_CHECKING:
    from ui.window import Window


@ft.component
def DeskView(win: Window, shell: ShellVM) -> ft.Control:
    """Worklist, document, transcript."""
    match shell.phase:
        case Phase.LISTENING:
            centre: list[ft.Control] = [ft.Container(Dictating(win, shell, win.live), expand=True)]
        case Phase.TRANSCRIBING:
            centre = [ft.Container(Working(win, shell, win.live), expand=True)]
        case Phase.DRAFTING if win.desk.session.state.review is None:
            centre = [ft.Container(Working(win, shell, win.live), expand=True)]
        case Phase.DRAFTING | Phase.REVIEWING | Phase.SIGNED:
            centre = [
                ft.Container(ReviewPane(win, win.review), expand=8),
                ft.Container(width=1, bgcolor=Ink.LINE),
                ft.Container(TranscriptPane(win, win.transcript), expand=5, bgcolor=Ink.PANE),
            ]
        case _:
            centre = [ft.Container(Idle(win, shell, win.live), expand=True)]
    if shell.small:
        return _one_pane(win, shell, centre)
    return ft.Row(
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        controls=[
            ft.Container(
                WorklistPane(win, win.list, shell),
                width=230 if shell.width < 1180 else 272,
                bgcolor=Ink.PANE,
                border=ft.Border.only(right=ft.BorderSide(1, Ink.LINE)),
            ),
            *centre,
        ],
    )


def _one_pane(win: Window, shell: ShellVM, centre: list[ft.Control]) -> ft.Control:
    """A small window, or 200 % of zoom: one pane, the others one click away."""
    t = win.t
    panes: dict[str, ft.Control] = {
        "list": ft.Container(WorklistPane(win, win.list, shell), bgcolor=Ink.PANE, expand=True)
    }
    panes["document"] = centre[0]
    if len(centre) > 1:
        panes["words"] = centre[-1]
    here = shell.pane if shell.pane in panes else "document"

    def tab(name: str) -> ft.Control:
        return ft.MergeSemantics(
            ft.Semantics(
                selected=name == here,
                content=ft.Container(
                    quiet(
                        t(f"pane.{name}"),
                        lambda: setattr(shell, "pane", name),
                        key=f"pane-{name}",
                        style=ft.ButtonStyle(color=Ink.TEXT if name == here else Ink.MUTED),
                    ),
                    border=ft.Border.only(
                        bottom=ft.BorderSide(2, Ink.ACCENT if name == here else ft.Colors.TRANSPARENT)
                    ),
                ),
            )
        )

    return ft.Column(
        [
            ft.Container(
                ft.Row([tab(name) for name in panes], spacing=4),
                padding=ft.Padding.symmetric(horizontal=8),
                bgcolor=Ink.PANE,
                border=ft.Border.only(bottom=ft.BorderSide(1, Ink.LINE)),
            ),
            panes[here],
        ],
        expand=True,
        spacing=0,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
