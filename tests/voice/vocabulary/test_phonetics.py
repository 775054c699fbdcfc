"""How French spelling sounds, and how far apart sounds are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictation.number_words import spell_number
from voice.vocabulary.phonetics import PHONEMES, distance, encode, phonemes, pronunciations

TEXT = st.text("abcdefghijklmnopqrstuvwxyzéèêàçïœ '-", max_size=25)


@pytest.mark.parametrize(
    ("spelling", "sounds"),
    [
        ("bateau", "bato"),
        ("chirurgie", "SiRyRZi"),
        ("cholestérol", "kolEsteRol"),
        ("psychiatrie", "psikjatRi"),
        ("trachée", "tRake"),
        ("œdème", "edEm"),
        ("d'œdème", "dedEm"),
        ("genou", "Zxnu"),
        ("maintien", "m5tj5"),
        ("famille", "famij"),
        ("ville", "vil"),
        ("examen", "Egzam@"),
        ("bensérazide", "b@seRazid"),
        ("phloroglucinol", "floRoglysinol"),
        ("Kardégic", "kaRdeZik"),
        ("75", "swas@tk5z"),
    ],
)
def test_french_words_sound_as_they_are_spoken(spelling: str, sounds: str) -> None:
    found = phonemes(spelling)
    assert distance(found, sounds) <= 0.06, found


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("apic sabons", "apixaban"),
        ("à me le dipine", "amlodipine"),
        ("les votiroxines", "lévothyroxine"),
        ("au que sa zépame", "oxazépam"),
        ("bancéraside", "bensérazide"),
        ("dispenet", "dyspnée"),
        ("aime dème", "œdème"),
        ("crépie tant", "crépitants"),
    ],
)
def test_misheard_names_sound_like_the_name(heard: str, said: str) -> None:
    assert min(distance(phonemes(heard), p) for p in pronunciations(said)) < 0.3


@pytest.mark.parametrize(
    ("a", "b"), [("dulaglutide", "bisoprolol"), ("metformine", "furosémide"), ("paracétamol", "crépitants")]
)
def test_unrelated_names_are_far(a: str, b: str) -> None:
    assert distance(phonemes(a), phonemes(b)) > 0.45


def test_last_letters_of_brands_may_be_spoken() -> None:
    assert any(p.endswith("oks") for p in pronunciations("Lévothyrox"))
    assert any(p.endswith("s") for p in pronunciations("Eliquis"))
    assert any(p.endswith("an") for p in pronunciations("apixaban"))


def test_acronyms_may_be_spelt() -> None:
    assert "iEnER" in pronunciations("INR")


@given(TEXT)
def test_every_spelling_gives_known_phonemes(text: str) -> None:
    assert set(phonemes(text)) <= set(PHONEMES[1:])
    assert (encode(phonemes(text)) > 0).all()


@given(TEXT, TEXT)
def test_distance_is_symmetric_and_zero_on_itself(a: str, b: str) -> None:
    x, y = phonemes(a), phonemes(b)
    assert distance(x, x) == 0
    assert distance(x, y) == pytest.approx(distance(y, x), abs=1e-5)
    assert 0 <= distance(x, y) <= 1.4


@pytest.mark.parametrize(
    ("digits", "words"),
    [
        ("0", "zéro"),
        ("17", "dix sept"),
        ("21", "vingt un"),
        ("75", "soixante quinze"),
        ("80", "quatre vingt"),
        ("98", "quatre vingt dix huit"),
        ("142", "cent quarante deux"),
        ("2026", "deux mille vingt six"),
        ("01", "zéro un"),
    ],
)
def test_digits_are_read_aloud(digits: str, words: str) -> None:
    assert " ".join(spell_number(digits)) == words
