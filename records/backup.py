"""Backup and restore: one file, encrypted like the store, that the recovery code opens anywhere.

Layout: a SQLCipher database (a snapshot, taken while others write), then a JSON header, its HMAC,
its length and a magic word. The header carries the key slots of that day, the SHA-256 of the
database and the head of the journal.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import glob
import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from dictation.errors import StorageError
from records import keys
from records.database import Database, connect, explain
from records.values import Anchor

MAGIC = b"CALAME-BACKUP-1\n"
SCHEMA = "calame-backup/1"
#: an unfinished file this old is nobody's any more
STALE_S = 3600


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What was written."""

    path: Path
    size: int
    at: dt.datetime
    anchor: Anchor


def damaged() -> StorageError:
    """The file is not, or no longer, a backup."""
    return StorageError(
        "backup.damaged", "Ce fichier n'est pas une sauvegarde intacte de Calame. Prenez une autre copie."
    )


def write(
    database: Database,
    secret: keys.Secret,
    key_file: keys.KeyFile,
    target: Path,
    *,
    at: dt.datetime,
    anchor: Anchor,
) -> BackupReport:
    """Writes ``target`` (replaced if it exists, only once complete).

    Raises :class:`StorageError`: ``backup.disk_full``, ``backup.unwritable``.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        # what a crash left of an earlier attempt
        for stale in target.parent.glob(f".{glob.escape(target.name)}.*.part"):
            if stale == part or stale.stat().st_mtime < at.timestamp() - STALE_S:
                stale.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        # a connection of its own: the snapshot must not wait for the pool
        connection = connect(database.path, secret.database)
        try:
            connection.execute("VACUUM INTO ?", (str(part),))
        finally:
            connection.close()
        header: dict[str, Any] = {
            "schema": SCHEMA,
            "store": key_file.store_id,
            "at": at.isoformat(),
            # the keyring stays on its machine
            "slots": {k: v for k, v in key_file.slots.items() if k != "keyring"},
            "size": part.stat().st_size,
            "sha256": _sha256(part, part.stat().st_size),
            "anchor": {"seq": anchor.seq, "mac": anchor.mac},
        }
        body = json.dumps(header).encode()
        with part.open("ab") as file:
            file.write(body + _mac(secret, body) + len(body).to_bytes(8) + MAGIC)
            file.flush()
            os.fsync(file.fileno())
        # read back what the disk really kept
        if _sha256(part, header["size"]) != header["sha256"]:
            raise damaged()
        os.replace(part, target)
    except (OSError, sqlcipher.Error) as error:
        with contextlib.suppress(OSError):
            part.unlink()
        failure = explain(error)
        if failure.code == "store.disk_full":
            raise StorageError(
                "backup.disk_full", "Le support de sauvegarde est plein. Choisissez-en un autre."
            ) from None
        if failure.code == "store.unwritable" or isinstance(error, OSError):
            raise StorageError("backup.unwritable", "Impossible d'écrire la sauvegarde à cet endroit.") from None
        raise failure from None
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    return BackupReport(target, target.stat().st_size, at, anchor)


def read_header(source: Path) -> tuple[dict[str, Any], bytes, bytes]:
    """The header, its bytes and its MAC, not yet trusted; raises :class:`StorageError` ``backup.damaged``."""
    try:
        with source.open("rb") as file:
            file.seek(-len(MAGIC) - 8, os.SEEK_END)
            end = file.tell()
            length = int.from_bytes(file.read(8))
            if file.read() != MAGIC or not 0 < length < 1_000_000 or length + 32 > end:
                raise damaged()
            file.seek(end - 32 - length)
            body, mac = file.read(length), file.read(32)
        header = json.loads(body)
        if header["schema"] != SCHEMA or header["size"] != end - 32 - length:
            raise damaged()
        return header, body, mac
    except (OSError, ValueError, KeyError, TypeError):
        raise damaged() from None


def unpack(
    source: Path, folder: Path, *, passphrase: str | None, recovery_code: str | None, database: str
) -> tuple[keys.Secret, dict[str, Any]]:
    """Checks the backup and puts its database in ``folder``; returns the secret and the header.

    Raises :class:`StorageError`: ``backup.damaged``, ``store.wrong_key``, ``store.recovery_typo``,
    ``store.disk_full``.
    """
    header, body, mac = read_header(source)
    secret = keys.unlock(header["slots"], passphrase=passphrase, recovery_code=recovery_code, ring=None)
    if not hmac.compare_digest(mac, _mac(secret, body)) or _sha256(source, header["size"]) != header["sha256"]:
        raise damaged()
    part = folder / f".{database}.part"
    try:
        with source.open("rb") as wanted, part.open("wb") as file:
            left = header["size"]
            while left:
                piece = wanted.read(min(1 << 20, left))
                left -= len(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o600)
        os.replace(part, folder / database)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise explain(error) from None
    return secret, header


def free_name(folder: Path, stem: str) -> Path:
    """A name that is not taken."""
    path, number = folder / f"{stem}.calame", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.calame"
    return path


def _mac(secret: keys.Secret, body: bytes) -> bytes:
    return hmac.new(keys.derive(secret.journal, "backup"), body, hashlib.sha256).digest()


def _sha256(path: Path, size: int) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        left = size
        while left and (piece := file.read(min(1 << 20, left))):
            left -= len(piece)
            digest.update(piece)
    return digest.hexdigest()
