"""Quality on the screen: months and kinds of a known history, charts that are read aloud, nobody else's figures."""

from __future__ import annotations

from typing import Any

import flet as ft
import flet_charts as fc

from app.quality import Measure
from ui.components import quality
from ui.state.quality import Month, short_month, top_of, view
from ui.texts import Texts

T = Texts()


def _measure(number: int, month: str, kind: str, author: str, **counts: int) -> Measure:
    base = {"drafted": 100, "changed": 0, "changed_by_secretary": 0, "changed_by_doctor": 0, "fields": 4, "findings": 2}
    return Measure(str(number), month, kind, author, {**base, **counts})


HISTORY = (
    _measure(1, "2026-02", "lettre", "moi", changed=10, changed_by_doctor=10, fields_edited=1, findings_seen=2),
    _measure(2, "2026-03", "lettre", "moi", changed=4, changed_by_secretary=3, changed_by_doctor=1),
    _measure(3, "2026-03", "certificat", "moi"),
    _measure(4, "2026-03", "lettre", "autre", changed=50, changed_by_doctor=50),
)


def _view(**more: Any) -> Any:
    given = {"account_id": "moi", "mine": True, "kind": None, "title": str.title, **more}
    return view(HISTORY, **given)


def test_one_s_own_months() -> None:
    vm = _view()
    assert vm.months == (
        Month("févr. 26", 1, 0.0, 10.0, 10.0, 25.0, 0.0),
        Month("mars 26", 2, 1.5, 0.5, 2.0, 0.0, 100.0),
    )
    assert [(k.title, k.documents, k.untouched) for k in vm.kinds] == [("Lettre", 2, 0), ("Certificat", 1, 1)]
    assert vm.shared


def test_the_practice_and_one_kind() -> None:
    assert _view(mine=False).months[1].changed == 18.0
    chosen = _view(kind="certificat")
    assert [m.caption for m in chosen.months] == ["mars 26"]
    assert len(chosen.kinds) == 2, "the other kinds can still be chosen"
    assert _view(kind="absent").empty


def test_twelve_months_at_most() -> None:
    long = tuple(_measure(n, f"20{20 + n // 12}-{n % 12 + 1:02d}", "lettre", "moi") for n in range(30))
    vm = view(long, account_id="moi", mine=True, kind=None, title=str)
    assert len(vm.months) == 12
    assert vm.months[-1].caption == short_month("2022-06")
    assert not vm.shared


def test_an_axis_ends_on_a_round_figure() -> None:
    assert [top_of(v) for v in ([], [3.2], [12, 4], [100], [140])] == [5, 5, 20, 100, 140]


def _inside(control: Any, kind: type) -> list[Any]:
    found = [control] if isinstance(control, kind) else []
    for name in ("content", "controls", "groups", "rods", "stack_items"):
        inner = getattr(control, name, None)
        for one in inner if isinstance(inner, list) else [inner] if isinstance(inner, ft.BaseControl) else []:
            found += _inside(one, kind)
    return found


def test_bars_stack_the_secretary_on_the_doctor_and_are_read_aloud() -> None:
    made = quality.changed_chart(T, _view().months)
    (chart,) = _inside(made, fc.BarChart)
    assert chart.max_y == 10
    february, march = chart.groups
    assert february.rods[0].to_y == 10
    assert [(i.from_y, i.to_y) for i in march.rods[0].stack_items] == [(0, 0.5), (0.5, 2.0)]
    assert isinstance(made, ft.Semantics)
    assert made.label is not None
    assert "févr. 26\u00a0: 10\u00a0%" in made.label


def test_two_bars_a_month_for_values_and_findings() -> None:
    (chart,) = _inside(quality.pair_chart([("mars 26", 25.0, 60.0)], ("#1", "#2"), "x"), fc.BarChart)
    assert [r.to_y for r in chart.groups[0].rods] == [25.0, 60.0]
    assert chart.max_y == 75
    assert quality.figure(12.5) == "12,5\u00a0%"
