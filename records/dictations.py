"""Dictations: every verb that is about one of them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from dictation import codec
from dictation.consultation import Consultation
from dictation.errors import InputError, RefusedError
from records import texts
from records.access import Verb, row_of
from records.circuit import Circuit
from records.database import essential
from records.names import patient_label, plain
from records.queue import cancel_jobs
from records.reading import closed, view
from records.schema import AccountRow, DictationRow
from records.values import (
    Actor,
    Dictation,
    Priority,
    Role,
    State,
)
from records.writing import Writing


class Dictations(Writing, Circuit):
    """Thread-safe and process-safe. ``version`` is the one the caller last read; a stale one raises
    :class:`EditConflict`. Every verb may raise :class:`~dictation.errors.RefusedError` (role, session, opposed
    patient, move that does not exist) and :class:`~dictation.errors.StorageError`."""

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
