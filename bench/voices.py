"""Bias by voice: the same dictations read by women and men, slow and fast, with an accent, in noise.

    python -m bench.voices --model FOLDER [--set samples/voices] [--json FILE]

``DIR`` is laid out as for ``bench.stt`` and holds ``voices.toml``, which says who reads. The recogniser runs
with its second pass, as in the application. The noises are added here, to the two voices of reference (average
pace, French), so that noise is compared on voices that are otherwise the same. The worst voice and, in each
direction (sex, pace, accent, noise), the worst group are named: a mean would hide them. A voice counts in a
direction only when another one differs from it in that alone.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.french import contains, spoken
from bench.sounds import noisy
from bench.stt import Tally, calame, pcm_of, recordings

SET = Path(__file__).resolve().parents[1] / "samples" / "voices"
NOISES = {"clean": "sans bruit", "pink20": "bruit à 20 dB", "pink10": "bruit à 10 dB"}
COLUMNS = ("wer", "drug", "dose", "neg")
HEADER = ("voix", "mots", "mots faux", "médicaments", "doses", "négations")
DIRECTIONS = {"sex": "sexe", "pace": "débit", "accent": "accent", "noise": "bruit"}
KINDS = {"drug": "médicament", "dose": "dose", "neg": "négation", "measure": "mesure", "clin": "terme"}


@dataclass(frozen=True, slots=True)
class Voice:
    """Who reads."""

    name: str
    title: str
    #: "femme", "homme"
    sex: str
    #: "lent", "moyen", "rapide"
    pace: str
    #: "français", or the language the voice was made for
    accent: str
    #: a key of :data:`NOISES`
    noise: str = "clean"

    @property
    def reference(self) -> bool:
        """Average pace, French."""
        return self.pace == "moyen" and self.accent == "français"


@dataclass(frozen=True, slots=True)
class Miss:
    """A term that was said and not heard."""

    voice: str
    kind: str
    term: str
    #: what stands in its place
    heard: str


def voices_of(folder: Path) -> dict[str, Voice]:
    """Voices by the name in their recordings' names; raises ``KeyError`` when ``voices.toml`` is malformed."""
    listed = tomllib.loads((folder / "voices.toml").read_text("utf-8"))["voice"]
    return {v["name"]: Voice(v["name"], v["title"], v["sex"], v["pace"], v["accent"]) for v in listed}


def in_place_of(term: str, reference: str, hypothesis: str) -> str:
    """Words of ``hypothesis`` aligned with ``term`` of ``reference``; "" when nothing is."""
    from rapidfuzz.distance import Levenshtein

    ref, hyp, wanted = spoken(reference), spoken(hypothesis), spoken(term)
    start = next((n for n in range(len(ref)) if ref[n : n + len(wanted)] == wanted), None)
    if start is None:
        return ""
    out: list[str] = []
    for op in Levenshtein.opcodes(ref, hyp):
        low, high = max(op.src_start, start), min(op.src_end, start + len(wanted))
        inserted = op.tag == "insert" and start <= op.src_start <= start + len(wanted)
        if inserted or (low < high and op.tag == "replace"):
            out += hyp[op.dest_start : op.dest_end]
        elif low < high and op.tag == "equal":
            shift = op.dest_start - op.src_start
            out += hyp[low + shift : high + shift]
    return " ".join(out)


