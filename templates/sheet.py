"""A document before it is Word, PDF or text: headings, paragraphs and mentions in reading order.

Pure: the same sheet gives the .docx, the plain text, the preview and the clipboard, so that they
always carry the same words.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

from dictation.codec import decided_value
from dictation.consultation import Consultation
from dictation.draft import NOT_STATED, Draft, FieldValue
from dictation.form import Field, FieldType, Form, Genre, Section
from dictation.review import Review, SignedDraft
from templates.french import long_date
from templates.values import shown

NBSP = "\u00a0"
WATERMARK = "BROUILLON"
#: over a signed document that the law wants elsewhere
PREPARATION = "PRÉPARATION"


@dataclass(frozen=True, slots=True)
class Line:
    """One typed blank: « Modalité : scanner »."""

    key: str
    label: str
    #: text shown; the visible gap when nothing was dictated
    value: str
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One section as it will be read."""

    key: str
    title: str
    paragraphs: tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    #: required and not dictated
    gap: bool = False
    loinc: str | None = None
    #: no heading in a letter (opening, closing)
    bare: bool = False

    @property
    def empty(self) -> bool:
        """Nothing to show at all."""
        return not (self.paragraphs or self.bullets or self.lines or self.gap)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole document."""

    form_id: str
    title: str
    genre: Genre
    #: practice, doctor
    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    patient: tuple[str, ...]
    place_date: str
    blocks: tuple[Block, ...]
    #: « Document préparé avec assistance IA locale… », legal notes
    mentions: tuple[str, ...]
    signature: tuple[str, ...]
    #: "BROUILLON", ``None`` once signed; a signed preparation keeps "PRÉPARATION"
    watermark: str | None
    preparation: str | None = None
    short_patient: str = ""
    date: dt.date | None = None


def sheet(work: Draft | Review | SignedDraft, form: Form, consultation: Consultation = Consultation()) -> Sheet:
    """Lays out a draft, a review in progress or a signed draft. Only the last is without « BROUILLON ».

    A signed preparation (ordonnance, arrêt de travail…) has no signature block and says « PRÉPARATION »: no
    pharmacy and no fund can take it for the document itself (``docs/conformite.md``, 14 and 15).
    """
    signed = work if isinstance(work, SignedDraft) else None
    review = work.review if isinstance(work, SignedDraft) else work if isinstance(work, Review) else Review(work)
    day = _day(review, consultation)
    blocks = tuple(b for b in (_block(s, review, form) for s in form.sections) if not b.empty)
    others = _leftovers(review, form)
    first = tuple(b for b in others if b.key == "formule")
    blocks = first + _two_zones(blocks, form) + tuple(b for b in others if b.key != "formule")
    author = consultation.author
    return Sheet(
        form_id=form.id,
        title=on_paper(form.title, form.printed),
        genre=form.genre,
        sender=_lines(author.name, author.specialty, f"RPPS{NBSP}: {author.rpps}" if author.rpps else None,
                      *(author.address or "").splitlines(), author.phone, author.email),
        recipient=_recipient(review, consultation),
        patient=_patient(review, consultation),
        place_date=_place_date(author.place, day),
        blocks=blocks,
        mentions=_mentions(form, signed, author.name),
        signature=_lines(author.name, author.specialty) if signed and not form.preparation else (),
        watermark=(PREPARATION if form.preparation else None) if signed else WATERMARK,
        preparation=form.preparation,
        short_patient=_short_patient(review, consultation),
        date=day,
    )  # fmt: skip


def _two_zones(blocks: tuple[Block, ...], form: Form) -> tuple[Block, ...]:
    """On a sheet with an ALD zone the other zone says in full that it is « sans rapport » (CSS R.161-45)."""
    if not any(b.key == "zone_ald" for b in blocks):
        return blocks
    whole = {s.key: s.title for s in form.sections}
    return tuple(replace(b, title=whole[b.key]) if b.key == "zone_hors_ald" else b for b in blocks)


def _lines(*parts: str | None) -> tuple[str, ...]:
    return tuple(p for p in parts if p)


def _text_field(review: Review, *keys: str) -> str | None:
    for f in review.draft.fields:
        if f.key in keys and (text := decided(review, f)):
            return text
    return None


def decided(review: Review, field: FieldValue) -> str | None:
    """What a field shows after the decisions; ``None`` when it was rejected."""
    value = decided_value(review, field)
    return None if value is None else shown(value)


def _day(review: Review, consultation: Consultation) -> dt.date | None:
    if consultation.date:
        return consultation.date
    text = next((f.value.iso for f in review.draft.fields if f.type == "date" and f.value.role == "consultation"), None)  # type: ignore[union-attr]
    try:
        return dt.date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _place_date(place: str | None, day: dt.date | None) -> str:
    if not day:
        return ""
    return f"{place}, le {long_date(day)}" if place else f"Le {long_date(day)}"


def _person(review: Review, consultation: Consultation) -> tuple[str, str, str]:
    p = consultation.patient
    last = p.last_name or _text_field(review, "patient.nom") or ""
    first = p.first_name or _text_field(review, "patient.prenom") or ""
    civility = p.civility or _text_field(review, "patient.civilite") or {"M": "M.", "F": "Mme"}.get(p.sex or "", "")
    return civility, first, last


def _short_patient(review: Review, consultation: Consultation) -> str:
    return " ".join(part for part in _person(review, consultation) if part)


def _patient(review: Review, consultation: Consultation) -> tuple[str, ...]:
    p = consultation.patient
    name = _short_patient(review, consultation)
    born = p.birth_date.strftime("%d/%m/%Y") if p.birth_date else _text_field(review, "patient.date_naissance")
    civility = _person(review, consultation)[0]
    sex = p.sex or {"M.": "M", "Mme": "F", "Mlle": "F"}.get(civility) or _text_field(review, "patient.sexe") or ""
    word = {"F": "née", "M": "né"}.get(sex, "né(e)")
    return _lines(name, f"{word} le {born}" if born else None)


def _recipient(review: Review, consultation: Consultation) -> tuple[str, ...]:
    r = consultation.recipient
    name = r.name or _text_field(review, "destinataire", "dest_nom", "destinataire.nom")
    return _lines(name, r.specialty, *(r.address or "").splitlines())


def on_paper(title: str, printed: str | None) -> str:
    """Heading as printed: the definition's own, else the title without its explanations in parentheses."""
    return printed or re.sub(r"\s*\([^)]*\)", "", title).strip()


