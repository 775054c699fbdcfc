"""The open document: one field per section, what is to be checked, what stands before the signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from app.walk import Stop
from dictation.draft import Origin
from ui.components.facts import FactEditor, facts_row
from ui.components.queries import QueryCard
from ui.components.redrawn import Redrawn
from ui.components.signed import SignedBar, SignedPages
from ui.parts import (
    badge,
    button,
    choice,
    icon_button,
    key_cap,
    keyed,
    main_button,
    muted,
    named,
    note,
    quiet,
    scroll_key,
    still,
    strong,
    text,
)
from ui.state.review import ReviewVM, SavedVM, SectionVM
from ui.theme import FALLBACK, RADIUS, Ink

if TYPE_CHECKING:
    from ui.window import Window

STOP_ICONS = {
    "drug": ft.Icons.MEDICATION_OUTLINED,
    "side": ft.Icons.SWAP_HORIZ,
    "negation": ft.Icons.DO_NOT_DISTURB_ON_OUTLINED,
    "figure": ft.Icons.PIN_OUTLINED,
    "date": ft.Icons.EVENT_OUTLINED,
    "name": ft.Icons.BADGE_OUTLINED,
    "other": ft.Icons.ERROR_OUTLINE,
}


@ft.component
def ReviewPane(win: Window, vm: ReviewVM) -> ft.Control:
    """Head, walk, sections, signature."""
    if vm.document_id is None:
        return ft.Container(bgcolor=Ink.DESK)
    if vm.pending:
        middle: list[ft.Control] = [Redrawn(win, vm)]
    elif vm.signed:
        middle = [SignedPages(win, vm)]
    else:
        middle = [WalkBar(win, vm), _sections(win, vm)]
    return named(
        "document",
        ft.Container(
            bgcolor=Ink.DESK,
            expand=True,
            content=ft.Column(
                expand=True,
                spacing=0,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                controls=[Head(win, vm), *middle, SignedBar(win, vm) if vm.signed else SignBar(win, vm)],
            ),
        ),
        label=win.t("review.document"),
        expand=True,
    )


@ft.component
def Head(win: Window, vm: ReviewVM) -> ft.Control:
    """Which document, for whom, what can be taken back."""
    t = win.t
    editable = not vm.signed and not vm.drafting
    kinds = [(f.id, win.kind(f.id)) for f in win.kinds()]
    tools: list[ft.Control] = []
    if editable:
        tools = [
            icon_button(ft.Icons.UNDO, t("review.undo"), lambda: win.undo(), disabled=not vm.can_undo),
            icon_button(ft.Icons.REDO, t("review.redo"), lambda: win.redo(), disabled=not vm.can_redo),
            ft.Semantics(
                identifier="redraft",
                container=True,
                content=button(t("review.redraft"), lambda: win.redraft(), icon=ft.Icons.AUTORENEW, tooltip="F4"),
            ),
        ]
    elif vm.drafting:
        tools = [ft.ProgressRing(width=16, height=16, stroke_width=2), muted(t("review.redrafting"))]
    kind: ft.Control = (
        choice(t("kind.title"), vm.form_id, kinds, lambda e: win.pick_kind(e.control.value), expand=True)
        if editable
        else strong(win.kind(vm.form_id), size=16, lines=1)
    )
    return ft.Container(
        ft.Column(
            [
                ft.Row([ft.Container(kind, expand=True), *tools], spacing=6),
                ft.Row(
                    [
                        ft.Icon(ft.Icons.PERSON_OUTLINE, size=15, color=Ink.MUTED),
                        ft.Container(muted(identity(win), lines=1), expand=True),
                        quiet(
                            t("patient.edit"), lambda: win.ask("identity"), icon=ft.Icons.EDIT_OUTLINED, key="identity"
                        ),
                        _soon(win),
                        *([Saved(win, win.saved)] if not vm.signed else []),
                    ],
                    spacing=4,
                ),
            ],
            spacing=2,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        padding=ft.Padding.only(left=20, right=14, top=8, bottom=4),
        bgcolor=Ink.PAPER,
        border=ft.Border.only(bottom=ft.BorderSide(1, Ink.LINE)),
    )


def _soon(win: Window) -> ft.Control:
    """Priority and due date."""
    t = win.t
    dictation = win.desk.dictation
    now = int(dictation.priority) if dictation is not None else 0
    days = (("due.none", None), ("due.today", 0), ("due.tomorrow", 1), ("due.week", 7))
    return ft.Semantics(
        label=t("review.due"),
        container=True,
        content=ft.PopupMenuButton(
            icon=ft.Icons.SCHEDULE,
            icon_size=18,
            icon_color=Ink.MUTED,
            tooltip=t("review.due"),
            items=[
                *[
                    ft.PopupMenuItem(t(f"priority.{n}"), checked=n == now, on_click=lambda e, p=n: win.set_priority(p))
                    for n in (0, 1, 2)
                ],
                ft.PopupMenuItem(),
                *[ft.PopupMenuItem(t(key), on_click=lambda e, d=after: win.set_due(d)) for key, after in days],
            ],
        ),
    )


def identity(win: Window) -> str:
    """« DUPONT Jeanne, née le 12/03/1954 · pour Dr Martin »."""
    dictation = win.desk.dictation
    if dictation is None:
        return ""
    patient, recipient = dictation.consultation.patient, dictation.consultation.recipient
    who = " ".join(p for p in ((patient.last_name or "").upper(), patient.first_name or "") if p)
    born = f"{patient.birth_date:%d/%m/%Y}" if patient.birth_date else ""
    parts = [p for p in (who or win.t("patient.none"), born, recipient.name and f"→ {recipient.name}") if p]
    return " · ".join(parts)


@ft.component
def Saved(win: Window, vm: SavedVM) -> ft.Control:
    """Whether what was typed is kept."""
    return ft.Row(
        [
            ft.Icon(ft.Icons.CLOUD_DONE_OUTLINED if vm.saved else ft.Icons.MORE_HORIZ, size=14, color=Ink.MUTED),
            muted(win.t("review.saved" if vm.saved else "review.saving"), size=11),
        ],
        spacing=3,
        tight=True,
    )


# -- the walk ------------------------------------------------------------------------------------------


@ft.component
def WalkBar(win: Window, vm: ReviewVM) -> ft.Control:
    """« À vérifier »: where the walk stands, and one key to answer."""
    t = win.t
    total = vm.answered + len(vm.stops)
    if not vm.stops:
        body: ft.Control = ft.Row(
            [
                ft.Icon(ft.Icons.CHECK_CIRCLE_OUTLINE, size=18, color=Ink.DONE),
                text(t("walk.finished" if total else "walk.none"), color=Ink.DONE, family="Inter Medium"),
            ],
            spacing=8,
        )
        ground = Ink.DONE_SOFT
    elif vm.stop is None:
        body = ft.Row(
            [
                ft.Icon(ft.Icons.ERROR_OUTLINE, size=18, color=Ink.CHECK),
                ft.Container(
                    text(
                        t.count("review.stops", len(vm.stops))
                        + " · "
                        + t("walk.progress", done=vm.answered, all=total),
                        color=Ink.CHECK,
                        family="Inter Medium",
                    ),
                    expand=True,
                ),
                button(t("walk.next"), lambda: win.next_stop(), icon=ft.Icons.ARROW_FORWARD, key="next-stop"),
                key_cap("F8"),
            ],
            spacing=8,
        )
        ground = Ink.CHECK_SOFT
    else:
        body, ground = _at(win, vm, vm.stop), Ink.CHECK_SOFT
    return ft.Container(
        named("walk", body, live_region=True, label=t("walk.title")),
        padding=ft.Padding.only(left=20, right=14, top=7, bottom=7),
        bgcolor=ground,
        border=ft.Border.only(bottom=ft.BorderSide(1, Ink.LINE)),
    )


def _at(win: Window, vm: ReviewVM, stop: Stop) -> ft.Control:
    t = win.t
    said = _quote(win, stop)
    what = (
        stop.finding.message
        if stop.finding
        else next((f.text for s in vm.sections for f in s.facts if f.id == stop.target), said)
    )
    rows: list[ft.Control] = [
        ft.Row(
            [
                badge(t(f"walk.{stop.kind}"), STOP_ICONS.get(stop.kind, ft.Icons.ERROR_OUTLINE), Ink.CHECK, Ink.PAPER),
                ft.Container(text(what, family="Inter SemiBold", lines=3), expand=True),
                muted(t("walk.blocking" if stop.blocking else "walk.optional"), size=11),
            ],
            spacing=8,
        ),
        ft.Row(
            [
                ft.Container(muted(t("walk.said", text=said), lines=2) if said else None, expand=True),
                *(
                    [
                        quiet(t("walk.reject"), lambda: win.reject(stop.target), key="reject-stop")
                        if stop.field is not None
                        else ft.Container()
                    ]
                ),
                button(t("walk.next"), lambda: win.next_stop(), key="next-stop"),
                key_cap("F8"),
                *(
                    [
                        main_button(
                            t("walk.confirm"), lambda: win.confirm_stop(), icon=ft.Icons.CHECK, key="confirm-stop"
                        ),
                        key_cap("F9"),
                    ]
                    if win.shell.role == "doctor"
                    else []
                ),
            ],
            spacing=6,
        ),
    ]
    if stop.finding is not None and stop.finding.candidates and stop.finding.span is not None:
        rows.insert(
            1,
            ft.Row(
                [
                    muted(t("walk.instead")),
                    *[
                        button(wanted, lambda e, w=wanted: win.choose_candidate(stop, w))
                        for wanted in stop.finding.candidates[:4]
                    ],
                ],
                spacing=6,
                wrap=True,
            ),
        )
    return ft.Column(rows, spacing=5, tight=True)


def _quote(win: Window, stop: Stop) -> str:
    words = win.transcript.words
    return " … ".join(" ".join(w.text for w in words[s.first : s.last]) for s in stop.spans[:3] if s.last <= len(words))


# -- sections ------------------------------------------------------------------------------------------


def _sections(win: Window, vm: ReviewVM) -> ft.Control:
    t = win.t
    above: list[ft.Control] = []
    if vm.preparation:
        above.append(note(vm.preparation, ft.Icons.GAVEL_OUTLINED, Ink.CHECK, Ink.CHECK_SOFT))
    if vm.secretary_note:
        above.append(
            note(
                t("review.note", text=vm.secretary_note),
                ft.Icons.STICKY_NOTE_2_OUTLINED,
                Ink.ON_ACCENT_SOFT,
                Ink.ACCENT_SOFT,
            )
        )
    if vm.proposals and not vm.drafting:
        above.append(
            note(
                t("review.proposals"),
                ft.Icons.POST_ADD,
                Ink.ON_ACCENT_SOFT,
                Ink.ACCENT_SOFT,
                *[
                    quiet(win.kind(form_id), lambda e, f=form_id: win.pick_kind(f))
                    for form_id in vm.proposals[:3]
                    if win.office.form(form_id) is not None
                ],
            )
        )
    above += [keyed(QueryCard, f"query-{query.id}", win, query) for query in win.queries()]
    return ft.Container(
        ft.Column(
            [
                *above,
                *[
                    ft.Container(
                        still(
                            SectionCard,
                            f"card-{vm.document_id}-{section.key}",
                            win,
                            section,
                            vm.drafting,
                            win.t.language,
                        ),
                        key=scroll_key(f"section-{section.key}"),
                    )
                    for section in vm.sections
                ],
                muted(t("review.by_model", model=vm.model) if vm.model else t("review.by_rules"), size=11),
                ft.Container(height=12),
            ],
            ref=win.ref("document"),
            expand=True,
            spacing=8,
            scroll=ft.ScrollMode.AUTO,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        expand=True,
        padding=ft.Padding.only(left=16, right=12, top=10),
    )


@ft.component
def SectionCard(win: Window, section: SectionVM, locked: bool, language: str) -> ft.Control:
    """Title, one field, the typed values read in it, what is missing; nothing is typed while it is ``locked``."""
    t = win.t
    editing = next((f for f in section.facts if f.id == section.editing), None)
    here = section.focused or section.current is not None
    drawn: ft.MutableRef[int | None] = ft.use_ref(lambda: None)
    box = win.ref(f"text-{section.key}").current
    # keys that are still on their way must not be overwritten by an older text: what was typed is drawn as the
    # browser last said it, and only a change made elsewhere (undo, a new draft) is drawn from the section
    shown = box.value if box is not None and drawn.current == section.version else section.text
    drawn.current = section.version
    return named(
        f"section-{section.key}",
        ft.Container(
            ft.Column(
                [
                    ft.Row(
                        [
                            ft.Container(
                                strong(section.title, size=12, lines=1, color=Ink.TEXT if section.text else Ink.MUTED),
                                expand=True,
                            ),
                            *_marks(win, section),
                            icon_button(
                                ft.Icons.CONTENT_COPY,
                                t("review.copy"),
                                lambda: win.page.run_task(win.copy, section.key),
                                size=14,
                                width=28,
                                height=26,
                                padding=0,
                            ),
                        ],
                        spacing=6,
                    ),
                    ft.TextField(
                        value=shown,
                        ref=win.ref(f"text-{section.key}"),
                        key=f"text-{section.key}",
                        on_change=lambda e: win.edit(section.key, e.control.value),
                        on_focus=lambda: win.focus(section.key),
                        hint_text=t("review.gap"),
                        hint_style=ft.TextStyle(
                            size=15, font_family="Serif Italic", font_family_fallback=FALLBACK, color=Ink.MUTED
                        ),
                        multiline=True,
                        read_only=locked,
                        min_lines=1,
                        border=ft.NoInputBorder(),
                        dense=True,
                        content_padding=ft.Padding.symmetric(vertical=2),
                        text_style=ft.TextStyle(
                            size=15, font_family="Serif", font_family_fallback=FALLBACK, color=Ink.TEXT, height=1.45
                        ),
                        cursor_color=Ink.ACCENT,
                    ),
                    *([facts_row(win, section, read_only=locked)] if section.facts else []),
                    *(
                        [keyed(FactEditor, f"edit-{editing.id}", win, section, editing)]
                        if editing is not None and not locked
                        else []
                    ),
                    *([muted(t("review.gaps", fields=", ".join(section.gaps)), size=11)] if section.gaps else []),
                ],
                spacing=4,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
            padding=ft.Padding.only(left=14, right=8, top=6, bottom=9),
            bgcolor=Ink.PAPER,
            border_radius=RADIUS,
            border=ft.Border(
                left=ft.BorderSide(3, Ink.ACCENT if here else Ink.LINE),
                top=ft.BorderSide(1, Ink.ACCENT if here else Ink.LINE),
                right=ft.BorderSide(1, Ink.ACCENT if here else Ink.LINE),
                bottom=ft.BorderSide(1, Ink.ACCENT if here else Ink.LINE),
            ),
        ),
        label=section.title,
    )


def _marks(win: Window, section: SectionVM) -> list[ft.Control]:
    t = win.t
    out: list[ft.Control] = []
    if section.news:
        out.append(badge(t("review.changed"), ft.Icons.FIBER_NEW_OUTLINED, Ink.ON_ACCENT_SOFT, Ink.ACCENT_SOFT))
    if section.stops:
        out.append(badge(t.count("review.stops", section.stops), ft.Icons.ERROR_OUTLINE, Ink.CHECK, Ink.CHECK_SOFT))
    if section.required and not section.text:
        out.append(badge(t("review.required"), ft.Icons.PRIORITY_HIGH, Ink.CHECK, Ink.CHECK_SOFT))
    if section.edited:
        out.append(badge(t("review.edited"), ft.Icons.EDIT_OUTLINED, Ink.MUTED, Ink.RAISED))
    elif section.origin is Origin.REWORDED:
        out.append(badge(t("review.reworded"), ft.Icons.AUTO_FIX_HIGH, Ink.MUTED, Ink.RAISED))
    elif section.origin is Origin.PROFILE and section.text:
        out.append(badge(t("review.profile"), ft.Icons.PERSON_OUTLINE, Ink.MUTED, Ink.RAISED))
    return out


# -- the signature -------------------------------------------------------------------------------------


@ft.component
def SignBar(win: Window, vm: ReviewVM) -> ft.Control:
    """What still stands in the way, then the signature."""
    t = win.t
    blocking = [s for s in vm.stops if s.blocking]
    doctor = win.shell.role == "doctor"
    listed: list[ft.Control] = []
    if vm.blocked and blocking:
        listed = [
            named(
                "blockers",
                ft.Column(
                    [
                        ft.Container(
                            ft.Row(
                                [
                                    ft.Icon(STOP_ICONS.get(s.kind, ft.Icons.ERROR_OUTLINE), size=15, color=Ink.CHECK),
                                    ft.Container(
                                        text(s.finding.message if s.finding else _quote(win, s), size=12, lines=1),
                                        expand=True,
                                    ),
                                    ft.Icon(ft.Icons.ARROW_FORWARD, size=14, color=Ink.MUTED),
                                ],
                                spacing=8,
                            ),
                            on_click=lambda e, x=s: win.go_to(x),
                            ink=True,
                            padding=ft.Padding.symmetric(horizontal=8, vertical=4),
                            border_radius=4,
                        )
                        for s in blocking[:12]
                    ],
                    spacing=0,
                    scroll=ft.ScrollMode.AUTO,
                    height=min(130, 30 * len(blocking)),
                ),
            )
        ]
    say = (
        text(t.count("sign.blocked", len(blocking)), size=12, color=Ink.CHECK, family="Inter Medium")
        if blocking
        else text(t("sign.ready"), size=12, color=Ink.DONE, family="Inter Medium")
    )
    actions: list[ft.Control]
    if doctor:
        from records import Role

        actions = [
            button(t("review.to_secretary"), lambda: win.send_to(Role.SECRETARY), icon=ft.Icons.FORWARD_TO_INBOX),
            ft.Semantics(
                identifier="sign",
                container=True,
                content=main_button(
                    t("sign.sign"),
                    lambda: win.sign(),
                    icon=ft.Icons.DRAW_OUTLINED,
                    disabled=vm.drafting or bool(vm.pending),
                ),
            ),
            key_cap("Ctrl+Entrée"),
        ]
    else:
        from records import Role

        actions = [
            button(t("review.ask"), lambda: win.ask("query"), icon=ft.Icons.HELP_OUTLINE),
            main_button(t("review.to_doctor"), lambda: win.send_to(Role.DOCTOR), icon=ft.Icons.DONE_ALL),
        ]
    return ft.Container(
        ft.Column(
            [
                *listed,
                ft.Row(
                    [
                        ft.Icon(
                            ft.Icons.ERROR_OUTLINE if blocking else ft.Icons.CHECK_CIRCLE_OUTLINE,
                            size=16,
                            color=Ink.CHECK if blocking else Ink.DONE,
                        ),
                        ft.Container(say, expand=True),
                        icon_button(ft.Icons.COPY_ALL_OUTLINED, t("after.copy"), lambda: win.page.run_task(win.copy)),
                        *actions,
                    ],
                    spacing=8,
                ),
            ],
            spacing=6,
            tight=True,
        ),
        padding=ft.Padding.only(left=20, right=14, top=8, bottom=8),
        bgcolor=Ink.PAPER,
        border=ft.Border.only(top=ft.BorderSide(1, Ink.LINE)),
    )
