"""The rule table speaks for itself: each rule applies in its positive sentence and not in its negative one."""

from __future__ import annotations

import pytest

from dictation.transcript import Word
from drafting.spoken_french import commands
from drafting.spoken_french.command_rules import COLUMNS, rules
from drafting.spoken_french.phrases import alternatives, fold_words, read_table
from drafting.spoken_french.split import tokens_of
from drafting.spoken_french.token import State, Token

TABLE = read_table("commands.tsv", COLUMNS)


def after(sentence: str) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """Tokens before and after the pass alone."""
    words = [Word(piece) for piece in sentence.split()]
    tokens = tokens_of(words)
    return tokens, commands.run(State(words=tuple(words), tokens=tokens)).tokens


@pytest.mark.parametrize("row", TABLE, ids=lambda r: r["spoken"][:40])
def test_applied_in_its_positive_sentence(row: dict[str, str]) -> None:
    before, now = after(row["positive"])
    assert [t.text for t in now] != [t.text for t in before]


@pytest.mark.parametrize("row", TABLE, ids=lambda r: r["spoken"][:40])
def test_text_in_its_negative_sentence(row: dict[str, str]) -> None:
    before, now = after(row["negative"])
    assert [t.text for t in now] == [t.text for t in before]


@pytest.mark.parametrize("row", TABLE, ids=lambda r: r["spoken"][:40])
def test_every_spoken_form_is_known(row: dict[str, str]) -> None:
    for form in alternatives(row["spoken"]):
        words = [Word(piece) for piece in form.split()]
        keys = [fold_words(w.text) for w in words]
        hit = rules().at(keys, 0)
        assert hit is not None, form
        assert hit[1] == len(words), form
