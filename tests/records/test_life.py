"""A dictation from the first word to the purge, and everything that may go wrong between people."""

from __future__ import annotations

import pytest

import records
from bench import records_samples as samples
from dictation.errors import ConflictError, InputError, RefusedError
from dictation.transcript import TYPED
from records import EditConflict, Place, Role, State


def test_from_the_first_word_to_nothing(house):
    made = house.exported(note="prendre rendez-vous au scanner")
    assert made.state is State.EXPORTED
    assert not made.has_audio
    assert not made.has_draft
    assert house.store.dictations.documents(made.id, by=house.doctor)
    report = house.store.retention.purge()
    assert report.dictations == 1
    assert report.tasks_kept == 1
    assert house.get(made).state is State.PURGED
    assert house.store.dictations.documents(made.id, by=house.doctor) == ()
    assert house.store.verify().ok


def test_a_stale_version_keeps_both_texts(house):
    made = house.to_review()
    review = house.store.dictations.review(made.id, by=house.doctor)
    mine = review.decide(samples.decision(house.doctor.account_id, "version du médecin", house.clock.read()))
    hers = review.decide(samples.decision(house.secretary.account_id, "version du secrétariat", house.clock.read()))
    house.store.dictations.save_review(made.id, mine, by=house.doctor, version=made.version)
    with pytest.raises(EditConflict) as caught:
        house.store.dictations.save_review(made.id, hers, by=house.secretary, version=made.version)
    assert isinstance(caught.value, ConflictError)
    assert caught.value.code == "dictation.conflict"
    (conflict,) = house.store.dictations.conflicts(made.id, by=house.doctor)
    assert conflict.id == caught.value.kept
    assert conflict.review.text("histoire") == "version du secrétariat"
    assert conflict.by == house.secretary.account_id
    assert house.store.dictations.review(made.id, by=house.doctor).text("histoire") == "version du médecin"
    assert house.store.worklist.list(by=house.doctor)[0].conflicts == 1
    assert house.store.worklist.counts(by=house.doctor).conflicts == 1

    confirmed = samples.confirmed(mine, house.doctor.account_id, house.clock.read())
    now = house.store.dictations.save_review(made.id, confirmed, by=house.doctor, version=caught.value.current.version)
    with pytest.raises(RefusedError) as refused:
        house.sign(now)
    assert refused.value.code == "signature.conflict"
    merged = confirmed.decide(samples.decision(house.doctor.account_id, "les deux", house.clock.read()))
    now = house.store.dictations.settle_conflict(
        made.id, conflict.id, by=house.doctor, version=now.version, take=merged
    )
    assert house.store.dictations.conflicts(made.id, by=house.doctor) == ()
    assert house.sign(now).state is State.SIGNED


def test_a_review_of_a_draft_recomposed_meanwhile_is_a_conflict(house):
    made = house.to_review()
    old = house.store.dictations.review(made.id, by=house.doctor)
    made = house.store.dictations.save_transcript(
        made.id, samples.transcript("autre texte dicté"), by=house.doctor, version=made.version
    )
    made = house.store.dictations.save_draft(
        made.id, samples.draft(samples.transcript("autre texte dicté")), by=house.doctor, version=made.version
    )
    with pytest.raises(EditConflict):
        house.store.dictations.save_review(made.id, old, by=house.doctor, version=made.version)


def test_decisions_are_replayed_on_a_new_draft(house):
    made = house.confirmed()
    made = house.store.dictations.transition(made.id, State.TO_DRAFT, by=house.doctor, version=made.version)
    lease = house.store.jobs.claim()
    house.store.jobs.done(lease, samples.draft())
    assert house.store.dictations.review(made.id, by=house.doctor).blockers() == ()


def test_only_the_kept_review_can_be_signed(house):
    made = house.confirmed()
    review = house.store.dictations.review(made.id, by=house.doctor)
    other = review.decide(samples.decision(house.doctor.account_id, "jamais enregistré", house.clock.read()))
    seal = samples.signed(other, house.doctor.account_id, house.clock.read())
    with pytest.raises(RefusedError) as refused:
        house.store.dictations.sign(made.id, seal, [samples.document(other)], by=house.doctor, version=made.version)
    assert refused.value.code == "signature.stale"
    seal = samples.signed(review, "quelqu'un d'autre", house.clock.read())
    with pytest.raises(RefusedError) as refused:
        house.store.dictations.sign(made.id, seal, [samples.document(review)], by=house.doctor, version=made.version)
    assert refused.value.code == "signature.other"


