"""The real engine: times, cuts, silence, broken models. Slow."""

from __future__ import annotations

import io
import shutil
import wave
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from bench import sounds
from bench.french import edits, spoken, without_commands
from dictation.errors import ModelError
from dictation.transcript import Transcript
from voice import listen
from voice.fakes import silence
from voice.files import FileSource, PcmSource
from voice.whisper import WhisperRecogniser, load

SAMPLE = Path(__file__).parents[2] / "samples" / "consultation.flac"
LENGTH_S = 22


@cache
def model_folder() -> Path:
    from app import models

    return models.locate("whisper-base")


@cache
def engine() -> WhisperRecogniser:
    return load(model_folder())


@cache
def sample() -> bytes:
    return b"".join(f.pcm for f in FileSource(SAMPLE).frames())[: LENGTH_S * 32_000]


def heard(pcm: bytes) -> Transcript:
    return listen(PcmSource(io.BytesIO(pcm)), engine())


@cache
def plain() -> Transcript:
    return heard(sample())


@pytest.mark.slow
def test_the_sample_is_heard_well() -> None:
    text = SAMPLE.with_suffix(".txt").read_text("utf-8")
    reference = without_commands(spoken(text))
    found = without_commands(spoken(plain().text))
    assert len(found) > 20
    assert edits(reference[: len(found)], found) / len(found) < 0.35


@pytest.mark.slow
def test_the_same_words_whatever_the_size_of_the_chunks() -> None:
    class Drip(io.BytesIO):
        size = 224  # 7 ms

        def read1(self, size: int | None = -1) -> bytes:
            return self.read(self.size)

    drip, gulp = Drip(sample()), Drip(sample())
    gulp.size = 32_000
    assert listen(PcmSource(drip), engine(), on_partial=lambda p: None).words == plain().words
    assert listen(PcmSource(gulp), engine()).words == plain().words


@pytest.mark.slow
def test_word_times_are_those_of_the_sound() -> None:
    """The same speech put 40.5 s later gives the same words 40.5 s later, and words lie on loud sound."""
    first = sample()[: 9 * 32_000]
    early, late = heard(first), heard(silence(40.5) + first)
    assert early.text == late.text
    for a, b in zip(early.words, late.words, strict=True):
        assert b.start_s - a.start_s == pytest.approx(40.5, abs=0.2)
    samples = np.frombuffer(first, "<i2").astype(float) / 32768
    loud = np.flatnonzero(np.abs(samples) > 0.02) / 16_000
    for word in early.words:
        assert np.any((loud > word.start_s - 0.2) & (loud < word.end_s + 0.2))
    assert early.words[0].start_s == pytest.approx(loud[0], abs=0.25)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["silence", "breath", "keyboard", "music", "noise"])
def test_nothing_is_heard_where_nobody_speaks(kind: str) -> None:
    n = 60 * 16_000
    made = {
        "silence": np.zeros(n),
        "breath": sounds.breath(n),
        "keyboard": sounds.keyboard(n),
        "music": sounds.music(n),
        "noise": sounds.pink(n) * 0.02,
    }[kind]
    pcm = (np.clip(made, -1, 1) * 32767).astype("<i2").tobytes()
    assert heard(pcm).text == ""


@pytest.mark.slow
def test_a_model_that_is_missing_incomplete_or_broken(tmp_path: Path) -> None:
    def code(folder: Path) -> str:
        with pytest.raises(ModelError) as caught:
            load(folder)
        return caught.value.code

    assert code(tmp_path / "absent") == "model.missing"
    partial = tmp_path / "partial"
    partial.mkdir()
    shutil.copy(model_folder() / "config.json", partial)
    assert code(partial) == "model.incomplete"
    broken = tmp_path / "broken"
    shutil.copytree(model_folder(), broken)
    with (broken / "model.bin").open("r+b") as file:
        file.truncate(1_000_000)
    assert code(broken) == "model.corrupt"
    shutil.copy(model_folder() / "model.bin", broken)
    (broken / "tokenizer.json").write_text("{}")
    assert code(broken) == "model.corrupt"


@pytest.mark.slow
def test_an_unknown_device_falls_back_to_the_processor() -> None:
    assert load(model_folder(), device="cuda", compute="float16").info.revision.split("-")[1] in ("cpu", "cuda")


@pytest.mark.slow
def test_a_telephone_recording(tmp_path: Path) -> None:
    path = tmp_path / "phone.wav"
    narrow = np.frombuffer(sounds.noisy(sample()[: 12 * 32_000], "phone"), "<i2")[::2]
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8_000)
        out.writeframes(narrow.tobytes())
    assert len(listen(FileSource(path), engine()).words) > 10


@pytest.mark.slow
def test_what_was_really_said_twice_is_there_twice() -> None:
    words = plain().words
    line = words[: next(n for n, w in enumerate(words) if "ligne" in w.text) + 1]
    once = sample()[: round((line[-1].end_s + 0.1) * 16_000) * 2]
    twice = heard(once + once).text.lower()
    assert [twice.count(said) for said in ("consultation", "mars", "ligne")] == [2, 2, 2]
