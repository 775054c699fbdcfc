"""What a person prefers, and the practice's profile: kept in the encrypted store."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from dictation.consultation import Author
from dictation.errors import CalameError
from records import Actor, Store

KEY = "ui"
PROFILE = "profile"
PRACTICE_PROFILE = "practice"
RECIPIENTS = "recipients"
SNIPPETS = "snippets"


@dataclass
class Preferences:
    """One person's. Only ``seen`` and ``uses`` grow, and both are bounded."""

    language: str = "fr"
    theme: str = "system"
    scale: float = 1.0
    device: str = "browser"
    welcomed: bool = False
    #: kinds of document, last used first
    recent: list[str] = field(default_factory=list)
    uses: dict[str, int] = field(default_factory=dict)
    #: number of decisions seen, by dictation
    seen: dict[str, int] = field(default_factory=dict)
    #: suggestions refused for ever
    refused: list[str] = field(default_factory=list)
    #: own keys, by action: « Ctrl+F2 »
    shortcuts: dict[str, str] = field(default_factory=dict)
    rate: float = 1.0

    def used(self, form_id: str) -> None:
        """A kind was used: last used first, then the most used."""
        self.uses[form_id] = self.uses.get(form_id, 0) + 1
        often = [key for key, _ in Counter(self.uses).most_common() if key != form_id]
        self.recent = [form_id, *often][:21]


def load(store: Store, by: Actor) -> Preferences:
    """This person's; defaults when nothing is kept."""
    kept: dict[str, Any] = {}
    with suppress(CalameError):
        kept = store.settings.get(KEY, {}, by=by) or {}
    known = {f.name for f in fields(Preferences)}
    return Preferences(**{k: v for k, v in kept.items() if k in known})


def save(store: Store, by: Actor, prefs: Preferences) -> None:
    """Keeps them."""
    prefs.seen = dict(list(prefs.seen.items())[-500:])
    with suppress(CalameError):
        store.settings.set(KEY, asdict(prefs), by=by)


def author(store: Store, by: Actor) -> Author:
    """The doctor as documents name her or him, from the profile."""
    kept: dict[str, str] = {}
    with suppress(CalameError):
        practice = store.settings.get(PRACTICE_PROFILE, {}, by=by, practice=True) or {}
        kept = {**practice, **(store.settings.get(PROFILE, {}, by=by) or {})}
    given = {f.name: kept.get(f.name) or None for f in fields(Author)}
    given["name"] = given["name"] or by.name
    return Author(**given)


def parse_date(text: str) -> dt.date | None:
    """« 12/03/1954 », « 12 03 1954 », « 1954-03-12 »; ``None`` when it is not a date."""
    parts = [p for p in text.replace("-", " ").replace("/", " ").replace(".", " ").split() if p]
    if len(parts) != 3 or not all(p.isdigit() for p in parts):
        return None
    a, b, c = (int(p) for p in parts)
    with suppress(ValueError):
        return dt.date(a, b, c) if a > 31 else dt.date(c + (1900 if 31 < c < 100 else 0), b, a)
    return None


def assign(target: Any, **values: Any) -> bool:
    """Sets several fields of a view model with one notification at most; True when something moved."""
    moved = False
    for name, value in values.items():
        if getattr(target, name) != value:
            object.__setattr__(target, name, value)
            moved = True
    if moved:
        target.notify()
    return moved


def redraw(target: Any) -> None:
    """What shows a view model is drawn again: fields were set past its notice."""
    target.notify()
