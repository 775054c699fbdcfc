"""Keys to actions. One table: it is also what the help and the settings show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from app.events import Phase

if TYPE_CHECKING:
    from ui.window import Window


class Pressed(Protocol):
    """A key event (``flet.KeyboardEvent``)."""

    key: str
    ctrl: bool
    alt: bool
    shift: bool


@dataclass(frozen=True, slots=True)
class Shortcut:
    """``shown`` as printed on the keys; ``name`` is also the key of its text."""

    name: str
    key: str
    shown: str
    run: Callable[[Window], Any]
    ctrl: bool = False
    alt: bool = False
    phases: frozenset[Phase] = frozenset()


_REVIEW = frozenset({Phase.REVIEWING, Phase.SIGNED})

SHORTCUTS: tuple[Shortcut, ...] = (
    Shortcut("dictate", "F2", "F2", lambda w: w.dictate()),
    Shortcut("finish", "Enter", "Ctrl+Entrée", lambda w: w.finish(), ctrl=True, phases=frozenset({Phase.LISTENING})),
    Shortcut("discard", "Escape", "Échap", lambda w: w.discard(), phases=frozenset({Phase.LISTENING})),
    Shortcut("next_stop", "F8", "F8", lambda w: w.next_stop(), phases=_REVIEW),
    Shortcut("confirm_stop", "F9", "F9", lambda w: w.confirm_stop(), phases=_REVIEW),
    Shortcut("play", "F7", "F7", lambda w: w.play_pause(), phases=_REVIEW),
    Shortcut("back", "F6", "F6", lambda w: w.skip(-3.0), phases=_REVIEW),
    Shortcut("sign", "Enter", "Ctrl+Entrée", lambda w: w.sign(), ctrl=True, phases=frozenset({Phase.REVIEWING})),
    Shortcut("undo", "Z", "Alt+Z", lambda w: w.undo(), alt=True, phases=_REVIEW),
    Shortcut("redo", "Y", "Alt+Y", lambda w: w.redo(), alt=True, phases=_REVIEW),
    Shortcut("redraft", "F4", "F4", lambda w: w.redraft(), phases=frozenset({Phase.REVIEWING})),
    Shortcut("next_line", "Arrow Down", "Alt+↓", lambda w: w.move(1), alt=True),
    Shortcut("previous_line", "Arrow Up", "Alt+↑", lambda w: w.move(-1), alt=True),
    Shortcut("close", "Escape", "Échap", lambda w: w.close(), phases=_REVIEW),
    Shortcut("lock", "L", "Alt+L", lambda w: w.lock(), alt=True),
    Shortcut("help", "F1", "F1", lambda w: w.ask("help")),
)


def action(event: Pressed, phase: Phase, *, dialog: str | None) -> str | None:
    """Name of what a key does now; a question on the screen takes Échap for itself and nothing else passes."""
    if dialog is not None:
        return "close_dialog" if event.key == "Escape" else None
    for one in SHORTCUTS:
        pressed = one.key.lower() == event.key.lower() and one.ctrl == event.ctrl and one.alt == event.alt
        if pressed and (not one.phases or phase in one.phases):
            return one.name
    return None


def run(window: Window, name: str) -> Any:
    """Does it; may return a coroutine."""
    if name == "close_dialog":
        return window.ask(None)
    return next(s for s in SHORTCUTS if s.name == name).run(window)
