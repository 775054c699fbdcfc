"""Opening the practice's store from the command line."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from app import paths
from dictation.errors import StorageError
from records import Store, exists, open, system_keyring


def store_folder() -> Path:
    """Where the encrypted store is."""
    return paths.data_dir() / "store"


def open_store() -> Store:
    """By the system's keyring, ``CALAME_PASSPHRASE``, or a question on the terminal.

    Raises :class:`StorageError` ``store.absent`` when there is none, or what ``records.open`` raises.
    """
    folder = store_folder()
    if not exists(folder):
        raise StorageError("store.absent", "Aucun dossier chiffré ici\u00a0: lancez d'abord «\u00a0calame app\u00a0».")
    passphrase = os.environ.get("CALAME_PASSPHRASE")
    if passphrase:
        return open(folder, passphrase=passphrase)
    try:
        return open(folder, keyring=system_keyring())
    except StorageError as error:
        if error.code != "store.locked_away" or not sys.stdin.isatty():
            raise
    return open(folder, passphrase=getpass.getpass("Phrase secrète\u00a0: "))
