"""Readings to the fields of a draft: merged, numbered, each with the words it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dictation.consultation import Consultation
from dictation.draft import FieldValue, Origin
from dictation.lexicon import fold
from dictation.transcript import Span, Transcript
from dictation.values import DateValue, Drug, DrugStatus, Vital
from drafting.blanks import Filled
from drafting.readers import Reading

#: readings that stay sentences: too many to confirm one by one, or already on the letterhead
_DROPPED_DATES = frozenset({"citée", "naissance"})
_CIVILITY = {
    "monsieur": "M.", "m.": "M.", "madame": "Mme", "mme": "Mme", "mademoiselle": "Mlle", "mlle": "Mlle",
}  # fmt: skip


def fields_of(
    readings: Sequence[Reading], blanks: Sequence[Filled], transcript: Transcript, consultation: Consultation
) -> tuple[FieldValue, ...]:
    """Every field of the draft: identity first, blanks of the form, then the lists in order of dictation."""
    made: list[tuple[str, str, Reading]] = []
    for found in merged(readings):
        kept = _kept(found, consultation)
        if kept:
            made.append((kept.key, kept.type, kept))
    counts: dict[str, int] = {}
    out: list[FieldValue] = []
    for blank in blanks:
        key = blank.section if blank.field.key == blank.section else f"{blank.section}.{blank.field.key}"
        origin = Origin.PROPOSED if blank.proposed else Origin.READ
        out.append(
            FieldValue(key, key, blank.type, blank.value, blank.spans, transcript.confidence(blank.spans), origin)
        )
    for key, type_, found in made:
        counts[key] = counts.get(key, 0) + 1
        single = key.startswith(("patient.", "destinataire"))
        if single and counts[key] > 1:
            continue
        field_id = key if single else f"{key}.{counts[key]}"
        out.append(FieldValue(field_id, key, type_, found.value, found.spans, transcript.confidence(found.spans)))
    return tuple(out)


def _kept(found: Reading, consultation: Consultation) -> Reading | None:
    patient = consultation.patient
    if found.key == "dates" and isinstance(found.value, DateValue):
        known = found.value.role == "consultation" and consultation.date is not None
        return None if found.value.role in _DROPPED_DATES or known else found
    if found.key == "patient.date_naissance" and patient.birth_date:
        return None
    if found.key in ("patient.nom", "patient.civilite") and patient.last_name:
        return None
    if found.key == "tiers":
        return None
    if found.key == "patient.civilite":
        written = _CIVILITY.get(str(found.value).lower())
        return replace(found, value=written) if written else None
    if found.key == "destinataire" and consultation.recipient.name:
        return None
    return found


def merged(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Readings of the same thing as one, with all their spans."""
    out: dict[object, Reading] = {}
    for found in readings:
        key = _identity(found)
        before = out.get(key)
        if before is None:
            out[key] = found
            continue
        spans = tuple(sorted({*before.spans, *found.spans}))
        value = found.value
        if isinstance(before.value, Drug) and isinstance(value, Drug):
            value = _last_word(before.value, value)
        elif isinstance(before.value, Vital) or found.key not in ("suivi", "urgence"):
            value = before.value
        out[key] = replace(before, value=value, spans=spans)
    return tuple(out.values())


def _identity(found: Reading) -> object:
    match found.value:
        case Drug():
            return ("drug", fold(found.value.name))
        case DateValue():
            return (found.key, found.value.iso, found.value.role)
        case str():
            return (found.key, fold(found.value))
        case _:
            return (found.key, found.value)


def _last_word(before: Drug, after: Drug) -> Drug:
    """What happens to a drug named twice: the change decides over the mention."""
    ending = (DrugStatus.STOPPED, DrugStatus.REFUSED)
    if after.status in ending:
        return replace(after, name=before.name)
    if before.status in ending and after.status is DrugStatus.ONGOING:
        return before
    if after.status is DrugStatus.ONGOING and before.status is not DrugStatus.ONGOING:
        return replace(before, dose=before.dose or after.dose, schedule=before.schedule or after.schedule)
    if before.status in ending:
        return replace(after, name=before.name)
    changed = after.status is not DrugStatus.ONGOING
    if not changed:  # said twice: the first line is the treatment, the second a mention
        return replace(
            before,
            dose=before.dose or after.dose,
            schedule=before.schedule or after.schedule,
            duration=before.duration or after.duration,
            reason=before.reason or after.reason,
        )
    return Drug(
        before.name,
        after.dose or before.dose,
        after.schedule or (before.schedule if after.dose == before.dose or not changed else None) or before.schedule,
        after.duration or before.duration,
        after.status,
        after.previous_dose or before.previous_dose or _dose_before(before, after),
        after.reason or before.reason,
    )


def _dose_before(before: Drug, after: Drug) -> str | None:
    """« furosémide 40 mg … diminuer le furosémide à 20 mg »: the dose it had, when it was said too."""
    changed = after.status is DrugStatus.CHANGED and before.status is DrugStatus.ONGOING
    return before.dose if changed and after.dose and before.dose != after.dose else None


def span_of(spans: Sequence[Span]) -> Span:
    """The smallest span around ``spans``, which is not empty."""
    joined = spans[0]
    for span in spans[1:]:
        joined = joined.join(span)
    return joined
