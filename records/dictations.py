"""Dictations: their life, their texts, their signature."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Callable, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dictation import codec
from dictation.consultation import Consultation
from dictation.draft import Document, Draft
from dictation.errors import ConflictError, InputError, RefusedError, StorageError
from dictation.review import Review, SignedDraft
from dictation.transcript import TYPED, Transcript
from records import texts
from records.access import Access, Verb, row_of
from records.audio import Audio, sweep
from records.database import Database, essential
from records.journal import Journal
from records.lifecycle import EDITABLE, check_move
from records.names import patient_label, plain
from records.patients import Patients
from records.ports import Ports
from records.queue import cancel_jobs, queue_job
from records.schema import AccountRow, AudioRow, ContentRow, DictationRow, DocumentRow, QueryRow, TaskRow
from records.values import (
    TYPED_DRAFT,
    Actor,
    Conflict,
    Dictation,
    JobKind,
    Place,
    Priority,
    Query,
    Role,
    State,
)

Note = Callable[..., None]


class EditConflict(ConflictError):
    """Somebody else changed the dictation first. Nothing is lost: ``kept`` is this version, saved beside."""

    def __init__(self, current: Dictation, kept: str | None) -> None:
        super().__init__(
            "dictation.conflict",
            "Quelqu'un d'autre a modifié cette dictée entre-temps. Les deux versions sont gardées : choisissez.",
        )
        #: the dictation as it is now
        self.current = current
        #: identifier for :meth:`Dictations.conflicts`, ``None`` when there was no text to keep
        self.kept = kept


class Dictations:
    """Thread-safe and process-safe. ``version`` is the one the caller last read; a stale one raises
    :class:`EditConflict`. Every verb may raise :class:`~dictation.errors.RefusedError` (role, session, opposed
    patient, move that does not exist) and :class:`~dictation.errors.StorageError`."""

    def __init__(
        self, database: Database, journal: Journal, access: Access, patients: Patients, audio: Audio, ports: Ports
    ) -> None:
        self._db = database
        self._journal = journal
        self._access = access
        self._patients = patients
        self._ports = ports
        #: sound: ``record``, ``append``, ``finish``, ``resume``, ``pcm``…
        self.audio = audio

    # --- making and reading ---------------------------------------------------------------------

    @essential
    def create(
        self,
        *,
        by: Actor,
        form_id: str | None = None,
        consultation: Consultation | None = None,
        author_id: str | None = None,
        typist_id: str | None = None,
        priority: Priority = Priority.NORMAL,
        due_at: dt.datetime | None = None,
        reviewer: Role = Role.DOCTOR,
    ) -> Dictation:
        """A new dictation, in state ``recording``. ``author_id``: the doctor, when a secretary imports a sound file.

        A patient known as opposed stays opposed.
        """
        consultation = consultation or Consultation()
        now = self._ports.clock()
        with self._journal.transaction() as (session, note):
            self._access.require(session, by, Verb.CREATE)
            author = session.get(AccountRow, author_id or by.account_id)
            if author is None or Role.DOCTOR.value not in author.roles.split(","):
                raise InputError("dictation.author", "L'auteur d'une dictée est un médecin. Choisissez-le.")
            if author.id != by.account_id and Role.SECRETARY not in self._access.roles(session, by):
                raise RefusedError("role.not_own", "On ne dicte pas au nom d'un autre médecin.")
            label = patient_label(consultation.patient)
            row = DictationRow(
                id=self._ports.new_id(),
                version=1,
                state=State.RECORDING.value,
                author_id=author.id,
                typist_id=typist_id,
                form_id=form_id,
                priority=int(priority),
                due_at=due_at,
                created_at=now,
                updated_at=now,
                state_since=now,
                consultation=codec.consultation_to_json(consultation),
                patient=label,
                patient_search=plain(label),
                opposed=self._patients.opposed(session, consultation.patient),
                reviewer=reviewer.value,
            )
            session.add(row)
            session.flush()
            note(by, "dictation.created", row.id, form=form_id, priority=int(priority))
            return view(session, row)

    def get(self, dictation_id: str, *, by: Actor) -> Dictation:
        """The dictation as it is now; raises :class:`InputError` ``dictation.unknown``."""
        with self._db.read() as session:
            return view(session, self._readable(session, dictation_id, by))

    def transcript(self, dictation_id: str, *, by: Actor) -> Transcript | None:
        """The latest transcript."""
        with self._db.read() as session:
            self._readable(session, dictation_id, by)
            return texts.transcript(session, dictation_id)

    def draft(self, dictation_id: str, *, by: Actor) -> Draft | None:
        """The latest draft."""
        with self._db.read() as session:
            self._readable(session, dictation_id, by)
            return texts.draft(session, dictation_id)

    def review(self, dictation_id: str, *, by: Actor) -> Review | None:
        """The latest draft with the decisions taken on it; ``None`` before the first draft."""
        with self._db.read() as session:
            self._readable(session, dictation_id, by)
            return texts.review(session, dictation_id)

    def documents(self, dictation_id: str, *, by: Actor) -> tuple[Document, ...]:
        """The signed documents of the signature in force."""
        with self._db.read() as session:
            self._readable(session, dictation_id, by)
            return texts.documents(session, dictation_id)

    def _readable(self, session: Session, dictation_id: str, by: Actor) -> DictationRow:
        row = row_of(session, dictation_id)
        self._access.require(session, by, Verb.READ, row)
        return row

    # --- what the engines and people write ------------------------------------------------------

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
            texts.add(session, self._ports, row, "review", texts.decisions_json(review), by)
            new = len(review.decisions) - (len(before.decisions) if before else 0)
            note(by, "review.saved", row.id, decisions=len(review.decisions), edits=new)
            return view(session, row), None

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

    # --- moving along ---------------------------------------------------------------------------

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
        self, dictation_id: str, signed: SignedDraft, documents: Sequence[Document], *, by: Actor, version: int
    ) -> Dictation:
        """Keeps the signed document(s), rendered from ``signed``, and enters the signature in the journal, once.

        Refused unless ``by`` is the doctor who dictated or stands in for him or her, when a conflict is open
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

    # --- what does not touch the text -----------------------------------------------------------

    @essential
    def assign(
        self,
        dictation_id: str,
        *,
        by: Actor,
        priority: Priority | None = None,
        due_at: dt.datetime | None = None,
        typist_id: str | None = None,
        reviewer: Role | None = None,
        form_id: str | None = None,
    ) -> Dictation:
        """Changes what is given, leaves the rest. Does not move ``version``: nobody's text is at stake."""
        with self._journal.transaction() as (session, note):
            row = row_of(session, dictation_id, for_update=True)
            self._access.require(session, by, Verb.ASSIGN, row)
            if priority is not None:
                row.priority = int(priority)
            if due_at is not None:
                row.due_at = due_at
            if typist_id is not None:
                row.typist_id = typist_id or None
            if reviewer is not None:
                row.reviewer = reviewer.value
            if form_id is not None:
                row.form_id = form_id
            session.flush()
            note(by, "dictation.assigned", row.id, priority=row.priority, account=typist_id)
            return view(session, row)

    @essential
    def set_consultation(self, dictation_id: str, consultation: Consultation, *, by: Actor, version: int) -> Dictation:
        """Changes the patient, the recipient or the date."""
        with self._journal.transaction() as (session, note):
            row = self._changeable(session, dictation_id, by, Verb.REVIEW, version)
            if State(row.state) in (State.SIGNED, State.EXPORTED, State.PURGED):
                raise closed()
            row.consultation = codec.consultation_to_json(consultation)
            row.patient = patient_label(consultation.patient)
            row.patient_search = plain(row.patient)
            if self._patients.opposed(session, consultation.patient) and not row.opposed:
                self._oppose(session, row)
            note(by, "dictation.identity", row.id)
            return view(session, row)

    @essential
    def set_opposed(self, dictation_id: str, opposed: bool, *, by: Actor, version: int) -> Dictation:
        """The patient refuses (or allows again) recognition and drafting; remembered for the next dictations.

        Opposing erases what the engines already made; the audio stays for the secretary, who types from it.
        """
        with self._journal.transaction() as (session, note):
            row = self._changeable(session, dictation_id, by, Verb.OPPOSE, version)
            if State(row.state) in (State.SIGNED, State.EXPORTED, State.PURGED):
                raise closed()
            consultation = codec.consultation_from_json(row.consultation or {})
            self._patients.remember(session, consultation.patient, opposed=opposed)
            if opposed:
                self._oppose(session, row)
            else:
                row.opposed = False
            note(by, "patient.opposed" if opposed else "patient.allowed", row.id)
            result = view(session, row)
        self._db.checkpoint()
        return result

    def _oppose(self, session: Session, row: DictationRow) -> None:
        row.opposed = True
        cancel_jobs(session, row.id)
        texts.erase_machine_made(session, row.id)
        if State(row.state) in (State.TO_TRANSCRIBE, State.TO_DRAFT):
            self._enter(row, State.TO_REVIEW)
            row.reviewer = Role.SECRETARY.value

    # --- inside ---------------------------------------------------------------------------------

    def _let_go(self) -> None:
        """Deletes void sound and empties the log; what a full disk prevents, the next round does."""
        with contextlib.suppress(StorageError):
            sweep(self._db)
        self._db.checkpoint()

    def _changeable(self, session: Session, dictation_id: str, by: Actor, verb: Verb, version: int) -> DictationRow:
        """The row, allowed and at ``version``; its version is moved on."""
        row = row_of(session, dictation_id, for_update=True)
        self._access.require(session, by, verb, row)
        if row.version != version:
            raise EditConflict(view(session, row), None)
        row.version += 1
        row.updated_at = self._ports.clock()
        return row

    def _move(self, row: DictationRow, to: State) -> None:
        check_move(State(row.state), to)
        self._enter(row, to)

    def _enter(self, row: DictationRow, to: State) -> None:
        if row.state != to.value:
            row.state_since = self._ports.clock()
        row.state = to.value
        row.failure = None

    def _unsign(self, session: Session, row: DictationRow) -> None:
        session.execute(delete(DocumentRow).where(DocumentRow.dictation_id == row.id))
        row.signature_id = row.signed_at = row.signed_by = None


