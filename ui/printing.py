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
from dictation.errors import CalameError
from ui.guard import current_login

#: A4 at 200 dpi
WIDTH_PX = 1654
#: what a page inside the application's own page must say of itself
_ISOLATED = {"cross-origin-embedder-policy": "require-corp"}
_HEAD = """<!doctype html><meta charset="utf-8"><title>Calame</title>
<style>@page { size: A4; margin: 0 } body { margin: 0 } img { display: block; width: 100%; break-after: page }</style>
"""


def print_page(pages: Iterable[bytes]) -> str:
    """HTML of some PNG pages, whole: it asks for nothing else."""
    images = (f'<img alt="" src="data:image/png;base64,{b64encode(page).decode()}">' for page in pages)
    return _HEAD + "\n".join(images)


def add_printing(api: Any, office: Office) -> None:
    """Route ``/impression/ID``."""

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
