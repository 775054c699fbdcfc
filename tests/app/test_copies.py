"""The copy of a dictation that a person reads before saving it: both sides, word for word, and what was masked."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.copies import Source, prepare, source, words
from dictation.consultation import Author, Consultation, Patient, Recipient
from dictation.review import Review
from drafting import compose
from tests.ui import kit

WHO = Consultation(
    author=Author("Dr Jeanne Martin", address="3 rue des Lilas\n00000 Villefictive", phone="01 02 03 04 05"),
    patient=Patient("Petit", "Rose", birth_date=dt.date(1960, 2, 1)),
    recipient=Recipient("Dr Claire Roy"),
)
SPOKEN = "motif deux points madame Petit tousse depuis huit jours, elle voit le docteur Roy le douze mars deux mille vingt-six"


def _source() -> Source:
    form = kit.forms().get(kit.FORM)
    review = Review(compose(kit.transcript(SPOKEN), form, WHO, lexicon=kit.LEXICON))
    return source(review, form, WHO, version="1.2")


def test_both_sides_can_be_laid_side_by_side_and_no_name_is_left() -> None:
    given_ = _source()
    made = prepare(given_, secret="s", remark="Le docteur Roy est écrit Roi, appelez le 06 11 22 33 44.")
    assert [p.title for p in made.parts] == ["Ce qui a été entendu", "Ce qui a été rédigé", "Remarque"]
    assert "".join(s.original for s in made.parts[0].stretches) == given_.heard
    assert "".join(s.original for s in made.parts[1].stretches) == given_.written
    for gone in ("Petit", "Roy", "Rose", "06 11", "12/03/2026", "12 mars 2026", "douze mars"):
        assert gone not in made.text
    labels = {s.substitute for p in made.parts for s in p.stretches if s.original == "Roy"}
    assert len(labels) == 1, "one person, one label, in all parts"
    assert "tousse" in made.text
    assert "Calame 1.2" in made.text
    assert made.replaced == sum(s.substitute is not None for p in made.parts for s in p.stretches)


def test_a_person_masks_more() -> None:
    made = prepare(_source(), secret="s", masked=["Tousse"], with_heard=False)
    assert [p.title for p in made.parts] == ["Ce qui a été rédigé"]
    assert "tousse" not in made.text
    assert "[Masqué 1]" in made.text
    kinds = {s.kind for s in made.parts[0].stretches if s.substitute == "[Masqué 1]"}
    assert kinds == {"masked"}


def test_the_same_secret_gives_the_same_copy_and_another_moves_the_dates() -> None:
    assert prepare(_source(), secret="s") == prepare(_source(), secret="s")
    assert prepare(_source(), secret="s").text != prepare(_source(), secret="t").text


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=40), st.lists(st.text(max_size=6), max_size=3))
def test_nothing_of_the_original_is_lost_or_doubled(heard: str, written: str, remark: str, masked: list[str]) -> None:
    made = prepare(Source(heard, written, (), ()), secret="s", masked=masked, remark=remark)
    sides = ["".join(s.original for s in p.stretches) for p in made.parts]
    assert sides[:2] == [heard, written]


@pytest.mark.parametrize("text", ["l'index, d'Anne-Marie : 12/8", "  ", "a\nb", "l’été…"])
def test_words_can_be_clicked_and_put_together_again(text: str) -> None:
    assert "".join(words(text)) == text
