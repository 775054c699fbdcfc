"""A folder that a recorder or a phone fills: each new recording is offered once.

A file is offered when its size and date have not changed between two looks (it is whole) and its content was
never offered before: identity is the SHA-256 of the bytes, so a copy or a renamed file does not come twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, MutableSet
from dataclasses import dataclass
from pathlib import Path

from dictation.errors import InputError

SOUND_SUFFIXES = frozenset(
    f".{name}"
    for name in (
        *("wav", "mp3", "m4a", "mp4", "aac", "ogg", "oga", "opus", "flac", "wma", "amr", "3gp"),
        *("aif", "aiff", "caf", "webm", "dss", "ds2"),
    )
)


@dataclass(frozen=True, slots=True)
class NewFile:
    """A recording to import."""

    path: Path
    #: SHA-256 of its bytes, hexadecimal: add it to what was seen once the import is safe on disk
    sha256: str


class FolderWatch:
    """Call :meth:`poll` every second or two. ``seen`` holds the digests already imported; not thread-safe.

    ``poll`` does not write into ``seen``: the caller adds ``sha256`` after the import is safe, so that a crash
    between the two offers the file again rather than losing it. Within one watch a file is offered once.
    """

    def __init__(self, folder: Path, seen: MutableSet[str]) -> None:
        self._folder = Path(folder)
        self._seen = seen
        self._before: dict[Path, tuple[int, int]] = {}
        self._offered: dict[Path, tuple[int, int]] = {}
        self._digests: set[str] = set()

    def poll(self) -> tuple[NewFile, ...]:
        """New whole recordings, oldest first.

        Raises :class:`~dictation.errors.InputError` ``watch.folder`` when the folder cannot be listed.
        """
        now = dict(self._look())
        whole = [p for p, mark in now.items() if self._before.get(p) == mark and self._offered.get(p) != mark]
        self._before = now
        self._offered = {p: mark for p, mark in self._offered.items() if p in now}
        out: list[NewFile] = []
        for path in sorted(whole, key=lambda p: (now[p][1], p.name)):
            try:
                digest = _sha256(path)
            except OSError:  # still locked by what copies it: next time
                continue
            self._offered[path] = now[path]
            if digest not in self._seen and digest not in self._digests:
                self._digests.add(digest)
                out.append(NewFile(path, digest))
        return tuple(out)

    def _look(self) -> Iterator[tuple[Path, tuple[int, int]]]:
        try:
            entries = list(self._folder.iterdir())
        except OSError as error:
            raise InputError(
                "watch.folder",
                f"Le dossier surveillé «\u00a0{self._folder.name}\u00a0» est introuvable ou illisible\u00a0: "
                "vérifiez les réglages.",
            ) from error
        for path in entries:
            if path.suffix.lower() not in SOUND_SUFFIXES or path.name.startswith((".", "~")):
                continue
            try:
                stat = path.stat()
            except OSError:
                continue
            if stat.st_size:
                yield path, (stat.st_size, stat.st_mtime_ns)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
