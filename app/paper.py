"""Documents for the application: what leaves once signed, and what is shown before."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from dictation.consultation import Consultation
from dictation.draft import Document
from dictation.errors import CalameError
from dictation.form import Form
from dictation.review import Review, SignedDraft


class Paper:
    """Renders through ``templates``; ``letterhead`` names the practice's own file for a form, or ``None``."""

    def __init__(self, letterhead: Callable[[Form], Path | None] = lambda form: None) -> None:
        self._letterhead = letterhead

    def signed(self, signed: SignedDraft, form: Form, consultation: Consultation, by: str) -> tuple[Document, ...]:
        """The final .docx, and the PDF/A where LibreOffice is installed."""
        from templates import pdf, render

        if consultation.author.name is None:
            consultation = replace(consultation, author=replace(consultation.author, name=by))
        word = render(signed, form, consultation, letterhead=self._letterhead(form))
        if not pdf.available():
            return (word,)
        try:
            content = pdf.convert(word.content)
        except CalameError:
            return (word,)
        printed = Document(form.id, content, "application/pdf", hashlib.sha256(content).hexdigest())
        return (word, printed)

    def draft(self, review: Review, form: Form, consultation: Consultation) -> Document:
        """A .docx that says « BROUILLON »."""
        from templates import render

        return render(review, form, consultation, letterhead=self._letterhead(form))

    def text(self, review: Review, form: Form, consultation: Consultation) -> str:
        """The document as plain text."""
        from templates.sheet import sheet
        from templates.text import document_text

        return document_text(sheet(review, form, consultation))

    def pages(self, document: Document, *, width_px: int = 1000) -> tuple[bytes, ...]:
        """PNG pages of that width; empty where this machine cannot make them."""
        from templates import pdf

        if document.media_type == "application/pdf":
            return pdf.pages(document.content, width_px=width_px)
        if not pdf.available():
            return ()
        try:
            return pdf.pages(pdf.convert(document.content), width_px=width_px)
        except CalameError:
            return ()
