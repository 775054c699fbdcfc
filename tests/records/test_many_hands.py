"""Several processes and threads on the same documents."""

from __future__ import annotations

import threading

import pytest

from bench import records as bench
from bench import records_samples as samples
from records import EditConflict


@pytest.mark.slow
def test_no_edit_is_lost_between_processes(tmp_path):
    done = bench.hands(tmp_path / "calame", processes=4, edits=40, shared=2)
    assert done.saved + done.conflicts == done.edits == 160
    assert (done.lost, done.unreported) == (0, 0)
    assert done.conflicts > 0


def test_no_edit_is_lost_between_threads(house):
    made = house.to_review()
    found, errors = [], []

    def edit(hand):
        try:
            for number in range(10):
                while True:
                    now = house.get(made)
                    review = house.store.dictations.review(made.id, by=house.doctor)
                    mine = samples.decision(house.doctor.account_id, f"{hand}.{number}", house.clock.now)
                    try:
                        house.store.dictations.save_review(
                            made.id, review.decide(mine), by=house.doctor, version=now.version
                        )
                        break
                    except EditConflict as conflict:
                        found.append(conflict.kept)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=edit, args=(hand,)) for hand in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    kept = {d.value for d in house.store.dictations.review(made.id, by=house.doctor).decisions}
    assert kept == {f"{hand}.{number}" for hand in range(4) for number in range(10)}
    assert sorted(c.id for c in house.store.dictations.conflicts(made.id, by=house.doctor)) == sorted(found)
    assert house.store.verify().ok
