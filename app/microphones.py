"""Microphones of this machine, as the application sees them.

The microphone last used stays on stand-by for a while, its last second in memory only: what is said while the finger
still is on F2 is there. It is let go after ``STANDBY_S`` without a dictation.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Protocol

from app.capture import Frames
from app.office import Device
from dictation.errors import EngineError
from dictation.evidence import Finding
from dictation.sound import AudioFrame

STANDBY_S = 600.0


class Source(Protocol):
    """What is asked of :class:`voice.microphone.MicrophoneSource`."""

    @property
    def alive(self) -> bool: ...

    @property
    def notices(self) -> tuple[Finding, ...]: ...

    def open(self) -> None: ...

    def start(self) -> None: ...

    def frames(self) -> Iterator[AudioFrame]: ...

    def close(self) -> None: ...


def _microphone(name: str | None, armed: bool) -> Source:
    from voice.microphone import MicrophoneSource

    return MicrophoneSource(name, armed=armed)


class SystemMicrophones:
    """sounddevice's devices, by name so that a choice survives replugging. Thread-safe."""

    def __init__(
        self, make: Callable[[str | None, bool], Source] = _microphone, *, standby_s: float = STANDBY_S
    ) -> None:
        self._make, self._standby_s = make, standby_s
        self._lock = threading.Lock()
        self._waiting: tuple[str | None, Source] | None = None
        self._lent = 0
        self._timer: threading.Timer | None = None

    def devices(self) -> Sequence[Device]:
        """Plugged in now; empty when there is no sound system at all."""
        from voice.devices import devices

        waiting = self._take()
        try:
            found = devices(refresh=True)
        except EngineError:
            return ()
        finally:
            if waiting is not None:  # PortAudio only looks for devices while no stream is open
                self.stand_by(waiting[0])
        return tuple(Device(d.name, d.name, d.default) for d in found)

    def open(self, name: str | None) -> Frames:
        """The microphone ``name``, the default one when ``None``; with its last second when it stood by."""
        waiting = self._take(close=False)
        with self._lock:
            self._lent += 1
        if waiting is not None:
            if waiting[0] == name and waiting[1].alive:
                waiting[1].start()
                return _Lent(waiting[1], lambda: self._back(name))
            waiting[1].close()
        return _Lent(self._make(name, False), lambda: self._back(name))

    def stand_by(self, name: str | None) -> None:
        """Opens ``name`` ahead of a dictation, on a thread of its own; nothing while one is being used."""
        threading.Thread(target=self._arm, args=(name,), name="micro-veille", daemon=True).start()

    def let_go(self) -> None:
        """Nobody is there any more: no microphone stays open."""
        self._take()

    def _back(self, name: str | None) -> None:
        with self._lock:
            self._lent -= 1
        self.stand_by(name)

    def _arm(self, name: str | None) -> None:
        source = self._make(name, True)
        with suppress(EngineError):
            source.open()
            with self._lock:
                if self._lent or self._waiting is not None:
                    unused = source
                else:
                    unused = None
                    self._waiting = (name, source)
                    self._timer = threading.Timer(self._standby_s, self.let_go)
                    self._timer.daemon = True
                    self._timer.start()
            if unused is not None:
                unused.close()

    def _take(self, *, close: bool = True) -> tuple[str | None, Source] | None:
        with self._lock:
            waiting, self._waiting = self._waiting, None
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        if waiting is not None and close:
            waiting[1].close()
        return waiting


class _Lent:
    """A microphone in use; comes back once, when it is closed or its sound has ended."""

    live = True

    def __init__(self, source: Source, back: Callable[[], None]) -> None:
        self._source, self._back = source, back
        self._lock = threading.Lock()
        self._over = False

    def frames(self) -> Iterator[AudioFrame]:
        """See :class:`voice.seams.AudioSource`."""
        try:
            yield from self._source.frames()
        finally:
            self.close()

    def close(self) -> None:
        """Ends it; what was heard can still be read."""
        self._source.close()
        with self._lock:
            over, self._over = self._over, True
        if not over:
            self._back()

    @property
    def notices(self) -> tuple[Finding, ...]:
        """What should be known about the sound: moments lost, a saturated microphone."""
        return self._source.notices
