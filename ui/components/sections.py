"""Sections of the open document: one field each, the typed values read in it, what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from dictation.draft import Origin
from ui.components.addition import AdditionLine, Microphone, snippet_menu
from ui.components.facts import FactEditor, facts_row
from ui.components.queries import QueryCard
from ui.components.vitals import inline, vitals
from ui.parts import (
    badge,
    icon_button,
    keyed,
    muted,
    named,
    note,
    quiet,
    scroll_key,
    still,
    strong,
)
from ui.state.review import ReviewVM, SectionVM
from ui.theme import FALLBACK, RADIUS, Ink

if TYPE_CHECKING:
    from ui.window import Window


def sections(win: Window, vm: ReviewVM) -> ft.Control:
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
                        ft.Column(
                            [
                                still(
                                    SectionCard,
                                    f"card-{vm.document_id}-{section.key}",
                                    win,
                                    section,
                                    vm.drafting,
                                    win.t.language,
                                ),
                                # outside of the section: a live region that comes and goes takes the name of the node
                                # around it away (Flutter's semantics on the web)
                                keyed(AdditionLine, f"adding-{section.key}", win, win.adding, section.key),
                            ],
                            spacing=0,
                            tight=True,
                            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
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
                            *(_tools(win, section) if not locked else []),
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
                    ft.MergeSemantics(
                        ft.Semantics(
                            label=section.title,
                            content=ft.TextField(
                                value=shown,
                                ref=win.ref(f"text-{section.key}"),
                                key=f"text-{section.key}",
                                on_change=lambda e: win.edit(section.key, e.control.value),
                                on_focus=lambda: win.cursor_in(section.key),
                                on_blur=lambda: win.cursor_out(section.key),
                                on_selection_change=lambda e: win.select(section.key, e.selection),
                                hint_text=t("adding.values" if section.filled else "review.gap"),
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
                                    size=15,
                                    font_family="Serif",
                                    font_family_fallback=FALLBACK,
                                    color=Ink.TEXT,
                                    height=1.45,
                                ),
                                cursor_color=Ink.ACCENT,
                            ),
                        )
                    ),
                    *_values(win, section, locked),
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
    )


def _values(win: Window, section: SectionVM, locked: bool) -> list[ft.Control]:
    if not section.facts:
        return []
    if inline(section) and not locked:
        return [vitals(win, section)]
    return [facts_row(win, section, read_only=locked)]


def _tools(win: Window, section: SectionVM) -> list[ft.Control]:
    """What a doctor does in a section beside typing."""
    if win.shell.role != "doctor":
        return []
    return [keyed(Microphone, f"mic-{section.key}", win, win.adding, section.key), snippet_menu(win, section.key)]


def _marks(win: Window, section: SectionVM) -> list[ft.Control]:
    t = win.t
    out: list[ft.Control] = []
    if section.news:
        out.append(badge(t("review.changed"), ft.Icons.FIBER_NEW_OUTLINED, Ink.ON_ACCENT_SOFT, Ink.ACCENT_SOFT))
    if section.stops:
        out.append(badge(t.count("review.stops", section.stops), ft.Icons.ERROR_OUTLINE, Ink.CHECK, Ink.CHECK_SOFT))
    if section.stock:
        out.append(badge(t("snippet.waiting"), ft.Icons.SHORT_TEXT, Ink.CHECK, Ink.CHECK_SOFT))
    if section.required and not section.text and not section.filled:
        out.append(badge(t("review.required"), ft.Icons.PRIORITY_HIGH, Ink.CHECK, Ink.CHECK_SOFT))
    if section.edited:
        out.append(badge(t("review.edited"), ft.Icons.EDIT_OUTLINED, Ink.MUTED, Ink.RAISED))
    elif section.spoken:
        out.append(badge(t("adding.spoken"), ft.Icons.MIC_NONE, Ink.MUTED, Ink.RAISED))
    elif section.origin is Origin.REWORDED:
        out.append(badge(t("review.reworded"), ft.Icons.AUTO_FIX_HIGH, Ink.MUTED, Ink.RAISED))
    elif section.origin is Origin.PROFILE and section.text:
        out.append(badge(t("review.profile"), ft.Icons.PERSON_OUTLINE, Ink.MUTED, Ink.RAISED))
    return out
