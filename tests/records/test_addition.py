"""Words dictated into a document under review: sound joins the same recording, text and state stay."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

import records
from bench import records_samples as samples
from dictation.errors import RefusedError
from dictation.transcript import Transcript, Word
from records import State
from records.reading import EditConflict


def noise(seconds, seed=0):
    return random.Random(seed).randbytes(round(seconds * 16_000) * 2)


def grown(review):
    """The review with one word more."""
    before = review.draft.transcript
    words = (*before.words, Word("fièvre", before.duration_s + 0.1, before.duration_s + 0.5))
    transcript = replace(before, words=words, duration_s=before.duration_s + 1)
    return replace(review, draft=replace(review.draft, transcript=transcript))


def test_an_addition_joins_the_sound_and_moves_nothing(house):
    made = house.to_review()
    before = house.store.audio.pcm(made.id, by=house.doctor)
    sound = house.store.audio.record(made.id, by=house.doctor, addition=True)
    pcm = noise(2.5)
    sound.write(pcm)
    assert house.get(made).state is State.TO_REVIEW
    assert house.get(made).version == made.version
    assert house.store.verify(by=house.administrator).ok
    sound.stop()
    assert house.store.audio.pcm(made.id, by=house.doctor) == before + pcm
    assert house.get(made).version == made.version
    assert house.get(made).state is State.TO_REVIEW
    assert house.store.jobs.claim() is None


def test_a_crash_in_an_addition_keeps_every_second_of_it(house):
    made = house.to_review()
    before = house.store.audio.duration_s(made.id)
    sound = house.store.audio.record(made.id, by=house.doctor, addition=True)
    sound.write(noise(3.0))
    row_of_dead = "UPDATE dictations SET recorder = 'mort' WHERE id = ?"
    with house.store._db.raw() as raw:
        raw.execute(row_of_dead, (made.id,))
        raw.commit()
    assert house.store.recover() == (made.id,)
    kept = house.get(made)
    assert kept.interrupted == "crash"
    assert kept.state is State.TO_REVIEW
    assert house.store.audio.duration_s(made.id) == before + 3.0


def test_an_addition_thrown_away_leaves_the_sound_of_before(house):
    made = house.to_review()
    before = house.store.audio.pcm(made.id, by=house.doctor)
    sound = house.store.audio.record(made.id, by=house.doctor, addition=True)
    sound.write(noise(2.2))
    with pytest.raises(RefusedError, match="ajout"):
        house.store.audio.cut(made.id, len(before) / 32_000, by=house.doctor)
    sound.stop()
    house.store.audio.cut(made.id, len(before) / 32_000, by=house.doctor)
    assert house.store.audio.pcm(made.id, by=house.doctor) == before


def test_transcript_draft_and_decisions_are_kept_together(house):
    made = house.to_review()
    review = house.store.dictations.review(made.id, by=house.doctor)
    more = samples.confirmed(grown(review), house.doctor.account_id, house.clock.read())
    kept = house.store.dictations.save_addition(made.id, more, by=house.doctor, version=made.version)
    assert kept.state is State.TO_REVIEW
    assert house.store.dictations.review(made.id, by=house.doctor) == more
    transcript = house.store.dictations.transcript(made.id, by=house.doctor)
    assert isinstance(transcript, Transcript)
    assert transcript.words[-1].text == "fièvre"
    after = samples.confirmed(more, house.doctor.account_id, house.clock.read())
    house.store.dictations.save_review(made.id, after, by=house.doctor, version=kept.version)
    assert house.store.dictations.review(made.id, by=house.doctor) == after
    with pytest.raises(EditConflict):
        house.store.dictations.save_addition(made.id, more, by=house.doctor, version=made.version)


def test_what_is_signed_or_opposed_takes_no_addition(house):
    signed = house.signed()
    with pytest.raises(RefusedError):
        house.store.audio.record(signed.id, by=house.doctor, addition=True)
    made = house.to_review()
    house.store.dictations.set_opposed(made.id, True, by=house.doctor, version=made.version)
    with pytest.raises(RefusedError, match="opposé"):
        house.store.audio.record(made.id, by=house.doctor, addition=True)
    assert records.State.TO_REVIEW in records.lifecycle.GROWING
