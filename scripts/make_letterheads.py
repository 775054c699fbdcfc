#!/usr/bin/env python3
"""Makes the shipped letterheads: ordinary Word files with named places, which a practice may edit.

    .venv/bin/python scripts/make_letterheads.py

One file per layout in ``templates/letterheads``. Places are Jinja names (``{{ praticien.nom }}``,
``{%p for r in rubriques %}``); ``docs/papier-a-en-tete.md`` lists them for secretaries.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

OUT = Path(__file__).resolve().parent.parent / "templates" / "letterheads"
INK, ACCENT, SOFT = RGBColor(0x1C, 0x27, 0x30), RGBColor(0x1F, 0x5B, 0x66), RGBColor(0x5B, 0x68, 0x70)
FONT = "Arial"


def base():
    doc = Document()
    s = doc.sections[0]
    s.page_width, s.page_height = Cm(21), Cm(29.7)
    s.left_margin = s.right_margin = Cm(2.2)
    s.top_margin, s.bottom_margin = Cm(1.8), Cm(2.0)
    s.header_distance, s.footer_distance = Cm(0.9), Cm(0.9)
    styles = doc.styles
    normal = styles["Normal"]
    normal.font.name, normal.font.size, normal.font.color.rgb = FONT, Pt(10.5), INK
    rpr = normal.element.get_or_add_rPr()
    rpr.get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    lang = OxmlElement("w:lang")
    for side in ("val", "eastAsia", "bidi"):
        lang.set(qn(f"w:{side}"), "fr-FR")
    rpr.append(lang)
    normal.paragraph_format.space_after = Pt(5)
    normal.paragraph_format.line_spacing = 1.16
    normal.paragraph_format.widow_control = True
    for name, size, color, before, after in (
        ("Title", 16, ACCENT, 4, 6),
        ("Heading 1", 12, ACCENT, 12, 3),
        ("Heading 2", 10.5, ACCENT, 9, 2),
    ):
        style = styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), color
        style.font.bold, style.font.italic = True, False
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:asciiTheme"), FONT)
        fonts = style.element.rPr.rFonts
        for key in list(fonts.attrib):
            if "Theme" in key:
                del fonts.attrib[key]
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.keep_with_next = True
        border = style.element.pPr.find(qn("w:pBdr")) if style.element.pPr is not None else None
        if border is not None:
            style.element.pPr.remove(border)
    styles["Footer"].font.size, styles["Footer"].font.color.rgb = Pt(8), SOFT
    bullet = styles["List Bullet"]
    bullet.paragraph_format.space_after = Pt(2)
    doc.core_properties.author, doc.core_properties.comments = "", ""
    doc.core_properties.created = doc.core_properties.modified = dt.datetime(2026, 1, 1)
    doc.core_properties.language = "fr-FR"
    footer(s)
    return doc


def field(run, code):
    for kind, text in (("begin", None), (None, code), ("end", None)):
        if kind:
            node = OxmlElement("w:fldChar")
            node.set(qn("w:fldCharType"), kind)
        else:
            node = OxmlElement("w:instrText")
            node.set(qn("xml:space"), "preserve")
            node.text = text
        run._r.append(node)


def footer(section):
    p = section.footer.paragraphs[0]
    p.paragraph_format.tab_stops.add_tab_stop(Cm(16.6), WD_TAB_ALIGNMENT.RIGHT)
    small(p.add_run("{{ patient.court }}\t\t"))
    small(p.add_run("page\u00a0"))
    field(small(p.add_run()), "PAGE")
    small(p.add_run("\u00a0/\u00a0"))
    field(small(p.add_run()), "NUMPAGES")
    p2 = section.footer.add_paragraph()
    small(p2.add_run("{{ mention }}"), italic=True)
    p2.paragraph_format.space_after = Pt(0)


def small(run, *, italic=False):
    run.font.size, run.font.color.rgb, run.font.italic = Pt(8), SOFT, italic
    return run


def para(doc, text="", *, style=None, bold=False, size=None, color=None, align=None, after=None, left=None, keep=False):
    p = doc.add_paragraph(style=style)
    if text:
        run = p.add_run(text)
        run.bold = bold or None
        if size:
            run.font.size = Pt(size)
        if color is not None:
            run.font.color.rgb = color
    if align:
        p.alignment = align
    if after is not None:
        p.paragraph_format.space_after = Pt(after)
    if left is not None:
        p.paragraph_format.left_indent = Cm(left)
    if keep:
        p.paragraph_format.keep_with_next = True
    return p


def tag(doc, text):
    return para(doc, text, after=0)


def rule(p, *, color="1F5B66", size=8, where="bottom"):
    ppr = p._p.get_or_add_pPr()
    borders = OxmlElement("w:pBdr")
    edge = OxmlElement(f"w:{where}")
    for key, value in (("val", "single"), ("sz", str(size)), ("space", "4"), ("color", color)):
        edge.set(qn(f"w:{key}"), value)
    borders.append(edge)
    ppr.append(borders)


def shade(cell, fill):
    tcpr = cell._tc.get_or_add_tcPr()
    node = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
        node.set(qn(f"w:{key}"), value)
    tcpr.append(node)


def sender(doc):
    para(doc, "{{ praticien.nom }}", bold=True, size=14, color=ACCENT, after=0)
    para(doc, "{{ praticien.qualite }}", color=SOFT, after=0)
    tag(doc, "{%p for l in praticien.coordonnees %}")
    para(doc, "{{ l }}", size=8.5, color=SOFT, after=0)
    tag(doc, "{%p endfor %}")
    p = para(doc, after=8)
    p.paragraph_format.line_spacing = 0.6
    rule(p)


def preparation(doc):
    tag(doc, "{%p if preparation %}")
    table = doc.add_table(rows=1, cols=1)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    cell = table.cell(0, 0)
    shade(cell, "F6EBDD")
    run = cell.paragraphs[0].add_run("{{ preparation }}")
    run.bold, run.font.size, run.font.color.rgb = True, Pt(9), RGBColor(0x7A, 0x43, 0x0B)
    cell.paragraphs[0].paragraph_format.space_before = cell.paragraphs[0].paragraph_format.space_after = Pt(4)
    para(doc, after=0).paragraph_format.line_spacing = 0.4
    tag(doc, "{%p endif %}")


def patient_box(doc):
    table = doc.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    left, right = table.rows[0].cells
    for cell in (left, right):
        shade(cell, "EEF3F4")
        cell.paragraphs[0].paragraph_format.space_after = Pt(3)
        cell.paragraphs[0].paragraph_format.space_before = Pt(3)
    run = left.paragraphs[0].add_run("{{ patient.identite }}")
    run.bold = True
    right.paragraphs[0].add_run("{{ patient.naissance }}")
    right.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    para(doc, after=2).paragraph_format.line_spacing = 0.5


def sections(doc, *, heading="Heading 2", source="rubriques"):
    tag(doc, f"{{%p for r in {source} %}}")
    tag(doc, "{%p if not r.nue %}")
    para(doc, "{{ r.titre }}", style=heading)
    tag(doc, "{%p endif %}")
    tag(doc, "{%p for t in r.paragraphes %}")
    para(doc, "{{ t }}", align=WD_ALIGN_PARAGRAPH.LEFT)
    tag(doc, "{%p endfor %}")
    tag(doc, "{%p for t in r.puces %}")
    para(doc, "{{ t }}", style="List Bullet")
    tag(doc, "{%p endfor %}")
    tag(doc, "{%p if r.lignes %}")
    table = doc.add_table(rows=3, cols=2)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    soften(table)
    table.rows[0].cells[0].text = "{%tr for l in r.lignes %}"
    left, right = table.rows[1].cells
    run = left.paragraphs[0].add_run("{{ l.libelle }}")
    run.font.size, run.font.color.rgb = Pt(9.5), SOFT
    right.paragraphs[0].add_run("{{ l.dit }}")
    missing = right.paragraphs[0].add_run("{{ l.manque }}")
    missing.italic, missing.font.color.rgb = True, SOFT
    table.rows[2].cells[0].text = "{%tr endfor %}"
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        row.cells[0].width, row.cells[1].width = Cm(6.4), Cm(10.2)
        for cell in row.cells:
            for p in cell.paragraphs:
                p.paragraph_format.space_after = p.paragraph_format.space_before = Pt(2)
    para(doc, after=0).paragraph_format.line_spacing = 0.4
    tag(doc, "{%p endif %}")
    tag(doc, "{%p if r.vide %}")
    para(doc, "Non précisé", color=SOFT).runs[0].italic = True
    tag(doc, "{%p endif %}")
    tag(doc, "{%p endfor %}")


def soften(table):
    tblpr = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
        node = OxmlElement(f"w:{edge}")
        visible = edge in ("top", "bottom", "insideH")
        for key, value in (("val", "single" if visible else "nil"), ("sz", "4"), ("space", "0"), ("color", "C9D3D6")):
            node.set(qn(f"w:{key}"), value)
        borders.append(node)
    tblpr.append(borders)


def closing(doc):
    tag(doc, "{%p for l in signature %}")
    para(doc, "{{ l }}", left=9.5, after=0, keep=True)
    tag(doc, "{%p endfor %}")


def recipient(doc):
    tag(doc, "{%p for l in destinataire.lignes %}")
    para(doc, "{{ l }}", left=9.5, after=0)
    tag(doc, "{%p endfor %}")
    para(doc, after=2)


def letter():
    doc = base()
    sender(doc)
    recipient(doc)
    para(doc, "{{ lieu_date }}", left=9.5, after=10)
    preparation(doc)
    p = para(doc, "{{ titre }}", bold=True, color=ACCENT, after=2, keep=True)
    p.style = doc.styles["Heading 1"]
    para(doc, "{{ patient.ligne }}", bold=True, after=8)
    sections(doc)
    para(doc, after=4)
    closing(doc)
    return doc


def report():
    doc = base()
    sender(doc)
    para(doc, "{{ titre }}", style="Title")
    para(doc, "{{ lieu_date }}", color=SOFT, after=6)
    preparation(doc)
    patient_box(doc)
    sections(doc)
    para(doc, after=4)
    closing(doc)
    return doc


def certificate():
    doc = base()
    sender(doc)
    para(doc, "{{ lieu_date }}", align=WD_ALIGN_PARAGRAPH.RIGHT, after=14)
    preparation(doc)
    para(doc, "{{ titre }}", style="Title", align=WD_ALIGN_PARAGRAPH.CENTER, after=8)
    patient_box(doc)
    sections(doc)
    para(doc, after=10)
    closing(doc)
    return doc


def form():
    doc = base()
    sender(doc)
    preparation(doc)
    para(doc, "{{ titre }}", style="Title")
    para(doc, "{{ lieu_date }}", color=SOFT, after=6)
    patient_box(doc)
    sections(doc, heading="Heading 1")
    para(doc, after=4)
    closing(doc)
    return doc


def prescription(zones):
    doc = base()
    sender(doc)
    para(doc, "{{ lieu_date }}", align=WD_ALIGN_PARAGRAPH.RIGHT, after=6)
    patient_box(doc)
    preparation(doc)
    para(doc, "{{ titre }}", style="Title", align=WD_ALIGN_PARAGRAPH.CENTER)
    if zones:
        for source in ("rubriques_ald", "rubriques_hors_ald"):
            p = para(doc, after=2)
            rule(p, size=6)
            sections(doc, heading="Heading 1", source=source)
    else:
        sections(doc, heading="Heading 1")
    para(doc, after=6)
    closing(doc)
    return doc


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for name, doc in (
        ("lettre", letter()),
        ("compte_rendu", report()),
        ("certificat", certificate()),
        ("formulaire", form()),
        ("ordonnance", prescription(False)),
        ("bizone", prescription(True)),
    ):
        doc.save(OUT / f"{name}.docx")
        print(name)
