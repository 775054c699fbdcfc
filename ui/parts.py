"""Small pieces every screen is made of: text in the scale, buttons, chips, headings, notes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from ui.theme import FALLBACK, RADIUS, Ink

Handler = Callable[..., Any]


def text(
    value: str,
    *,
    size: float = 13,
    family: str = "Inter",
    color: str = Ink.TEXT,
    lines: int | None = None,
    **more: Any,
) -> ft.Text:
    """Plain text in the scale."""
    return ft.Text(
        value,
        size=size,
        font_family=family,
        font_family_fallback=FALLBACK,
        color=color,
        max_lines=lines,
        overflow=ft.TextOverflow.ELLIPSIS if lines else ft.TextOverflow.CLIP,
        **more,
    )


def muted(value: str, *, size: float = 12, **more: Any) -> ft.Text:
    """Second rank."""
    return text(value, size=size, color=Ink.MUTED, **more)


def strong(value: str, *, size: float = 13, **more: Any) -> ft.Text:
    """First rank."""
    return text(value, size=size, family="Inter SemiBold", **more)


def label(value: str, **more: Any) -> ft.Text:
    """Small heading over a group."""
    return text(value, size=11, family="Inter SemiBold", color=more.pop("color", Ink.MUTED), **more)


def heading(value: str, *, size: float = 20, level: int = 1) -> ft.Semantics:
    """A heading that a screen reader can jump to."""
    return ft.Semantics(
        header=True,
        heading_level=level,
        content=ft.Text(value, size=size, font_family="Serif SemiBold", font_family_fallback=FALLBACK, color=Ink.TEXT),
    )


def named(identifier: str, content: ft.Control, *, label: str | None = None, **more: Any) -> ft.Semantics:
    """A landmark: found by tests and by screen readers."""
    return ft.Semantics(identifier=identifier, container=True, label=label, content=content, **more)


def unspoken(content: ft.Control) -> ft.Control:
    """Shown and not read aloud: what stands around it says it already."""
    return ft.Semantics(exclude_semantics=True, content=content)


def main_button(caption: str, on_click: Handler | None, *, icon: Any = None, **more: Any) -> ft.FilledButton:
    """The one action of a place."""
    return ft.FilledButton(caption, icon=icon, on_click=on_click, **more)


def button(caption: str, on_click: Handler | None, *, icon: Any = None, **more: Any) -> ft.OutlinedButton:
    """Another action."""
    return ft.OutlinedButton(caption, icon=icon, on_click=on_click, **more)


def quiet(caption: str, on_click: Handler | None, *, icon: Any = None, **more: Any) -> ft.TextButton:
    """An action that stays in the background."""
    return ft.TextButton(caption, icon=icon, on_click=on_click, **more)


def icon_button(icon: Any, caption: str, on_click: Handler | None, *, size: int = 18, **more: Any) -> ft.Control:
    """An icon with a name that is read aloud and shown on hover."""
    return ft.MergeSemantics(
        ft.IconButton(icon, tooltip=caption, icon_size=size, icon_color=Ink.MUTED, on_click=on_click, **more)
    )


def outlined(color: str = Ink.EDGE) -> dict[ft.ControlState, ft.InputBorder]:
    """The frame of a blank; thicker and in the accent while it has the focus."""
    return {
        ft.ControlState.DEFAULT: ft.OutlineInputBorder(side=ft.BorderSide(1, color), border_radius=RADIUS),
        ft.ControlState.FOCUSED: ft.OutlineInputBorder(side=ft.BorderSide(2, Ink.ACCENT), border_radius=RADIUS),
    }


def field(
    caption: str, value: str = "", on_change: Handler | None = None, *, hint: str | None = None, **more: Any
) -> ft.TextField:
    """A one-line blank."""
    return ft.TextField(
        label=caption,
        value=value,
        hint_text=hint,
        on_change=on_change,
        text_size=13,
        color=Ink.TEXT,
        dense=True,
        border=outlined(),
        content_padding=ft.Padding.symmetric(horizontal=10, vertical=15),
        label_style=ft.TextStyle(size=13, color=Ink.MUTED),
        **more,
    )


def choice(
    caption: str, value: str | None, options: list[tuple[str, str]], on_select: Handler, **more: Any
) -> ft.Semantics:
    """A list to choose from; ``options`` are (key, text)."""
    shown = next((text for key, text in options if key == value), "")
    return ft.Semantics(
        label=f"{caption}\u00a0: {shown}" if shown else caption,
        container=True,
        content=ft.Dropdown(
            label=caption,
            value=value,
            options=[ft.DropdownOption(key=key, text=shown) for key, shown in options],
            on_select=on_select,
            text_size=13,
            dense=True,
            border=outlined(),
            menu_height=360,
            content_padding=ft.Padding.symmetric(horizontal=10, vertical=8),
            **more,
        ),
    )


def scroll_key(name: str) -> Any:
    """A place that a pane can be scrolled to."""
    made: Any = ft.ScrollKey
    return made(name)


def keyed(component: Callable[..., Any], key: str, *args: Any) -> ft.Control:
    """A component that is kept as long as its key is the same, wherever it stands in the list."""
    made: ft.Control = component(*args, key=key)
    return made


def still(component: Callable[..., Any], key: str, *args: Any) -> ft.Control:
    """A keyed component that is drawn again only when its arguments or its view model change, whatever happens
    above it. Give it everything it reads: what it takes from the window behind its back does not redraw it."""
    memo: Any = ft.memo
    return keyed(memo(component), key, *args)


def key_cap(keys: str) -> ft.Container:
    """« F2 » as printed on a key."""
    return ft.Container(
        text(keys, size=11, family="Inter Medium", color=Ink.MUTED),
        padding=ft.Padding.symmetric(horizontal=5, vertical=1),
        border=ft.Border.all(1, Ink.LINE),
        border_radius=4,
        bgcolor=Ink.PAPER,
    )


def badge(caption: str, icon: Any, color: str, ground: str) -> ft.Container:
    """State by icon, word and colour together."""
    return ft.Container(
        ft.Row(
            [ft.Icon(icon, size=13, color=color), text(caption, size=11, family="Inter Medium", color=color)],
            spacing=4,
            tight=True,
        ),
        padding=ft.Padding.symmetric(horizontal=7, vertical=2),
        border_radius=10,
        bgcolor=ground,
    )


def note(message: str, icon: Any, color: str, ground: str, *actions: ft.Control, **more: Any) -> ft.Container:
    """A bar that says something happened."""
    return ft.Container(
        ft.Row(
            [ft.Icon(icon, size=18, color=color), ft.Container(text(message, color=color), expand=True), *actions],
            spacing=10,
        ),
        padding=ft.Padding.symmetric(horizontal=14, vertical=8),
        bgcolor=ground,
        border_radius=RADIUS,
        **more,
    )


def card(*children: ft.Control, padding: int = 16, spacing: int = 10, **more: Any) -> ft.Container:
    """A sheet of paper."""
    return ft.Container(
        ft.Column(list(children), spacing=spacing, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        padding=padding,
        bgcolor=Ink.PAPER,
        border_radius=8,
        border=ft.Border.all(1, Ink.LINE),
        **more,
    )
