"""What patients were told and chose. The identity itself is never kept here: only its keyed digest."""

from __future__ import annotations

import hashlib
import hmac

from sqlalchemy.orm import Session

from dictation.consultation import Patient
from records.access import Access, Verb
from records.database import Database
from records.journal import Journal
from records.keys import derive
from records.names import plain
from records.ports import Ports
from records.schema import PatientChoiceRow
from records.values import Actor, PatientChoice


class Patients:
    """Thread-safe. Two people with the same names and birth date share a choice: the cautious side."""

    def __init__(self, database: Database, journal: Journal, access: Access, key: bytes, ports: Ports) -> None:
        self._db = database
        self._journal = journal
        self._access = access
        self._key = derive(key, "patients")
        self._ports = ports

    def choice(self, patient: Patient, *, by: Actor) -> PatientChoice:
        """What is known of this patient's choice."""
        with self._db.read() as session:
            self._access.require(session, by, Verb.LIST)
            row = self._row(session, patient)
            return PatientChoice() if row is None else PatientChoice(row.opposed, row.informed, row.notice, row.at)

    def inform(self, patient: Patient, *, by: Actor, notice: str) -> PatientChoice:
        """The notice, revision ``notice``, was handed over."""
        with self._journal.transaction() as (session, note):
            self._access.require(session, by, Verb.OPPOSE)
            self.remember(session, patient, informed=True, notice=notice)
            note(by, "patient.informed", revision=notice)
        return self.choice(patient, by=by)

    def set_opposed(self, patient: Patient, opposed: bool, *, by: Actor) -> PatientChoice:
        """For the dictations to come; ``dictations.set_opposed`` also acts on the one under way."""
        with self._journal.transaction() as (session, note):
            self._access.require(session, by, Verb.OPPOSE)
            self.remember(session, patient, opposed=opposed)
            note(by, "patient.opposed" if opposed else "patient.allowed")
        return self.choice(patient, by=by)

    def opposed(self, session: Session, patient: Patient) -> bool:
        """Inside a transaction."""
        row = self._row(session, patient)
        return row is not None and bool(row.opposed)

    def remember(
        self,
        session: Session,
        patient: Patient,
        *,
        opposed: bool | None = None,
        informed: bool | None = None,
        notice: str | None = None,
    ) -> None:
        """Inside a transaction; does nothing for a patient without a name."""
        digest = self._digest(patient)
        if digest is None:
            return
        row = session.get(PatientChoiceRow, digest)
        if row is None:
            row = PatientChoiceRow(digest=digest, opposed=False, informed=False)
            session.add(row)
        row.at = self._ports.clock()
        if opposed is not None:
            row.opposed = opposed
        if informed is not None:
            row.informed, row.notice = informed, notice
        session.flush()

    def _row(self, session: Session, patient: Patient) -> PatientChoiceRow | None:
        digest = self._digest(patient)
        return None if digest is None else session.get(PatientChoiceRow, digest)

    def _digest(self, patient: Patient) -> str | None:
        if not patient.last_name:
            return None
        birth = patient.birth_date.isoformat() if patient.birth_date else ""
        text = "|".join((plain(patient.last_name), plain(patient.first_name or ""), birth))
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()
