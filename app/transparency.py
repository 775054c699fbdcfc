"""Measured figures of this machine, for the transparency page and the model card.

``calame bench`` writes them (``mesures.json`` in the data folder) with the day, the machine and the models that
ran; without a measurement nothing is shown but the invitation to measure: no figure is written by hand.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from app import models, paths

SCHEMA = "calame-mesures/1"
#: keys of a bench's JSON that quote what was dictated
QUOTING = frozenset({"examples", "misses", "missing"})


def measures_file() -> Path:
    """Where the last measurements of this machine are."""
    return paths.data_dir() / "mesures.json"


def measures() -> dict[str, Any]:
    """Bench name -> its JSON; empty when nothing was measured here."""
    try:
        data = json.loads(measures_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        return {}
    found = data.get("benchs", {})
    return found if isinstance(found, dict) else {}


def keep(name: str, result: Mapping[str, Any], *, at: str, own_set: bool = False) -> None:
    """Adds one bench's result to the file. ``own_set``: measured on a practice's own dictations, so that what
    quotes them is left out and figures alone stay."""
    from app.output import write_text

    kept = _figures_only(dict(result)) if own_set else dict(result)
    benches = measures() | {name: {"at": at, "own_set": own_set, "with": circumstances(), "result": kept}}
    write_text(measures_file(), json.dumps({"schema": SCHEMA, "benchs": benches}, ensure_ascii=False, indent=1))


def _figures_only(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            k: "\n".join(line for line in v.splitlines() if not line.startswith("  ")) if k == "text" else v
            for k, v in ((k, _figures_only(v)) for k, v in value.items() if k not in QUOTING)
        }
    return [_figures_only(v) for v in value] if isinstance(value, list) else value


def circumstances() -> dict[str, Any]:
    """What a figure depends on: version, processor, and the models installed by default with their hashes."""
    return {
        "calame": version(),
        "processor": processor(),
        "cores": os.cpu_count() or 1,
        "models": {m.name: model_hash(m) for m in models.defaults() if models.installed(m)},
    }


def version() -> str:
    """Version of Calame."""
    try:
        return metadata.version("calame")
    except metadata.PackageNotFoundError:
        import tomllib

        project = Path(__file__).resolve().parents[1] / "pyproject.toml"
        return str(tomllib.loads(project.read_text("utf-8"))["project"]["version"])


def model_hash(model: models.Model) -> str:
    """SHA-256 of its largest file as pinned, "" when nothing is pinned."""
    return max(model.files, key=lambda f: f.bytes).sha256 if model.files else ""


def processor() -> str:
    """Name of the processor as the system gives it."""
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def figures() -> tuple[dict[str, str], ...]:
    """One row per bench: its name, the table as printed, the day it was measured."""
    return tuple(
        {"name": name, "text": str(entry.get("result", {}).get("text", "")), "at": str(entry.get("at", ""))}
        for name, entry in measures().items()
    )
