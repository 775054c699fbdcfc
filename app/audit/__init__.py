"""The check-list of this installation: every line is checked by code when asked, none is remembered.

Each check is one function returning an :class:`Outcome`; :data:`CHECKS` ties it to the rule it comes
from. Rules and their marks follow ``docs/conformite.md`` (L: read in the source; M: from memory, to be
confirmed). Nothing here reads a dictation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

from app import paths
from app.audit import machine, papers, store
from app.audit.base import Line, Outcome, Scene, Status, fault
from app.unlock import store_folder
from dictation.errors import CalameError
from records import Store

__all__ = ["CHECKS", "Line", "Outcome", "Scene", "Status", "audit", "scene_of_this_machine"]

ROOT = Path(__file__).resolve().parents[2]


#: code, title, rule, source mark (``docs/conformite.md``), check
CHECKS: tuple[tuple[str, str, str, str, Callable[[Scene], Outcome]], ...] = (
    ("chiffrement", "Chiffrement des données", "RGPD art. 32; PGSSI-S", "L", store.encryption),
    ("cle", "Protection de la clé", "RGPD art. 32; PGSSI-S", "L", store.key),
    ("droits", "Droits des fichiers", "RGPD art. 32", "L", store.permissions),
    ("clair", "Aucun fichier en clair", "RGPD art. 32", "L", store.leftovers),
    ("comptes", "Comptes individuels", "Arrêté du 28/03/2022, identification électronique", "L", store.accounts),
    ("roles", "Séparation des rôles", "PGSSI-S; CSP L.1110-4", "L", store.roles),
    ("conservation", "Durées de conservation", "RGPD art. 5-1-e; référentiel CNIL 2020-081", "L", store.retention),
    ("sauvegarde", "Âge de la sauvegarde", "RGPD art. 32-1-c", "M", store.backup),
    ("journal", "Journal intact", "PGSSI-S imputabilité; projet de guide HAS–CNIL", "L", store.journal),
    ("ecoute", "Écoute sur 127.0.0.1 seulement", "Traitement sur place (hors CSP L.1111-8)", "L", machine.listening),
    ("sortie", "Aucune connexion sortante", "Traitement sur place (hors CSP L.1111-8)", "L", machine.outgoing),
    ("modeles", "Modèles et empreintes", "HAS «\u00a0Estimer\u00a0»; dossier technique", "L", machine.weights),
    ("licences", "Licences des modèles, polices et listes", "Conditions des éditeurs", "M", machine.licences),
    ("versions", "Versions verrouillées", "Reproductibilité", "M", machine.versions),
    ("formulaires", "Définitions des documents", "Intégrité des documents", "M", papers.catalogue),
    ("papier", "Papiers à en-tête", "Intégrité des documents", "M", papers.letterheads),
    ("notice", "Information du patient", "RGPD art. 12-14; CSP L.1111-2", "L", papers.notice),
    ("aipd", "Analyse d'impact", "RGPD art. 35", "L", papers.aipd),
    ("registre", "Registre des traitements", "RGPD art. 30", "L", papers.register),
    ("disque", "Place sur le disque", "Continuité", "M", machine.disk),
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


def scene_of_this_machine(opened: Store | None) -> Scene:
    """This installation, now."""
    from app.wiring import forms_catalogue

    own = paths.data_dir() / "papiers"
    return Scene(
        folder=store_folder(),
        store=opened,
        now=dt.datetime.now(dt.UTC),
        forms=lambda: forms_catalogue().forms,
        lock=ROOT / "requirements.lock",
        compliance=paths.data_dir() / "conformite",
        letterheads=tuple(sorted(own.glob("*.docx"))) if own.is_dir() else (),
    )
