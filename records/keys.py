"""The key of the store and who can unwrap it.

The database key (32 random bytes) and the journal key (32 random bytes) are one secret of 64
bytes. Each *slot* of ``key.json`` holds that secret wrapped by AES-256-GCM under a key that only
one holder has: the operating system's keyring, a passphrase (Argon2id), the recovery code. The file
alone opens nothing.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from dictation.errors import StorageError
from records.ports import Cost

SCHEMA = "calame-key/1"
SERVICE = "calame"
#: Crockford's alphabet: no I, L, O, U to misread on paper
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RECOVERY_BYTES = 20
Slot = dict[str, Any]
Slots = dict[str, Slot]


class Keyring(Protocol):
    """The part of the ``keyring`` package that is used; any backend of it fits."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


def system_keyring() -> Keyring | None:
    """The operating system's keyring, or ``None`` where there is none that protects anything."""
    import keyring
    from keyring.backends import fail, null

    backend = keyring.get_keyring()
    if isinstance(backend, fail.Keyring | null.Keyring) or backend.priority < 1:
        return None
    # plain-text backends of third parties protect nothing
    return None if "plaintext" in type(backend).__name__.lower() else backend


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """What the slots wrap. Has no ``repr``: it must not reach a log."""

    database: bytes
    journal: bytes

    @classmethod
    def of(cls, data: bytes) -> Secret:
        """From 64 bytes."""
        if len(data) != 64:
            raise ValueError("a secret is 64 bytes long")
        return cls(data[:32], data[32:])

    @property
    def data(self) -> bytes:
        """The 64 bytes."""
        return self.database + self.journal


def derive(key: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose (HKDF-SHA256)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"calame/{purpose}".encode()).derive(key)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


# --- recovery code ------------------------------------------------------------------------------


def new_recovery_code(random_bytes: Callable[[int], bytes]) -> str:
    """160 random bits and 20 of checksum, as nine groups of four: to be printed once and locked away."""
    raw = random_bytes(RECOVERY_BYTES)
    bits = int.from_bytes(raw) << 20 | int.from_bytes(derive(raw, "recovery-checksum")[:3]) >> 4
    letters = "".join(ALPHABET[bits >> shift & 31] for shift in range(175, -1, -5))
    return "-".join(letters[i : i + 4] for i in range(0, 36, 4))


def read_recovery_code(text: str) -> bytes:
    """The 20 bytes behind a typed code; forgives case, spaces, O for 0, I and L for 1.

    Raises :class:`StorageError` ``store.recovery_typo`` when the checksum says that it was mistyped.
    """
    letters = [c for c in text.upper().translate(str.maketrans("OIL", "011")) if c not in "- \u00a0\u2011\t\n"]
    try:
        bits = 0
        for letter in letters:
            bits = bits << 5 | ALPHABET.index(letter)
        raw = (bits >> 20).to_bytes(RECOVERY_BYTES)
        good = len(letters) == 36 and bits & 0xFFFFF == int.from_bytes(derive(raw, "recovery-checksum")[:3]) >> 4
    except (ValueError, OverflowError):
        good = False
    if not good:
        raise StorageError(
            "store.recovery_typo",
            "Ce code de secours contient une faute de frappe. Relisez les neuf groupes de quatre.",
        )
    return raw


# --- slots --------------------------------------------------------------------------------------


