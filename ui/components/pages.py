"""A page of titles, paragraphs, lists and tables (``templates.page``) on the screen, one card for each title."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import flet as ft

from templates.page import Block, Bullets, Heading, Table, Text
from ui.parts import card, heading, muted, named, text
from ui.theme import Ink

#: a column gets room for its longest cell, up to so many letters
LONGEST = 30


def full_page(identifier: str, title: str, lead: str, *children: ft.Control) -> ft.Control:
    """A view of its own: title, lead, children under each other, scrolled together."""
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
                        width=920,
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


def sheets(blocks: Iterable[Block]) -> list[ft.Control]:
    """Cards: what stands before the first title, then each title with what follows it."""
    groups: list[tuple[str | None, list[ft.Control]]] = [(None, [])]
    for block in blocks:
        if isinstance(block, Heading):
            groups.append((block.text, []))
        else:
            groups[-1][1].append(drawn(block))
    return [
        card(*([heading(title, size=17, level=2)] if title else []), *parts, spacing=9)
        for title, parts in groups
        if title or parts
    ]


def drawn(block: Block) -> ft.Control:
    """One block."""
    match block:
        case Text(told):
            return text(told, size=14)
        case Bullets(items):
            return ft.Column([_bullet(item) for item in items], spacing=5, tight=True)
        case Table(header, rows):
            return _table(header, rows)
        case _:
            return heading(block.text, size=17, level=2)


def _bullet(item: str) -> ft.Control:
    return ft.Row(
        [
            ft.Container(width=5, height=5, border_radius=3, bgcolor=Ink.ACCENT, margin=ft.Margin.only(top=8)),
            ft.Container(text(item, size=14), expand=True),
        ],
        spacing=9,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> ft.Control:
    widths = [max(6, min(LONGEST, max(len(cell) for cell in column))) for column in zip(header, *rows, strict=True)]

    figures = [
        all(not cell or cell[0].isdigit() or cell == "–" for cell in column) for column in zip(*rows, strict=True)
    ] or [False] * len(header)

    def side(column: int) -> ft.TextAlign:
        """Figures under each other by their end, words by their beginning."""
        return ft.TextAlign.RIGHT if column and figures[column] else ft.TextAlign.LEFT

    def line(cells: Sequence[str], *, head: bool = False) -> ft.Control:
        shown: list[ft.Control] = [
            ft.Container(
                muted(cell, size=12, text_align=side(n)) if head else text(cell, size=13, text_align=side(n)),
                expand=widths[n],
            )
            for n, cell in enumerate(cells)
        ]
        return ft.Container(
            ft.Row(shown, spacing=12, vertical_alignment=ft.CrossAxisAlignment.START),
            padding=ft.Padding.symmetric(horizontal=2, vertical=5),
            border=ft.Border.only(bottom=ft.BorderSide(1, Ink.EDGE if head else Ink.LINE)),
        )

    def said(cells: Sequence[str]) -> str:
        """A row read aloud on its own: each value with its heading."""
        return ", ".join([cells[0], *(f"{h}\u00a0: {c}" for h, c in zip(header[1:], cells[1:], strict=True))])

    return ft.Column(
        [
            ft.Semantics(exclude_semantics=True, content=line(header, head=True)),
            *[ft.Semantics(label=said(r), container=True, exclude_semantics=True, content=line(r)) for r in rows],
        ],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
