"""``calame bench``: measured tables on this machine, kept for the transparency page."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app import models, transparency, wiring
from app.output import tell, write_json
from dictation.errors import CalameError, InputError, UsageError

ROOT = Path(__file__).resolve().parents[2]
DEV_SET = ROOT.parent / "shared" / "dev_set"

#: module, its arguments
Run = tuple[str, list[str]]
#: benches that give their figures as JSON too
STRUCTURED = frozenset(
    f"bench.{name}"
    for name in (
        "stt", "voices", "goldens", "draft", "write", "latency", "records", "records_crash", "anonymise", "ui",
    )
)  # fmt: skip
#: seconds one bench may take before it is stopped and told as failed
LIMIT_S = 900


def _speech(args: argparse.Namespace) -> list[str]:
    return ["--set", str(_set(args, "audio")), "--model", str(models.locate(wiring.SPEECH))]


def _set(args: argparse.Namespace, kind: str) -> Path:
    if args.set:
        folder = Path(args.set)
        if not folder.is_dir():
            raise InputError("bench.set", f"Le dossier {folder} n'existe pas.")
        return folder / kind if (folder / kind).is_dir() else folder
    return DEV_SET / kind if (DEV_SET / kind).is_dir() else ROOT / "samples"


def _quick(args: argparse.Namespace, *small: str) -> list[str]:
    """Options of a short run: enough to see that it works, too few to believe the figures."""
    return list(small) if args.quick else []


def _stt(args: argparse.Namespace) -> list[Run]:
    speech = _speech(args)
    engines = "vocabulary" if args.quick else "plain,calame,vocabulary"
    return [
        ("bench.stt", [*speech, "--engines", engines, *_quick(args, "--only", "d1_")]),
        ("bench.detection", [*speech[:2], *_quick(args, "--only", "d1_")]),
        ("bench.nothing", [*speech[2:], "--minutes", "1" if args.quick else "3"]),
    ]


def _write(args: argparse.Namespace) -> list[Run]:
    return [("bench.write", []), ("bench.polarity", [])]


def _draft(args: argparse.Namespace) -> list[Run]:
    weights = str(models.locate(wiring.DRAFTING))
    gguf, model = ["--gguf", weights], ["--model", weights]
    dev: list[Run] = []
    if any(_set(args, "dictations").glob("*.json")) and _set(args, "dictations").name == "dictations":
        own = ["--vectors", "--set", str(_set(args, "dictations"))]
        dev = [("bench.goldens", own), ("bench.goldens", [*own, *model])]
    drugs = ["--lexicon", str(models.locate(wiring.LEXICON))]
    if args.quick:
        return [
            ("bench.goldens", ["--vectors"]),
            *dev[:1],
            ("bench.draft", ["sections", "--set", str(_set(args, "sections"))]),
            ("bench.draft", ["speed", *drugs, "--minutes", "1", "--repeat", "2"]),
        ]
    return [
        ("bench.goldens", ["--vectors"]),
        ("bench.goldens", ["--vectors", *model]),
        *dev,
        ("bench.draft", ["sections", *gguf, "--set", str(_set(args, "sections"))]),
        ("bench.draft", ["speed", *gguf, *drugs, "--minutes", "1,3", "--repeat", "3"]),
    ]


def _latency(args: argparse.Namespace) -> list[Run]:
    return [("bench.latency", [*_speech(args), "--vocabulary", *_quick(args, "--minutes", "0.5")])]


def _voices(args: argparse.Namespace) -> list[Run]:
    return [("bench.voices", ["--model", str(models.locate(wiring.SPEECH))])]


def _store(args: argparse.Namespace) -> list[Run]:
    small = _quick(args, "--records", "500", "--waiting", "50", "--processes", "4", "--edits", "50")
    return [("bench.records", small), ("bench.records_crash", _quick(args, "--kills", "12"))]


def _copy(args: argparse.Namespace) -> list[Run]:
    return [("bench.anonymise", _quick(args, "--count", "200"))]


def _ui(args: argparse.Namespace) -> list[Run]:
    return [("bench.ui", _quick(args, "--keys", "5", "--opens", "1", "--words", "500"))]


BENCHES: dict[str, Callable[[argparse.Namespace], list[Run]]] = {
    "write": _write,
    "stt": _stt,
    "voices": _voices,
    "draft": _draft,
    "latency": _latency,
    "records": _store,
    "anonymise": _copy,
    "ui": _ui,
}


def run(args: argparse.Namespace) -> int:
    """Prints each table as it is measured; ``--json`` and ``mesures.json`` keep them, the latter
    not those of ``--quick``, which are too few to be believed. One bench that cannot run here
    does not stop the others: 4 at the end."""
    names = list(BENCHES) if args.what == "all" else [args.what]
    if any(name not in BENCHES for name in names):
        raise UsageError("usage", f"Mesure inconnue. Choix\u00a0: {', '.join(BENCHES)}, all.")
    results: dict[str, dict[str, Any]] = {}
    failed: list[str] = []
    begun = time.monotonic()
    for name in names:
        try:
            results[name] = measured(BENCHES[name](args))
        except CalameError as error:
            if len(names) == 1:
                raise
            tell(str(error))
            failed.append(name)
            continue
        failed += [f"{name}/{part}" for part in results[name]["failed"]]
        if not args.quick and (results[name]["data"] or not results[name]["failed"]):
            transparency.keep(name, results[name], at=dt.date.today().isoformat(), own_set=bool(args.set))
    tell(f"— {len(names)} mesure(s) en {time.monotonic() - begun:.0f}\u00a0s")
    if args.json:
        write_json(args.json, {"schema": transparency.SCHEMA, "benchs": results})
    if failed:
        tell(f"— incomplet\u00a0: {', '.join(failed)}")
    return 4 if failed else 0


def measured(runs: list[Run]) -> dict[str, Any]:
    """What the benches printed (``text``), gave as JSON (``data``: bench, options that are no path, figures), and
    those that did not end well (``failed``), stopped after :data:`LIMIT_S`.

    Each is a process of its own: what one leaves in memory does not weigh on the next, and one that dies is told.
    """
    text, data, failed = "", [], []
    for module, argv in runs:
        tell(f"— {module} {' '.join(word for word in argv[:1] if not word.startswith('-'))}".rstrip())
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "mesure.json"
            more = ["--json", str(file)] if module in STRUCTURED else []
            begun = time.monotonic()
            status, printed = _run([sys.executable, "-m", module, *argv, *more])
            text += printed
            tell(f"  {time.monotonic() - begun:.0f}\u00a0s" + ("" if status == 0 else f", état {status}"))
            if status != 0:
                failed.append(module.removeprefix("bench."))
            if file.is_file():
                options = [word for word in argv if "/" not in word]
                data.append({"bench": module, "options": options, "data": json.loads(file.read_text("utf-8"))})
    return {"text": text, "data": data, "failed": failed}


def _run(command: list[str]) -> tuple[int, str]:
    """Exit status and what was printed, shown as it comes; 124 when it took too long."""
    where = os.pathsep.join(p for p in (str(ROOT), os.environ.get("PYTHONPATH")) if p)
    lines: list[str] = []
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": where, "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"},
    ) as process:
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        clock = threading.Timer(LIMIT_S, stop)
        clock.start()
        try:
            for line in process.stdout or ():
                print(line, end="", flush=True)
                lines.append(line)
        finally:
            clock.cancel()
    return (124 if late.is_set() else process.returncode), "".join(lines)
