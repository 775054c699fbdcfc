"""The model card on the screen: which models, what they get wrong, measured on this machine; to print as well."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import flet as ft

from app.card import card_of_this_machine, page
from templates.page import Block
from ui.components.pages import full_page, sheets
from ui.parts import button, main_button
from ui.state.shell import DESK, ShellVM

if TYPE_CHECKING:
    from ui.window import Window


@ft.component
def TransparencyView(win: Window, shell: ShellVM) -> ft.Control:
    """Read from what is installed and measured, each time it is opened."""
    t = win.t
    nothing: tuple[Block, ...] = ()
    blocks, show = ft.use_state(nothing)

    async def read() -> None:
        today = win.office.parts.ports.clock().date()
        made = await asyncio.to_thread(lambda: page(card_of_this_machine(today)))
        show(made.blocks)

    ft.use_effect(read, [])
    tools = ft.Row(
        [
            main_button(
                t("card.print"), lambda: win.print_page("transparence"), icon=ft.Icons.PRINT_OUTLINED, key="card-print"
            ),
            button(
                t("card.word"), lambda: win.channel.order("save", src="/page/transparence.docx"), icon=ft.Icons.DOWNLOAD,
                key="card-word",
            ),
            ft.Container(expand=True),
            button(t("close"), lambda: win.go(DESK)),
        ],
        spacing=8,
    )  # fmt: skip
    shown: list[ft.Control] = sheets(blocks) if blocks else [ft.ProgressRing(width=22, height=22, stroke_width=2)]
    return full_page("transparency", t("transparency.title"), t("card.lead"), tools, *shown)
