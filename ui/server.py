"""The local server: sign-in pages, the Flet application, sound and documents, all behind :class:`~ui.guard.Guard`.

Listens on 127.0.0.1 only and calls nobody.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import threading
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import uvicorn
from fastapi import Request, WebSocket
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from flet_web import fastapi as flet_fastapi
from starlette.middleware.gzip import GZipMiddleware
from starlette.websockets import WebSocketDisconnect

from app.desk import wav
from app.office import Door, Office
from dictation.errors import CalameError
from ui import signin
from ui.channel import Channel
from ui.guard import COOKIE, Guard, Login, Logins, bind_sessions, current_login
from ui.papers import add_papers
from ui.printing import add_printing
from ui.texts import Texts
from ui.window import Window

ASSETS = Path(__file__).parent / "assets"
PAGES = Path(__file__).parent / "pages"
#: a dropped recording may be this long (two hours of FLAC, half an hour of WAV at 44.1 kHz)
MOST_BYTES = 400_000_000


class Site:
    """Everything the server holds beside the office."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.logins = Logins(office.is_locked, office.touch)
        self.channels: dict[str, Channel] = {}

    def channel(self, login: Login) -> Channel:
        """The line of a sign-in."""
        return self.channels.setdefault(login.actor.session, Channel())


def build(office: Office, origins: frozenset[str]) -> Guard:
    """The whole application as ASGI."""
    bind_sessions()
    site = Site(office)
    api = flet_fastapi.FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    _sign_in(api, site)
    _materials(api, site)
    add_papers(api, office, site.channel)
    add_printing(api, office)
    _canal(api, site)

    async def main(page: Any) -> None:
        login = current_login.get()
        if login is not None:
            await Window(page, office, login, site.channel(login), lambda: site.logins.end(login.token)).open()

    api.mount(
        "/",
        flet_fastapi.app(
            main,
            no_cdn=True,
            assets_dir=str(ASSETS),
            app_name="Calame",
            app_short_name="Calame",
            session_timeout_seconds=900,
        ),
    )
    inner = GZipMiddleware(api, minimum_size=2000, compresslevel=5)
    return Guard(inner, site.logins, origins, fresh=lambda: office.door is Door.NEW)


# -- sign-in -----------------------------------------------------------------------------------------


async def _fields(request: Request) -> dict[str, str]:
    body = await request.body()
    return {k: v[0] for k, v in parse_qs(body[:20_000].decode("utf-8", "replace")).items()}


def _language(request: Request) -> Texts:
    return Texts("en" if request.headers.get("accept-language", "fr").lower().startswith("en") else "fr")


def _sign_in(api: Any, site: Site) -> None:
    office = site.office

    def welcome(login: Login, to: Response) -> Response:
        to.set_cookie(COOKIE, login.token, httponly=True, samesite="strict", path="/")
        return to

    @api.get("/sante")
    def health() -> dict[str, bool]:
        return {"ok": True}

    @api.get("/etat")
    def state() -> dict[str, bool]:
        return {"ok": True}

    @api.get("/accueil/{name}")
    def public(name: str) -> Response:
        kinds = {".css": "text/css", ".svg": "image/svg+xml", ".otf": "font/otf", ".ttf": "font/ttf"}
        for folder in (PAGES, ASSETS / "fonts"):
            path = folder / Path(name).name
            if path.suffix in kinds and path.is_file():
                return Response(path.read_bytes(), media_type=kinds[path.suffix])
        return Response(status_code=404)

    @api.get("/connexion")
    def ask(request: Request) -> Response:
        if office.door is Door.NEW:
            return RedirectResponse("/bienvenue", 303)
        known = site.logins.find(request.cookies.get(COOKIE))
        if known is not None and not office.is_locked(known.actor):
            return RedirectResponse("/", 303)
        page = signin.login_page(
            _language(request),
            user=known.actor.login if known else "",
            locked=known is not None,
            passphrase=office.door is Door.CLOSED,
        )
        return HTMLResponse(page)

    @api.post("/connexion")
    async def enter(request: Request) -> Response:
        form = await _fields(request)
        texts = _language(request)
        known = site.logins.find(request.cookies.get(COOKIE))
        closed = office.door is Door.CLOSED
        try:
            if closed:
                given = form.get("passphrase", "")
                code = given if given.count("-") >= 4 else None
                office.open(passphrase=None if code else given, recovery_code=code)
            accounts = office.store.accounts
            if known is not None and known.actor.login == form.get("login", "").strip().lower():
                actor = accounts.unlock(known.actor, form.get("password", ""))
                if actor == known.actor:
                    return RedirectResponse("/", 303)
            else:
                actor = accounts.login(form.get("login", ""), form.get("password", ""), totp=form.get("totp") or None)
        except CalameError as error:
            page = signin.login_page(
                texts,
                user=form.get("login", ""),
                error=error.message,
                totp=error.code == "login.totp" or "totp" in form,
                passphrase=office.door is Door.CLOSED,
            )
            return HTMLResponse(page, 403)
        return welcome(site.logins.begin(actor), RedirectResponse("/", 303))

    @api.post("/sortie")
    def leave(request: Request) -> Response:
        known = site.logins.find(request.cookies.get(COOKIE))
        if known is not None:
            office.store.accounts.logout(known.actor)
            site.logins.end(known.token)
        return RedirectResponse("/connexion", 303)

    @api.get("/bienvenue")
    def first(request: Request) -> Response:
        if office.door is not Door.NEW:
            return RedirectResponse("/connexion", 303)
        return HTMLResponse(signin.welcome_page(_language(request), passphrase=office.needs_passphrase))

    @api.post("/bienvenue")
    async def found(request: Request) -> Response:
        texts, form = _language(request), await _fields(request)
        if office.door is not Door.NEW:
            return RedirectResponse("/connexion", 303)
        if form.get("password") != form.get("again"):
            error = texts("welcome.differ")
            page = signin.welcome_page(texts, form, error=error, passphrase=office.needs_passphrase)
            return HTMLResponse(page, 400)
        try:
            code = office.set_up(
                name=form.get("name", ""),
                login=form.get("login", ""),
                password=form.get("password", ""),
                passphrase=form.get("passphrase"),
            )
            actor = office.store.accounts.login(form.get("login", ""), form.get("password", ""))
        except CalameError as error:
            page = signin.welcome_page(texts, form, error=error.message, passphrase=office.needs_passphrase)
            return HTMLResponse(page, 400)
        return welcome(site.logins.begin(actor), HTMLResponse(signin.recovery_page(texts, code)))


