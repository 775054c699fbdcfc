"""Which processes that use the store are alive: each holds a lock on a small file for as long as it lives.

The lock goes with the process, however it dies; a crash is then told from a slow machine at once,
without waiting for a lease to run out.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path


class Presence:
    """This process's mark. Thread-safe. ``id`` is unique for each opened store."""

    def __init__(self, folder: Path, instance: str) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        self.id = instance
        self._folder = folder
        self._mutex = threading.Lock()
        self._file = os.open(self._path(instance), os.O_RDWR | os.O_CREAT, 0o600)
        if not _lock(self._file):
            raise OSError(f"instance {instance} is taken")

    def _path(self, instance: str) -> Path:
        return self._folder / f"{instance}.lock"

    def alive(self, instance: str | None) -> bool:
        """True when the process behind ``instance`` still runs."""
        if instance is None:
            return False
        if instance == self.id:
            return True
        with self._mutex:
            try:
                file = os.open(self._path(instance), os.O_RDWR)
            except OSError:
                return False
            try:
                if not _lock(file):
                    return True
                with contextlib.suppress(OSError):
                    self._path(instance).unlink()
                return False
            finally:
                os.close(file)

    def others(self) -> tuple[str, ...]:
        """Other live instances; sweeps the files of dead ones."""
        names = [p.stem for p in self._folder.glob("*.lock")]
        return tuple(n for n in names if n != self.id and self.alive(n))

    def close(self) -> None:
        """Leaves."""
        with self._mutex:
            if self._file >= 0:
                with contextlib.suppress(OSError):
                    self._path(self.id).unlink()
                os.close(self._file)
                self._file = -1


@contextlib.contextmanager
def alone(path: Path, *, patience_s: float = 600.0) -> Iterator[None]:
    """One process at a time inside; the lock goes with a process that dies. Raises ``TimeoutError``."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + patience_s
        while not _lock(file):
            if time.monotonic() > deadline:
                raise TimeoutError(path.name)
            time.sleep(0.05)
        yield
    finally:
        os.close(file)


def _lock(file: int) -> bool:
    """Takes the lock without waiting; False when somebody else has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
