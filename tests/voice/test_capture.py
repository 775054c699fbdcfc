"""Real capture through sounddevice, without a sound card (PulseAudio null sink, see ``bench/sound_card.py``)."""

from __future__ import annotations

import json
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.sound_card import null_sink
from voice.files import FileSource

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "consultation.flac"
LENGTH_S = 6


def excerpt(folder: Path) -> tuple[Path, np.ndarray]:
    pcm = b"".join(f.pcm for f in FileSource(SAMPLE).frames())[: LENGTH_S * 32_000]
    path = folder / "dictee.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(pcm)
    return path, np.frombuffer(pcm, "<i2")


def record(tmp_path: Path, *, dies_after_s: float = 0.0) -> tuple[np.ndarray, np.ndarray, dict[str, Any]]:
    path, played = excerpt(tmp_path)
    raw = tmp_path / "samples.raw"
    with null_sink(tmp_path / "run") as env:
        pid = subprocess.run(["pgrep", "-f", str(tmp_path / "run")], capture_output=True, text=True).stdout.split()[0]
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("record_and_print.py")), path, raw, str(dies_after_s), pid],
            env={**env, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=90,
        )
    assert done.returncode == 0, done.stderr
    return played, np.frombuffer(raw.read_bytes(), "<i2"), json.loads(done.stdout.strip().splitlines()[-1])


def offset_of(recorded: np.ndarray, played: np.ndarray) -> int:
    """Where ``played`` starts in ``recorded``, by correlation of a loud second."""
    at = int(np.argmax(np.convolve(played.astype(float) ** 2, np.ones(16_000), "valid")))
    loud = played[at : at + 16_000].astype(float)
    size = 1 << (len(recorded) + 16_000).bit_length()
    found = np.fft.irfft(np.fft.rfft(recorded.astype(float), size) * np.conj(np.fft.rfft(loud, size)), size)
    return int(np.argmax(found[: max(1, len(recorded) - 16_000)])) - at


@pytest.mark.slow
def test_what_is_played_is_what_is_recorded(tmp_path: Path) -> None:
    played, recorded, report = record(tmp_path)
    assert report["ended"]
    assert report["errors"] == []
    assert report["devices"] >= 1
    start = offset_of(recorded, played)
    assert start >= 0, "the first word was cut"
    part = recorded[start : start + len(played)].astype(int)
    assert len(part) == len(played)
    assert np.mean(np.abs(part - played.astype(int)) <= 6) > 0.999


@pytest.mark.slow
def test_a_sound_server_that_dies_mid_sentence_is_noticed_and_nothing_before_is_lost(tmp_path: Path) -> None:
    played, recorded, report = record(tmp_path, dies_after_s=4.0)
    assert report["ended"]
    assert report["errors"] == ["device.gone"]
    start = offset_of(recorded, played[: 3 * 16_000])
    part = recorded[start : start + 2 * 16_000].astype(int)
    assert len(part) == 2 * 16_000
    assert np.mean(np.abs(part - played[: len(part)].astype(int)) <= 6) > 0.99


def scene(name: str, tmp_path: Path, played: np.ndarray) -> tuple[np.ndarray, dict[str, Any]]:
    path, raw = tmp_path / "dictee.wav", tmp_path / "samples.raw"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(played.astype("<i2").tobytes())
    with null_sink(tmp_path / "run") as env:
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("record_scenes.py")), name, path, raw],
            env={**env, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=90,
        )
    assert done.returncode == 0, done.stderr
    return np.frombuffer(raw.read_bytes(), "<i2"), json.loads(done.stdout.strip().splitlines()[-1])


@pytest.mark.slow
def test_a_microphone_unplugged_mid_sentence_is_said_and_another_one_goes_on(tmp_path: Path) -> None:
    _, played = excerpt(tmp_path)
    recorded, told = scene("unplugged", tmp_path, played)
    assert told["first"] == "device.gone"
    before, after = recorded[: told["samples_before"]], recorded[told["samples_before"] :]
    assert len(before) > 2 * 16_000
    start = offset_of(before, played[: 2 * 16_000])
    part = before[max(0, start) : start + 2 * 16_000].astype(int)
    assert len(part) == 2 * 16_000
    assert np.mean(np.abs(part - played[: len(part)].astype(int)) <= 6) > 0.99
    assert told["second"] == ""
    assert told["now_s"] == pytest.approx(len(recorded) / 16_000, abs=0.05)
    start = offset_of(after, played)
    assert start >= 0
    part = after[start : start + len(played)].astype(int)
    assert len(part) == len(played)
    assert np.mean(np.abs(part - played[: len(part)].astype(int)) <= 6) > 0.99


@pytest.mark.slow
def test_the_first_word_is_there_when_the_key_comes_half_a_second_late(tmp_path: Path) -> None:
    _, played = excerpt(tmp_path)
    speech = played[max(0, int(np.flatnonzero(np.abs(played.astype(int)) > 600)[0]) - 320) :][: 5 * 16_000]
    recorded, told = scene("key_late", tmp_path, speech)
    assert told["heard"]
    assert told["samples_before_the_key"] == 0
    start = offset_of(recorded, speech)
    assert start >= 0, "the first word was cut"
    part = recorded[start : start + len(speech)].astype(int)
    assert told["source"] == ""
    assert len(part) == len(speech)
    assert np.mean(np.abs(part - speech[: len(part)].astype(int)) <= 6) > 0.99
