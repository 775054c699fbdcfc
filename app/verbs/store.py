"""``calame store``: backup, restore, purge, verify."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path

from app.output import tell
from app.unlock import open_store, store_folder
from dictation.errors import UsageError


def run(args: argparse.Namespace) -> int:
    """Each action says what it did; ``verify`` ends with 3 when something is wrong."""
    if args.what == "restore":
        return _restore(Path(args.file))
    with open_store() as store:
        if args.what == "backup":
            report = store.backup(Path(args.file))
            tell(f"Sauvegarde chiffrée écrite\u00a0: {report.path} ({report.size / 1e6:.1f}\u00a0Mo).")
        elif args.what == "purge":
            purged = store.maintain()
            tell(
                f"Purgé\u00a0: {purged.dictations} dictée(s), {purged.audio_s:.0f}\u00a0s de son, "
                f"{purged.transcripts} transcription(s), {purged.drafts} brouillon(s), {purged.documents} document(s)."
            )
        else:
            checked = store.verify()
            for problem in checked.problems:
                print(problem.message)
            tell(
                f"{checked.entries} entrées du journal\u00a0: " + ("intact." if checked.ok else "PROBLÈMES ci-dessus.")
            )
            return 0 if checked.ok else 3
    return 0


def _restore(source: Path) -> int:
    from records import restore, system_keyring

    code = os.environ.get("CALAME_RECOVERY_CODE")
    if not code:
        if not sys.stdin.isatty():
            raise UsageError(
                "usage", "Donnez le code de secours dans CALAME_RECOVERY_CODE, ou lancez dans un terminal."
            )
        code = getpass.getpass("Code de secours imprimé à l'installation\u00a0: ")
    store, report = restore(source, store_folder(), recovery_code=code, keyring=system_keyring())
    with store:
        tell(f"Restauré dans {store_folder().name}\u00a0: {report.entries} entrées du journal vérifiées.")
        for problem in report.problems:
            print(problem.message)
    return 0 if report.ok else 3
