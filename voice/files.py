"""Sound from files and streams, decoded as it is read: memory stays the same whatever the length."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from dictation.errors import InputError
from dictation.evidence import Finding, Severity
from dictation.sound import BYTES_PER_S, RATE_HZ, AudioFrame

FRAME_MS = 20
FRAME_BYTES = BYTES_PER_S * FRAME_MS // 1000
#: a file is called cut short when this much of its announced length is missing
MISSING_S, MISSING_SHARE = 0.5, 0.02


def frames_of(chunks: Iterable[bytes], *, start_s: float = 0.0) -> Iterator[AudioFrame]:
    """Frames of 20 ms from s16le chunks of any size; the last frame is filled up with silence."""
    pending = bytearray()
    count = 0
    for chunk in chunks:
        pending += chunk
        whole = len(pending) // FRAME_BYTES * FRAME_BYTES
        for at in range(0, whole, FRAME_BYTES):
            yield AudioFrame(bytes(pending[at : at + FRAME_BYTES]), start_s + count * FRAME_MS / 1000)
            count += 1
        del pending[:whole]
    if len(pending) >= 2:
        yield AudioFrame(bytes(pending).ljust(FRAME_BYTES, b"\0"), start_s + count * FRAME_MS / 1000)


class PcmSource:
    """Raw s16le mono 16 kHz, as it arrives (« - » on the command line)."""

    duration_s: float | None = None
    notices: tuple[Finding, ...] = ()
    live = True

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def frames(self) -> Iterator[AudioFrame]:
        """Frames in order; raises :class:`InputError` ``audio.empty`` when nothing at all arrives."""
        got = False
        for frame in frames_of(self._chunks()):
            got = True
            yield frame
        if not got:
            raise InputError(
                "audio.empty", "Aucun son n'est arrivé sur l'entrée standard\u00a0: envoyez du s16le mono 16 kHz."
            )

    def _chunks(self) -> Iterator[bytes]:
        # read1 gives what is there; read() on a pipe would wait for the whole chunk
        read = getattr(self._stream, "read1", self._stream.read)
        while chunk := read(FRAME_BYTES * 10):
            yield chunk


class FileSource:
    """Any file PyAV decodes: wav, mp3, m4a, ogg, flac…, any rate, any number of channels.

    ``notices`` fills while frames are read (a file cut short is decoded as far as it goes and says so).
    """

    live = False

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        #: announced length, once opened, when the file announces one
        self.duration_s: float | None = None
        self.notices: tuple[Finding, ...] = ()

    def frames(self) -> Iterator[AudioFrame]:
        """Frames in order.

        Raises :class:`InputError`: ``audio.missing``, ``audio.folder``, ``audio.unreadable`` (no right to
        read it), ``audio.empty`` (0 byte), ``audio.format`` (no sound in it), ``audio.no_sound`` (0 s).
        """
        import av

        self._check()
        try:
            container = av.open(str(self.path), mode="r", metadata_errors="ignore")
        except (av.FFmpegError, ValueError, OSError) as error:
            raise self._not_sound() from error
        decoded = 0
        damaged = False
        with container:
            if not container.streams.audio:
                raise self._not_sound()
            self.duration_s = self._announced(container)
            try:
                for frame in frames_of(self._decoded(container)):
                    decoded += 1
                    yield frame
            except (av.FFmpegError, ValueError) as error:
                if not decoded:
                    raise self._not_sound() from error
                damaged = True
        decoded_s = decoded * FRAME_MS / 1000
        if not decoded:
            raise InputError(
                "audio.no_sound",
                f"«\u00a0{self.path.name}\u00a0» ne contient aucun son (0 seconde). Refaites l'enregistrement.",
            )
        missing_s = (self.duration_s or 0.0) - decoded_s
        if damaged or missing_s > max(MISSING_S, MISSING_SHARE * decoded_s):
            self._say_truncated(decoded_s, self.duration_s if missing_s > 0 else None)
        self.duration_s = decoded_s

    def _check(self) -> None:
        name = self.path.name
        if self.path.is_dir():
            raise InputError("audio.folder", f"«\u00a0{name}\u00a0» est un dossier\u00a0: indiquez un fichier son.")
        try:
            with self.path.open("rb") as file:
                if not file.read(1):
                    raise InputError(
                        "audio.empty", f"«\u00a0{name}\u00a0» est vide (0 octet). Refaites la copie du fichier."
                    )
        except FileNotFoundError as error:
            raise InputError(
                "audio.missing", f"«\u00a0{name}\u00a0» n'existe pas. Vérifiez le chemin du fichier."
            ) from error
        except OSError as error:
            raise InputError(
                "audio.unreadable",
                f"«\u00a0{name}\u00a0» ne peut pas être lu\u00a0: vérifiez les droits d'accès au fichier.",
            ) from error

    def _not_sound(self) -> InputError:
        return InputError(
            "audio.format",
            f"«\u00a0{self.path.name}\u00a0» n'est pas un son lisible\u00a0: "
            "donnez un fichier wav, mp3, m4a, ogg ou flac intact.",
        )

    def _announced(self, container: Any) -> float | None:
        riff = riff_duration_s(self.path)
        if riff is not None:
            return riff
        stream = container.streams.audio[0]
        if stream.duration is not None and stream.time_base is not None:
            return float(stream.duration * stream.time_base)
        return container.duration / 1_000_000 if container.duration else None

    @staticmethod
    def _decoded(container: Any) -> Iterator[bytes]:
        import av

        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
        for packet in container.demux(container.streams.audio[0]):
            try:
                decoded = packet.decode()
            except av.InvalidDataError:  # one bad packet must not lose the rest
                continue
            for frame in decoded:
                frame.pts = None  # gaps in a recorder's time stamps are not silence
                for out in resampler.resample(frame):
                    yield out.to_ndarray().tobytes()
        for out in resampler.resample(None):
            yield out.to_ndarray().tobytes()

    def _say_truncated(self, decoded_s: float, announced_s: float | None) -> None:
        whole = f" sur {announced_s:.0f}\u00a0s annoncées" if announced_s else ""
        self.notices = (
            *self.notices,
            Finding(
                "audio.truncated",
                Severity.CHECK,
                f"Le fichier son est incomplet\u00a0: {decoded_s:.0f}\u00a0s lues{whole}. "
                "Ce qui a pu être lu est transcrit\u00a0; vérifiez la fin.",
            ),
        )


def riff_duration_s(path: Path) -> float | None:
    """Length that a WAV header announces, in seconds; ``None`` for other files and for open-ended streams."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
            if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WAVE":
                return None
            rate = 0
            while len(chunk := file.read(8)) == 8:
                size = struct.unpack("<I", chunk[4:])[0]
                if chunk[:4] == b"fmt ":
                    fmt = file.read(size + size % 2)
                    rate = struct.unpack("<I", fmt[8:12])[0]
                elif chunk[:4] == b"data":
                    return size / rate if rate and 0 < size < 0xFFFFFFF0 else None
                else:
                    file.seek(size + size % 2, 1)
    except (OSError, struct.error):
        pass
    return None
