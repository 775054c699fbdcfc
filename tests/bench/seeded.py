"""Faults put into a draft on purpose: each returns a changed copy, or ``None`` where it has nothing to change."""

from __future__ import annotations

import copy
import itertools
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

Draft = dict[str, Any]
Fault = Callable[[Draft, random.Random], Draft | None]
_WORD = r"(?<!\w){}(?!\w)"


def _rewritten(draft: Draft, rng: random.Random, change: Callable[[str], Iterator[str]]) -> Draft | None:
    """One of the changes ``change`` offers for the sections' texts."""
    ways = [
        (n, text)
        for n, section in enumerate(draft["sections"])
        if section["origin"] != "profile"
        for text in change(section["text"])
        if text != section["text"]
    ]
    if not ways:
        return None
    number, text = rng.choice(ways)
    out = copy.deepcopy(draft)
    out["sections"][number]["text"] = text
    return out


def _replaced(text: str, pattern: str, by: Callable[[re.Match[str]], str]) -> Iterator[str]:
    for match in re.finditer(pattern, text, re.IGNORECASE):
        yield text[: match.start()] + by(match) + text[match.end() :]


def other_digit(draft: Draft, rng: random.Random) -> Draft | None:
    """« 5 mg » becomes « 8 mg »."""
    return _rewritten(draft, rng, lambda t: _replaced(t, r"(?<![\w,/])\d(?=\d*\s?(?:mg|kg|g|mmHg|%|jours|mois|/min|comprim))",
                                                      lambda m: str((int(m[0]) + 3) % 10)))  # fmt: skip


def ten_times(draft: Draft, rng: random.Random) -> Draft | None:
    """« 5 mg » becomes « 50 mg »."""
    return _rewritten(
        draft, rng, lambda t: _replaced(t, r"(?<![\w,/])\d+(?=\s?(?:mg|g|UI|µg)\b)", lambda m: m[0] + "0")
    )


def other_side(draft: Draft, rng: random.Random) -> Draft | None:
    """« genou droit » becomes « genou gauche »."""
    return _rewritten(
        draft, rng,
        lambda t: _replaced(t, _WORD.format("(droite?|gauche)"), lambda m: "gauche" if m[1].startswith("d") else "droit"),
    )  # fmt: skip


def no_negation(draft: Draft, rng: random.Random) -> Draft | None:
    """« Pas de fièvre » becomes « Fièvre »."""
    return _rewritten(draft, rng, lambda t: _replaced(t, r"(?<!\w)(?:pas de |pas d'|sans |aucune? )", lambda m: ""))


def one_negation_more(draft: Draft, rng: random.Random) -> Draft | None:
    """« Ventre souple » becomes « pas Ventre souple »."""
    return _rewritten(draft, rng, lambda t: _replaced(t, r"(?<=\. )(?=[A-Z])|^(?=[A-Z])", lambda m: "Pas de "))


def one_finding_more(draft: Draft, rng: random.Random) -> Draft | None:
    """A sentence nobody said."""
    said = rng.choice(["Constantes normales.", "Bon état général.", "Observance satisfaisante.", "Apyrétique ce jour."])
    return _rewritten(draft, rng, lambda t: iter([f"{t} {said}"] if t else []))


def another_drug(draft: Draft, rng: random.Random) -> Draft | None:
    """A drug gives way to another."""
    names = [f["value"]["name"] for f in draft["fields"] if f["type"] == "drug"]
    if not names:
        return None
    return _rewritten(
        draft, rng, lambda t: _replaced(t, _WORD.format(f"(?:{'|'.join(map(re.escape, names))})"), lambda m: "Zolpidem")
    )


def crossed_numbers(draft: Draft, rng: random.Random) -> Draft | None:
    """« TA 140/80, FC 64 » becomes « TA 64/80, FC 140 »: both were said, of something else."""

    def crossed(text: str) -> Iterator[str]:
        for sentence in re.split(r"(?<=[.])\s|\n", text):
            numbers = list(re.finditer(r"(?<![\w,/.])\d+(?![\w,/]|\u202f\d)", sentence))
            for first, second in itertools.pairwise(numbers):
                if first[0] != second[0]:
                    a, b, c = (
                        sentence[: first.start()],
                        sentence[first.end() : second.start()],
                        sentence[second.end() :],
                    )
                    yield text.replace(sentence, f"{a}{second[0]}{b}{first[0]}{c}")

    return _rewritten(draft, rng, crossed)


def number_of_another_sentence(draft: Draft, rng: random.Random) -> Draft | None:
    """A figure of one sentence stands in another of the same section."""

    def moved(text: str) -> Iterator[str]:
        sentences = [s for s in re.split(r"(?<=[.])\s|\n", text) if s]
        for one in sentences:
            for other in sentences:
                mine, theirs = (
                    re.findall(r"(?<![\w,/.])\d\d+(?![\w,/])", one),
                    re.findall(r"(?<![\w,/.])\d\d+(?![\w,/])", other),
                )
                if one != other and mine and theirs and theirs[0] not in one:
                    yield text.replace(one, one.replace(mine[0], theirs[0], 1))

    return _rewritten(draft, rng, moved)


def other_field(draft: Draft, rng: random.Random) -> Draft | None:
    """The value of a field is not that of its words."""
    out = copy.deepcopy(draft)
    drugs = [f for f in out["fields"] if f["type"] == "drug" and re.search(r"\d", f["value"].get("dose") or "")]
    if not drugs:
        return None
    value = rng.choice(drugs)["value"]
    value["dose"] = re.sub(r"\d", lambda m: str((int(m[0]) + 4) % 10), value["dose"], count=1)
    return out


def lost_sentence(draft: Draft, rng: random.Random) -> Draft | None:
    """A statement with a figure, a side or a negation is nowhere."""
    ways = [
        (n, s)
        for n, section in enumerate(draft["sections"])
        for s in draft["statements"]
        if s["id"] in section["statements"]
        and s["text"] in section["text"]
        and re.search(r"\d|\b(?:pas|sans|droite?|gauche)\b", s["text"], re.IGNORECASE)
    ]
    if not ways:
        return None
    number, statement = rng.choice(ways)
    out = copy.deepcopy(draft)
    section, (first, last) = out["sections"][number], (statement["first_word"], statement["last_word"])
    section["text"] = section["text"].replace(statement["text"], "")
    section["evidence"] = [[a, b] for a, b in section["evidence"] if not (a < last and first < b)]
    out["fields"] = [f for f in out["fields"] if not any(a < last and first < b for a, b in f["evidence"])]
    out["findings"] = [
        f for f in out["findings"] if not f["span"] or not (f["span"][0] < last and first < f["span"][1])
    ]
    return out


INVENTING: tuple[Fault, ...] = (
    other_digit, ten_times, other_side, one_negation_more, one_finding_more, another_drug, crossed_numbers,
    number_of_another_sentence, other_field,
)  # fmt: skip
LOSING: tuple[Fault, ...] = (no_negation, lost_sentence)
