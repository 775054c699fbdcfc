"""Settings: the book of colleagues."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import flet as ft

from app.recipients import read_recipients
from dictation.errors import CalameError
from ui.components.settings.keeping import attempt, lines, sheet
from ui.parts import (
    button,
    field,
    icon_button,
    main_button,
    muted,
    strong,
)
from ui.preferences import RECIPIENTS
from ui.state.shell import ShellVM

if TYPE_CHECKING:
    from ui.window import Window


@ft.component
def Recipients(win: Window, shell: ShellVM) -> ft.Control:
    """The book of colleagues; CSV and vCard."""
    t, settings = win.t, win.office.store.settings
    version, redraw = ft.use_state(0)
    rows: list[dict[str, str]] = list(settings.get(RECIPIENTS, [], by=win.actor, practice=True) or [])
    given, _ = ft.use_state({"name": "", "specialty": "", "address": ""})

    def put(changed: list[dict[str, str]], done: str = "settings.saved") -> None:
        if attempt(win, lambda: settings.set(RECIPIENTS, changed, by=win.actor, practice=True), done):
            redraw(version + 1)

    def add() -> None:
        if given["name"].strip():
            put([*rows, {k: v.strip() for k, v in given.items()}])
            for key in given:
                given[key] = ""

    async def load() -> None:
        files = await win.picker.pick_files(with_data=True, allow_multiple=False)
        if not files or not files[0].bytes:
            return
        try:
            found = read_recipients(files[0].name, bytes(files[0].bytes))
        except CalameError as error:
            win.shell.notice("check", error.message)
            return
        known = {r.get("name") for r in rows}
        put([*rows, *[asdict(r) for r in found if r.name not in known]])
        win.shell.notice("done", t("settings.recipients_done", n=len(found)))

    rows_shown: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(strong(r.get("name", "")), width=240),
                ft.Container(muted(r.get("specialty", "")), width=180),
                ft.Container(muted(r.get("address", "").replace("\n", ", "), lines=1), expand=True),
                icon_button(
                    ft.Icons.DELETE_OUTLINE,
                    t("settings.vocabulary_forget"),
                    lambda r=r: put([x for x in rows if x != r]),
                    size=16,
                ),
            ]
        )
        for r in rows
    ]
    return sheet(
        t("settings.recipients"),
        t("settings.recipients_lead"),
        *lines(rows_shown, t("settings.recipients_none")),
        ft.Row(
            [
                ft.Container(
                    field(t("settings.name"), given["name"], lambda e: given.__setitem__("name", e.control.value)),
                    expand=True,
                ),
                ft.Container(
                    field(
                        t("settings.specialty"),
                        given["specialty"],
                        lambda e: given.__setitem__("specialty", e.control.value),
                    ),
                    expand=True,
                ),
                ft.Container(
                    field(
                        t("settings.address"), given["address"], lambda e: given.__setitem__("address", e.control.value)
                    ),
                    expand=True,
                ),
                main_button(t("settings.recipients_add"), add),
            ],
            spacing=10,
        ),
        ft.Row([button(t("settings.recipients_import"), load, icon=ft.Icons.UPLOAD_FILE)]),
    )
