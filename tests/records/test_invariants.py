"""``verify`` sees every state that cannot be."""

from __future__ import annotations

import pytest

from bench import records_samples as samples
from records import Role, State

BROKEN = {
    "no such state": ("recorded", "UPDATE dictations SET state = 'perdue'", "état inconnu"),
    "no signature": ("signed", "UPDATE dictations SET signature_id = NULL", "signée sans signature"),
    "no document": ("signed", "DELETE FROM documents", "signée sans son document"),
    "signed by hand": (
        "to_review",
        "UPDATE dictations SET state = 'signed', signature_id = 'x', signed_by = 'x', signed_at = created_at",
        "signée sans trace au journal",
    ),
    "unsigned by hand": ("signed", "UPDATE dictations SET state = 'to_review'", "sans signature en vigueur"),
    "no transcript": ("recorded", "UPDATE dictations SET state = 'to_draft'", "sans transcription"),
    "no draft": ("recorded", "UPDATE dictations SET state = 'to_review'", "sans brouillon"),
    "purged by hand": ("to_review", "UPDATE dictations SET state = 'purged'", "encore lisible"),
    "recorder elsewhere": ("recorded", "UPDATE dictations SET recorder = 'x'", "enregistrée hors de son état"),
    "a hole in the sound": ("recorded", "UPDATE audio SET first_sample = first_sample + 16000", "un trou"),
    "two jobs": (
        "recorded",
        "INSERT INTO jobs (id, dictation_id, kind, state, attempts, created_at) "
        "SELECT 'x', dictation_id, kind, state, attempts, created_at FROM jobs",
        "deux travaux",
    ),
    "a job of nobody": ("recorded", "UPDATE jobs SET state = 'running'", "sans propriétaire"),
    "an orphan": ("recorded", "PRAGMA foreign_keys = OFF; UPDATE audio SET dictation_id = 'x'", "orpheline"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_is_reported(house, name):
    maker, statement, said = BROKEN[name]
    made = getattr(house, maker)()
    assert house.store.verify().ok
    with house.store._db.raw() as raw:
        raw.executescript(statement)
        raw.execute("PRAGMA foreign_keys = ON")
    problems = house.store.verify().problems
    assert any(said in p.message for p in problems), problems
    assert any(made.id in p.message for p in problems) or name == "an orphan"
    assert all("Quévauvillers" not in p.message and "gonalgie" not in p.message for p in problems)


def test_a_secretary_brings_in_a_sound_file_for_a_doctor(house):
    made = house.store.dictations.create(by=house.secretary, author_id=house.doctor.account_id)
    sound = house.store.audio.record(made.id, by=house.secretary)
    sound.write(b"\1\0" * 16_000)
    sound.stop()
    made = house.store.dictations.get(made.id, by=house.doctor)
    assert (made.author_id, made.state) == (house.doctor.account_id, State.TO_TRANSCRIBE)


def test_the_patient_can_be_set_later_and_an_opposed_one_stops_the_engines(house):
    made = house.to_review(consultation=samples.consultation("Lenoir", "Ida"))
    made = house.store.dictations.set_consultation(
        made.id, samples.consultation("Leblanc", "Ida"), by=house.secretary, version=made.version
    )
    assert house.store.worklist.list(by=house.doctor)[0].patient == "LEBLANC Ida"
    assert made.has_draft
    house.store.patients.set_opposed(samples.consultation().patient, True, by=house.secretary)
    made = house.store.dictations.set_consultation(
        made.id, samples.consultation(), by=house.secretary, version=made.version
    )
    assert (made.opposed, made.has_draft, made.has_audio) == (True, False, True)
    assert house.store.verify().ok
    made = house.recorded(consultation=samples.consultation("Leblanc", "Ida"))
    made = house.store.dictations.set_consultation(
        made.id, samples.consultation(), by=house.doctor, version=made.version
    )
    assert (made.state, made.reviewer) == (State.TO_REVIEW, Role.SECRETARY)
    made = house.store.dictations.set_opposed(made.id, False, by=house.doctor, version=made.version)
    made = house.store.dictations.transition(made.id, State.TO_TRANSCRIBE, by=house.doctor, version=made.version)
    assert house.store.jobs.claim().dictation_id == made.id
