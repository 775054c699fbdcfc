"""What the browser prints: the signed document's own pages, one to a sheet.

The pages are pictures at 200 dpi and not the PDF: the application is cross-origin isolated (its renderer's
threads need it), and a browser's PDF viewer cannot be opened and printed from inside such a page.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from typing import Any

from fastapi.responses import HTMLResponse, Response

from app.office import Office
from app.printed import pages as pdf_pages
from app.printed import printed as printed_page
from dictation.errors import CalameError
from ui.guard import current_login

#: A4 at 200 dpi
WIDTH_PX = 1654
#: what a page inside the application's own page must say of itself
_ISOLATED = {"cross-origin-embedder-policy": "require-corp"}
_HEAD = """<!doctype html><meta charset="utf-8"><title>Calame</title>
<style>@page { size: A4 %s; margin: 0 } body { margin: 0 } img { display: block; width: 100%; break-after: page }</style>
"""


def print_page(pages: Iterable[bytes], *, wide: bool = False) -> str:
    """HTML of some PNG pages, whole: it asks for nothing else. ``wide``: sheets on their side."""
    images = (f'<img alt="" src="data:image/png;base64,{b64encode(page).decode()}">' for page in pages)
    return _HEAD.replace("%s", "landscape" if wide else "portrait") + "\n".join(images)


def _wide(png: bytes) -> bool:
    """Width over height, as the file's head says (PNG, IHDR)."""
    return int.from_bytes(png[16:20], "big") > int.from_bytes(png[20:24], "big")


def add_printing(api: Any, office: Office) -> None:
    """Routes ``/impression/ID`` and ``/impression/page/NAME``."""

    @api.get("/impression/page/{name}")  # type: ignore[untyped-decorator]
    def page(name: str) -> Response:
        login = current_login.get()
        assert login is not None
        try:
            pages = pdf_pages(printed_page(office, name, "pdf", by=login.actor).content, width_px=WIDTH_PX)
        except CalameError as error:
            return Response(error.message, 403 if error.exit_status == 5 else 404, _ISOLATED, "text/plain")
        return HTMLResponse(print_page(pages, wide=any(_wide(p) for p in pages)), headers=_ISOLATED)

    @api.get("/impression/{dictation_id}")  # type: ignore[untyped-decorator]
    def printed(dictation_id: str) -> Response:
        login = current_login.get()
        assert login is not None
        try:
            documents = office.store.dictations.documents(dictation_id, by=login.actor)
        except CalameError as error:
            return Response(error.message, 403 if error.exit_status == 5 else 404, _ISOLATED, "text/plain")
        for one in sorted(documents, key=lambda d: "pdf" not in d.media_type):
            pages = office.parts.renderer.pages(one, width_px=WIDTH_PX)
            if pages:
                return HTMLResponse(print_page(pages), headers=_ISOLATED)
        return Response(status_code=404, headers=_ISOLATED)
