"""A draft: values with the words they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from dictation.evidence import Finding, Statement
from dictation.transcript import Span, Transcript
from dictation.values import Value

#: shown where nothing was dictated; never a value
NOT_STATED = "Non précisé"


class Origin(Enum):
    """Who put a text or a value there."""

    DICTATED = "dictated"
    READ = "read"
    REWORDED = "reworded"
    PROFILE = "profile"
    #: copied by the language model out of the cited words where no reader found anything
    PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One typed value. ``evidence`` is never empty."""

    #: unique in the draft: "constantes.1"
    id: str
    #: key in the form or of the reader: "constantes", "traitements", "date_naissance"
    key: str
    #: "vital", "lab", "drug", "allergy", "date", "text", "int", "bool", "enum", "laterality"…
    type: str
    value: Value
    evidence: tuple[Span, ...]
    #: 0..1, lowest of the words under it
    confidence: float = 1.0
    origin: Origin = Origin.READ

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError(f"field {self.id} has no evidence")


@dataclass(frozen=True, slots=True)
class DraftSection:
    """Text of one section. Empty ``text`` means nothing was dictated for it: a visible gap."""

    key: str
    title: str
    text: str
    evidence: tuple[Span, ...]
    origin: Origin = Origin.DICTATED
    statement_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.text and not self.evidence and self.origin is not Origin.PROFILE:
            raise ValueError(f"section {self.key} has text and no evidence")


@dataclass(frozen=True, slots=True)
class DraftEngine:
    """What drafted: ``model`` is ``None`` when only rules ran."""

    model: str | None
    revision: str
    #: tasks the model was allowed to do after its self-test, empty with rules only
    abilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Addition:
    """Words dictated later into one section. Its span is a tail of the transcript; additions follow one another."""

    #: key of the section the doctor dictated into
    section: str
    span: Span
    #: the words in written French
    text: str
    #: True once a new draft holds ``text``; before, it came as a decision on the section
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposal for one document, complete and immutable."""

    transcript: Transcript
    form_id: str
    form_revision: int
    engine: DraftEngine
    statements: tuple[Statement, ...]
    sections: tuple[DraftSection, ...]
    fields: tuple[FieldValue, ...]
    findings: tuple[Finding, ...]
    #: « message pour la secrétaire … fin de note »: a task, never printed
    secretary_note: str | None = None
    #: other documents this dictation asks for (form ids), best first
    proposals: tuple[str, ...] = ()
    #: in order of dictation
    additions: tuple[Addition, ...] = ()

    def section(self, key: str) -> DraftSection | None:
        """The section with that key, or ``None``."""
        return next((s for s in self.sections if s.key == key), None)


@dataclass(frozen=True, slots=True)
class Document:
    """A rendered document."""

    form_id: str
    content: bytes
    media_type: str
    sha256: str
