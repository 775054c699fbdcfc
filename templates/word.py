"""Word documents: a letterhead with named places, filled by docxtpl, stamped while unsigned.

``fill`` is pure (bytes in, bytes out) and makes no clear copy on disk. The watermark is drawn by
code into every header, so that no letterhead can forget it.
"""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

from dictation.errors import InputError
from dictation.form import Form, Genre
from templates.french import curly
from templates.sheet import WATERMARK, Block, Sheet

LETTERHEADS = Path(__file__).parent / "letterheads"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_BY_GENRE = {
    Genre.LETTER: "lettre",
    Genre.FORM: "formulaire",
    Genre.NARRATIVE: "compte_rendu",
    Genre.FORM_NARRATIVE: "formulaire",
}


def layout_of(sheet: Sheet) -> str:
    """Name of the shipped letterhead for this sheet."""
    if sheet.form_id == "ordonnance":
        return "bizone" if any(b.key == "zone_ald" and not b.gap for b in sheet.blocks) else "ordonnance"
    if sheet.form_id.startswith("certificat") and sheet.genre is Genre.LETTER:
        return "certificat"
    return _BY_GENRE[sheet.genre]


def places(sheet: Sheet, form: Form) -> dict[str, Any]:
    """Every named place and its value, as documented in ``docs/papier-a-en-tete.md``."""
    blocks = [_block(b) for b in sheet.blocks]
    sender = list(sheet.sender)
    name = sender.pop(0) if sender else ""
    quality = sender.pop(0) if sender and not sender[0].startswith("RPPS") else ""
    patient = list(sheet.patient)
    by_key = {b["cle"]: b for b in blocks}
    named: dict[str, Any] = {
        "praticien": {"nom": name, "qualite": quality, "coordonnees": sender},
        "destinataire": {"lignes": list(sheet.recipient), "nom": sheet.recipient[0] if sheet.recipient else ""},
        "patient": {
            "identite": sheet.short_patient or "Patient\u00a0: non précisé",
            "naissance": patient[1] if len(patient) > 1 else "",
            "ligne": ", ".join(patient),
            "court": sheet.short_patient,
        },
        "lieu_date": sheet.place_date,
        "titre": sheet.title,
        "preparation": sheet.preparation or "",
        "mention": " ".join(sheet.mentions),
        "signature": list(sheet.signature),
        "rubriques": blocks,
        "rubriques_ald": [b for b in blocks if b["cle"] == "zone_ald"],
        "rubriques_hors_ald": [b for b in blocks if b["cle"] != "zone_ald"],
        "rubrique": {
            s.key: "\n".join((*by_key[s.key]["paragraphes"], *by_key[s.key]["puces"])) if s.key in by_key else ""
            for s in form.sections
        },
        "champ": {
            s.key: {
                f.key: next((x["valeur"] for x in by_key.get(s.key, {"lignes": []})["lignes"] if x["cle"] == f.key), "")
                for f in s.fields
            }
            for s in form.sections
            if s.fields
        },
    }
    return {key: _curly(value) for key, value in named.items()}


def _curly(value: Any) -> Any:
    match value:
        case str():
            return curly(value)
        case list():
            return [_curly(v) for v in value]
        case dict():
            return {key: v if key == "cle" else _curly(v) for key, v in value.items()}
        case _:
            return value


def _block(block: Block) -> dict[str, Any]:
    return {
        "cle": block.key,
        "titre": block.title,
        "paragraphes": list(block.paragraphs),
        "puces": list(block.bullets),
        "lignes": [
            {
                "cle": x.key,
                "libelle": x.label,
                "valeur": x.value,
                "dit": "" if x.gap else x.value,
                "manque": x.value if x.gap else "",
            }
            for x in block.lines
        ],
        "vide": block.gap,
        "nue": block.bare,
    }


def fill(sheet: Sheet, form: Form, letterhead: Path | None = None) -> bytes:
    """The .docx of ``sheet`` on ``letterhead`` (default: the shipped one of its kind).

    Raises :class:`~dictation.errors.InputError` when the letterhead cannot be used.
    """
    from docxtpl import DocxTemplate
    from jinja2 import TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    from templates.letterhead import refuse_hostile

    path = letterhead or LETTERHEADS / f"{layout_of(sheet)}.docx"
    if letterhead is not None:
        refuse_hostile(letterhead)
    template = DocxTemplate(path)
    try:
        # a letterhead comes from outside: what it writes between braces may read places, and run nothing
        template.render(places(sheet, form), SandboxedEnvironment(autoescape=True))
    except (TemplateError, TypeError, OverflowError) as error:
        raise InputError(
            "letterhead.broken",
            f"Le papier à en-tête {path.name} a une place ou une boucle fautive. Le détail et la page\u00a0: "
            f"calame forms check {path.name}",
        ) from error
    document = template.docx
    if sheet.watermark:
        _watermark(document, sheet.watermark)
    _properties(document, sheet)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _properties(document: Any, sheet: Sheet) -> None:
    core = document.core_properties
    core.title = sheet.title
    core.subject = sheet.preparation or ""
    core.author = sheet.sender[0] if sheet.sender else ""
    core.language = "fr-FR"
    core.comments = " ".join(sheet.mentions)
    core.category = core.content_status = "brouillon" if sheet.watermark == WATERMARK else "signé"
    day = sheet.date or dt.date(2000, 1, 1)
    core.created = core.modified = dt.datetime(day.year, day.month, day.day)
    core.last_modified_by = "Calame"


_SHAPE = """<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:w10="urn:schemas-microsoft-com:office:word"><w:rPr><w:noProof/></w:rPr><w:pict>
<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">
<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>
<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>
<v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>
<v:f eqn="sum @6 0 @5"/></v:formulas><v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/>
</v:shapetype><v:shape id="CalameFiligrane{n}" o:spid="_x0000_s{id}" type="#_x0000_t136" alt="{text}"
 style="position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:{height}pt;rotation:315;z-index:-251658752;
mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;
mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#c9d3d6" stroked="f">
<v:fill opacity=".5"/><v:textpath style="font-family:&quot;Arial&quot;;font-size:1pt" string="{text}"/>
<w10:wrap anchorx="margin" anchory="margin"/></v:shape></w:pict></w:r>"""


def _size(text: str) -> dict[str, int]:
    """Points: across the page, letters as wide as Arial draws them."""
    width = 450
    return {"width": width, "height": round(width / (0.8 * len(text)))}


def _watermark(document: Any, text: str) -> None:
    from docx.oxml import parse_xml

    number = 0
    for section in document.sections:
        headers = [section.header]
        if section.different_first_page_header_footer:
            headers.append(section.first_page_header)
        if document.settings.odd_and_even_pages_header_footer:
            headers.append(section.even_page_header)
        for header in headers:
            if header.is_linked_to_previous and number:
                continue
            header.is_linked_to_previous = False
            number += 1
            paragraph = header.paragraphs[0] if header.paragraphs else header.add_paragraph()
            paragraph._p.append(parse_xml(_SHAPE.format(n=number, id=2048 + number, text=text, **_size(text))))
