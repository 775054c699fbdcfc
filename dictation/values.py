"""Typed values a reader finds in words. Numbers are :class:`~decimal.Decimal`, as dictated."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


@dataclass(frozen=True, slots=True)
class Vital:
    """A vital sign or bedside measure. Blood pressure uses ``sys``/``dia``, the others ``value``."""

    #: "TA", "FC", "FR", "SpO2", "T", "poids", "taille", "IMC", "glycémie", "EVA"…
    code: str
    value: Decimal | None = None
    unit: str | None = None
    sys: Decimal | None = None
    dia: Decimal | None = None
    #: « bras gauche »
    site: str | None = None
    #: « air ambiant », « 2 L/min d'O2 »
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Lab:
    """A laboratory or functional result as dictated; ``operator`` is "<", ">", "≤", "≥" or ``None``."""

    name: str
    value: Decimal | str
    unit: str | None = None
    operator: str | None = None
    #: ISO date or the words of a relative date
    date: str | None = None
    #: "dictated" or "rule": who put the unit
    unit_origin: str = "dictated"


class DrugStatus(Enum):
    """What happens to a drug in this dictation."""

    ONGOING = "ongoing"
    STARTED = "started"
    STOPPED = "stopped"
    CHANGED = "changed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug line. Every text is made of words dictated for this drug."""

    name: str
    dose: str | None = None
    schedule: str | None = None
    duration: str | None = None
    status: DrugStatus = DrugStatus.ONGOING
    #: « 5 mg » when the dose was changed from it
    previous_dose: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Allergy:
    """A dictated allergy or intolerance; ``negated`` for « pas d'allergie à… »."""

    substance: str
    reaction: str | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class DateValue:
    """A date with the role it plays."""

    #: ISO 8601: "2026-03-06", "2026-03", "2026", "2026-07-13T09:40"; or the words when relative
    iso: str
    #: "consultation", "naissance", "rdv", "examen", "debut", "fin"…
    role: str


Value = str | int | bool | Decimal | Vital | Lab | Drug | Allergy | DateValue
