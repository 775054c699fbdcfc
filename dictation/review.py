"""Decisions taken by people on a draft, and the signature."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from dictation.draft import Draft
from dictation.errors import RefusedError
from dictation.evidence import Severity


class Verdict(Enum):
    """What a person decided on a field, a section or a finding."""

    CONFIRMED = "confirmed"
    EDITED = "edited"
    REJECTED = "rejected"
    DISMISSED = "dismissed"
    #: an earlier decision undone: as if nothing had been decided
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Decision:
    """One act. ``field_id`` is a field id, ``section:KEY``, ``finding:N`` or ``addition:N``."""

    field_id: str
    verdict: Verdict
    #: new text when edited, else ``None``
    value: str | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Blocker:
    """Why a draft cannot be signed yet."""

    #: "critical.unconfirmed", "section.missing", "finding.open"
    code: str
    field_id: str


#: field types that a doctor confirms once each before signing
CRITICAL_TYPES = frozenset({"drug", "laterality", "allergy", "date", "vital"})


@dataclass(frozen=True, slots=True)
class Review:
    """A draft and the append-only list of what was decided on it."""

    draft: Draft
    decisions: tuple[Decision, ...] = ()

    def decide(self, decision: Decision) -> Review:
        """A new review with one more decision."""
        return replace(self, decisions=(*self.decisions, decision))

    def latest(self, field_id: str) -> Decision | None:
        """The decision that stands on ``field_id``; ``None`` when there is none or it was undone."""
        last = next((d for d in reversed(self.decisions) if d.field_id == field_id), None)
        return None if last is not None and last.verdict is Verdict.WITHDRAWN else last

    def text(self, key: str) -> str:
        """Text of section ``key`` after the decisions; ``""`` for a gap or a rejected section."""
        decision = self.latest(f"section:{key}")
        if decision and decision.verdict is Verdict.EDITED:
            return decision.value or ""
        if decision and decision.verdict is Verdict.REJECTED:
            return ""
        section = self.draft.section(key)
        return section.text if section else ""

    def blockers(self) -> tuple[Blocker, ...]:
        """What still stands between this review and a signature, in the order of the draft."""
        open_fields = [
            Blocker("critical.unconfirmed", f.id)
            for f in self.draft.fields
            if f.type in CRITICAL_TYPES and self.latest(f.id) is None
        ]
        open_findings = [
            Blocker("finding.open", f"finding:{n}")
            for n, finding in enumerate(self.draft.findings)
            if finding.severity is Severity.BLOCKER and self.latest(f"finding:{n}") is None
        ]
        return (*open_fields, *open_findings)

    def rebase(self, draft: Draft) -> Review:
        """Replays on ``draft`` the decisions whose field, section or finding did not change."""
        before = {f.id: f.value for f in self.draft.fields}
        after = {f.id: f.value for f in draft.fields}
        texts = {f"section:{s.key}": s.text for s in self.draft.sections}
        new_texts = {f"section:{s.key}": s.text for s in draft.sections}
        additions = {f"addition:{n}" for n in range(len(draft.additions))}
        findings = _moved_findings(self.draft, draft)
        kept = tuple(
            replace(d, field_id=findings.get(d.field_id, d.field_id))
            for d in self.decisions
            if d.field_id in findings
            or (d.field_id in after and before.get(d.field_id) == after[d.field_id])
            or (d.field_id in new_texts and texts.get(d.field_id) == new_texts[d.field_id])
            or d.field_id in additions
        )
        return Review(draft, kept)


def _moved_findings(before: Draft, after: Draft) -> dict[str, str]:
    """Names of the findings of ``before`` that ``after`` raises again, word for word, to their names there."""
    places: dict[tuple[str, str], list[int]] = {}
    for n, finding in enumerate(after.findings):
        places.setdefault((finding.code, finding.message), []).append(n)
    out: dict[str, str] = {}
    for n, finding in enumerate(before.findings):
        if same := places.get((finding.code, finding.message)):
            out[f"finding:{n}"] = f"finding:{same.pop(0)}"
    return out


@dataclass(frozen=True, slots=True)
class SignedDraft:
    """Made only by :func:`sign`."""

    review: Review
    by: str
    at: datetime
    _seal: object = None

    def __post_init__(self) -> None:
        if self._seal is not _SEAL:
            raise RefusedError("signature.forged", "Seule la signature d'un médecin produit un document signé.")


_SEAL = object()


def sign(review: Review, *, by: str, at: datetime) -> SignedDraft:
    """Signs a review.

    Raises :class:`~dictation.errors.RefusedError` while ``review.blockers()`` is not empty. Who may
    sign is checked by ``records`` (only a doctor, only own dictations).
    """
    blockers = review.blockers()
    if blockers:
        raise RefusedError(
            "signature.blocked",
            f"{len(blockers)} point(s) restent à confirmer avant de signer : touche F8 pour les parcourir.",
        )
    return SignedDraft(review, by, at, _SEAL)
