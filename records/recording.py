"""A recording under way: cuts sound into committed seconds and notices when it stopped being heard."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Protocol

from dictation.errors import RefusedError, StorageError
from dictation.sound import BYTES_PER_S
from records.ports import Ports

#: no sound for this long means that the machine slept: frames come every 20 to 30 ms, a busy machine makes them wait
SLEEP_S = 15.0
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
        #: steady and wall clock when the last sound had been kept, ``None`` before the first: a slow microphone or a
        #: disk that makes wait is no sleep
        self._last: tuple[float, dt.datetime] | None = None
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
            jumped = self._jumped()
            self._buffer += pcm
            if jumped is not None:
                self._end(jumped)
                return
            self._drain()
            self._last = (self._ports.monotonic(), self._ports.clock())

    def _jumped(self) -> str | None:
        """Why the sound may have a hole here: "sleep", "clock" or ``None``."""
        if self._last is None:
            return None
        silent_s = self._ports.monotonic() - self._last[0]
        wall_s = (self._ports.clock() - self._last[1]).total_seconds()
        if silent_s > SLEEP_S or wall_s - silent_s > CLOCK_S:
            # some systems stop the steady clock during sleep: the wall clock then runs ahead
            return "sleep"
        return "clock" if abs(wall_s - silent_s) > CLOCK_S else None

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
