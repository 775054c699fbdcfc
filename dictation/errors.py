"""Every error Calame raises on purpose.

    CalameError                     code, French message, exit status
    ├── UsageError                  2  wrong use of a command
    ├── InputError                  3  what was given cannot be used (audio, text, form, letterhead)
    ├── EngineError                 4  an engine or a model is missing, broken or died
    │   └── ModelError              4  weights missing, partial or corrupt
    ├── RefusedError                5  a law of the house says no (unsigned export, opposed patient)
    └── StorageError                3  the disk or the store cannot keep what it is given
        └── ConflictError           3  somebody else changed the same document first

``code`` is stable (scripts match on it); ``message`` is French, says what to do, and never
contains dictated text or an identity.
"""

from __future__ import annotations


class CalameError(Exception):
    """Base of the tree; ``str(error)`` is ``[code] message``."""

    exit_status = 1

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"[{code}] {message}")
        self.code = code
        self.message = message


class UsageError(CalameError):
    """The command was called in a way it does not have."""

    exit_status = 2


class InputError(CalameError):
    """Something given by the user cannot be used; nothing was changed."""

    exit_status = 3


class EngineError(CalameError):
    """An engine (recognition, drafting, capture) is missing, broken or died."""

    exit_status = 4


class ModelError(EngineError):
    """A model's files are missing, incomplete or do not match their SHA-256."""


class RefusedError(CalameError):
    """A law of the house forbids it: unsigned export, opposed patient, wrong role."""

    exit_status = 5


class StorageError(CalameError):
    """The disk is full or the store is locked, broken or of another version."""

    exit_status = 3


class ConflictError(StorageError):
    """The record was changed by somebody else since it was read; both versions are kept."""
