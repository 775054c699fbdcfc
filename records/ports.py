"""What the store takes from outside: time, identifiers, randomness and the cost of guessing a password."""

from __future__ import annotations

import datetime as dt
import os
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass


def utc_now() -> dt.datetime:
    """The wall clock, aware, UTC."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Cost:
    """Argon2id parameters (RFC 9106): passes, memory in KiB, lanes."""

    passes: int = 3
    memory_kib: int = 131_072
    lanes: int = 4


#: unlocking the store with a passphrase
KEY_COST = Cost()
#: signing in with a password (argon2-cffi's own default, RFC 9106 low-memory profile)
LOGIN_COST = Cost(passes=3, memory_kib=65_536, lanes=4)


@dataclass(frozen=True, slots=True)
class Ports:
    """Injected sources. All callables must be thread-safe."""

    #: aware UTC wall clock
    clock: Callable[[], dt.datetime] = utc_now
    #: seconds, never goes back; only differences matter
    monotonic: Callable[[], float] = time.monotonic
    #: a new identifier, unique for ever
    new_id: Callable[[], str] = lambda: uuid.uuid4().hex
    #: ``n`` unpredictable bytes
    random_bytes: Callable[[int], bytes] = os.urandom
    key_cost: Cost = KEY_COST
    login_cost: Cost = LOGIN_COST
