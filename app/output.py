"""Writing results: whole or not at all, with clear words when the disk is full."""

from __future__ import annotations

import errno
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from app.strings import say
from dictation.errors import StorageError


def tell(text: str) -> None:
    """A line for people, on stderr."""
    print(text, file=sys.stderr, flush=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Writes beside, syncs, renames. Raises :class:`StorageError`; an earlier file stays intact."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(name, 0o600)
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageError("output.disk_full", say("disk_full", name=path.name)) from error
        reason = error.strerror or type(error).__name__
        raise StorageError("output.unwritable", say("cannot_write", name=path.name, reason=reason)) from error


def write_text(path: Path, text: str) -> None:
    """UTF-8 text, see :func:`write_bytes`."""
    write_bytes(path, text.encode("utf-8"))


def write_json(target: str, data: Any) -> None:
    """JSON to a file, or to stdout when ``target`` is "-"."""
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    if target == "-":
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        write_text(Path(target), text)
