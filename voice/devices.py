"""The microphones of this machine, and PortAudio's own life.

PortAudio looks for devices once, when it is initialised: what is plugged in later is seen only after it was ended
and begun again, and that must not happen while a stream is open. The streams open in this process are counted here.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from dictation.errors import EngineError

_lock = threading.Lock()
_open_streams = 0


@dataclass(frozen=True, slots=True)
class Device:
    """A microphone as the system names it."""

    index: int
    name: str
    channels: int
    rate_hz: int
    default: bool


def devices(sd: Any = None, *, refresh: bool = False) -> tuple[Device, ...]:
    """Microphones plugged in now, the system's choice first.

    ``refresh`` looks again for what was plugged in since; while a stream is open the list stays as it was.
    Raises :class:`~dictation.errors.EngineError` ``audio.system`` when there is no sound system at all.
    """
    sd = sd or sounddevice()
    try:
        if refresh:
            begin_again(sd)
        chosen = sd.default.device[0]
        found = [
            Device(i, str(d["name"]), int(d["max_input_channels"]), int(d["default_samplerate"]), i == chosen)
            for i, d in enumerate(sd.query_devices())
            if d["max_input_channels"] > 0
        ]
    except sd.PortAudioError as error:
        raise no_sound_system() from error
    return tuple(sorted(found, key=lambda d: not d.default))


def sounddevice() -> Any:
    """The library; raises :class:`~dictation.errors.EngineError` ``audio.system`` when PortAudio is missing."""
    try:
        import sounddevice
    except OSError as error:  # the library PortAudio itself is missing
        raise no_sound_system() from error
    return sounddevice


def no_sound_system() -> EngineError:
    """What is said when there is no sound system."""
    return EngineError(
        "audio.system", "Aucun système de son sur ce poste\u00a0: installez PortAudio (libportaudio2) ou un micro."
    )


def device_gone() -> EngineError:
    """What is said when the microphone disappears while it records."""
    return EngineError(
        "device.gone",
        "Le micro a été débranché. Tout ce qui a été dicté est gardé\u00a0: rebranchez-le, puis reprenez la dictée.",
    )


def stream_opened() -> None:
    """A stream of this process was opened; thread-safe."""
    global _open_streams
    with _lock:
        _open_streams += 1


def stream_closed() -> None:
    """It was closed; thread-safe."""
    global _open_streams
    with _lock:
        _open_streams -= 1


def begin_again(sd: Any) -> bool:
    """Ends and begins PortAudio: it sees the devices of now. ``False``, and nothing done, while a stream is open.

    Raises what ``sd._initialize`` raises when the sound system is gone.
    """
    with _lock:
        if _open_streams:
            return False
        sd._terminate()
        sd._initialize()
        return True
