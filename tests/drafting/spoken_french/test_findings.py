"""What is pointed at and never corrected: sums of dates, implied centuries, syringes; and years taken from the consultation."""

from __future__ import annotations

import datetime as dt

import pytest

from dictation.transcript import Word
from drafting.spoken_french import write
from drafting.spoken_french.token import Kind, Written

TODAY = dt.date(2026, 4, 14)


def _write(spoken: str, today: dt.date | None = TODAY) -> Written:
    return write([Word(piece) for piece in spoken.split()], today=today)


def _codes(spoken: str, today: dt.date | None = TODAY) -> list[str]:
    return [f.code for f in _write(spoken, today).findings]


@pytest.mark.parametrize(
    ("spoken", "codes"),
    [
        ("arrêt du neuf au seize juin inclus soit huit jours", []),
        ("arrêt du neuf au seize juin inclus soit dix jours", ["date.arithmetic"]),
        ("arrêt du neuf au seize juin soit sept jours", []),
        ("arrêt du vingt-huit février au trois mars deux mille vingt-six inclus soit quatre jours", []),
        ("arrêt du vingt-huit décembre au trois janvier inclus soit sept jours", []),
        ("du seize juin deux mille vingt-six au neuf juin deux mille vingt-six", ["date.order"]),
        ("rendez-vous le lundi treize juillet", []),
        ("rendez-vous le mardi treize juillet", ["date.weekday"]),
        ("né le huit décembre mille neuf cent cinquante-huit soixante-sept ans", []),
        ("né le huit décembre mille neuf cent cinquante-huit soixante-neuf ans", ["date.age"]),
        ("né le douze zéro un cinquante-huit", ["date.century"]),
        ("infarctus en quatre-vingt-douze", ["date.century"]),
        ("revu le trente et un avril", ["date.impossible"]),
        ("revu le trente avril", []),
        ("Clexane zéro quatre une injection par jour", ["posology.syringe"]),
        ("Clexane quatre mille unités une injection par jour", []),
    ],
)
def test_findings(spoken: str, codes: list[str]) -> None:
    assert _codes(spoken) == codes


def test_a_wrong_sum_is_written_as_it_was_dictated() -> None:
    written = _write("arrêt du neuf au seize juin inclus soit dix jours")
    assert written.text == "arrêt du 09/06 au 16/06 inclus, soit 10 jours"
    assert "8 jours" in written.findings[0].message


def test_a_year_left_unsaid_is_that_of_the_consultation_in_the_value_only() -> None:
    token = _write("scanner du six mars").tokens[-1]
    assert (token.text.replace("\u00a0", " "), token.value) == ("6 mars", dt.date(2026, 3, 6))
    token = _write("scanner du six mars", None).tokens[-1]
    assert token.value == "--03-06"


def test_dates_and_times_have_values() -> None:
    tokens = _write("le treize juillet à neuf heures quarante").tokens
    assert [t.value for t in tokens if t.kind in (Kind.DATE, Kind.TIME)] == [dt.date(2026, 7, 13), dt.time(9, 40)]
    assert _write("en février deux mille vingt-sept").tokens[-1].value == "2027-02"


def test_relative_dates_stay_relative() -> None:
    assert (
        _write("revoir dans trois semaines, vu ce jour").text.replace("\u00a0", " ")
        == "revoir dans 3 semaines, vu ce jour"
    )
    assert not [t for t in _write("il y a trois semaines").tokens if t.kind is Kind.DATE]


def test_an_impossible_date_is_kept() -> None:
    assert _write("revu le trente et un avril").text.replace("\u00a0", " ") == "revu le 31 avril"


def test_every_finding_points_at_words() -> None:
    written = _write("né le douze zéro un cinquante-huit , arrêt du neuf au seize juin inclus soit dix jours")
    assert len(written.findings) == 2
    assert all(f.span is not None and f.message.endswith((".", "dictés.")) for f in written.findings)
