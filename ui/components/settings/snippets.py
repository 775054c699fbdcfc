"""Settings: texts types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from ui.components.settings.keeping import attempt
from ui.parts import (
    card,
    field,
    icon_button,
    label,
    main_button,
    muted,
    strong,
)
from ui.preferences import SNIPPETS
from ui.state.shell import ShellVM

if TYPE_CHECKING:
    from ui.window import Window


@ft.component
def Snippets(win: Window, shell: ShellVM) -> ft.Control:
    """« Insérer texte type NOM »."""
    t, settings = win.t, win.office.store.settings
    version, redraw = ft.use_state(0)
    kept: dict[str, str] = dict(settings.get(SNIPPETS, {}, by=win.actor) or {})
    given, _ = ft.use_state({"name": "", "text": ""})

    def put(changed: dict[str, str]) -> None:
        if attempt(win, lambda: settings.set(SNIPPETS, changed, by=win.actor)):
            redraw(version + 1)

    def add() -> None:
        if given["name"].strip() and given["text"].strip():
            put({**kept, given["name"].strip(): given["text"].strip()})
            given["name"] = given["text"] = ""

    rows: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(strong(name), width=180),
                ft.Container(muted(body, lines=2), expand=True),
                icon_button(
                    ft.Icons.CLOSE,
                    t("settings.vocabulary_forget"),
                    lambda name=name: put({k: v for k, v in kept.items() if k != name}),
                    size=16,
                ),
            ]
        )
        for name, body in kept.items()
    ]
    return card(
        label(t("settings.snippets")),
        muted(t("settings.snippets_lead")),
        *(rows or [muted(t("settings.snippets_none"))]),
        field(t("settings.snippets_name"), given["name"], lambda e: given.__setitem__("name", e.control.value)),
        field(
            t("settings.snippets_text"),
            given["text"],
            lambda e: given.__setitem__("text", e.control.value),
            multiline=True,
            min_lines=3,
            max_lines=8,
        ),
        ft.Row([main_button(t("settings.recipients_add"), add)], alignment=ft.MainAxisAlignment.END),
    )
