"""The engine process: jobs, death by SIGKILL in the middle, restart, no word lost and none twice."""

from __future__ import annotations

import os
import queue
import signal
import threading
import time
from pathlib import Path

import pytest

from app.commands import Drafted, EngineDown, EngineFailed, EngineUp, HeardWords, LiveDraft, Transcribed
from app.engine import EngineSupervisor
from app.engine_seam import DecodeRequest, DraftRequest, EngineSpec, ListenRequest, Sound, SoundEnds
from dictation.sound import BYTES_PER_S
from dictation.transcript import transcript_of_text

TEXT = " ".join(f"mot{n}" for n in range(60))
SILENCE = bytes(BYTES_PER_S)


class Engine:
    """A supervisor and the reports it gave."""

    def __init__(self, factory: str = "scripted", **options: str) -> None:
        self.reports: queue.SimpleQueue[tuple[str, object]] = queue.SimpleQueue()
        spec = EngineSpec(f"app.engine_fakes:{factory}", {"words": TEXT, "word_s": "0.3"} | options)
        self.engine = EngineSupervisor(spec, lambda job, report: self.reports.put((job, report)))
        self.seen: list[tuple[str, object]] = []
        self.engine.start()

    def until(self, kind: type, *, seconds: float = 30) -> object:
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            try:
                self.seen.append(self.reports.get(timeout=0.2))
            except queue.Empty:
                continue
            if isinstance(self.seen[-1][1], kind):
                return self.seen[-1][1]
        raise AssertionError(f"no {kind.__name__} in {[type(r).__name__ for _, r in self.seen]}")

    def words(self) -> list[str]:
        return [w.text for _, r in self.seen if isinstance(r, HeardWords) for w in r.words]


@pytest.fixture
def engines():  # type: ignore[no-untyped-def]
    made: list[Engine] = []

    def make(factory: str = "scripted", **options: str) -> Engine:
        made.append(Engine(factory, **options))
        return made[-1]

    yield make
    for one in made:
        one.engine.stop()


def test_sound_becomes_words_live_sections_and_a_transcript(engines) -> None:  # type: ignore[no-untyped-def]
    e = engines()
    e.engine.listen("d1", ListenRequest("t1", "courrier"))
    for _ in range(6):
        e.engine.sound("d1", SILENCE)
        time.sleep(0.05)
    e.until(LiveDraft)
    e.engine.end("d1")
    done = e.until(Transcribed)
    assert isinstance(done, Transcribed)
    assert [w.text for w in done.transcript.words] == TEXT.split()[:20]


def test_killed_in_the_middle_it_restarts_and_goes_on(engines) -> None:  # type: ignore[no-untyped-def]
    e = engines()
    e.engine.listen("d1", ListenRequest("t1", "courrier"))
    for _ in range(6):
        e.engine.sound("d1", SILENCE)
    e.until(HeardWords)
    first = e.engine.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    e.until(EngineDown)
    for _ in range(6):
        e.engine.sound("d1", SILENCE)  # the doctor has not stopped talking
    e.until(EngineUp)
    assert e.engine.pid != first
    for _ in range(6):
        e.engine.sound("d1", SILENCE)
    e.engine.end("d1")
    done = e.until(Transcribed)
    assert isinstance(done, Transcribed)
    assert [w.text for w in done.transcript.words] == TEXT.split()
    assert e.words() == TEXT.split()
    times = [w.start_s for w in done.transcript.words]
    assert times == sorted(times)


def test_a_native_crash_is_survived_too(engines, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    e = engines("mortal", die_after="33", die_mark=str(tmp_path / "died"))
    e.engine.listen("d1", ListenRequest("t1", "courrier"))
    for _ in range(18):
        e.engine.sound("d1", SILENCE)
    e.engine.end("d1")
    done = e.until(Transcribed)
    assert isinstance(done, Transcribed)
    assert [w.text for w in done.transcript.words] == TEXT.split()
    assert any(isinstance(r, EngineDown) for _, r in e.seen)


def test_a_draft_under_way_is_given_again(engines) -> None:  # type: ignore[no-untyped-def]
    e = engines(slow_s="1")
    e.until(EngineUp)
    e.engine.draft("d1", DraftRequest(transcript_of_text("toux"), "courrier"))
    time.sleep(0.3)
    assert e.engine.pid is not None
    os.kill(e.engine.pid, signal.SIGKILL)
    done = e.until(Drafted)
    assert isinstance(done, Drafted)
    assert done.draft.transcript.text == "toux"


def test_an_engine_that_cannot_live_is_said_so(engines) -> None:  # type: ignore[no-untyped-def]
    e = engines("absent")
    failure = e.until(EngineFailed, seconds=60)
    assert isinstance(failure, EngineFailed)
    assert failure.code == "engine.hopeless"


def test_a_file_is_decoded_in_memory(engines) -> None:  # type: ignore[no-untyped-def]
    e = engines()
    e.engine.decode("f1", DecodeRequest("a.wav", b"RIFF" + bytes(40) + SILENCE * 3))
    e.until(SoundEnds)
    assert sum(len(r.pcm) for _, r in e.seen if isinstance(r, Sound)) == 3 * BYTES_PER_S


def test_a_cancelled_dictation_says_nothing_more(engines) -> None:  # type: ignore[no-untyped-def]
    e = engines()
    e.engine.listen("d1", ListenRequest("t1", "courrier"))
    e.engine.sound("d1", SILENCE * 3)
    e.until(HeardWords)
    e.engine.cancel("d1")
    e.engine.listen("d2", ListenRequest("t2", "courrier"))
    e.engine.sound("d2", SILENCE * 3)
    e.engine.end("d2")
    e.until(Transcribed)
    assert e.seen[-1][0] == "d2"


def test_who_listens_may_ask_at_the_same_moment() -> None:
    """A window holds its own lock while it gives work; reports take that lock too: neither may wait for the other."""
    lock, ready, asked = threading.RLock(), threading.Event(), threading.Event()

    def listener(job: str, report: object) -> None:
        if isinstance(report, EngineUp):
            ready.set()
            asked.wait(5)
            with lock:
                pass

    spec = EngineSpec("app.engine_fakes:scripted", {"words": TEXT, "word_s": "0.3"})
    engine = EngineSupervisor(spec, listener)
    engine.start()
    try:
        assert ready.wait(30)
        with lock:
            asked.set()
            worker = threading.Thread(target=engine.listen, args=("a", ListenRequest("a", "courrier")))
            worker.start()
            worker.join(5)
            assert not worker.is_alive()
    finally:
        engine.stop()
