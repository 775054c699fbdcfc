"""Any file a recorder or a phone makes; every broken one says what to do."""

from __future__ import annotations

import io
import os
import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from dictation.errors import InputError
from dictation.sound import RATE_HZ
from voice.files import FRAME_BYTES, FileSource, PcmSource, frames_of

LENGTH_S = 3.0


def sine(rate: int, length_s: float = LENGTH_S) -> np.ndarray:
    return 0.3 * np.sin(2 * np.pi * 440 * np.arange(round(rate * length_s)) / rate)


def make(path: Path, codec: str, rate: int, layout: str, sample_format: str, length_s: float = LENGTH_S) -> Path:
    """A file with PyAV's own encoders."""
    channels = 2 if layout == "stereo" else 1
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.layout = layout  # type: ignore[attr-defined]
        stream.format = sample_format  # type: ignore[attr-defined]
        samples = np.repeat(sine(rate, length_s)[None, :].astype(np.float32), channels, axis=0)
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout=layout)
        frame.sample_rate = rate
        frame.time_base = Fraction(1, rate)
        size = stream.codec_context.frame_size or 1024
        resampler = av.AudioResampler(format=sample_format, layout=layout, rate=rate, frame_size=size)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return path


def wav(path: Path, pcm: bytes, *, rate: int = RATE_HZ) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(pcm)
    return path


def pcm_of(source: FileSource | PcmSource) -> np.ndarray:
    return np.frombuffer(b"".join(f.pcm for f in source.frames()), "<i2").astype(np.float64) / 32768


@pytest.mark.parametrize(
    ("name", "codec", "rate", "layout", "sample_format"),
    [
        ("stereo48.wav", "pcm_f32le", 48_000, "stereo", "flt"),
        ("phone.wav", "pcm_mulaw", 8_000, "mono", "s16"),
        ("recorder.mp3", "libmp3lame", 44_100, "stereo", "fltp"),
        ("phone.m4a", "aac", 44_100, "mono", "fltp"),
        ("browser.ogg", "libopus", 48_000, "mono", "flt"),
        ("archive.flac", "flac", 16_000, "mono", "s16"),
        ("browser.webm", "libopus", 48_000, "mono", "flt"),
    ],
)
def test_every_usual_format_is_heard(
    tmp_path: Path, name: str, codec: str, rate: int, layout: str, sample_format: str
) -> None:
    source = FileSource(make(tmp_path / name, codec, rate, layout, sample_format))
    samples = pcm_of(source)
    assert len(samples) / RATE_HZ == pytest.approx(LENGTH_S, abs=0.12)
    spectrum = np.abs(np.fft.rfft(samples[RATE_HZ : 2 * RATE_HZ]))
    assert np.argmax(spectrum) == pytest.approx(440, abs=2)
    assert 0.15 < np.abs(samples[RATE_HZ : 2 * RATE_HZ]).max() < 0.5
    assert source.notices == ()


def test_frames_are_20_ms_and_follow_each_other(tmp_path: Path) -> None:
    frames = list(FileSource(wav(tmp_path / "a.wav", bytes(FRAME_BYTES * 10 + 100))).frames())
    assert [len(f.pcm) for f in frames] == [FRAME_BYTES] * 11
    assert [round(f.start_s, 3) for f in frames] == [round(n * 0.02, 3) for n in range(11)]


@pytest.mark.parametrize("size", [1, 224, 640, 32_000])
def test_chunks_of_any_size_make_the_same_frames(size: int) -> None:
    pcm = np.random.default_rng(1).integers(-2000, 2000, 5000).astype("<i2").tobytes()
    whole = list(frames_of([pcm]))
    assert list(frames_of(pcm[i : i + size] for i in range(0, len(pcm), size))) == whole


def test_standard_input_is_read_as_it_arrives() -> None:
    read, write = os.pipe()
    with os.fdopen(write, "wb", buffering=0) as giver, os.fdopen(read, "rb") as taker:
        giver.write(bytes(FRAME_BYTES))
        frames = PcmSource(taker).frames()
        assert next(frames).start_s == 0.0  # without waiting for the end


