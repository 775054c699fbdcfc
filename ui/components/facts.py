"""Typed values under a section: a chip each, and its parts as typed inputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields as parts_of
from dataclasses import is_dataclass
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

import flet as ft

from dictation.values import DrugStatus
from templates.values import STATUS, number
from ui.parts import choice, field, icon_button, label, main_button, quiet, text, unspoken
from ui.preferences import parse_date
from ui.state.review import CONFIRMED, EDITED, OPEN, PLAIN, REJECTED, Fact, SectionVM
from ui.theme import RADIUS, Ink

if TYPE_CHECKING:
    from ui.window import Window

#: icon and ink of a state; the word comes from the strings: never by colour alone
LOOKS = {
    OPEN: (ft.Icons.HELP_OUTLINE, Ink.CHECK, Ink.CHECK_SOFT),
    CONFIRMED: (ft.Icons.CHECK_CIRCLE_OUTLINE, Ink.DONE, Ink.DONE_SOFT),
    EDITED: (ft.Icons.EDIT_OUTLINED, Ink.ON_ACCENT_SOFT, Ink.ACCENT_SOFT),
    REJECTED: (ft.Icons.BLOCK, Ink.MUTED, Ink.RAISED),
    PLAIN: (ft.Icons.NOTES, Ink.MUTED, Ink.RAISED),
}
#: parts of a value that are Calame's own and not the doctor's to type
_HIDDEN = {"role", "unit_origin", "previous_dose", "reason"}
_SIDES = ("gauche", "droite", "bilatéral")


def facts_row(win: Window, section: SectionVM, *, read_only: bool) -> ft.Control:
    """The chips of a section."""
    return ft.Row(
        [_chip(win, section, fact, read_only) for fact in section.facts],
        wrap=True,
        spacing=6,
        run_spacing=6,
    )


def _chip(win: Window, section: SectionVM, fact: Fact, read_only: bool) -> ft.Control:
    t = win.t
    icon, color, ground = LOOKS[fact.state]
    current = section.current == fact.id
    buttons: list[ft.Control] = []
    if not read_only:
        if fact.state == OPEN and win.shell.role == "doctor":
            buttons.append(
                icon_button(
                    ft.Icons.CHECK, f"{t('fact.confirm')} {fact.text}", lambda: win.confirm(fact.id), size=15, **_SMALL
                )
            )
        buttons.append(
            icon_button(
                ft.Icons.EDIT_OUTLINED,
                f"{t('fact.correct')} {fact.text}",
                lambda: win.edit_fact(fact, section.key),
                size=15,
                **_SMALL,
            )
        )
    shown = text(
        fact.text,
        size=12,
        family="Inter Medium",
        color=color,
        style=ft.TextStyle(decoration=ft.TextDecoration.LINE_THROUGH) if fact.state == REJECTED else None,
    )
    return ft.Container(
        ft.Row(
            [
                ft.MergeSemantics(
                    ft.Semantics(
                        label=f"{t(f'type.{fact.type}') if t.has(f'type.{fact.type}') else fact.type} {fact.text}, "
                        f"{t(f'fact.{fact.state}')}",
                        button=True,
                        identifier=f"fact-{fact.id}",
                        content=ft.Container(
                            unspoken(ft.Row([ft.Icon(icon, size=14, color=color), shown], spacing=5, tight=True)),
                            on_click=lambda: win.show_fact(fact),
                            tooltip=t("review.words_of"),
                            padding=ft.Padding.only(left=8, right=4, top=4, bottom=4),
                        ),
                    )
                ),
                *buttons,
            ],
            spacing=0,
            tight=True,
        ),
        bgcolor=ground,
        border=ft.Border.all(2 if current else 1, Ink.ACCENT if current else (color if fact.state == OPEN else ground)),
        border_radius=RADIUS,
    )


_SMALL: dict[str, Any] = {"width": 28, "height": 26, "padding": 0}


@ft.component
def FactEditor(win: Window, section: SectionVM, fact: Fact) -> ft.Control:
    """One input for each part of the value."""
    t = win.t
    changed: ft.MutableRef[dict[str, Any]] = ft.use_ref(lambda: {})
    value = fact.field.value

    def keep() -> None:
        if changed.current:
            win.set_fact(fact, dict(changed.current))
        win.edit_fact(None, section.key)

    def take_out() -> None:
        win.reject(fact.id)
        win.edit_fact(None, section.key)

    def take(name: str, read: Callable[[str], Any]) -> Callable[[Any], None]:
        def on(e: Any) -> None:
            changed.current[name] = read(e.control.value)

        return on

    return ft.Container(
        ft.Column(
            [
                label(t("fact.correct")),
                ft.Row(
                    [_input(win, *part, take) for part in _parts(value, fact.type)], wrap=True, spacing=8, run_spacing=8
                ),
                ft.Row(
                    [
                        main_button(t("fact.keep"), keep, key="keep-fact"),
                        quiet(t("fact.cancel"), lambda: win.edit_fact(None, section.key)),
                        ft.Container(expand=True),
                        quiet(
                            t("fact.reject"),
                            take_out,
                            icon=ft.Icons.BLOCK,
                        ),
                    ],
                    spacing=8,
                ),
            ],
            spacing=8,
            tight=True,
        ),
        padding=12,
        bgcolor=Ink.PANE,
        border=ft.Border.all(1, Ink.ACCENT),
        border_radius=RADIUS,
    )


def _parts(value: Any, type_: str) -> list[tuple[str, Any, str]]:
    """(name of the part, what stands there, type of the field)."""
    if is_dataclass(value):
        shown = [(f.name, getattr(value, f.name), type_) for f in parts_of(value) if f.name not in _HIDDEN]
        if type_ == "vital":
            pressure = getattr(value, "sys", None) is not None
            drop = {"value"} if pressure else {"sys", "dia"}
            shown = [part for part in shown if part[0] not in drop]
        return shown
    return [("value", value, type_)]


def _input(win: Window, name: str, value: Any, type_: str, take: Callable[..., Any]) -> ft.Control:
    t = win.t
    caption = t(f"fact.{name}")
    if isinstance(value, bool):
        return ft.Checkbox(label=caption, value=value, on_change=take(name, bool))
    if isinstance(value, DrugStatus):
        options = [(s.value, STATUS[s] or "en cours") for s in DrugStatus]
        return ft.Container(choice(caption, value.value, options, take(name, str)), width=170)
    if type_ == "laterality":
        options = [(s, s) for s in dict.fromkeys((*_SIDES, str(value)))]
        return ft.Container(choice(t("fact.side"), str(value), options, take(name, str)), width=200)
    if type_ == "date" or name == "date":
        return ft.Container(
            field(t("fact.date"), french_date(value), take(name, iso_date), hint="JJ/MM/AAAA", key=f"fact-{name}"),
            width=200,
        )
    shown = (
        ""
        if value is None
        else number(value)
        if isinstance(value, Decimal)
        else value.value
        if isinstance(value, Enum)
        else str(value)
    )
    read: Callable[[str], Any] = written
    if isinstance(value, Decimal | int) or name in ("value", "sys", "dia"):
        read = figure
    width = 220 if name in ("name", "substance", "schedule", "reaction", "code") else 130
    return ft.Container(field(caption, shown, take(name, read), key=f"fact-{name}"), width=width)


def written(given: str) -> str | None:
    """Text, ``None`` when the blank was emptied."""
    return given.strip() or None


def figure(given: str) -> Any:
    """« 12,5 » as a number of the contract; anything else is passed on and refused by the type."""
    plain = given.replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", ".")
    try:
        return int(plain)
    except ValueError:
        pass
    try:
        return float(plain)
    except ValueError:
        return given.strip() or None


def iso_date(given: str) -> str:
    """« 06/03/2026 » to ISO 8601; relative words (« dans trois mois ») stay words."""
    day = parse_date(given)
    return day.isoformat() if day else given.strip()


def french_date(value: Any) -> str:
    """ISO 8601 as it is written in France."""
    iso = getattr(value, "iso", value) or ""
    bits = str(iso)[:10].split("-")
    return "/".join(reversed(bits)) if all(b.isdigit() for b in bits) else str(iso)
