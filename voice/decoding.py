"""The recogniser's threads: finished utterances in order, and beside them what may be thrown away.

Three lanes. *Final* text goes utterance by utterance. *Ahead* hears in a pause what may turn out to be the whole
utterance, so that its final text is ready when the pause has ended it. *Partial* text is shown while somebody
speaks. The last two run only when nothing finished waits, and never hold the first one up: the recogniser runs
two decodes side by side, and what became useless is dropped when it comes back.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from dictation.evidence import Finding
from dictation.sound import Utterance
from dictation.transcript import Word
from voice.seams import Partial, RecogniserSession

#: utterances that may wait for the decoder before reading the source pauses (15 s each at most: 8 MB)
MAX_WAITING = 16


def tell(on_findings: Callable[[tuple[Finding, ...]], None] | None, findings: tuple[Finding, ...]) -> None:
    """Calls ``on_findings`` unless there is nobody or nothing to tell."""
    if on_findings is not None and findings:
        on_findings(findings)


class Decoding:
    """One dictation's lanes. ``put``, ``ahead`` and ``partial`` come from one thread; callbacks come one at a time."""

    def __init__(
        self,
        session: RecogniserSession,
        on_words: Callable[[tuple[Word, ...]], None] | None,
        on_partial: Callable[[Partial], None] | None,
        on_findings: Callable[[tuple[Finding, ...]], None] | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._clock = clock
        self._on_words, self._on_partial, self._on_findings = on_words, on_partial, on_findings
        self._change = threading.Condition()  # guards everything below
        self._finals: deque[Utterance] = deque()
        self._accepting = False
        #: what a lane shall do next, and what it is doing
        self._next: dict[str, Utterance | None] = {"ahead": None, "partial": None}
        self._doing: dict[str, Utterance | None] = {"ahead": None, "partial": None}
        #: heard ahead, and the doctor has gone on speaking since
        self._stale: Utterance | None = None
        #: partial text takes at most half of one core: not before this instant
        self._rest_until = 0.0
        #: utterances finished so far: partial text of an earlier one is never shown
        self._count = 0
        self._told = 0
        self._closing = False
        self._error: BaseException | None = None
        self._telling = threading.Lock()  # one callback at a time
        self._threads = [
            threading.Thread(target=self._guarded, args=(lane,), name=name, daemon=True)
            for name, lane in (
                ("decoder", self._accept_all),
                ("decoder-ahead", lambda: self._lane("ahead", self._prepare)),
                ("decoder-partial", lambda: self._lane("partial", self._show)),
            )
        ]
        for thread in self._threads:
            thread.start()

    # --- the ears' side ---------------------------------------------------------------------

    @property
    def behind(self) -> bool:
        """Finished utterances wait."""
        with self._change:
            return bool(self._finals)

    @property
    def can_show(self) -> bool:
        """A partial would start at once and delay nobody."""
        with self._change:
            free = not (self._finals or self._doing["partial"] or self._next["partial"])
            return free and self._clock() >= self._rest_until

    @property
    def failed(self) -> bool:
        """The recogniser raised; :meth:`finish` will."""
        return self._error is not None

    def put(self, utterance: Utterance) -> None:
        """A finished utterance; waits while too many are waiting."""
        with self._change:
            self._next = {"ahead": None, "partial": None}
            self._change.wait_for(lambda: len(self._finals) < MAX_WAITING or self._error is not None)
            self._finals.append(utterance)
            self._count += 1
            if self._doing["ahead"] != utterance:
                self._stale = self._doing["ahead"]
            self._change.notify_all()

    def ahead(self, utterance: Utterance) -> None:
        """What may be a whole utterance; replaces an offer not yet taken."""
        self._offer("ahead", utterance)

    def went_on(self) -> None:
        """Speech again: what is being heard ahead is not the whole utterance."""
        with self._change:
            self._next["ahead"] = None
            self._stale = self._doing["ahead"]

    def partial(self, utterance: Utterance) -> None:
        """An utterance still going on; replaces an offer not yet taken."""
        self._offer("partial", utterance)

    def _offer(self, lane: str, utterance: Utterance) -> None:
        with self._change:
            self._next[lane] = utterance
            self._change.notify_all()

    def finish(self, cancelled: Callable[[], bool]) -> None:
        """Waits for everything that waits, less when cancelled; raises what the recogniser raised."""
        with self._change:
            self._close()
        while any(t.is_alive() for t in self._threads):
            if cancelled():
                with self._change:
                    self._finals.clear()
            for thread in self._threads:
                thread.join(0.05)
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """Drops everything."""
        with self._change:
            self._finals.clear()
            self._close()
        for thread in self._threads:
            thread.join()

    def _close(self) -> None:
        self._closing = True
        self._next = {"ahead": None, "partial": None}
        self._change.notify_all()

    # --- lanes ------------------------------------------------------------------------------

    def _guarded(self, lane: Callable[[], None]) -> None:
        try:
            lane()
        except BaseException as error:
            with self._change:
                self._error = self._error or error
                self._accepting = False
                self._doing = {"ahead": None, "partial": None}
                self._finals.clear()
                self._close()

    def _accept_all(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._finals or self._closing)
                if not self._finals:
                    return
                job = self._finals.popleft()
                self._accepting = True
                self._change.notify_all()
                # being heard ahead right now: that is the same work, half done
                self._change.wait_for(lambda job=job: self._doing["ahead"] != job)  # type: ignore[misc]
            words = self._session.accept(job)
            findings = self._session.findings
            with self._telling:
                if words and self._on_words is not None:
                    self._on_words(words)
                tell(self._on_findings, findings[self._told :])
            self._told = len(findings)
            with self._change:
                self._accepting = False
                self._change.notify_all()

    def _lane(self, name: str, act: Callable[[Utterance, int], None]) -> None:
        def may_start() -> bool:
            busy = bool(self._finals) or (name == "ahead" and self._accepting)
            return self._closing or (self._next[name] is not None and not busy)

        while True:
            with self._change:
                self._change.wait_for(may_start)
                job, self._next[name] = self._next[name], None
                if self._closing or job is None:
                    return
                self._doing[name], count = job, self._count
            act(job, count)
            with self._change:
                self._doing[name] = None
                self._change.notify_all()

    def _prepare(self, job: Utterance, count: int) -> None:
        def wanted() -> bool:
            with self._change:
                return self._stale is not job and self._error is None

        self._session.prepare(job, wanted)

    def _show(self, job: Utterance, count: int) -> None:
        began = self._clock()
        partial = self._session.partial(job)
        self._rest_until = began + 2 * (self._clock() - began)
        if self._on_partial is None or not (partial.stable or partial.unstable):
            return
        with self._change:  # the text before it comes first
            self._change.wait_for(lambda: not (self._finals or self._accepting) or self._count != count)
        with self._telling:
            if self._count == count:
                self._on_partial(partial)
