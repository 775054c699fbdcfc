"""One encrypted file, made while others write, that opens elsewhere with the printed code."""

from __future__ import annotations

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import records
from bench import records_samples as samples
from dictation.errors import StorageError
from records import SYSTEM, State


def test_restores_on_another_machine_with_the_code(house, tmp_path):
    signed, recording = house.signed(note="rappeler"), house.recorded()
    house.store.corrections.add("gonalgie", "gonalgies", by=house.doctor)
    target = tmp_path / "copie.calame"
    report = house.store.backup(target, by=house.administrator)
    assert report.size == target.stat().st_size
    elsewhere = tmp_path / "ailleurs" / "calame"
    store, check = records.restore(
        target,
        elsewhere,
        recovery_code=house.code,
        new_passphrase="la phrase de l'autre machine",
        ports=house.clock.ports(),
    )
    with store:
        assert check.ok
        assert store.dictations.get(signed.id, by=SYSTEM) == house.get(signed)
        assert store.dictations.documents(signed.id, by=SYSTEM) == house.store.dictations.documents(
            signed.id, by=house.doctor
        )
        assert store.audio.pcm(recording.id, by=SYSTEM) == house.store.audio.pcm(recording.id, by=house.doctor)
        me = store.accounts.login("medecin", house.password)
        assert store.corrections.list(by=me)[0].wanted == "gonalgies"
        assert store.jobs.claim().dictation_id == recording.id
    for key in ({"passphrase": "la phrase de l'autre machine"}, {"recovery_code": house.code}):
        records.open(elsewhere, ports=house.clock.ports(), **key).close()
    with pytest.raises(StorageError) as error:
        records.restore(target, elsewhere, recovery_code=house.code, ports=house.clock.ports())
    assert error.value.code == "store.exists"


def test_is_consistent_while_others_write(house, tmp_path):
    made = house.to_review()
    review = house.store.dictations.review(made.id, by=house.doctor)
    stop = threading.Event()
    failures = []

    def edit():
        nonlocal made, review
        try:
            while not stop.is_set():
                review = review.decide(samples.decision("x", "y", house.clock.read()))
                made = house.store.dictations.save_review(made.id, review, by=house.doctor, version=made.version)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=edit)
    thread.start()
    try:
        for number in range(5):
            target = tmp_path / "copie.calame"
            house.store.backup(target, by=house.administrator)
            store, check = records.restore(
                target, tmp_path / f"r{number}", recovery_code=house.code, ports=house.clock.ports()
            )
            store.close()
            assert check.ok
    finally:
        stop.set()
        thread.join()
    assert failures == []


@given(place=st.floats(0, 0.9999), bit=st.integers(0, 7), cut=st.booleans())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_damage_is_noticed(house, tmp_path, place, bit, cut):
    target, damaged = tmp_path / "copie.calame", tmp_path / "abimee.calame"
    if not target.exists():
        house.store.backup(target, by=house.administrator)
    data = bytearray(target.read_bytes())
    where = int(place * len(data))
    if cut:
        del data[where:]
    else:
        data[where] ^= 1 << bit
    damaged.write_bytes(data)
    with pytest.raises(StorageError) as error:
        records.restore(damaged, tmp_path / "ailleurs", recovery_code=house.code, ports=house.clock.ports())
    assert error.value.code in ("backup.damaged", "store.wrong_key", "store.key_file")
    assert not records.exists(tmp_path / "ailleurs")


def test_wrong_keys_and_places(house, tmp_path):
    target = tmp_path / "copie.calame"
    house.store.backup(target, by=house.doctor)
    with pytest.raises(StorageError) as error:
        records.restore(target, tmp_path / "a", passphrase="une mauvaise phrase", ports=house.clock.ports())
    assert error.value.code == "store.wrong_key"
    with pytest.raises(StorageError) as error:
        house.store.backup(tmp_path / "absent" / "copie.calame", by=house.doctor)
    assert error.value.code == "backup.unwritable"
    with pytest.raises(StorageError) as error:
        records.restore(tmp_path / "absent", tmp_path / "a", recovery_code=house.code, ports=house.clock.ports())
    assert error.value.code == "backup.damaged"


def test_a_backup_made_before_a_rotation_opens_with_the_code_of_that_day(house, tmp_path):
    target = tmp_path / "copie.calame"
    house.store.backup(target, by=house.doctor)
    fresh = house.store.rotate_key(by=house.administrator, passphrase=house.passphrase)
    with pytest.raises(StorageError):
        records.restore(target, tmp_path / "a", recovery_code=fresh, ports=house.clock.ports())
    store, check = records.restore(target, tmp_path / "a", recovery_code=house.code, ports=house.clock.ports())
    store.close()
    assert check.ok


def test_what_was_purged_since_is_purged_again_after_a_restore(house, tmp_path):
    made = house.exported()
    target = tmp_path / "copie.calame"
    house.store.backup(target, by=house.doctor)
    house.store.retention.purge()
    store, _ = records.restore(target, tmp_path / "a", recovery_code=house.code, ports=house.clock.ports())
    with store:
        assert store.dictations.get(made.id, by=SYSTEM).state is State.EXPORTED
        store.maintain()
        assert store.dictations.get(made.id, by=SYSTEM).state is State.PURGED


def test_the_damaged_file_of_a_store_is_reported(house):
    house.to_review()
    house.store._db.checkpoint()
    with house.store._db.path.open("r+b") as file:
        file.seek(4096 * 20 + 100)
        file.write(b"\0" * 16)
    house.store._db.engine.dispose()
    report = house.store.verify()
    assert not report.ok
    assert {p.kind for p in report.problems} == {"file"}
