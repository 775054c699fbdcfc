"""« À vérifier »: where the walk stands, and one key to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from app.walk import Stop
from ui.parts import (
    badge,
    button,
    icon_button,
    key_cap,
    main_button,
    muted,
    named,
    quiet,
    text,
)
from ui.state.review import SHOWN_TOGETHER, ReviewVM
from ui.theme import Ink

if TYPE_CHECKING:
    from ui.window import Window


STOP_ICONS = {
    "drug": ft.Icons.MEDICATION_OUTLINED,
    "side": ft.Icons.SWAP_HORIZ,
    "negation": ft.Icons.DO_NOT_DISTURB_ON_OUTLINED,
    "figure": ft.Icons.PIN_OUTLINED,
    "date": ft.Icons.EVENT_OUTLINED,
    "name": ft.Icons.BADGE_OUTLINED,
    "other": ft.Icons.ERROR_OUTLINE,
}


@ft.component
def WalkBar(win: Window, vm: ReviewVM) -> ft.Control:
    """« À vérifier »: where the walk stands, and one key to answer."""
    t = win.t
    total = vm.answered + len(vm.stops)
    if not vm.stops:
        body: ft.Control = ft.Row(
            [
                ft.Icon(ft.Icons.CHECK_CIRCLE_OUTLINE, size=18, color=Ink.DONE),
                text(t("walk.finished" if total else "walk.none"), color=Ink.DONE, family="Inter Medium"),
            ],
            spacing=8,
        )
        ground = Ink.DONE_SOFT
    elif vm.stop is None:
        body = ft.Row(
            [
                ft.Icon(ft.Icons.ERROR_OUTLINE, size=18, color=Ink.CHECK),
                ft.Container(
                    text(
                        t.count("review.stops", len(vm.stops))
                        + " · "
                        + t("walk.progress", done=vm.answered, all=total),
                        color=Ink.CHECK,
                        family="Inter Medium",
                    ),
                    expand=True,
                ),
                button(t("walk.next"), lambda: win.next_stop(), icon=ft.Icons.ARROW_FORWARD, key="next-stop"),
                key_cap(win.keymap.shown("next_stop")),
            ],
            spacing=8,
        )
        ground = Ink.CHECK_SOFT
    else:
        body, ground = _at(win, vm, vm.stop), Ink.CHECK_SOFT
    return ft.Container(
        named("walk", body, live_region=True, label=t("walk.title")),
        padding=ft.Padding.only(left=20, right=14, top=7, bottom=7),
        bgcolor=ground,
        border=ft.Border.only(bottom=ft.BorderSide(1, Ink.LINE)),
    )


def _at(win: Window, vm: ReviewVM, stop: Stop) -> ft.Control:
    t = win.t
    said = quote(win, stop)
    what = (
        stop.finding.message
        if stop.finding
        else next((f.text for s in vm.sections for f in s.facts if f.id == stop.target), said)
    )
    if win.shell.small:
        doctor = win.shell.role == "doctor"
        return ft.Row(
            [
                ft.Icon(STOP_ICONS.get(stop.kind, ft.Icons.ERROR_OUTLINE), size=18, color=Ink.CHECK),
                ft.Container(text(f"{t(f'walk.{stop.kind}')} : {what}", family="Inter SemiBold", lines=2), expand=True),
                *(
                    [icon_button(ft.Icons.CHECK, t("walk.confirm"), lambda: win.confirm_stop(), size=22)]
                    if doctor
                    else []
                ),
                icon_button(ft.Icons.ARROW_FORWARD, t("walk.next"), lambda: win.next_stop()),
            ],
            spacing=4,
        )
    rows: list[ft.Control] = [
        ft.Row(
            [
                badge(t(f"walk.{stop.kind}"), STOP_ICONS.get(stop.kind, ft.Icons.ERROR_OUTLINE), Ink.CHECK, Ink.PAPER),
                ft.Container(text(what, family="Inter SemiBold", lines=3), expand=True),
                muted(t("walk.blocking" if stop.blocking else "walk.optional"), size=11),
            ],
            spacing=8,
        ),
        ft.Row(
            [
                ft.Container(muted(t("walk.said", text=said), lines=2) if said else None, expand=True),
                *(
                    [
                        quiet(t("walk.reject"), lambda: win.reject(stop.target), key="reject-stop")
                        if stop.field is not None
                        else ft.Container()
                    ]
                ),
                button(t("walk.next"), lambda: win.next_stop(), key="next-stop"),
                key_cap(win.keymap.shown("next_stop")),
                *(
                    [
                        main_button(
                            t("walk.confirm"), lambda: win.confirm_stop(), icon=ft.Icons.CHECK, key="confirm-stop"
                        ),
                        key_cap(win.keymap.shown("confirm_stop")),
                    ]
                    if win.shell.role == "doctor"
                    else []
                ),
            ],
            spacing=6,
        ),
    ]
    if stop.finding is not None and stop.finding.candidates and stop.finding.span is not None:
        rows.insert(
            1,
            ft.Row(
                [
                    muted(t("walk.instead")),
                    *[
                        button(wanted, lambda e, w=wanted: win.choose_candidate(stop, w))
                        for wanted in stop.finding.candidates[:4]
                    ],
                ],
                spacing=6,
                wrap=True,
            ),
        )
    group = win.together() if win.shell.role == "doctor" else ()
    if 1 < len(group) <= SHOWN_TOGETHER:
        rows.append(_group(win, vm, stop, group))
    return ft.Column(rows, spacing=5, tight=True)


def _group(win: Window, vm: ReviewVM, stop: Stop, group: tuple[Stop, ...]) -> ft.Control:
    """All values of the section that wait, as they stand, so that one key confirms what was read."""
    t = win.t
    shown = {f.id: f.text for s in vm.sections for f in s.facts}
    values: list[ft.Control] = [
        text(
            shown.get(s.target, quote(win, s)),
            size=12,
            family="Inter SemiBold" if s.target == stop.target else "Inter Medium",
            color=Ink.CHECK,
        )
        for s in group
    ]
    return named(
        "together",
        ft.Row(
            [
                muted(t("together.also"), size=11),
                ft.Container(ft.Row(values, spacing=12, run_spacing=2, wrap=True), expand=True),
                button(t("together.confirm", n=len(group)), lambda: win.confirm_section(), icon=ft.Icons.DONE_ALL),
                key_cap(win.keymap.shown("confirm_section")),
            ],
            spacing=6,
        ),
    )


def quote(win: Window, stop: Stop) -> str:
    words = win.transcript.words
    return " … ".join(" ".join(w.text for w in words[s.first : s.last]) for s in stop.spans[:3] if s.last <= len(words))
