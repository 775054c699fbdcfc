"""Transcripts, drafts, reviews and documents of a dictation, inside a transaction."""

from __future__ import annotations

import json

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dictation import codec
from dictation.draft import Document, Draft
from dictation.review import Review
from dictation.transcript import TYPED, Transcript
from records.ports import Ports
from records.queue import cancel_jobs
from records.schema import AudioRow, ContentRow, DictationRow, DocumentRow, QueryRow, TaskRow
from records.values import Actor, State


def add(
    session: Session,
    ports: Ports,
    row: DictationRow,
    kind: str,
    body: codec.Json,
    by: Actor,
    *,
    conflict_from: int | None = None,
) -> str:
    """One more revision; returns its identifier."""
    content = ContentRow(
        id=ports.new_id(),
        dictation_id=row.id,
        kind=kind,
        version=row.version if conflict_from is None else conflict_from,
        conflict=conflict_from is not None,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        by=by.account_id,
        at=ports.clock(),
    )
    session.add(content)
    session.flush()
    return content.id


def _latest(session: Session, dictation_id: str, kind: str) -> ContentRow | None:
    query = (
        select(ContentRow)
        .where(ContentRow.dictation_id == dictation_id, ContentRow.kind == kind, ContentRow.conflict.is_(False))
        .order_by(ContentRow.version.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def transcript(session: Session, dictation_id: str) -> Transcript | None:
    """The latest one."""
    row = _latest(session, dictation_id, "transcript")
    return None if row is None else codec.transcript_from_json(json.loads(row.body))


def draft(session: Session, dictation_id: str) -> Draft | None:
    """The latest one."""
    row = _latest(session, dictation_id, "draft")
    return None if row is None else codec.draft_from_json(json.loads(row.body))


def review(session: Session, dictation_id: str) -> Review | None:
    """The latest draft with the decisions taken on it."""
    row = _latest(session, dictation_id, "draft")
    if row is None:
        return None
    made = codec.draft_from_json(json.loads(row.body))
    decided = _latest(session, dictation_id, "review")
    if decided is None or decided.version < row.version:
        return Review(made)
    return Review(made, tuple(codec.decision_from_json(d) for d in json.loads(decided.body)["decisions"]))


def decisions_json(made: Review) -> codec.Json:
    """What is stored of a review: its draft is already there."""
    return {"decisions": [codec.decision_to_json(d) for d in made.decisions]}


def drop_contained(session: Session, dictation_id: str, before: Review | None, after: Review) -> None:
    """Deletes the stored revision ``before`` when ``after`` repeats every decision of it: nothing is lost, and a long
    review does not grow with the square of its decisions. Call it before adding ``after``."""
    if before is None or not before.decisions or after.decisions[: len(before.decisions)] != before.decisions:
        return
    row = _latest(session, dictation_id, "review")
    if row is not None:
        session.delete(row)
        session.flush()


def same_draft(session: Session, dictation_id: str, given: Draft) -> bool:
    """True when ``given`` is the draft that is kept."""
    row = _latest(session, dictation_id, "draft")
    if row is None:
        return False
    return bool(json.loads(row.body) == json.loads(json.dumps(codec.draft_to_json(given))))


def same_review(kept: Review, given: Review) -> bool:
    """True when both say the same."""
    return codec.review_to_json(kept) == codec.review_to_json(given)


def documents(session: Session, dictation_id: str) -> tuple[Document, ...]:
    """The signed documents."""
    rows = session.scalars(
        select(DocumentRow).where(DocumentRow.dictation_id == dictation_id).order_by(DocumentRow.media_type)
    )
    return tuple(Document(r.form_id, r.content, r.media_type, r.sha256) for r in rows)


def strip(session: Session, dictation_id: str) -> dict[str, int]:
    """Deletes transcripts, drafts, reviews and queries; the signed document stays. Returns counts of rows, and of
    samples under ``samples``: the sound itself is now void, and goes with :func:`records.audio.sweep`."""
    counts = {
        "samples": session.scalar(select(func.sum(AudioRow.samples)).where(AudioRow.dictation_id == dictation_id)) or 0
    }
    for kind, number in session.execute(
        select(ContentRow.kind, func.count()).where(ContentRow.dictation_id == dictation_id).group_by(ContentRow.kind)
    ):
        counts[kind] = number
    cancel_jobs(session, dictation_id)
    for table in (ContentRow, QueryRow):
        session.execute(delete(table).where(table.dictation_id == dictation_id))
    return counts


def wipe(session: Session, ports: Ports, row: DictationRow, *, keep_open_tasks: bool) -> dict[str, int]:
    """Deletes everything of a dictation; a bare row in state ``purged`` keeps its dates for the counts."""
    counts = strip(session, row.id)
    counts["documents"] = (
        session.scalar(select(func.count()).select_from(DocumentRow).where(DocumentRow.dictation_id == row.id)) or 0
    )
    session.execute(delete(DocumentRow).where(DocumentRow.dictation_id == row.id))
    gone = delete(TaskRow).where(TaskRow.dictation_id == row.id)
    if keep_open_tasks:
        gone = gone.where(TaskRow.done_at.is_not(None))
    counts["tasks"] = session.execute(gone).rowcount  # type: ignore[attr-defined]
    row.consultation, row.patient, row.patient_search = None, "", ""
    row.state, row.state_since = State.PURGED.value, ports.clock()
    row.version += 1
    row.recorder = row.interrupted = row.failure = None
    session.flush()
    return counts


def erase_machine_made(session: Session, dictation_id: str) -> None:
    """Deletes what recognition and drafting made of an opposed patient's dictation, and decisions on it."""
    made = transcript(session, dictation_id)
    if made is not None and made.engine == TYPED:
        return
    session.execute(delete(ContentRow).where(ContentRow.dictation_id == dictation_id))
    session.execute(delete(TaskRow).where(TaskRow.dictation_id == dictation_id))
