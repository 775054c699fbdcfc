"""Drafts to pages, for the reference pages."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from PIL import Image

from dictation.codec import consultation_from_json, draft_from_json
from dictation.form import Form
from templates import pdf, render

PAGES = Path(__file__).parent / "pages"
WIDTH_PX = 420


def pages_of(data: dict[str, Any], form: Form) -> tuple[bytes, ...]:
    """Grey PNG pages of a kept draft."""
    document = render(draft_from_json(data["draft"]), form, consultation_from_json(data["context"]))
    out = []
    for page in pdf.pages(pdf.convert(document.content), width_px=WIDTH_PX):
        buffer = io.BytesIO()
        Image.open(io.BytesIO(page)).convert("L").quantize(16).save(buffer, "PNG", optimize=True)
        out.append(buffer.getvalue())
    return tuple(out)
