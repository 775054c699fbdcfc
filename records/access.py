"""Who may do what. One table; every verb of the store passes here.

Sources: CSP L.1110-4 (the secretary is bound to secrecy and sees her queue), arrêté du 28 mars 2022
(individual accounts), ``docs/records.md``. The administrator runs the installation and reads no
patient's document.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from dictation.errors import InputError, RefusedError
from records.ports import Ports
from records.schema import AccountRow, DelegationRow, DictationRow
from records.sessions import Sessions
from records.values import SYSTEM, Actor, Role


class Verb(StrEnum):
    """Everything that can be asked of the store."""

    CREATE = "dictation.create"
    READ = "dictation.read"
    LIST = "worklist.read"
    RECORD = "audio.record"
    LISTEN = "audio.listen"
    TRANSCRIBE = "transcript.save"
    DRAFT = "draft.save"
    REVIEW = "review.save"
    MOVE = "dictation.move"
    ASK = "query.ask"
    ANSWER = "query.answer"
    CORRECT = "dictation.correct"
    SIGN = "dictation.sign"
    EXPORT = "dictation.export"
    DISCARD = "dictation.discard"
    ASSIGN = "dictation.assign"
    TICK = "task.tick"
    OPPOSE = "patient.choice"
    JOBS = "jobs.run"
    ACCOUNTS = "accounts.manage"
    DELEGATE = "delegation.grant"
    SETTINGS_READ = "settings.read"
    SETTINGS_OWN = "settings.own"
    SETTINGS_PRACTICE = "settings.practice"
    CORRECTIONS = "corrections.own"
    JOURNAL_READ = "journal.read"
    VERIFY = "store.verify"
    PURGE = "store.purge"
    BACKUP = "store.backup"
    ROTATE = "store.rotate_key"
    RETENTION = "retention.configure"


_D, _S, _A = Role.DOCTOR, Role.SECRETARY, Role.ADMINISTRATOR

MATRIX: dict[Verb, frozenset[Role]] = {
    Verb.CREATE: frozenset({_D, _S}),
    Verb.READ: frozenset({_D, _S}),
    Verb.LIST: frozenset({_D, _S}),
    Verb.RECORD: frozenset({_D, _S}),
    Verb.LISTEN: frozenset({_D, _S}),
    Verb.TRANSCRIBE: frozenset({_D, _S}),
    Verb.DRAFT: frozenset({_D, _S}),
    Verb.REVIEW: frozenset({_D, _S}),
    Verb.MOVE: frozenset({_D, _S}),
    Verb.ASK: frozenset({_S}),
    Verb.ANSWER: frozenset({_D}),
    Verb.CORRECT: frozenset({_D, _S}),
    Verb.SIGN: frozenset({_D}),
    Verb.EXPORT: frozenset({_D, _S}),
    Verb.DISCARD: frozenset({_D}),
    Verb.ASSIGN: frozenset({_D, _S}),
    Verb.TICK: frozenset({_D, _S}),
    Verb.OPPOSE: frozenset({_D, _S}),
    Verb.JOBS: frozenset(),
    Verb.ACCOUNTS: frozenset({_A}),
    Verb.DELEGATE: frozenset({_D}),
    Verb.SETTINGS_READ: frozenset({_D, _S, _A}),
    Verb.SETTINGS_OWN: frozenset({_D, _S, _A}),
    Verb.SETTINGS_PRACTICE: frozenset({_D, _A}),
    Verb.CORRECTIONS: frozenset({_D}),
    Verb.JOURNAL_READ: frozenset({_D, _A}),
    Verb.VERIFY: frozenset({_D, _S, _A}),
    Verb.PURGE: frozenset({_D, _A}),
    Verb.BACKUP: frozenset({_D, _A}),
    Verb.ROTATE: frozenset({_A}),
    Verb.RETENTION: frozenset({_A}),
}

#: what the application does by itself
SYSTEM_VERBS = frozenset(
    {
        Verb.READ,
        Verb.RECORD,
        Verb.LISTEN,
        Verb.TRANSCRIBE,
        Verb.DRAFT,
        Verb.JOBS,
        Verb.SETTINGS_READ,
        Verb.VERIFY,
        Verb.PURGE,
        Verb.BACKUP,
    }
)

_WHO = {
    frozenset({_D}): "un médecin",
    frozenset({_S}): "une secrétaire",
    frozenset({_A}): "un administrateur",
    frozenset({_D, _S}): "un médecin ou une secrétaire",
    frozenset({_D, _A}): "un médecin ou un administrateur",
}


class Access:
    """Thread-safe. Reads the account at each check: a role taken away stops at once, in every window."""

    def __init__(self, sessions: Sessions, ports: Ports) -> None:
        self._sessions = sessions
        self._ports = ports

    def require(self, session: Session, by: Actor, verb: Verb, row: DictationRow | None = None) -> None:
        """Raises :class:`RefusedError`: ``session.*``, ``role.refused`` or ``role.not_own``."""
        if by is SYSTEM:
            if verb not in SYSTEM_VERBS:
                raise RefusedError("role.refused", "Seule une personne connectée peut faire cela.")
            return
        roles = self.roles(session, by)
        allowed = MATRIX[verb]
        if not roles & allowed:
            who = _WHO.get(allowed, "l'application")
            raise RefusedError("role.refused", f"Cela revient à {who}. Demandez-lui, ou changez de compte.")
        # a doctor's reach ends at own dictations and mandates; a secretary serves the whole practice
        own_only = verb in _OWN or Role.SECRETARY not in roles & allowed
        if row is None or not own_only or row.author_id == by.account_id:
            return
        if not self.stands_in(session, by, row.author_id):
            raise RefusedError(
                "role.not_own",
                "Cette dictée est celle d'un autre médecin. Il faut une délégation en cours pour y toucher.",
            )

    def roles(self, session: Session, by: Actor) -> frozenset[Role]:
        """Roles in force now; raises :class:`RefusedError` when the session is locked, over or unknown."""
        self._sessions.touch(by)
        account = session.get(AccountRow, by.account_id, populate_existing=True)
        if account is None or not account.active:
            raise RefusedError("session.over", "Ce compte n'est plus actif. Adressez-vous à l'administrateur.")
        return frozenset(Role(r) for r in account.roles.split(","))

    def stands_in(self, session: Session, by: Actor, author_id: str) -> bool:
        """True while a delegation of ``author_id`` to ``by`` runs."""
        return author_id in self.mandates(session, by)

    def mandates(self, session: Session, by: Actor) -> frozenset[str]:
        """Doctors for whom ``by`` stands in at this moment."""
        now = self._ports.clock()
        query = select(DelegationRow.from_account).where(
            DelegationRow.to_account == by.account_id,
            DelegationRow.starts <= now,
            DelegationRow.ends > now,
            or_(DelegationRow.revoked_at.is_(None), DelegationRow.revoked_at > now),
        )
        return frozenset(session.scalars(query))

    def visible(self, session: Session, by: Actor) -> ColumnElement[bool] | None:
        """Condition on the dictations ``by`` may list, ``None`` for all of them."""
        if by is SYSTEM or Role.SECRETARY in self.roles(session, by):
            return None
        return DictationRow.author_id.in_({by.account_id, *self.mandates(session, by)})


#: own dictations only, whatever other role the account also holds
_OWN = frozenset({Verb.SIGN, Verb.ANSWER, Verb.DISCARD})


def row_of(session: Session, dictation_id: str, *, for_update: bool = False) -> DictationRow:
    """The row; raises :class:`InputError` ``dictation.unknown``."""
    row = session.get(DictationRow, dictation_id, with_for_update=True if for_update else None)
    if row is None:
        raise InputError("dictation.unknown", "Cette dictée n'existe pas, ou a été purgée. Rechargez la liste.")
    return row
