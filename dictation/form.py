"""What a document asks for. Definitions live in ``templates/forms/*.toml``."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

#: what a sentence of a consultation is about, whatever the document calls it
ROLES = (
    "motif",
    "antecedents",
    "antecedents_familiaux",
    "allergies",
    "traitements",
    "mode_de_vie",
    "histoire",
    "constantes",
    "examen",
    "examens_complementaires",
    "conclusion",
    "conduite",
    "administratif",
    "politesse",
)


class FieldType(Enum):
    """Types a section or a field may have in a form definition."""

    TEXT = "text"
    LONGTEXT = "longtext"
    DATE = "date"
    DATETIME = "datetime"
    DURATION = "duration"
    INT = "int"
    BOOL = "bool"
    ENUM = "enum"
    QUANTITY = "quantity"
    LATERALITY = "laterality"
    PERSON = "person"
    CODE = "code"
    CONST = "const"
    FIELDS = "fields"
    ANNEX = "annexe"
    TEXTS = "list<text>"
    VITALS = "list<vital>"
    DRUGS = "list<medicament>"
    LESIONS = "list<lesion>"


class Genre(Enum):
    """How a document is laid out."""

    LETTER = "letter"
    FORM = "form"
    NARRATIVE = "narrative+fields"
    FORM_NARRATIVE = "form+narrative"


@dataclass(frozen=True, slots=True)
class Field:
    """One typed blank of a form."""

    key: str
    label: str
    type: FieldType
    required: bool = False
    values: tuple[str, ...] = ()
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a document."""

    key: str
    title: str
    type: FieldType = FieldType.LONGTEXT
    required: bool = False
    loinc: str | None = None
    values: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    #: words that open or betray this section, lower case
    cues: tuple[str, ...] = ()
    #: regular expressions that may never appear in it
    never: tuple[str, ...] = ()
    rule: str | None = None
    condition: str | None = None
    #: canonical roles (``ROLES``) whose statements land here, best first; empty: headings and cues only
    takes: tuple[str, ...] = ()
    #: heading on paper when it differs from ``title``
    printed: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of document."""

    #: key of the catalogue: "compte_rendu_consultation"
    id: str
    title: str
    #: increases with every change of the definition
    revision: int
    genre: Genre
    sections: tuple[Section, ...]
    #: LOINC code of the document, or ``None``
    loinc: str | None = None
    #: code of the French TRE_A05-TypeDocComplementaire terminology when there is no LOINC
    tre_a05: str | None = None
    #: « préparation, non valable comme … » where the law wants another channel, else ``None``
    preparation: str | None = None
    legal: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    #: spoken ways to ask for it
    spoken: tuple[str, ...] = field(default=())
    #: title on paper when it differs from ``title``
    printed: str | None = None

    def section(self, key: str) -> Section | None:
        """The section with that key, or ``None``."""
        return next((s for s in self.sections if s.key == key), None)
