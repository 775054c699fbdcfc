"""Spoken to written French, measured: words per second, and exactness beside other inverse normalisers.

    python -m bench.write [--set ../shared/reference/spoken_written.tsv] [--misses] [--json FILE]

The set is a TSV with the columns ``spoken`` and ``written``. Exactness is equality after collapsing
white space; « adouci » also forgives case, the final full stop and no-break signs. ``text2num`` (the
package imported as ``text_to_num``) and NVIDIA NeMo text processing's French inverse normaliser are
measured when they can be imported, and said to be missing when not.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dictation.transcript import Word
from drafting.spoken_french import write, write_line

REFERENCE = Path(__file__).parents[2] / "shared" / "reference" / "spoken_written.tsv"
#: words of the long dictation timed: thirty minutes at 150 words a minute
LONG = 4500
Writer = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the set."""

    id: str
    spoken: str
    written: str
    category: str


def load(path: Path) -> list[Line]:
    """Sentences of ``path``; raises ``OSError`` when it cannot be read."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Line(row.get("id") or str(n), row["spoken"], row["written"], row.get("category") or "")
            for n, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 1)
        ]


def same(got: str, want: str) -> bool:
    """Equal after collapsing white space, no-break spaces included."""
    return " ".join(got.split()) == " ".join(want.split())


def close(got: str, want: str) -> bool:
    """Equal when case, a final full stop and the kind of minus sign are forgiven too."""
    return _soft(got) == _soft(want)


def _soft(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("−", "-")).strip(" .").lower()


def text2num() -> Writer | None:
    """``text2num``'s French reader, or ``None`` when it is not installed."""
    try:
        from text_to_num import alpha2digit
    except ImportError:
        return None
    return lambda spoken: str(alpha2digit(spoken, "fr"))


def nemo() -> Writer | None:
    """NeMo's French inverse normaliser, or ``None`` when it is not installed."""
    try:
        from nemo_text_processing.inverse_text_normalization.inverse_normalize import (  # type: ignore[import-not-found,unused-ignore]
            InverseNormalizer,
        )
    except ImportError:
        return None
    normaliser = InverseNormalizer(lang="fr")
    return lambda spoken: str(normaliser.inverse_normalize(spoken, verbose=False))


def speed(lines: Sequence[Line], count: int = LONG) -> tuple[int, float]:
    """Words of one long dictation made of ``lines`` and the seconds ``write`` takes on it."""
    pieces = [word for line in lines for word in (*line.spoken.split(), "point")]
    words = [Word(piece) for piece in (pieces * (count // max(1, len(pieces)) + 1))[:count]]
    write(words[:50])
    start = time.perf_counter()
    write(words)
    return len(words), time.perf_counter() - start


def rate(writer: Writer, lines: Sequence[Line]) -> tuple[int, int, float]:
    """Exact, close, and words per second of ``writer`` sentence by sentence."""
    words = sum(len(line.spoken.split()) for line in lines)
    start = time.perf_counter()
    got = [writer(line.spoken) for line in lines]
    took = time.perf_counter() - start
    exact = sum(same(g, line.written) for g, line in zip(got, lines, strict=True))
    near = sum(close(g, line.written) for g, line in zip(got, lines, strict=True))
    return exact, near, words / max(took, 1e-9)


def main(argv: Sequence[str] | None = None) -> None:
    """Prints the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--set", type=Path, default=REFERENCE)
    options.add_argument("--misses", action="store_true")
    options.add_argument("--json", type=Path)
    args = options.parse_args(argv)
    lines = load(args.set)
    result: dict[str, object] = {"lines": len(lines)}
    print(f"{len(lines)} phrases")
    print("| système | exactes | adouci | mots / s |")
    print("|---|---|---|---|")
    systems: list[tuple[str, Writer | None]] = [("calame", write_line), ("text2num", text2num()), ("NeMo", nemo())]
    for name, writer in systems:
        if writer is None:
            print(f"| {name} | non installé ici | | |")
            continue
        exact, near, pace = rate(writer, lines)
        share = f"{exact}/{len(lines)} ({100 * exact / len(lines):.1f} %)"
        print(f"| {name} | {share} | {near}/{len(lines)} | {pace:,.0f} |".replace(",", " "))
        result[name] = {"exact": exact, "close": near, "words_per_s": round(pace)}
    count, took = speed(lines)
    print(f"\nDictée de {count} mots d'un seul tenant (30 minutes) : {took:.2f} s, {count / took:,.0f} mots/s")
    result["long_dictation"] = {"words": count, "seconds": round(took, 3)}
    if args.misses:
        for line in lines:
            got = write_line(line.spoken)
            if not same(got, line.written):
                print(f"  {line.id} {line.spoken}\n     attendu {line.written}\n     écrit   {got}")
    if args.json:
        args.json.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
