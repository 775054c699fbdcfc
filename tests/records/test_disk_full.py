"""A disk that fills up: what was kept stays, the recording closes, and work goes on once there is room."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import random
import sys

import pytest

import records
from bench import records_samples as samples
from dictation.errors import StorageError
from records import Role, State

SIZE = 20 * 1024 * 1024


@pytest.fixture
def small_disk(tmp_path):
    """A 20 MB file system of our own."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs Linux and root")
    folder = tmp_path / "disque"
    folder.mkdir()
    libc = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
    if libc.mount(b"tmpfs", str(folder).encode(), b"tmpfs", 0, f"size={SIZE}".encode()) != 0:
        pytest.skip(f"mounting is not allowed here ({os.strerror(ctypes.get_errno())})")
    yield folder
    libc.umount2(str(folder).encode(), 2)


def fill(folder, name="encombrant"):
    """Takes every byte that is left."""
    with (folder / name).open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 14, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


def open_house(folder):
    clock = samples.Clock()
    store, _ = records.create(folder / "calame", passphrase="une phrase secrète", ports=clock.ports())
    store.accounts.create("medecin", "mot de passe", [Role.DOCTOR])
    return store, store.accounts.login("medecin", "mot de passe"), clock


def again(folder, clock):
    store = records.open(folder / "calame", passphrase="une phrase secrète", ports=clock.ports())
    return store, store.accounts.login("medecin", "mot de passe")


@pytest.mark.slow
def test_a_recording_that_fills_the_disk_ends_cleanly_and_resumes(small_disk):
    store, me, clock = open_house(small_disk)
    made = store.dictations.create(by=me, consultation=samples.consultation())
    sound = store.audio.record(made.id, by=me)
    pcm, given = random.Random(1).randbytes(SIZE * 2), 0

    def speak():
        nonlocal given
        while True:
            given += 16_000
            sound.write(pcm[given - 16_000 : given])

    with pytest.raises(StorageError) as error:
        speak()
    assert error.value.code == "store.disk_full"
    assert sound.ended == "disk_full"
    kept = store.audio.pcm(made.id, by=me)
    assert kept == pcm[: len(kept)]
    assert given - len(kept) <= 32_000
    found = store.dictations.get(made.id, by=me)
    assert (found.state, found.interrupted) == (State.RECORDING, "disk_full")
    store.close()

    # the machine restarts with the disk still full, then room is made
    store, me = again(small_disk, clock)
    assert store.verify().ok
    assert store.audio.pcm(made.id, by=me) == kept
    store.dictations.discard(made.id, by=me, version=store.dictations.get(made.id, by=me).version)
    fresh = store.dictations.create(by=me)
    sound = store.audio.record(fresh.id, by=me)
    sound.write(pcm[:64_000])
    sound.stop()
    assert store.dictations.get(fresh.id, by=me).state is State.TO_TRANSCRIBE
    assert store.verify().ok
    store.close()


@pytest.mark.slow
def test_edits_signature_and_purge_still_work_on_a_disk_that_just_filled_up(small_disk):
    store, me, clock = open_house(small_disk)
    made = store.dictations.create(by=me, consultation=samples.consultation())
    sound = store.audio.record(made.id, by=me)
    sound.write(b"\1\0" * 32_000)
    sound.stop()
    store.jobs.done(store.jobs.claim(), samples.transcript())
    made = store.jobs.done(store.jobs.claim(), samples.draft())
    fill(small_disk)
    review = samples.confirmed(store.dictations.review(made.id, by=me), me.account_id, clock.read())
    made = store.dictations.save_review(made.id, review, by=me, version=made.version)
    seal = samples.signed(review, me.account_id, clock.read())
    made = store.dictations.sign(made.id, seal, [samples.document(review)], by=me, version=made.version)
    store.dictations.mark_exported(made.id, by=me, version=made.version)
    assert store.retention.purge().dictations == 1
    fill(small_disk, "encore")
    with pytest.raises(StorageError) as error:
        store.backup(small_disk / "copie.calame", by=me)
    assert error.value.code in ("backup.disk_full", "store.disk_full")
    assert sorted(p.name for p in small_disk.iterdir()) == ["calame", "encombrant", "encore"]
    assert store.verify().ok
    store.close()
    (small_disk / "encombrant").unlink()
    store, me = again(small_disk, clock)
    assert store.verify().ok
    assert (small_disk / "calame" / "reserve.bin").exists()
    store.close()


@pytest.mark.slow
def test_at_every_moment_a_full_disk_loses_nothing_that_was_acknowledged(small_disk):
    """Edits until nothing fits any more, reserve included; then everything acknowledged is there."""
    store, me, clock = open_house(small_disk)
    made = store.dictations.create(by=me, consultation=samples.consultation())
    store.audio.record(made.id, by=me).stop()
    made = store.dictations.get(made.id, by=me)
    made = store.dictations.save_transcript(made.id, samples.transcript(), by=me, version=made.version)
    made = store.dictations.save_draft(made.id, samples.draft(), by=me, version=made.version)
    review, acknowledged = store.dictations.review(made.id, by=me), 0
    fill(small_disk)

    def edit():
        nonlocal review, made, acknowledged
        while True:
            review = review.decide(samples.decision(me.account_id, "x" * 20_000, clock.read()))
            made = store.dictations.save_review(made.id, review, by=me, version=made.version)
            acknowledged += 1

    with pytest.raises(StorageError) as error:
        edit()
    assert error.value.code == "store.disk_full"
    assert acknowledged > 0
    store.close()
    # not one byte is left to open with: it says so and changes nothing
    with pytest.raises(StorageError) as error:
        again(small_disk, clock)
    assert error.value.code == "store.disk_full"
    (small_disk / "encombrant").unlink()
    store, me = again(small_disk, clock)
    assert len(store.dictations.review(made.id, by=me).decisions) == acknowledged
    assert store.verify().ok
    store.close()


@pytest.mark.slow
def test_a_store_cannot_be_half_created(small_disk):
    fill(small_disk)
    with pytest.raises(StorageError) as error:
        open_house(small_disk)
    assert error.value.code in ("store.disk_full", "store.unwritable")
    (small_disk / "encombrant").unlink()
    store, _, _ = open_house(small_disk)
    assert store.verify().ok
    store.close()
