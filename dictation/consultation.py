"""What the application already knows before a word is said (``--patient FILE``). All optional."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Author:
    """The doctor, from the practice's profile; never from the voice."""

    name: str | None = None
    specialty: str | None = None
    rpps: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """Identity traits. ``identity_status`` follows the INS reference: provisoire … qualifiée."""

    last_name: str | None = None
    first_name: str | None = None
    #: "F", "M", "I"
    sex: str | None = None
    birth_date: dt.date | None = None
    civility: str | None = None
    identity_status: str = "provisoire"
    ins: str | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom the letter goes to."""

    name: str | None = None
    specialty: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Consultation:
    """Context of a dictation. A date said without its year takes it from ``date``."""

    date: dt.date | None = None
    author: Author = Author()
    patient: Patient = Patient()
    recipient: Recipient = Recipient()
