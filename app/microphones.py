"""Microphones of this machine, as the application sees them."""

from __future__ import annotations

from collections.abc import Sequence

from app.capture import Frames
from app.office import Device
from dictation.errors import EngineError


class SystemMicrophones:
    """sounddevice's devices, by name so that a choice survives replugging."""

    def devices(self) -> Sequence[Device]:
        """Present now; empty when there is no sound system at all."""
        from voice.devices import devices

        try:
            found = devices()
        except EngineError:
            return ()
        return tuple(Device(d.name, d.name, d.default) for d in found)

    def open(self, name: str | None) -> Frames:
        """The microphone ``name``, the default one when ``None``."""
        from voice.microphone import MicrophoneSource

        return MicrophoneSource(name)
