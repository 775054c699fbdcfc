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
from records import keys
from records.dictations import EditConflict
from records.ports import Ports
from records.recording import Recording
from records.sessions import IDLE_S
from records.store import KEY, Store
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
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise StorageError("store.unwritable", f"Impossible de créer le dossier ({error.strerror}).") from None
    secret = keys.Secret.of(ports.random_bytes(64))
    code = keys.new_recovery_code(ports.random_bytes)
    slots: keys.Slots = {"recovery": keys.recovery_slot(secret, code, ports.random_bytes)}
    if passphrase is not None:
        slots["passphrase"] = keys.passphrase_slot(secret, passphrase, ports.key_cost, ports.random_bytes)
    if keyring is not None:
        slots["keyring"] = keys.keyring_slot(secret, keyring, ports.random_bytes)
    store_id = ports.new_id()
    from records.schema import Base

    store = Store(folder, secret, store_id, ports, idle_s)
    Base.metadata.create_all(store._db.engine)
    keys.KeyFile(store_id, slots).write(folder / KEY)
    store.journal.append(SYSTEM, "store.created")
    return store, code


def open(
    folder: Path,
    *,
    passphrase: str | None = None,
    recovery_code: str | None = None,
    keyring: keys.Keyring | None = None,
    ports: Ports | None = None,
    idle_s: float = IDLE_S,
) -> Store:
    """Opens a store by what the caller holds.

    Raises :class:`StorageError`: ``store.absent``, ``store.locked_away`` (a passphrase is needed),
    ``store.wrong_key``, ``store.recovery_typo``, ``store.key_file``, ``store.damaged``.
    """
    folder, ports = Path(folder), ports or Ports()
    file = keys.KeyFile.read(folder / KEY)
    secret = keys.unlock(file.slots, passphrase=passphrase, recovery_code=recovery_code, ring=keyring)
    return Store(folder, secret, file.store_id, ports, idle_s)
