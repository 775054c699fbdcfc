"""Questions over everything: one at a time, Échap closes, the safe answer has the focus."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import flet as ft

from dictation.consultation import Consultation
from records import Place
from ui import keys
from ui.parts import button, choice, field, heading, key_cap, main_button, muted, named, text
from ui.preferences import parse_date
from ui.state.shell import ShellVM
from ui.theme import Ink

if TYPE_CHECKING:
    from ui.window import Window


@ft.component
def Dialogs(win: Window, shell: ShellVM) -> ft.Control:
    """The question, or nothing."""
    makers = {
        "discard": _discard,
        "conflict": _conflict,
        "kind": _kind,
        "help": _help,
        "identity": Identity,
        "word": Word,
        "query": Query,
    }
    maker = makers.get(shell.dialog or "")
    if maker is None:
        return ft.Container(width=0, height=0)
    return ft.Container(
        left=0,
        right=0,
        top=0,
        bottom=0,
        bgcolor=ft.Colors.with_opacity(0.42, ft.Colors.SCRIM),
        alignment=ft.Alignment.CENTER,
        content=named("dialog", ft.Container(maker(win, shell), width=560), live_region=True),
    )


def _sheet(title: str, *children: ft.Control, actions: list[ft.Control]) -> ft.Control:
    return ft.Container(
        ft.Column(
            [
                heading(title, size=20, level=2),
                *children,
                ft.Row(actions, alignment=ft.MainAxisAlignment.END, spacing=10),
            ],
            spacing=14,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        padding=24,
        bgcolor=Ink.PAPER,
        border_radius=12,
        border=ft.Border.all(1, Ink.LINE),
        shadow=ft.BoxShadow(blur_radius=30, color=ft.Colors.with_opacity(0.25, ft.Colors.SHADOW)),
    )


def _discard(win: Window, shell: ShellVM) -> ft.Control:
    t = win.t
    what = "adding.discard" if win.desk.session.state.adding is not None else "dialog.discard"
    return _sheet(
        t(f"{what}_title"),
        text(t(f"{what}_text"), size=14),
        actions=[
            button(
                t("adding.discard" if what == "adding.discard" else "dialog.discard_yes"),
                lambda: win.discard(confirmed=True),
                icon=ft.Icons.DELETE_OUTLINE,
            ),
            main_button(t("dialog.discard_no"), lambda: win.ask(None), autofocus=True),
        ],
    )


def _conflict(win: Window, shell: ShellVM) -> ft.Control:
    t = win.t

    def settle(mine: bool) -> None:
        win.ask(None)
        win.desk.settle(mine=mine)

    return _sheet(
        t("dialog.conflict_title"),
        text(t("dialog.conflict_text"), size=14),
        actions=[
            button(t("dialog.conflict_theirs"), lambda: settle(False)),
            main_button(t("dialog.conflict_mine"), lambda: settle(True), autofocus=True),
        ],
    )


def _kind(win: Window, shell: ShellVM) -> ft.Control:
    t = win.t

    def pick(form_id: str) -> None:
        win.ask(None)
        win.pick_kind(form_id)

    current = win.review.form_id or win.live.form_id
    rows: list[ft.Control] = [
        ft.TextButton(
            win.kind(form.id),
            icon=ft.Icons.CHECK if form.id == current else None,
            on_click=lambda _, form_id=form.id: pick(form_id),
        )
        for form in win.kinds()
    ]
    return _sheet(
        t("dialog.kind_title"),
        muted(t("dialog.kind_text")),
        ft.Container(ft.Column(rows, scroll=ft.ScrollMode.AUTO, spacing=0), height=380),
        actions=[button(t("cancel"), lambda: win.ask(None), autofocus=True)],
    )


def _help(win: Window, shell: ShellVM) -> ft.Control:
    t = win.t
    rows: list[ft.Control] = [
        ft.Row(
            [ft.Container(ft.Row([key_cap(win.keymap.shown(s.name))]), width=120), text(t(f"keys.{s.name}"), size=13)]
        )
        for s in keys.SHORTCUTS
        if t.has(f"keys.{s.name}")
    ]
    return _sheet(
        t("dialog.help_title"),
        ft.Container(ft.Column(rows, spacing=6, scroll=ft.ScrollMode.AUTO), height=430),
        actions=[
            button(t("snippet.edit"), lambda: win.change_keys()),
            main_button(t("close"), lambda: win.ask(None), autofocus=True),
        ],
    )


@ft.component
def Identity(win: Window, shell: ShellVM) -> ft.Control:
    """Patient and recipient of the open document, completed by the secretary."""
    t = win.t
    known = win.desk.dictation.consultation if win.desk.dictation else Consultation()
    patient, recipient = known.patient, known.recipient
    given, _ = ft.use_state(
        {
            "last_name": patient.last_name or "",
            "first_name": patient.first_name or "",
            "birth_date": patient.birth_date.strftime("%d/%m/%Y") if patient.birth_date else "",
            "sex": patient.sex or "",
            "recipient": recipient.name or "",
            "specialty": recipient.specialty or "",
            "address": recipient.address or "",
        }
    )

    def blank(key: str, caption: str, **more: Any) -> ft.Container:
        made = field(caption, given[key], lambda e: given.__setitem__(key, e.control.value), **more)
        return ft.Container(made, expand=True)

    def keep() -> None:
        birth = parse_date(given["birth_date"])
        if given["birth_date"].strip() and birth is None:
            win.shell.notice("check", t("fact.wrong"))
            return
        win.set_identity(
            replace(
                known,
                patient=replace(
                    patient,
                    last_name=given["last_name"].strip() or None,
                    first_name=given["first_name"].strip() or None,
                    birth_date=birth,
                    sex=given["sex"] or None,
                ),
                recipient=replace(
                    recipient,
                    name=given["recipient"].strip() or None,
                    specialty=given["specialty"].strip() or None,
                    address=given["address"].strip() or None,
                ),
            )
        )

    return _sheet(
        t("dialog.identity_title"),
        ft.Row(
            [blank("last_name", t("patient.last_name"), autofocus=True), blank("first_name", t("patient.first_name"))]
        ),
        ft.Row(
            [
                blank("birth_date", t("patient.birth_date"), hint=t("patient.birth_hint")),
                ft.Container(
                    choice(
                        t("patient.sex"),
                        given["sex"] or None,
                        [("F", "F"), ("M", "M"), ("I", "I")],
                        lambda e: given.__setitem__("sex", e.control.value),
                    ),
                    expand=True,
                ),
            ]
        ),
        ft.Row([blank("recipient", t("patient.recipient")), blank("specialty", t("patient.specialty"))]),
        ft.Row([blank("address", t("patient.address"), multiline=True, min_lines=2, max_lines=4)]),
        actions=[button(t("cancel"), lambda: win.ask(None)), main_button(t("save"), keep)],
    )


@ft.component
def Word(win: Window, shell: ShellVM) -> ft.Control:
    """Correct the word that was clicked."""
    t = win.t
    n = shell.dialog_data if isinstance(shell.dialog_data, int) else win.transcript.chosen
    words = win.transcript.words
    heard = words[n].text if n is not None and 0 <= n < len(words) else ""
    given, _ = ft.use_state({"text": heard})

    def keep() -> None:
        if n is not None and given["text"].strip():
            win.correct_word(n, given["text"].strip())

    return _sheet(
        t("word.title"),
        muted(t("word.heard", heard=heard)),
        field(
            t("word.wanted"),
            heard,
            lambda e: given.__setitem__("text", e.control.value),
            autofocus=True,
            on_submit=lambda _: keep(),
        ),
        actions=[button(t("cancel"), lambda: win.ask(None)), main_button(t("save"), keep)],
    )


@ft.component
def Query(win: Window, shell: ShellVM) -> ft.Control:
    """The secretary's question, pinned to a place of the text."""
    t = win.t
    place = shell.dialog_data if isinstance(shell.dialog_data, Place) else None
    given, _ = ft.use_state({"text": ""})
    chosen = win.transcript.chosen
    said = win.transcript.words[chosen].text if chosen is not None and chosen < len(win.transcript.words) else ""
    return _sheet(
        t("query.title"),
        muted(t("query.place", place=said), visible=bool(place and said)),
        field(
            t("query.text"),
            "",
            lambda e: given.__setitem__("text", e.control.value),
            autofocus=True,
            multiline=True,
            min_lines=2,
            max_lines=5,
        ),
        actions=[
            button(t("cancel"), lambda: win.ask(None)),
            main_button(t("query.send"), lambda: win.ask_doctor(given["text"], place)),
        ],
    )
