"""Work for the engines: one worker at a time, one result, a second chance after a crash."""

from __future__ import annotations

import os

import pytest

import records
from bench import records_samples as samples
from dictation.errors import ConflictError, RefusedError
from records import JobKind, Priority, State
from records.jobs import MAX_ATTEMPTS


def test_the_most_urgent_first_and_each_once(house):
    slow = house.recorded()
    fast = house.recorded(priority=Priority.VERY_URGENT)
    leases = list(iter(house.store.jobs.claim, None))
    assert [lease.dictation_id for lease in leases] == [fast.id, slow.id]
    assert house.store.jobs.claim(JobKind.DRAFT) is None
    assert house.store.jobs.waiting() == 2


def test_a_lease_that_ran_out_goes_to_another_and_the_first_cannot_write(house):
    made = house.recorded()
    first = house.store.jobs.claim(lease_s=60)
    assert house.store.jobs.claim() is None
    house.clock.advance(seconds=40)
    assert house.store.jobs.heartbeat(first, lease_s=60)
    house.clock.advance(seconds=40)
    assert house.store.jobs.claim() is None
    house.clock.advance(seconds=30)
    second = house.store.jobs.claim()
    assert (second.job_id, second.attempt) == (first.job_id, 2)
    assert not house.store.jobs.heartbeat(first)
    house.store.jobs.failed(first, "trop tard")
    house.store.jobs.done(second, samples.transcript())
    with pytest.raises(ConflictError) as error:
        house.store.jobs.done(first, samples.transcript("autre chose"))
    assert error.value.code == "job.lost"
    assert house.store.dictations.transcript(made.id, by=house.doctor).text == samples.WORDS
    saved = [e for e in house.store.journal.entries(subject=made.id) if e.action == "transcript.saved"]
    assert len(saved) == 1


def test_a_dead_worker_s_job_is_taken_up_at_once(house):
    made = house.recorded()
    pid = os.fork()
    if pid == 0:
        try:
            store = records.open(house.folder, passphrase=house.passphrase, ports=house.clock.ports())
            os._exit(0 if store.jobs.claim(lease_s=3600) else 1)
        finally:
            os._exit(2)
    assert os.waitpid(pid, 0)[1] == 0
    lease = house.store.jobs.claim()
    assert (lease.dictation_id, lease.attempt) == (made.id, 2)
    assert house.store.jobs.claim() is None


def test_a_dictation_that_kills_engines_is_set_aside(house):
    made = house.recorded()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert house.store.jobs.claim(lease_s=1).attempt == attempt
        house.clock.advance(seconds=2)
    assert house.store.jobs.claim() is None
    assert house.get(made).failure == "engine.crashed"
    assert house.store.worklist.list(by=house.doctor)[0].failure == "engine.crashed"
    house.store.jobs.retry(made.id, by=house.doctor)
    assert house.get(made).failure is None
    assert house.store.jobs.claim().attempt == 1


def test_a_failure_shows_and_can_be_retried(house):
    made = house.recorded()
    house.store.jobs.failed(house.store.jobs.claim(), "engine.busy", again=True)
    assert house.get(made).failure is None
    house.store.jobs.failed(house.store.jobs.claim(), "model.missing")
    assert house.get(made).failure == "model.missing"
    assert house.store.jobs.claim() is None
    house.store.jobs.retry(made.id, by=house.doctor)
    lease = house.store.jobs.claim()
    made = house.store.jobs.done(lease, samples.transcript())
    assert (made.state, made.failure) == (State.TO_DRAFT, None)
    with pytest.raises(RefusedError):
        house.store.jobs.retry(house.signed().id, by=house.doctor)


def test_a_live_transcript_makes_the_waiting_job_needless(house):
    made = house.recorded()
    made = house.store.dictations.save_transcript(made.id, samples.transcript(), by=house.doctor, version=made.version)
    lease = house.store.jobs.claim()
    assert lease.kind is JobKind.DRAFT
    assert house.store.jobs.claim() is None


def test_resuming_the_recording_stops_the_work_under_way(house):
    made = house.recorded()
    lease = house.store.jobs.claim()
    sound = house.store.audio.record(made.id, by=house.doctor)
    assert not house.store.jobs.heartbeat(lease)
    sound.stop()
    assert house.store.jobs.claim().dictation_id == made.id
    assert house.store.verify().ok
