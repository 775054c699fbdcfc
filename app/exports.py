"""Ways out of a signed document: Word, PDF, FHIR, CDA, plain text. Nothing leaves unsigned, nothing by itself.

The Word file and the PDF are those kept at the signature. The others are made again from the review in force, which is
erased once the document was filed in the record (« Versé au dossier »): they are refused then.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from dictation.consultation import Consultation
from dictation.draft import Document
from dictation.errors import RefusedError
from dictation.form import Form
from dictation.review import SignedDraft, sign
from records import Actor, Dictation, Store

_WORD, _PDF = "wordprocessingml", "application/pdf"


class Way(Enum):
    """A way out; the value ends the file's name."""

    WORD = "docx"
    PDF = "pdf"
    FHIR = "fhir.json"
    CDA = "cda.xml"
    TEXT = "txt"


@dataclass(frozen=True, slots=True)
class File:
    """What is saved. The name carries no identity."""

    name: str
    content: bytes
    media_type: str


class Exports:
    """Made from a store and its catalogue. Thread-safe: holds nothing."""

    def __init__(self, store: Store, form: Callable[[str], Form | None]) -> None:
        self._store, self._form = store, form

    def make(self, dictation_id: str, way: Way, *, by: Actor) -> File:
        """The signed document in that form; the journal says who took it, when and how.

        Raises :class:`~dictation.errors.RefusedError` ``export.unsigned``, ``export.erased`` (already filed) or what
        the store refuses ``by``, and :class:`~dictation.errors.EngineError` ``pdf.missing`` without LibreOffice.
        """
        store = self._store.dictations
        known = store.get(dictation_id, by=by)
        kept = store.documents(dictation_id, by=by)
        if known.signed_at is None or not kept:
            raise RefusedError(
                "export.unsigned", "Ce document n'est pas signé\u00a0: seul un document signé sort de Calame."
            )
        name = f"{kept[0].form_id}-{dictation_id[:8]}.{way.value}"
        match way:
            case Way.WORD:
                made = File(name, _of(kept, _WORD).content, _of(kept, _WORD).media_type)
            case Way.PDF:
                made = File(name, self._pdf(kept), _PDF)
            case Way.FHIR:
                made = File(name, self._fhir(known, by), "application/fhir+json")
            case Way.CDA:
                made = File(name, self._cda(known, kept, by), "application/xml")
            case Way.TEXT:
                made = File(name, self.text(dictation_id, by=by).encode("utf-8"), "text/plain; charset=utf-8")
        self._store.journal.append(by, "document.taken", dictation_id, kind=way.name.lower())
        return made

    def text(self, dictation_id: str, *, by: Actor) -> str:
        """The signed document as plain text, in French typography."""
        from templates.sheet import sheet
        from templates.text import document_text

        signed, form, consultation = self._signed(self._store.dictations.get(dictation_id, by=by), by)
        return document_text(sheet(signed, form, consultation))

    def _signed(self, known: Dictation, by: Actor) -> tuple[SignedDraft, Form, Consultation]:
        review = self._store.dictations.review(known.id, by=by)
        form = self._form(review.draft.form_id) if review is not None else None
        if review is None or form is None or known.signed_at is None or known.signed_by is None:
            raise RefusedError(
                "export.erased",
                "Ce document a été versé au dossier\u00a0: son texte est effacé de Calame, il reste le Word et le PDF.",
            )
        consultation = known.consultation
        if consultation.author.name is None:
            doctor = next((a.name for a in self._store.accounts.list() if a.id == known.signed_by), None)
            consultation = replace(consultation, author=replace(consultation.author, name=doctor))
        signed = sign(review, by=consultation.author.name or known.signed_by, at=known.signed_at)
        return signed, form, consultation

    def _pdf(self, kept: tuple[Document, ...]) -> bytes:
        from templates import pdf

        made = next((d.content for d in kept if d.media_type == _PDF), None)
        return made if made is not None else pdf.convert(_of(kept, _WORD).content)

    def _fhir(self, known: Dictation, by: Actor) -> bytes:
        from templates.fhir import bundle, record

        signed, form, consultation = self._signed(known, by)
        made = bundle(record(signed, form, consultation, signed.at.date()))
        return json.dumps(made, ensure_ascii=False, indent=1).encode("utf-8")

    def _cda(self, known: Dictation, kept: tuple[Document, ...], by: Actor) -> bytes:
        from templates.cda import document

        signed, form, consultation = self._signed(known, by)
        return document(signed, form, consultation, self._pdf(kept), practice_oid=oid_of(known.author_id))


def oid_of(account_id: str) -> str:
    """An OID nobody else has, under 2.25 (ITU-T X.667: a UUID as a number), where documents are numbered."""
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, f'calame:{account_id}').int}"


def pdf_possible(documents: tuple[Document, ...]) -> bool:
    """True when a PDF was kept at the signature or can be made here."""
    from templates import pdf

    return any(d.media_type == _PDF for d in documents) or pdf.available()


def _of(documents: tuple[Document, ...], media_type: str) -> Document:
    return next(d for d in documents if media_type in d.media_type)