def measure(folder: Path, hear: Callable[[bytes], str]) -> dict[str, Any]:
    """Rows by voice, groups by direction, the worst of each, and every miss, as plain JSON."""
    voices = voices_of(folder)
    tallies: dict[Voice, Tally] = defaultdict(Tally)
    groups: dict[tuple[str, str], Tally] = defaultdict(Tally)
    misses: list[Miss] = []
    for sound, text, terms, name in recordings(folder):
        clean = pcm_of(sound)
        for noise in NOISES if voices[name].reference else ("clean",):
            voice = replace(voices[name], noise=noise)
            heard = hear(noisy(clean, noise))
            counted = [tallies[voice], *(groups[g] for g in _groups(voice, voices.values()))]
            for tally in counted:
                tally.add(text, heard, terms, frozenset())
            words = spoken(heard)
            misses += [
                Miss(_title(voice), kind, term, in_place_of(term, text, heard))
                for kind, listed in terms.items()
                for term in listed
                if not contains(words, term)
            ]
    listed = list(voices)
    spoke = sorted(tallies, key=lambda v: (listed.index(v.name), list(NOISES).index(v.noise)))
    rows = [{"voice": _title(v), "words": tallies[v].words, **_shares(tallies[v])} for v in spoke]
    by_group = [
        {"direction": d, "group": g, "words": t.words, **_shares(t)}
        for d in DIRECTIONS
        for (direction, g), t in groups.items()
        if direction == d
    ]
    return {
        "voices": rows,
        "groups": by_group,
        "worst_voice": max(rows, key=_badness)["voice"],
        "worst_groups": {
            d: max((r for r in by_group if r["direction"] == d), key=_badness)["group"]
            for d in DIRECTIONS
            if any(r["direction"] == d for r in by_group)
        },
        "misses": [{"voice": m.voice, "kind": m.kind, "term": m.term, "heard": m.heard} for m in misses],
    }


def _groups(voice: Voice, all_voices: Iterable[Voice]) -> list[tuple[str, str]]:
    """Directions in which ``voice`` can be compared fairly: another one differs from it in that alone."""
    out = []
    if voice.noise == "clean":
        for direction in ("sex", "pace", "accent"):
            others = [v for v in all_voices if _but(v, direction) == _but(voice, direction)]
            if len(others) > 1:
                out.append((direction, str(getattr(voice, direction))))
    if voice.reference:
        out.append(("noise", NOISES[voice.noise].removeprefix("bruit ")))
    return out


def _but(voice: Voice, direction: str) -> tuple[str, ...]:
    return tuple(getattr(voice, d) for d in ("sex", "pace", "accent") if d != direction)


def _title(voice: Voice) -> str:
    return voice.title if voice.noise == "clean" else f"{voice.title}, {NOISES[voice.noise]}"


def _shares(tally: Tally) -> dict[str, float | None]:
    row = tally.row()
    return {name: row[name] for name in COLUMNS}


def _badness(row: dict[str, Any]) -> tuple[float, float]:
    """Most wrong words; when alike, fewest drugs heard."""
    return row["wer"], -(row["drug"] or 0)


def table(result: dict[str, Any]) -> str:
    """What is printed."""

    def figure(value: float | None) -> str:
        return "–" if value is None else f"{value:g}".replace(".", ",") + "\u00a0%"

    def line(label: str, row: dict[str, Any]) -> str:
        return "| " + " | ".join([label, str(row["words"]), *(figure(row[c]) for c in COLUMNS)]) + " |"

    out = ["| " + " | ".join(HEADER) + " |", "|" + "---|" * len(HEADER)]
    out += [line(r["voice"], r) for r in result["voices"]]
    out += ["", "| par groupe | " + " | ".join(HEADER[1:]) + " |", "|" + "---|" * len(HEADER)]
    out += [line(f"{DIRECTIONS[r['direction']]} : {r['group']}", r) for r in result["groups"]]
    out += ["", f"Voix la moins bien comprise : {result['worst_voice']}."]
    out += [f"Groupe le moins bien compris, {DIRECTIONS[d]} : {g}." for d, g in result["worst_groups"].items()]
    drugs = [m for m in result["misses"] if m["kind"] in ("drug", "dose", "neg")]
    out += [f"  {m['voice']} : {KINDS[m['kind']]} « {m['term']} », entendu « {m['heard'] or '(rien)'} »" for m in drugs]
    return "\n".join(out)


def main(argv: list[str] | None = None) -> int:
    """Prints the tables; 0 when it ran."""
    parser = argparse.ArgumentParser(prog="bench.voices", description=__doc__)
    parser.add_argument("--set", type=Path, default=SET)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    result = measure(options.set, calame(options.model, vocabulary=True))
    print(table(result))
    if options.json:
        options.json.write_text(json.dumps(result, ensure_ascii=False, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
