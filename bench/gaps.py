"""What the language model adds to the blanks of forms, and what it gets wrong.

    python -m bench.gaps --gguf FILE [--set DIR] [--force] [--json FILE]

On golden dictations the readers' answers are hidden and the model is asked for them: *right* when it copies
the words the reader read, *wrong* when it copies others, *left empty* when it proposes nothing or a check objects.
A value for a blank nobody dictated is *unfounded*. ``--force`` asks even when the self-test refused.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench.facts import Gold, load
from bench.goldens import GOLDENS
from dictation.codec import consultation_from_json
from dictation.draft import FieldValue, Origin
from dictation.transcript import transcript_of_text
from drafting import asking, composer
from drafting.blanks import Filled, fill
from drafting.model import Abilities, Assistant, self_test
from templates.catalogue import bundled


@dataclass
class Gaps:
    """Counts over some dictations."""

    right: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    unfounded: list[str] = field(default_factory=list)
    #: blanks nobody dictated, asked
    empty: int = 0

    @property
    def precision(self) -> float:
        """Share of proposals that are right, 0..1; 1 when nothing was proposed."""
        proposed = len(self.right) + len(self.wrong) + len(self.unfounded)
        return len(self.right) / proposed if proposed else 1.0


def judge(golds: Sequence[Gold], assistant: Any, lexicon: Any) -> Gaps:
    """Hides what the readers read in each of ``golds`` and asks the model for it."""
    out = Gaps()
    for gold in golds:
        form, consultation = bundled().get(gold.form_id), consultation_from_json(gold.context)
        truth: dict[tuple[str, str], Filled] = {}

        def hiding(form: Any, passages: Any, today: Any, truth: Any = truth) -> tuple[Filled, ...]:
            found = fill(form, passages, today)
            hidden = [f for f in found if f.field.type in asking.ASKED]
            truth.update({(f.section, f.field.key): f for f in hidden})
            return tuple(f for f in found if f not in hidden)

        assistant.begin()
        with patch.object(composer, "fill", hiding):
            draft = composer.compose(
                transcript_of_text(gold.text), form, consultation, lexicon=lexicon, assistant=assistant
            )
        proposed = {f.key: f for f in draft.fields if f.origin is Origin.PROPOSED}
        for section, blank in asking.empty(form, ()):
            key = section.key if blank.key == section.key else f"{section.key}.{blank.key}"
            given, wanted = proposed.get(key), truth.get((section.key, blank.key))
            _count(out, f"{gold.name} {key}", given, wanted)
    return out


def _count(out: Gaps, name: str, given: FieldValue | None, wanted: Filled | None) -> None:
    if wanted is None:
        out.empty += 1
        if given:
            out.unfounded.append(f"{name}: « {given.value} »")
    elif given is None:
        out.left.append(f"{name}: « {wanted.shown} »")
    elif given.value == wanted.value or any(
        a.contains(b) or b.contains(a) for a in given.evidence for b in wanted.spans
    ):
        out.right.append(f"{name}: « {given.value} » for « {wanted.shown} »")
    else:
        out.wrong.append(f"{name}: « {given.value} » for « {wanted.shown} »")


def main(argv: list[str] | None = None) -> int:
    """Prints the table; 0 when it ran."""
    from app import wiring
    from drafting.llama import LlamaModel

    parser = argparse.ArgumentParser(prog="bench.gaps", description=__doc__)
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--set", type=Path, default=GOLDENS)
    parser.add_argument("--force", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    model = LlamaModel(options.gguf)
    abilities = self_test(model)
    print(f"self-test: {abilities.results}")
    if options.force:
        abilities = Abilities(("choose", "extract"), abilities.results)
    found = judge(load(options.set), Assistant(model, abilities), wiring.lexicon())
    for title, names in (
        ("right", found.right), ("wrong", found.wrong), ("unfounded", found.unfounded), ("left empty", found.left),
    ):  # fmt: skip
        print(f"\n{title}: {len(names)}", *names, sep="\n  ")
    print(f"\nblanks nobody dictated: {found.empty}; precision {found.precision:.0%}")
    if options.json:
        data = {
            "right": len(found.right), "wrong": len(found.wrong), "unfounded": len(found.unfounded),
            "left": len(found.left), "empty": found.empty, "jobs": abilities.jobs,
        }  # fmt: skip
        options.json.write_text(json.dumps(data, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
