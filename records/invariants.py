"""What must hold of every record at any moment, whatever crashed: used by ``verify`` and by the crash tests."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from records.lifecycle import EDITABLE, GROWING
from records.schema import AudioRow, ContentRow, DictationRow, DocumentRow, JobRow, JournalRow
from records.values import Problem, State


def check(session: Session) -> list[Problem]:
    """Problems of kind "file"; empty when all is well."""
    out: list[Problem] = []

    def wrong(dictation_id: str, what: str) -> None:
        out.append(Problem("file", None, f"Dictée {dictation_id} : {what}."))

    documents = {(d, s) for d, s in session.execute(select(DocumentRow.dictation_id, DocumentRow.signature_id))}
    with_documents = {d for d, _ in documents}
    drafted = set(session.scalars(select(ContentRow.dictation_id).where(ContentRow.kind == "draft")))
    heard = set(session.scalars(select(ContentRow.dictation_id).where(ContentRow.kind == "transcript")))
    signatures = dict(
        session.execute(
            select(JournalRow.subject, func.count())
            .where(JournalRow.action == "dictation.signed")
            .group_by(JournalRow.subject)
        ).all()
    )
    for row in session.scalars(select(DictationRow)):
        try:
            state = State(row.state)
        except ValueError:
            wrong(row.id, "état inconnu")
            continue
        if state in (State.SIGNED, State.EXPORTED):
            if row.signature_id is None or row.signed_by is None or row.signed_at is None:
                wrong(row.id, "signée sans signature")
            if (row.id, row.signature_id) not in documents:
                wrong(row.id, "signée sans son document")
            if not signatures.get(row.id):
                wrong(row.id, "signée sans trace au journal")
        elif row.id in with_documents:
            wrong(row.id, "document signé sans signature en vigueur")
        if state is State.TO_DRAFT and row.id not in heard:
            wrong(row.id, "à mettre en forme sans transcription")
        if state in EDITABLE - {State.SIGNED} and row.id not in drafted and not row.opposed:
            wrong(row.id, "à relire sans brouillon")
        if state is State.PURGED and (row.consultation is not None or row.patient or row.id in heard | drafted):
            wrong(row.id, "purgée mais encore lisible")
        if state not in GROWING | {State.RECORDING} and row.recorder is not None:
            wrong(row.id, "enregistrée hors de son état")
    out += _audio(session) + _jobs(session)
    return out


def _audio(session: Session) -> list[Problem]:
    """Rows of sound follow each other without a gap nor an overlap."""
    out: list[Problem] = []
    expected: dict[str, int] = {}
    query = select(AudioRow.dictation_id, AudioRow.first_sample, AudioRow.samples)
    for dictation, first, samples in session.execute(query.order_by(AudioRow.dictation_id, AudioRow.first_sample)):
        if first != expected.get(dictation, 0):
            out.append(Problem("file", None, f"Dictée {dictation} : le son a un trou ou un recouvrement."))
        expected[dictation] = first + samples
    return out


def _jobs(session: Session) -> list[Problem]:
    """At most one job under way or waiting per dictation; a running one has its owner."""
    out = []
    busy = (
        select(JobRow.dictation_id)
        .where(JobRow.state.in_(("ready", "running")))
        .group_by(JobRow.dictation_id)
        .having(func.count() > 1)
    )
    for dictation in session.scalars(busy):
        out.append(Problem("file", None, f"Dictée {dictation} : deux travaux à la fois."))
    for job in session.scalars(select(JobRow).where(JobRow.state == "running")):
        if job.owner is None or job.token is None or job.until is None:
            out.append(Problem("file", None, f"Dictée {job.dictation_id} : travail sans propriétaire."))
    return out
