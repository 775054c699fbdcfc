"""Keeping a setting: said when it is done, said when it is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dictation.errors import CalameError

if TYPE_CHECKING:
    from ui.window import Window


def attempt(win: Window, work: Callable[[], Any], done: str = "settings.saved") -> bool:
    """Does the work and says ``done``; a refusal is said instead and gives False."""
    try:
        work()
    except CalameError as error:
        win.shell.notice("check", error.message)
        return False
    win.shell.notice("done", win.t(done))
    return True
