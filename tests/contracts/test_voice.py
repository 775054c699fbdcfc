"""One suite for the seams of ``voice``: on the scripted fakes always, on the real parts as well."""

from __future__ import annotations

import io
import itertools
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from dictation.sound import AudioFrame, Utterance
from voice.detect import CascadeDetector, SileroDetector, WebrtcDetector
from voice.fakes import LoudnessDetector, ScriptedSource, silence, tone
from voice.files import FileSource, PcmSource, frames_of
from voice.seams import AudioSource, SpeechDetector

SAMPLE = Path(__file__).parents[2] / "samples" / "consultation.flac"
SOUND = tone(1.01)


def wav_source(folder: Path) -> AudioSource:
    path = folder / "son.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(SOUND)
    return FileSource(path)


SOURCES: dict[str, Callable[[Path], AudioSource]] = {
    "scripted": lambda folder: ScriptedSource(SOUND),
    "standard input": lambda folder: PcmSource(io.BytesIO(SOUND)),
    "file": wav_source,
}


@pytest.mark.parametrize("kind", SOURCES)
def test_a_source_gives_frames_in_order_and_every_sample(kind: str, tmp_path: Path) -> None:
    source = SOURCES[kind](tmp_path)
    assert isinstance(source, AudioSource)
    frames = list(source.frames())
    assert all(len(f.pcm) in (640, 960) for f in frames)  # 20 or 30 ms
    for before, after in itertools.pairwise(frames):
        assert after.start_s == pytest.approx(before.start_s + len(before.pcm) / 32_000)
    assert b"".join(f.pcm for f in frames)[: len(SOUND)] == SOUND


def speech(length_s: float = 12.0) -> list[AudioFrame]:
    return list(itertools.takewhile(lambda f: f.start_s < length_s, FileSource(SAMPLE).frames()))


DETECTORS: dict[str, Callable[[], SpeechDetector]] = {
    "loudness (fake)": LoudnessDetector,
    "webrtcvad": WebrtcDetector,
    "silero": SileroDetector,
    "cascade": CascadeDetector,
}


@pytest.mark.parametrize("kind", DETECTORS)
def test_a_detector_hears_speech_and_not_silence(kind: str) -> None:
    detector = DETECTORS[kind]()
    assert isinstance(detector, SpeechDetector)
    quiet = [detector.is_speech(f) for f in frames_of([silence(3.0)])]
    assert sum(quiet[10:]) == 0
    heard = [detector.is_speech(AudioFrame(f.pcm, f.start_s + 3.0)) for f in speech()]
    assert sum(heard) / len(heard) > 0.5
    assert 0.0 <= detector.probability(AudioFrame(silence(0.02), 20.0)) <= 1.0


def test_the_cascade_saves_work_and_loses_no_speech() -> None:
    pcm = silence(10.0) + b"".join(f.pcm for f in speech()) + silence(10.0)
    alone, cascade = SileroDetector(), CascadeDetector()
    both = [(alone.is_speech(f), cascade.is_speech(f)) for f in frames_of([pcm])]
    missed = sum(a and not b for a, b in both)
    assert missed / sum(a for a, _ in both) < 0.02
    assert cascade.heard_s < cascade.seen_s * 0.6


def utterances(*lengths: float) -> list[Utterance]:
    out, at = [], 0.5
    for length in lengths:
        pcm = silence(0.3) + tone(length) + silence(0.3)
        out.append(Utterance(pcm, at, at + len(pcm) / 32_000))
        at += len(pcm) / 32_000 + 0.4
    return out
