"""French dates and typography for documents."""

from __future__ import annotations

import datetime as dt
import re

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip


def long_date(day: dt.date) -> str:
    """« 1er avril 2026 », « 6 mars 2026 »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]} {day.year}"


def short_date(iso: str) -> str:
    """« 06/03/2026 » from an ISO date, « 03/2026 » from a month; anything else as it stands."""
    date, _, time = iso.partition("T")
    parts = date.split("-")
    if not all(p.isdigit() for p in parts) or len(parts[0]) != 4:
        return iso
    text = "/".join(reversed(parts))
    if time:
        hour, _, minute = time.partition(":")
        text += f" à {int(hour)}\u00a0h" + (f"\u00a0{minute[:2]}" if minute[:2] not in ("", "00") else "")
    return text


def curly(text: str) -> str:
    """The printer's apostrophe: « l’index », never « l'index »; a minute (12') is left alone."""
    return re.sub(r"(?<=[^\W\d_])'(?=\w)", "’", text)
