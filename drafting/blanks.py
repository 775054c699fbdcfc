"""Typed blanks of forms: filled only by words dictated for them, never inferred, never computed.

A grade (A to D), a GIR, a number of days, a means of transport is written when it was said, and is a
visible gap otherwise.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from dictation.form import Field, FieldType, Form, Section
from dictation.transcript import Span
from dictation.values import DateValue, Value
from drafting.passage import Passage
from drafting.readers.dates import DATE, iso_of
from drafting.readers.reading import NUMBER, compiled, number, table

_GRADE = r"[^.;]{{0,40}}?(?:cotée?s?|en|:|=|est|à|niveau|,)?\s*(?<![\w'])(?P<v>[A-D])(?![\w'])"
_TO_DATE = compiled(rf"\s*(?:au|jusqu'au) {DATE}")
_NEGATION = compiled(
    r"\b(?:pas|ni|non|sans|aucune?|jamais|ne (?:prend|porte|présente))(?: \w+'?){0,2}[ ']$|\b(?:pas|sans|aucune?) d'$"
    r"|\b(?:sans|aucun|pas (?:en |de )?) ?(?:rapport|lien|relation) avec (?:une? |l'|un |le |la |son |sa )?$|\bn'est pas (?:une? |d'(?:un |une )?|lié(?:e)? à (?:une? |l')?)$"
)
#: « elle me demande de le passer en accident du travail, mais non »: what somebody asks for and the doctor declines
_ASKED = compiled(
    r"\b(?:demand(?:e|ait|ent)|voudrait|voulait|veut|souhait(?:e|ait|erait)|réclam(?:e|ait)|aimerait|insist(?:e|ait)|préfér(?:e|erait))"
    r"\b[^.;!?]*$"
)
_DECLINED = compiled(
    r"^[^.;!?]{0,60}?\b(?:mais (?:non|ce n'est|c'est (?:non|pas)|je (?:ne|n'|refuse)|il n'y a pas|pas)|je refuse|ce n'est pas"
    r"|refusée?|non justifiée?|pas (?:possible|justifiée?|d'indication))\b"
)
_SINGLE = frozenset(
    {
        FieldType.ENUM,
        FieldType.BOOL,
        FieldType.INT,
        FieldType.DATE,
        FieldType.QUANTITY,
        FieldType.DURATION,
        FieldType.CODE,
    }
)
_TYPES = {
    FieldType.DATE: "date", FieldType.INT: "int", FieldType.BOOL: "bool", FieldType.ENUM: "enum",
    FieldType.QUANTITY: "quantity", FieldType.LATERALITY: "laterality", FieldType.PERSON: "person",
}  # fmt: skip


#: blanks of what is asked for: a denial fills none of them
_NEVER_DENIED = frozenset(("libelle", "acte", "aide_technique"))


@dataclass(frozen=True, slots=True)
class Filled:
    """One blank and the words that fill it."""

    section: str
    field: Field
    type: str
    value: Value
    #: as printed: « 16 juin 2026 », « oui »
    shown: str
    spans: tuple[Span, ...]
    statement_id: str
    #: copied by the language model where no reader found anything
    proposed: bool = False


def kind_of(blank: Field) -> str:
    """Type of the value of a blank, as fields of a draft name it."""
    return _TYPES.get(blank.type, "text")


@cache
def _rows() -> dict[str, tuple[tuple[str, re.Pattern[str]], ...]]:
    rows: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for key, value, cue in table("blanks"):
        pattern = cue.replace("{DATE}", DATE).replace("{N}", NUMBER)
        if value == "A-D":
            pattern += _GRADE.replace("{{", "{").replace("}}", "}")
        rows.setdefault(key, []).append((value, compiled(pattern)))
    return {key: tuple(found) for key, found in rows.items()}


def blanks_of(section: Section) -> tuple[Field, ...]:
    """The blanks of a section: its fields, or the section itself when it is one typed value."""
    if section.fields:
        return section.fields
    if section.type in _SINGLE or (
        section.type is FieldType.TEXT and section.key in {k.split(".")[-1] for k in _rows()}
    ):
        return (Field(section.key, section.title, section.type, section.required, section.values, section.rule),)
    return ()


def fill(form: Form, passages: Sequence[Passage], today: dt.date | None) -> tuple[Filled, ...]:
    """Every blank of ``form`` the statements fill, in the order of the form; the first statement wins."""
    out: list[Filled] = []
    for section in form.sections:
        for blank in blanks_of(section):
            if blank.key == "libelle" and _own(section, passages):
                continue  # the lines of the section are the examinations
            if section.type is FieldType.LESIONS:
                lesions = _lesions(form, section, passages, today)
                every = [f for f in _candidates(form, section, blank, passages, today) if f.statement_id in lesions]
                found = _together(every)
            else:
                found = _first(form, section, blank, passages, today)
            if found:
                out.append(found)
    return tuple(out)


def _first(
    form: Form, section: Section, blank: Field, passages: Sequence[Passage], today: dt.date | None
) -> Filled | None:
    """The first statement that fills a blank; a risk said anywhere wins over a denial said elsewhere."""
    every = _candidates(form, section, blank, passages, today)
    found = next(every, None)
    if found is not None and section.key == "securite" and found.value in (False, "non"):
        return next((f for f in every if f.value in (True, "oui")), found)
    return found


def _lesions(form: Form, section: Section, passages: Sequence[Passage], today: dt.date | None) -> frozenset[str]:
    """Statements of the section that name a lesion: « ouverture de bouche limitée à 3 cm » gives it no size."""
    own = _own(section, passages)
    nature = next((f for f in section.fields if f.key == "nature"), None)
    if nature is None:
        return own
    return frozenset(f.statement_id for f in _candidates(form, section, nature, passages, today)) & own


def _own(section: Section, passages: Sequence[Passage]) -> frozenset[str]:
    return frozenset(p.id for p in passages if p.section == section.key)


def _together(found: Sequence[Filled]) -> Filled | None:
    """Several lesions in one blank, each with its own words."""
    if not found:
        return None
    shown = " ; ".join(dict.fromkeys(f.shown for f in found))
    return replace(found[0], value=shown, shown=shown, spans=tuple(s for f in found for s in f.spans))


def _candidates(
    form: Form, section: Section, blank: Field, passages: Sequence[Passage], today: dt.date | None
) -> Iterator[Filled]:
    rows = _rows().get(f"{form.id}.{blank.key}") or _rows().get(blank.key) or _by_label(blank)
    own = [p for p in passages if p.section == section.key]
    local = blank.type is FieldType.LATERALITY
    ordered = own if local else [*own, *(p for p in passages if p.section != section.key)]
    for passage in map(_with_title, ordered):
        for value, cue in rows:
            for match in cue.finditer(passage.text):
                filled = _filled(section, blank, value, passage, match, today)
                if filled:
                    yield filled


def _with_title(passage: Passage) -> Passage:
    """The passage with its dictated title in front (« Motif : lumbago »): a cue may name the title."""
    if not passage.statement.heading or not passage.tokens:
        return passage
    lead = f"{passage.statement.heading} : "
    return replace(passage, text=lead + passage.text, starts=tuple(at + len(lead) for at in passage.starts))


def _filled(
    section: Section, blank: Field, value: str, passage: Passage, match: re.Match[str], today: dt.date | None
) -> Filled | None:
    said = match["v"].strip() if "v" in match.re.groupindex and match["v"] else ""
    end = match.end()
    if passage.text[end - 1 : end].isalnum() and passage.text[end : end + 1].isalnum():
        return None  # cut in the middle of a word: too long to be one value
    if blank.type is FieldType.DATE and (further := _TO_DATE.match(passage.text, end)):
        end = further.end()  # « du neuf au seize juin »: the month of the first day is said with the second
    if _ASKED.search(passage.text[: match.start()]) and _DECLINED.search(passage.text[end:]):
        return None
    spans = (passage.span(match.start(), end),)
    kind = kind_of(blank)

    def made(written: Value, shown: str) -> Filled:
        return Filled(section.key, blank, kind, written, shown, spans, passage.id)

    if section.type is FieldType.LESIONS and _NEGATION.search(passage.text[: match.start()]):
        return None  # « sans fracture » is no lesion
    if value == "A-D":
        letter = next((v for v in blank.values if v.split()[0] == said.upper()), None)
        return made(letter, letter) if letter and said.isupper() else None
    if blank.key in _NEVER_DENIED and _NEGATION.search(
        passage.text[: match.start()] + match.group(0)[: match.start("v") - match.start()]
    ):
        return None  # « pas de dosage de la vitamine B12 » asks for nothing
    if value and value != "non" and _NEGATION.search(passage.text[: match.start()]):
        if value != "oui" or not (blank.type is FieldType.BOOL or "non" in blank.values):
            return None
        value = "non"
    match blank.type:
        case FieldType.BOOL:
            return made(value == "oui", value) if value in ("oui", "non") else None
        case FieldType.ENUM if blank.values:
            chosen = value or next((v for v in blank.values if v.lower() == said.lower()), "")
            return made(chosen, chosen) if chosen in blank.values else None
        case FieldType.DATE | FieldType.DATETIME:
            iso = (
                iso_of(said, today)
                or iso_of(said, _year_said(passage.text[match.end() : end]))
                or (said if re.fullmatch(r"\d{4}", said) else None)
            )
            if blank.type is FieldType.DATETIME:
                kind = "text"
                return made(said, said) if said else None
            return made(DateValue(iso, blank.key), said) if iso else None
        case FieldType.INT:
            figure = number(said)
            whole = figure is not None and figure == figure.to_integral_value()
            return made(int(figure), said) if figure is not None and whole else None
        case _:
            written = said or value
            return made(written, written) if written else None


def _year_said(text: str) -> dt.date | None:
    """A day of the year said with the end of a range: « du 03/11 au 10/11/2026 »."""
    year = re.search(r"(?:19|20)\d\d", text)
    return dt.date(int(year.group(0)), 1, 1) if year else None


def _by_label(blank: Field) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """A practice's own blank: its label, a colon, and what was said up to the end of the clause."""
    label = re.escape(blank.label.split("(")[0].strip())
    if blank.type is FieldType.BOOL:
        return (("non", compiled(rf"\b{label}\s*:?\s*non\b")), ("oui", compiled(rf"\b{label}\s*:?\s*oui\b")))
    if blank.type is FieldType.ENUM:
        return tuple((v, compiled(rf"\b{label}\b[^.;]{{0,30}}?\b{re.escape(v)}(?!\w)")) for v in blank.values)
    if blank.type in (FieldType.DATE, FieldType.DATETIME):
        return (("", compiled(rf"\b{label}\s*:?\s*(?:le |du )?(?P<v>{DATE})")),)
    if blank.type in (FieldType.INT, FieldType.QUANTITY):
        return (("", compiled(rf"\b{label}\s*:?\s*(?:de |à )?(?P<v>{NUMBER})")),)
    return (("", compiled(rf"\b{label}\s*:\s*(?P<v>[^.;]{{2,200}})")),)
