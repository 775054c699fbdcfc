"""Blanks the readers left empty, asked of the language model: it points and copies, checks decide.

Reading order: :func:`ask` goes through the empty blanks, the model points at statements
(``choose``) and copies words out of one (``extract``); :func:`_taken` lets the copy stand only when no check
objects and a reader can make the type of the blank out of it. What is left stays a visible gap.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from dictation.evidence import Finding, Severity, Statement
from dictation.form import Field, FieldType, Form, Section
from dictation.lexicon import Lexicon, fold
from dictation.values import DateValue, Value
from drafting.blanks import Filled, blanks_of, kind_of
from drafting.checks import excerpt
from drafting.model.copying import Copy, characters
from drafting.passage import Passage
from drafting.readers.dates import DATE, iso_of
from drafting.readers.reading import NUMBER, compiled, number

_NBSP = "\u00a0"
#: what a copy may become; an oui-non, a code or a fixed sentence is never in the words themselves, and a side
#: without its noun says nothing
ASKED = frozenset(
    {
        FieldType.TEXT, FieldType.LONGTEXT, FieldType.PERSON, FieldType.DATE, FieldType.INT, FieldType.QUANTITY,
        FieldType.DURATION, FieldType.ENUM,
    }
)  # fmt: skip
#: a value that is a sentence is no value
LONGEST = {FieldType.LONGTEXT: 40, FieldType.TEXT: 15}
#: blanks whose value may be nothing but a quantity
_TIMED = compiled(r"\b(?:durée|fréquence|nombre|date|périodicité|dimensions?|délai|taille|heure)")
_MEASURE = compiled(rf"(?P<n>{NUMBER}) ?(?:m|km|cm|kg|g|mL/min\S*|min|minutes?|h|heures?|jours?|semaines?|mois|ans?)\b")


#: how much reading and writing may be asked after the last word, in tokens read (one written counts for six):
#: some three seconds of the default model, whatever the length of the dictation
EFFORT = 200


class Pointer(Protocol):
    """The two jobs asked here; each answers nothing when the self-test did not allow it."""

    def choose(self, statements: Sequence[Statement], question: str, *, most: int = 1) -> tuple[str, ...]:
        """Ids of up to ``most`` statements that answer."""
        ...

    def extract(self, statements: Sequence[Statement], question: str, *, most: int = 1) -> tuple[Copy, ...]:
        """Runs of words copied from one of the statements."""
        ...


def ask(
    form: Form,
    statements: Sequence[Statement],
    own: Sequence[Passage],
    filled: Sequence[Filled],
    model: Pointer,
    lexicon: Lexicon,
    today: dt.date | None,
) -> tuple[Filled, ...]:
    """Values the model proposes for the empty blanks of ``form``, mandatory ones first; each a span of ``own``.

    ``statements`` are all those dictated, in order, as they were fed to the model while the doctor spoke.
    Words that already fill a blank fill no second one. After :data:`EFFORT` the rest stays empty.
    """
    passages = {p.id: p for p in own}
    out: list[Filled] = []
    left = EFFORT
    for section, blank in empty(form, filled) if own else ():
        question = question_of(section, blank)
        left -= _cost(question)
        if left < 0:
            break
        chosen = [i for i in model.choose(statements, question) if i in passages]
        if not chosen:
            continue
        left -= _cost(question, *(passages[i].text for i in chosen))
        for copy in model.extract([passages[i].statement for i in chosen], question):
            found = _taken(section, blank, passages[copy.statement_id], copy, lexicon, today)
            if found and not any(a.overlaps(b) for f in (*filled, *out) for a in f.spans for b in found.spans):
                out.append(found)
    return tuple(out)


def place(
    form: Form, own: Sequence[Passage], filled: Sequence[Filled], model: Pointer
) -> tuple[tuple[Passage, ...], tuple[Finding, ...]]:
    """Unclassified statements the model points at for a mandatory section nothing was placed in; a question for each."""
    passages = {p.id: p for p in own}
    have = {p.section for p in own} | {f.section for f in filled}
    out: list[Finding] = []
    for section in form.sections:
        loose = [p.statement for p in passages.values() if p.section is None]
        if not loose or not section.required or section.type is not FieldType.LONGTEXT or section.key in have:
            continue
        for chosen in model.choose(loose, section.title.lower()):
            passages[chosen] = replace(passages[chosen], section=section.key)
            message = f"Phrase classée dans «{_NBSP}{section.title}{_NBSP}» par le modèle, à vérifier."
            out.append(Finding("model.placed", Severity.CHECK, message, passages[chosen].statement.span, section.key))
    return tuple(passages.values()), tuple(out)


def _cost(*texts: str) -> int:
    """Tokens of a call: what is read, about three letters each, and a short answer."""
    return sum(map(len, texts)) // 3 + 6 * 6


def empty(form: Form, filled: Sequence[Filled]) -> list[tuple[Section, Field]]:
    """Blanks without a value that a copy could fill, mandatory ones first, then in the order of the form."""
    have = {(f.section, f.field.key) for f in filled}
    left = [
        (section, blank)
        for section in form.sections
        for blank in blanks_of(section)
        if blank.type in ASKED and (section.key, blank.key) not in have and section.type is not FieldType.LESIONS
    ]
    return sorted(left, key=lambda pair: not pair[1].required)


def question_of(section: Section, blank: Field) -> str:
    """The name of the blank as asked: its label without brackets, its section's title before it when that says more."""
    label = re.sub(r"\s*\([^)]*\)", "", blank.label).strip().lower()
    if blank.key == section.key or len(label.split()) > 1:
        return label
    return f"{label}, {section.title.lower()}"


