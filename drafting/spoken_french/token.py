"""What flows between the passes of spoken French.

A pass is a pure function ``State -> State``. Tokens always keep the half-open span of raw words
they were made of; a pass that merges tokens joins their spans, a pass that drops tokens leaves the
words unclaimed (they belong to a command, a hesitation or a repair).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum

from dictation.evidence import Finding
from dictation.lexicon import Lexicon
from dictation.transcript import Span, Word


class Kind(Enum):
    """What a token is."""

    WORD = "word"
    #: bare number
    NUMBER = "number"
    #: number with its unit, vital, lab, dose, ratio
    QUANTITY = "quantity"
    DATE = "date"
    TIME = "time"
    ACRONYM = "acronym"
    NAME = "name"
    #: . , ; : ? ! … ( ) « » – /
    PUNCT = "punct"
    #: line or paragraph break: text is "\n" or "\n\n", "\n- " for a bullet
    BREAK = "break"
    #: section title dictated (« rubrique antécédents »); text is the title
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Measure:
    """Machine value of a QUANTITY: a figure and its written unit (« 95 », « µmol/L »)."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Ratio:
    """Machine value of figures said one « sur » the other (blood pressure, « 6/10 », « 49/51 »)."""

    over: Decimal
    under: Decimal
    #: « mmHg », « mg »… or "" when none was said
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """One written token."""

    #: written form, French typography inside (« 38,2 °C »), no outer spaces
    text: str
    span: Span
    kind: Kind = Kind.WORD
    #: "dictated", or "rule" when a convention added something (an implied unit)
    origin: str = "dictated"
    #: machine value when there is one: Decimal, Measure, Ratio, datetime.date, datetime.time
    value: object = None
    #: glue to the previous token without a space
    glued: bool = False

    def with_text(self, text: str) -> Token:
        """Same token, other text."""
        return replace(self, text=text)


@dataclass(frozen=True, slots=True)
class Aside:
    """Words taken out of the document: a note to the secretary, a snippet request, a document kind."""

    #: "secretary", "snippet", "document", "end"
    kind: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class State:
    """All a pass may read and change."""

    words: tuple[Word, ...]
    tokens: tuple[Token, ...]
    findings: tuple[Finding, ...] = ()
    asides: tuple[Aside, ...] = ()
    #: day of the consultation, for dates said without their year
    today: dt.date | None = None
    #: drug names and the practice's words, when the caller has them
    lexicon: Lexicon | None = None

    def with_tokens(self, tokens: list[Token] | tuple[Token, ...], *findings: Finding) -> State:
        """Same state with other tokens and some more findings."""
        return replace(self, tokens=tuple(tokens), findings=(*self.findings, *findings))


Pass = Callable[[State], State]


@dataclass(frozen=True, slots=True)
class Written:
    """Result of the whole chain."""

    tokens: tuple[Token, ...]
    findings: tuple[Finding, ...] = ()
    asides: tuple[Aside, ...] = field(default=())

    @property
    def text(self) -> str:
        """Tokens as running text, French typography."""
        from drafting.spoken_french.layout import join

        return join(self.tokens)
