"""Quality over time: charts of what people change in the drafts, and the same figures as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import flet as ft
import flet_charts as fc

from app.quality import Measure, history
from dictation.errors import RefusedError
from ui.components.pages import full_page
from ui.parts import button, card, label, muted, quiet, strong, text
from ui.state.quality import Kind, Month, QualityVM, top_of, view
from ui.state.shell import DESK, ShellVM
from ui.texts import Texts
from ui.theme import Ink

if TYPE_CHECKING:
    from ui.window import Window


@ft.component
def QualityView(win: Window, shell: ShellVM) -> ft.Control:
    """For doctors and administrators; a secretary's share is shown, never a secretary."""
    t = win.t
    mine, show_mine = ft.use_state(True)
    kind, choose = ft.use_state("")
    try:
        measures: tuple[Measure, ...] = history(win.office.store, by=win.actor)
    except RefusedError as error:
        return _sheet(t, muted(error.message))
    doctor = shell.role == "doctor"
    vm = view(
        measures,
        account_id=win.actor.account_id,
        mine=mine and doctor,
        kind=kind or None,
        title=win.kind,
    )

    def pick(form_id: str) -> None:
        choose("" if form_id == kind else form_id)

    choices: list[ft.Control] = []
    if doctor and vm.shared:
        choices = [
            _choice(t("quality.mine"), mine, lambda: show_mine(True), key="quality-mine"),
            _choice(t("quality.practice"), not mine, lambda: show_mine(False), key="quality-practice"),
        ]
    tools = ft.Row([*choices, ft.Container(expand=True), button(
        t("quality.print"), lambda: win.print_page("qualite"), icon=ft.Icons.PRINT_OUTLINED,
        key="quality-print",
    )], spacing=6)  # fmt: skip
    body = [card(muted(t("quality.none")))] if vm.empty else _charts(t, vm, kind, pick)
    return _sheet(t, tools, *body, ft.Row([button(t("close"), lambda: win.go(DESK))]))


def _sheet(t: Texts, *children: ft.Control) -> ft.Control:
    return full_page("quality", t("quality.title"), t("quality.lead"), *children)


def _choice(caption: str, here: bool, on_click: Any, *, key: str) -> ft.Control:
    return ft.Container(quiet(caption, on_click, key=key), bgcolor=Ink.ACCENT_SOFT if here else None, border_radius=6)


def _charts(t: Texts, vm: QualityVM, kind: str, pick: Any) -> list[ft.Control]:
    months = vm.months
    words = changed_chart(t, months)
    doubts = pair_chart(
        [(m.caption, m.fields, m.ignored) for m in months], (Ink.ACCENT, Ink.CHECK), t("quality.fields_chart")
    )
    return [
        card(
            label(t("quality.words")),
            muted(t("quality.words_text"), size=13),
            words,
            _legend((Ink.ACCENT, t("quality.by_doctor")), (Ink.CHECK, t("quality.by_secretary"))),
        ),
        card(
            label(t("quality.fields")),
            doubts,
            _legend((Ink.ACCENT, t("quality.fields_corrected")), (Ink.CHECK, t("quality.findings_ignored"))),
        ),
        card(label(t("quality.months")), *[_month_row(t, m) for m in reversed(months)]),
        card(label(t("quality.kinds")), *[_kind_row(t, k, k.form_id == kind, pick) for k in vm.kinds]),
    ]


def changed_chart(t: Texts, months: Sequence[Month]) -> ft.Control:
    """Stacked bars: the doctor's share below, the secretary's above, in words changed for a hundred drafted."""
    groups = [
        fc.BarChartGroup(
            x=n,
            rods=[
                fc.BarChartRod(
                    from_y=0,
                    to_y=m.doctor + m.secretary,
                    width=18,
                    border_radius=2,
                    color=Ink.ACCENT,
                    stack_items=[
                        fc.BarChartRodStackItem(from_y=0, to_y=m.doctor, color=Ink.ACCENT),
                        fc.BarChartRodStackItem(from_y=m.doctor, to_y=m.doctor + m.secretary, color=Ink.CHECK),
                    ],
                    tooltip=fc.BarChartRodTooltip(text=f"{m.caption}\u00a0: {figure(m.changed)}"),
                )
            ],
        )
        for n, m in enumerate(months)
    ]
    top = top_of([m.doctor + m.secretary for m in months])
    said = "\u00a0; ".join(f"{m.caption}\u00a0: {figure(m.changed)}" for m in months)
    return _chart(groups, [m.caption for m in months], top, f"{t('quality.words')}. {said}")


