"""What every part of a desk stands on: the session, the dictation that is open, the windows that look on."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from app import commands as c
from app import habits
from app.capture import Capture, Frames, PushSource
from app.engine_seam import Progress, Report
from app.events import Event
from app.habits import Habits
from app.live import Loudness, Meter
from app.session import Session
from dictation.errors import CalameError
from dictation.evidence import Finding
from dictation.review import Review
from records import Actor, Dictation, EditConflict, Role

if TYPE_CHECKING:
    from app.office import Office

#: key of the « textes types » in the settings of a person
SNIPPETS = "snippets"
HABITS = "habits"
Window = Callable[[tuple[Event, ...]], None]


class Base:
    """Commands in through :meth:`do`; windows subscribe."""

    def __init__(self, office: Office, actor: Actor) -> None:
        self.office, self.actor = office, actor
        self._lock = threading.RLock()
        self.session = Session(by=actor.account_id, may_sign=actor.has(Role.DOCTOR), clock=self._now)
        self.dictation: Dictation | None = None
        self.loudness = Loudness(0.0, False)
        self.progress: Progress | None = None
        self.conflict: EditConflict | None = None
        self._windows: list[Window] = []
        self._meter = Meter()
        self._capture: Capture | None = None
        self._push: PushSource | None = None
        self._from_browser = False
        self._recording: Any = None
        self._findings: tuple[Finding, ...] = ()
        #: doubts about the words of an addition, spans counted from its first word
        self._doubts: tuple[Finding, ...] = ()
        #: sound of an addition that a crash left unheard
        self._tail: bytes | None = None
        self._level_watchers: list[Callable[[Loudness], None]] = []
        self._hand = ThreadPoolExecutor(1, thread_name_prefix="desk")
        self._timer: threading.Timer | None = None
        self._unsaved: tuple[str, Review] | None = None
        self._source_of: Callable[[], Frames] | None = None

    def _now(self) -> dt.datetime:
        return self.office.parts.ports.clock()

    def subscribe(self, window: Window, level: Callable[[Loudness], None] | None = None) -> Callable[[], None]:
        """Events (and loudness) from now on; returns how to stop."""
        with self._lock:
            self._windows.append(window)
            if level is not None:
                self._level_watchers.append(level)

        def stop() -> None:
            with self._lock, suppress(ValueError):
                self._windows.remove(window)
                if level is not None:
                    self._level_watchers.remove(level)

        return stop

    def _tell(self, *events: Event) -> None:
        for window in list(self._windows):
            window(events)

    def do(self, command: c.Command) -> tuple[Event, ...]:
        """Hands a command to the session and carries out its wishes."""
        with self._lock:
            events = self.session.handle(command)
            for event in events:
                self._wish(event)
        if events:
            self._tell(*events)
        return events

    def _wish(self, event: Event) -> None:
        """Carried out by the parts of a desk."""
        raise NotImplementedError

    def _report(self, job_id: str, report: Report) -> None:
        """Brought in by the parts of a desk."""
        raise NotImplementedError

    def open(self, dictation_id: str) -> None:
        """Shows a dictation of the worklist."""
        raise NotImplementedError

    def snippets(self) -> dict[str, str]:
        """« Textes types » of this person, by name."""
        with suppress(CalameError):
            return dict(self.office.store.settings.get(SNIPPETS, {}, by=self.actor) or {})
        return {}

    def habits(self) -> Habits:
        """What this person's signed documents have in common."""
        with suppress(CalameError):
            return habits.from_json(self.office.store.settings.get(HABITS, {}, by=self.actor))
        return Habits()

    def keep_habits(self, kept: Habits) -> None:
        """With this person's settings, in the encrypted store."""
        with suppress(CalameError):
            self.office.store.settings.set(HABITS, habits.to_json(kept), by=self.actor)
