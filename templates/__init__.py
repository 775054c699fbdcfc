"""Definitions, letterheads, documents. One verb: :func:`render`."""

from __future__ import annotations

import hashlib
from pathlib import Path

from dictation.consultation import Consultation
from dictation.draft import Document, Draft
from dictation.form import Form
from dictation.review import Review, SignedDraft

__all__ = ["render"]


def render(
    work: Draft | Review | SignedDraft,
    form: Form,
    consultation: Consultation = Consultation(),
    *,
    letterhead: Path | None = None,
) -> Document:
    """The Word document. Anything but a :class:`SignedDraft` carries « BROUILLON » on every page.

    Raises :class:`~dictation.errors.InputError` when the letterhead is refused.
    """
    from templates import word
    from templates.sheet import sheet

    content = word.fill(sheet(work, form, consultation), form, letterhead)
    return Document(form.id, content, word.MEDIA_TYPE, hashlib.sha256(content).hexdigest())
