"""The same dictation, fed in every way, gives the same words: real recogniser, both passes."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from dictation.sound import AudioFrame
from dictation.transcript import Word
from tests.voice.test_whisper import model_folder, sample
from voice import listen
from voice.files import frames_of
from voice.seams import Recogniser

LENGTH_S = 22


class Fed:
    """A live source that hands over ``pcm`` in chunks of ``chunk_bytes``, ``speed`` times faster than it was said."""

    live = True

    def __init__(self, pcm: bytes, chunk_bytes: int, speed: float | None) -> None:
        self._pcm, self._chunk, self._speed = pcm, chunk_bytes, speed

    def _chunks(self) -> Iterator[bytes]:
        began = time.perf_counter()
        for at in range(0, len(self._pcm), self._chunk):
            chunk = self._pcm[at : at + self._chunk]
            if self._speed:
                time.sleep(max(0.0, began + (at + len(chunk)) / 32_000 / self._speed - time.perf_counter()))
            yield chunk

    def frames(self) -> Iterator[AudioFrame]:
        yield from frames_of(self._chunks())


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    from app.lexicons import load_edsnlp
    from voice.vocabulary import Vocabulary
    from voice.whisper import load

    folder = model_folder()
    return load(folder, second_pass=Vocabulary(load_edsnlp(folder.parent / "lexique-edsnlp" / "drugs.json")))


@pytest.fixture(scope="module")
def at_once(recogniser: Recogniser) -> tuple[Word, ...]:
    words = listen(Fed(sample()[: LENGTH_S * 32_000], LENGTH_S * 32_000, None), recogniser).words
    assert len(words) > 30
    return words


@pytest.mark.slow
@pytest.mark.parametrize(
    ("chunk_bytes", "speed"),
    [
        pytest.param(224, None, id="7 ms"),
        pytest.param(32_000, None, id="1 s"),
        pytest.param(640, 1.0, id="20 ms in real time"),
    ],
)
def test_the_words_are_the_same(
    recogniser: Recogniser, at_once: tuple[Word, ...], chunk_bytes: int, speed: float | None
) -> None:
    shown: list[object] = []
    transcript = listen(Fed(sample()[: LENGTH_S * 32_000], chunk_bytes, speed), recogniser, on_partial=shown.append)
    assert transcript.words == at_once
    assert shown or not speed
