"""The worklist of a pool: what waits, for whom, how soon; and the secretary's tasks."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, aliased

from dictation.errors import InputError
from dictation.sound import RATE_HZ
from records.access import Access, Verb
from records.database import Database, essential
from records.journal import Journal
from records.lifecycle import ON_WORKLIST
from records.names import plain
from records.ports import Ports
from records.schema import AccountRow, AudioRow, ContentRow, DictationRow, QueryRow, TaskRow
from records.values import Actor, Priority, Role, State, Task, WorklistCounts, WorklistFilter, WorklistItem

_D = DictationRow
_ON_DESK = tuple(s.value for s in ON_WORKLIST)


class Worklist:
    """Thread-safe. A doctor sees own dictations and those of running delegations, a secretary the practice's."""

    def __init__(self, database: Database, journal: Journal, access: Access, ports: Ports) -> None:
        self._db = database
        self._journal = journal
        self._access = access
        self._ports = ports

    def list(self, filter: WorklistFilter = WorklistFilter(), *, by: Actor) -> tuple[WorklistItem, ...]:
        """Lines that fit, most pressing first: priority, then due date, then age.

        Without ``filter.states``: everything not yet exported.
        """
        with self._db.read() as session:
            return self._list(session, filter, by)

    def _list(self, session: Session, filter: WorklistFilter, by: Actor) -> tuple[WorklistItem, ...]:
        now = self._ports.clock()
        author, typist = aliased(AccountRow), aliased(AccountRow)
        query = (
            select(_D, author.name, typist.name)
            .join(author, author.id == _D.author_id)
            .outerjoin(typist, typist.id == _D.typist_id)
            .where(*self._conditions(session, filter, by))
            .order_by(_D.priority.desc(), _D.due_at.is_(None), _D.due_at, _D.created_at, _D.id)
            .limit(filter.limit)
            .offset(filter.offset)
        )
        found = session.execute(query).all()
        ids = [row.id for row, _, _ in found]
        queries = _count(session, QueryRow.dictation_id, ids, QueryRow.answered_at.is_(None))
        tasks = _count(session, TaskRow.dictation_id, ids, TaskRow.done_at.is_(None))
        conflicts = _count(session, ContentRow.dictation_id, ids, ContentRow.conflict.is_(True))
        samples: dict[str, int] = {}
        for part in _parts(ids):
            lengths = select(AudioRow.dictation_id, func.max(AudioRow.first_sample + AudioRow.samples))
            rows = session.execute(lengths.where(AudioRow.dictation_id.in_(part)).group_by(AudioRow.dictation_id))
            samples.update((i, n) for i, n in rows)
        return tuple(
            WorklistItem(
                id=row.id,
                version=row.version,
                state=State(row.state),
                priority=Priority(row.priority),
                due_at=row.due_at,
                overdue=row.due_at is not None and row.due_at < now and State(row.state) in ON_WORKLIST,
                author_id=row.author_id,
                author=author_name,
                typist_id=row.typist_id,
                typist=typist_name,
                form_id=row.form_id,
                patient=row.patient,
                created_at=row.created_at,
                age_s=(now - row.created_at).total_seconds(),
                duration_s=samples.get(row.id, 0) / RATE_HZ,
                opposed=bool(row.opposed),
                reviewer=Role(row.reviewer),
                interrupted=row.interrupted,
                failure=row.failure,
                open_queries=queries.get(row.id, 0),
                open_tasks=tasks.get(row.id, 0),
                conflicts=conflicts.get(row.id, 0),
            )
            for row, author_name, typist_name in found
        )

    def _conditions(self, session: Session, filter: WorklistFilter, by: Actor) -> Sequence[ColumnElement[bool]]:
        self._access.require(session, by, Verb.LIST)
        states = _ON_DESK if filter.states is None else tuple(s.value for s in filter.states)
        out: list[ColumnElement[bool]] = [_D.state.in_(states)]
        visible = self._access.visible(session, by)
        if visible is not None:
            out.append(visible)
        if filter.author_id is not None:
            out.append(_D.author_id == filter.author_id)
        if filter.typist_id is not None:
            out.append(_D.typist_id == filter.typist_id)
        if filter.form_id is not None:
            out.append(_D.form_id == filter.form_id)
        if filter.at_least > Priority.NORMAL:
            out.append(_D.priority >= int(filter.at_least))
        for word in plain(filter.patient).split():
            out.append(_D.patient_search.contains(word, autoescape=True))
        if filter.due_before is not None:
            out.append(_D.due_at < filter.due_before)
        if filter.created_before is not None:
            out.append(_D.created_at < filter.created_before)
        if filter.opposed is not None:
            out.append(_D.opposed.is_(filter.opposed))
        if filter.with_open_task:
            out.append(_D.id.in_(select(TaskRow.dictation_id).where(TaskRow.done_at.is_(None))))
        return out

    def counts(self, filter: WorklistFilter = WorklistFilter(), *, by: Actor) -> WorklistCounts:
        """How many lines fit, by state and priority, how many are late; open tasks, queries and conflicts of all that
        ``by`` may see."""
        now = self._ports.clock()
        with self._db.read() as session:
            where = self._conditions(session, filter, by)
            late = func.sum(case((_D.due_at < now, 1), else_=0))
            groups = session.execute(
                select(_D.state, _D.priority, func.count(), late).where(*where).group_by(_D.state, _D.priority)
            ).all()
            by_state: dict[State, int] = {}
            by_priority: dict[Priority, int] = {}
            for state, priority, number, _ in groups:
                by_state[State(state)] = by_state.get(State(state), 0) + number
                by_priority[Priority(priority)] = by_priority.get(Priority(priority), 0) + number
            mine = select(_D.id).where(*where)
            return WorklistCounts(
                by_state=by_state,
                by_priority=by_priority,
                overdue=sum(g[3] or 0 for g in groups),
                open_tasks=self._open_tasks(session, by),
                open_queries=_total(session, QueryRow.answered_at.is_(None), QueryRow.dictation_id.in_(mine)),
                conflicts=_total(session, ContentRow.conflict.is_(True), ContentRow.dictation_id.in_(mine)),
                total=sum(by_state.values()),
            )

    def next(self, *, by: Actor, after: str | None = None) -> WorklistItem | None:
        """What ``by`` should take now, ``None`` when the desk is clear.

        Doctor: queries and corrected documents, then own reviews. Secretary: reviews sent to her and nobody else's.
        ``after``: the line just left, skipped.
        """
        with self._db.read() as session:
            roles = self._access.roles(session, by)
            lines = self._list(session, WorklistFilter(limit=2000), by)
        for line in lines:
            if line.id == after:
                continue
            if Role.DOCTOR in roles and line.state in (State.QUERIED, State.CORRECTED):
                return line
            if line.state is not State.TO_REVIEW:
                continue
            if Role.DOCTOR in roles and line.reviewer is Role.DOCTOR:
                return line
            mine = line.reviewer is Role.SECRETARY and line.typist_id in (None, by.account_id)
            if Role.SECRETARY in roles and mine:
                return line
        return None

    # --- tasks ----------------------------------------------------------------------------------

    def tasks(self, *, by: Actor, done: bool = False) -> tuple[Task, ...]:
        """« Messages pour la secrétaire », oldest first: open ones, or those already ticked."""
        with self._db.read() as session:
            self._access.require(session, by, Verb.LIST)
            query = select(TaskRow).where(TaskRow.done_at.is_not(None) if done else TaskRow.done_at.is_(None))
            authors = self._authors(session, by)
            if authors is not None:
                query = query.where(TaskRow.author_id.in_(authors))
            return tuple(_task(r) for r in session.scalars(query.order_by(TaskRow.created_at, TaskRow.id)))

    @essential
    def tick(self, task_id: str, *, by: Actor, done: bool = True) -> Task:
        """Ticks a task, or unticks it. Ticking one that is already ticked changes nothing."""
        with self._journal.transaction() as (session, note):
            task = session.get(TaskRow, task_id, with_for_update=True)
            if task is None:
                raise InputError("task.unknown", "Cette tâche n'existe plus. Rechargez la liste.")
            row = session.get(DictationRow, task.dictation_id)
            self._access.require(session, by, Verb.TICK, row)
            if (task.done_at is not None) != done:
                task.done_at = self._ports.clock() if done else None
                task.done_by = by.account_id if done else None
                note(by, "task.ticked" if done else "task.unticked", task.dictation_id)
            return _task(task)

    def _authors(self, session: Session, by: Actor) -> set[str] | None:
        if Role.SECRETARY in self._access.roles(session, by):
            return None
        return {by.account_id, *self._access.mandates(session, by)}

    def _open_tasks(self, session: Session, by: Actor) -> int:
        authors = self._authors(session, by)
        return _total(session, TaskRow.done_at.is_(None), *([TaskRow.author_id.in_(authors)] if authors else []))


def _parts(ids: list[str]) -> list[list[str]]:
    return [ids[i : i + 500] for i in range(0, len(ids), 500)]


def _count(session: Session, column: object, ids: list[str], condition: ColumnElement[bool]) -> dict[str, int]:
    out: dict[str, int] = {}
    for part in _parts(ids):
        query = select(column, func.count()).where(column.in_(part), condition).group_by(column)  # type: ignore
        out.update((i, n) for i, n in session.execute(query))
    return out


def _total(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(*conditions)) or 0


def _task(r: TaskRow) -> Task:
    return Task(r.id, r.dictation_id, r.text, r.patient, r.author_id, r.created_at, r.done_at, r.done_by)
