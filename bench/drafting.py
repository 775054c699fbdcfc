"""Facts found, traps fired, sentences invented or omitted: rules only and with the language model.

    python -m bench.drafting [--set DIR] [--model] [--texts DIR]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from app import wiring
from bench.facts import Gold, load, score, table
from bench.trace import Report, trace
from dictation.codec import consultation_from_json, draft_to_json
from dictation.draft import Draft
from dictation.transcript import transcript_of_text
from templates.sheet import sheet
from templates.text import document_text

OWN = Path(__file__).parents[1] / "tests" / "golden" / "dictations"


def _drafted(gold: Gold, choice: wiring.Choice | None) -> tuple[Draft, str]:
    form = wiring.forms_catalogue().get(gold.form_id)
    consultation = consultation_from_json(gold.context)
    draft = wiring.compose(transcript_of_text(gold.text), form, consultation, choice=choice)
    return draft, document_text(sheet(draft, form, consultation))


def _engine(title: str, golds: tuple[Gold, ...], choice: wiring.Choice | None, texts: Path | None) -> None:
    report, scores, started = Report(), [], time.perf_counter()
    for gold in golds:
        draft, document = _drafted(gold, choice)
        report.add(trace(draft_to_json(draft), document))
        scores.append(score(gold, document))
        if texts:
            texts.mkdir(parents=True, exist_ok=True)
            (texts / f"{gold.name}.txt").write_text(document, encoding="utf-8")
    print(f"\n{title}, {len(golds)} dictées, {time.perf_counter() - started:.1f} s")
    print(table(scores))
    for s in scores:
        if s.missing or s.fired:
            print(f"  {s.name}: manque {list(s.missing)} pièges {[t.id for t in s.fired]}")
    print(
        f"  phrases inventées {report.invented_percent:.2f} %, éléments omis {report.omitted_percent:.2f} % "
        f"({len(report.omitted)}/{report.said})"
    )
    for line in (*report.invented, *report.omitted[:20]):
        print(f"    {line}")


def main(argv: list[str] | None = None) -> int:
    """Prints both tables."""
    parser = argparse.ArgumentParser(prog="bench.drafting", description=__doc__)
    parser.add_argument("--set", type=Path)
    parser.add_argument("--model", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--texts", type=Path)
    args = parser.parse_args(argv)
    sets: list[tuple[str, tuple[Gold, ...]]] = [("Nos dictées de référence", load(OWN))]
    if args.set and any(args.set.glob("*.json")):
        sets.append((args.set.name, load(args.set)))
    engines: list[tuple[str, wiring.Choice | None]] = [("règles seules", None)]
    if args.model:
        engines.append((wiring.DRAFTING, wiring.Choice()))
    run: Callable[[str, tuple[Gold, ...], wiring.Choice | None, Path | None], None] = _engine
    for engine, choice in engines:
        for name, golds in sets:
            run(f"{name} – {engine}", golds, choice, args.texts)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
