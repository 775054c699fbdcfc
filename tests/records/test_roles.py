"""Every verb of the store x every role, against the table of ``records.access``."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

import records
from bench import records_samples as samples
from dictation.consultation import Patient
from dictation.errors import RefusedError
from dictation.transcript import TYPED
from records import SYSTEM, Priority, Retention, Role, State
from records.access import MATRIX, SYSTEM_VERBS, Verb

PERSONS = ("doctor", "colleague", "secretary", "administrator", "system")

#: what is asked, on a dictation that is ready for it: verb -> (state it needs, call)
CALLS = {
    Verb.CREATE: (None, lambda h, d, by: h.store.dictations.create(by=by, author_id=h.doctor.account_id)),
    Verb.READ: ("to_review", lambda h, d, by: h.store.dictations.get(d.id, by=by)),
    Verb.LIST: (None, lambda h, d, by: h.store.worklist.list(by=by)),
    Verb.RECORD: ("start", lambda h, d, by: h.store.audio.record(d.id, by=by)),
    Verb.LISTEN: ("recorded", lambda h, d, by: h.store.audio.pcm(d.id, by=by)),
    Verb.TRANSCRIBE: (
        "recorded",
        lambda h, d, by: h.store.dictations.save_transcript(
            d.id, samples.transcript(engine=TYPED), by=by, version=d.version
        ),
    ),
    Verb.DRAFT: (
        "to_review",
        lambda h, d, by: h.store.dictations.save_draft(d.id, samples.draft(), by=by, version=d.version),
    ),
    Verb.REVIEW: (
        "to_review",
        lambda h, d, by: h.store.dictations.save_review(
            d.id, h.store.dictations.review(d.id, by=SYSTEM), by=by, version=d.version
        ),
    ),
    Verb.MOVE: (
        "to_review",
        lambda h, d, by: h.store.dictations.transition(d.id, State.TO_DRAFT, by=by, version=d.version),
    ),
    Verb.ASK: ("to_review", lambda h, d, by: h.store.dictations.ask(d.id, "?", by=by, version=d.version)),
    Verb.ANSWER: (
        "to_review",
        lambda h, d, by: h.store.dictations.answer(
            h.store.dictations.ask(d.id, "?", by=h.secretary, version=d.version).id, "!", by=by
        ),
    ),
    Verb.CORRECT: (
        "to_review",
        lambda h, d, by: h.store.dictations.transition(d.id, State.CORRECTED, by=by, version=d.version),
    ),
    Verb.SIGN: ("confirmed", lambda h, d, by: _sign(h, d, by)),
    Verb.EXPORT: ("signed", lambda h, d, by: h.store.dictations.mark_exported(d.id, by=by, version=d.version)),
    Verb.DISCARD: ("to_review", lambda h, d, by: h.store.dictations.discard(d.id, by=by, version=d.version)),
    Verb.ASSIGN: ("to_review", lambda h, d, by: h.store.dictations.assign(d.id, by=by, priority=Priority.URGENT)),
    Verb.TICK: (
        "with_task",
        lambda h, d, by: h.store.worklist.tick(h.store.worklist.tasks(by=h.secretary)[0].id, by=by),
    ),
    Verb.OPPOSE: (None, lambda h, d, by: h.store.patients.set_opposed(Patient("Essai"), True, by=by)),
    Verb.JOBS: ("failed", lambda h, d, by: h.store.jobs.retry(d.id, by=by)),
    Verb.ACCOUNTS: (
        None,
        lambda h, d, by: h.store.accounts.create(f"p{h.clock.read():%f}", h.password, [Role.SECRETARY], by=by),
    ),
    Verb.DELEGATE: (
        None,
        lambda h, d, by: h.store.accounts.delegate(
            (h.colleague if by is h.doctor else h.doctor).account_id,
            h.clock.now,
            h.clock.now + dt.timedelta(seconds=1),
            by=by,
        ),
    ),
    Verb.SETTINGS_READ: (None, lambda h, d, by: h.store.settings.get("x", by=by)),
    Verb.SETTINGS_OWN: (None, lambda h, d, by: h.store.settings.set("x", 1, by=by)),
    Verb.SETTINGS_PRACTICE: (None, lambda h, d, by: h.store.settings.set("x", 1, by=by, practice=True)),
    Verb.CORRECTIONS: (None, lambda h, d, by: h.store.corrections.add("a", "b", by=by)),
    Verb.JOURNAL_READ: (None, lambda h, d, by: h.store.read_journal(by=by)),
    Verb.VERIFY: (None, lambda h, d, by: h.store.verify(by=by)),
    Verb.PURGE: (None, lambda h, d, by: h.store.retention.purge(by=by)),
    Verb.BACKUP: (None, lambda h, d, by: h.store.backup(h.folder.parent / "copie.calame", by=by)),
    Verb.ROTATE: (None, lambda h, d, by: h.store.new_recovery_code(by=by)),
    Verb.RETENTION: (None, lambda h, d, by: h.store.retention.configure(Retention(), by=by)),
}

#: verbs about one dictation: a doctor reaches only own ones
ABOUT_ONE = frozenset(v for v, (state, _) in CALLS.items() if state is not None)


def _sign(house, made, by):
    review = house.store.dictations.review(made.id, by=SYSTEM)
    seal = samples.signed(review, by.account_id, house.clock.read())
    return house.store.dictations.sign(made.id, seal, [samples.document(review)], by=by, version=made.version)


def _ready(house, state):
    if state is None:
        return None
    if state == "with_task":
        return house.to_review(note="rappeler")
    if state == "failed":
        made = house.recorded()
        house.store.jobs.failed(house.store.jobs.claim(), "essai")
        return house.get(made)
    return getattr(house, state)()


def _expected(verb, person):
    if person == "system":
        return verb in SYSTEM_VERBS
    role = {"doctor": Role.DOCTOR, "colleague": Role.DOCTOR}.get(person) or Role(person)
    # asking again for a failed job is a move; running jobs is the application's
    allowed = role in MATRIX[Verb.MOVE if verb is Verb.JOBS else verb]
    if person == "colleague" and verb in ABOUT_ONE | {Verb.CREATE}:
        return False
    return allowed


def test_every_verb_has_its_call():
    assert set(CALLS) == set(Verb) == set(MATRIX)


@pytest.mark.parametrize(("verb", "person"), list(itertools.product(Verb, PERSONS)), ids=str)
def test_matrix(house, verb, person):
    by = SYSTEM if person == "system" else getattr(house, person)
    state, call = CALLS[verb]
    made = _ready(house, state)
    before = house.store.dictations.get(made.id, by=SYSTEM) if made else None
    if _expected(verb, person) and not (verb is Verb.JOBS and person == "system"):
        call(house, made, by)
        return
    with pytest.raises(RefusedError) as refused:
        call(house, made, by)
    assert refused.value.code in ("role.refused", "role.not_own")
    if before is not None and verb is not Verb.ANSWER:
        assert house.store.dictations.get(made.id, by=SYSTEM) == before


@pytest.mark.parametrize("verb", sorted(ABOUT_ONE), ids=str)
def test_a_running_mandate_opens_what_the_absent_doctor_could(house, verb):
    now = house.clock.now
    state, call = CALLS[verb]
    mandate = house.store.accounts.delegate(
        house.colleague.account_id, now - dt.timedelta(days=1), now + dt.timedelta(days=1), by=house.doctor
    )
    if Role.DOCTOR in MATRIX[Verb.MOVE if verb is Verb.JOBS else verb]:
        call(house, _ready(house, state), house.colleague)
    house.store.accounts.revoke(mandate.id, by=house.doctor)
    with pytest.raises(RefusedError):
        call(house, _ready(house, state), house.colleague)


def test_a_mandate_is_dated_and_the_journal_says_for_whom(house):
    now = house.clock.now
    made = house.confirmed()
    house.store.accounts.delegate(
        house.colleague.account_id, now + dt.timedelta(days=1), now + dt.timedelta(days=3), by=house.doctor
    )
    with pytest.raises(RefusedError):
        _sign(house, made, house.colleague)
    house.clock.advance(days=2)
    house.colleague = house.store.accounts.login("confrere", house.password)
    made = house.store.dictations.get(made.id, by=house.colleague)
    assert house.store.worklist.list(by=house.colleague)[0].id == made.id
    signed = _sign(house, made, house.colleague)
    assert signed.signed_by == house.colleague.account_id
    entry = next(e for e in house.store.journal.entries(subject=made.id) if e.action == "dictation.signed")
    assert entry.details["on_behalf_of"] == house.doctor.account_id
    house.clock.advance(days=2)
    house.colleague = house.store.accounts.login("confrere", house.password)
    with pytest.raises(RefusedError):
        house.store.dictations.get(made.id, by=house.colleague)


def test_a_doctor_who_is_also_administrator_still_signs_only_own(tmp_path):
    clock = samples.Clock()
    store, _ = records.create(tmp_path / "s", passphrase="une phrase secrète", ports=clock.ports())
    with store:
        first = store.accounts.create("seul", "mot de passe", [Role.DOCTOR])
        assert first.roles == {Role.DOCTOR, Role.ADMINISTRATOR}


def test_a_role_taken_away_stops_at_once(house):
    made = house.to_review()
    house.store.accounts.set_active(house.secretary.account_id, False, by=house.administrator)
    with pytest.raises(RefusedError) as refused:
        house.store.dictations.get(made.id, by=house.secretary)
    assert refused.value.code == "session.over"
    house.store.accounts.set_roles(house.colleague.account_id, [Role.SECRETARY], by=house.administrator)
    with pytest.raises(RefusedError):
        house.store.corrections.list(by=house.colleague)
    with pytest.raises(RefusedError) as refused:
        house.store.accounts.set_roles(house.administrator.account_id, [Role.DOCTOR], by=house.administrator)
    assert refused.value.code == "account.last_administrator"
    with pytest.raises(RefusedError):
        house.store.accounts.set_active(house.administrator.account_id, False, by=house.administrator)
