"""The list on the left: what waits, most pressing first."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import flet as ft

from app.events import Phase
from records import Priority, State, Task, WorklistItem
from ui import filters
from ui.components.suggestions import Suggested
from ui.parts import badge, label, muted, named, outlined, quiet, text, unspoken
from ui.state.shell import ShellVM, WorklistVM
from ui.theme import RADIUS, Ink

if TYPE_CHECKING:
    from ui.window import Window

STATES = {
    State.RECORDING: (ft.Icons.PAUSE_CIRCLE_OUTLINE, Ink.CHECK),
    State.TO_TRANSCRIBE: (ft.Icons.HEARING, Ink.MUTED),
    State.TO_DRAFT: (ft.Icons.EDIT_NOTE, Ink.MUTED),
    State.TO_REVIEW: (ft.Icons.RATE_REVIEW_OUTLINED, Ink.ACCENT),
    State.QUERIED: (ft.Icons.HELP_OUTLINE, Ink.CHECK),
    State.CORRECTED: (ft.Icons.DRAW_OUTLINED, Ink.ACCENT),
    State.SIGNED: (ft.Icons.VERIFIED_OUTLINED, Ink.DONE),
    State.EXPORTED: (ft.Icons.OUTBOX_OUTLINED, Ink.MUTED),
    State.PURGED: (ft.Icons.DELETE_OUTLINE, Ink.MUTED),
}


@ft.component
def WorklistPane(win: Window, vm: WorklistVM, shell: ShellVM) -> ft.Control:
    """Search, filters, tasks, lines."""
    t = win.t
    count = vm.counts
    return named(
        "worklist",
        ft.Column(
            expand=True,
            spacing=0,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            controls=[
                ft.Container(_search(win), padding=ft.Padding.only(left=12, right=12, top=12, bottom=8)),
                ft.Container(_chips(win, vm), padding=ft.Padding.symmetric(horizontal=12)),
                ft.Container(
                    muted(
                        t.count("list.count", len(vm.items))
                        + (f" · {t.count('list.late', count.overdue)}" if count.overdue else ""),
                        size=11,
                    ),
                    padding=ft.Padding.only(left=14, top=8, bottom=4),
                ),
                *([Suggested(win, win.offers)] if shell.role == "doctor" else []),
                *([_tasks(win, vm.tasks)] if vm.tasks and shell.role == "secretary" else []),
                ft.ListView(
                    expand=True,
                    padding=ft.Padding.only(left=6, right=6, bottom=12),
                    controls=[Line(win, item, item.id == vm.selected, shell.phase) for item in vm.items]
                    or [ft.Container(muted(t("list.empty"), text_align=ft.TextAlign.CENTER), padding=24)],
                ),
            ],
        ),
        label=t("list.title"),
    )


def _search(win: Window) -> ft.Control:
    return ft.TextField(
        hint_text=win.t("list.search"),
        prefix_icon=ft.Icon(ft.Icons.SEARCH, size=16, color=Ink.MUTED),
        prefix_icon_size_constraints=ft.BoxConstraints(min_width=32, min_height=20),
        on_change=lambda e: win.search(e.control.value),
        text_size=13,
        color=Ink.TEXT,
        dense=True,
        height=36,
        border=outlined(Ink.LINE),
        bgcolor=Ink.PAPER,
        content_padding=ft.Padding.symmetric(horizontal=8, vertical=8),
    )


def _chips(win: Window, vm: WorklistVM) -> ft.Control:
    def chip(name: str) -> ft.Control:
        on = vm.filter == name
        return ft.Semantics(
            selected=on,
            button=True,
            container=True,
            content=ft.Container(
                text(
                    win.t(f"filter.{name}"),
                    size=12,
                    family="Inter Medium" if on else "Inter",
                    color=Ink.ON_ACCENT_SOFT if on else Ink.MUTED,
                ),
                padding=ft.Padding.symmetric(horizontal=8, vertical=4),
                border_radius=12,
                bgcolor=Ink.ACCENT_SOFT if on else None,
                border=ft.Border.all(1, Ink.ACCENT if on else Ink.LINE),
                on_click=lambda: win.set_filter(name),
                ink=True,
            ),
        )

    return ft.Row([chip(name) for name in filters.NAMES], spacing=4, run_spacing=4, wrap=True)


def _tasks(win: Window, tasks: tuple[Task, ...]) -> ft.Control:
    return ft.Container(
        ft.Column(
            [
                label(win.t("tasks.title")),
                *[
                    ft.Row(
                        [
                            ft.Checkbox(
                                value=False,
                                on_change=lambda e, i=task.id: win.tick(i),
                                semantics_label=win.t("tasks.done"),
                            ),
                            ft.Column(
                                [text(task.text, size=12, lines=4), muted(task.patient, size=11, lines=1)],
                                spacing=0,
                                tight=True,
                                expand=True,
                            ),
                        ],
                        spacing=2,
                        vertical_alignment=ft.CrossAxisAlignment.START,
                    )
                    for task in tasks[:4]
                ],
            ],
            spacing=4,
            tight=True,
        ),
        margin=ft.Margin.symmetric(horizontal=10, vertical=4),
        padding=10,
        bgcolor=Ink.CHECK_SOFT,
        border_radius=RADIUS,
    )


@ft.component
def Line(win: Window, item: WorklistItem, selected: bool, phase: Phase) -> ft.Control:
    """One dictation."""
    t = win.t
    icon, color = STATES[item.state]
    title = item.patient or t("list.unnamed")
    state = t(f"state.{item.state.value}")
    if item.state is State.RECORDING and selected and phase is Phase.LISTENING:
        icon, color, state = ft.Icons.MIC, Ink.ALARM, t("list.now")
    marks: list[ft.Control] = []
    said: list[str] = [age(win, item.age_s)]

    def mark(caption: str, icon: ft.IconData, color: str, ground: str) -> None:
        said.append(caption)
        marks.append(badge(caption, icon, color, ground))

    if item.priority is not Priority.NORMAL:
        mark(t(f"priority.{int(item.priority)}"), ft.Icons.PRIORITY_HIGH, Ink.ALARM, Ink.ALARM_SOFT)
    if item.due_at is not None and item.state not in (State.SIGNED, State.EXPORTED):
        late = item.overdue
        mark(
            due(win, item.due_at),
            ft.Icons.SCHEDULE,
            Ink.ALARM if late else Ink.MUTED,
            Ink.ALARM_SOFT if late else Ink.RAISED,
        )
    if item.open_queries and item.state is not State.QUERIED:
        mark(t.count("list.queries", item.open_queries), ft.Icons.HELP_OUTLINE, Ink.CHECK, Ink.CHECK_SOFT)
    if item.failure:
        mark(t("list.failed"), ft.Icons.REPORT_OUTLINED, Ink.ALARM, Ink.ALARM_SOFT)
    if item.opposed:
        mark(t("list.opposed"), ft.Icons.DO_NOT_DISTURB_ON_OUTLINED, Ink.CHECK, Ink.CHECK_SOFT)
    more: list[ft.Control] = []
    if item.state is State.RECORDING and phase is not Phase.LISTENING:
        more.append(
            ft.Row(
                [
                    quiet(t("list.resume"), lambda: win.resume(item.id), icon=ft.Icons.MIC),
                    quiet(t("list.finish"), lambda: win.finish_interrupted(item.id)),
                ],
                spacing=0,
            )
        )
    mine = filters.waits_for(item, win.actor)
    whole = ft.Semantics(
        identifier=f"line-{item.id}",
        container=True,
        selected=selected,
        button=True,
        label=", ".join([title, win.kind(item.form_id), state, *said]),
        content=ft.Container(
            ft.Row(
                [
                    ft.Container(width=3, border_radius=2, bgcolor=Ink.ACCENT if selected else ft.Colors.TRANSPARENT),
                    ft.Column(
                        [
                            unspoken(
                                ft.Column(
                                    [
                                        ft.Row(
                                            [
                                                ft.Container(
                                                    text(
                                                        title,
                                                        family="Inter SemiBold" if mine or selected else "Inter Medium",
                                                        lines=1,
                                                    ),
                                                    expand=True,
                                                ),
                                                muted(age(win, item.age_s), size=11),
                                            ],
                                            spacing=6,
                                        ),
                                        muted(win.kind(item.form_id), lines=1),
                                        ft.Row(
                                            [
                                                ft.Row(
                                                    [
                                                        ft.Icon(icon, size=14, color=color),
                                                        text(state, size=12, color=color, family="Inter Medium"),
                                                    ],
                                                    spacing=4,
                                                    tight=True,
                                                ),
                                                *marks,
                                            ],
                                            spacing=8,
                                            run_spacing=4,
                                            wrap=True,
                                            vertical_alignment=ft.CrossAxisAlignment.CENTER,
                                        ),
                                        *(
                                            [muted(item.author, size=11, lines=1)]
                                            if win.shell.role == "secretary"
                                            else []
                                        ),
                                    ],
                                    spacing=2,
                                    tight=True,
                                )
                            ),
                            *more,
                        ],
                        spacing=2,
                        tight=True,
                        expand=True,
                    ),
                ],
                spacing=8,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
            padding=ft.Padding.only(left=4, right=8, top=7, bottom=7),
            border_radius=RADIUS,
            bgcolor=Ink.PAPER if selected else None,
            border=ft.Border.all(1, Ink.LINE if selected else ft.Colors.TRANSPARENT),
            on_click=lambda: win.open_dictation(item.id),
            ink=True,
        ),
    )
    return whole if more else ft.MergeSemantics(whole)


def age(win: Window, seconds: float) -> str:
    """« 3 min », « 2 h », « 4 j »."""
    if seconds < 3600:
        return win.t("age.minutes", n=max(1, int(seconds // 60)))
    if seconds < 48 * 3600:
        return win.t("age.hours", n=int(seconds // 3600))
    return win.t("age.days", n=int(seconds // 86400))


def due(win: Window, at: dt.datetime) -> str:
    """« aujourd'hui », « demain », « 14/03 »."""
    days = (at.date() - win.office.parts.ports.clock().date()).days
    if days == 0:
        return win.t("due.today")
    if days == 1:
        return win.t("due.tomorrow")
    return f"{at.day:02d}/{at.month:02d}"
