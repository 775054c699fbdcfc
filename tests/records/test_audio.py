"""Sound is on the disk as it is heard, and ends cleanly whatever happens."""

from __future__ import annotations

import datetime as dt
import os
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import records
from dictation.errors import InputError, RefusedError, StorageError
from records import State, flac


def noise(seconds, seed=0):
    return random.Random(seed).randbytes(round(seconds * 16_000) * 2)


def begin(house):
    made = house.start()
    return made, house.store.audio.record(made.id, by=house.doctor)


def rows(house, made):
    with house.store._db.raw() as raw:
        return raw.execute(
            "SELECT first_sample, samples, codec FROM audio WHERE dictation_id = ? ORDER BY 1", (made.id,)
        ).fetchall()


def test_each_second_is_committed_while_it_is_heard(house):
    made, sound = begin(house)
    pcm = noise(3.5)
    for start in range(0, len(pcm), 960):
        sound.write(pcm[start : start + 960])
        heard = min(start + 960, len(pcm)) / 32_000
        assert heard - house.store.audio.duration_s(made.id) < 1.0
    assert [r[1:] for r in rows(house, made)] == [(16_000, "pcm")] * 3
    with records.open(house.folder, passphrase=house.passphrase, ports=house.clock.ports()) as other:
        assert other.audio.pcm(made.id, by=records.SYSTEM) == pcm[:96_000]
    sound.stop()
    assert sound.ended == "done"
    assert house.store.audio.pcm(made.id, by=house.doctor) == pcm
    assert [r[2] for r in rows(house, made)] == ["flac"]
    assert house.get(made).state is State.TO_TRANSCRIBE


@given(seconds=st.floats(0.01, 3), seed=st.integers(0, 9))
@settings(deadline=None, max_examples=25)
def test_flac_is_lossless(seconds, seed):
    pcm = noise(seconds, seed)
    assert flac.decode(flac.encode(pcm)) == pcm


def test_slices_start_and_end_at_the_sample(house):
    made, sound = begin(house)
    pcm = noise(130)
    sound.write(pcm)
    sound.stop()
    assert len(rows(house, made)) == 3
    for start, end in ((0, 1), (59.5, 60.5), (119.9999, 130), (0, 130), (12.00005, 12.1), (129, 500), (5, 5)):
        piece = house.store.audio.pcm(made.id, by=house.doctor, start_s=start, end_s=end)
        assert piece == pcm[round(start * 16_000) * 2 : round(end * 16_000) * 2]


def test_an_unplugged_microphone_is_resumed(house):
    made, sound = begin(house)
    first, second = noise(1.25, 1), noise(2.5, 2)
    sound.write(first)
    sound.interrupt("device")
    made = house.get(made)
    assert (made.state, made.interrupted, made.duration_s) == (State.RECORDING, "device", 1.25)
    with pytest.raises(RefusedError) as refused:
        sound.write(second)
    assert refused.value.code == "audio.ended"
    sound = house.store.audio.record(made.id, by=house.doctor)
    assert house.get(made).interrupted is None
    sound.write(second)
    sound.stop()
    sound.stop()
    assert house.store.audio.pcm(made.id, by=house.doctor) == first + second
    assert house.store.verify().ok


@pytest.mark.parametrize(
    ("steady", "wall", "expected"),
    [
        (0.03, 0.03, None),
        (20, 20, "sleep"),
        (6, 6, None),
        (0.03, 3600, "sleep"),
        (0.03, -3600, "clock"),
        (0.03, -30, None),
    ],
)
def test_sleep_and_clock_jumps_end_the_recording_with_everything(house, steady, wall, expected):
    made, sound = begin(house)
    sound.write(noise(1.5))
    house.clock.seconds += steady
    house.clock.now += dt.timedelta(seconds=wall)
    sound.write(noise(0.5, 1))
    assert sound.ended == expected
    kept = 2.0 if expected else 1.0 + 1.0
    assert house.store.audio.duration_s(made.id) == kept
    assert house.get(made).interrupted == expected


def test_a_dead_process_s_recording_is_found_and_closed(house):
    made, sound = begin(house)
    sound.write(noise(2))
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    # the process is gone without a word: its mark is not held any more
    os.close(house.store._presence._file)
    house.store._presence._file = os.open(os.devnull, os.O_RDONLY)
    with records.open(house.folder, passphrase=house.passphrase, ports=house.clock.ports()) as store:
        me = store.accounts.login("medecin", house.password)
        found = store.dictations.get(made.id, by=me)
        assert (found.interrupted, found.duration_s) == ("crash", 2.0)
        store.audio.close(made.id, by=me)
        assert store.dictations.get(made.id, by=me).state is State.TO_TRANSCRIBE
        assert store.jobs.claim() is not None


def test_one_window_records_at_a_time(house):
    made, _ = begin(house)
    with records.open(house.folder, passphrase=house.passphrase, ports=house.clock.ports()) as other:
        me = other.accounts.login("medecin", house.password)
        for verb in (lambda: other.audio.record(made.id, by=me), lambda: other.audio.close(made.id, by=me)):
            with pytest.raises(RefusedError) as refused:
                verb()
            assert refused.value.code == "audio.busy"
        with pytest.raises(RefusedError):
            other.audio.append(made.id, noise(1))
        assert other.recover() == ()


def test_more_sound_after_the_draft_starts_again_from_the_transcript(house):
    made = house.to_review()
    before = made.duration_s
    sound = house.store.audio.record(made.id, by=house.doctor)
    sound.write(noise(1))
    sound.stop()
    made = house.get(made)
    assert made.duration_s == before + 1
    assert made.state is State.TO_TRANSCRIBE
    assert house.store.jobs.claim().dictation_id == made.id


def test_half_a_sample_is_refused(house):
    made, _ = begin(house)
    with pytest.raises(InputError):
        house.store.audio.append(made.id, b"123")


def test_compression_left_undone_is_done_by_the_round(house, monkeypatch):
    made, sound = begin(house)
    pcm = noise(70)
    sound.write(pcm)

    def fails(data):
        raise StorageError("store.disk_full", "plein")

    with monkeypatch.context() as patch:
        patch.setattr(flac, "encode", fails)
        sound.stop()
    assert {r[2] for r in rows(house, made)} == {"pcm"}
    assert house.get(made).state is State.TO_TRANSCRIBE
    house.store.maintain()
    assert {r[2] for r in rows(house, made)} == {"flac"}
    assert house.store.audio.pcm(made.id, by=house.doctor) == pcm


def test_a_compression_that_would_lose_sound_is_not_kept(house, monkeypatch):
    made, sound = begin(house)
    sound.write(noise(2))
    monkeypatch.setattr(flac, "decode", lambda data: b"")
    sound.stop()
    assert {r[2] for r in rows(house, made)} == {"pcm"}


def test_a_microphone_slow_to_start_is_no_sleep(house):
    made, sound = begin(house)
    house.clock.advance(minutes=2)
    sound.write(noise(1))
    assert sound.ended is None
    assert house.store.audio.duration_s(made.id) == 1.0