def test_a_secretary_s_edit_after_the_signature_asks_for_a_new_one(house):
    made = house.signed()
    review = house.store.dictations.review(made.id, by=house.secretary)
    review = review.decide(samples.decision(house.secretary.account_id, "une virgule", house.clock.read()))
    made = house.store.dictations.save_review(made.id, review, by=house.secretary, version=made.version)
    assert made.state is State.CORRECTED
    assert made.signature_id is None
    assert house.store.dictations.documents(made.id, by=house.doctor) == ()
    with pytest.raises(RefusedError) as refused:
        house.store.dictations.mark_exported(made.id, by=house.secretary, version=made.version)
    assert refused.value.code == "export.unsigned"
    made = house.sign(made)
    made = house.store.dictations.mark_exported(made.id, by=house.secretary, version=made.version)
    assert house.store.verify().ok
    actions = [e.action for e in house.store.journal.entries(subject=made.id)]
    assert actions.count("dictation.signed") == 2
    assert actions.count("signature.withdrawn") == 1
    exports = [e for e in house.store.journal.entries(subject=made.id) if e.action == "dictation.exported"]
    signatures = [
        e
        for e in house.store.journal.entries(subject=made.id)
        if e.action == "dictation.signed" and e.details["signature"] == exports[0].details["signature"]
    ]
    assert len(exports) == len(signatures) == 1


def test_the_secretary_asks_with_the_place_and_the_doctor_answers(house):
    made = house.to_review(reviewer=Role.SECRETARY)
    place = Place("section:histoire", 4, 9)
    query = house.store.dictations.ask(
        made.id, "gauche ou droite ?", by=house.secretary, version=made.version, place=place
    )
    made = house.get(made)
    assert made.state is State.QUERIED
    assert house.store.worklist.next(by=house.doctor).id == made.id
    assert house.store.dictations.queries(made.id, by=house.doctor)[0].place == place
    made = house.store.dictations.answer(query.id, "droite", by=house.doctor)
    assert (made.state, made.reviewer) == (State.TO_REVIEW, Role.SECRETARY)
    made = house.store.dictations.transition(made.id, State.CORRECTED, by=house.secretary, version=made.version)
    assert (made.state, made.reviewer) == (State.CORRECTED, Role.DOCTOR)
    assert house.store.worklist.next(by=house.doctor).id == made.id
    with pytest.raises(EditConflict):
        house.store.dictations.answer(query.id, "gauche", by=house.doctor)


def test_an_open_query_holds_the_signature(house):
    made = house.confirmed()
    query = house.store.dictations.ask(made.id, "dose ?", by=house.secretary, version=made.version)
    with pytest.raises(RefusedError):
        house.sign(house.get(made))
    made = house.store.dictations.answer(query.id, "la même", by=house.doctor)
    assert house.sign(made).state is State.SIGNED


