"""Quality over time: how much people change of what Calame drafts. Counted at the signature, kept as numbers.

Nothing of a text is kept: counts go into the journal (``dictation.measured``) with the signature, because the
texts they come from are erased at the export. The secretary's share is shown by kind of document and month,
never by secretary: these figures judge the machine, not a person (``docs/decisions/101-*.md``).
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.addition import with_additions
from dictation.evidence import Severity
from dictation.review import Review, Verdict
from records import Actor, JournalEntry, Role, Store
from records.journal import MEASURES
from records.values import TYPED_DRAFT

SCHEMA = "calame-qualite/1"
ACTION = "dictation.measured"
BARS = "▁▂▃▄▅▆▇█"
_PAGE = 1000


def distance(before: str, after: str) -> int:
    """Words to add, remove or replace between two texts (Levenshtein); punctuation goes with its word."""
    from rapidfuzz.distance import Levenshtein

    return int(Levenshtein.distance(before.split(), after.split()))


def measure(review: Review, by_secretary: Callable[[str], bool]) -> dict[str, int]:
    """Counts of a review about to be signed; empty when a person typed the draft.

    ``by_secretary``: whether an account is a secretary's. The secretary's text is the draft with the secretary's
    decisions alone; the doctor's share is what then leads to the signed text.
    """
    draft = review.draft
    if draft.engine == TYPED_DRAFT:
        return {}
    middle = Review(draft, tuple(d for d in review.decisions if by_secretary(d.by)))
    keys = dict.fromkeys(
        [s.key for s in draft.sections]
        + [d.field_id.removeprefix("section:") for d in review.decisions if d.field_id.startswith("section:")]
    )
    # what was dictated later is the machine's too
    made = {s.key: with_additions(review, s.key) for s in draft.sections}

    def changed(a: Callable[[str], str], b: Callable[[str], str]) -> int:
        return sum(distance(a(key), b(key)) for key in keys)

    def drafted(key: str) -> str:
        return made.get(key, "")

    def verdicts(ids: Iterable[str]) -> list[Verdict]:
        return [d.verdict for d in map(review.latest, ids) if d is not None]

    sections, fields = verdicts(f"section:{k}" for k in keys), verdicts(f.id for f in draft.fields)
    asked = [f"finding:{n}" for n, f in enumerate(draft.findings) if f.severity is not Severity.INFO]
    return {
        "drafted": sum(len(text.split()) for text in made.values()),
        "signed_words": sum(len(review.text(key).split()) for key in keys),
        "secretary": int(bool(middle.decisions)),
        "changed_by_secretary": changed(drafted, middle.text),
        "changed_by_doctor": changed(middle.text, review.text),
        "changed": changed(drafted, review.text),
        "sections": len(keys),
        "sections_edited": sections.count(Verdict.EDITED),
        "sections_rejected": sections.count(Verdict.REJECTED),
        "fields": len(draft.fields),
        "fields_edited": fields.count(Verdict.EDITED),
        "fields_rejected": fields.count(Verdict.REJECTED),
        "findings": len(asked),
        "findings_seen": len(verdicts(asked)),
    }


def at_signature(store: Store, review: Review) -> dict[str, int]:
    """:func:`measure` with the roles of this store's accounts."""
    secretaries = {a.id for a in store.accounts.list() if Role.SECRETARY in a.roles and Role.DOCTOR not in a.roles}
    return measure(review, secretaries.__contains__)


@dataclass(frozen=True, slots=True)
class Measure:
    """One signed dictation."""

    dictation_id: str
    #: "2026-03"
    month: str
    form_id: str
    author_id: str
    counts: Mapping[str, int]


def history(store: Store, *, by: Actor | None) -> tuple[Measure, ...]:
    """Every signed dictation, oldest first; one signed twice counts once, as it was signed last.

    ``by`` ``None``: whoever opened the store with its key, on the command line. Raises
    :class:`~dictation.errors.RefusedError` for a secretary: the journal is a doctor's or an administrator's.
    """
    found: dict[str, Measure] = {}
    after = 0

    def read() -> tuple[JournalEntry, ...]:
        if by is None:
            return store.journal.entries(action=ACTION, after=after, limit=_PAGE)
        return store.read_journal(by=by, action=ACTION, after=after, limit=_PAGE)

    while page := read():
        for entry in page:
            after = entry.seq
            subject, details = entry.subject or "", entry.details
            counts = {k: int(v) for k, v in details.items() if k in MEASURES}
            found.pop(subject, None)
            found[subject] = Measure(
                subject, f"{entry.at:%Y-%m}", str(details.get("form", "")), str(details.get("account", "")), counts
            )
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Row:
    """A group of signed documents. ``*_percent``: words changed for 100 words drafted."""

    key: str
    documents: int
    drafted: int
    changed_percent: float
    secretary_percent: float
    doctor_percent: float
    #: half of the documents changed less than this
    median_percent: float
    #: documents signed as drafted, not one word changed
    untouched: int
    fields: int
    fields_corrected: int
    findings: int
    #: raised, and signed without an answer
    findings_ignored: int


