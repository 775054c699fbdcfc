"""The vocabulary, measured: ``python -m bench.vocabulary --model FOLDER --set DIR [--register FILE] [--json FILE]``.

Each recording is decoded once without and once with the second pass, on the same utterances. ``DIR`` as in
``bench.stt``. ``--without-drugs DIR`` hears recordings in which no drug is named (telephone prompts) and lists
every drug written and every word replaced: ``for f in fr/*.g722; do ffmpeg -f g722 -i $f …/$(basename $f).wav; done``.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.stt import SOUNDS, Tally, recordings
from dictation.lexicon import Lexicon, fold
from dictation.sound import Utterance
from dictation.transcript import EngineInfo, Transcript, Word
from voice import listen
from voice.files import FileSource
from voice.seams import Hints, Partial, RecogniserSession, always
from voice.session import Session
from voice.vocabulary import Vocabulary

DRUGS = ("drug", "substance")


@dataclass
class _Cutter:
    """A recogniser that only collects utterances, so that both ways hear the same ones."""

    info: EngineInfo = field(default_factory=lambda: EngineInfo("découpe", "aucun", "1"))
    utterances: list[Utterance] = field(default_factory=list)
    findings: tuple[Any, ...] = ()

    def open(self, hints: Hints) -> RecogniserSession:
        return self

    def accept(self, utterance: Utterance) -> tuple[Word, ...]:
        self.utterances.append(utterance)
        return ()

    def prepare(self, utterance: Utterance, wanted: Callable[[], bool] = always) -> None:
        pass

    def partial(self, utterance: Utterance) -> Partial:
        return Partial("", "")

    def finish(self, duration_s: float | None = None) -> Transcript:
        return Transcript("découpe", ())


def cut(path: Path) -> list[Utterance]:
    """Utterances of a sound file, as the product cuts them."""
    cutter = _Cutter()
    listen(FileSource(path), cutter)
    return cutter.utterances


def hear(engine: Any, utterances: list[Utterance], second: Vocabulary | None) -> tuple[list[Word], int, float]:
    """Words, number of findings and seconds taken."""
    started = time.perf_counter()
    session = Session(engine, Hints(), second_pass=second)
    words = [word for utterance in utterances for word in session.accept(utterance)]
    return words, len(session.findings), time.perf_counter() - started


def drug_words(lexicon: Lexicon) -> frozenset[str]:
    """Folded one-word names of drugs."""
    return frozenset(fold(n) for n in lexicon.names(*DRUGS) if " " not in fold(n) and len(fold(n)) > 3)


def main(argv: list[str] | None = None) -> int:
    """Prints the tables."""
    parser = argparse.ArgumentParser(prog="bench.vocabulary")
    parser.add_argument("--model", type=Path, required=True, help="folder of the speech model")
    parser.add_argument("--lexicon", type=Path, help="drugs.json; beside the model by default")
    parser.add_argument("--register", type=Path, help="the public register, added")
    parser.add_argument("--set", type=Path)
    parser.add_argument("--without-drugs", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    from app import lexicons
    from voice.vocabulary import shipped
    from voice.whisper import load

    packaged = options.lexicon or options.model.parent / "lexique-edsnlp" / "drugs.json"
    parts = [shipped(), *([lexicons.load_bdpm(options.register)] if options.register else [])]
    lexicon = lexicons.merge(*parts, lexicons.load_edsnlp(packaged))
    started = time.perf_counter()
    vocabulary = Vocabulary(lexicon)
    print(f"{len(lexicon)} noms, index en {time.perf_counter() - started:.2f} s", file=sys.stderr)
    engine, names = load(options.model), drug_words(lexicon)
    report: dict[str, Any] = {}
    if options.set:
        report["set"] = _on_set(options.set, engine, vocabulary, names)
    if options.without_drugs:
        report["without_drugs"] = _without_drugs(options.without_drugs, engine, vocabulary, names)
    if options.json:
        options.json.write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")
    return 0


def _on_set(folder: Path, engine: Any, vocabulary: Vocabulary, names: frozenset[str]) -> dict[str, Any]:
    tallies: dict[str, Tally] = {}
    replaced = asked = 0
    for sound, text, terms, voice in recordings(folder):
        utterances = cut(sound)
        for way, second in (("première passe", None), ("avec vocabulaire", vocabulary)):
            words, findings, took_s = hear(engine, utterances, second)
            for key in (f"{way}, toutes voix", f"{way}, {voice}"):
                tally = tallies.setdefault(key, Tally())
                tally.add(text, " ".join(w.text for w in words), terms, names)
                tally.took_s += took_s
                tally.sound_s += utterances[-1].end_s if utterances else 0.0
            if second is not None:
                replaced += sum(bool(w.heard) for w in words)
                asked += findings
    rows = {key: tallies[key].row() | {"noms": tallies[key].invented} for key in sorted(tallies)}
    for key, row in rows.items():
        print(f"{key:40}", "  ".join(f"{k} {v}" for k, v in row.items()))
    print(f"{replaced} remplacements, {asked} questions")
    return {"rows": rows, "replaced": replaced, "findings": asked}


def _without_drugs(folder: Path, engine: Any, vocabulary: Vocabulary, names: frozenset[str]) -> dict[str, Any]:
    seconds = 0.0
    count = asked = 0
    drugs: list[str] = []
    replaced: list[tuple[str, str]] = []
    for sound in sorted(p for p in folder.rglob("*") if p.suffix in SOUNDS):
        utterances = cut(sound)
        words, findings, _ = hear(engine, utterances, vocabulary)
        changed = [w for w in words if w.heard]
        seconds += sum(u.end_s - u.start_s for u in utterances)
        count += len(words)
        asked += findings
        replaced += [(w.heard or "", w.text) for w in changed]
        drugs += [w.text for w in changed if set(fold(w.text).split()) & names]
    print(f"{seconds / 60:.1f} min de parole, {count} mots: {len(drugs)} médicaments inventés {drugs}")
    print(f"{len(replaced)} remplacements {replaced}, {asked} questions")
    return {"minutes": seconds / 60, "words": count, "drugs": drugs, "replaced": replaced, "findings": asked}


if __name__ == "__main__":
    sys.exit(main())
