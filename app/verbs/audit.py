"""``calame audit``: the check-list of this installation, as text, JSON and Word."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.audit import Status, audit, scene_of_this_machine
from app.output import tell, write_bytes, write_json
from app.unlock import open_store
from dictation.errors import StorageError

_MARK = {Status.OK: "✓", Status.FAULT: "✗", Status.UNKNOWN: "?"}


def run(args: argparse.Namespace) -> int:
    """Always 0 when the list could be made: what must be corrected is in the list."""
    store = None
    try:
        store = open_store()
    except StorageError as error:
        tell(str(error))
    try:
        scene = scene_of_this_machine(store)
        lines = list(audit(scene))
    finally:
        if store is not None:
            store.close()
    rows = [
        (
            line.title,
            line.outcome.status.value,
            line.outcome.detail,
            line.rule + (" (source à confirmer)" if line.source == "M" else ""),
        )
        for line in lines
    ]
    if args.json != "-":
        for line, row in zip(lines, rows, strict=True):
            print(f"{_MARK[line.outcome.status]} {row[0]}\u00a0: {row[2]}  [{row[3]}]")
    if args.json:
        data = [
            {
                "code": x.code,
                "titre": x.title,
                "etat": x.outcome.status.value,
                "detail": x.outcome.detail,
                "regle": x.rule,
                "source": x.source,
            }
            for x in lines
        ]
        write_json(args.json, {"schema": "calame-audit/1", "date": scene.now.isoformat(), "lignes": data})
    if args.docx:
        from templates.checklist import checklist_docx

        header = ("Point vérifié", "État", "Constat", "Règle")
        title = "Liste de contrôle de l'installation Calame"
        write_bytes(Path(args.docx), checklist_docx(title, scene.now.date(), header, rows))
    faults = sum(x.outcome.status is Status.FAULT for x in lines)
    tell(f"{faults} point(s) à corriger sur {len(lines)}.")
    return 0