def closed() -> RefusedError:
    """The text can no longer change."""
    return RefusedError("dictation.closed", "Cette dictée ne peut plus être modifiée à cette étape.")


def refuse_opposed() -> RefusedError:
    """The patient said no."""
    return RefusedError(
        "patient.opposed",
        "Le patient s'est opposé au traitement automatique : la secrétaire tape le texte en écoutant l'enregistrement.",
    )


def view(session: Session, row: DictationRow) -> Dictation:
    """The frozen value of a row."""
    session.flush()
    samples = session.scalar(select(func.sum(AudioRow.samples)).where(AudioRow.dictation_id == row.id)) or 0
    kinds = set(
        session.scalars(
            select(ContentRow.kind).where(ContentRow.dictation_id == row.id, ContentRow.conflict.is_(False)).distinct()
        )
    )
    return Dictation(
        id=row.id,
        version=row.version,
        state=State(row.state),
        author_id=row.author_id,
        typist_id=row.typist_id,
        form_id=row.form_id,
        priority=Priority(row.priority),
        due_at=row.due_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        state_since=row.state_since,
        consultation=codec.consultation_from_json(row.consultation or {}),
        opposed=bool(row.opposed),
        duration_s=samples / 16_000,
        interrupted=row.interrupted,
        reviewer=Role(row.reviewer),
        has_audio=samples > 0,
        has_transcript="transcript" in kinds,
        has_draft="draft" in kinds,
        failure=row.failure,
        signed_at=row.signed_at,
        signed_by=row.signed_by,
        signature_id=row.signature_id,
        exported_at=row.exported_at,
    )


def _query(r: QueryRow) -> Query:
    place = Place(r.field_id, r.first, r.last) if r.field_id is not None else None
    return Query(r.id, r.dictation_id, r.text, place, r.by, r.at, r.answer, r.answered_by, r.answered_at)
