"""Figures, units, dates, prescriptions: sentences a clinician can review, a third of them where nothing may change."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from dictation.transcript import Word
from drafting.spoken_french import write, write_line
from drafting.spoken_french.token import Written

DATA = Path(__file__).parent / "data"
FILES = (
    "anatomy",
    "dates",
    "eyes",
    "labs",
    "mixed",
    "numbers",
    "obstetrics",
    "phrasing",
    "posology",
    "quantities",
    "schedule",
    "scores",
    "times",
    "vitals",
)


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def _write(spoken: str, today: dt.date | None = None) -> Written:
    return write([Word(piece) for piece in spoken.split()], today=today)


CASES = [(name, row) for name in FILES for row in _rows(name)]


@pytest.mark.parametrize(("name", "row"), CASES, ids=[f"{n}: {r['spoken'][:60]}" for n, r in CASES])
def test_sentence(name: str, row: dict[str, str]) -> None:
    assert _plain(write_line(row["spoken"])) == row["written"]


@pytest.mark.parametrize(("name", "row"), CASES, ids=[f"{n}: {r['written'][:60]}" for n, r in CASES])
def test_written_text_stays_as_it_is(name: str, row: dict[str, str]) -> None:
    assert _plain(write_line(row["written"])) == row["written"]


def test_a_third_of_the_sentences_are_negative() -> None:
    kinds = [row["kind"] for _, row in CASES]
    assert set(kinds) == {"positive", "negative"}
    assert 3 * kinds.count("negative") >= len(kinds)
    assert len(kinds) >= 250
