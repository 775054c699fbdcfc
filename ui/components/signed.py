"""After the signature: the document as pages, and the ways out of Calame."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import flet as ft

from ui.parts import button, icon_button, label, main_button, muted, named, quiet, text
from ui.state.review import ReviewVM
from ui.theme import RADIUS, Ink

if TYPE_CHECKING:
    from ui.window import Window


@ft.component
def SignedPages(win: Window, vm: ReviewVM) -> ft.Control:
    """Pages, made aside so that nothing waits for them."""
    t = win.t
    nothing: tuple[bytes, ...] = ()
    pages, show = ft.use_state(nothing)
    busy, set_busy = ft.use_state(True)

    async def make() -> None:
        if not vm.issued:
            return
        set_busy(True)
        made = await asyncio.to_thread(win.pages)
        show(made)
        set_busy(False)

    ft.use_effect(make, [vm.document_id, vm.issued])
    if busy:
        body: list[ft.Control] = [
            ft.Container(
                ft.ProgressRing(width=22, height=22, stroke_width=2), alignment=ft.Alignment.CENTER, padding=40
            )
        ]
    elif pages:
        body = [
            ft.Container(
                ft.Image(
                    src=page,
                    fit=ft.BoxFit.FIT_WIDTH,
                    semantics_label=t("after.page", n=n, all=len(pages)),
                    gapless_playback=True,
                    filter_quality=ft.FilterQuality.MEDIUM,
                ),
                bgcolor="#FFFFFF",
                border=ft.Border.all(1, Ink.LINE),
                shadow=ft.BoxShadow(blur_radius=10, color=ft.Colors.with_opacity(0.14, ft.Colors.SHADOW)),
            )
            for n, page in enumerate(pages, 1)
        ]
    else:
        body = [muted(t("after.no_pages")), *_plain(win, vm)]
    return named(
        "pages",
        ft.Column(
            expand=True,
            scroll=ft.ScrollMode.AUTO,
            spacing=14,
            margin=16,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            controls=[*body, _by_section(win, vm)],
        ),
        label=t("after.pages"),
        expand=True,
    )


def _plain(win: Window, vm: ReviewVM) -> list[ft.Control]:
    return [
        ft.Container(
            ft.Column([label(s.title), text(s.text, size=14, family="Serif")], spacing=3, tight=True),
            padding=12,
            bgcolor=Ink.PAPER,
            border_radius=RADIUS,
        )
        for s in vm.sections
        if s.text
    ]


def _by_section(win: Window, vm: ReviewVM) -> ft.Control:
    """For record systems that have one blank per section."""
    return ft.Column(
        [
            label(win.t("after.sections")),
            ft.Row(
                [
                    quiet(
                        section.title,
                        lambda e, k=section.key: win.page.run_task(win.copy, k),
                        icon=ft.Icons.CONTENT_COPY,
                    )
                    for section in vm.sections
                    if section.text
                ],
                wrap=True,
                spacing=4,
                run_spacing=4,
            ),
        ],
        spacing=4,
        tight=True,
    )


@ft.component
def SignedBar(win: Window, vm: ReviewVM) -> ft.Control:
    """Download, copy, print, change again."""
    t = win.t
    leaving, ask = ft.use_state(False)
    doctor = win.shell.role == "doctor"
    if leaving:
        row: list[ft.Control] = [
            ft.Icon(ft.Icons.OUTBOX_OUTLINED, size=18, color=Ink.CHECK),
            ft.Container(text(t("after.export_sure"), size=12), expand=True),
            quiet(t("cancel"), lambda: ask(False)),
            main_button(t("after.export"), lambda: win.exported(), key="export"),
        ]
    else:
        row = [
            ft.Icon(ft.Icons.VERIFIED_OUTLINED, size=18, color=Ink.DONE),
            text(t("sign.signed" if vm.issued else "sign.making"), color=Ink.DONE, family="Inter SemiBold"),
            ft.Container(expand=True),
            *([icon_button(ft.Icons.LOCK_OPEN, t("after.reopen"), lambda: win.reopen())] if doctor else []),
            *([icon_button(ft.Icons.OUTBOX_OUTLINED, t("after.export"), lambda: ask(True))] if doctor else []),
            *([icon_button(ft.Icons.PRINT_OUTLINED, t("after.print"), lambda: win.print())] if vm.issued else []),
            button(t("after.copy"), lambda: win.page.run_task(win.copy), icon=ft.Icons.COPY_ALL_OUTLINED),
            export_menu(win, vm),
            main_button(t("after.docx"), lambda: win.download("docx"), icon=ft.Icons.DOWNLOAD, disabled=not vm.issued),
        ]
    return ft.Container(
        named("signed-bar", ft.Row(row, spacing=6)),
        padding=ft.Padding.only(left=20, right=14, top=8, bottom=8),
        bgcolor=Ink.PAPER,
        border=ft.Border.only(top=ft.BorderSide(1, Ink.LINE)),
    )


#: ways out of the menu, in its order; the Word file has its own button too
WAYS = (
    ("docx", ft.Icons.DESCRIPTION_OUTLINED),
    ("pdf", ft.Icons.PICTURE_AS_PDF_OUTLINED),
    ("fhir", ft.Icons.DATA_OBJECT),
    ("cda", ft.Icons.CODE),
    ("txt", ft.Icons.NOTES),
)


def export_menu(win: Window, vm: ReviewVM) -> ft.Control:
    """Every file a signed document can become, and the anonymised copy."""
    t = win.t

    def item(name: str, icon: ft.IconData, act: Any) -> ft.PopupMenuItem:
        return ft.PopupMenuItem(t(f"out.{name}"), icon=icon, on_click=act)

    return ft.Semantics(
        identifier="export-menu",
        container=True,
        content=ft.PopupMenuButton(
            content=ft.Container(
                ft.Row(
                    [
                        ft.Icon(ft.Icons.IOS_SHARE, size=17, color=Ink.ACCENT),
                        text(t("out.menu"), color=Ink.ACCENT, family="Inter Medium"),
                        ft.Icon(ft.Icons.ARROW_DROP_DOWN, size=17, color=Ink.ACCENT),
                    ],
                    spacing=5,
                    tight=True,
                ),
                padding=ft.Padding.symmetric(horizontal=12, vertical=8),
                border=ft.Border.all(1, Ink.EDGE),
                border_radius=18,
            ),
            tooltip=t("out.menu"),
            disabled=not vm.issued,
            items=[
                *[item(name, icon, lambda e, n=name: win.download(n)) for name, icon in WAYS],
                ft.PopupMenuItem(),
                item("copy_all", ft.Icons.COPY_ALL_OUTLINED, lambda e: win.page.run_task(win.copy)),
                item("copy_anonymised", ft.Icons.FLAG_OUTLINED, lambda e: win.page.run_task(win.report_error)),
            ],
        ),
    )
