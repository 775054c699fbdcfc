"""What the engines and people write: transcripts, drafts, reviews, and the versions that came second."""

from __future__ import annotations

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from dictation import codec
from dictation.draft import Draft
from dictation.errors import InputError
from dictation.review import Review
from dictation.transcript import TYPED, Transcript
from records import texts
from records.access import Verb, row_of
from records.database import essential
from records.lifecycle import EDITABLE, GROWING
from records.queue import cancel_jobs, queue_job
from records.reading import EditConflict, Note, Reading, closed, refuse_opposed, view
from records.schema import ContentRow, DictationRow, TaskRow
from records.values import (
    TYPED_DRAFT,
    Actor,
    Conflict,
    Dictation,
    JobKind,
    Role,
    State,
)


class Writing(Reading):
    """The texts of a dictation."""

    @essential
    def save_transcript(self, dictation_id: str, transcript: Transcript, *, by: Actor, version: int) -> Dictation:
        """Keeps a transcript, heard, corrected or typed, and asks for a draft (state ``to_draft``).

        Refused (``patient.opposed``) for an opposed patient unless it was typed; then it waits for the typed draft.
        """
        with self._journal.transaction() as (session, note):
            row = self._changeable(session, dictation_id, by, Verb.TRANSCRIBE, version)
            self.put_transcript(session, note, row, transcript, by)
            return view(session, row)

    def put_transcript(
        self, session: Session, note: Note, row: DictationRow, transcript: Transcript, by: Actor
    ) -> None:
        """Same, inside a transaction of ``jobs``."""
        if row.opposed and transcript.engine != TYPED:
            raise refuse_opposed()
        cancel_jobs(session, row.id)
        self._move(row, State.TO_REVIEW if row.opposed else State.TO_DRAFT)
        texts.add(session, self._ports, row, "transcript", codec.transcript_to_json(transcript), by)
        if not row.opposed:
            queue_job(session, self._ports, row.id, JobKind.DRAFT)
        engine = transcript.engine
        note(
            by,
            "transcript.saved",
            row.id,
            engine=engine.name,
            model=engine.model,
            revision=engine.revision,
            words=len(transcript.words),
        )

    @essential
    def save_draft(self, dictation_id: str, draft: Draft, *, by: Actor, version: int) -> Dictation:
        """Keeps a draft (state ``to_review``); decisions already taken are replayed where nothing changed.

        A « message pour la secrétaire » becomes a task. Refused (``patient.opposed``) for an opposed patient unless
        the draft was typed (:data:`records.TYPED_DRAFT`).
        """
        with self._journal.transaction() as (session, note):
            row = self._changeable(session, dictation_id, by, Verb.DRAFT, version)
            self.put_draft(session, note, row, draft, by)
            return view(session, row)

    def put_draft(self, session: Session, note: Note, row: DictationRow, draft: Draft, by: Actor) -> None:
        """Same, inside a transaction of ``jobs``."""
        if row.opposed and (draft.engine != TYPED_DRAFT or draft.transcript.engine != TYPED):
            raise refuse_opposed()
        cancel_jobs(session, row.id)
        before = texts.review(session, row.id)
        self._move(row, State.TO_REVIEW)
        row.form_id = draft.form_id
        texts.add(session, self._ports, row, "draft", codec.draft_to_json(draft), by)
        if before is not None and before.decisions:
            texts.add(session, self._ports, row, "review", texts.decisions_json(before.rebase(draft)), by)
        if draft.secretary_note:
            known = select(TaskRow.id).where(TaskRow.dictation_id == row.id, TaskRow.text == draft.secretary_note)
            if session.scalar(known) is None:
                session.add(
                    TaskRow(
                        id=self._ports.new_id(),
                        dictation_id=row.id,
                        text=draft.secretary_note,
                        patient=row.patient,
                        author_id=row.author_id,
                        created_at=self._ports.clock(),
                    )
                )
        note(
            by,
            "draft.saved",
            row.id,
            form=draft.form_id,
            form_revision=draft.form_revision,
            model=draft.engine.model or "rules",
            revision=draft.engine.revision,
        )

    def save_review(self, dictation_id: str, review: Review, *, by: Actor, version: int) -> Dictation:
        """Keeps the decisions of a review made on the latest draft.

        On a stale ``version``, or a draft that was recomposed meanwhile, raises :class:`EditConflict` **after** keeping
        this version whole (see :meth:`conflicts`). After the signature it takes the signature back: the document
        must be signed again.
        """
        result, kept = self._save_review(dictation_id, review, by, version)
        if kept is not None:
            raise EditConflict(result, kept)
        return result

    @essential
    def _save_review(self, dictation_id: str, review: Review, by: Actor, version: int) -> tuple[Dictation, str | None]:
        with self._journal.transaction() as (session, note):
            row = row_of(session, dictation_id, for_update=True)
            self._access.require(session, by, Verb.REVIEW, row)
            state = State(row.state)
            if row.version != version or not texts.same_draft(session, row.id, review.draft):
                if state in (State.EXPORTED, State.PURGED):
                    raise closed()
                kept = texts.add(
                    session, self._ports, row, "review", codec.review_to_json(review), by, conflict_from=version
                )
                note(by, "review.conflict", row.id, edits=len(review.decisions))
                return view(session, row), kept
            if state not in EDITABLE:
                raise closed()
            before = texts.review(session, row.id)
            row.version += 1
            row.updated_at = self._ports.clock()
            if state is State.SIGNED:
                note(by, "signature.withdrawn", row.id, signature=row.signature_id)
                self._unsign(session, row)
                secretary = row.author_id != by.account_id and not self._access.stands_in(session, by, row.author_id)
                self._enter(row, State.CORRECTED if secretary else State.TO_REVIEW)
                row.reviewer = Role.DOCTOR.value
            texts.drop_contained(session, row.id, before, review)
            texts.add(session, self._ports, row, "review", texts.decisions_json(review), by)
            new = len(review.decisions) - (len(before.decisions) if before else 0)
            note(by, "review.saved", row.id, decisions=len(review.decisions), edits=new)
            return view(session, row), None

    @essential
    def save_addition(self, dictation_id: str, review: Review, *, by: Actor, version: int) -> Dictation:
        """Keeps a review whose draft grew: words dictated into it, or a « texte type » inserted. Transcript, draft and
        decisions are kept together or not at all; the state stays.

        On a stale ``version`` raises :class:`EditConflict`; nothing is kept then, and nothing is lost: the sound is.
        """
        with self._journal.transaction() as (session, note):
            row = self._changeable(session, dictation_id, by, Verb.REVIEW, version)
            if State(row.state) not in GROWING:
                raise closed()
            made = review.draft
            if row.opposed and made.engine != TYPED_DRAFT:
                raise refuse_opposed()
            before = texts.transcript(session, row.id)
            words = len(made.transcript.words) - (len(before.words) if before else 0)
            if before != made.transcript:
                texts.add(session, self._ports, row, "transcript", codec.transcript_to_json(made.transcript), by)
            texts.add(session, self._ports, row, "draft", codec.draft_to_json(made), by)
            texts.add(session, self._ports, row, "review", texts.decisions_json(review), by)
            row.interrupted = None
            note(by, "addition.saved", row.id, words=words, decisions=len(review.decisions), form=made.form_id)
            return view(session, row)

    def conflicts(self, dictation_id: str, *, by: Actor) -> tuple[Conflict, ...]:
        """Versions that came second and wait to be settled, oldest first."""
        with self._db.read() as session:
            self._readable(session, dictation_id, by)
            rows = session.scalars(
                select(ContentRow)
                .where(ContentRow.dictation_id == dictation_id, ContentRow.conflict)
                .order_by(ContentRow.at, ContentRow.id)
            )
            return tuple(
                Conflict(r.id, r.dictation_id, r.by, r.at, r.version, codec.review_from_json(json.loads(r.body)))
                for r in rows
            )

    @essential
    def settle_conflict(
        self, dictation_id: str, conflict_id: str, *, by: Actor, version: int, take: Review | None = None
    ) -> Dictation:
        """Ends a conflict: keeps the current version, or ``take`` (the other version, or a merge of both)."""
        with self._journal.transaction() as (session, note):
            row = self._changeable(session, dictation_id, by, Verb.REVIEW, version)
            content = session.get(ContentRow, conflict_id)
            if content is None or content.dictation_id != dictation_id or not content.conflict:
                raise InputError("conflict.unknown", "Ce conflit est déjà réglé. Rechargez la dictée.")
            if State(row.state) not in EDITABLE - {State.SIGNED}:
                raise closed()
            # the losing version stays readable in the history until the purge
            content.conflict, content.kind = False, "set_aside"
            if take is not None:
                if not texts.same_draft(session, row.id, take.draft):
                    raise InputError("conflict.draft", "Le brouillon a été recomposé : reprenez-le avant de choisir.")
                texts.add(session, self._ports, row, "review", texts.decisions_json(take), by)
            note(by, "conflict.settled", row.id)
            return view(session, row)
