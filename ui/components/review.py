"""The open document: who and what, what is to be checked, its sections, the signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from ui.components.addition import LessonBar
from ui.components.redrawn import Redrawn
from ui.components.signed import SignedBar, SignedPages
from ui.parts import (
    button,
    choice,
    icon_button,
    muted,
    named,
    quiet,
    strong,
)
from ui.state.review import ReviewVM, SavedVM
from ui.theme import Ink

if TYPE_CHECKING:
    from ui.window import Window

from ui.components.sections import sections
from ui.components.signbar import SignBar
from ui.components.walk import WalkBar


@ft.component
def ReviewPane(win: Window, vm: ReviewVM) -> ft.Control:
    """Head, walk, sections, signature."""
    if vm.document_id is None:
        return ft.Container(bgcolor=Ink.DESK)
    if vm.pending:
        middle: list[ft.Control] = [Redrawn(win, vm)]
    elif vm.signed:
        middle = [SignedPages(win, vm)]
    else:
        middle = [WalkBar(win, vm), sections(win, vm)]
    return named(
        "document",
        ft.Container(
            bgcolor=Ink.DESK,
            expand=True,
            content=ft.Column(
                expand=True,
                spacing=0,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                controls=[
                    Head(win, vm),
                    *middle,
                    *([SignedBar(win, vm)] if vm.signed else [LessonBar(win, win.offers), SignBar(win, vm)]),
                ],
            ),
        ),
        label=win.t("review.document"),
        expand=True,
    )


@ft.component
def Head(win: Window, vm: ReviewVM) -> ft.Control:
    """Which document, for whom, what can be taken back."""
    t = win.t
    editable = not vm.signed and not vm.drafting
    kinds = [(f.id, win.kind(f.id)) for f in win.kinds()]
    tools: list[ft.Control] = []
    if editable:
        tools = [
            icon_button(ft.Icons.UNDO, t("review.undo"), lambda: win.undo(), disabled=not vm.can_undo),
            icon_button(ft.Icons.REDO, t("review.redo"), lambda: win.redo(), disabled=not vm.can_redo),
            icon_button(ft.Icons.AUTORENEW, t("review.redraft"), lambda: win.redraft())
            if win.shell.small
            else ft.Semantics(
                identifier="redraft",
                container=True,
                content=button(
                    t("review.redraft"),
                    lambda: win.redraft(),
                    icon=ft.Icons.AUTORENEW,
                    tooltip=win.keymap.shown("redraft"),
                ),
            ),
        ]
    elif vm.drafting:
        tools = [ft.ProgressRing(width=16, height=16, stroke_width=2), muted(t("review.redrafting"))]
    kind: ft.Control = (
        choice(t("kind.title"), vm.form_id, kinds, lambda e: win.pick_kind(e.control.value), expand=True)
        if editable
        else strong(win.kind(vm.form_id), size=16, lines=1)
    )
    if win.shell.small:
        tools.append(icon_button(ft.Icons.PERSON_OUTLINE, t("patient.edit"), lambda: win.ask("identity")))
    return ft.Container(
        ft.Column(
            [
                ft.Row([ft.Container(kind, expand=True), *tools], spacing=6),
                *(
                    []
                    if win.shell.small
                    else [
                        ft.Row(
                            [
                                ft.Icon(ft.Icons.PERSON_OUTLINE, size=15, color=Ink.MUTED),
                                ft.Container(muted(identity(win), lines=1), expand=True),
                                quiet(
                                    t("patient.edit"),
                                    lambda: win.ask("identity"),
                                    icon=ft.Icons.EDIT_OUTLINED,
                                    key="identity",
                                ),
                                _soon(win),
                                *([Saved(win, win.saved)] if not vm.signed else []),
                            ],
                            spacing=4,
                        )
                    ]
                ),
            ],
            spacing=2,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        padding=ft.Padding.only(left=20, right=14, top=8, bottom=4),
        bgcolor=Ink.PAPER,
        border=ft.Border.only(bottom=ft.BorderSide(1, Ink.LINE)),
    )


def _soon(win: Window) -> ft.Control:
    """Priority and due date."""
    t = win.t
    dictation = win.desk.dictation
    now = int(dictation.priority) if dictation is not None else 0
    days = (("due.none", None), ("due.today", 0), ("due.tomorrow", 1), ("due.week", 7))
    return ft.MergeSemantics(
        ft.PopupMenuButton(
            icon=ft.Icons.SCHEDULE,
            icon_size=18,
            icon_color=Ink.MUTED,
            tooltip=t("review.due"),
            items=[
                *[
                    ft.PopupMenuItem(t(f"priority.{n}"), checked=n == now, on_click=lambda e, p=n: win.set_priority(p))
                    for n in (0, 1, 2)
                ],
                ft.PopupMenuItem(),
                *[ft.PopupMenuItem(t(key), on_click=lambda e, d=after: win.set_due(d)) for key, after in days],
            ],
        ),
    )


def identity(win: Window) -> str:
    """« DUPONT Jeanne, née le 12/03/1954 · pour Dr Martin »."""
    dictation = win.desk.dictation
    if dictation is None:
        return ""
    patient, recipient = dictation.consultation.patient, dictation.consultation.recipient
    who = " ".join(p for p in ((patient.last_name or "").upper(), patient.first_name or "") if p)
    born = f"{patient.birth_date:%d/%m/%Y}" if patient.birth_date else ""
    parts = " · ".join(p for p in (who or win.t("patient.none"), born) if p)
    return f"{parts}  →  {recipient.name}" if recipient.name else parts


@ft.component
def Saved(win: Window, vm: SavedVM) -> ft.Control:
    """Whether what was typed is kept."""
    return ft.Row(
        [
            ft.Icon(ft.Icons.CLOUD_DONE_OUTLINED if vm.saved else ft.Icons.MORE_HORIZ, size=14, color=Ink.MUTED),
            muted(win.t("review.saved" if vm.saved else "review.saving"), size=11),
        ],
        spacing=3,
        tight=True,
    )