def findings(proposed: Sequence[Filled]) -> Iterator[Finding]:
    """One question per proposed value."""
    for found in proposed:
        yield Finding(
            "model.proposed",
            Severity.CHECK,
            f"{found.field.label}{_NBSP}: «{_NBSP}{found.shown}{_NBSP}», proposé par le modèle, à vérifier.",
            found.spans[0],
            found.section if found.field.key == found.section else f"{found.section}.{found.field.key}",
        )


def _taken(
    section: Section, blank: Field, passage: Passage, copy: Copy, lexicon: Lexicon, today: dt.date | None
) -> Filled | None:
    start, end = characters(passage.statement.text, copy)
    while end > start and passage.statement.text[end - 1] in ".,;:!? \u00a0\u202f":
        end -= 1
    said = passage.text[start:end]
    if len(said) < 2 or len(passage.text) != len(passage.statement.text):
        return None
    if excerpt.problems(passage.statement, start, end, lexicon):
        return None
    value = _value(blank, said, today)
    if value is None:
        return None
    shown = value if isinstance(value, str) else said
    return Filled(
        section.key, blank, kind_of(blank), value, shown, (passage.span(start, end),), passage.id, proposed=True
    )


def _value(blank: Field, said: str, today: dt.date | None) -> Value | None:
    """What a reader makes of the copied words for the type of the blank; ``None`` when it cannot."""
    match blank.type:
        case FieldType.DATE:
            dates = re.findall(DATE, said, re.IGNORECASE)
            iso = iso_of(dates[0], today) if len(dates) == 1 else None
            return DateValue(iso, blank.key) if iso else None
        case FieldType.INT:
            figures = re.findall(NUMBER, said)
            figure = number(figures[0]) if len(figures) == 1 else None
            return int(figure) if figure is not None and figure == figure.to_integral_value() else None
        case FieldType.QUANTITY | FieldType.DURATION:
            return said if len(re.findall(NUMBER, said)) == 1 and _MEASURE.search(said) else None
        case FieldType.ENUM:
            words = f" {' '.join(re.findall(r'[a-z0-9]+', fold(said)))} "
            named = {v for v in blank.values if f" {' '.join(re.findall(r'[a-z0-9]+', fold(v)))} " in words}
            return named.pop() if len(named) == 1 and named != {"oui"} and named != {"non"} else None
        case FieldType.TEXT | FieldType.LONGTEXT | FieldType.PERSON:
            short = len(said.split()) <= LONGEST.get(blank.type, 8)
            bare = re.sub(NUMBER, " ", _MEASURE.sub(" ", said))
            timed = _TIMED.search(blank.label)
            return said if short and re.search(r"[^\W\d]{3,}", said if timed else bare) else None
        case _:
            return None
