"""What a bundle says, before and after it is one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from dictation import values as v
from dictation.codec import decided_value
from dictation.consultation import Author, Consultation, Patient
from dictation.draft import Draft
from dictation.form import Form
from dictation.review import Review, SignedDraft


@dataclass(frozen=True, slots=True)
class Part:
    """One section."""

    key: str
    title: str
    loinc: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """Everything a bundle says."""

    form_id: str
    title: str
    loinc: str | None
    tre_a05: str | None
    #: local midnight of the document's day, UTC
    day: dt.date
    patient: Patient
    author: Author
    parts: tuple[Part, ...]
    vitals: tuple[v.Vital, ...]
    drugs: tuple[v.Drug, ...]
    allergies: tuple[v.Allergy, ...]
    #: model that drafted, or "règles"
    engine: str
    signed_by: str | None = None
    signed_at: dt.datetime | None = None


def record(work: Draft | Review | SignedDraft, form: Form, consultation: Consultation, day: dt.date) -> Record:
    """What ``work`` says now: rejected fields are left out, edited ones have their new value."""
    signed = work if isinstance(work, SignedDraft) else None
    review = work.review if isinstance(work, SignedDraft) else work if isinstance(work, Review) else Review(work)
    kept = [x for f in review.draft.fields if (x := decided_value(review, f)) is not None]
    patient = consultation.patient
    return Record(
        form_id=form.id,
        title=form.title,
        loinc=form.loinc,
        tre_a05=form.tre_a05,
        day=consultation.date or day,
        patient=patient if patient.identity_status == "qualifiée" else replace(patient, ins=None),
        author=consultation.author,
        parts=tuple(Part(s.key, s.title, s.loinc, t) for s in form.sections if (t := review.text(s.key).strip())),
        vitals=tuple(x for x in kept if isinstance(x, v.Vital)),
        drugs=tuple(x for x in kept if isinstance(x, v.Drug)),
        allergies=tuple(x for x in kept if isinstance(x, v.Allergy)),
        engine=review.draft.engine.model or "règles",
        signed_by=signed.by if signed else None,
        signed_at=signed.at if signed else None,
    )
