"""One suite for the seams of ``voice``: on the scripted fakes always, on the real parts as well."""

from __future__ import annotations

import io
import itertools
import wave
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dictation.sound import AudioFrame, Utterance
from voice import listen
from voice.detect import CascadeDetector, SileroDetector, WebrtcDetector
from voice.fakes import LoudnessDetector, ScriptedRecogniser, ScriptedSource, silence, tone
from voice.files import FileSource, PcmSource, frames_of
from voice.seams import AudioSource, Hints, Hypothesis, Recogniser, SpeechDetector

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


# --- recognisers --------------------------------------------------------------------------------


def scripted() -> Recogniser:
    return ScriptedRecogniser(["Patient de 72 ans, virgule,", "pas de fièvre, point."])


@cache
def whisper() -> Recogniser:
    from app import models
    from voice.whisper import load

    return load(models.locate("whisper-base"))


RECOGNISERS = [pytest.param(scripted, id="scripted"), pytest.param(whisper, id="whisper", marks=pytest.mark.slow)]


def said() -> list[Utterance]:
    """The first two utterances of the sample, cut as in the product."""
    got: list[Utterance] = []

    class Keep(ScriptedRecogniser):
        def decode(self, utterance: Utterance, *args: object, **kwargs: object) -> Hypothesis:
            got.append(utterance)
            return Hypothesis((), -2.0, 0.9, 1.0)

    listen(ScriptedSource(b"".join(f.pcm for f in speech(14.0))), Keep([]))
    return got[:2]


@pytest.mark.parametrize("make", RECOGNISERS)
def test_a_session_gives_words_inside_their_utterances(make: Callable[[], Recogniser]) -> None:
    recogniser = make()
    assert isinstance(recogniser, Recogniser)
    assert recogniser.info.name
    session = recogniser.open(Hints())
    groups = []
    for utterance in said():
        words = session.accept(utterance)
        assert words
        assert all(utterance.start_s <= w.start_s <= w.end_s <= utterance.end_s + 1e-6 for w in words)
        assert all(a.start_s <= b.start_s for a, b in itertools.pairwise(words))
        assert all(0.0 <= w.confidence <= 1.0 for w in words)
        assert all(w.text == w.text.strip() and w.text for w in words)
        groups.append(words)
    transcript = session.finish(20.0)
    assert transcript.words == tuple(w for g in groups for w in g)
    assert transcript.duration_s == 20.0
    assert transcript.engine == recogniser.info
    assert transcript.language == "fr"


@pytest.mark.parametrize("make", RECOGNISERS)
def test_partial_text_costs_nothing_to_the_final_one(make: Callable[[], Recogniser]) -> None:
    first, second = said()
    plain, asked = make().open(Hints()), make().open(Hints())
    alone = (plain.accept(first), plain.accept(second))
    half = Utterance(first.pcm[: len(first.pcm) // 4 * 2], first.start_s, (first.start_s + first.end_s) / 2)
    asked.partial(half)
    shown = asked.partial(first)
    assert shown.stable or shown.unstable
    assert (asked.accept(first), asked.accept(second)) == alone


@pytest.mark.parametrize("make", RECOGNISERS)
def test_silence_is_not_heard_as_words(make: Callable[[], Recogniser]) -> None:
    session = make().open(Hints())
    assert session.accept(Utterance(silence(3.0), 0.0, 3.0)) == ()
    assert session.finish().words == ()


@pytest.mark.parametrize("make", RECOGNISERS)
def test_a_decoder_scores_what_was_said_above_what_was_not(make: Callable[[], Any]) -> None:
    decoder = make()
    decoder.open(Hints())
    utterance = said()[0]
    heard = decoder.decode(utterance)
    assert heard.avg_logprob <= 0
    right = decoder.score(utterance, heard.text)
    wrong = decoder.score(utterance, "Le chat dort sur le canapé rouge")
    assert wrong < right <= 0
    words = decoder.token_scores(utterance, heard.text)
    assert " ".join(w for w, _ in words) == heard.text
    assert all(score <= 0 for _, score in words)
