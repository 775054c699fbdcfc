"""The microphone stands by between dictations, and never stays open for nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from app.microphones import SystemMicrophones
from dictation.errors import EngineError
from dictation.evidence import Finding
from dictation.sound import AudioFrame


class Fake:
    """A microphone that gives one frame: the last second if it was armed and started."""

    made: list[Fake]

    def __init__(self, name: str | None, armed: bool) -> None:
        self.name, self.armed = name, armed
        self.alive = self.started = False
        self.closed = threading.Event()
        self.notices: tuple[Finding, ...] = ()
        Fake.made.append(self)

    def open(self) -> None:
        if self.name == "absent":
            raise EngineError("device.none", "Aucun micro.")
        self.alive = True

    def start(self) -> None:
        self.started = True

    def frames(self) -> Iterator[AudioFrame]:
        yield AudioFrame(b"\1\0" * 320 if self.armed else b"\0\0" * 320, 0.0)
        self.closed.wait(5)

    def close(self) -> None:
        self.alive = False
        self.closed.set()


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not true() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert true()


def microphones(**how: float) -> SystemMicrophones:
    Fake.made = []
    return SystemMicrophones(Fake, **how)


def test_after_a_dictation_the_microphone_stands_by_and_the_next_one_starts_with_what_it_heard() -> None:
    mics = microphones()
    first = mics.open("Dictaphone")
    assert next(first.frames()).pcm == b"\0\0" * 320  # cold: nothing was heard before
    first.close()  # type: ignore[attr-defined]
    until(lambda: mics._waiting is not None)
    second = mics.open("Dictaphone")
    armed = Fake.made[1]
    assert armed.started
    assert not armed.closed.is_set()
    assert next(second.frames()).pcm == b"\1\0" * 320


def test_another_microphone_is_opened_cold_and_the_waiting_one_is_let_go() -> None:
    mics = microphones()
    mics.stand_by("A")
    until(lambda: mics._waiting is not None)
    mics.open("B")
    assert Fake.made[0].closed.is_set()
    assert [m.name for m in Fake.made] == ["A", "B"]


def test_one_that_died_while_waiting_is_not_used() -> None:
    mics = microphones()
    mics.stand_by("A")
    until(lambda: mics._waiting is not None)
    Fake.made[0].alive = False
    mics.open("A")
    assert not Fake.made[0].started
    assert len(Fake.made) == 2


def test_it_is_let_go_after_a_while_and_at_once_when_asked() -> None:
    mics = microphones(standby_s=0.05)
    mics.stand_by(None)
    until(lambda: bool(Fake.made) and Fake.made[0].closed.is_set())
    mics = microphones()
    mics.stand_by(None)
    until(lambda: mics._waiting is not None)
    mics.let_go()
    assert Fake.made[0].closed.is_set()


def test_none_stands_by_while_one_is_used_and_an_absent_one_is_no_trouble() -> None:
    mics = microphones()
    used = mics.open("A")
    mics.stand_by("A")
    until(lambda: len(Fake.made) == 2 and Fake.made[1].closed.is_set())
    assert not Fake.made[0].closed.is_set()
    used.close()  # type: ignore[attr-defined]
    until(lambda: mics._waiting is not None)
    mics.let_go()
    mics.stand_by("absent")
    until(lambda: Fake.made[-1].name == "absent")
    assert mics._waiting is None