def test_nothing_on_standard_input_is_an_error() -> None:
    with pytest.raises(InputError) as caught:
        list(PcmSource(io.BytesIO(b"")).frames())
    assert caught.value.code == "audio.empty"


def code_of(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        list(FileSource(path).frames())
    assert caught.value.message.endswith(".")
    return caught.value.code


def test_broken_files_each_have_their_own_error(tmp_path: Path) -> None:
    (tmp_path / "vide.wav").touch()
    (tmp_path / "texte.wav").write_text("Bonjour, ceci n'est pas un son.\n" * 50, "utf-8")
    assert code_of(tmp_path / "vide.wav") == "audio.empty"
    assert code_of(tmp_path / "texte.wav") == "audio.format"
    assert code_of(tmp_path / "absent.wav") == "audio.missing"
    assert code_of(tmp_path) == "audio.folder"
    assert code_of(wav(tmp_path / "zero.wav", b"")) == "audio.no_sound"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_one_may_not_read(tmp_path: Path) -> None:
    path = wav(tmp_path / "secret.wav", bytes(3200))
    path.chmod(0)
    assert code_of(path) == "audio.unreadable"


def test_a_read_that_fails_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = wav(tmp_path / "secret.wav", bytes(3200))

    def refuse(self: Path, mode: str = "r") -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(Path, "open", refuse)
    assert code_of(path) == "audio.unreadable"


def test_a_picture_without_sound_is_not_a_sound(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 64  # type: ignore[attr-defined]
        stream.pix_fmt = "yuv420p"  # type: ignore[attr-defined]
        frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
        container.mux(stream.encode(frame))  # type: ignore[attr-defined]
        container.mux(stream.encode(None))  # type: ignore[attr-defined]
    assert code_of(path) == "audio.format"


def test_a_cut_off_wav_is_heard_as_far_as_it_goes_and_says_so(tmp_path: Path) -> None:
    path = wav(tmp_path / "coupe.wav", (sine(RATE_HZ, 10) * 32767).astype("<i2").tobytes())
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 4 // 10])
    source = FileSource(path)
    assert len(pcm_of(source)) / RATE_HZ == pytest.approx(4.0, abs=0.1)
    (notice,) = source.notices
    assert notice.code == "audio.truncated"
    assert "10" in notice.message


def test_a_wav_never_closed_by_its_recorder_is_heard(tmp_path: Path) -> None:
    path = wav(tmp_path / "ouvert.wav", (sine(RATE_HZ) * 32767).astype("<i2").tobytes())
    raw = bytearray(path.read_bytes())
    raw[40:44] = raw[4:8] = b"\xff\xff\xff\xff"
    path.write_bytes(raw)
    source = FileSource(path)
    assert len(pcm_of(source)) / RATE_HZ == pytest.approx(LENGTH_S, abs=0.05)
    assert source.notices == ()
    raw[40:44] = raw[4:8] = b"\0\0\0\0"
    path.write_bytes(raw)
    assert len(pcm_of(FileSource(path))) / RATE_HZ == pytest.approx(LENGTH_S, abs=0.05)


def test_a_truncated_flac_says_so(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(-9000, 9000, RATE_HZ * 10).astype(np.int16)
    path = tmp_path / "coupe.flac"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=RATE_HZ)
        stream.layout = "mono"  # type: ignore[attr-defined]
        for at in range(0, len(noise), 4000):
            frame = av.AudioFrame.from_ndarray(noise[None, at : at + 4000], format="s16", layout="mono")
            frame.sample_rate = RATE_HZ
            frame.pts = at
            container.mux(stream.encode(frame))  # type: ignore[attr-defined]
        container.mux(stream.encode(None))  # type: ignore[attr-defined]
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2])
    source = FileSource(path)
    assert 3 < len(pcm_of(source)) / RATE_HZ < 6
    assert [n.code for n in source.notices] == ["audio.truncated"]
