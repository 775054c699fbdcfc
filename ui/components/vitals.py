"""Values of a section that has no sentence of its own (« Constantes »): typed inputs in place, no false gap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flet as ft

from dictation.values import Vital
from templates.values import number
from ui.components.facts import LOOKS, figure
from ui.parts import icon_button, keyed, outlined, strong, text
from ui.state.review import OPEN, REJECTED, Fact, SectionVM
from ui.theme import RADIUS, Ink

if TYPE_CHECKING:
    from ui.window import Window

_SMALL: dict[str, Any] = {"width": 28, "height": 26, "padding": 0}


def inline(section: SectionVM) -> bool:
    """True where the values themselves are the section."""
    return bool(section.facts) and all(isinstance(f.field.value, Vital) for f in section.facts)


def vitals(win: Window, section: SectionVM) -> ft.Control:
    """One small form per value, side by side."""
    return ft.Row(
        [keyed(VitalInput, f"vital-{fact.id}-{fact.text}", win, section, fact) for fact in section.facts],
        wrap=True,
        spacing=8,
        run_spacing=8,
    )


@ft.component
def VitalInput(win: Window, section: SectionVM, fact: Fact) -> ft.Control:
    """« TA [138] / [79] mmHg », its state, its confirmation; a figure typed is kept when the cursor leaves it."""
    t, value = win.t, fact.field.value
    assert isinstance(value, Vital)
    icon, color, ground = LOOKS[fact.state]
    changed: ft.MutableRef[dict[str, Any]] = ft.use_ref(lambda: {})
    pressure = value.sys is not None
    parts = ("sys", "dia") if pressure else ("value",)

    def take(name: str, given: str) -> None:
        changed.current[name] = figure(given)

    def keep() -> None:
        if changed.current:
            win.set_fact(fact, dict(changed.current))
            changed.current = {}

    def blank(name: str) -> ft.Control:  # a blank no higher than a line of text
        given = getattr(value, name)
        shown = number(given) if given is not None else ""
        return ft.Container(
            ft.TextField(
                value=shown,
                on_change=lambda e: take(name, e.control.value),
                key=f"{fact.id}-{name}",
                on_blur=keep,
                on_submit=keep,
                read_only=fact.state == REJECTED,
                text_align=ft.TextAlign.CENTER,
                text_size=13,
                color=color,
                dense=True,
                border=outlined(),
                content_padding=ft.Padding.symmetric(horizontal=6, vertical=7),
            ),
            width=60,
        )

    figures: list[ft.Control] = []
    for n, name in enumerate(parts):
        if n:
            figures.append(text("/", color=color))
        caption = f"{value.code} {t(f'fact.{name}')}"
        figures.append(ft.MergeSemantics(ft.Semantics(label=caption, content=blank(name))))
    tools: list[ft.Control] = []
    if fact.state == OPEN and win.shell.role == "doctor":
        tools.append(
            icon_button(
                ft.Icons.CHECK, f"{t('fact.confirm')} {fact.text}", lambda: win.confirm(fact.id), size=15, **_SMALL
            )
        )
    if fact.state != REJECTED:
        tools.append(
            icon_button(
                ft.Icons.CLOSE, f"{t('fact.reject')} {fact.text}", lambda: win.reject(fact.id), size=15, **_SMALL
            )
        )
    here = section.current == fact.id
    return ft.Container(
        ft.Row(
            [
                ft.Semantics(
                    identifier=f"fact-{fact.id}",
                    button=True,
                    label=f"{value.code} {fact.text}, {t(f'fact.{fact.state}')}",
                    content=ft.Container(
                        ft.Row(
                            [ft.Icon(icon, size=14, color=color), strong(value.code, size=12, color=color)],
                            spacing=4,
                            tight=True,
                        ),
                        on_click=lambda: win.show_fact(fact),
                        tooltip=t("review.words_of"),
                        padding=4,
                    ),
                ),
                *figures,
                text(value.unit or "", size=12, color=color),
                *tools,
            ],
            spacing=4,
            tight=True,
        ),
        padding=ft.Padding.only(left=4, right=4, top=3, bottom=3),
        bgcolor=ground,
        border=ft.Border.all(2 if here else 1, Ink.ACCENT if here else (color if fact.state == OPEN else ground)),
        border_radius=RADIUS,
    )
