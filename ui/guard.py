"""The door of the local server: who may speak to it, from which page, with which login.

Stock Flet accepts a WebSocket from any origin; a foreign page open in the same browser could then read
patients' names. Nothing passes here without the right Host, the right Origin and, save for the sign-in
pages, an open login (``reference/flet.md``; CNIL, PGSSI-S identification électronique).
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import secrets
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from records import Actor

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "calame"
#: pages that need no login; everything they load is under these prefixes
OPEN = ("/connexion", "/bienvenue", "/sante", "/accueil/")
CSP = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:; worker-src 'self' blob:; "
    "connect-src 'self' blob: data:; img-src 'self' data: blob:; font-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; media-src 'self' blob:; frame-src 'self' blob:; frame-ancestors 'self'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'"
)
HEADERS = (
    (b"content-security-policy", CSP.encode()),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"microphone=(self), camera=(), geolocation=()"),
)
#: how often an open screen is checked for a lock
WATCH_S = 2.0

current_login: contextvars.ContextVar[Login | None] = contextvars.ContextVar("current_login", default=None)


@dataclass(frozen=True, slots=True)
class Login:
    """A cookie's owner. ``token`` is the cookie's value."""

    token: str = field(repr=False)
    actor: Actor


class Logins:
    """Open logins by cookie. Thread-safe; lost with the process, on purpose."""

    def __init__(self, is_locked: Callable[[Actor], bool], touch: Callable[[Actor], None]) -> None:
        self._open: dict[str, Login] = {}
        self._lock = threading.Lock()
        self.is_locked, self._touch = is_locked, touch

    def begin(self, actor: Actor) -> Login:
        """A new cookie for ``actor``."""
        login = Login(secrets.token_urlsafe(32), actor)
        with self._lock:
            self._open[login.token] = login
        return login

    def end(self, token: str) -> None:
        """The cookie is worth nothing any more."""
        with self._lock:
            self._open.pop(token, None)

    def find(self, token: str | None) -> Login | None:
        """The login of a cookie, locked or not."""
        with self._lock:
            return self._open.get(token or "")

    def usable(self, token: str | None) -> Login | None:
        """The login of a cookie when it is open and not locked."""
        login = self.find(token)
        return None if login is None or self.is_locked(login.actor) else login

    def touch(self, login: Login) -> None:
        """The person did something."""
        with contextlib.suppress(Exception):  # a lock that came in between is seen by the next check
            self._touch(login.actor)


class Guard:
    """Pure ASGI: sees WebSockets too."""

    def __init__(self, app: App, logins: Logins, origins: frozenset[str], *, fresh: Callable[[], bool]) -> None:
        self._app, self._logins, self._origins = app, logins, origins
        self._hosts = frozenset(origin.split("//")[1] for origin in origins)
        self._fresh = fresh

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses, redirects to the sign-in page, or lets through."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        cookies = dict(c.strip().split("=", 1) for c in headers.get("cookie", "").split(";") if "=" in c)
        login = self._logins.usable(cookies.get(COOKIE))
        status = self._verdict(scope, headers, login)
        if status:
            await self._refuse(scope, receive, send, status)
            return
        token = current_login.set(login)
        try:
            if scope["type"] == "websocket" and login is not None:
                await self._watched(scope, receive, send, login)
            else:
                if login is not None and scope["path"] != "/etat":
                    self._logins.touch(login)
                await self._app(scope, receive, _with_headers(scope, send))
        finally:
            current_login.reset(token)

    def _verdict(self, scope: Scope, headers: dict[str, str], login: Login | None) -> int:
        """0 when it may pass, else a status."""
        origin = headers.get("origin")
        needs_origin = scope["type"] == "websocket" or scope.get("method") not in ("GET", "HEAD")
        if headers.get("host") not in self._hosts or (origin not in self._origins if origin or needs_origin else False):
            return 403
        if login is None and not scope["path"].startswith(OPEN):
            html = headers.get("accept", "").startswith("text/html")
            return 303 if html and scope["type"] == "http" else 401
        return 0

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, status: int) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4403})
            return
        where = b"/bienvenue" if self._fresh() else b"/connexion"
        headers = [*HEADERS, *([(b"location", where)] if status == 303 else [])]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _watched(self, scope: Scope, receive: Receive, send: Send, login: Login) -> None:
        """An open screen: every message is a sign of life, and a lock closes it."""
        locked = asyncio.Event()

        async def watch() -> None:
            while self._logins.usable(login.token) is not None:
                await asyncio.sleep(WATCH_S)
            locked.set()

        async def guarded() -> Message:
            if self._logins.usable(login.token) is None:
                return {"type": "websocket.disconnect", "code": 4401}
            reading = asyncio.ensure_future(receive())
            shut = asyncio.ensure_future(locked.wait())
            done, _ = await asyncio.wait({reading, shut}, return_when=asyncio.FIRST_COMPLETED)
            if reading not in done:
                reading.cancel()
                with contextlib.suppress(Exception):
                    await send({"type": "websocket.close", "code": 4401})
                return {"type": "websocket.disconnect", "code": 4401}
            shut.cancel()
            message = reading.result()
            if message["type"] == "websocket.receive":
                self._logins.touch(login)
            return message

        watcher = asyncio.ensure_future(watch())
        try:
            await self._app(scope, guarded, send)
        finally:
            watcher.cancel()


def _with_headers(scope: Scope, send: Send) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(k, v) for k, v in message["headers"] if k.lower() != b"access-control-allow-origin"]
            still = scope["path"].endswith((".wasm", ".mjs", ".js", ".ttf", ".otf", ".woff2", ".css"))
            cache = b"private, max-age=86400" if still else b"no-store"
            if not any(k.lower() == b"cache-control" for k, _ in kept):
                kept.append((b"cache-control", cache))
            message = {**message, "headers": [*kept, *HEADERS]}
        await send(message)

    return wrapped


def bind_sessions() -> None:
    """Flet takes a session up again by (id in sessionStorage, address, browser): also demand the same login."""
    from flet_web.fastapi.flet_app_manager import app_manager as manager

    if getattr(manager, "calame_bound", False):
        return
    get, add = manager.get_session, manager.add_session

    async def add_session(session_id: str, session: Any) -> None:
        login = current_login.get()
        session.store.set("login", login.actor.session if login else None)
        await add(session_id, session)

    async def get_session(session_id: str) -> Any:
        session, login = await get(session_id), current_login.get()
        owner = session.store.get("login") if session is not None else None
        return session if login is not None and owner == login.actor.session else None

    manager.get_session, manager.add_session, manager.calame_bound = get_session, add_session, True
