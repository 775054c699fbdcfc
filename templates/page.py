"""A page of titles, paragraphs, lists and tables, as text for a terminal and as a Word document to print."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A title inside the page."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row is as long as ``header``."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.header) for row in self.rows):
            raise ValueError("a row is not as long as its header")


Block = Heading | Text | Bullets | Table


@dataclass(frozen=True, slots=True)
class Page:
    """What is printed."""

    title: str
    day: dt.date
    blocks: tuple[Block, ...]


def page_text(page: Page) -> str:
    """Plain text; tables are aligned in columns."""
    out = [page.title, "=" * len(page.title)]
    for block in page.blocks:
        match block:
            case Heading(text):
                out += ["", text, "-" * len(text)]
            case Text(text):
                out.append(text)
            case Bullets(items):
                out += [f"- {item}" for item in items]
            case Table():
                out += ["", *_columns(block), ""]
    return "\n".join(out) + "\n"


def _columns(table: Table) -> list[str]:
    lines = (table.header, *table.rows)
    widths = [max(len(line[n]) for line in lines) for n in range(len(table.header))]

    def row(cells: tuple[str, ...]) -> str:
        # the first column reads from the left, figures from the right
        first, *rest = cells
        return "  ".join(
            [first.ljust(widths[0]), *(c.rjust(w) for c, w in zip(rest, widths[1:], strict=True))]
        ).rstrip()

    return [row(table.header), "  ".join("-" * w for w in widths), *(row(r) for r in table.rows)]


#: a table with more columns than this turns the page on its side
UPRIGHT_COLUMNS = 7
#: a column is as wide as its longest cell, up to so many letters
LONGEST_CELL = 34


def _shares(table: Table) -> tuple[float, ...]:
    """Width of each column, together 1; no word is cut while there is room."""
    wanted = []
    for cells in zip(table.header, *table.rows, strict=True):
        word = max(len(w) for cell in cells for w in (cell.split() or [""]))
        wanted.append(max(word, min(LONGEST_CELL, max(map(len, cells[1:]), default=0))) + 2)
    return tuple(w / sum(wanted) for w in wanted)


def page_docx(page: Page) -> bytes:
    """A4 Word document: real headings, tables whose first row repeats on each page, French tagged."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    from templates.french import long_date

    document = Document()
    section = document.sections[0]
    wide = any(isinstance(b, Table) and len(b.header) > UPRIGHT_COLUMNS for b in page.blocks)
    section.page_width, section.page_height = (Cm(29.7), Cm(21)) if wide else (Cm(21), Cm(29.7))
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(1.8)
    room_cm = (29.7 if wide else 21) - 3.6
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(10)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "fr-FR")
    normal.element.get_or_add_rPr().append(language)
    document.add_heading(page.title, 1)
    document.add_paragraph(f"Établie le {long_date(page.day)}")
    for block in page.blocks:
        match block:
            case Heading(text):
                document.add_heading(text, 2)
            case Text(text):
                document.add_paragraph(text)
            case Bullets(items):
                for item in items:
                    document.add_paragraph(item, style="List Bullet")
            case Table(header, rows):
                table = document.add_table(rows=1, cols=len(header))
                table.style = "Light Grid Accent 1"
                table.autofit = False
                widths = [Cm(room_cm * share) for share in _shares(block)]
                for column, width in zip(table.columns, widths, strict=True):
                    column.width = width
                table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
                for cells in (header, *rows):
                    target = table.rows[0] if cells is header else table.add_row()
                    target._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
                    for cell, text, width in zip(target.cells, cells, widths, strict=True):
                        cell.text, cell.width = text, width
                        for paragraph in cell.paragraphs:
                            for run in paragraph.runs:
                                run.font.size = Pt(8.5)
                document.add_paragraph()
    document.core_properties.title, document.core_properties.author = page.title, "Calame"
    document.core_properties.language = "fr-FR"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