def test_an_opposed_patient_is_typed_from_the_audio(house):
    made = house.start()
    made = house.store.dictations.set_opposed(made.id, True, by=house.doctor, version=made.version)
    sound = house.store.audio.record(made.id, by=house.doctor)
    sound.write(b"\1\0" * 32_000)
    sound.stop()
    made = house.get(made)
    assert (made.state, made.reviewer, made.duration_s) == (State.TO_REVIEW, Role.SECRETARY, 2.0)
    assert house.store.jobs.claim() is None
    assert house.store.audio.pcm(made.id, by=house.secretary)
    for refused_verb in (
        lambda: house.store.dictations.save_transcript(
            made.id, samples.transcript(), by=records.SYSTEM, version=made.version
        ),
        lambda: house.store.dictations.save_draft(made.id, samples.draft(), by=house.doctor, version=made.version),
        lambda: house.store.dictations.transition(made.id, State.TO_TRANSCRIBE, by=house.doctor, version=made.version),
        lambda: house.store.dictations.transition(made.id, State.TO_DRAFT, by=house.doctor, version=made.version),
    ):
        with pytest.raises(RefusedError) as refused:
            refused_verb()
        assert refused.value.code == "patient.opposed"
    typed = samples.transcript(engine=TYPED)
    made = house.store.dictations.save_transcript(made.id, typed, by=house.secretary, version=made.version)
    made = house.store.dictations.save_draft(
        made.id, samples.draft(typed, engine=records.TYPED_DRAFT), by=house.secretary, version=made.version
    )
    review = samples.confirmed(
        house.store.dictations.review(made.id, by=house.doctor), house.doctor.account_id, house.clock.read()
    )
    made = house.store.dictations.save_review(made.id, review, by=house.doctor, version=made.version)
    assert house.sign(made).state is State.SIGNED
    # the choice is remembered for the next dictation about the same person, however it is written
    assert house.start(consultation=samples.consultation("QUEVAUVILLERS", "zoe")).opposed
    assert not house.start(consultation=samples.consultation("Autre")).opposed


def test_opposing_afterwards_erases_what_the_engines_made(house):
    made = house.to_review(note="rappeler la patiente")
    made = house.store.dictations.set_opposed(made.id, True, by=house.doctor, version=made.version)
    assert not made.has_transcript
    assert not made.has_draft
    assert made.has_audio
    assert house.store.worklist.tasks(by=house.secretary) == ()
    assert house.store.verify().ok


def test_a_job_under_way_for_a_patient_who_opposes_is_dropped(house):
    made = house.recorded()
    lease = house.store.jobs.claim()
    house.store.dictations.set_opposed(made.id, True, by=house.doctor, version=made.version)
    assert not house.store.jobs.heartbeat(lease)
    with pytest.raises(ConflictError):
        house.store.jobs.done(lease, samples.transcript())
    assert not house.get(made).has_transcript


def test_every_move_is_made_or_refused(house):
    """Every state x every asked state: what MOVES does not allow is refused and changes nothing."""
    makers = {
        State.TO_TRANSCRIBE: house.recorded,
        State.TO_REVIEW: house.to_review,
        State.SIGNED: house.signed,
        State.EXPORTED: house.exported,
        State.RECORDING: house.start,
    }
    for before, make in makers.items():
        for after in State:
            made = make()
            assert made.state is before
            try:
                moved = house.store.dictations.transition(made.id, after, by=house.doctor, version=made.version)
            except RefusedError:
                assert house.get(made) == made
            else:
                assert after in records.lifecycle.MOVES[before]
                assert moved.state is after
            for lease in iter(house.store.jobs.claim, None):
                house.store.jobs.failed(lease, "essai")
            assert house.store.verify().ok


def test_what_is_over_no_longer_changes(house):
    made = house.exported()
    with pytest.raises(RefusedError) as refused:
        house.store.dictations.set_consultation(
            made.id, samples.consultation("Autre"), by=house.doctor, version=made.version
        )
    assert refused.value.code == "dictation.closed"
    with pytest.raises(RefusedError):
        house.store.audio.record(made.id, by=house.doctor)
    with pytest.raises(RefusedError):
        house.store.dictations.discard(made.id, by=house.doctor, version=made.version)


def test_discarding_leaves_a_bare_line(house):
    made = house.to_review(note="une tâche")
    house.store.dictations.discard(made.id, by=house.doctor, version=made.version)
    assert house.get(made).state is State.PURGED
    assert house.get(made).consultation.patient.last_name is None
    assert house.store.worklist.list(by=house.doctor) == ()
    assert house.store.worklist.tasks(by=house.secretary) == ()
    assert house.store.verify().ok


def test_unknown_things_have_their_error(house):
    for verb in (
        lambda: house.store.dictations.get("rien", by=house.doctor),
        lambda: house.store.dictations.answer("rien", "x", by=house.doctor),
        lambda: house.store.worklist.tick("rien", by=house.secretary),
    ):
        with pytest.raises(InputError):
            verb()
