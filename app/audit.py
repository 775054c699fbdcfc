"""The check-list of this installation: every line is checked by code when asked, none is remembered.

Each check is one function returning an :class:`Outcome`; :data:`CHECKS` ties it to the rule it comes
from. Rules and their marks follow ``docs/conformite.md`` (L: read in the source; M: from memory, to be
confirmed). Nothing here reads a dictation.
"""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from app import models, paths
from app.sockets import sockets
from app.unlock import store_folder
from dictation.errors import CalameError
from dictation.form import Form
from records import Role, Store

ROOT = Path(__file__).resolve().parents[1]
BACKUP_DAYS, AUDIO_DAYS, IDLE_MINUTES, FREE_BYTES = 7, 7, 10, 1_000_000_000
SQLITE = b"SQLite format 3\0"


class Status(Enum):
    """What a check found."""

    OK = "conforme"
    FAULT = "à corriger"
    UNKNOWN = "non vérifiable"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of the list."""

    status: Status
    #: French: what was seen, and what to do when it is a fault
    detail: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What the checks look at."""

    folder: Path
    #: ``None`` when it could not be opened here
    store: Store | None
    now: dt.datetime
    forms: Callable[[], tuple[Form, ...]]
    lock: Path
    compliance: Path
    letterheads: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A check with its rule and its result."""

    code: str
    title: str
    rule: str
    #: "L" read, "M" from memory: to be confirmed
    source: str
    outcome: Outcome


def ok(detail: str) -> Outcome:
    return Outcome(Status.OK, detail)


def fault(detail: str) -> Outcome:
    return Outcome(Status.FAULT, detail)


LOCKED = Outcome(
    Status.UNKNOWN, "Dossier fermé\u00a0: ouvrez l'application, ou donnez CALAME_PASSPHRASE, puis relancez."
)


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
    """Installed models may be used in a practice."""
    held = [m for m in models.catalogue() if models.installed(m)]
    research = [m.name for m in held if re.search(r"research|non.?commercial", m.licence, re.I)]
    if research:
        return fault("Licence de recherche\u00a0: " + ", ".join(research) + ". Demandez l'accord de l'éditeur.")
    return ok(", ".join(sorted({f"{m.name} ({m.licence})" for m in held})))


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


def catalogue(s: Scene) -> Outcome:
    """Every form of the practice is sound."""
    try:
        return ok(f"{len(s.forms())} définitions valables.")
    except CalameError as error:
        return fault(error.message.splitlines()[0])


def letterheads(s: Scene) -> Outcome:
    """Every letterhead of the practice is sound."""
    from templates.letterhead import check_letterhead

    for path in s.letterheads:
        try:
            problems = check_letterhead(path, s.forms())
        except CalameError as error:
            return fault(error.message)
        if problems:
            return fault(f"{path.name}\u00a0: {problems[0]}")
    return ok(f"{len(s.letterheads)} papier(s) du cabinet et ceux de Calame.")


def _page(s: Scene, name: str, title: str) -> Outcome:
    path = s.compliance / name
    if not path.exists():
        return fault(f"{title} absent(e)\u00a0: copiez le modèle {name} et complétez-le.")
    text = path.read_text(encoding="utf-8", errors="replace")
    if "____" in text:
        return fault(f"{title} à compléter ({name} a encore des blancs).")
    return ok(f"{title} présent(e) et complété(e).")


def notice(s: Scene) -> Outcome:
    """The patient notice is there and filled in."""
    return _page(s, "notice_patient.md", "Information du patient")


def aipd(s: Scene) -> Outcome:
    """The impact assessment is there and filled in."""
    return _page(s, "aipd.md", "Analyse d'impact")


def register(s: Scene) -> Outcome:
    """The processing register is there and filled in."""
    return _page(s, "registre.md", "Registre des traitements")


def disk(s: Scene) -> Outcome:
    """Room to go on recording."""
    place = s.folder if s.folder.exists() else Path.home()
    free = shutil.disk_usage(place).free
    if free < FREE_BYTES:
        return fault(f"Il ne reste que {free / 1e9:.1f}\u00a0Go\u00a0: libérez de la place.")
    return ok(f"{free / 1e9:.0f}\u00a0Go libres.")


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


#: code, title, rule, source mark (``docs/conformite.md``), check
CHECKS: tuple[tuple[str, str, str, str, Callable[[Scene], Outcome]], ...] = (
    ("chiffrement", "Chiffrement des données", "RGPD art. 32; PGSSI-S", "L", encryption),
    ("cle", "Protection de la clé", "RGPD art. 32; PGSSI-S", "L", key),
    ("droits", "Droits des fichiers", "RGPD art. 32", "L", permissions),
    ("clair", "Aucun fichier en clair", "RGPD art. 32", "L", leftovers),
    ("comptes", "Comptes individuels", "Arrêté du 28/03/2022, identification électronique", "L", accounts),
    ("roles", "Séparation des rôles", "PGSSI-S; CSP L.1110-4", "L", roles),
    ("conservation", "Durées de conservation", "RGPD art. 5-1-e; référentiel CNIL 2020-081", "L", retention),
    ("sauvegarde", "Âge de la sauvegarde", "RGPD art. 32-1-c", "M", backup),
    ("journal", "Journal intact", "PGSSI-S imputabilité; projet de guide HAS–CNIL", "L", journal),
    ("ecoute", "Écoute sur 127.0.0.1 seulement", "Traitement sur place (hors CSP L.1111-8)", "L", listening),
    ("sortie", "Aucune connexion sortante", "Traitement sur place (hors CSP L.1111-8)", "L", outgoing),
    ("modeles", "Modèles et empreintes", "HAS «\u00a0Estimer\u00a0»; dossier technique", "L", weights),
    ("licences", "Licences des modèles", "Conditions des éditeurs", "M", licences),
    ("versions", "Versions verrouillées", "Reproductibilité", "M", versions),
    ("formulaires", "Définitions des documents", "Intégrité des documents", "M", catalogue),
    ("papier", "Papiers à en-tête", "Intégrité des documents", "M", letterheads),
    ("notice", "Information du patient", "RGPD art. 12-14; CSP L.1111-2", "L", notice),
    ("aipd", "Analyse d'impact", "RGPD art. 35", "L", aipd),
    ("registre", "Registre des traitements", "RGPD art. 30", "L", register),
    ("disque", "Place sur le disque", "Continuité", "M", disk),
)


def audit(scene: Scene) -> Iterator[Line]:
    """Runs every check; a check that breaks is a line that says so, never a crash."""
    for code, title, rule, source, check in CHECKS:
        try:
            outcome = check(scene)
        except CalameError as error:
            outcome = fault(error.message)
        except OSError as error:
            outcome = Outcome(Status.UNKNOWN, f"Non vérifiable\u00a0: {error.strerror or type(error).__name__}.")
        yield Line(code, title, rule, source, outcome)


def scene_of_this_machine(store: Store | None) -> Scene:
    """This installation, now."""
    from app.wiring import forms_catalogue

    own = paths.data_dir() / "papiers"
    return Scene(
        folder=store_folder(),
        store=store,
        now=dt.datetime.now(dt.UTC),
        forms=lambda: forms_catalogue().forms,
        lock=ROOT / "requirements.lock",
        compliance=paths.data_dir() / "conformite",
        letterheads=tuple(sorted(own.glob("*.docx"))) if own.is_dir() else (),
    )
