"""What leaves through the browser: signed documents, pages to print, a copy somebody read. All asked for by a click."""

from __future__ import annotations

from typing import Any

from fastapi.responses import Response

from app.exports import Exports, File, Way
from app.office import Office
from app.printed import printed
from dictation.errors import CalameError
from ui.channel import Channel
from ui.guard import current_login

WAYS = {way.value.partition(".")[0]: way for way in Way}


def add_papers(api: Any, office: Office, channel: Any) -> None:
    """Routes ``/document/ID.KIND``, ``/page/NAME.KIND`` and ``/copie/NUMBER.txt``; ``channel``: login -> its line."""

    @api.get("/document/{dictation_id}.{kind}")  # type: ignore[untyped-decorator]
    def document(dictation_id: str, kind: str) -> Response:
        way = WAYS.get(kind)
        if way is None:
            return Response(status_code=404)
        login = current_login.get()
        assert login is not None
        exports = Exports(office.store, office.form)
        return _sent(lambda: exports.make(dictation_id, way, by=login.actor))

    @api.get("/page/{name}.{kind}")  # type: ignore[untyped-decorator]
    def page(name: str, kind: str) -> Response:
        login = current_login.get()
        assert login is not None
        return _sent(lambda: printed(office, name, kind, by=login.actor))

    @api.get("/copie/{number}.txt")  # type: ignore[untyped-decorator]
    def copy(number: str) -> Response:
        login = current_login.get()
        assert login is not None
        line: Channel = channel(login)
        made = line.files.pop(number, None)
        return Response(status_code=404) if made is None else _sent(lambda: made)


def _sent(make: Any) -> Response:
    try:
        file: File = make()
    except CalameError as error:
        status = 403 if error.exit_status == 5 else 404
        return Response(error.message, status, media_type="text/plain; charset=utf-8")
    where = "inline" if file.media_type == "application/pdf" else "attachment"
    headers = {"content-disposition": f'{where}; filename="{file.name}"', "cache-control": "no-store"}
    return Response(file.content, media_type=file.media_type, headers=headers)
