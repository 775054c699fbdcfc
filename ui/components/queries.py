"""A question of the secretary: what about, where, and the doctor's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flet as ft

from records import Query
from ui.parts import button, field, muted, named, quiet, text
from ui.theme import RADIUS, Ink

if TYPE_CHECKING:
    from ui.window import Window


@ft.component
def QueryCard(win: Window, query: Query) -> ft.Control:
    """The question over the document; its place is one click away."""
    t = win.t
    given: ft.MutableRef[str] = ft.use_ref(lambda: "")
    about = win.place_text(query.place)

    def write(e: Any) -> None:
        given.current = e.control.value

    rows: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(ft.Icons.HELP_OUTLINE, size=16, color=Ink.CHECK),
                ft.Container(text(query.text, family="Inter Medium"), expand=True),
                *(
                    [
                        quiet(
                            t("query.place", place=about), lambda: win.show_place(query.place), icon=ft.Icons.NORTH_EAST
                        )
                    ]
                    if about
                    else []
                ),
            ],
            spacing=8,
        )
    ]
    if query.answer:
        rows.append(muted(t("query.answered", text=query.answer)))
    elif win.shell.role == "doctor":
        rows.append(
            ft.Row(
                [
                    ft.Container(
                        field(
                            t("query.placeholder"),
                            "",
                            write,
                            on_submit=lambda e: win.answer(query.id, given.current),
                            key=f"answer-{query.id}",
                        ),
                        expand=True,
                    ),
                    button(t("query.answer"), lambda: win.answer(query.id, given.current)),
                ],
                spacing=8,
            )
        )
    return ft.Container(
        named(f"query-{query.id}", ft.Column(rows, spacing=6, tight=True)),
        padding=ft.Padding.symmetric(horizontal=12, vertical=8),
        bgcolor=Ink.CHECK_SOFT,
        border=ft.Border.all(1, Ink.CHECK),
        border_radius=RADIUS,
    )
