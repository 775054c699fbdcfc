"""What surrounds the work: which view, notices, appearance, the dictation under way, the worklist."""

from __future__ import annotations

from dataclasses import dataclass, field

import flet as ft

from app.events import Phase
from dictation.draft import Draft
from records import Task, WorklistCounts, WorklistItem

DESK, SETTINGS, WELCOME, TRANSPARENCY, QUALITY = "desk", "settings", "welcome", "transparency", "quality"
#: the anonymised copy of the open dictation
REPORT = "report"


@dataclass(frozen=True, slots=True)
class Notice:
    """A line that says something happened. ``tone`` is "info", "done", "check" or "alarm"."""

    id: int
    tone: str
    message: str
    #: (caption, name of the action) or ``None``
    action: tuple[str, str] | None = None


@ft.observable
@dataclass(eq=False)
class ShellVM:
    """The frame of the window."""

    view: str = DESK
    tab: str = "practice"
    notices: list[Notice] = field(default_factory=list)
    dark: bool = False
    theme: str = "system"
    scale: float = 1.0
    language: str = "fr"
    name: str = ""
    role: str = ""
    engine_down: bool = False
    engine_ready: bool = False
    phase: Phase = Phase.IDLE
    width: float = 1366
    #: which pane a small window shows: "list", "document" or "words"
    pane: str = "document"
    #: a question over everything: "discard", "sign", "kind", "help", "conflict", "word", "query"…
    dialog: str | None = None
    dialog_data: object = None
    #: action whose new key is waited for, and what was wrong with the last one
    capturing: str | None = None
    objection: str = ""
    #: grows with every change of the keys: what shows them is drawn again
    keys_version: int = 0

    @property
    def small(self) -> bool:
        """True where the panes do not fit side by side: a small window, or a large zoom (WCAG 1.4.4, 1.4.10)."""
        return self.width < 900

    def notice(self, tone: str, message: str, action: tuple[str, str] | None = None) -> Notice:
        """Adds a line; the same message is not said twice."""
        kept = [n for n in self.notices if n.message != message][-2:]
        number = max((n.id for n in self.notices), default=0) + 1
        made = Notice(number, tone, message, action)
        self.notices = [*kept, made]
        return made

    def leave_document(self) -> None:
        """What asked something about a document goes with it."""
        if any(n.tone == "check" for n in self.notices):
            self.notices = [n for n in self.notices if n.tone != "check"]

    def dismiss(self, number: int) -> None:
        """Takes a line away."""
        self.notices = [n for n in self.notices if n.id != number]


@ft.observable
@dataclass(eq=False)
class LiveVM:
    """The dictation under way, or the one about to begin."""

    form_id: str = ""
    proposed: str | None = None
    paused: bool = False
    final: str = ""
    stable: str = ""
    unstable: str = ""
    words: int = 0
    draft: Draft | None = None
    device: str = "browser"
    devices: tuple[tuple[str, str], ...] = ()
    testing: bool = False
    progress: float | None = None
    what: str = ""
    #: somebody else speaks at the same time
    sharing: bool = False
    #: what the person gives before speaking
    last_name: str = ""
    first_name: str = ""
    birth_date: str = ""
    recipient: str = ""
    priority: int = 0


@ft.observable
@dataclass(eq=False)
class MeterVM:
    """Ten times a second, alone, so that nothing else is drawn."""

    level: float = 0.0
    clipped: bool = False
    elapsed_s: float = 0.0
    peak: float = 0.0


@ft.observable
@dataclass(eq=False)
class WorklistVM:
    """The list on the left."""

    items: tuple[WorklistItem, ...] = ()
    counts: WorklistCounts = field(default_factory=WorklistCounts)
    tasks: tuple[Task, ...] = ()
    filter: str = "all"
    search: str = ""
    selected: str | None = None
