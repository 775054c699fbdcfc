"""Each pass on sentences a clinician can review: where it acts, and where the same words must stay."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dictation.transcript import Word
from drafting.spoken_french import write
from drafting.spoken_french.token import Written

DATA = Path(__file__).parent / "data"
FILES = ("acronyms", "asides", "commands", "hesitations", "orders", "privacy", "repairs", "sentences", "spelling")


def rows(name: str) -> list[dict[str, str]]:
    """Rows of one data file."""
    with (DATA / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def written(spoken: str) -> Written:
    """The whole chain on one sentence."""
    return write([Word(piece) for piece in spoken.split()])


def plain(text: str) -> str:
    """No-break spaces as spaces: what is compared is the words."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


CASES = [(name, row) for name in FILES for row in rows(name)]


@pytest.mark.parametrize(("name", "row"), CASES, ids=[f"{n}: {r['spoken'][:50]}" for n, r in CASES])
def test_sentence(name: str, row: dict[str, str]) -> None:
    assert plain(written(row["spoken"]).text) == row["written"].replace("\\n", "\n")


@pytest.mark.parametrize("row", rows("asides"), ids=lambda r: r["spoken"][:50])
def test_asides_are_handed_over(row: dict[str, str]) -> None:
    found = [f"{a.kind}:{plain(a.text)}" for a in written(row["spoken"]).asides]
    assert found == ([row["aside"]] if row["aside"] else [])


@pytest.mark.parametrize("row", rows("privacy"), ids=lambda r: r["spoken"][:50])
def test_private_numbers_are_pointed_at(row: dict[str, str]) -> None:
    found = [f.code for f in written(row["spoken"]).findings if f.code.startswith("privacy.")]
    assert found == ([row["code"]] if row["code"] else [])


@pytest.mark.parametrize("row", rows("repairs"), ids=lambda r: r["spoken"][:50])
def test_a_repair_leaves_what_it_replaced_in_a_finding(row: dict[str, str]) -> None:
    found = [f for f in written(row["spoken"]).findings if f.code == "repair.applied"]
    assert bool(found) == (row["kind"] == "positive")
    assert all(f.span is not None and "«" in f.message for f in found)


@pytest.mark.parametrize("row", rows("orders"), ids=lambda r: r["spoken"][:50])
def test_what_is_withheld_is_shown(row: dict[str, str]) -> None:
    found = written(row["spoken"])
    shown = [plain(f.message) for f in found.findings if f.code == "text.withheld"]
    assert len(shown) == bool(row["withheld"])
    assert all(row["withheld"].rstrip(".").lower() in message.lower() for message in shown)
    assert [plain(a.text) for a in found.asides if a.kind == "secretary"] == [s for s in [row["secretary"]] if s]


def test_a_third_of_the_sentences_are_negative() -> None:
    kinds = [row["kind"] for _, row in CASES]
    assert set(kinds) == {"positive", "negative"}
    assert 3 * kinds.count("negative") >= len(kinds)
