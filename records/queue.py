"""Rows of the job queue, used inside other verbs' transactions."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from records.ports import Ports
from records.schema import JobRow
from records.values import JobKind


def queue_job(session: Session, ports: Ports, dictation_id: str, kind: JobKind) -> None:
    """Adds a job that is ready to be claimed."""
    session.add(
        JobRow(id=ports.new_id(), dictation_id=dictation_id, kind=kind.value, state="ready", created_at=ports.clock())
    )
    session.flush()


def cancel_jobs(session: Session, dictation_id: str) -> None:
    """Whatever was asked or under way is no longer wanted; a worker that still runs will find its lease void."""
    session.execute(
        update(JobRow)
        .where(JobRow.dictation_id == dictation_id, JobRow.state.in_(("ready", "running", "failed")))
        .values(state="cancelled", token=None, owner=None, until=None)
    )
