"""Checks of the machine: addresses, models, licences, versions, room on the disk."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
from pathlib import Path

from app import models, third_party
from app.audit.base import Outcome, Scene, Status, fault, ok
from app.sockets import sockets
from dictation.errors import CalameError

FREE_BYTES = 1_000_000_000


def listening(s: Scene) -> Outcome:
    """No process of this installation listens beyond loopback."""
    found = sockets()
    if found is None:
        return Outcome(Status.UNKNOWN, "Les connexions ne sont pas lisibles sur ce système.")
    outside = sorted({f"{x.local}" for x in found if x.listening and not x.local_loopback})
    return (
        fault("Écoute sur " + ", ".join(outside) + "\u00a0: relancez sur 127.0.0.1.")
        if outside
        else ok("127.0.0.1 seulement.")
    )


def outgoing(s: Scene) -> Outcome:
    """No process of this installation talks to another machine."""
    found = sockets()
    if found is None:
        return Outcome(Status.UNKNOWN, "Les connexions ne sont pas lisibles sur ce système.")
    away = sorted({x.remote for x in found if not x.listening and not x.remote_loopback})
    return fault("Connexion ouverte vers " + ", ".join(away)) if away else ok("Aucune connexion sortante.")


def weights(s: Scene) -> Outcome:
    """Default models are whole."""
    for model in models.defaults():
        try:
            models.verify(model.name)
        except CalameError as error:
            return fault(error.message)
    return ok(", ".join(m.name for m in models.defaults()) + "\u00a0: empreintes SHA-256 conformes.")


def licences(s: Scene) -> Outcome:
    """Installed models may be used in a practice; what Calame carries of others is there with its licence."""
    held = [m for m in models.catalogue() if models.installed(m)]
    research = [m.name for m in held if re.search(r"research|non.?commercial", m.licence, re.I)]
    if research:
        return fault("Licence de recherche\u00a0: " + ", ".join(research) + ". Demandez l'accord de l'éditeur.")
    lost = [file for part in third_party.bundled() for file in part.missing]
    if lost:
        return fault(
            f"{len(lost)} fichier(s) d'autrui ou de leur licence absents\u00a0: {lost[0]}. Réinstallez Calame."
        )
    carried = sorted(f"{p.name} ({p.licence})" for p in third_party.bundled())
    return ok(", ".join([*sorted({f"{m.name} ({m.licence})" for m in held}), *carried]))


def versions(s: Scene) -> Outcome:
    """What is installed is what the lock says."""
    if not s.lock.exists():
        return fault("Fichier de verrouillage absent (requirements.lock).")
    locked: dict[str, list[str]] = {}
    for name, wanted in re.findall(
        r"^([a-zA-Z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", s.lock.read_text(encoding="utf-8"), re.M
    ):
        locked.setdefault(name, []).append(wanted)
    differ = []
    for name, wanted_versions in locked.items():
        try:
            have = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        if have not in wanted_versions:
            differ.append(f"{name} {have} au lieu de {' ou '.join(wanted_versions)}")
    return (
        fault("; ".join(differ[:5]) + ". Relancez l'installation.")
        if differ
        else ok("Versions conformes au verrouillage.")
    )


def disk(s: Scene) -> Outcome:
    """Room to go on recording."""
    place = s.folder if s.folder.exists() else Path.home()
    free = shutil.disk_usage(place).free
    if free < FREE_BYTES:
        return fault(f"Il ne reste que {free / 1e9:.1f}\u00a0Go\u00a0: libérez de la place.")
    return ok(f"{free / 1e9:.0f}\u00a0Go libres.")
