"""Settings: tabs on the left, the tab on the right; one module per tab."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import flet as ft

from ui.components.settings.appearance import Appearance
from ui.components.settings.models import Models
from ui.components.settings.people import People
from ui.components.settings.practice import Practice
from ui.components.settings.proof import Proof
from ui.components.settings.recipients import Recipients
from ui.components.settings.retention import Keeping
from ui.components.settings.shortcuts import Shortcuts
from ui.components.settings.snippets import Snippets
from ui.components.settings.vocabulary import Vocabulary
from ui.parts import heading, muted, named, quiet
from ui.state.shell import ShellVM
from ui.theme import Ink

if TYPE_CHECKING:
    from ui.window import Window

#: a tab is a component of (window, shell); its name is also the key of its text ``settings.NAME``
PAGES: dict[str, tuple[ft.IconData, Callable[..., Any]]] = {
    "practice": (ft.Icons.BADGE_OUTLINED, Practice),
    "recipients": (ft.Icons.CONTACT_MAIL_OUTLINED, Recipients),
    "vocabulary": (ft.Icons.SPELLCHECK, Vocabulary),
    "snippets": (ft.Icons.SHORT_TEXT, Snippets),
    "shortcuts": (ft.Icons.KEYBOARD_OUTLINED, Shortcuts),
    "models": (ft.Icons.MEMORY, Models),
    "retention": (ft.Icons.AUTO_DELETE_OUTLINED, Keeping),
    "people": (ft.Icons.PEOPLE_OUTLINE, People),
    "appearance": (ft.Icons.PALETTE_OUTLINED, Appearance),
    "proof": (ft.Icons.FACT_CHECK_OUTLINED, Proof),
}


@ft.component
def SettingsView(win: Window, shell: ShellVM) -> ft.Control:
    """Tabs on the left, the tab on the right."""
    t = win.t

    def tab(name: str) -> ft.Control:
        here = shell.tab == name
        ink = Ink.ON_ACCENT_SOFT if here else Ink.TEXT
        return ft.Semantics(
            selected=here,
            container=True,
            content=quiet(
                t(f"settings.{name}"),
                lambda: setattr(shell, "tab", name),
                icon=PAGES[name][0],
                key=f"tab-{name}",
                style=ft.ButtonStyle(
                    alignment=ft.Alignment.CENTER_LEFT,
                    bgcolor=Ink.ACCENT_SOFT if here else ft.Colors.TRANSPARENT,
                    color=ink,
                    icon_color=ink if here else Ink.MUTED,
                    padding=ft.Padding.symmetric(horizontal=10, vertical=9),
                ),
            ),
        )

    return named(
        "settings",
        ft.Row(
            expand=True,
            spacing=0,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
            controls=[
                ft.Container(
                    ft.Column(
                        [
                            heading(t("settings.title"), size=22),
                            muted(t("settings.lead")),
                            ft.Container(height=8),
                            *[tab(name) for name in PAGES],
                        ],
                        spacing=3,
                        scroll=ft.ScrollMode.AUTO,
                        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                    ),
                    width=250,
                    padding=ft.Padding.symmetric(horizontal=14, vertical=18),
                    bgcolor=Ink.PANE,
                    border=ft.Border.only(right=ft.BorderSide(1, Ink.LINE)),
                ),
                ft.Container(
                    ft.Column(
                        [
                            ft.Container(
                                PAGES[shell.tab][1](win, shell),
                                width=860,
                                padding=ft.Padding.symmetric(vertical=24),
                            )
                        ],
                        scroll=ft.ScrollMode.AUTO,
                        expand=True,
                        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
                    ),
                    expand=True,
                    padding=ft.Padding.symmetric(horizontal=24),
                    bgcolor=Ink.DESK,
                ),
            ],
        ),
        expand=True,
    )