def _block(section: Section, review: Review, form: Form) -> Block:
    bare = section.key in ("formule", "preambule", "remise")
    title = on_paper(section.title, section.printed)
    if section.type is FieldType.CONST:
        formula = title.strip("«»\u00a0 ").strip()
        said = " ".join(review.text(s.key) for s in form.sections)
        if _signature_words(formula) <= set(re.findall(r"\w+", said.lower())):
            return Block(section.key, title)
        return Block(section.key, title, paragraphs=(formula,), bare=True)
    lines = tuple(_line(section, f, review) for f in section.fields)
    if section.type not in (FieldType.FIELDS, FieldType.LESIONS):
        lines = tuple(line for line in lines if not line.gap)
    text = review.text(section.key).strip()
    paragraphs, bullets = split_text(text)
    if not text and not any(not line.gap for line in lines):
        if not section.required:
            return Block(section.key, title)
        return Block(section.key, title, lines=lines, gap=not lines, loinc=section.loinc, bare=bare)
    return Block(section.key, title, paragraphs, bullets, lines, loinc=section.loinc, bare=bare)


def _signature_words(formula: str) -> set[str]:
    """Words that tell a fixed formula was dictated: « main propre »."""
    return {w for w in re.findall(r"\w+", formula.lower()) if w in ("main", "propre")} or {formula}


def split_text(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Paragraphs and bullets of a section's text: a line starting with "- " is a bullet."""
    paragraphs, bullets = [], []
    for line in text.split("\n"):
        line = line.strip()
        if line.startswith(("- ", "– ")):
            bullets.append(line[2:].strip())
        elif line:
            paragraphs.append(line)
    return tuple(paragraphs), tuple(bullets)


def _line(section: Section, field: Field, review: Review) -> Line:
    wanted = {f"{section.key}.{field.key}", field.key}
    for value in review.draft.fields:
        if value.key in wanted and (text := decided(review, value)):
            return Line(field.key, field.label, text)
    return Line(field.key, field.label, NOT_STATED, gap=True)


def _leftovers(review: Review, form: Form) -> tuple[Block, ...]:
    """Sections of the draft that the form does not have (« Non classé »): shown, never lost."""
    known = {s.key for s in form.sections}
    out = []
    for section in review.draft.sections:
        if section.key not in known and (text := review.text(section.key).strip()):
            paragraphs, bullets = split_text(text)
            bare = section.key in ("formule", "politesse")
            out.append(Block(section.key, section.title, paragraphs, bullets, bare=bare))
    return tuple(out)


def _mentions(form: Form, signed: SignedDraft | None, author: str | None) -> tuple[str, ...]:
    """AI Act art. 50: the mention stands in the footer once a doctor has read and signed."""
    if signed is None:
        return ("Brouillon préparé avec une assistance IA locale, non relu\u00a0: ne pas diffuser.",)
    who = author or signed.by
    day = signed.at.strftime("%d/%m/%Y")
    return (f"Document préparé avec une assistance IA locale, relu et validé par {who} le {day}.",)
