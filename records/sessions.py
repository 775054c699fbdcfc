"""Who is signed in, in this process, and since when nothing moved."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

from dictation.errors import RefusedError
from records.values import Actor

#: five minutes without a gesture lock the window (PGSSI-S; ``docs/records.md``)
IDLE_S = 300.0


@dataclass(slots=True)
class _Live:
    account_id: str
    seen_s: float
    locked: bool = False


class Sessions:
    """Sessions of one process; they end with it. Thread-safe."""

    def __init__(self, monotonic: Callable[[], float], idle_s: float = IDLE_S) -> None:
        self._monotonic = monotonic
        self.idle_s = idle_s
        self._live: dict[str, _Live] = {}
        self._mutex = threading.Lock()

    def start(self, account_id: str) -> str:
        """A new session's identifier."""
        with self._mutex:
            session = secrets.token_hex(16)
            self._live[session] = _Live(account_id, self._monotonic())
            return session

    def touch(self, by: Actor) -> None:
        """A gesture. Raises :class:`RefusedError` ``session.locked`` after ``idle_s``, ``session.over`` once ended."""
        with self._mutex:
            live = self._live.get(by.session)
            if live is None or live.account_id != by.account_id:
                raise RefusedError("session.over", "Vous n'êtes plus connecté. Entrez votre mot de passe.")
            if self._idle(live):
                live.locked = True
                raise RefusedError("session.locked", "Session verrouillée. Entrez votre mot de passe pour reprendre.")
            live.seen_s = self._monotonic()

    def locked(self, by: Actor) -> bool:
        """True when the session is locked or over; looking is not a gesture."""
        with self._mutex:
            live = self._live.get(by.session)
            return live is None or self._idle(live)

    def lock(self, by: Actor) -> None:
        """Locks now."""
        with self._mutex:
            if live := self._live.get(by.session):
                live.locked = True

    def unlock(self, by: Actor) -> None:
        """Opens a locked session again; the caller has checked the password."""
        with self._mutex:
            live = self._live.setdefault(by.session, _Live(by.account_id, 0.0))
            live.locked, live.seen_s = False, self._monotonic()

    def end(self, by: Actor) -> None:
        """Forgets the session."""
        with self._mutex:
            self._live.pop(by.session, None)

    def end_all(self, account_id: str) -> None:
        """Forgets every session of an account (deactivated, password changed by an administrator)."""
        with self._mutex:
            for session in [s for s, live in self._live.items() if live.account_id == account_id]:
                del self._live[session]

    def _idle(self, live: _Live) -> bool:
        return live.locked or self._monotonic() - live.seen_s > self.idle_s
