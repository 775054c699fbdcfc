"""The way of a dictation between people: sent on, queried, signed, exported, thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, select

from dictation.draft import Document
from dictation.errors import InputError, RefusedError
from dictation.review import SignedDraft
from records import texts
from records.access import Verb, row_of
from records.database import essential
from records.queue import cancel_jobs, queue_job
from records.reading import EditConflict, Reading, refuse_opposed, view
from records.schema import ContentRow, DocumentRow, QueryRow
from records.values import (
    Actor,
    Dictation,
    JobKind,
    Place,
    Query,
    Role,
    State,
)


class Circuit(Reading):
    """Moves a dictation along."""

    @essential
    def transition(
        self, dictation_id: str, to: State, *, by: Actor, version: int, reviewer: Role | None = None
    ) -> Dictation:
        """Sends the dictation on: ``corrected`` (the secretary has finished), ``to_review`` (to ``reviewer``),
        ``to_transcribe`` or ``to_draft`` (do it again). The other moves have their own verb.
        """
        verb = Verb.CORRECT if to is State.CORRECTED else Verb.MOVE
        with self._journal.transaction() as (session, note):
            row = self._changeable(session, dictation_id, by, verb, version)
            before = State(row.state)
            if to not in (State.CORRECTED, State.TO_REVIEW, State.TO_TRANSCRIBE, State.TO_DRAFT):
                raise RefusedError("dictation.move", "Cette étape a son propre bouton (signer, exporter, supprimer…).")
            if before is State.RECORDING:
                raise RefusedError("dictation.move", "Terminez d'abord l'enregistrement.")
            if to in (State.TO_TRANSCRIBE, State.TO_DRAFT):
                if row.opposed:
                    raise refuse_opposed()
                if to is State.TO_DRAFT and texts.transcript(session, row.id) is None:
                    raise RefusedError("dictation.move", "Il n'y a pas encore de transcription à mettre en forme.")
                cancel_jobs(session, row.id)
                queue_job(
                    session,
                    self._ports,
                    row.id,
                    JobKind.TRANSCRIBE if to is State.TO_TRANSCRIBE else JobKind.DRAFT,
                )
            elif texts.draft(session, row.id) is None and not row.opposed:
                raise RefusedError("dictation.move", "Il n'y a pas encore de brouillon à relire.")
            if before is State.SIGNED:
                note(by, "signature.withdrawn", row.id, signature=row.signature_id)
                self._unsign(session, row)
            self._move(row, to)
            if reviewer is not None:
                row.reviewer = reviewer.value
            elif to is State.CORRECTED:
                row.reviewer = Role.DOCTOR.value
            note(by, "dictation.moved", row.id, state=to.value)
            return view(session, row)

    @essential
    def ask(self, dictation_id: str, text: str, *, by: Actor, version: int, place: Place | None = None) -> Query:
        """The secretary asks the doctor (state ``queried``)."""
        with self._journal.transaction() as (session, note):
            row = self._changeable(session, dictation_id, by, Verb.ASK, version)
            self._move(row, State.QUERIED)
            query = QueryRow(
                id=self._ports.new_id(),
                dictation_id=row.id,
                text=text,
                field_id=place.field_id if place else None,
                first=place.first if place else None,
                last=place.last if place else None,
                by=by.account_id,
                at=self._ports.clock(),
            )
            session.add(query)
            note(by, "query.asked", row.id)
            return _query(query)

    @essential
    def answer(self, query_id: str, text: str, *, by: Actor) -> Dictation:
        """The doctor answers; once every query has its answer the dictation goes back to the secretary's review."""
        with self._journal.transaction() as (session, note):
            query = session.get(QueryRow, query_id)
            if query is None:
                raise InputError("query.unknown", "Cette question n'existe plus. Rechargez la dictée.")
            row = row_of(session, query.dictation_id, for_update=True)
            self._access.require(session, by, Verb.ANSWER, row)
            if query.answered_at is not None:
                raise EditConflict(view(session, row), None)
            query.answer, query.answered_by, query.answered_at = text, by.account_id, self._ports.clock()
            session.flush()
            row.version += 1
            row.updated_at = self._ports.clock()
            still_open = session.scalar(
                select(func.count())
                .select_from(QueryRow)
                .where(QueryRow.dictation_id == row.id, QueryRow.answered_at.is_(None))
            )
            if not still_open and row.state == State.QUERIED:
                self._enter(row, State.TO_REVIEW)
                row.reviewer = Role.SECRETARY.value
            note(by, "query.answered", row.id)
            return view(session, row)

    def queries(self, dictation_id: str, *, by: Actor) -> tuple[Query, ...]:
        """Questions and answers, oldest first."""
        with self._db.read() as session:
            self._readable(session, dictation_id, by)
            rows = session.scalars(select(QueryRow).where(QueryRow.dictation_id == dictation_id).order_by(QueryRow.at))
            return tuple(_query(r) for r in rows)

    # --- signature and after --------------------------------------------------------------------

    @essential
    def sign(
        self,
        dictation_id: str,
        signed: SignedDraft,
        documents: Sequence[Document],
        *,
        by: Actor,
        version: int,
        measures: Mapping[str, int] | None = None,
    ) -> Dictation:
        """Keeps the signed document(s), rendered from ``signed``, and enters the signature in the journal, once.

        ``measures``: counts of what people changed (``records.journal.MEASURES``), kept as an entry of its own
        (``dictation.measured``) because the texts they come from go at the export. Refused unless ``by`` is the doctor who dictated or stands in for him or her, when a conflict is open
        (``signature.conflict``), or when ``signed`` is not the review that is kept (``signature.stale``).
        """
        if not documents:
            raise InputError("signature.document", "Il n'y a pas de document à signer.")
        with self._journal.transaction() as (session, note):
            row = self._changeable(session, dictation_id, by, Verb.SIGN, version)
            kept = texts.review(session, row.id)
            if signed.by != by.account_id:
                raise RefusedError("signature.other", "Chacun ne signe qu'en son propre nom.")
            if kept is None or not texts.same_review(kept, signed.review):
                raise RefusedError(
                    "signature.stale", "Ce texte n'est pas le dernier enregistré. Relisez avant de signer."
                )
            if session.scalar(
                select(ContentRow.id).where(ContentRow.dictation_id == row.id, ContentRow.conflict).limit(1)
            ):
                raise RefusedError("signature.conflict", "Deux versions s'opposent : choisissez avant de signer.")
            if session.scalar(
                select(QueryRow.id).where(QueryRow.dictation_id == row.id, QueryRow.answered_at.is_(None)).limit(1)
            ):
                raise RefusedError("signature.query", "La secrétaire attend une réponse : répondez avant de signer.")
            self._move(row, State.SIGNED)
            row.signature_id = self._ports.new_id()
            row.signed_at, row.signed_by = self._ports.clock(), by.account_id
            session.execute(delete(DocumentRow).where(DocumentRow.dictation_id == row.id))
            for document in documents:
                session.add(
                    DocumentRow(
                        id=self._ports.new_id(),
                        dictation_id=row.id,
                        signature_id=row.signature_id,
                        form_id=document.form_id,
                        media_type=document.media_type,
                        sha256=document.sha256,
                        content=document.content,
                    )
                )
            engine = kept.draft.engine
            note(
                by,
                "dictation.signed",
                row.id,
                signature=row.signature_id,
                documents=len(documents),
                edits=sum(1 for d in kept.decisions if d.value is not None),
                decisions=len(kept.decisions),
                model=engine.model or "rules",
                revision=engine.revision,
                engine=kept.draft.transcript.engine.model,
                on_behalf_of=row.author_id if row.author_id != by.account_id else None,
            )
            if measures:
                form_id = signed.review.draft.form_id
                note(by, "dictation.measured", row.id, form=form_id, account=row.author_id, **measures)
            return view(session, row)

    @essential
    def mark_exported(self, dictation_id: str, *, by: Actor, version: int) -> Dictation:
        """The signed document has left for the patient's record; audio and texts go at once."""
        with self._journal.transaction() as (session, note):
            row = self._changeable(session, dictation_id, by, Verb.EXPORT, version)
            if State(row.state) is not State.SIGNED:
                raise RefusedError("export.unsigned", "Seul un document signé peut être exporté. Signez d'abord.")
            self._move(row, State.EXPORTED)
            row.exported_at = self._ports.clock()
            counts = texts.strip(session, row.id)
            note(
                by, "dictation.exported", row.id, signature=row.signature_id, kind="export", count=sum(counts.values())
            )
        self._let_go()
        with self._db.read() as session:
            return view(session, row_of(session, dictation_id))

    @essential
    def discard(self, dictation_id: str, *, by: Actor, version: int) -> None:
        """The author throws an unsigned dictation away: nothing of it stays, save its lines in the journal."""
        with self._journal.transaction() as (session, note):
            row = self._changeable(session, dictation_id, by, Verb.DISCARD, version)
            if State(row.state) in (State.SIGNED, State.EXPORTED):
                raise RefusedError("dictation.signed", "Un document signé ne se supprime pas : exportez-le.")
            texts.wipe(session, self._ports, row, keep_open_tasks=False)
            note(by, "dictation.discarded", row.id)
        self._let_go()


def _query(r: QueryRow) -> Query:
    place = Place(r.field_id, r.first, r.last) if r.field_id is not None else None
    return Query(r.id, r.dictation_id, r.text, place, r.by, r.at, r.answer, r.answered_by, r.answered_at)
