"""Facts, traps and traced items of golden dictations.

``python -m bench.goldens [--set DIR] [--model GGUF] [--vectors] [--json FILE]``; the shipped goldens without ``--set``.
Times and sections are measured by ``bench.draft``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.facts import Gold, Score, load, score, table
from bench.trace import Report, trace
from dictation.codec import consultation_from_json, draft_to_json
from dictation.consultation import Consultation
from dictation.draft import Draft
from dictation.form import Form
from dictation.transcript import Transcript, transcript_of_text

GOLDENS = Path(__file__).parent.parent / "tests" / "golden" / "dictations"

Compose = Callable[[Transcript, Form, Consultation], Draft]


def engines(model: Path | None, *, vectors: bool) -> Compose:
    """``compose`` with the engines asked for, as the application would load them."""
    from app import wiring
    from drafting import compose
    from drafting.sections import Sectioner

    lexicon = wiring.lexicon()
    sectioner = wiring.sectioner() if vectors else Sectioner()
    assistant = None
    if model is not None:
        assistant = wiring.assistant(str(model))

    def run(transcript: Transcript, form: Form, consultation: Consultation) -> Draft:
        if assistant is not None:
            assistant.begin()
        return compose(transcript, form, consultation, lexicon=lexicon, sectioner=sectioner, assistant=assistant)

    return run


def judge(golds: Sequence[Gold], compose: Compose) -> tuple[tuple[Score, ...], Report]:
    """Scores of every gold, and one report of the tracer over all of them."""
    from templates.catalogue import bundled
    from templates.sheet import sheet
    from templates.text import document_text

    total = Report()
    scores = []
    for gold in golds:
        consultation = consultation_from_json(gold.context)
        form = bundled().get(gold.form_id)
        draft = compose(transcript_of_text(gold.text), form, consultation)
        document = document_text(sheet(draft, form, consultation))
        scores.append(score(gold, document))
        total.add(trace(draft_to_json(draft), document))
    return tuple(scores), total


def main(argv: Sequence[str] | None = None) -> int:
    """Command line: a table on standard output, JSON where asked."""
    parser = argparse.ArgumentParser(prog="bench.goldens", description=__doc__)
    parser.add_argument("--set", type=Path, default=GOLDENS)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--vectors", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    scores, report = judge(load(options.set), engines(options.model, vectors=options.vectors))
    print(table(scores))
    print(f"\n{report.table()}")
    print(
        f"\nInventé : {report.invented_percent:.2f} % des {report.sentences} phrases ; "
        f"omis : {report.omitted_percent:.2f} % des {report.said} chiffres, côtés, négations et mots dictés"
    )
    for item in (*report.invented, *report.omitted):
        print("  ", item)
    if options.json:
        data = {
            "set": "golden" if options.set == GOLDENS else options.set.name,
            "model": options.model.parent.name if options.model else None,
            "dictations": len(scores),
            "facts": sum(s.facts for s in scores),
            "found": sum(s.found for s in scores),
            "missing": {s.name: list(s.missing) for s in scores if s.missing},
            "traps": sum(s.traps for s in scores),
            "fired": [t.id for s in scores for t in s.fired],
            "sentences": report.sentences,
            "said": report.said,
            "invented_percent": report.invented_percent,
            "omitted_percent": report.omitted_percent,
            "examples": {
                "missing": [f"{s.name}, {fact}" for s in scores for fact in s.missing],
                "fired": [f"{s.name}, {trap.what}" for s in scores for trap in s.fired],
                "invented": list(report.invented),
                "omitted": list(report.omitted),
            },
        }
        options.json.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
