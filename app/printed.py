"""Pages a person prints from the application: quality over time, the transparency page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.exports import File
from dictation.errors import InputError

if TYPE_CHECKING:
    from app.office import Office
    from records import Actor

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def printed(office: Office, name: str, kind: str, *, by: Actor) -> File:
    """The page ``name`` ("qualite", "transparence") as "docx" or "pdf".

    Raises :class:`~dictation.errors.InputError` ``page.unknown``, :class:`~dictation.errors.RefusedError` for who may
    not see it, :class:`~dictation.errors.EngineError` ``pdf.missing`` without LibreOffice.
    """
    from templates import pdf
    from templates.page import page_docx

    if kind not in ("docx", "pdf"):
        raise InputError("page.unknown", "Cette page n'existe qu'en Word et en PDF.")
    if name == "qualite":
        from app.quality_page import printed_for

        word = printed_for(office, by)
    elif name == "transparence":
        from app.card import card_of_this_machine, page

        word = page_docx(page(card_of_this_machine(office.parts.ports.clock().date())))
    else:
        raise InputError("page.unknown", "Cette page n'existe pas.")
    if kind == "docx":
        return File(f"calame-{name}.docx", word, WORD)
    return File(f"calame-{name}.pdf", pdf.convert(word), "application/pdf")


def pages(content: bytes, *, width_px: int) -> tuple[bytes, ...]:
    """PNG pages of a PDF."""
    from templates import pdf

    return pdf.pages(content, width_px=width_px)
