"""An anonymised copy for a study or a bug report: names, dates, places, numbers and contacts replaced.

One verb: :func:`anonymise`. Deterministic for a secret; the same name is the same « [Nom 1] » all
through, dates move together by a whole number of weeks (weekdays stay right). It errs on the side of
replacing: an unknown capitalised word inside a sentence goes. Show the result to a person before it
leaves (``preview``): no program can promise that nothing identifies anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dictation.lexicon import Lexicon
from templates.anonymise.contacts import contacts
from templates.anonymise.dates import dates, weeks_of
from templates.anonymise.names import names
from templates.anonymise.spans import Found, resolve
from templates.anonymise.spoken import spoken

__all__ = ["Anonymised", "Replacement", "anonymise", "preview"]


@dataclass(frozen=True, slots=True)
class Replacement:
    """One stretch of the original that was replaced."""

    start: int
    end: int
    #: "name", "place", "date", "phone", "email", "address", "number", "url", "age", "masked"
    kind: str
    original: str
    substitute: str


@dataclass(frozen=True, slots=True)
class Anonymised:
    """The copy and what was replaced, in order. ``replacements`` stays here: it never leaves."""

    text: str
    replacements: tuple[Replacement, ...]


def anonymise(
    text: str,
    *,
    secret: str,
    known: Iterable[str] = (),
    masked: Iterable[str] = (),
    lexicon: Lexicon | None = None,
) -> Anonymised:
    """Replaces what identifies.

    ``secret`` shifts the dates and is never stored with the copy; ``known`` are identities the
    practice already knows (patient, doctor, recipient); ``masked`` are words or phrases that the person who reads
    the copy wants hidden too, everywhere; ``lexicon`` are drug names to leave alone.
    """
    found = resolve(
        [
            *contacts(text),
            *dates(text, weeks_of(secret)),
            *names(text, tuple(known), lexicon),
            *spoken(text),
            *_masked(text, masked),
        ]
    )
    labels: dict[tuple[str, str], str] = {}
    counts: dict[str, int] = {}
    out: list[str] = []
    replacements: list[Replacement] = []
    at = 0
    for item in found:
        original = text[item.start : item.end]
        substitute = item.substitute if item.substitute is not None else _label(item, labels, counts)
        out += [text[at : item.start], substitute]
        replacements.append(Replacement(item.start, item.end, item.kind, original, substitute))
        at = item.end
    out.append(text[at:])
    return Anonymised("".join(out), tuple(replacements))


_LABELS = {"name": "Nom", "place": "Lieu", "phone": "Téléphone", "email": "Courriel", "address": "Adresse",
           "number": "Numéro", "url": "Lien", "masked": "Masqué",
           "date": "Date"}  # fmt: skip


def _masked(text: str, masked: Iterable[str]) -> Iterator[Found]:
    for phrase in masked:
        if wanted := phrase.strip():
            spaced = r"\s+".join(re.escape(word) for word in wanted.split())
            for match in re.finditer(rf"(?<!\w){spaced}(?!\w)", text, re.IGNORECASE):
                yield Found(match.start(), match.end(), "masked", " ".join(wanted.casefold().split()))


def _label(item: Found, labels: dict[tuple[str, str], str], counts: dict[str, int]) -> str:
    key = (item.kind, item.key)
    if key not in labels:
        counts[item.kind] = counts.get(item.kind, 0) + 1
        labels[key] = f"[{_LABELS[item.kind]} {counts[item.kind]}]"
    return labels[key]


def preview(original: str, copy: Anonymised) -> tuple[tuple[str, str], ...]:
    """Pairs of lines (before, after) to read side by side before the copy leaves."""
    before, after = original.split("\n"), copy.text.split("\n")
    if len(before) != len(after):
        return ((original, copy.text),)
    return tuple(zip(before, after, strict=True))


def leftovers(copy: Anonymised, identities: Iterable[str]) -> tuple[str, ...]:
    """Identities still readable in the copy: for tests and for the last look before it leaves."""
    return tuple(i for i in identities if i and re.search(rf"(?<!\w){re.escape(i)}(?!\w)", copy.text, re.IGNORECASE))
