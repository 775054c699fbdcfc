"""Plain text: the same words as the Word document, for the clipboard and for ``--txt``."""

from __future__ import annotations

from dictation.draft import NOT_STATED
from templates.sheet import WATERMARK, Block, Sheet

NBSP = "\u00a0"


def block_text(block: Block, *, heading: bool = True) -> str:
    """One section as text, ready to paste."""
    out: list[str] = []
    if heading and not block.bare:
        out.append(f"{block.title}{NBSP}:")
    out += block.paragraphs
    out += [f"– {b}" for b in block.bullets]
    out += [f"{line.label}{NBSP}: {line.value}" for line in block.lines]
    if block.gap:
        out.append(NOT_STATED)
    return "\n".join(out)


def document_text(sheet: Sheet) -> str:
    """The whole document, paragraphs separated by blank lines."""
    draft = WATERMARK if sheet.watermark == WATERMARK else ""
    parts = [draft, "\n".join(sheet.sender), "\n".join(sheet.recipient), sheet.place_date]
    if sheet.preparation:
        parts.append(sheet.preparation)
    parts += [sheet.title, "\n".join(sheet.patient)]
    parts += [block_text(block) for block in sheet.blocks]
    parts += ["\n".join(sheet.signature), *sheet.mentions]
    return "\n\n".join(part for part in parts if part) + "\n"
