"""A suggestion from use, at the head of the worklist: one at a time, one click to take, one to refuse for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from app.habits import Suggestion
from ui.parts import button, field, keyed, label, named, quiet, text
from ui.state.offers import OffersVM
from ui.theme import RADIUS, Ink

if TYPE_CHECKING:
    from ui.window import Window


@ft.component
def Suggested(win: Window, vm: OffersVM) -> ft.Control:
    """The first one that waits."""
    if not vm.suggestions:
        return ft.Container()
    first = vm.suggestions[0]
    return keyed(Card, first.name, win, first)


@ft.component
def Card(win: Window, suggestion: Suggestion) -> ft.Control:
    """One suggestion."""
    t = win.t
    given, _ = ft.use_state({"name": suggestion.detail})
    snippet = suggestion.kind == "snippet"
    body: list[ft.Control] = [
        label(t("suggest.title"), color=Ink.ON_ACCENT_SOFT),
        text(t(f"suggest.{suggestion.kind}"), size=12, color=Ink.ON_ACCENT_SOFT),
        text(suggestion.text, size=12, family="Inter Medium", lines=4, color=Ink.ON_ACCENT_SOFT),
    ]
    if snippet:
        body.append(field(t("suggest.name"), given["name"], lambda e: given.__setitem__("name", e.control.value)))
    return ft.Container(
        named(
            "suggestion",
            ft.Column(
                [
                    *body,
                    ft.Row(
                        [
                            button(
                                t("suggest.yes"),
                                lambda: win.take_suggestion(suggestion, given["name"]),
                                key="suggest-yes",
                            ),
                            quiet(t("suggest.never"), lambda: win.never_suggest(suggestion), key="suggest-never"),
                        ],
                        spacing=6,
                    ),
                ],
                spacing=6,
                tight=True,
            ),
            live_region=True,
        ),
        margin=ft.Margin.symmetric(horizontal=10, vertical=4),
        padding=10,
        bgcolor=Ink.ACCENT_SOFT,
        border_radius=RADIUS,
    )
