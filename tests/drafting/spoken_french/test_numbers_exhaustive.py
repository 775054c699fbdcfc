"""Every number from 0 to 9,999 and from 0,00 to 99,99, in every spoken variety, comes back exact."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dictation.transcript import Word
from drafting.spoken_french import numbers, write_line
from drafting.spoken_french.numerals import decimal_comma
from drafting.spoken_french.split import tokens_of
from drafting.spoken_french.token import Kind, State

from .speller import decimals, spell, spellings


def _numbers(spoken: str) -> list[tuple[str, object]]:
    words = tuple(Word(w) for w in spoken.split())
    return [(t.text, t.value) for t in numbers.run(State(words, tokens_of(words))).tokens]


@pytest.mark.parametrize("start", range(0, 10_000, 1000))
def test_whole_numbers(start: int) -> None:
    for n in range(start, start + 1000):
        for spoken in spellings(n):
            got = _numbers(spoken)
            assert len(got) == 1, (n, spoken, got)
            assert got[0][1] == n, (n, spoken, got)
            if n != 1:
                assert got[0][0] == str(n), (n, spoken, got)


@pytest.mark.parametrize("start", range(0, 100, 10))
def test_two_decimals(start: int) -> None:
    for whole in range(start, start + 10):
        heads = list(spellings(whole))
        for part in range(100):
            for count, said in enumerate(decimals(part)):
                spoken = f"{heads[count % len(heads)]} virgule {said}"
                got = _numbers(spoken)
                want = f"{whole},{part:02d}" if not (part % 10 == 0 and part) else f"{whole},{part}"
                if part == 0:
                    want = f"{whole},00"
                assert [text for text, _ in got] == [want], (spoken, got)
                assert got[0][1] == Decimal(whole) + Decimal(part) / 100, (spoken, got)


def test_one_decimal() -> None:
    for whole in range(100):
        for part in range(1, 10):
            spoken = f"{spell(whole)} virgule {spell(part)}"
            assert [t for t, _ in _numbers(spoken)] == [f"{whole},{part}"], spoken


def test_figures_and_words_are_equals() -> None:
    for n in [*list(range(2, 120)), 1000, 4000, 9999]:
        assert write_line(f"valeur {spell(n)}") == write_line(f"valeur {n}")


@pytest.mark.parametrize(
    ("value", "text"),
    [(10_000, "10 000"), (280_000, "280 000"), (100_000, "100 000"), (999_999, "999 999")],
)
def test_thousands_are_grouped_from_five_figures(value: int, text: str) -> None:
    assert [t.replace("\u202f", " ") for t, _ in _numbers(spell(value))] == [text]
    assert [t.replace("\u202f", " ") for t, _ in _numbers(text)] == [text]


def test_feminine_one_is_never_a_decimal() -> None:
    words = "mMRC deux virgule une toux".split()
    assert not decimal_comma(words, 2)
    assert decimal_comma("kaliémie quatre virgule un".split(), 2)
    assert not decimal_comma("stade deux virgule un épisode".split(), 2)
    assert not decimal_comma("zéro virgule huit virgule neuf".split(), 3)


def test_a_million() -> None:
    words = (Word("deux"), Word("millions"))
    tokens = numbers.run(State(words, tokens_of(words))).tokens
    assert [(t.kind, t.value) for t in tokens] == [(Kind.NUMBER, Decimal(2_000_000))]
