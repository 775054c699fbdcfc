"""Work for the engines: claimed by one worker at a time, recorded once, resumed after a crash."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from dictation.draft import Draft
from dictation.errors import ConflictError, RefusedError
from dictation.transcript import Transcript
from records.access import Access, Verb, row_of
from records.database import Database, essential
from records.journal import Journal
from records.ports import Ports
from records.presence import Presence
from records.queue import cancel_jobs, queue_job
from records.reading import view
from records.schema import DictationRow, JobRow
from records.values import SYSTEM, Actor, Dictation, JobKind, Lease, State

if TYPE_CHECKING:
    from records.dictations import Dictations

#: a job that took the process down this often is set aside until a person asks for it again
MAX_ATTEMPTS = 3


class Jobs:
    """Thread-safe and process-safe. A result is kept together with the end of its job, in one transaction: a worker
    whose lease was given to another cannot write any more."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        access: Access,
        presence: Presence,
        dictations: Dictations,
        ports: Ports,
    ) -> None:
        self._db = database
        self._journal = journal
        self._access = access
        self._presence = presence
        self._dictations = dictations
        self._ports = ports

    def claim(
        self,
        kind: JobKind | None = None,
        *,
        lease_s: float = 120.0,
        busy: Callable[[str], bool] = lambda dictation_id: False,
    ) -> Lease | None:
        """The most urgent job that waits, or whose worker died or let its lease run out; ``None`` when there is none.

        ``busy``: whether somebody in this process is at a dictation already; its jobs wait, untouched.

        Extend with :meth:`heartbeat`, end with :meth:`done` or :meth:`failed`.
        """
        now = self._ports.clock()
        with self._journal.transaction() as (session, note):
            query = (
                select(JobRow)
                .join(DictationRow, DictationRow.id == JobRow.dictation_id)
                .where(JobRow.state.in_(("ready", "running")))
                .order_by(DictationRow.priority.desc(), JobRow.created_at, JobRow.id)
            )
            if kind is not None:
                query = query.where(JobRow.kind == kind.value)
            for job in session.scalars(query.with_for_update()).all():
                if busy(job.dictation_id):
                    continue
                if job.state == "running" and not self._abandoned(job, now):
                    continue
                row = row_of(session, job.dictation_id)
                if row.opposed or State(row.state) is not _WAITS[JobKind(job.kind)]:
                    job.state = "cancelled"
                    continue
                if job.attempts >= MAX_ATTEMPTS:
                    self._set_aside(session, job, row, "engine.crashed")
                    note(SYSTEM, "job.failed", row.id, job=job.kind, count=job.attempts, reason="engine.crashed")
                    continue
                job.state, job.attempts = "running", job.attempts + 1
                job.token, job.owner = self._ports.new_id(), self._presence.id
                job.until = now + dt.timedelta(seconds=lease_s)
                return Lease(job.id, job.token, job.dictation_id, JobKind(job.kind), job.attempts, job.until)
        return None

    def heartbeat(self, lease: Lease, *, lease_s: float = 120.0) -> bool:
        """Still working. False: the job was cancelled or given to another worker, stop."""
        with self._db.write() as session:
            job = self._held(session, lease)
            if job is None:
                return False
            job.until = self._ports.clock() + dt.timedelta(seconds=lease_s)
            return True

    @essential
    def done(self, lease: Lease, result: Transcript | Draft) -> Dictation:
        """Keeps the result and ends the job, together.

        Raises :class:`ConflictError` ``job.lost`` when the lease is no longer this worker's: the result is dropped
        because another worker has made it, or nobody wants it any more.
        """
        with self._journal.transaction() as (session, note):
            job = self._held(session, lease)
            if job is None:
                raise ConflictError(
                    "job.lost", "Ce travail a été repris ailleurs, ou annulé : son résultat est ignoré."
                )
            row = row_of(session, lease.dictation_id, for_update=True)
            job.state, job.token, job.owner, job.until = "done", None, None, None
            session.flush()
            row.version += 1
            row.updated_at = self._ports.clock()
            if isinstance(result, Transcript):
                self._dictations.put_transcript(session, note, row, result, SYSTEM)
            else:
                self._dictations.put_draft(session, note, row, result, SYSTEM)
            return view(session, row)

    @essential
    def failed(self, lease: Lease, code: str, *, again: bool = False) -> None:
        """The engine gave up; ``code`` is that of its error. ``again`` puts the job back in the queue (the machine
        was busy), else the dictation shows the failure until :meth:`retry`."""
        with self._journal.transaction() as (session, note):
            job = self._held(session, lease)
            if job is None:
                return
            row = row_of(session, lease.dictation_id, for_update=True)
            if again and job.attempts < MAX_ATTEMPTS:
                job.state, job.token, job.owner, job.until = "ready", None, None, None
            else:
                self._set_aside(session, job, row, code)
            note(SYSTEM, "job.failed", row.id, job=job.kind, count=job.attempts, reason=code)

    @essential
    def retry(self, dictation_id: str, *, by: Actor) -> None:
        """A person asks again for what failed."""
        with self._journal.transaction() as (session, note):
            row = row_of(session, dictation_id, for_update=True)
            self._access.require(session, by, Verb.MOVE, row)
            kind = next((k for k, s in _WAITS.items() if s.value == row.state), None)
            if kind is None or row.opposed:
                raise RefusedError("dictation.move", "Il n'y a rien à relancer pour cette dictée.")
            cancel_jobs(session, row.id)
            queue_job(session, self._ports, row.id, kind)
            row.failure = None
            note(by, "job.retried", row.id, job=kind.value)

    def waiting(self) -> int:
        """Jobs that are ready or under way."""
        with self._db.read() as session:
            return len(session.scalars(select(JobRow.id).where(JobRow.state.in_(("ready", "running")))).all())

    def _abandoned(self, job: JobRow, now: dt.datetime) -> bool:
        return job.until is None or job.until <= now or not self._presence.alive(job.owner)

    def _held(self, session: Session, lease: Lease) -> JobRow | None:
        job = session.get(JobRow, lease.job_id, with_for_update=True)
        return job if job is not None and job.state == "running" and job.token == lease.token else None

    def _set_aside(self, session: Session, job: JobRow, row: DictationRow, code: str) -> None:
        job.state, job.token, job.owner, job.until = "failed", None, None, None
        row.failure = code
        session.flush()


_WAITS = {JobKind.TRANSCRIBE: State.TO_TRANSCRIBE, JobKind.DRAFT: State.TO_DRAFT}
