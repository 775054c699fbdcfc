"""Settings: one account per person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flet as ft

from records import Role
from ui.components.settings.keeping import attempt, lines, sheet
from ui.parts import (
    choice,
    field,
    main_button,
    muted,
    strong,
)
from ui.state.shell import ShellVM

if TYPE_CHECKING:
    from ui.window import Window


@ft.component
def People(win: Window, shell: ShellVM) -> ft.Control:
    """Accounts: one per person."""
    t, accounts = win.t, win.office.store.accounts
    version, redraw = ft.use_state(0)
    given, _ = ft.use_state({"name": "", "login": "", "password": "", "role": "secretary"})

    def create() -> None:
        def work() -> None:
            accounts.create(
                given["login"].strip(),
                given["password"],
                [Role(given["role"])],
                name=given["name"].strip(),
                by=win.actor,
            )

        if attempt(win, work, "settings.people_done"):
            given.update(name="", login="", password="")
            redraw(version + 1)

    def named_role(account: Any) -> str:
        return ", ".join(t(f"role.{r.value}") for r in sorted(account.roles))

    rows: list[ft.Control] = [
        ft.Row([ft.Container(strong(a.name), width=240), ft.Container(muted(a.login), width=180), muted(named_role(a))])
        for a in accounts.list(active=True)
    ]

    def blank(key: str, caption: str, **more: Any) -> ft.Container:
        return ft.Container(
            field(caption, given[key], lambda e: given.__setitem__(key, e.control.value), **more), expand=True
        )

    return sheet(
        t("settings.people"),
        t("settings.people_lead"),
        *lines(rows, ""),
        ft.Row([blank("name", t("settings.name")), blank("login", t("settings.people_login"))], spacing=10),
        ft.Row(
            [
                blank("password", t("settings.people_password"), password=True),
                ft.Container(
                    choice(
                        t("settings.people_role"),
                        given["role"],
                        [("secretary", t("role.secretary")), ("doctor", t("role.doctor"))],
                        lambda e: given.__setitem__("role", e.control.value),
                        width=402,
                    ),
                    expand=True,
                ),
            ],
            spacing=10,
        ),
        ft.Row(
            [main_button(t("settings.people_add"), create, key="create-account")], alignment=ft.MainAxisAlignment.END
        ),
    )
