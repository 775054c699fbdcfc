"""Settings: « textes types »: add, change, delete; what to say to insert them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from dictation.lexicon import fold
from ui.components.settings.keeping import attempt, sheet
from ui.parts import button, field, icon_button, label, main_button, muted, named, strong
from ui.preferences import SNIPPETS
from ui.state.shell import ShellVM
from ui.theme import RADIUS, Ink

if TYPE_CHECKING:
    from ui.window import Window


@ft.component
def Snippets(win: Window, shell: ShellVM) -> ft.Control:
    """« Insérer texte type NOM »."""
    t, settings = win.t, win.office.store.settings
    version, redraw = ft.use_state(0)
    kept: dict[str, str] = dict(settings.get(SNIPPETS, {}, by=win.actor) or {})
    given, _ = ft.use_state({"name": "", "text": ""})
    old, edit = ft.use_state("")

    def put(changed: dict[str, str], done: str) -> bool:
        good = attempt(win, lambda: settings.set(SNIPPETS, changed, by=win.actor), done)
        if good:
            redraw(version + 1)
        return good

    def open_one(name: str) -> None:
        given.update(name=name, text=kept.get(name, ""))
        edit(name)

    def keep() -> None:
        name, body = " ".join(given["name"].split()), given["text"].strip()
        if not name or not body:
            return
        if any(fold(other) == fold(name) for other in kept if other != old):
            win.shell.notice("check", t("snippet.same"))
            return
        changed = {k: v for k, v in kept.items() if k != old} | {name: body}
        if put(dict(sorted(changed.items(), key=lambda one: fold(one[0]))), "snippet.changed"):
            open_one("")

    def delete(name: str) -> None:
        if put({k: v for k, v in kept.items() if k != name}, "snippet.deleted") and name == old:
            open_one("")

    def row(name: str, body: str) -> ft.Control:
        return ft.Container(
            named(
                f"snippet-{fold(name).replace(' ', '-')}",
                ft.Row(
                    [
                        ft.Column(
                            [strong(name), muted(t("snippet.say", name=name), size=11)],
                            spacing=1,
                            tight=True,
                            width=250,
                        ),
                        ft.Container(muted(body, lines=2), expand=True),
                        icon_button(
                            ft.Icons.EDIT_OUTLINED, f"{t('snippet.edit')} {name}", lambda: open_one(name), size=16
                        ),
                        icon_button(
                            ft.Icons.DELETE_OUTLINE,
                            f"{t('settings.vocabulary_forget')} {name}",
                            lambda: delete(name),
                            size=16,
                        ),
                    ],
                    spacing=10,
                ),
            ),
            padding=ft.Padding.symmetric(horizontal=8, vertical=4),
            bgcolor=Ink.ACCENT_SOFT if name == old else None,
            border_radius=RADIUS,
        )

    return sheet(
        t("settings.snippets"),
        t("settings.snippets_lead"),
        *([row(name, body) for name, body in kept.items()] or [muted(t("settings.snippets_none"))]),
        ft.Container(height=4),
        label(t("snippet.edit") + f" «\u00a0{old}\u00a0»" if old else t("snippet.new")),
        field(
            t("settings.snippets_name"),
            given["name"],
            lambda e: given.__setitem__("name", e.control.value),
            key=f"snippet-name-{old}-{version}",
        ),
        field(
            t("settings.snippets_text"),
            given["text"],
            lambda e: given.__setitem__("text", e.control.value),
            multiline=True,
            min_lines=3,
            max_lines=8,
            key=f"snippet-text-{old}-{version}",
        ),
        ft.Row(
            [
                *([button(t("snippet.cancel"), lambda: open_one(""))] if old else []),
                main_button(t("save" if old else "settings.recipients_add"), keep, key="keep-snippet"),
            ],
            alignment=ft.MainAxisAlignment.END,
        ),
    )
