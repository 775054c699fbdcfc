"""The anonymised copy, side by side with the original, before a person saves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flet as ft

from app.copies import Part, Stretch, words
from ui.components.pages import full_page
from ui.parts import button, card, field, heading, label, main_button, muted, quiet, text
from ui.state.report import ReportVM
from ui.state.shell import DESK, ShellVM
from ui.theme import FALLBACK, Ink

if TYPE_CHECKING:
    from ui.window import Window


@ft.component
def ReportView(win: Window, shell: ShellVM, vm: ReportVM) -> ft.Control:
    """Original and copy by part, what is masked besides, the remark, the file."""
    t = win.t
    typed, type_ = ft.use_state("")
    if vm.copy is None:
        return full_page("report", t("report.title"), t("report.lead"))

    async def mask() -> None:
        await win.mask(typed)
        type_("")

    def joined(e: Any) -> None:
        vm.with_heard = bool(e.control.value)
        win.page.run_task(win.refresh_copy)

    def said(e: Any) -> None:
        vm.remark = e.control.value
        win.page.run_task(win.refresh_copy)

    return full_page(
        "report",
        t("report.title"),
        t("report.lead"),
        *[_sides(win, part) for part in vm.copy.parts],
        card(
            muted(t("report.mask_help"), size=13),
            ft.Row(
                [
                    ft.Container(
                        field(
                            t("report.mask"), typed, lambda e: type_(e.control.value),
                            on_submit=lambda e: win.page.run_task(mask), key="mask",
                        ),
                        expand=True,
                    ),
                    button(t("report.mask_add"), lambda: win.page.run_task(mask), icon=ft.Icons.VISIBILITY_OFF_OUTLINED),
                ],
                spacing=10,
            ),
            *([ft.Row([label(t("report.masked")), *_masked(win, vm)], wrap=True, spacing=6)] if vm.masked else []),
            ft.Checkbox(label=t("report.with_heard"), value=vm.with_heard, on_change=joined, key="with-heard"),
            field(t("report.remark"), vm.remark, on_blur=said, multiline=True, min_lines=2, max_lines=5, key="remark"),
        ),
        card(
            label(t("report.about")),
            muted(" · ".join(vm.copy.about), size=12),
            text(t.count("report.replaced", vm.copy.replaced) + ". " + t("report.warning"), size=13, color=Ink.CHECK),
            ft.Checkbox(
                label=t("report.read"), value=vm.read, on_change=lambda e: setattr(vm, "read", bool(e.control.value)),
                key="copy-read",
            ),
            ft.Row(
                [
                    button(t("close"), lambda: win.go(DESK)),
                    main_button(
                        t("report.save"), lambda: win.save_copy(), icon=ft.Icons.DOWNLOAD, disabled=not vm.read,
                        key="copy-save",
                    ),
                ],
                alignment=ft.MainAxisAlignment.END,
                spacing=10,
            ),
        ),
    )  # fmt: skip


def _masked(win: Window, vm: ReportVM) -> list[ft.Control]:
    return [
        quiet(
            word,
            lambda w=word: win.page.run_task(win.mask, w),
            icon=ft.Icons.CLOSE,
            tooltip=win.t("report.unmask", word=word),
        )
        for word in vm.masked
    ]


def _sides(win: Window, part: Part) -> ft.Control:
    t = win.t
    return card(
        heading(part.title, size=17, level=2),
        ft.Row(
            [
                _side(t("report.original"), [_original(s) for s in part.stretches]),
                ft.Container(width=1, bgcolor=Ink.LINE),
                _side(t("report.copy"), [span for s in part.stretches for span in _copied(win, s)]),
            ],
            spacing=14,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
    )


def _side(caption: str, spans: list[ft.TextSpan]) -> ft.Control:
    told = "".join(s.text or "" for s in spans)
    return ft.Container(
        ft.Column(
            [
                label(caption),
                ft.Semantics(
                    label=f"{caption}\u00a0: {told}",
                    container=True,
                    content=ft.Text(
                        spans=spans, size=14, font_family="Inter", font_family_fallback=FALLBACK, color=Ink.TEXT
                    ),
                ),
            ],
            spacing=6,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        expand=True,
    )


def _original(stretch: Stretch) -> ft.TextSpan:
    gone = ft.TextStyle(bgcolor=Ink.ALARM_SOFT, color=Ink.ALARM, decoration=ft.TextDecoration.LINE_THROUGH)
    return ft.TextSpan(stretch.original, style=gone if stretch.substitute is not None else None)


def _copied(win: Window, stretch: Stretch) -> list[ft.TextSpan]:
    """The substitute as one piece; what is left word by word, so that a click masks it."""
    if stretch.substitute is not None:
        style = ft.TextStyle(bgcolor=Ink.MARKER, color=Ink.ON_MARKER, weight=ft.FontWeight.W_500)
        back = (lambda e: win.page.run_task(win.mask, stretch.original)) if stretch.kind == "masked" else None
        return [ft.TextSpan(stretch.substitute, style=style, on_click=back)]
    return [
        ft.TextSpan(word, on_click=lambda e, w=word: win.page.run_task(win.mask, w))
        if any(c.isalnum() for c in word)
        else ft.TextSpan(word)
        for word in words(stretch.original)
    ]
