"""Checks of the encrypted store: encryption, key, accounts, retention, backup, journal, files in clear."""

from __future__ import annotations

import os
import re
import stat

from app.audit.base import LOCKED, Outcome, Scene, Status, fault, ok
from dictation.errors import CalameError
from records import Role

BACKUP_DAYS, AUDIO_DAYS = 7, 7
SQLITE = b"SQLite format 3\0"


def encryption(s: Scene) -> Outcome:
    """The database is not readable without its key."""
    base = s.folder / "calame.db"
    if not base.exists():
        return fault("Aucune base de données. Lancez «\u00a0calame app\u00a0» et créez le premier compte.")
    with base.open("rb") as stream:
        head = stream.read(16)
    if head == SQLITE:
        return fault("La base est en clair. Restaurez une sauvegarde chiffrée et détruisez ce fichier.")
    return ok("Base chiffrée (SQLCipher).")


def key(s: Scene) -> Outcome:
    """The key is wrapped by the keyring or a passphrase, beside the recovery code."""
    from records.keys import KeyFile

    try:
        slots = KeyFile.read(s.folder / "key.json").slots
    except CalameError as error:
        return fault(error.message)
    holders = [name for name in ("keyring", "passphrase") if name in slots]
    if "recovery" not in slots:
        return fault("Pas de code de secours\u00a0: une panne du trousseau rendrait tout illisible. Créez-en un.")
    if not holders:
        return fault("Ni trousseau ni phrase secrète\u00a0: choisissez une phrase secrète dans les réglages.")
    return ok(
        "Clé gardée par "
        + " et ".join({"keyring": "le trousseau", "passphrase": "une phrase secrète"}[h] for h in holders)
        + "."
    )


def permissions(s: Scene) -> Outcome:
    """Nobody else on this machine can read the folder."""
    if os.name != "posix" or not s.folder.exists():
        return Outcome(Status.UNKNOWN, "Droits des fichiers non lisibles sur ce système.")
    open_files = [p for p in (s.folder, *s.folder.rglob("*")) if stat.S_IMODE(p.lstat().st_mode) & 0o077]
    if open_files:
        return fault(
            f"{len(open_files)} fichier(s) lisibles par d'autres comptes\u00a0: chmod -R go-rwx sur le dossier de données."
        )
    return ok("Dossier réservé à son propriétaire.")


def accounts(s: Scene) -> Outcome:
    """Named accounts: at least one doctor, at least one administrator."""
    if s.store is None:
        return LOCKED
    active = [a for a in s.store.accounts.list() if a.active]
    if not any(Role.DOCTOR in a.roles for a in active):
        return fault("Aucun médecin actif\u00a0: personne ne peut signer.")
    if not any(Role.ADMINISTRATOR in a.roles for a in active):
        return fault("Aucun administrateur actif.")
    shared = [
        a for a in active if re.search(r"^(cabinet|secretariat|accueil|medecin|test|admin|user)\d*$", a.login, re.I)
    ]
    if shared:
        return fault(f"{len(shared)} compte(s) au nom générique\u00a0: un compte par personne.")
    return ok(f"{len(active)} compte(s) nominatif(s).")


def roles(s: Scene) -> Outcome:
    """Nobody is both secretary and signing doctor."""
    if s.store is None:
        return LOCKED
    both = [a for a in s.store.accounts.list() if a.active and {Role.DOCTOR, Role.SECRETARY} <= set(a.roles)]
    if both:
        return fault(f"{len(both)} compte(s) à la fois médecin et secrétaire\u00a0: séparez-les.")
    return ok("Rôles séparés.")


def retention(s: Scene) -> Outcome:
    """Working notes do not stay longer than a week."""
    if s.store is None:
        return LOCKED
    policy = s.store.retention.policy()
    if policy.audio_after_signature_h > 24 * AUDIO_DAYS:
        return fault(
            f"Le son reste {policy.audio_after_signature_h}\u00a0h après la signature\u00a0: {24 * AUDIO_DAYS}\u00a0h au plus."
        )
    if policy.unsigned_days > 31:
        return fault(f"Les brouillons restent {policy.unsigned_days}\u00a0jours\u00a0: 31 au plus.")
    return ok(f"Son {policy.audio_after_signature_h}\u00a0h, brouillons {policy.unsigned_days}\u00a0jours.")


def backup(s: Scene) -> Outcome:
    """A backup of the last week is known to the journal."""
    if s.store is None:
        return LOCKED
    made = [e.at for e in s.store.journal.entries(limit=1_000_000) if e.action == "store.backed_up"]
    if not made:
        return fault("Aucune sauvegarde. Faites\u00a0: calame store backup FICHIER, sur un autre support.")
    age = (s.now - max(made)).days
    if age > BACKUP_DAYS:
        return fault(f"Dernière sauvegarde il y a {age}\u00a0jours. Faites\u00a0: calame store backup FICHIER")
    return ok(f"Dernière sauvegarde il y a {age}\u00a0jour(s).")


def journal(s: Scene) -> Outcome:
    """The chain of the journal is whole."""
    if s.store is None:
        return LOCKED
    report = s.store.verify()
    if not report.ok:
        return fault(f"{len(report.problems)} anomalie(s)\u00a0: {report.problems[0].message}")
    return ok(f"{report.entries} entrées, chaîne intacte.")


def leftovers(s: Scene) -> Outcome:
    """No recording or document in clear beside the encrypted store."""
    place = s.folder.parent
    clear = [
        p
        for p in place.rglob("*")
        if p.suffix.lower() in (".wav", ".flac", ".mp3", ".m4a", ".docx", ".pdf") and p not in s.letterheads
    ]
    return (
        fault(f"{len(clear)} fichier(s) en clair dans le dossier de données\u00a0: supprimez-les.")
        if clear
        else ok("Rien en clair.")
    )
