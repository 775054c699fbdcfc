"""The worklist of a pool."""

from __future__ import annotations

import datetime as dt

import pytest

from bench import records_samples as samples
from dictation.errors import RefusedError
from records import Priority, Role, State, WorklistFilter


def ids(lines):
    return [line.id for line in lines]


@pytest.fixture
def desk(house):
    """Five dictations that differ by everything one filters on."""
    now = house.clock.now
    made = {
        "plain": house.start(consultation=samples.consultation("Lefèvre", "Aimé"), form_id="courrier_confrere"),
        "urgent": house.start(consultation=samples.consultation("N'Guyen", "Éva"), priority=Priority.URGENT),
        "very": house.start(consultation=samples.consultation("O%Brien", "Léa"), priority=Priority.VERY_URGENT),
        "late": house.start(consultation=samples.consultation("Lefebvre", "Ève"), due_at=now - dt.timedelta(hours=1)),
        "soon": house.start(due_at=now + dt.timedelta(hours=4), typist_id=house.secretary.account_id),
    }
    return {name: d.id for name, d in made.items()}


def test_the_most_pressing_first(house, desk):
    listed = ids(house.store.worklist.list(by=house.secretary))
    assert listed == [desk[n] for n in ("very", "urgent", "late", "soon", "plain")]
    first = house.store.worklist.list(WorklistFilter(limit=2), by=house.secretary)
    rest = house.store.worklist.list(WorklistFilter(limit=10, offset=2), by=house.secretary)
    assert ids(first) + ids(rest) == listed


def test_filters_add_up(house, desk):
    def found(**parts):
        return set(ids(house.store.worklist.list(WorklistFilter(**parts), by=house.secretary)))

    def named(*names):
        return {desk[n] for n in names}

    assert found(at_least=Priority.URGENT) == named("urgent", "very")
    assert found(patient="lefevre") == named("plain")
    assert found(patient="LEF") == named("plain", "late")
    assert found(patient="eve lef") == named("late")
    assert found(patient="n'guyen") == named("urgent")
    # what is special to SQL is a letter like another
    assert found(patient="%") == named("very")
    assert found(patient="_") == set()
    assert found(form_id="courrier_confrere") == named("plain")
    assert found(typist_id=house.secretary.account_id) == named("soon")
    assert found(author_id=house.colleague.account_id) == set()
    assert found(due_before=house.clock.now) == named("late")
    assert found(created_before=house.clock.now) == set(desk.values())
    assert found(created_before=house.clock.now - dt.timedelta(days=1)) == set()
    assert found(states=frozenset({State.SIGNED})) == set()
    assert found(at_least=Priority.URGENT, patient="nguyen") == set()
    assert found(opposed=True) == set()
    assert found(with_open_task=True) == set()


def test_counts_follow_the_filter(house, desk):
    counts = house.store.worklist.counts(by=house.secretary)
    assert counts.total == 5
    assert counts.by_state == {State.RECORDING: 5}
    assert counts.by_priority == {Priority.NORMAL: 3, Priority.URGENT: 1, Priority.VERY_URGENT: 1}
    assert counts.overdue == 1
    house.clock.advance(hours=5)
    house.store.accounts.unlock(house.secretary, house.password)
    counts = house.store.worklist.counts(WorklistFilter(patient="lef"), by=house.secretary)
    assert (counts.total, counts.overdue) == (2, 1)
    assert house.store.worklist.counts(by=house.secretary).overdue == 2


def test_each_sees_what_is_theirs(house, desk):
    assert len(house.store.worklist.list(by=house.doctor)) == 5
    assert house.store.worklist.list(by=house.colleague) == ()
    assert house.store.worklist.counts(by=house.colleague).total == 0
    with pytest.raises(RefusedError):
        house.store.worklist.list(by=house.administrator)


def test_a_line_tells_everything(house):
    made = house.to_review(note="rappeler", due_at=house.clock.now + dt.timedelta(seconds=5), reviewer=Role.SECRETARY)
    house.store.dictations.ask(made.id, "?", by=house.secretary, version=made.version)
    house.store.dictations.assign(
        made.id, by=house.doctor, typist_id=house.secretary.account_id, priority=Priority.URGENT
    )
    house.clock.advance(seconds=60)
    (line,) = house.store.worklist.list(by=house.doctor)
    assert (line.state, line.priority, line.overdue) == (State.QUERIED, Priority.URGENT, True)
    assert (line.author, line.typist, line.patient) == ("Medecin", "Secretaire", "QUÉVAUVILLERS Zoé")
    assert (line.open_queries, line.open_tasks, line.conflicts) == (1, 1, 0)
    assert line.duration_s == 2.0
    assert 60 <= line.age_s < 61
    counts = house.store.worklist.counts(by=house.doctor)
    assert (counts.open_queries, counts.open_tasks) == (1, 1)


def test_the_next_one_for_each(house):
    store = house.store
    assert store.worklist.next(by=house.doctor) is None
    for_doctor = house.to_review()
    hers = house.to_review(reviewer=Role.SECRETARY)
    other = house.to_review(reviewer=Role.SECRETARY, typist_id=house.administrator.account_id)
    assert store.worklist.next(by=house.doctor).id == for_doctor.id
    assert store.worklist.next(by=house.doctor, after=for_doctor.id) is None
    assert store.worklist.next(by=house.secretary).id == hers.id
    assert store.worklist.next(by=house.secretary, after=hers.id) is None
    store.dictations.assign(other.id, by=house.doctor, typist_id="")
    assert store.worklist.next(by=house.secretary, after=hers.id).id == other.id
    store.dictations.transition(hers.id, State.CORRECTED, by=house.secretary, version=hers.version)
    assert store.worklist.next(by=house.doctor, after=for_doctor.id).id == hers.id


def test_tasks_are_ticked_once(house):
    made = house.to_review(note="rappeler la patiente")
    # composing the draft again does not double the task
    house.store.dictations.save_draft(
        made.id, samples.draft(note="rappeler la patiente"), by=house.doctor, version=made.version
    )
    (task,) = house.store.worklist.tasks(by=house.secretary)
    assert (task.text, task.patient) == ("rappeler la patiente", "QUÉVAUVILLERS Zoé")
    assert ids(house.store.worklist.list(WorklistFilter(with_open_task=True), by=house.doctor)) == [made.id]
    done = house.store.worklist.tick(task.id, by=house.secretary)
    assert done.done_by == house.secretary.account_id
    assert house.store.worklist.tick(task.id, by=house.doctor) == done
    assert house.store.worklist.tasks(by=house.secretary) == ()
    assert house.store.worklist.tasks(by=house.secretary, done=True) == (done,)
    assert house.store.worklist.tick(task.id, by=house.secretary, done=False).done_at is None
    assert house.store.worklist.tasks(by=house.colleague) == ()
