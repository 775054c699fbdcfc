"""Settings of the practice and of each person: letterheads, recipients, « textes types », preferences."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dictation.errors import ConflictError, InputError
from records.access import Access, Verb
from records.database import Database, essential
from records.journal import Journal
from records.ports import Ports
from records.schema import SettingRow
from records.values import SYSTEM, Actor

PRACTICE = "practice"


class Settings:
    """Encrypted JSON values by key, of the practice or of one account. Thread-safe."""

    def __init__(self, database: Database, journal: Journal, access: Access, ports: Ports) -> None:
        self._db = database
        self._journal = journal
        self._access = access
        self._ports = ports

    def get(self, key: str, default: Any = None, *, by: Actor, practice: bool = False, of: str | None = None) -> Any:
        """A value; an own setting falls back on the practice's of the same key, then on ``default``.

        ``of``: the account whose value the application itself (:data:`records.SYSTEM`) needs; nobody else's to give.
        """
        with self._db.read() as session:
            self._access.require(session, by, Verb.SETTINGS_READ)
            own = [of] if of is not None else []
            scopes = [PRACTICE] if practice else [*own, PRACTICE] if by is SYSTEM else [by.account_id, PRACTICE]
            for scope in scopes:
                row = session.get(SettingRow, (scope, key))
                if row is not None:
                    return json.loads(row.value)
            return default

    def version(self, key: str, *, by: Actor, practice: bool = False) -> int:
        """Version to give back to :meth:`set`; 0 when nothing is set."""
        with self._db.read() as session:
            self._access.require(session, by, Verb.SETTINGS_READ)
            row = session.get(SettingRow, (PRACTICE if practice else by.account_id, key))
            return 0 if row is None else row.version

    @essential
    def set(self, key: str, value: Any, *, by: Actor, practice: bool = False, version: int | None = None) -> int:
        """Keeps a JSON value; returns its new version. ``version``: the one read, to refuse a blind overwrite.

        The practice's are for doctors and administrators. Raises :class:`ConflictError` ``setting.conflict``,
        :class:`InputError` ``setting.value``.
        """
        try:
            body = json.dumps(value, ensure_ascii=False)
        except (TypeError, ValueError):
            raise InputError("setting.value", "Ce réglage ne peut pas être enregistré sous cette forme.") from None
        with self._journal.transaction() as (session, note):
            self._access.require(session, by, Verb.SETTINGS_PRACTICE if practice else Verb.SETTINGS_OWN)
            scope = PRACTICE if practice else by.account_id
            row = self._row(session, scope, key)
            if version is not None and (row.version if row else 0) != version:
                raise ConflictError("setting.conflict", "Ce réglage vient d'être changé ailleurs. Relisez-le d'abord.")
            if row is None:
                row = SettingRow(scope=scope, key=key, version=0)
                session.add(row)
            row.value, row.updated_at = body, self._ports.clock()
            row.version += 1
            note(by, "setting.changed", None if practice else scope, setting=key)
            return row.version

    @essential
    def delete(self, key: str, *, by: Actor, practice: bool = False) -> None:
        """Forgets a value; nothing happens when there is none."""
        with self._journal.transaction() as (session, note):
            self._access.require(session, by, Verb.SETTINGS_PRACTICE if practice else Verb.SETTINGS_OWN)
            scope = PRACTICE if practice else by.account_id
            row = self._row(session, scope, key)
            if row is not None:
                session.delete(row)
                note(by, "setting.deleted", None if practice else scope, setting=key)

    def keys(self, prefix: str = "", *, by: Actor, practice: bool = False) -> tuple[str, ...]:
        """Keys that are set and begin with ``prefix``, sorted."""
        with self._db.read() as session:
            self._access.require(session, by, Verb.SETTINGS_READ)
            query = select(SettingRow.key).where(
                SettingRow.scope == (PRACTICE if practice else by.account_id),
                SettingRow.key.startswith(prefix, autoescape=True),
            )
            return tuple(sorted(session.scalars(query)))

    @staticmethod
    def _row(session: Session, scope: str, key: str) -> SettingRow | None:
        return session.get(SettingRow, (scope, key), with_for_update=True)
