"""Sound to transcript. One verb: :func:`listen`."""

from __future__ import annotations

from voice.listening import listen

__all__ = ["listen"]