def pair_chart(values: Sequence[tuple[str, float, float]], colors: tuple[str, str], said: str) -> ft.Control:
    """Two bars a month, in percent."""
    groups = [
        fc.BarChartGroup(
            x=n,
            spacing=3,
            rods=[
                fc.BarChartRod(
                    from_y=0,
                    to_y=value,
                    width=12,
                    border_radius=2,
                    color=color,
                    tooltip=fc.BarChartRodTooltip(text=f"{caption}\u00a0: {figure(value)}"),
                )
                for value, color in zip(pair, colors, strict=True)
            ],
        )
        for n, (caption, *pair) in enumerate(values)
    ]
    told = "\u00a0; ".join(f"{caption}\u00a0: {figure(a)}, {figure(b)}" for caption, a, b in values)
    top = top_of([v for _, *pair in values for v in pair])
    return _chart(groups, [caption for caption, *_ in values], top, f"{said}. {told}")


def _chart(groups: list[fc.BarChartGroup], captions: list[str], top: float, said: str) -> ft.Control:
    """The chart, read aloud as a sentence."""
    chart = fc.BarChart(
        groups=groups,
        max_y=top,
        min_y=0,
        interactive=True,
        # the browser draws nothing but a grey box for ``False``
        animation=ft.Animation(1),
        left_axis=fc.ChartAxis(
            label_size=48,
            label_spacing=top / 2,
            labels=[fc.ChartAxisLabel(value=v, label=muted(figure(v), size=11)) for v in (0.0, top / 2, top)],
        ),
        bottom_axis=fc.ChartAxis(
            label_size=28,
            label_spacing=1,
            labels=[fc.ChartAxisLabel(value=n, label=muted(c, size=11)) for n, c in enumerate(captions)],
        ),
        right_axis=fc.ChartAxis(show_labels=False),
        top_axis=fc.ChartAxis(show_labels=False),
        horizontal_grid_lines=fc.ChartGridLines(interval=top / 2, color=Ink.LINE, width=1),
    )
    return ft.Semantics(label=said, container=True, image=True, content=ft.Container(chart, height=200))


def _legend(*marks: tuple[str, str]) -> ft.Control:
    return ft.Row(
        [
            ft.Row([ft.Container(width=11, height=11, border_radius=2, bgcolor=color), muted(caption)], spacing=6)
            for color, caption in marks
        ],
        spacing=18,
    )


def _month_row(t: Texts, m: Month) -> ft.Control:
    return ft.Row(
        [
            ft.Container(strong(m.caption, size=13), width=90),
            ft.Container(muted(t.count("quality.documents", m.documents), size=13), width=130),
            ft.Container(
                text(t("quality.month_words", all=figure(m.changed), secretary=figure(m.secretary),
                       doctor=figure(m.doctor)), size=13), expand=True,
            ),
            muted(t("quality.month_fields", fields=figure(m.fields), ignored=figure(m.ignored)), size=13),
        ],
        spacing=10,
    )  # fmt: skip


def _kind_row(t: Texts, k: Kind, here: bool, pick: Any) -> ft.Control:
    return ft.Row(
        [
            ft.Container(
                ft.Row([_choice(k.title, here, lambda: pick(k.form_id), key=f"quality-{k.form_id}")]), expand=True
            ),
            ft.Container(muted(t.count("quality.documents", k.documents), size=13), width=130),
            ft.Container(muted(t("quality.untouched", n=k.untouched), size=13), width=170),
            text(t("quality.kind_words", all=figure(k.changed), median=figure(k.median)), size=13),
        ],
        spacing=10,
    )


def figure(value: float) -> str:
    """« 12,5 % »."""
    return f"{value:.1f}".removesuffix(".0").replace(".", ",") + "\u00a0%"
