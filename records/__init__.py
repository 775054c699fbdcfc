"""What Calame keeps, for how long, who may touch it, and the proof of it.

    store, code = records.create(folder, passphrase="…")     # print ``code`` once
    store = records.open(folder, passphrase="…")
    doctor = store.accounts.create("dr.martin", "…", [Role.DOCTOR], name="Dr Martin")
    me = store.accounts.login("dr.martin", "…")               # an Actor: hand it over as ``by``
    d = store.dictations.create(by=me, form_id="courrier_confrere", consultation=…)
    sound = store.audio.record(d.id, by=me)                   # .write(pcm), .stop(), .interrupt("device")
    lease = store.jobs.claim(JobKind.TRANSCRIBE)              # .done(lease, transcript), .failed(lease, code)
    d = store.dictations.save_review(d.id, review, by=me, version=d.version)
    d = store.dictations.sign(d.id, signed, [document], by=me, version=d.version)
    d = store.dictations.mark_exported(d.id, by=me, version=d.version)
    store.worklist.list(by=me), store.worklist.counts(by=me), store.worklist.next(by=me)

Everything is in one SQLCipher database; nothing of a dictation is ever on the disk in clear.
"""

from __future__ import annotations

from pathlib import Path

from dictation.errors import StorageError
from records import backup, keys, rotation
from records.backup import BackupReport
from records.database import explain
from records.keys import system_keyring
from records.ports import Ports
from records.reading import EditConflict
from records.recording import Recording
from records.sessions import IDLE_S
from records.store import DATABASE, KEY, Store
from records.values import (
    SYSTEM,
    TYPED_DRAFT,
    Account,
    Actor,
    Anchor,
    Conflict,
    Correction,
    Delegation,
    Dictation,
    JobKind,
    JournalEntry,
    Lease,
    PatientChoice,
    Place,
    Priority,
    Problem,
    PurgeReport,
    Query,
    Retention,
    Role,
    State,
    Task,
    VerifyReport,
    WorklistCounts,
    WorklistFilter,
    WorklistItem,
)

__all__ = [
    "SYSTEM",
    "TYPED_DRAFT",
    "Account",
    "Actor",
    "Anchor",
    "BackupReport",
    "Conflict",
    "Correction",
    "Delegation",
    "Dictation",
    "EditConflict",
    "JobKind",
    "JournalEntry",
    "Lease",
    "PatientChoice",
    "Place",
    "Ports",
    "Priority",
    "Problem",
    "PurgeReport",
    "Query",
    "Recording",
    "Retention",
    "Role",
    "State",
    "Store",
    "Task",
    "VerifyReport",
    "WorklistCounts",
    "WorklistFilter",
    "WorklistItem",
    "create",
    "exists",
    "open",
    "restore",
    "system_keyring",
]


def exists(folder: Path) -> bool:
    """True when ``folder`` holds a store."""
    return (Path(folder) / KEY).exists()


def create(
    folder: Path,
    *,
    passphrase: str | None = None,
    keyring: keys.Keyring | None = None,
    ports: Ports | None = None,
    idle_s: float = IDLE_S,
) -> tuple[Store, str]:
    """A new, empty store in ``folder``, and its recovery code: print it once, it is kept nowhere.

    The key is kept by ``keyring`` (see :func:`records.keys.system_keyring`), by ``passphrase`` (12 characters at
    least), or both. Raises :class:`StorageError`: ``store.exists``, ``store.no_holder``, ``store.passphrase_weak``,
    ``store.keyring``, ``store.disk_full``, ``store.unwritable``.
    """
    folder, ports = Path(folder), ports or Ports()
    if exists(folder):
        raise StorageError("store.exists", "Ce dossier contient déjà des données de Calame. Choisissez-en un autre.")
    if passphrase is None and keyring is None:
        raise StorageError(
            "store.no_holder",
            "Cet ordinateur n'a pas de trousseau : choisissez une phrase secrète d'au moins 12 signes.",
        )
    _make_folder(folder)
    secret = keys.Secret.of(ports.random_bytes(64))
    code = keys.new_recovery_code(ports.random_bytes)
    slots: keys.Slots = {"recovery": keys.recovery_slot(secret, code, ports.random_bytes)}
    if passphrase is not None:
        slots["passphrase"] = keys.passphrase_slot(secret, passphrase, ports.key_cost, ports.random_bytes)
    if keyring is not None:
        slots["keyring"] = keys.keyring_slot(secret, keyring, ports.random_bytes)
    _set_aside_orphan(folder)
    store = Store(folder, secret, ports, idle_s)
    try:
        store.start()
        store.journal.append(SYSTEM, "store.created")
        # the key file last: without it there is no store, and a creation that failed can be done again
        keys.KeyFile(ports.new_id(), slots).write(folder / KEY)
    except OSError as error:
        store.close()
        raise explain(error) from None
    except BaseException:
        store.close()
        raise
    return store, code