def row(key: str, measures: Iterable[Measure]) -> Row:
    """Sums of ``measures``; raises ``ValueError`` when there is none."""
    all_counts = [m.counts for m in measures]
    if not all_counts:
        raise ValueError("nothing to sum")

    def total(name: str) -> int:
        return sum(c.get(name, 0) for c in all_counts)

    def percent(name: str) -> float:
        return 100 * total(name) / max(1, total("drafted"))

    return Row(
        key=key,
        documents=len(all_counts),
        drafted=total("drafted"),
        changed_percent=percent("changed"),
        secretary_percent=percent("changed_by_secretary"),
        doctor_percent=percent("changed_by_doctor"),
        median_percent=statistics.median(100 * c.get("changed", 0) / max(1, c.get("drafted", 0)) for c in all_counts),
        untouched=sum(c.get("changed", 0) == 0 for c in all_counts),
        fields=total("fields"),
        fields_corrected=total("fields_edited") + total("fields_rejected"),
        findings=total("findings"),
        findings_ignored=total("findings") - total("findings_seen"),
    )


def group(measures: Iterable[Measure], key: Callable[[Measure], str]) -> tuple[Row, ...]:
    """One row per value of ``key``, sorted by it."""
    parts: dict[str, list[Measure]] = defaultdict(list)
    for one in measures:
        parts[key(one)].append(one)
    return tuple(row(k, parts[k]) for k in sorted(parts))


@dataclass(frozen=True, slots=True)
class Report:
    """The history, summed up in each direction."""

    total: Row | None
    months: tuple[Row, ...]
    kinds: tuple[Row, ...]
    authors: tuple[Row, ...]
    #: kind -> its months, ``changed_percent`` of each of ``months`` or ``None`` when nothing was signed then
    curves: Mapping[str, tuple[float | None, ...]]


def report(measures: tuple[Measure, ...]) -> Report:
    """Every table of ``measures``."""
    months = group(measures, lambda m: m.month)
    curves: dict[str, tuple[float | None, ...]] = {}
    for kind in sorted({m.form_id for m in measures}):
        of_kind = {r.key: r.changed_percent for r in group([m for m in measures if m.form_id == kind], _month)}
        curves[kind] = tuple(of_kind.get(r.key) for r in months)
    return Report(
        row("", measures) if measures else None,
        months,
        group(measures, lambda m: m.form_id),
        group(measures, lambda m: m.author_id),
        curves,
    )


def _month(one: Measure) -> str:
    return one.month


def report_json(made: Report, names: Callable[[str], str]) -> dict[str, Any]:
    """The report as JSON; ``names`` gives an account's name."""

    def table(rows: tuple[Row, ...], label: str, value: Callable[[str], str] = str) -> list[dict[str, Any]]:
        return [{label: value(r.key), **_row_json(r)} for r in rows]

    return {
        "schema": SCHEMA,
        "total": _row_json(made.total) if made.total else None,
        "by_month": table(made.months, "month"),
        "by_kind": table(made.kinds, "form"),
        "by_author": table(made.authors, "author", names),
    }


def _row_json(r: Row) -> dict[str, Any]:
    return {
        name: round(value, 2) if isinstance(value, float) else value
        for name in Row.__slots__  # type: ignore[attr-defined]
        if name != "key"
        for value in (getattr(r, name),)
    }


def sparkline(values: Iterable[float | None]) -> str:
    """« ▂▅▁ » : each value against the largest; a blank where there is none."""
    listed = list(values)
    top = max((v for v in listed if v is not None), default=0.0)
    return "".join(" " if v is None else BARS[round(v / top * (len(BARS) - 1)) if top > 0 else 0] for v in listed)
