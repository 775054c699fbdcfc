"""Negation, doubt and family in French clinical sentences, side by side with ``edsnlp``.

``python -m bench.polarity [--set FILE] [--misses]``

The sentences are our own, tagged in the manner of edsnlp's tests: ``{fièvre|neg}``, ``{infarctus|fam}``,
``{lésion|hyp}`` (hyp: doubtful or hypothetical), no tag for a plain assertion. ``dev`` sentences served to
write the rules; ``held`` ones were written before and their first score is in the decision note. Each
system gets the sentence as written French and is asked about the tagged words. edsnlp (BSD-3) is not a
dependency of Calame: install it beside (``pip install edsnlp rapidfuzz``) and run this with that Python;
without it the column says so. ``fresh`` ones were written last; their first score is in the note too.
"""

from __future__ import annotations

import argparse
import csv
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dictation.evidence import Modality, Polarity
from dictation.transcript import Word
from drafting.spoken_french import write
from drafting.statements import split

DATA = Path(__file__).parent.parent / "tests" / "drafting" / "statements" / "data" / "tagged.tsv"
LABELS = ("neg", "hyp", "fam")
_TAG = re.compile(r"\{([^}|]+)(?:\|([^}]*))?\}")


@dataclass(frozen=True)
class Sentence:
    """A tagged sentence: plain text and its entities as (first character, last, labels)."""

    part: str
    style: str
    text: str
    entities: tuple[tuple[int, int, frozenset[str]], ...]


def parse(part: str, style: str, tagged: str) -> Sentence:
    """Reads the inline tags."""
    text, at, entities = "", 0, []
    for found in _TAG.finditer(tagged):
        text += tagged[at : found.start()]
        labels = frozenset(filter(None, (found.group(2) or "").split(",")))
        if labels - set(LABELS):
            raise ValueError(f"étiquette inconnue : {tagged}")
        entities.append((len(text), len(text) + len(found.group(1)), labels))
        text += found.group(1)
        at = found.end()
    return Sentence(part, style, text + tagged[at:], tuple(entities))


def load(path: Path) -> list[Sentence]:
    """All tagged sentences of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [parse(row["set"], row["style"], row["sentence"]) for row in rows]


Judge = Callable[[Sequence[Sentence]], list[list[frozenset[str]]]]


def calame(sentences: Sequence[Sentence]) -> list[list[frozenset[str]]]:
    """Labels of each entity by ``drafting.statements``."""
    return [_calame_one(s) for s in sentences]


def _calame_one(sentence: Sentence) -> list[frozenset[str]]:
    pieces = list(re.finditer(r"\S+", sentence.text))
    words = [Word(p.group()) for p in pieces]
    statements = split(write(words), words)
    out = []
    for first, last, _ in sentence.entities:
        inside = [n for n, p in enumerate(pieces) if p.start() < last and p.end() > first]
        labels: set[str] = set()
        for statement in statements:
            for mention in statement.mentions:
                if any(mention.span.covers(n) for n in inside):
                    labels |= _labels(mention.polarity, mention.modality)
        out.append(frozenset(labels))
    return out


def _labels(polarity: Polarity, modality: Modality) -> set[str]:
    out = set()
    if polarity is Polarity.NEGATED:
        out.add("neg")
    if polarity is Polarity.UNCERTAIN or modality is Modality.HYPOTHETICAL:
        out.add("hyp")
    if modality is Modality.FAMILY:
        out.add("fam")
    return out


def edsnlp_judge() -> Judge | None:
    """edsnlp's qualifiers with their default settings, or ``None`` when it cannot be imported."""
    try:
        import edsnlp  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return None
    nlp = edsnlp.blank("eds")
    for pipe in ("eds.sentences", "eds.negation", "eds.hypothesis", "eds.family"):
        nlp.add_pipe(pipe)

    def judge(sentences: Sequence[Sentence]) -> list[list[frozenset[str]]]:
        out = []
        for sentence in sentences:
            doc = nlp.make_doc(sentence.text)
            spans = [doc.char_span(a, b, label="ent", alignment_mode="expand") for a, b, _ in sentence.entities]
            doc.ents = spans
            for _, pipe in nlp.pipeline:
                doc = pipe(doc)
            row = []
            for span in doc.ents:
                found = {"neg": span._.negation, "hyp": span._.hypothesis, "fam": span._.family}
                row.append(frozenset(name for name, value in found.items() if value))
            out.append(row)
        return out

    return judge


@dataclass
class Score:
    """Counts for one label."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """0..1."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """0..1."""
        return self.right / max(1, self.right + self.missed)


def score(sentences: Sequence[Sentence], said: list[list[frozenset[str]]]) -> tuple[dict[str, Score], int, int]:
    """Per label, then how many entities are entirely right, of how many."""
    by = {label: Score() for label in LABELS}
    exact = total = 0
    for sentence, row in zip(sentences, said, strict=True):
        for (_, _, truth), found in zip(sentence.entities, row, strict=True):
            total += 1
            exact += truth == found
            for label in LABELS:
                by[label].right += label in truth and label in found
                by[label].wrong += label in found and label not in truth
                by[label].missed += label in truth and label not in found
    return by, exact, total


def main(argv: Sequence[str] | None = None) -> None:
    """Prints the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--set", type=Path, default=DATA)
    options.add_argument("--misses", action="store_true")
    args = options.parse_args(argv)
    sentences = load(args.set)
    systems: list[tuple[str, Judge | None]] = [("calame", calame), ("edsnlp", edsnlp_judge())]
    print(f"{len(sentences)} phrases, {sum(len(s.entities) for s in sentences)} entités")
    print(
        "| partie | système | négation P / R | doute, hypothèse P / R | famille P / R | entités justes | ms / phrase |"
    )
    print("|---|---|---|---|---|---|---|")
    for part in sorted({s.part for s in sentences}):
        chosen = [s for s in sentences if s.part == part]
        for name, judge in systems:
            if judge is None:
                print(f"| {part} | {name} | non importable ici | | | | |")
                continue
            start = time.perf_counter()
            said = judge(chosen)
            took = (time.perf_counter() - start) / max(1, len(chosen)) * 1000
            by, exact, total = score(chosen, said)
            cells = " | ".join(f"{100 * by[k].precision:.0f} / {100 * by[k].recall:.0f}" for k in LABELS)
            print(f"| {part} | {name} | {cells} | {exact}/{total} ({100 * exact / total:.1f} %) | {took:.2f} |")
            if args.misses:
                _print_misses(chosen, said)


def _print_misses(sentences: Sequence[Sentence], said: list[list[frozenset[str]]]) -> None:
    for sentence, row in zip(sentences, said, strict=True):
        for (a, b, truth), found in zip(sentence.entities, row, strict=True):
            if truth != found:
                print(f"    {sentence.text} [{sentence.text[a:b]}] attendu {sorted(truth)}, lu {sorted(found)}")


if __name__ == "__main__":
    main()
