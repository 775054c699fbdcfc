"""Measured figures of this machine, for the transparency page and the model card.

``calame bench`` writes them (``mesures.json`` in the data folder); without a measurement nothing is shown
but the invitation to measure: no figure is written by hand.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app import paths

SCHEMA = "calame-mesures/1"


def measures_file() -> Path:
    """Where the last measurements of this machine are."""
    return paths.data_dir() / "mesures.json"


def measures() -> dict[str, Any]:
    """Bench name -> its JSON; empty when nothing was measured here."""
    try:
        data = json.loads(measures_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data.get("benchs", {}) if data.get("schema") == SCHEMA else {}


def keep(name: str, result: Any, *, at: str) -> None:
    """Adds one bench's result to the file."""
    from app.output import write_text

    benches = measures() | {name: {"at": at, "result": result}}
    write_text(measures_file(), json.dumps({"schema": SCHEMA, "benchs": benches}, ensure_ascii=False, indent=1))


def figures() -> tuple[dict[str, str], ...]:
    """One row per bench: its name, the table as printed, the day it was measured."""
    return tuple(
        {"name": name, "text": str(entry.get("result", {}).get("text", "")), "at": str(entry.get("at", ""))}
        for name, entry in measures().items()
    )
