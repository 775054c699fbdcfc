"""How long things stay."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

import records
from dictation.errors import InputError
from records import SYSTEM, Retention, State


def test_unsigned_work_goes_after_seven_days_and_is_announced(house):
    old = house.to_review()
    house.clock.advance(days=6)
    house.doctor = house.store.accounts.login("medecin", house.password)
    house.secretary = house.store.accounts.login("secretaire", house.password)
    house.colleague = house.store.accounts.login("confrere", house.password)
    new = house.to_review()
    assert house.store.retention.due(dt.timedelta(days=0), by=house.doctor) == ()
    assert house.store.retention.due(dt.timedelta(days=2), by=house.secretary) == (old.id,)
    assert house.store.retention.due(dt.timedelta(days=2), by=house.colleague) == ()
    assert house.store.retention.purge().dictations == 0
    house.clock.advance(days=1, minutes=1)
    report = house.store.retention.purge()
    assert (report.dictations, report.audio_s, report.transcripts, report.drafts) == (1, 2.0, 1, 1)
    get = house.store.dictations.get
    assert get(old.id, by=SYSTEM).state is State.PURGED
    assert get(new.id, by=SYSTEM).state is State.TO_REVIEW
    entry = [e for e in house.store.journal.entries() if e.action == "store.purged"][-1]
    assert (entry.details["dictations"], entry.details["transcripts"]) == (1, 1)
    assert house.store.retention.purge().dictations == 0
    assert [e for e in house.store.journal.entries() if e.action == "store.purged"][-1] == entry


def test_a_recording_under_way_is_never_purged(house):
    made = house.start()
    sound = house.store.audio.record(made.id, by=house.doctor)
    house.clock.advance(days=30)
    assert house.store.retention.purge().dictations == 0
    sound.interrupt("device")
    assert house.store.dictations.get(made.id, by=SYSTEM).state is State.RECORDING


def test_a_task_outlives_its_dictation_until_ticked(house):
    ticked = house.exported(note="rappeler la patiente")
    house.exported(note="commander une attelle")
    assert house.store.retention.purge().tasks_kept == 2
    tasks = house.store.worklist.tasks(by=house.secretary)
    assert [t.patient for t in tasks] == ["QUÉVAUVILLERS Zoé"] * 2
    task = next(t for t in tasks if t.dictation_id == ticked.id)
    house.store.worklist.tick(task.id, by=house.secretary)
    report = house.store.retention.purge()
    assert (report.tasks, report.tasks_kept) == (1, 1)
    house.clock.advance(days=8)
    report = house.store.retention.purge()
    assert (report.tasks, report.tasks_kept) == (1, 0)


def test_durations_are_configured_within_bounds(house):
    for wrong in (
        Retention(audio_after_signature_h=8 * 24),
        Retention(unsigned_days=0),
        Retention(document_after_export_h=-1),
    ):
        with pytest.raises(InputError) as error:
            house.store.retention.configure(wrong, by=house.administrator)
        assert error.value.code == "retention.bounds"
    wanted = replace(Retention(), audio_after_signature_h=0, document_after_export_h=48)
    house.store.retention.configure(wanted, by=house.administrator)
    assert house.store.retention.policy() == wanted
    kept = house.exported()
    signed = house.signed()
    report = house.store.retention.purge()
    assert (report.dictations, report.stripped) == (0, 1)
    assert not house.get(signed).has_audio
    assert house.store.dictations.documents(kept.id, by=house.doctor)
    house.clock.advance(hours=49)
    assert house.store.retention.purge().dictations == 1


def test_the_round_does_everything(house):
    house.exported()
    report = house.store.maintain()
    assert report.dictations == 1
    assert house.store.verify().ok


def test_a_wrong_clock_erases_nothing_unsigned(house):
    made = house.to_review()
    gone = house.exported()
    house.store.close()
    house.clock.advance(days=4000)
    house.store = records.open(house.folder, passphrase=house.passphrase, ports=house.clock.ports())
    assert house.store.maintain().dictations == 1
    assert house.store.dictations.get(gone.id, by=SYSTEM).state is State.PURGED
    assert house.store.dictations.get(made.id, by=SYSTEM).state is State.TO_REVIEW
    # a person may still ask for it
    admin = house.store.accounts.login("admin", house.password)
    assert house.store.retention.purge(by=admin).dictations == 1
