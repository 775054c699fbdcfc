"""Turns at one engine: those who speak before those who wait, and nobody shut out.

Several dictations may be heard at the same time (two doctors of a practice, a file that was dropped); each decode is
one turn. What was finished goes before what is only shown, and work nobody watches waits until speakers are quiet.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: finished words of somebody who speaks, text that is only shown, a recording nobody listens to live
SPOKEN, SHOWN, BEHIND = 0, 1, 2
#: work behind starts when nobody's speech was decoded for this long
QUIET_S = 1.5


class Turns:
    """Thread-safe. The lowest rank first, then the one who asked first.

    ``side_by_side`` turns at a time, as many as the engine can take; work behind only when there is no other.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, side_by_side: int = 1) -> None:
        self._clock, self._most = clock, side_by_side
        self._change = threading.Condition()
        self._waiting: list[tuple[int, int]] = []
        self._asked = 0
        self._running = 0
        self._spoken_at = -QUIET_S

    @contextmanager
    def turn(self, rank: int) -> Iterator[None]:
        """Waits for its turn, holds it for the length of the block."""
        with self._change:
            self._asked += 1
            mine = (rank, self._asked)
            self._waiting.append(mine)
            while self._full(rank) or min(self._waiting) != mine or (quiet := self._quiet_in(rank)) > 0:
                self._change.wait(None if self._full(rank) or min(self._waiting) != mine else quiet)
            self._waiting.remove(mine)
            self._running += 1
            self._change.notify_all()
        try:
            yield
        finally:
            with self._change:
                self._running -= 1
                if rank != BEHIND:
                    self._spoken_at = self._clock()
                self._change.notify_all()

    def _full(self, rank: int) -> bool:
        return self._running >= (1 if rank == BEHIND else self._most)

    def _quiet_in(self, rank: int) -> float:
        return self._spoken_at + QUIET_S - self._clock() if rank == BEHIND else 0.0
