"""What the verbs of a dictation share: reading it, checking who and which version, moving it along."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dictation import codec
from dictation.draft import Document, Draft
from dictation.errors import ConflictError, RefusedError, StorageError
from dictation.review import Review
from dictation.transcript import Transcript
from records import texts
from records.access import Access, Verb, row_of
from records.audio import Audio, sweep
from records.database import Database
from records.journal import Journal
from records.lifecycle import check_move
from records.patients import Patients
from records.ports import Ports
from records.schema import AudioRow, ContentRow, DictationRow, DocumentRow
from records.values import (
    Actor,
    Dictation,
    Priority,
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
        #: identifier for ``dictations.conflicts``, ``None`` when there was no text to keep
        self.kept = kept


class Reading:
    """Reads dictations; the base of the classes that change them."""

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