# -- sound, dropped files --------------------------------------------------------------------


def _materials(api: Any, site: Site) -> None:
    office = site.office

    def refused(error: CalameError) -> Response:
        return Response(error.message, 403 if error.exit_status == 5 else 404, media_type="text/plain; charset=utf-8")

    @api.get("/son/{dictation_id}.wav")
    def sound(dictation_id: str, request: Request) -> Response:
        login = current_login.get()
        assert login is not None
        try:
            content = wav(office.store.audio.pcm(dictation_id, by=login.actor))
        except CalameError as error:
            return refused(error)
        return _ranged(content, request.headers.get("range"), "audio/wav")

    @api.post("/depot")
    async def drop(request: Request) -> Response:
        login = current_login.get()
        assert login is not None
        if int(request.headers.get("content-length") or 0) > MOST_BYTES:
            return Response(status_code=413)
        content = await request.body()
        name = Path(request.query_params.get("nom", "enregistrement")).name
        for listener in list(site.channel(login).listeners):
            listener({"say": "dropped", "name": name, "content": content})
        return Response(status_code=204)


def _ranged(content: bytes, wanted: str | None, media_type: str) -> Response:
    headers = {"accept-ranges": "bytes"}
    if wanted and wanted.startswith("bytes=") and "," not in wanted:
        first, _, last = wanted[6:].partition("-")
        with contextlib.suppress(ValueError):
            start = int(first) if first else max(0, len(content) - int(last))
            end = min(int(last), len(content) - 1) if last and first else len(content) - 1
            if 0 <= start <= end:
                headers["content-range"] = f"bytes {start}-{end}/{len(content)}"
                return Response(content[start : end + 1], 206, headers, media_type)
        return Response(status_code=416, headers={"content-range": f"bytes */{len(content)}"})
    return Response(content, 200, headers, media_type)


def _canal(api: Any, site: Site) -> None:
    @api.websocket("/canal")
    async def canal(websocket: WebSocket) -> None:
        login = current_login.get()
        await websocket.accept()
        assert login is not None
        channel = site.channel(login)
        page = channel.opened(websocket)
        try:
            while True:
                message = await websocket.receive()
                if message["type"] == "websocket.disconnect":
                    break
                channel.heard(page, dict(message))
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            channel.closed(page)


# -- running -----------------------------------------------------------------------------------------------


def free_port() -> int:
    """A port nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def origins_of(port: int) -> frozenset[str]:
    """Pages that may speak to the server."""
    return frozenset({f"http://127.0.0.1:{port}", f"http://localhost:{port}"})


class Server:
    """The running server; ``start`` returns when it answers, ``stop`` when everything is closed."""

    def __init__(self, office: Office, port: int) -> None:
        self.office, self.url = office, f"http://127.0.0.1:{port}"
        config = uvicorn.Config(
            build(office, origins_of(port)),
            host="127.0.0.1",
            port=port,
            log_level="warning",
            access_log=False,
            ws="websockets-sansio",
            ws_max_size=64_000_000,
            server_header=False,
            timeout_graceful_shutdown=2,
        )
        self.uvicorn = uvicorn.Server(config)

    def run(self) -> None:
        """Serves until interrupted."""
        self.office.start()
        try:
            self.uvicorn.run()
        finally:
            self.office.close()

    def start(self) -> threading.Thread:
        """Serves on a thread of its own (tests, screenshots)."""
        thread = threading.Thread(target=self.run, daemon=True)
        thread.start()
        limit = time.monotonic() + 30
        while not self.uvicorn.started and time.monotonic() < limit:
            time.sleep(0.02)
        return thread

    def stop(self, thread: threading.Thread) -> None:
        """Ends it."""
        self.uvicorn.should_exit = True
        thread.join(15)


def run(office: Office, *, port: int | None = None, browser: bool = True, tell: Callable[[str], None] = print) -> None:
    """``calame app``: serves ``office`` on 127.0.0.1 until Ctrl+C; opens a window unless told not to."""
    server = Server(office, port or free_port())
    tell(f"Calame est ouvert : {server.url}  (Ctrl+C pour fermer)")
    if browser:
        threading.Thread(target=_open_window, args=(server.url,), daemon=True).start()
    server.run()


def _open_window(url: str) -> None:
    """A window without browser bars where Chromium is present, else the user's browser."""
    time.sleep(1.0)
    for name in ("chromium", "chromium-browser", "google-chrome", "msedge"):
        path = shutil.which(name)
        if path:
            with contextlib.suppress(OSError):
                subprocess.Popen([path, f"--app={url}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                return
    webbrowser.open(url)
