"""The line to ``calame.js``: the browser's microphone and loudspeaker, printing, saving.

One line per open page; orders go to the page that was looked at last. Everything runs on the server's loop.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from app.exports import File
from dictation.sound import RATE_HZ


class Socket(Protocol):
    """What is used of a WebSocket."""

    async def send_text(self, data: str) -> None:
        """One order."""
        ...


class Resampler:
    """The device's rate to 16 kHz mono s16le, without a seam between pieces."""

    def __init__(self, rate_hz: int) -> None:
        import soxr

        self._stream = None if rate_hz == RATE_HZ else soxr.ResampleStream(rate_hz, RATE_HZ, 1, dtype="int16")

    def push(self, pcm: bytes) -> bytes:
        """Resampled sound; may be shorter than time says, the rest follows."""
        if self._stream is None:
            return pcm
        import numpy as np

        out: bytes = self._stream.resample_chunk(np.frombuffer(pcm, dtype="<i2")).astype("<i2").tobytes()
        return out


class Page:
    """One open page of one sign-in."""

    def __init__(self, socket: Socket) -> None:
        self.socket = socket
        self.resampler: Resampler | None = None


class Channel:
    """All pages of one sign-in. ``listener`` gets what pages say (dicts), ``sound`` gets 16 kHz PCM."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.listeners: list[Callable[[dict[str, Any]], None]] = []
        self.sound: Callable[[bytes], None] = lambda pcm: None
        self.wanted_microphone: Callable[[], dict[str, Any] | None] = lambda: None
        #: files ready to be saved, by number: each is given once (``ui.papers``)
        self.files: dict[str, File] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def order(self, do: str, **more: Any) -> None:
        """Sends an order to the page looked at last; from any thread; lost when no page is open."""
        if self._loop is not None and self.pages:
            self._loop.call_soon_threadsafe(self._send, self.pages[-1], {"do": do, **more})

    def save(self, file: File) -> None:
        """Has the page looked at last save ``file`` where its person wants; at most eight wait."""
        number = secrets.token_hex(8)
        self.files = {**dict(list(self.files.items())[-7:]), number: file}
        self.order("save", src=f"/copie/{number}.txt", name=file.name)

    def everywhere(self, do: str, **more: Any) -> None:
        """Sends an order to all pages."""
        if self._loop is not None:
            for page in list(self.pages):
                self._loop.call_soon_threadsafe(self._send, page, {"do": do, **more})

    def _send(self, page: Page, order: dict[str, Any]) -> None:
        async def go() -> None:
            with suppress(Exception):  # the page went away in between
                await page.socket.send_text(json.dumps(order))

        task = asyncio.ensure_future(go())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def opened(self, socket: Socket) -> Page:
        """A page opened its line."""
        self._loop = asyncio.get_running_loop()
        page = Page(socket)
        self.pages.append(page)
        return page

    def closed(self, page: Page) -> None:
        """It is gone. Its microphone moves to another open page, or waits for this one to come back (a reload)."""
        with suppress(ValueError):
            self.pages.remove(page)
        wanted = self.wanted_microphone()
        if page.resampler is not None and wanted is not None and self.pages:
            self._send(self.pages[-1], {"do": "mic-on", **wanted})

    def heard(self, page: Page, message: dict[str, Any]) -> None:
        """What a page says: text or bytes, as ASGI gives it."""
        if message.get("bytes") is not None:
            if page.resampler is not None:
                self.sound(page.resampler.push(message["bytes"]))
            return
        try:
            said = json.loads(message.get("text") or "{}")
        except ValueError:
            return
        match said.get("say"):
            case "hello" | "focus" if page in self.pages:
                self.pages.remove(page)
                self.pages.append(page)
                wanted = self.wanted_microphone()
                if said["say"] == "hello" and wanted is not None and not any(p.resampler for p in self.pages):
                    self._send(page, {"do": "mic-on", **wanted})
            case "mic":
                rate = said.get("rate")
                if isinstance(rate, int | float) and 8000 <= rate <= 192000:
                    page.resampler = Resampler(int(rate))
            case _:
                pass
        self._say(said)

    def microphone_off(self) -> None:
        """No page listens any more."""
        for page in self.pages:
            page.resampler = None
        self.everywhere("mic-off")

    def _say(self, said: dict[str, Any]) -> None:
        for listener in list(self.listeners):
            listener(said)
