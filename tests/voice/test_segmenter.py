"""Endpointing in seconds and booleans."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.segmenter import Cut, Piece, Segmenter, Settings

STEP = 0.02


def cut(*stretches: tuple[float, bool], settings: Settings | None = None, level: float = 1.0) -> list[Piece]:
    """Pieces of (seconds, speech) stretches, flushed at the end."""
    segmenter = Segmenter(settings)
    pieces: list[Piece] = []
    n = 0
    for length, speech in stretches:
        for _ in range(round(length / STEP)):
            pieces += segmenter.push(n * STEP, (n + 1) * STEP, speech, level if speech else 0.0)
            n += 1
    return pieces + list(segmenter.flush())


def test_silence_makes_nothing() -> None:
    assert cut((30, False)) == []


def test_a_click_shorter_than_the_onset_makes_nothing() -> None:
    assert cut((1, False), (0.04, True), (2, False)) == []


def test_an_utterance_keeps_its_pre_roll_and_its_tail() -> None:
    (piece,) = cut((1, False), (2, True), (2, False))
    assert piece.start_s == pytest.approx(0.68)
    assert piece.end_s == pytest.approx(3.24)
    assert piece.cut is Cut.PAUSE


def test_a_pause_shorter_than_the_hangover_does_not_cut() -> None:
    assert len(cut((1, True), (0.4, False), (1, True), (1, False))) == 1


def test_a_long_pause_cuts() -> None:
    assert len(cut((1, True), (0.6, False), (1, True), (1, False))) == 2


def test_after_six_seconds_a_short_pause_is_enough() -> None:
    pieces = cut((7, True), (0.3, False), (2, True), (1, False))
    assert [p.cut for p in pieces] == [Cut.SOFT, Cut.PAUSE]
    assert 7 < pieces[0].end_s < 7.3
    assert pieces[1].start_s >= pieces[0].end_s


def test_the_hard_cut_falls_on_the_quietest_instant() -> None:
    segmenter = Segmenter()
    pieces: list[Piece] = []
    for n in range(round(16 / STEP)):
        level = 0.01 if 12.0 <= n * STEP < 12.2 else 1.0
        pieces += segmenter.push(n * STEP, (n + 1) * STEP, True, level)
    assert [p.cut for p in pieces] == [Cut.HARD]
    assert 12.0 <= pieces[0].end_s <= 12.2
    assert segmenter.start_s == pieces[0].end_s


def test_speech_without_end_never_grows_beyond_the_hard_cut() -> None:
    pieces = cut((120, True))
    assert all(p.end_s - p.start_s <= 15.0 + STEP for p in pieces)
    assert all(a.end_s == b.start_s for a, b in itertools.pairwise(pieces))


def test_a_hole_in_the_recording_ends_what_was_going_on() -> None:
    segmenter = Segmenter()
    for n in range(100):
        segmenter.push(n * STEP, (n + 1) * STEP, True, 1.0)
    (piece,) = segmenter.push(10.0, 10.02, True, 1.0)
    assert piece.end_s == pytest.approx(2.0)
    for n in range(1, 50):
        segmenter.push(10 + n * STEP, 10 + (n + 1) * STEP, True, 1.0)
    assert segmenter.start_s == pytest.approx(10.0)


@given(st.lists(st.tuples(st.floats(0.02, 9), st.booleans()), max_size=20))
def test_pieces_never_overlap_and_hold_every_long_enough_speech(stretches: list[tuple[float, bool]]) -> None:
    pieces = cut(*stretches)
    for a, b in itertools.pairwise(pieces):
        assert a.end_s <= b.start_s + 1e-9
    assert all(p.start_s < p.end_s for p in pieces)
    at = 0.0
    for length, speech in stretches:
        frames = round(length / STEP)
        if speech and frames >= 5:  # past the onset: its middle must lie in a piece
            middle = at + frames * STEP / 2
            assert any(p.start_s - 1e-6 <= middle <= p.end_s + 1e-6 for p in pieces)
        at += frames * STEP


@given(st.lists(st.tuples(st.floats(0.02, 9), st.booleans()), max_size=12))
def test_what_is_kept_covers_what_will_be_cut(stretches: list[tuple[float, bool]]) -> None:
    segmenter = Segmenter()
    kept = 0.0
    n = 0
    for length, speech in stretches:
        for _ in range(round(length / STEP)):
            for piece in segmenter.push(n * STEP, (n + 1) * STEP, speech, 1.0):
                assert piece.start_s >= kept - 1e-9
            kept = segmenter.keep_from_s
            n += 1
