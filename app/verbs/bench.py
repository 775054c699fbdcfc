"""``calame bench``: measured tables on this machine, kept for the transparency page."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import importlib
import io
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app import models, transparency, wiring
from app.output import tell, write_json
from dictation.errors import InputError, UsageError

ROOT = Path(__file__).resolve().parents[2]
DEV_SET = ROOT.parent / "shared" / "dev_set"

#: module, its arguments
Run = tuple[str, list[str]]
#: benches that give their figures as JSON too
STRUCTURED = frozenset(
    f"bench.{name}" for name in ("stt", "voices", "goldens", "draft", "write", "latency", "anonymise", "ui")
)


def _speech(args: argparse.Namespace) -> list[str]:
    return ["--set", str(_set(args, "audio")), "--model", str(models.locate(wiring.SPEECH))]


def _set(args: argparse.Namespace, kind: str) -> Path:
    if args.set:
        folder = Path(args.set)
        if not folder.is_dir():
            raise InputError("bench.set", f"Le dossier {folder} n'existe pas.")
        return folder / kind if (folder / kind).is_dir() else folder
    return DEV_SET / kind if (DEV_SET / kind).is_dir() else ROOT / "samples"


def _stt(args: argparse.Namespace) -> list[Run]:
    speech = _speech(args)
    return [
        ("bench.stt", [*speech, "--engines", "plain,calame,vocabulary"]),
        ("bench.stt", [*speech, "--engines", "calame,vocabulary", "--noise", "pink20,pink10"]),
        ("bench.detection", speech[:2]),
        ("bench.nothing", speech[2:]),
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
    return [
        ("bench.goldens", ["--vectors"]),
        ("bench.goldens", ["--vectors", *model]),
        *dev,
        ("bench.draft", ["sections", *gguf, "--set", str(_set(args, "sections"))]),
        ("bench.draft", ["speed", *gguf, *drugs]),
    ]


def _latency(args: argparse.Namespace) -> list[Run]:
    return [("bench.latency", [*_speech(args), "--vocabulary"])]


def _voices(args: argparse.Namespace) -> list[Run]:
    return [("bench.voices", ["--model", str(models.locate(wiring.SPEECH))])]


def _store(args: argparse.Namespace) -> list[Run]:
    return [("bench.records", [])]


def _copy(args: argparse.Namespace) -> list[Run]:
    return [("bench.anonymise", [])]


def _ui(args: argparse.Namespace) -> list[Run]:
    return [("bench.ui", [])]


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


class _Tee(io.StringIO):
    def write(self, text: str) -> int:
        if sys.__stdout__ is not None:
            sys.__stdout__.write(text)
            sys.__stdout__.flush()
        return super().write(text)


def run(args: argparse.Namespace) -> int:
    """Prints each table as it is measured; ``--json`` and ``mesures.json`` keep them."""
    names = list(BENCHES) if args.what == "all" else [args.what]
    if any(name not in BENCHES for name in names):
        raise UsageError("usage", f"Mesure inconnue. Choix\u00a0: {', '.join(BENCHES)}, all.")
    results: dict[str, dict[str, Any]] = {}
    failed = 0
    for name in names:
        try:
            results[name] = measured(BENCHES[name](args))
        except Exception as error:
            if len(names) == 1:
                raise
            failed += 1
            tell(f"— {name}\u00a0: mesure impossible ici ({type(error).__name__}), on continue.")
            continue
        transparency.keep(name, results[name], at=dt.date.today().isoformat(), own_set=bool(args.set))
    if args.json:
        write_json(args.json, {"schema": transparency.SCHEMA, "benchs": results})
    return 4 if failed else 0


def measured(runs: list[Run]) -> dict[str, Any]:
    """What the benches printed (``text``) and gave as JSON (``data``: bench, options that are no path, figures)."""
    tee, data = _Tee(), []
    for module, argv in runs:
        tell(f"— {module} {' '.join(argv[:1])}")
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(tee):
            file = Path(folder) / "mesure.json"
            more = ["--json", str(file)] if module in STRUCTURED else []
            importlib.import_module(module).main([*argv, *more])
            if file.is_file():
                options = [word for word in argv if "/" not in word]
                data.append({"bench": module, "options": options, "data": json.loads(file.read_text("utf-8"))})
    return {"text": tee.getvalue(), "data": data}
