"""A check-list as a Word document."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable


def checklist_docx(title: str, day: dt.date, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> bytes:
    """A titled, dated table; the first row repeats on each page."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    from templates.french import long_date

    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(1.8)
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Arial", Pt(9)
    document.add_heading(title, 1)
    document.add_paragraph(f"Établie le {long_date(day)}")
    table = document.add_table(rows=1, cols=len(header))
    table.style = "Light Grid Accent 1"
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for cell, text in zip(table.rows[0].cells, header, strict=True):
        cell.text = text
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.core_properties.title, document.core_properties.author = title, "Calame"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
