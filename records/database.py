"""The encrypted database: connections, transactions and what to do when the disk says no."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from dictation.errors import StorageError

#: kept free so that a full disk still lets a recording close, an edit be saved and a purge run
RESERVE_BYTES = 4 * 1024 * 1024


def full_disk() -> StorageError:
    """What a person reads when the disk is full."""
    return StorageError(
        "store.disk_full",
        "Le disque est plein : tout ce qui était enregistré est gardé. Libérez de la place puis reprenez.",
    )


def explain(error: BaseException) -> StorageError:
    """The store's own error for one of the database or of the system. Never quotes a value."""
    text = str(getattr(error, "orig", error)).lower()
    if "full" in text or getattr(error, "errno", None) in (28, 122) or "disk i/o" in text:
        return full_disk()
    if "locked" in text or "busy" in text:
        return StorageError(
            "store.locked", "Une autre fenêtre de Calame écrit en ce moment. Attendez quelques secondes et réessayez."
        )
    if "not a database" in text or "hmac" in text:
        return StorageError(
            "store.wrong_key",
            "La clé n'ouvre pas ces données. Vérifiez la phrase secrète, ou utilisez le code de secours.",
        )
    if "malformed" in text or "corrupt" in text:
        return StorageError(
            "store.damaged",
            "Le fichier de données est abîmé. Lancez « calame store verify » et restaurez la dernière sauvegarde.",
        )
    if "readonly" in text or "unable to open" in text or isinstance(error, PermissionError):
        return StorageError(
            "store.unwritable", "Calame ne peut pas écrire dans son dossier de données. Vérifiez ses droits d'accès."
        )
    return StorageError(
        "store.failed",
        "Le magasin de données a refusé l'opération ; rien n'a été changé. Lancez « calame store verify ».",
    )


class Database:
    """SQLCipher through SQLAlchemy. Thread-safe; safe between processes (WAL, busy timeout of ``busy_s``).

    Do not use one instance on both sides of a ``fork``.
    """

    def __init__(self, path: Path, key: bytes, *, busy_s: float = 30.0) -> None:
        self.path = path
        self.reserve = path.parent / "reserve.bin"
        self._key = key
        self._busy_ms = int(busy_s * 1000)
        self.engine: Engine = create_engine(
            "sqlite://",
            module=sqlcipher,
            creator=self._connect,
            poolclass=QueuePool,
            pool_size=8,
            max_overflow=24,
            # an error must never print a dictated word
            hide_parameters=True,
        )
        event.listen(self.engine, "begin", _begin)

    def _connect(self) -> Any:
        return connect(self.path, self._key, busy_ms=self._busy_ms)

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent snapshot. Raises :class:`StorageError`."""
        with self._session(write=False) as session:
            yield session

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """All or nothing; other writers wait. Raises :class:`StorageError`."""
        with self._session(write=True) as session:
            yield session

    @contextlib.contextmanager
    def _session(self, *, write: bool) -> Iterator[Session]:
        try:
            with (
                self.engine.connect().execution_options(calame_write=write) as connection,
                Session(connection, expire_on_commit=False) as session,
            ):
                yield session
                if write:
                    session.commit()
        except (DBAPIError, sqlcipher.Error, OSError) as error:
            failure = explain(error)
            if failure.code == "store.disk_full":
                self.release_reserve()
            # "from None": a chained error may carry SQL parameters
            raise failure from None

    def shrink(self, *, keep_pages: int = 1024, rounds: int = 64) -> None:
        """Gives free pages of the file back to the disk, a few at a time, down to ``keep_pages`` (4 MB)."""
        with contextlib.suppress(StorageError):
            for _ in range(rounds):
                with self.raw() as connection:
                    if connection.execute("PRAGMA freelist_count").fetchone()[0] <= keep_pages:
                        return
                    connection.execute("PRAGMA incremental_vacuum(256)").fetchall()
                self.checkpoint()

    def use_key(self, key: bytes) -> None:
        """After a rotation: the connections to come use ``key``."""
        self._key = key
        self.engine.dispose()

    def keep_reserve(self, size: int = RESERVE_BYTES) -> bool:
        """Sets aside ``size`` bytes when the disk has four times as much; False when it has not."""
        try:
            if self.reserve.exists() and self.reserve.stat().st_size >= size:
                return True
            if hasattr(os, "statvfs"):
                disk = os.statvfs(self.path.parent)
                if disk.f_bavail * disk.f_frsize < 2 * size:
                    return False
            with os.fdopen(os.open(self.reserve, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(os.urandom(size))
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self.release_reserve()
            return False
        return True

    def release_reserve(self) -> bool:
        """Gives the reserve back to the disk; False when there was none."""
        try:
            self.reserve.unlink()
        except OSError:
            return False
        return True

    def checkpoint(self) -> bool:
        """Empties the write-ahead log into the database and truncates it; False while a reader holds it."""
        try:
            with self.raw() as connection:
                row = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                return bool(row is not None and row[0] == 0)
        except StorageError:
            return False

    @contextlib.contextmanager
    def raw(self) -> Iterator[Any]:
        """A pooled SQLCipher connection, for what SQLAlchemy has no words for. Raises :class:`StorageError`."""
        try:
            connection = self.engine.raw_connection()
            try:
                yield connection.driver_connection
            finally:
                connection.close()
        except (DBAPIError, sqlcipher.Error, OSError) as error:
            raise explain(error) from None

    def close(self) -> None:
        """Closes every pooled connection; the last one out truncates the log."""
        self.checkpoint()
        self.engine.dispose()


def connect(path: Path, key: bytes, *, busy_ms: int = 30_000) -> Any:
    """A raw SQLCipher connection with Calame's settings; ``key`` is 32 random bytes."""
    # readable by its owner only; the log and its index inherit it
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlcipher.connect(str(path), timeout=busy_ms / 1000, isolation_level=None, check_same_thread=False)
    try:
        # SQLCipher would explain itself on stderr
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute(f"PRAGMA busy_timeout = {busy_ms}")
        # temporary tables and sorts never reach the disk
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        # a committed second of audio survives a power cut
        connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("calame_write", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


class _HasDatabase(Protocol):
    @property
    def _db(self) -> Database: ...


P = ParamSpec("P")
R = TypeVar("R")
Self = TypeVar("Self", bound=_HasDatabase)


def essential(method: Callable[Concatenate[Self, P], R]) -> Callable[Concatenate[Self, P], R]:
    """For a verb that must succeed on a full disk: gives up the reserve and tries once more."""

    @functools.wraps(method)
    def run(self: Self, /, *args: P.args, **kwargs: P.kwargs) -> R:
        had_reserve = self._db.reserve.exists()
        try:
            return method(self, *args, **kwargs)
        except StorageError as error:
            if error.code != "store.disk_full" or not had_reserve:
                raise
            return method(self, *args, **kwargs)

    return run
