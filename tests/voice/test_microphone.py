"""The microphone on a scripted PortAudio: what arrives, what goes away, what is converted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from dictation.errors import EngineError
from dictation.sound import RATE_HZ, AudioFrame
from voice.converter import Converter
from voice.devices import devices
from voice.fakes import tone
from voice.microphone import MicrophoneSource
from voice.seams import Level


class PortAudioError(Exception):
    pass


class Stream:
    """What ``RawInputStream`` does, by hand: the test calls ``give``."""

    def __init__(self, sd: FakeSounddevice, **how: Any) -> None:
        if how["samplerate"] not in sd.rates:
            raise PortAudioError("Invalid sample rate")
        self.how, self.sd, self.running = how, sd, False
        sd.streams.append(self)

    def start(self) -> None:
        if self.sd.refuse:
            raise PortAudioError("Device unavailable")
        self.running = True
        if self.sd.first:
            self.give(bytes(self.how["blocksize"] * 2 * self.how["channels"]))

    def give(self, pcm: bytes, *, overflow: bool = False) -> None:
        self.how["callback"](pcm, len(pcm) // 2, None, SimpleNamespace(input_overflow=overflow) if overflow else None)

    def unplug(self) -> None:
        self.running = False
        self.how["finished_callback"]()

    def abort(self) -> None:
        if self.running:
            self.unplug()

    def close(self) -> None:
        self.running = False


class FakeSounddevice:
    PortAudioError = PortAudioError

    def __init__(self, *, rates: tuple[int, ...] = (16_000,), channels: int = 1, first: bool = True) -> None:
        self.rates, self.channels, self.first, self.refuse = rates, channels, first, False
        self.streams: list[Stream] = []
        self.default = SimpleNamespace(device=(1, 0))
        self.initialised = 0

    def RawInputStream(self, **how: Any) -> Stream:
        return Stream(self, **how)

    def query_devices(self, device: Any = None, kind: str | None = None) -> Any:
        own = {"name": "Dictaphone", "max_input_channels": self.channels, "default_samplerate": float(self.rates[-1])}
        if kind:
            return own
        return [{"name": "Haut-parleur", "max_input_channels": 0, "default_samplerate": 48_000.0}, own]

    def _terminate(self) -> None: ...

    def _initialize(self) -> None:
        self.initialised += 1


def reading(source: MicrophoneSource) -> tuple[list[AudioFrame], list[EngineError], threading.Thread]:
    frames: list[AudioFrame] = []
    errors: list[EngineError] = []

    def run() -> None:
        try:
            for frame in source.frames():
                frames.append(frame)
        except EngineError as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return frames, errors, thread


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true() and time.monotonic() < deadline:
        time.sleep(0.002)
    assert true()


def test_every_sample_reaches_the_sink_and_the_reader() -> None:
    sd, kept = FakeSounddevice(), bytearray()
    levels: list[Level] = []
    ready: list[bool] = []
    source = MicrophoneSource(
        sounddevice=sd, sink=kept.extend, on_level=levels.append, on_ready=lambda: ready.append(True)
    )
    source.open()
    assert ready  # « parlez » only after the first callback
    pcm = tone(2.0)
    for at in range(0, len(pcm), 640):
        sd.streams[0].give(pcm[at : at + 640])
    frames, errors, thread = reading(source)
    until(lambda: len(frames) >= 101)
    source.close()
    thread.join()
    assert b"".join(f.pcm for f in frames) == bytes(640) + pcm == bytes(kept)
    assert [f.start_s for f in frames] == pytest.approx([n * 0.02 for n in range(len(frames))])
    assert not errors
    assert levels


def test_unplugged_mid_sentence_everything_before_is_kept_and_it_can_go_on() -> None:
    sd, kept = FakeSounddevice(), bytearray()
    source = MicrophoneSource(sounddevice=sd, sink=kept.extend)
    source.open()
    sd.streams[0].give(tone(0.5))
    sd.streams[0].unplug()
    frames, errors, thread = reading(source)
    thread.join(10)
    assert [e.code for e in errors] == ["device.gone"]
    assert b"".join(f.pcm for f in frames) == bytes(640) + tone(0.5) == bytes(kept)
    again = MicrophoneSource(sounddevice=sd, start_s=source.now_s + 3.0)
    again.open()
    more, _errors, thread = reading(again)
    until(lambda: bool(more))
    again.close()
    thread.join()
    assert more[0].start_s == pytest.approx(0.52 + 3.0)


def test_callbacks_that_just_stop_are_noticed() -> None:
    sd = FakeSounddevice()
    source = MicrophoneSource(sounddevice=sd)
    source.open()
    _frames, errors, thread = reading(source)
    thread.join(10)
    assert [e.code for e in errors] == ["device.gone"]
    source.close()


def test_a_microphone_that_never_calls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice.microphone.FIRST_S", 0.05)
    with pytest.raises(EngineError) as caught:
        MicrophoneSource(sounddevice=FakeSounddevice(first=False)).open()
    assert caught.value.code == "device.mute"


def test_the_second_before_the_key_is_there() -> None:
    sd = FakeSounddevice()
    source = MicrophoneSource(sounddevice=sd, armed=True, pre_roll_s=1.0)
    source.open()
    early, word = tone(3.0, hz=110), tone(1.0, hz=440)
    for pcm in (early, word):
        for at in range(0, len(pcm), 640):
            sd.streams[0].give(pcm[at : at + 640])
    until(lambda: source._blocks.empty() and len(source._pre_roll) == 50)
    time.sleep(0.05)
    source.start()
    sd.streams[0].give(bytes(640))
    frames, _errors, thread = reading(source)
    until(lambda: len(frames) >= 51)
    source.close()
    thread.join()
    assert b"".join(f.pcm for f in frames)[:32_000] == word
    assert frames[0].start_s == 0.0


def test_overruns_are_counted_and_reported() -> None:
    sd = FakeSounddevice()
    source = MicrophoneSource(sounddevice=sd)
    source.open()
    sd.streams[0].give(bytes(640), overflow=True)
    source.close()
    assert source.overruns == 1
    assert [n.code for n in source.notices] == ["audio.overrun"]


@pytest.mark.parametrize(("rate", "channels"), [(48_000, 2), (44_100, 1), (8_000, 1), (96_000, 4)])
def test_other_rates_and_channels_are_converted_without_drift(rate: int, channels: int) -> None:
    converter = Converter(rate, channels)
    length_s = 20
    t = np.arange(rate * length_s) / rate
    mono = (np.sin(2 * np.pi * 440 * t) * 9000).astype("<i2")
    pcm = np.repeat(mono[:, None], channels, axis=1).tobytes()
    block = rate // 50 * 2 * channels
    blocks = [converter.push(pcm[i : i + block]) for i in range(0, len(pcm), block)]
    out = np.frombuffer(b"".join([*blocks, converter.push(b"", last=True)]), "<i2")
    assert len(out) / RATE_HZ == pytest.approx(length_s, abs=0.001)
    spectrum = np.abs(np.fft.rfft(out[RATE_HZ : RATE_HZ * 11].astype(float)))
    assert np.argmax(spectrum) / 10 == pytest.approx(440, abs=0.2)


def test_a_device_with_another_rate_is_opened_at_its_own() -> None:
    sd = FakeSounddevice(rates=(44_100,), channels=2)
    source = MicrophoneSource(sounddevice=sd)
    source.open()
    assert sd.streams[-1].how["samplerate"] == 44_100
    source.close()


def test_a_device_that_does_not_open() -> None:
    sd = FakeSounddevice()
    sd.refuse = True
    with pytest.raises(EngineError) as caught:
        MicrophoneSource(sounddevice=sd).open()
    assert caught.value.code == "device.busy"
    sd.channels = 0
    with pytest.raises(EngineError) as caught:
        MicrophoneSource(sounddevice=sd).open()
    assert caught.value.code == "device.none"


def test_devices_are_listed_default_first_and_again_after_plugging() -> None:
    sd = FakeSounddevice()
    (device,) = devices(sd, refresh=True)
    assert (device.name, device.default, sd.initialised) == ("Dictaphone", True, 1)


def test_a_full_disk_ends_the_capture_with_a_message() -> None:
    sd = FakeSounddevice()

    def full(pcm: bytes) -> None:
        raise OSError(28, "No space left on device")

    source = MicrophoneSource(sounddevice=sd, sink=full)
    source.open()
    _frames, errors, thread = reading(source)
    thread.join(10)
    assert [e.code for e in errors] == ["audio.sink"]
    source.close()
