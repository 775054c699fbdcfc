"""From a microphone, the browser or a file to the store and the engine, one piece at a time.

The store comes first: a piece of sound is on its way to disk before the engine hears it.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Protocol

from dictation.errors import CalameError
from dictation.evidence import Finding
from dictation.sound import BYTES_PER_S, AudioFrame


class Sink(Protocol):
    """What keeps sound (``records.Recording``)."""

    def write(self, pcm: bytes) -> None:
        """Keeps ``pcm``; raises :class:`~dictation.errors.StorageError` when the disk is full."""
        ...

    def stop(self) -> None:
        """The person has finished."""
        ...

    def interrupt(self, reason: str) -> None:
        """It ended against the person's will; resumable."""
        ...


class Frames(Protocol):
    """A source of sound (``voice.seams.AudioSource``)."""

    def frames(self) -> Iterator[AudioFrame]:
        """Frames in order, until the sound ends."""
        ...


class PushSource:
    """Sound that is pushed (the browser's microphone, a decoded file). Thread-safe."""

    def __init__(self) -> None:
        self._pieces: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._heard = 0

    def push(self, pcm: bytes) -> None:
        """s16le mono 16 kHz, any length."""
        self._pieces.put(pcm)

    def close(self) -> None:
        """No more sound."""
        self._pieces.put(None)

    def frames(self) -> Iterator[AudioFrame]:
        """Pieces as they come."""
        while (pcm := self._pieces.get()) is not None:
            yield AudioFrame(pcm, self._heard / BYTES_PER_S)
            self._heard += len(pcm)


class Capture:
    """Reads a source on its own thread until told to stop.

    ``on_sound`` hears each piece after it was kept; ``on_trouble`` gets the error that ended it, once.
    """

    def __init__(
        self,
        source: Frames,
        sink: Sink,
        *,
        on_sound: Callable[[bytes], None],
        on_trouble: Callable[[CalameError], None],
        on_end: Callable[[], None],
    ) -> None:
        self._source, self._sink = source, sink
        self._on_sound, self._on_trouble, self._on_end = on_sound, on_trouble, on_end
        self._stopping = threading.Event()
        self._paused = False
        self._fed = 0
        self._thread = threading.Thread(target=self._run, name="capture", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    @property
    def fed_s(self) -> float:
        """Seconds of sound kept."""
        return self._fed / BYTES_PER_S

    @property
    def notices(self) -> tuple[Finding, ...]:
        """What the source says about its sound: moments lost, a saturated microphone."""
        return tuple(getattr(self._source, "notices", ()))

    def pause(self, paused: bool) -> None:
        """Sound heard while paused is neither kept nor transcribed."""
        self._paused = paused

    def stop(self, *, wait_s: float = 2.0) -> None:
        """Ends the source; returns when its last piece was kept."""
        self._stopping.set()
        close = getattr(self._source, "close", None)
        if close is not None:
            close()
        if threading.current_thread() is not self._thread:
            self._thread.join(wait_s)

    def _run(self) -> None:
        try:
            for frame in self._source.frames():
                if self._paused:
                    if self._stopping.is_set():
                        break
                    continue
                self._sink.write(frame.pcm)
                self._fed += len(frame.pcm)
                self._on_sound(frame.pcm)
                if self._stopping.is_set() and not hasattr(self._source, "close"):
                    break  # one that can be closed ends by itself, after the last sound it heard
        except CalameError as error:
            if not self._stopping.is_set():
                self._sink.interrupt("device")
                self._on_trouble(error)
            return
        if not self._stopping.is_set():
            self._on_end()
