"""What a recogniser invents is caught; what a doctor says is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictation.transcript import Word
from voice import guard


def words(text: str, *, start_s: float = 0.0, each_s: float = 0.3) -> tuple[Word, ...]:
    return tuple(Word(t, start_s + i * each_s, start_s + (i + 1) * each_s, 0.9) for i, t in enumerate(text.split()))


def text(found: tuple[Word, ...]) -> str:
    return " ".join(w.text for w in found)


@pytest.mark.parametrize(
    ("heard", "kept"),
    [
        ("un un un un un", "un"),
        ("pas de fièvre pas de fièvre pas de fièvre pas de fièvre", "pas de fièvre"),
        ("Très, très, très mal", "Très, très, très mal"),
        ("un comprimé, un comprimé, un comprimé", "un comprimé, un comprimé, un comprimé"),
        ("nous nous revoyons", "nous nous revoyons"),
        ("code zéro zéro zéro quatre", "code zéro zéro zéro quatre"),
        ("le 0 0 0 1", "le 0 0 0 1"),
        ("", ""),
    ],
)
def test_loops_collapse(heard: str, kept: str) -> None:
    assert text(guard.without_loops(words(heard))) == kept


def test_three_times_without_the_time_to_say_them_is_a_loop() -> None:
    assert text(guard.without_loops(words("pas de fièvre pas de fièvre pas de fièvre", each_s=0.06))) == "pas de fièvre"


@given(st.lists(st.sampled_from(["un", "le", "pas", "de", "toux"]), max_size=30))
def test_no_loop_of_three_survives(tokens: list[str]) -> None:
    out = [w.text for w in guard.without_loops(words(" ".join(tokens), each_s=0.05))]
    assert all(out[i] != out[i + 1] or out[i] != out[i + 2] for i in range(len(out) - 2))
    assert set(out) == set(tokens)


@pytest.mark.parametrize(
    ("heard", "kept"),
    [
        ("Sous-titres réalisés par la communauté d'Amara.org", ""),
        ("Merci d'avoir regardé cette vidéo !", ""),
        ("Le patient va bien. Sous-titrage Société Radio-Canada", "Le patient va bien."),
        ("Merci d'avoir regardé ses radiographies.", "Merci d'avoir regardé ses radiographies."),
        ("Merci de votre confiance", "Merci de votre confiance"),
    ],
)
def test_subtitle_phrases_go(heard: str, kept: str) -> None:
    assert text(guard.without_subtitles(words(heard))) == kept


def test_words_with_no_speech_under_them_are_dropped() -> None:
    mask = np.zeros(100, np.float32)
    mask[30:60] = 0.9  # 0.96 s to 1.92 s
    found = (Word("avant", 10.1, 10.4), Word("dedans", 11.2, 11.6), Word("après", 12.6, 13.0))
    assert text(guard.without_silence(found, mask, start_s=10.0)) == "dedans"


def test_a_word_that_starts_in_a_pause_is_pulled_to_its_sound() -> None:
    mask = np.zeros(100, np.float32)
    mask[50:70] = 0.9  # 1.6 s to 2.24 s
    (word,) = guard.fit_to_speech((Word("toux", 0.2, 2.2),), mask, start_s=0.0)
    assert word.start_s == pytest.approx(1.6, abs=0.1)
    assert word.end_s == 2.2


@given(st.lists(st.floats(0, 1), min_size=1, max_size=100), st.floats(0, 3), st.floats(0, 3))
def test_fitting_never_widens_a_word(mask: list[float], start: float, length: float) -> None:
    word = Word("mot", start, start + length)
    (out,) = guard.fit_to_speech((word,), np.array(mask, np.float32), start_s=0.0)
    assert word.start_s <= out.start_s <= out.end_s <= word.end_s or out.start_s == out.end_s


def test_unsure_silence_is_silence_and_sure_speech_is_not() -> None:
    assert guard.is_silence(-1.2, 0.9)
    assert not guard.is_silence(-0.2, 0.9)
    assert not guard.is_silence(-1.2, 0.1)


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("4,000", "4000"),
        ("25,000,", "25000,"),
        ("14,200", "14200"),
        ("1,250,000", "1250000"),
        ("1,125", "1,125"),
        ("0,500", "0,500"),
        ("7,41", "7,41"),
        ("12,5", "12,5"),
        ("4.000", "4000"),
        ("2,100,5", "2,100,5"),
    ],
)
def test_commas_between_thousands_are_no_decimals(heard: str, written: str) -> None:
    (word,) = guard.with_thousands([Word(heard, 0.0, 1.0, 0.9)])
    assert word.text == written


def test_speech_that_no_word_was_made_of_is_found() -> None:
    mask = np.ones(int(10 / guard.MASK_STEP_S), np.float32)
    said = words("un deux trois", start_s=20.0)  # 20.0 to 20.9
    first, last = guard.unheard(said, mask, start_s=20.0) or (0.0, 0.0)
    assert (first, last) == pytest.approx((20.9, 30.0), abs=0.05)
    mask[int(2 / guard.MASK_STEP_S) :] = 0.0  # 1.1 s left: the end of a word, or a cough
    assert guard.unheard(said, mask, start_s=20.0) is None
