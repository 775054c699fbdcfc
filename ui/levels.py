"""The level test: hears a microphone for a moment, keeps nothing."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from app.live import Meter
from dictation.errors import CalameError

if TYPE_CHECKING:
    from ui.window.dictate import Dictation


class LevelTest:
    """One per window; ends by itself after fifteen seconds."""

    LONGEST_S = 15.0
    _running: dict[int, LevelTest] = {}  # noqa: RUF012 - one place for all windows, keyed by identity

    def __init__(self, window: Dictation) -> None:
        self._window = window
        self._meter = Meter()
        self._over = threading.Event()

    @classmethod
    def toggle(cls, window: Dictation) -> None:
        """Starts or ends the test of ``window``."""
        running = cls._running.pop(id(window), None)
        if running is not None:
            running.stop()
            return
        test = cls._running[id(window)] = cls(window)
        test.start()

    def start(self) -> None:
        """From the microphone chosen."""
        window = self._window
        if window.live.device == "browser":
            self._kept = window.channel.sound
            window.channel.sound = self._hear
            window.channel.order("mic-on", device=None)
        else:
            threading.Thread(target=self._local, daemon=True).start()
        threading.Timer(self.LONGEST_S, self.stop).start()

    def stop(self) -> None:
        """Ends; the meter falls."""
        if self._over.is_set():
            return
        self._over.set()
        window = self._window
        LevelTest._running.pop(id(window), None)
        if window.live.device == "browser":
            window.channel.microphone_off()
            window.channel.sound = window.desk.push

        def quiet() -> None:
            window.live.testing = False
            window.meter.level = 0.0

        window._later(quiet)

    def _hear(self, pcm: bytes) -> None:
        loudness = self._meter.push(pcm)
        if loudness is not None:
            self._window._level_any_thread(loudness)

    def _local(self) -> None:
        with suppress(CalameError):
            source = self._window.office.parts.microphones.open(self._window.live.device)
            for frame in source.frames():
                if self._over.is_set():
                    break
                self._hear(frame.pcm)
            close = getattr(source, "close", None)
            if close is not None:
                close()
