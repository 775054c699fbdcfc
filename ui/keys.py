"""Keys to actions. One table: it is also what the help, the tooltips and the settings show.

Every person may give an action another key (:class:`Keymap`): kept with the preferences, refused with its reason when
it is taken, belongs to the browser, or would be a letter of the text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
class Chord:
    """Keys pressed together. ``key`` as Flutter names it: "F2", "Enter", "Arrow Down", "Z"."""

    key: str
    ctrl: bool = False
    alt: bool = False
    shift: bool = False

    def __str__(self) -> str:
        """As it is kept: « Ctrl+Shift+F2 »."""
        parts = [n for n, on in (("Ctrl", self.ctrl), ("Alt", self.alt), ("Shift", self.shift)) if on]
        return "+".join([*parts, self.key])

    @property
    def shown(self) -> str:
        """As printed on a French keyboard."""
        parts = [n for n, on in (("Ctrl", self.ctrl), ("Alt", self.alt), ("Maj", self.shift)) if on]
        return "+".join([*parts, _PRINTED.get(self.key, self.key)])

    def fits(self, event: Pressed) -> bool:
        """True when ``event`` is these keys and no others."""
        return (
            self.key.lower() == event.key.lower()
            and self.ctrl == event.ctrl
            and self.alt == event.alt
            and self.shift == bool(getattr(event, "shift", False))
        )


_PRINTED = {
    "Enter": "Entrée",
    "Escape": "Échap",
    "Arrow Down": "↓",
    "Arrow Up": "↑",
    "Arrow Left": "←",
    "Arrow Right": "→",
    "Space": "Espace",
    " ": "Espace",
    "Page Down": "Page suiv.",
    "Page Up": "Page préc.",
    "Delete": "Suppr",
    "Home": "Début",
    "End": "Fin",
    "Insert": "Inser",
}


def chord(text: str) -> Chord:
    """A chord as it was kept; anything odd gives a chord that no key makes."""
    *held, key = text.split("+") if text and not text.endswith("+") else [text]
    return Chord(key, "Ctrl" in held, "Alt" in held, "Shift" in held)


def pressed(event: Pressed) -> Chord | None:
    """The chord of a key event; ``None`` while only Ctrl, Alt or Maj is held."""
    if event.key in _HELD:
        return None
    key = event.key.upper() if len(event.key) == 1 else event.key
    return Chord(key, event.ctrl, event.alt, bool(getattr(event, "shift", False)))


_HELD = frozenset(
    f"{side}{name}"
    for name in ("Control", "Alt", "Shift", "Meta", "Alt Graph", "Caps Lock")
    for side in ("", "Left ", "Right ")
) | {"Control Left", "Control Right", "Alt Left", "Alt Right", "Shift Left", "Shift Right", "Meta Left", "Meta Right"}


@dataclass(frozen=True, slots=True)
class Shortcut:
    """``name`` is also the key of its text. Without ``phases`` it works everywhere."""

    name: str
    keys: Chord
    run: Callable[[Window], Any]
    phases: frozenset[Phase] = frozenset()


_LISTENING = frozenset({Phase.LISTENING})
_REVIEWING = frozenset({Phase.REVIEWING})
_REVIEW = frozenset({Phase.REVIEWING, Phase.SIGNED})

SHORTCUTS: tuple[Shortcut, ...] = (
    Shortcut("dictate", Chord("F2"), lambda w: w.dictate()),
    Shortcut("finish", Chord("Enter", ctrl=True), lambda w: w.finish(), _LISTENING),
    Shortcut("discard", Chord("Escape"), lambda w: w.discard(), _LISTENING),
    Shortcut("next_stop", Chord("F8"), lambda w: w.next_stop(), _REVIEW),
    Shortcut("confirm_stop", Chord("F9"), lambda w: w.confirm_stop(), _REVIEW),
    Shortcut("confirm_section", Chord("F9", shift=True), lambda w: w.confirm_section(), _REVIEW),
    Shortcut("play", Chord("F7"), lambda w: w.play_pause(), _REVIEW),
    Shortcut("back", Chord("F6"), lambda w: w.skip(-3.0), _REVIEW),
    Shortcut("sign", Chord("Enter", ctrl=True), lambda w: w.sign(), _REVIEWING),
    Shortcut("undo", Chord("Z", alt=True), lambda w: w.undo(), _REVIEW),
    Shortcut("redo", Chord("Y", alt=True), lambda w: w.redo(), _REVIEW),
    Shortcut("redraft", Chord("F4"), lambda w: w.redraft(), _REVIEWING),
    Shortcut("next_line", Chord("Arrow Down", alt=True), lambda w: w.move(1)),
    Shortcut("previous_line", Chord("Arrow Up", alt=True), lambda w: w.move(-1)),
    Shortcut("close", Chord("Escape"), lambda w: w.escape(), _REVIEW),
    Shortcut("lock", Chord("L", alt=True), lambda w: w.lock()),
    Shortcut("help", Chord("F1"), lambda w: w.ask("help")),
)
_NAMES = {s.name: s for s in SHORTCUTS}
#: what browsers keep for themselves whatever a page asks
_BROWSERS = frozenset(
    [*(f"Ctrl+{k}" for k in "TNWRLDPFHJ"), "Ctrl+Tab", "Alt+Arrow Left", "Alt+Arrow Right", "F5", "F11", "F12", "Tab"]
)
#: a key of the text field
_EDITING = frozenset([*(f"Ctrl+{k}" for k in "ACVXZY"), "Enter", "Delete", "Backspace"])


def default(name: str) -> Chord:
    """What the table gives ``name``."""
    return _NAMES[name].keys


class Keymap:
    """The keys of one person: those of the table, or those chosen instead."""

    def __init__(self, own: Mapping[str, str] | None = None) -> None:
        self._own = {name: chord(text) for name, text in (own or {}).items() if name in _NAMES}

    @property
    def own(self) -> dict[str, str]:
        """What differs from the table, to be kept."""
        return {name: str(keys) for name, keys in self._own.items() if keys != _NAMES[name].keys}

    def keys(self, name: str) -> Chord:
        """What does it."""
        return self._own.get(name, _NAMES[name].keys)

    def shown(self, name: str) -> str:
        """As printed on the keys."""
        return self.keys(name).shown

    def changed(self, name: str) -> bool:
        """True when it is not the table's."""
        return self.keys(name) != _NAMES[name].keys

    def objection(self, name: str, wanted: Chord) -> tuple[str, str] | None:
        """Why ``wanted`` cannot do ``name``: (reason, other action); ``None`` when it can.

        The reason is "letter" (it would be typed), "browser", "editing" or "taken".
        """
        function = wanted.key[:1] == "F" and wanted.key[1:].isdigit()
        if str(wanted) in _BROWSERS:
            return ("browser", "")
        if str(wanted) in _EDITING or (wanted.ctrl and wanted.alt):
            return ("editing", "")
        if len(wanted.key) == 1 and not (wanted.ctrl or wanted.alt):
            return ("letter", "")
        if not (function or wanted.ctrl or wanted.alt or wanted.key == "Escape"):
            return ("letter", "")
        phases = _NAMES[name].phases
        for other in SHORTCUTS:
            together = not phases or not other.phases or phases & other.phases
            if other.name != name and together and self.keys(other.name) == wanted:
                return ("taken", other.name)
        return None

    def give(self, name: str, wanted: Chord) -> None:
        """``wanted`` does ``name`` from now on."""
        self._own[name] = wanted

    def reset(self, name: str | None = None) -> None:
        """The table's own key again, for one action or for all."""
        for one in [name] if name is not None else list(self._own):
            self._own.pop(one, None)

    def action(self, event: Pressed, phase: Phase, *, dialog: str | None) -> str | None:
        """Name of what a key does now; a question on the screen takes Échap for itself and nothing else passes."""
        if dialog is not None:
            return "close_dialog" if event.key == "Escape" else None
        for one in SHORTCUTS:
            if self.keys(one.name).fits(event) and (not one.phases or phase in one.phases):
                return one.name
        return None


def run(window: Window, name: str) -> Any:
    """Does it; may return a coroutine."""
    if name == "close_dialog":
        return window.ask(None)
    return _NAMES[name].run(window)
