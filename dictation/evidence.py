"""What the words say, and what is doubtful about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from dictation.transcript import Span


class Polarity(Enum):
    """Whether a statement is asserted."""

    AFFIRMED = "affirmed"
    NEGATED = "negated"
    UNCERTAIN = "uncertain"


class Modality(Enum):
    """Whose and when, beside polarity."""

    PRESENT = "present"
    PAST = "past"
    FAMILY = "family"
    HYPOTHETICAL = "hypothetical"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class Mention:
    """A finding inside a statement with its own polarity (« ni fièvre ni AEG » holds two)."""

    text: str
    span: Span
    polarity: Polarity
    modality: Modality = Modality.PRESENT


@dataclass(frozen=True, slots=True)
class Statement:
    """One numbered sentence in written form, tied to the words it came from."""

    #: "S1", "S2"… in order of dictation
    id: str
    #: written French, punctuated
    text: str
    #: raw words from its first to its last, commands and hesitations between them included
    span: Span
    polarity: Polarity = Polarity.AFFIRMED
    modality: Modality = Modality.PRESENT
    mentions: tuple[Mention, ...] = ()
    #: title dictated just before (« Motif, deux points »), as written, or ``None``
    heading: str | None = None
    #: number of the paragraph it stands in, from 0
    paragraph: int = 0


class Severity(Enum):
    """How much a finding asks of the reader."""

    INFO = "info"
    CHECK = "check"
    BLOCKER = "blocker"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a human should look at. ``message`` is French, ready to show."""

    #: stable, dotted: "date.arithmetic", "drug.unknown", "repair.applied"…
    code: str
    severity: Severity
    message: str
    span: Span | None = None
    #: field or section concerned, as in the draft
    field_id: str | None = None
    #: what the reader may choose instead, best first
    candidates: tuple[str, ...] = ()
