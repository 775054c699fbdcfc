"""The store: one object that holds every verb of ``records``."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from sqlalchemy import select

from dictation.errors import InputError, RefusedError, StorageError
from records import backup as backups
from records import invariants, keys, migrate, rotation
from records.access import Access, Verb
from records.accounts import Accounts
from records.audio import Audio, sweep
from records.corrections import Corrections
from records.database import Database
from records.dictations import Dictations
from records.jobs import Jobs
from records.journal import Journal
from records.keys import KeyFile, Keyring, Secret
from records.migrations import HEAD
from records.patients import Patients
from records.ports import Ports
from records.presence import Presence, alone
from records.retention import Keeper
from records.schema import AudioRow, DictationRow
from records.secrecy import forbid_core_dumps
from records.sessions import Sessions
from records.settings import Settings
from records.values import SYSTEM, Actor, Anchor, JournalEntry, Problem, PurgeReport, State, VerifyReport
from records.worklist import Worklist

A_DAY = dt.timedelta(days=1)
DATABASE = "calame.db"
KEY = "key.json"
ANCHOR = "journal.anchor"
BACKUPS = "sauvegardes"


class Store:
    """An open store. Thread-safe; several processes may open the same folder. Close it, or use ``with``."""

    def __init__(self, folder: Path, secret: Secret, ports: Ports, idle_s: float) -> None:
        forbid_core_dumps()
        self.folder = folder
        self._ports = ports
        self._secret = secret
        try:
            self._presence = Presence(folder / "run", ports.new_id())
        except OSError as error:
            raise StorageError(
                "store.unwritable", f"Le dossier de données refuse l'écriture ({error.strerror})."
            ) from None
        self._db = Database(folder / DATABASE, secret.database)
        self._sessions = Sessions(ports.monotonic, idle_s)
        self._access = Access(self._sessions, ports)
        self.journal = Journal(self._db, secret.journal, folder / ANCHOR, ports)
        self.accounts = Accounts(self._db, self.journal, self._access, self._sessions, ports)
        self.patients = Patients(self._db, self.journal, self._access, secret.journal, ports)
        self.audio = Audio(self._db, self.journal, self._access, self._presence, ports)
        self.dictations = Dictations(self._db, self.journal, self._access, self.patients, self.audio, ports)
        self.jobs = Jobs(self._db, self.journal, self._access, self._presence, self.dictations, ports)
        self.worklist = Worklist(self._db, self.journal, self._access, ports)
        self.settings = Settings(self._db, self.journal, self._access, ports)
        self.corrections = Corrections(self._db, self.journal, self._access, ports)
        self.retention = Keeper(self._db, self.journal, self._access, self._presence, ports)

    # --- start and rounds -----------------------------------------------------------------------

    def start(self, *, backup: bool = True) -> None:
        """Brings the schema up to date (after a backup), then picks up what a crash left. Called by ``open``."""
        if migrate.revision(self._db) != HEAD:
            with alone(self.folder / "run" / "migration"):
                came_from = migrate.migrate(self._db, backup=self._backup_before_migration if backup else None)
            if came_from:
                self.journal.append(SYSTEM, "store.migrated", schema=came_from)
        last = self.journal.last_moment()
        if last is not None:
            gap = self._ports.clock() - last
            self.retention.clock_doubtful = not -A_DAY < gap < 30 * A_DAY
        self._db.keep_reserve()
        self.recover()

    def _backup_before_migration(self, revision: str) -> None:
        folder = self.folder / BACKUPS
        folder.mkdir(mode=0o700, exist_ok=True)
        stem = f"avant-mise-a-jour-{revision}-{self._ports.clock():%Y%m%d-%H%M%S}"
        self._write_backup(backups.free_name(folder, stem))

    def recover(self) -> tuple[str, ...]:
        """Ends the recordings whose process died, with everything they had; returns their dictations (« reprendre »).

        Jobs of dead processes need nothing: the next ``jobs.claim`` takes them, once.
        """
        with self._db.read() as session:
            query = select(DictationRow.id).where(DictationRow.recorder.is_not(None))
            suspects = list(session.scalars(query))
        # sound whose deletion a crash interrupted
        sweep(self._db)
        found = []
        for dictation_id in suspects:
            with self.journal.transaction() as (session, note):
                row = session.get(DictationRow, dictation_id, with_for_update=True)
                if row is None or row.recorder is None or self._presence.alive(row.recorder):
                    continue
                row.recorder, row.interrupted = None, "crash"
                row.version += 1
                note(SYSTEM, "audio.interrupted", dictation_id, reason="crash")
                found.append(dictation_id)
        return tuple(found)

    def maintain(self) -> PurgeReport:
        """The hourly round: recovers, compresses sound left in PCM, purges, folds the log in."""
        self.recover()
        with self._db.read() as session:
            query = (
                select(AudioRow.dictation_id)
                .join(DictationRow, DictationRow.id == AudioRow.dictation_id)
                .where(AudioRow.codec == "pcm", DictationRow.state != State.RECORDING.value)
                .distinct()
            )
            loose = list(session.scalars(query))
        for dictation_id in loose:
            with contextlib.suppress(StorageError, InputError):
                self.audio.compact(dictation_id)
        self._db.keep_reserve()
        return self.retention.purge()

    # --- proof ----------------------------------------------------------------------------------

    def verify(self, *, by: Actor = SYSTEM, anchors: tuple[Anchor, ...] = ()) -> VerifyReport:
        """The journal, the file page by page (SQLCipher's HMAC, SQLite's structure) and every record's invariants.

        ``anchors``: heads of the journal noted earlier. Takes a while on a large store; others go on working.
        """
        problems: list[Problem] = []
        if by is not SYSTEM:
            with self._db.read() as session:
                self._access.require(session, by, Verb.VERIFY)
        try:
            with self._db.raw() as raw:
                for row in raw.execute("PRAGMA cipher_integrity_check").fetchall():
                    problems.append(Problem("file", None, f"Page abîmée dans le fichier de données : {row[0]}."))
                for row in raw.execute("PRAGMA integrity_check").fetchall():
                    if row[0] != "ok":
                        problems.append(Problem("file", None, f"Structure abîmée : {row[0]}."))
                for row in raw.execute("PRAGMA foreign_key_check").fetchall():
                    problems.append(Problem("file", None, f"Ligne orpheline dans « {row[0]} »."))
        except StorageError:
            problems.append(Problem("file", None, "Le fichier de données ne se lit plus jusqu'au bout."))
        if problems:
            # nothing that is read from a damaged file would prove anything
            return VerifyReport(0, tuple(problems), Anchor(0, ""))
        with self._db.read() as session:
            problems += invariants.check(session)
        chain = self.journal.verify(anchors=anchors)
        return VerifyReport(chain.entries, (*problems, *chain.problems), chain.anchor)

    def read_journal(
        self, *, by: Actor, subject: str | None = None, action: str | None = None, after: int = 0, limit: int = 1000
    ) -> tuple[JournalEntry, ...]:
        """The journal, for a doctor or an administrator; see :meth:`records.journal.Journal.entries`."""
        with self._db.read() as session:
            self._access.require(session, by, Verb.JOURNAL_READ)
        return self.journal.entries(subject=subject, action=action, after=after, limit=limit)

    # --- backup and keys ------------------------------------------------------------------------

    def backup(self, target: Path, *, by: Actor = SYSTEM) -> backups.BackupReport:
        """Writes one encrypted file while the application runs; the recovery code or the passphrase opens it.

        Raises :class:`StorageError`: ``backup.disk_full``, ``backup.unwritable``.
        """
        with self.journal.transaction() as (session, note):
            self._access.require(session, by, Verb.BACKUP)
            note(by, "store.backed_up")
        return self._write_backup(Path(target))

    def _write_backup(self, target: Path) -> backups.BackupReport:
        file = KeyFile.read(self.folder / KEY)
        anchor = self.journal.head()
        return backups.write(self._db, self._secret, file, target, at=self._ports.clock(), anchor=anchor)

    def rotate_key(self, *, by: Actor, passphrase: str | None = None, keyring: Keyring | None = None) -> str:
        """Encrypts everything anew under a new random key; returns the new recovery code, to be printed once.

        ``passphrase`` is the present one, asked again when the store has one; ``keyring`` when the store uses it.
        Every other window must be closed (``store.in_use``). A crash on the way leaves a store that opens.
        Raises :class:`StorageError`, :class:`RefusedError`.
        """
        with self._db.read() as session:
            self._access.require(session, by, Verb.ROTATE)
        if self._presence.others():
            raise rotation.in_use()
        self._secret, code = rotation.rotate(
            self.folder / KEY, self._db, self._secret, self._ports, passphrase=passphrase, ring=keyring
        )
        self.journal.append(by, "store.key_rotated")
        return code

    def new_recovery_code(self, *, by: Actor) -> str:
        """Replaces a lost recovery code; the old one opens nothing any more, save backups made before."""
        return self._rewrap(by, "store.recovery_renewed", self._put_recovery)

    def _put_recovery(self, slots: keys.Slots) -> str:
        code = keys.new_recovery_code(self._ports.random_bytes)
        slots["recovery"] = keys.recovery_slot(self._secret, code, self._ports.random_bytes)
        return code

    def set_passphrase(self, passphrase: str | None, *, by: Actor) -> None:
        """Changes the passphrase, or takes it away when the keyring holds the key too (``store.no_holder``)."""

        def put(slots: keys.Slots) -> str:
            if passphrase is not None:
                cost, random_bytes = self._ports.key_cost, self._ports.random_bytes
                slots["passphrase"] = keys.passphrase_slot(self._secret, passphrase, cost, random_bytes)
            elif "keyring" not in slots:
                raise RefusedError("store.no_holder", "Sans trousseau, la phrase secrète est la seule clé : gardez-la.")
            else:
                slots.pop("passphrase", None)
            return ""

        self._rewrap(by, "store.passphrase_changed", put)

    def _rewrap(self, by: Actor, action: str, put: Callable[[keys.Slots], str]) -> str:
        with self.journal.transaction() as (session, note):
            # inside the write transaction: two windows cannot write the key file at once
            self._access.require(session, by, Verb.ROTATE)
            file = KeyFile.read(self.folder / KEY)
            slots = dict(file.slots)
            result = put(slots)
            note(by, action)
            KeyFile(file.store_id, slots).write(self.folder / KEY)
            return result

    @property
    def recovery_code_needed(self) -> bool:
        """True after a crash in the middle of a rotation: nobody has seen the code in force, print a new one."""
        return KeyFile.read(self.folder / KEY).renew

    def close(self) -> None:
        """Leaves the store; its log is folded in and emptied."""
        self._db.close()
        self._presence.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
