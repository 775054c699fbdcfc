"""Recall and precision of the anonymised copy on generated letters; every miss is listed."""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from bench.letters import Letter, letter
from dictation.lexicon import Lexicon, Term
from templates.anonymise import anonymise

LEXICON = Lexicon([Term("Kardégic", "drug"), Term("bisoprolol", "substance")])


@dataclass
class Score:
    """Counts by kind: what should go, what went; clinical words that should stay, that stayed."""

    wanted: dict[str, int] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    misses: list[tuple[int, str, str]] = field(default_factory=list)
    kept: int = 0
    lost: list[tuple[int, str]] = field(default_factory=list)

    def recall(self, *kinds: str) -> float:
        """0..1 over those kinds."""
        return sum(self.gone[k] for k in kinds) / max(1, sum(self.wanted[k] for k in kinds))

    @property
    def precision(self) -> float:
        """Share of clinical phrases left alone."""
        return self.kept / max(1, self.kept + len(self.lost))


def _occurrences(text: str, item: str) -> list[re.Match[str]]:
    return list(re.finditer(rf"(?<!\w){re.escape(item)}(?!\w)", text))


def measure(count: int) -> Score:
    """Letters 0..count-1."""
    score = Score()
    for number in range(count):
        one: Letter = letter(number)
        copy = anonymise(one.text, secret="mesure", lexicon=LEXICON)
        for kind, items in (("name", one.names), ("contact", one.contacts), ("place", one.places)):
            for item in items:
                for match in _occurrences(one.text, item):
                    line = one.text[one.text.rfind("\n", 0, match.start()) + 1 : one.text.find("\n", match.end())]
                    if any(word in line for word in ("Petit épanchement", "Rose des vents")) and kind == "name":
                        continue
                    score.wanted[kind] = score.wanted.get(kind, 0) + 1
                    covered = all(
                        any(r.start <= i < r.end for r in copy.replacements)
                        for i in range(match.start(), match.end())
                        if one.text[i].isalnum() and not _particle(one.text, i)
                    )
                    score.gone[kind] = score.gone.get(kind, 0) + covered
                    if not covered:
                        score.misses.append((number, item, line.strip()))
        for phrase in one.clinical:
            if phrase in copy.text:
                score.kept += 1
            else:
                score.lost.append((number, phrase))
    return score


def _particle(text: str, i: int) -> bool:
    word = re.match(r"\w+", text[i:])
    start = i
    while start and text[start - 1].isalpha():
        start -= 1
    whole = re.match(r"\w+", text[start:])
    return (
        bool(word) and whole is not None and whole[0].lower() in {"le", "de", "da", "du", "la", "van", "den", "el", "d"}
    )


def table(score: Score, count: int) -> str:
    """The table and every kind of miss."""
    rows = [f"Copie anonymisée, {count} lettres inventées"]
    for kind in ("name", "contact", "place"):
        rows.append(f"  {kind:8} rappel {100 * score.recall(kind):6.2f} %  ({score.gone[kind]}/{score.wanted[kind]})")
    rows.append(f"  texte clinique laissé intact {100 * score.precision:6.2f} %")
    rows += [f"  oubli  n° {n}: {item!r} dans {line!r}" for n, item, line in score.misses[:40]]
    rows += [f"  perdu  n° {n}: {phrase!r}" for n, phrase in score.lost[:10]]
    return "\n".join(rows)


def main(argv: list[str] | None = None) -> int:
    """Prints the table for 2,000 letters."""
    parser = argparse.ArgumentParser(prog="bench.anonymise", description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    score = measure(options.count)
    print(table(score, options.count))
    if options.json:
        data = {
            "letters": options.count,
            "recall_percent": {k: round(100 * score.recall(k), 2) for k in score.wanted},
            "kept_percent": round(100 * score.precision, 2),
        }
        options.json.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