def _set_aside_orphan(folder: Path) -> None:
    """A database without its key file cannot be read, but is not ours to delete."""
    orphan = folder / DATABASE
    if orphan.exists():
        orphan.rename(folder / f"{DATABASE}.sans-cle-{orphan.stat().st_mtime_ns}")
        for suffix in ("-wal", "-shm"):
            (folder / f"{DATABASE}{suffix}").unlink(missing_ok=True)


def open(
    folder: Path,
    *,
    passphrase: str | None = None,
    recovery_code: str | None = None,
    keyring: keys.Keyring | None = None,
    ports: Ports | None = None,
    idle_s: float = IDLE_S,
) -> Store:
    """Opens a store by what the caller holds; brings it up to date and picks up what a crash left.

    Raises :class:`StorageError`: ``store.absent``, ``store.locked_away`` (a passphrase is needed),
    ``store.wrong_key``, ``store.recovery_typo``, ``store.key_file``, ``store.damaged``, ``store.newer``,
    ``store.migration``.
    """
    folder, ports = Path(folder), ports or Ports()
    file = keys.KeyFile.read(folder / KEY)
    secret = keys.unlock(file.slots, passphrase=passphrase, recovery_code=recovery_code, ring=keyring)
    if not (folder / DATABASE).exists():
        raise StorageError("store.absent", "Le fichier de données manque. Restaurez la dernière sauvegarde.")
    secret = rotation.settle(folder / KEY, file, secret, folder / DATABASE)
    store = Store(folder, secret, ports, idle_s)
    try:
        store.start()
    except BaseException:
        store.close()
        raise
    return store


def restore(
    source: Path,
    folder: Path,
    *,
    recovery_code: str | None = None,
    passphrase: str | None = None,
    new_passphrase: str | None = None,
    keyring: keys.Keyring | None = None,
    ports: Ports | None = None,
    idle_s: float = IDLE_S,
) -> tuple[Store, VerifyReport]:
    """Puts a backup into ``folder``, on this machine or another, and verifies it.

    ``recovery_code`` or ``passphrase`` opens it and stays valid; ``new_passphrase`` and ``keyring`` add holders of
    this machine. Raises :class:`StorageError`: ``store.exists`` (the folder already holds a store; nothing is
    overwritten), ``backup.damaged``, ``store.wrong_key``, ``store.recovery_typo``, ``store.no_holder``,
    ``store.disk_full``.
    """
    source, folder, ports = Path(source), Path(folder), ports or Ports()
    if exists(folder):
        raise StorageError("store.exists", "Ce dossier contient déjà des données de Calame. Choisissez-en un autre.")
    _make_folder(folder)
    _set_aside_orphan(folder)
    secret, header = backup.unpack(
        source, folder, passphrase=passphrase, recovery_code=recovery_code, database=DATABASE
    )
    slots: keys.Slots = dict(header["slots"])
    if new_passphrase is not None:
        slots["passphrase"] = keys.passphrase_slot(secret, new_passphrase, ports.key_cost, ports.random_bytes)
    if keyring is not None:
        slots["keyring"] = keys.keyring_slot(secret, keyring, ports.random_bytes)
    store = Store(folder, secret, ports, idle_s)
    try:
        # the backup itself is the copy of before
        store.start(backup=False)
        anchor = Anchor(int(header["anchor"]["seq"]), str(header["anchor"]["mac"]))
        store.journal.append(SYSTEM, "store.restored")
        keys.KeyFile(header["store"], slots).write(folder / KEY)
        return store, store.verify(anchors=(anchor,))
    except BaseException:
        store.close()
        raise


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise StorageError("store.unwritable", f"Impossible de créer le dossier ({error.strerror}).") from None
