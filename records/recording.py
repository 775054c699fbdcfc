"""A recording under way: cuts sound into committed seconds and notices when it stopped being heard."""

from __future__ import annotations

import threading
from typing import Protocol

from dictation.errors import RefusedError, StorageError
from dictation.sound import BYTES_PER_S
from records.ports import Ports

#: no sound for this long means that the machine slept; frames come every 20 to 30 ms
SLEEP_S = 5.0
#: the wall clock moved this much against the steady one: dates can no longer be trusted
CLOCK_S = 60.0


class _Sink(Protocol):
    def append(self, dictation_id: str, pcm: bytes) -> float: ...

    def finish(self, dictation_id: str, *, tail: bytes, interrupted: str | None) -> None: ...


class Recording:
    """Takes PCM of any length. Thread-safe. Positions come from samples heard, never from a clock."""

    def __init__(self, sink: _Sink, dictation_id: str, ports: Ports) -> None:
        self._sink = sink
        self._id = dictation_id
        self._ports = ports
        self._buffer = bytearray()
        self._mutex = threading.Lock()
        self._last_s = ports.monotonic()
        self._last_wall = ports.clock()
        #: why it ended: "done", "disk_full", "device", "sleep", "clock", or ``None`` while it runs
        self.ended: str | None = None

    def write(self, pcm: bytes) -> None:
        """Keeps ``pcm``; each full second is on disk when this returns.

        Raises :class:`StorageError` ``store.disk_full`` after closing the recording with everything heard, and
        :class:`RefusedError` ``audio.ended`` once it has ended. After a sleep or a jump of the clock the recording is
        closed first (``ended`` tells), and ``pcm`` is kept with it.
        """
        with self._mutex:
            if self.ended is not None:
                raise RefusedError("audio.ended", "L'enregistrement est terminé. Appuyez sur « Reprendre ».")
            now_s, wall = self._ports.monotonic(), self._ports.clock()
            silent_s, wall_s = now_s - self._last_s, (wall - self._last_wall).total_seconds()
            self._last_s, self._last_wall = now_s, wall
            self._buffer += pcm
            if silent_s > SLEEP_S or wall_s - silent_s > CLOCK_S:
                # some systems stop the steady clock during sleep: the wall clock then runs ahead
                self._end("sleep")
            elif abs(wall_s - silent_s) > CLOCK_S:
                self._end("clock")
            else:
                self._drain()

    def _drain(self) -> None:
        while len(self._buffer) >= BYTES_PER_S:
            try:
                self._sink.append(self._id, bytes(self._buffer[:BYTES_PER_S]))
            except StorageError as error:
                if error.code == "store.disk_full":
                    self._end("disk_full")
                raise
            del self._buffer[:BYTES_PER_S]

    def stop(self) -> None:
        """The person has finished: the dictation goes on to transcription. Harmless when it already ended."""
        with self._mutex:
            if self.ended is None:
                self._end("done")

    def interrupt(self, reason: str) -> None:
        """The microphone was unplugged ("device") or the window closed; resumable."""
        with self._mutex:
            if self.ended is None:
                self._end(reason)

    def _end(self, reason: str) -> None:
        self.ended = reason
        tail = bytes(self._buffer[: len(self._buffer) // 2 * 2])
        self._sink.finish(self._id, tail=tail, interrupted=None if reason == "done" else reason)
        self._buffer.clear()
