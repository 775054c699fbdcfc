"""Recognition, measured: ``python -m bench.stt --set DIR --model FOLDER``.

``DIR`` holds recordings ``NAME_VOICE.flac`` (or ``NAME.wav``…), ``NAME.txt`` (the text as spoken) and
``NAME.terms.json`` (terms that matter by kind). Plain faster-whisper with its defaults runs first, on the
same sound in the same run.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bench.french import contains, edits, spoken, without_commands
from bench.sounds import noisy
from dictation.lexicon import fold
from voice.detect import to_float
from voice.files import FileSource
from voice.seams import SecondPass

SOUNDS = (".flac", ".wav", ".mp3", ".m4a", ".ogg")
KINDS = ("drug", "dose", "measure", "clin", "neg")


@dataclass
class Tally:
    """What one engine did on one group of recordings."""

    errors: int = 0
    words: int = 0
    errors_kept: int = 0
    words_kept: int = 0
    char_errors: int = 0
    chars: int = 0
    found: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    asked: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    invented: list[str] = field(default_factory=list)
    took_s: float = 0.0
    sound_s: float = 0.0

    def add(self, reference: str, hypothesis: str, terms: dict[str, list[str]], drugs: frozenset[str]) -> None:
        """Counts one recording."""
        ref, hyp = spoken(reference), spoken(hypothesis)
        bare_ref, bare_hyp = without_commands(ref), without_commands(hyp)
        self.errors_kept += edits(ref, hyp)
        self.words_kept += len(ref)
        self.errors += edits(bare_ref, bare_hyp)
        self.words += len(bare_ref)
        self.char_errors += edits("".join(bare_ref), "".join(bare_hyp))
        self.chars += len("".join(bare_ref))
        for kind, names in terms.items():
            for name in names:
                self.asked[kind] += 1
                self.found[kind] += contains(hyp, name)
        self.invented += [w for w in bare_hyp if w in drugs and w not in bare_ref]

    def row(self) -> dict[str, Any]:
        """Percentages."""
        recall = {k: round(100 * self.found[k] / self.asked[k]) for k in self.asked}
        return {
            "wer": round(100 * self.errors / max(1, self.words), 1),
            "wer_kept": round(100 * self.errors_kept / max(1, self.words_kept), 1),
            "cer": round(100 * self.char_errors / max(1, self.chars), 1),
            **{k: recall.get(k) for k in KINDS},
            "invented": len(self.invented),
            "rtf": round(self.took_s / max(1e-9, self.sound_s), 3),
        }


def recordings(folder: Path) -> list[tuple[Path, str, dict[str, list[str]], str]]:
    """(sound, text, terms, voice) of every recording of ``folder`` that has a text."""
    out = []
    for sound in sorted(p for p in folder.iterdir() if p.suffix in SOUNDS):
        name, _, voice = sound.stem.rpartition("_")
        stem, voice = (name, voice) if (folder / f"{name}.txt").is_file() else (sound.stem, "")
        text = folder / f"{stem}.txt"
        if text.is_file():
            terms = folder / f"{stem}.terms.json"
            out.append(
                (sound, text.read_text("utf-8"), json.loads(terms.read_text()) if terms.is_file() else {}, voice)
            )
    return out


def pcm_of(path: Path) -> bytes:
    """s16le mono 16 kHz of a whole file."""
    return b"".join(f.pcm for f in FileSource(path).frames())


def plain(folder: Path) -> Callable[[bytes], str]:
    """faster-whisper as it comes: whole file, defaults, language given."""
    from faster_whisper import WhisperModel

    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2)

    def run(pcm: bytes) -> str:
        segments, _ = model.transcribe(to_float(pcm), language="fr")
        return " ".join(s.text.strip() for s in segments)

    return run


def calame(folder: Path, *, vocabulary: bool) -> Callable[[bytes], str]:
    """``listen`` on the same sound."""
    import io

    from voice import listen, whisper
    from voice.files import PcmSource

    recogniser = whisper.load(folder, second_pass=second_pass(folder.parent) if vocabulary else None)
    return lambda pcm: listen(PcmSource(io.BytesIO(pcm)), recogniser).text


def second_pass(models: Path) -> SecondPass:
    """The vocabulary on the packaged drug list, as ``app.wiring`` makes it."""
    from app import lexicons
    from voice.vocabulary import Vocabulary

    return Vocabulary(lexicons.load_edsnlp(models / "lexique-edsnlp" / "drugs.json"))


def drug_names(models: Path) -> frozenset[str]:
    """Folded one-word drug names of the packaged list, to count the invented ones; empty without it."""
    file = models / "lexique-edsnlp" / "drugs.json"
    if not file.is_file():
        return frozenset()
    names = {fold(n) for group in json.loads(file.read_text()).values() for n in group}
    return frozenset(n for n in names if " " not in n and len(n) > 4)


def main(argv: list[str] | None = None) -> int:
    """Prints the table; 0 when it ran."""
    parser = argparse.ArgumentParser(prog="bench.stt", description=__doc__)
    parser.add_argument("--set", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--noise", default="clean", help="clean, pink20, pink10, clicks, babble; comma separated")
    parser.add_argument("--engines", default="plain,calame", help="plain, calame (one pass), vocabulary (two passes)")
    parser.add_argument("--only", default="", help="part of a recording's name")
    parser.add_argument("--texts", type=Path, help="folder for what each engine wrote")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)

    drugs = drug_names(options.model.parent)
    sounds = [r for r in recordings(options.set) if options.only in r[0].name]
    table: list[dict[str, Any]] = []
    makers = {
        "plain": lambda: plain(options.model),
        "calame": lambda: calame(options.model, vocabulary=False),
        "vocabulary": lambda: calame(options.model, vocabulary=True),
    }
    for engine in options.engines.split(","):
        run = makers[engine]()
        for kind in options.noise.split(","):
            tallies: dict[str, Tally] = defaultdict(Tally)
            for sound, text, terms, voice in sounds:
                pcm = noisy(pcm_of(sound), kind)
                started = time.perf_counter()
                heard = run(pcm)
                took = time.perf_counter() - started
                if options.texts:
                    options.texts.mkdir(parents=True, exist_ok=True)
                    (options.texts / f"{engine}-{kind}-{sound.stem}.txt").write_text(heard, "utf-8")
                for group in {voice, "all"}:
                    tallies[group].add(text, heard, terms, drugs)
                    tallies[group].took_s += took
                    tallies[group].sound_s += len(pcm) / 32000
            for group, tally in sorted(tallies.items()):
                row = {"engine": engine, "sound": kind, "voice": group or "-", **tally.row()}
                table.append(row)
                if len(table) == 1:
                    print("| " + " | ".join(row) + " |\n|" + "---|" * len(row))
                print("| " + " | ".join("–" if v is None else str(v) for v in row.values()) + " |", flush=True)
            if tallies["all"].invented:
                print(f"  invented by {engine} ({kind}): {sorted(set(tallies['all'].invented))}", file=sys.stderr)
    if options.json:
        options.json.write_text(json.dumps(table, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    np.seterr(all="ignore")
    raise SystemExit(main())