def _stretch(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    return hash_secret_raw(
        passphrase.encode(), salt, cost.passes, cost.memory_kib, cost.lanes, hash_len=32, type=Type.ID
    )


def _wrap(secret: Secret, key: bytes, kind: str, random_bytes: Callable[[int], bytes]) -> Slot:
    nonce = random_bytes(12)
    sealed = AESGCM(key).encrypt(nonce, secret.data, f"{SCHEMA}/{kind}".encode())
    return {"nonce": _b64(nonce), "sealed": _b64(sealed)}


def _unwrap(slot: Slot, key: bytes, kind: str) -> Secret:
    nonce, sealed = base64.b64decode(slot["nonce"]), base64.b64decode(slot["sealed"])
    return Secret.of(AESGCM(key).decrypt(nonce, sealed, f"{SCHEMA}/{kind}".encode()))


def passphrase_slot(secret: Secret, passphrase: str, cost: Cost, random_bytes: Callable[[int], bytes]) -> Slot:
    """Wraps under Argon2id; the parameters are kept in the slot."""
    if len(passphrase) < 12:
        raise StorageError("store.passphrase_weak", "La phrase secrète doit compter au moins douze caractères.")
    salt = random_bytes(16)
    key = _stretch(passphrase, salt, cost)
    kept = {"passes": cost.passes, "memory_kib": cost.memory_kib, "lanes": cost.lanes, "salt": _b64(salt)}
    return kept | _wrap(secret, key, "passphrase", random_bytes)


def recovery_slot(secret: Secret, code: str, random_bytes: Callable[[int], bytes]) -> Slot:
    """Wraps under the code; 160 random bits need no stretching."""
    return _wrap(secret, derive(read_recovery_code(code), "recovery"), "recovery", random_bytes)


def keyring_slot(secret: Secret, ring: Keyring, random_bytes: Callable[[int], bytes]) -> Slot:
    """Wraps under 32 random bytes that only the keyring keeps."""
    entry, key = random_bytes(8).hex(), random_bytes(32)
    try:
        ring.set_password(SERVICE, entry, _b64(key))
    except Exception as error:
        raise StorageError(
            "store.keyring",
            f"Le trousseau du système n'a pas voulu garder la clé ({type(error).__name__}). "
            "Déverrouillez-le, ou choisissez une phrase secrète.",
        ) from None
    return {"entry": entry} | _wrap(secret, key, "keyring", random_bytes)


def chained_slot(fresh: Secret, old: Secret, random_bytes: Callable[[int], bytes]) -> Slot:
    """The new secret under the old one, for the time of a rotation."""
    return _wrap(fresh, derive(old.data, "rotation"), "rotation", random_bytes)


def unchain(slot: Slot, old: Secret) -> Secret:
    """The new secret; raises ``InvalidTag``."""
    return _unwrap(slot, derive(old.data, "rotation"), "rotation")


def forget(slot: Slot, ring: Keyring) -> None:
    """Takes a key that is no longer used out of the keyring."""
    with contextlib.suppress(Exception):
        ring.delete_password(SERVICE, slot["entry"])


def unlock(
    slots: Mapping[str, Slot], *, passphrase: str | None, recovery_code: str | None, ring: Keyring | None
) -> Secret:
    """The secret, by whatever the caller holds.

    Raises :class:`StorageError`: ``store.wrong_key``, ``store.recovery_typo``, or ``store.locked_away`` when
    nothing that was given fits a slot.
    """
    wrong = StorageError(
        "store.wrong_key", "La clé n'ouvre pas ces données. Vérifiez la phrase secrète, ou utilisez le code de secours."
    )
    try:
        if recovery_code is not None:
            if "recovery" not in slots:
                raise wrong
            return _unwrap(slots["recovery"], derive(read_recovery_code(recovery_code), "recovery"), "recovery")
        if passphrase is not None:
            if "passphrase" not in slots:
                raise wrong
            slot = slots["passphrase"]
            cost = Cost(slot["passes"], slot["memory_kib"], slot["lanes"])
            return _unwrap(slot, _stretch(passphrase, base64.b64decode(slot["salt"]), cost), "passphrase")
        if ring is not None and "keyring" in slots:
            kept = None
            with contextlib.suppress(Exception):
                kept = ring.get_password(SERVICE, slots["keyring"]["entry"])
            if kept is not None:
                return _unwrap(slots["keyring"], base64.b64decode(kept), "keyring")
    except InvalidTag:
        raise wrong from None
    except (KeyError, TypeError, ValueError) as error:
        raise StorageError(
            "store.key_file", "Le fichier de clé est abîmé. Restaurez la dernière sauvegarde avec le code de secours."
        ) from error
    raise StorageError(
        "store.locked_away",
        "Les données sont chiffrées : donnez la phrase secrète, ou le code de secours imprimé à l'installation.",
    )


# --- the file -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyFile:
    """``key.json``: slots in force, and those of a rotation that is under way."""

    store_id: str
    slots: Slots
    #: slots of the key that a rotation is putting in force
    pending: Slots | None = None
    #: that key wrapped under the one it replaces
    chained: Slot | None = None
    #: nobody has seen the recovery code of these slots
    renew: bool = False

    def write(self, path: Path) -> None:
        """Replaces the file atomically; readable by its owner only."""
        data: dict[str, Any] = {"schema": SCHEMA, "store": self.store_id, "slots": self.slots}
        extra: dict[str, Any] = {"pending": self.pending, "chained": self.chained, "renew": self.renew}
        data |= {k: v for k, v in extra.items() if v}
        replace_file(path, json.dumps(data, indent=1).encode())

    @classmethod
    def read(cls, path: Path) -> KeyFile:
        """Raises :class:`StorageError`: ``store.absent`` or ``store.key_file``."""
        try:
            data = json.loads(path.read_bytes())
            if data["schema"] != SCHEMA:
                raise ValueError(data["schema"])
            return cls(
                data["store"],
                dict(data["slots"]),
                data.get("pending"),
                data.get("chained"),
                bool(data.get("renew", False)),
            )
        except FileNotFoundError:
            raise StorageError(
                "store.absent", "Aucune donnée de Calame dans ce dossier. Créez-les au premier lancement, ou restaurez."
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StorageError(
                "store.key_file",
                "Le fichier de clé est abîmé. Restaurez la dernière sauvegarde avec le code de secours.",
            ) from error


def replace_file(path: Path, data: bytes) -> None:
    """Writes beside, syncs, renames: the old or the new content, never a mix. Raises ``OSError``."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
