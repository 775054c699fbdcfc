"""Changing the key of the database, so that a crash at any moment leaves a store that opens.

1. ``key.json`` gets the slots of the new key beside the old ones, and the new key wrapped under the old.
2. SQLCipher encrypts every page anew, in one transaction.
3. ``key.json`` keeps the new slots alone.

After a crash the database tells which key it has; the other is dropped.
"""

from __future__ import annotations

from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from cryptography.exceptions import InvalidTag

from dictation.errors import StorageError
from records import keys
from records.database import Database, connect, explain
from records.keys import KeyFile, Keyring, Secret
from records.ports import Ports


def in_use() -> StorageError:
    """Another window has the store open."""
    return StorageError("store.in_use", "Calame est ouvert dans une autre fenêtre. Fermez-la pour changer la clé.")


def rotate(
    path: Path, database: Database, old: Secret, ports: Ports, *, passphrase: str | None, ring: Keyring | None
) -> tuple[Secret, str]:
    """Does it; returns the new secret and the new recovery code."""
    file = KeyFile.read(path)
    fresh = Secret(ports.random_bytes(32), old.journal)
    code = keys.new_recovery_code(ports.random_bytes)
    slots: keys.Slots = {"recovery": keys.recovery_slot(fresh, code, ports.random_bytes)}
    if "passphrase" in file.slots:
        if passphrase is None:
            raise StorageError("store.passphrase_needed", "Donnez la phrase secrète pour changer la clé.")
        keys.unlock(file.slots, passphrase=passphrase, recovery_code=None, ring=None)
        slots["passphrase"] = keys.passphrase_slot(fresh, passphrase, ports.key_cost, ports.random_bytes)
    if "keyring" in file.slots:
        if ring is None:
            raise StorageError("store.keyring", "Le trousseau du système est nécessaire pour changer la clé.")
        slots["keyring"] = keys.keyring_slot(fresh, ring, ports.random_bytes)
    chained = keys.chained_slot(fresh, old, ports.random_bytes)
    KeyFile(file.store_id, file.slots, slots, chained).write(path)
    try:
        _rekey(database, old, fresh)
    except BaseException:
        KeyFile(file.store_id, file.slots, renew=file.renew).write(path)
        raise
    KeyFile(file.store_id, slots).write(path)
    database.use_key(fresh.database)
    if ring is not None and "keyring" in file.slots:
        keys.forget(file.slots["keyring"], ring)
    return fresh, code


def _rekey(database: Database, old: Secret, fresh: Secret) -> None:
    database.checkpoint()
    database.engine.dispose()
    connection = None
    try:
        connection = connect(database.path, old.database, busy_ms=2000)
        # leaving WAL needs the file for oneself: the test that nobody else has it
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"PRAGMA rekey = \"x'{fresh.database.hex()}'\"")
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlcipher.Error as error:
        failure = explain(error)
        raise (in_use() if failure.code == "store.locked" else failure) from None
    finally:
        if connection is not None:
            connection.close()


def settle(path: Path, file: KeyFile, secret: Secret, database: Path) -> Secret:
    """After a crash in the middle: finds which key the database has, tidies ``key.json``, returns the secret."""
    if file.pending is None or file.chained is None:
        return secret
    if _opens(database, secret):
        KeyFile(file.store_id, file.slots, renew=file.renew).write(path)
        return secret
    try:
        fresh = keys.unchain(file.chained, secret)
    except InvalidTag:
        raise StorageError("store.key_file", "Le fichier de clé est abîmé. Restaurez la dernière sauvegarde.") from None
    if not _opens(database, fresh):
        raise StorageError("store.wrong_key", "La clé n'ouvre pas ces données. Restaurez la dernière sauvegarde.")
    KeyFile(file.store_id, file.pending, renew=True).write(path)
    return fresh


def _opens(database: Path, secret: Secret) -> bool:
    try:
        connect(database, secret.database).close()
    except sqlcipher.Error as error:
        if explain(error).code == "store.wrong_key":
            return False
        raise explain(error) from None
    return True
