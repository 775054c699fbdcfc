"""What a check looks at and what it finds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from dictation.form import Form
from records import Store


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
