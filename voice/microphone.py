"""The microphone, through sounddevice (PortAudio).

Three threads: PortAudio's callback only copies bytes into a queue; a pump resamples, frames, measures and
hands frames to the sink (what ``records`` keeps) as they arrive; the reader takes frames when it can. A
slow reader therefore never costs a sample, and what the sink got is on disk whatever happens to the reader.

A device that goes away raises nothing in PortAudio: callbacks just stop. The stream's end callback and
two seconds without callbacks are watched; either ends the frames with ``device.gone``.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from dictation.errors import EngineError
from dictation.evidence import Finding, Severity
from dictation.sound import RATE_HZ, AudioFrame
from voice.converter import Converter
from voice.devices import begin_again, device_gone, devices, sounddevice, stream_closed, stream_opened
from voice.files import FRAME_BYTES, FRAME_MS
from voice.levels import LevelMeter
from voice.seams import Level

#: no callback for this long while the stream is open: the device is gone. A stream that ends says so itself within
#: 20 ms; on a machine with twelve jobs for each core callbacks stayed away for more than half a second
SILENT_S = 2.0
#: the first callback may take this long on a loaded machine (1.9 s measured)
FIRST_S = 10.0
PRE_ROLL_S = 1.0
BLOCK_MS = 20


class MicrophoneSource:
    """An :class:`~voice.seams.AudioSource`. ``open`` once, read ``frames`` on one thread, ``close`` from any.

    ``sink(pcm)`` gets every frame's bytes on the pump's thread, pre-roll included, before the reader does.
    With ``armed`` the stream runs and keeps only the last second until :meth:`start`: the word said while
    the finger still is on F2 is there.
    """

    live = True
    duration_s: float | None = None

    def __init__(
        self,
        device: int | str | None = None,
        *,
        sink: Callable[[bytes], None] | None = None,
        on_level: Callable[[Level], None] | None = None,
        on_ready: Callable[[], None] | None = None,
        armed: bool = False,
        start_s: float = 0.0,
        pre_roll_s: float = PRE_ROLL_S,
        sounddevice: Any = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._device, self._sink, self._on_level, self._on_ready = device, sink, on_level, on_ready
        self._sd = sounddevice
        self._clock = clock
        self._blocks: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._frames: queue.SimpleQueue[AudioFrame | EngineError | None] = queue.SimpleQueue()
        self._started = threading.Event()
        self._first = threading.Event()
        self._closing = threading.Event()
        if not armed:
            self._started.set()
        self._pre_roll: deque[bytes] = deque(maxlen=max(1, round(pre_roll_s * 1000 / FRAME_MS)))
        self._origin_s = start_s
        self._count = 0
        self._last_callback = 0.0
        self._finished = False
        self._stream: Any = None
        self._rate = RATE_HZ
        self._channels = 1
        self._pump: threading.Thread | None = None
        self._failed: Exception | None = None
        #: callbacks that came with PortAudio's « input overflow »: samples were lost before us
        self.overruns = 0
        #: tenths of a second with clipped samples
        self.clipped = 0

    # --- life -------------------------------------------------------------------------------

    def open(self) -> None:
        """Opens the device and waits for its first callback; idempotent.

        Raises :class:`~dictation.errors.EngineError`: ``device.none``, ``device.busy``, ``device.mute``
        (opened but nothing comes), ``audio.system``.
        """
        if self._stream is not None:
            return
        sd = self._sd = self._sd or sounddevice()
        try:
            self._begin(sd)
        except (sd.PortAudioError, ValueError):
            try:  # plugged in, or plugged in again, since PortAudio last looked
                begin_again(sd)
                self._begin(sd)
            except (sd.PortAudioError, ValueError) as error:
                if not devices(sd):
                    raise EngineError(
                        "device.none", "Aucun micro n'est branché\u00a0: branchez-en un, puis réessayez."
                    ) from error
                raise EngineError(
                    "device.busy",
                    "Le micro choisi ne s'ouvre pas\u00a0: il est pris par un autre logiciel ou débranché.",
                ) from error
        self._last_callback = self._clock()
        self._pump = threading.Thread(target=self._run, name="microphone", daemon=True)
        self._pump.start()
        if not self._first.wait(FIRST_S):
            self.close()
            raise EngineError(
                "device.mute", "Le micro est ouvert mais n'envoie rien\u00a0: vérifiez son bouton et son câble."
            )
        if self._on_ready is not None:
            self._on_ready()

    def start(self) -> None:
        """From armed to recording: the last second is handed over first."""
        self._started.set()

    def close(self) -> None:
        """Stops; frames already heard can still be read. Idempotent, from any thread."""
        self._closing.set()
        stream, self._stream = self._stream, None
        if stream is not None:
            try:
                stream.abort()
                stream.close()
            except Exception as error:  # a device that is gone may refuse to close; nothing is left to save
                self._failed = error
            stream_closed()
        self._blocks.put(None)

    def frames(self) -> Iterator[AudioFrame]:
        """Frames of 20 ms, times from ``start_s`` on, until :meth:`close`.

        Raises :class:`~dictation.errors.EngineError` ``device.gone`` when the device disappears: everything
        before was yielded, and a new source with ``start_s`` set goes on.
        """
        self.open()
        while True:
            item = self._frames.get()
            if item is None:
                return
            if isinstance(item, EngineError):
                self.close()  # so that PortAudio can look for what is plugged in now
                raise item
            yield item

    @property
    def alive(self) -> bool:
        """Open, and sound still comes."""
        return self._stream is not None and self._pump is not None and self._pump.is_alive()

    @property
    def now_s(self) -> float:
        """Seconds recorded so far, from the start of the recording."""
        return self._origin_s + self._count * FRAME_MS / 1000

    @property
    def notices(self) -> tuple[Finding, ...]:
        """What the doctor should know about the sound."""
        out = []
        if self.overruns:
            out.append(
                Finding(
                    "audio.overrun",
                    Severity.CHECK,
                    f"L'ordinateur a été trop lent {self.overruns} fois\u00a0: des instants de son manquent.",
                )
            )
        if self.clipped > 2:
            out.append(
                Finding(
                    "audio.clipping", Severity.INFO, "Le son sature\u00a0: éloignez le micro ou baissez son niveau."
                )
            )
        return tuple(out)

    # --- inside -----------------------------------------------------------------------------

    def _begin(self, sd: Any) -> None:
        stream = self._best_stream(sd)
        try:
            stream.start()
        except BaseException:
            stream.close()
            raise
        self._stream = stream
        stream_opened()

    def _best_stream(self, sd: Any) -> Any:
        """16 kHz mono when the device can, else its own rate and channels (converted in the pump)."""
        own = sd.query_devices(self._device, "input")
        tries = (
            (RATE_HZ, 1),
            (int(own["default_samplerate"]), 1),
            (int(own["default_samplerate"]), int(own["max_input_channels"])),
        )
        for n, (rate, channels) in enumerate(tries):
            try:
                stream = sd.RawInputStream(
                    samplerate=rate,
                    channels=channels,
                    blocksize=rate * BLOCK_MS // 1000,
                    dtype="int16",
                    device=self._device,
                    callback=self._callback,
                    finished_callback=self._on_finished,
                )
            except (sd.PortAudioError, ValueError):
                if n == len(tries) - 1:
                    raise
                continue
            self._rate, self._channels = rate, channels
            return stream
        raise AssertionError("unreachable")

    def _callback(self, data: Any, frames: int, when: Any, status: Any) -> None:
        if status and status.input_overflow:
            self.overruns += 1
        self._last_callback = self._clock()
        self._first.set()
        self._blocks.put(bytes(data))

    def _on_finished(self) -> None:
        self._finished = True
        self._blocks.put(None)

    def _run(self) -> None:
        """The pump."""
        converter = Converter(self._rate, self._channels)
        pending = bytearray()
        meter = LevelMeter()
        gone: EngineError | None = None
        try:
            while True:
                try:
                    block = self._blocks.get(timeout=SILENT_S / 10)
                except queue.Empty:
                    block = b""
                if block:
                    pending += converter.push(block)
                    whole = len(pending) // FRAME_BYTES * FRAME_BYTES
                    for at in range(0, whole, FRAME_BYTES):
                        self._take(bytes(pending[at : at + FRAME_BYTES]), meter)
                    del pending[:whole]
                elif self._closing.is_set():
                    break
                elif self._finished or (
                    self._first.is_set() and self._clock() - self._last_callback > SILENT_S and self._blocks.empty()
                ):
                    gone = device_gone()
                    break
            pending += converter.push(b"", last=True)
            if pending and self._started.is_set():
                for at in range(0, len(pending), FRAME_BYTES):
                    self._take(bytes(pending[at : at + FRAME_BYTES]).ljust(FRAME_BYTES, b"\0"), meter)
        except Exception as error:
            self._failed = error
            gone = (
                error
                if isinstance(error, EngineError)
                else EngineError(
                    "audio.sink",
                    "L'enregistrement du son a échoué\u00a0: vérifiez la place sur le disque, puis reprenez.",
                )
            )
        self._frames.put(gone)

    def _take(self, pcm: bytes, meter: LevelMeter) -> None:
        level = meter.push(pcm)
        if level is not None:
            self.clipped += level.clipped
            if self._on_level is not None:
                self._on_level(level)
        if not self._started.is_set():
            self._pre_roll.append(pcm)
            return
        while self._pre_roll:
            self._give(self._pre_roll.popleft())
        self._give(pcm)

    def _give(self, pcm: bytes) -> None:
        if self._sink is not None:
            self._sink(pcm)
        self._frames.put(AudioFrame(pcm, self.now_s))
        self._count += 1
