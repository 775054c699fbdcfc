"""Partial text: what is stable never changes, and its cost does not grow with the utterance."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from dictation.sound import RATE_HZ, Utterance
from dictation.transcript import Word
from voice.growing import LONGEST_S, Growing

TEXT = [f"mot{n}" for n in range(60)]
STEP_S = 0.4


def heard(utterance: Utterance, upto: int) -> list[Word]:
    """The words that lie in ``utterance``: one each 0.4 s, 0.1 s of pause after it."""
    words = [Word(t, n * STEP_S, n * STEP_S + 0.3) for n, t in enumerate(TEXT[:upto])]
    return [w for w in words if w.start_s >= utterance.start_s - 0.01]


def sound(end_s: float) -> Utterance:
    return Utterance(bytes(round(end_s * RATE_HZ) * 2), 0.0, end_s)


def test_only_the_last_seconds_are_decoded_again_and_the_text_is_whole() -> None:
    growing, longest = Growing(0.0), 0.0
    for upto in range(1, 60):
        whole = sound(upto * STEP_S)
        rest = growing.rest(whole)
        assert len(rest.pcm) == round((rest.end_s - rest.start_s) * RATE_HZ) * 2
        longest = max(longest, rest.end_s - rest.start_s)
        partial = growing.update(heard(rest, upto), whole.end_s)
        assert f"{partial.stable} {partial.unstable}".split() == TEXT[:upto]
        assert growing.text.split() == TEXT[: len(growing.text.split())]
    assert longest < LONGEST_S + 1.0


@given(st.lists(st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12), min_size=2, max_size=20))
def test_what_was_stable_stays(hypotheses: list[list[str]]) -> None:
    growing = Growing(0.0)
    shown = []
    for n, texts in enumerate(hypotheses):
        now = 1.0 + n
        rest = growing.rest(sound(now))
        step = (rest.end_s - rest.start_s) / max(1, len(texts))
        words = [Word(t, rest.start_s + i * step, rest.start_s + i * step + step / 2) for i, t in enumerate(texts)]
        shown.append(growing.update(words, now).stable.split())
    for before, after in itertools.pairwise(shown):
        assert after[: len(before)] == before
