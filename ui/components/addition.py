"""Dictating into a section: its microphone, its « textes types », the words as they come; the word offered to learn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from ui.components.meter import Meter
from ui.parts import button, icon_button, key_cap, muted, named, quiet, text
from ui.state.adding import AddingVM
from ui.state.offers import OffersVM
from ui.theme import FALLBACK, RADIUS, Ink

if TYPE_CHECKING:
    from ui.window import Window

_SMALL = {"width": 28, "height": 26, "padding": 0}


@ft.component
def Microphone(win: Window, vm: AddingVM, key: str) -> ft.Control:
    """Of one section."""
    t, here = win.t, vm.key == key
    caption = f"{t('adding.stop' if here else 'adding.here')} ({win.keymap.shown('dictate')})"
    return ft.Semantics(
        identifier=f"mic-{key}",
        container=True,
        content=icon_button(
            ft.Icons.STOP_CIRCLE if here else ft.Icons.MIC_NONE,
            caption,
            lambda: win.dictate_into(key),
            size=17 if here else 15,
            disabled=vm.key is not None and not here,
            **_SMALL,
        ),
    )


def snippet_menu(win: Window, key: str) -> ft.Control:
    """« Textes types » to insert in a section."""
    t = win.t
    names = list(win.snippets())
    items = [ft.PopupMenuItem(name, on_click=lambda e, n=name: win.insert_snippet(key, n)) for name in names]
    manage = ft.PopupMenuItem(t("snippet.manage" if names else "snippet.none"), on_click=lambda: win.open_snippets())
    return ft.Semantics(
        identifier=f"snippets-{key}",
        container=True,
        content=ft.MergeSemantics(
            ft.PopupMenuButton(
                icon=ft.Icons.SHORT_TEXT,
                icon_size=16,
                icon_color=Ink.MUTED,
                tooltip=t("snippet.insert"),
                padding=0,
                width=28,
                height=26,
                items=[*items, *([ft.PopupMenuItem()] if items else []), manage],
            )
        ),
    )


@ft.component
def AdditionLine(win: Window, vm: AddingVM, key: str) -> ft.Control:
    """What is heard now, under the text it will join."""
    if vm.key != key:
        return ft.Container()
    t = win.t
    style = ft.TextStyle(color=Ink.TEXT)
    grey = ft.TextStyle(color=Ink.MUTED, italic=True)
    spans = [ft.TextSpan(vm.final + " ", style=style)] if vm.final else []
    if vm.unstable:
        spans.append(ft.TextSpan(vm.unstable, style=grey))
    if not spans:
        spans = [ft.TextSpan(t("adding.listening"), style=grey)]
    below: list[ft.Control] = (
        [ft.ProgressRing(width=14, height=14, stroke_width=2), muted(t("adding.writing"))]
        if vm.ending
        else [
            Meter(win, win.meter, 200),
            ft.Container(expand=True),
            key_cap(win.keymap.shown("dictate")),
            muted(t("adding.finish"), size=11),
            key_cap("Échap"),
            muted(t("adding.throw"), size=11),
        ]
    )
    return ft.Container(
        ft.Column(
            [
                named(
                    "adding-text",
                    ft.Text(
                        spans=spans,
                        size=15,
                        font_family="Serif",
                        font_family_fallback=FALLBACK,
                        style=ft.TextStyle(height=1.45),
                    ),
                    live_region=True,
                ),
                ft.Row(below, spacing=6),
                *([muted(t("adding.sharing"), size=11)] if vm.sharing else []),
            ],
            spacing=6,
            tight=True,
        ),
        padding=ft.Padding.symmetric(horizontal=10, vertical=8),
        bgcolor=Ink.ACCENT_SOFT,
        border=ft.Border.only(left=ft.BorderSide(3, Ink.ACCENT)),
        border_radius=RADIUS,
    )


@ft.component
def LessonBar(win: Window, vm: OffersVM) -> ft.Control:
    """« Toujours écrire « X » quand j'entends « Y » » : one line, above the signature, in nobody's way."""
    if vm.lesson is None:
        return ft.Container()
    t = win.t
    return ft.Container(
        named(
            "lesson",
            ft.Row(
                [
                    ft.Icon(ft.Icons.SCHOOL_OUTLINED, size=16, color=Ink.ON_ACCENT_SOFT),
                    ft.Container(
                        text(
                            t("learn.offer", wanted=vm.lesson.wanted, heard=vm.lesson.heard),
                            size=12,
                            color=Ink.ON_ACCENT_SOFT,
                            lines=2,
                        ),
                        expand=True,
                    ),
                    button(t("learn.yes"), lambda: win.learn(), key="learn-yes"),
                    quiet(t("learn.never"), lambda: win.never_learn(), key="learn-never"),
                ],
                spacing=8,
            ),
            live_region=True,
        ),
        padding=ft.Padding.only(left=20, right=14, top=5, bottom=5),
        bgcolor=Ink.ACCENT_SOFT,
        border=ft.Border.only(top=ft.BorderSide(1, Ink.LINE)),
    )
