"""Values <-> JSON, in the shapes of the command line's contract (``docs/cli.md``).

Every ``*_to_json`` returns plain dicts, lists, strings and numbers; every ``*_from_json`` raises
:class:`~dictation.errors.InputError` when the shape is wrong.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from dictation import values as v
from dictation.consultation import Author, Consultation, Patient, Recipient
from dictation.draft import Addition, Draft, DraftEngine, DraftSection, FieldValue, Origin
from dictation.errors import InputError
from dictation.evidence import Finding, Mention, Modality, Polarity, Severity, Statement
from dictation.review import Decision, Review, Verdict
from dictation.transcript import EngineInfo, Span, Transcript, Word

TRANSCRIPT_SCHEMA = "calame-transcript/1"
DRAFT_SCHEMA = "calame-draft/1"
REVIEW_SCHEMA = "calame-review/1"
Json = dict[str, Any]


def _wrong(what: str, cause: object) -> InputError:
    return InputError(
        "json.shape", f"Ce fichier n'est pas un JSON de {what} lisible ({cause}). Vérifiez qu'il vient de Calame."
    )


# --- transcript ---------------------------------------------------------------------------------


def transcript_to_json(t: Transcript) -> Json:
    """The contract's transcript JSON."""
    return {
        "schema": TRANSCRIPT_SCHEMA,
        "id": t.id,
        "engine": {"name": t.engine.name, "model": t.engine.model, "revision": t.engine.revision},
        "language": t.language,
        "duration_s": round(t.duration_s, 3),
        "text": t.text,
        "words": [_word_to_json(w) for w in t.words],
    }


def _word_to_json(w: Word) -> Json:
    out: Json = {
        "text": w.text,
        "start_s": round(w.start_s, 3),
        "end_s": round(w.end_s, 3),
        "confidence": round(w.confidence, 4),
    }
    if w.heard is not None:
        out["heard"] = w.heard
    return out


def transcript_from_json(data: Mapping[str, Any]) -> Transcript:
    """Reads it back; extra keys are ignored."""
    try:
        if data.get("schema") != TRANSCRIPT_SCHEMA:
            raise ValueError(f"schema {data.get('schema')!r}")
        engine = data.get("engine") or {}
        return Transcript(
            id=str(data.get("id", "transcription")),
            words=tuple(
                Word(
                    str(w["text"]),
                    float(w.get("start_s", 0)),
                    float(w.get("end_s", 0)),
                    float(w.get("confidence", 1)),
                    w.get("heard"),
                )
                for w in data["words"]
            ),
            engine=EngineInfo(str(engine.get("name")), str(engine.get("model")), str(engine.get("revision"))),
            language=str(data.get("language", "fr")),
            duration_s=float(data.get("duration_s", 0)),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _wrong("transcription", error) from error


# --- typed values -------------------------------------------------------------------------------


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def value_to_json(value: v.Value) -> Any:
    """A typed value in the contract's shape; ``None`` parts are left out."""
    match value:
        case v.Vital():
            out: Json = {"code": value.code}
            if value.sys is not None and value.dia is not None:
                out |= {"sys": _number(value.sys), "dia": _number(value.dia)}
            if value.value is not None:
                out["value"] = _number(value.value)
            out["unit"] = value.unit
            return out | _some(site=value.site, condition=value.condition)
        case v.Lab():
            number = _number(value.value) if isinstance(value.value, Decimal) else value.value
            return {"name": value.name, "value": number, "unit": value.unit} | _some(
                operator=value.operator,
                date=value.date,
                unit_origin=value.unit_origin if value.unit_origin != "dictated" else None,
            )
        case v.Drug():
            return {
                "name": value.name,
                "dose": value.dose,
                "schedule": value.schedule,
                "duration": value.duration,
                "status": value.status.value,
            } | _some(previous_dose=value.previous_dose, reason=value.reason)
        case v.Allergy():
            return {"substance": value.substance, "reaction": value.reaction, "negated": value.negated}
        case v.DateValue():
            return {"iso": value.iso, "role": value.role}
        case Decimal():
            return _number(value)
        case _:
            return value


def _some(**items: Any) -> Json:
    return {k: x for k, x in items.items() if x is not None}


def _decimal(x: Any) -> Decimal | None:
    return None if x is None else Decimal(str(x))


def value_from_json(type_: str, data: Any) -> v.Value:
    """Inverse of :func:`value_to_json` for the field type ``type_``."""
    match type_:
        case "vital":
            return v.Vital(
                data["code"],
                _decimal(data.get("value")),
                data.get("unit"),
                _decimal(data.get("sys")),
                _decimal(data.get("dia")),
                data.get("site"),
                data.get("condition"),
            )
        case "lab":
            raw = data["value"]
            return v.Lab(
                data["name"],
                raw if isinstance(raw, str) else Decimal(str(raw)),
                data.get("unit"),
                data.get("operator"),
                data.get("date"),
                data.get("unit_origin", "dictated"),
            )
        case "drug":
            return v.Drug(
                data["name"],
                data.get("dose"),
                data.get("schedule"),
                data.get("duration"),
                v.DrugStatus(data["status"]),
                data.get("previous_dose"),
                data.get("reason"),
            )
        case "allergy":
            return v.Allergy(data["substance"], data.get("reaction"), bool(data.get("negated", False)))
        case "date":
            return v.DateValue(data["iso"], data["role"])
        case "quantity" | "number":
            return data if isinstance(data, str) else Decimal(str(data))
        case _:
            if not isinstance(data, str | int | bool):
                raise TypeError(f"value of type {type_}")
            return data


# --- draft --------------------------------------------------------------------------------------


def _spans(spans: tuple[Span, ...]) -> list[list[int]]:
    return [[s.first, s.last] for s in spans]


def _span_of(pair: Any) -> Span:
    return Span(int(pair[0]), int(pair[1]))


def statement_to_json(s: Statement, section: str | None = None) -> Json:
    """One statement; ``section`` is the key it was placed in, ``None`` when unclassified."""
    return {
        "id": s.id,
        "text": s.text,
        "first_word": s.span.first,
        "last_word": s.span.last,
        "polarity": s.polarity.value,
        "section": section,
        "modality": s.modality.value,
        "heading": s.heading,
        "paragraph": s.paragraph,
        "mentions": [
            {
                "text": m.text,
                "span": [m.span.first, m.span.last],
                "polarity": m.polarity.value,
                "modality": m.modality.value,
            }
            for m in s.mentions
        ],
    }


def _statement_from_json(d: Mapping[str, Any]) -> Statement:
    return Statement(
        id=d["id"],
        text=d["text"],
        span=Span(d["first_word"], d["last_word"]),
        polarity=Polarity(d["polarity"]),
        modality=Modality(d.get("modality", "present")),
        mentions=tuple(
            Mention(m["text"], _span_of(m["span"]), Polarity(m["polarity"]), Modality(m["modality"]))
            for m in d.get("mentions", ())
        ),
        heading=d.get("heading"),
        paragraph=int(d.get("paragraph", 0)),
    )


def finding_to_json(f: Finding) -> Json:
    """One finding."""
    return {
        "code": f.code,
        "severity": f.severity.value,
        "field": f.field_id,
        "span": [f.span.first, f.span.last] if f.span else None,
        "message": f.message,
    } | ({"candidates": list(f.candidates)} if f.candidates else {})


def _finding_from_json(d: Mapping[str, Any]) -> Finding:
    return Finding(
        d["code"],
        Severity(d["severity"]),
        d["message"],
        _span_of(d["span"]) if d.get("span") else None,
        d.get("field"),
        tuple(d.get("candidates", ())),
    )


def draft_to_json(d: Draft) -> Json:
    """The contract's draft JSON."""
    place = {sid: s.key for s in d.sections for sid in s.statement_ids}
    additions = [
        {"section": a.section, "span": [a.span.first, a.span.last], "text": a.text, "inside": a.inside}
        for a in d.additions
    ]
    return {
        "schema": DRAFT_SCHEMA,
        "form": {"id": d.form_id, "revision": d.form_revision},
        "engine": {"model": d.engine.model, "revision": d.engine.revision, "abilities": list(d.engine.abilities)},
        "transcript": transcript_to_json(d.transcript),
        "statements": [statement_to_json(s, place.get(s.id)) for s in d.statements],
        "sections": [
            {
                "key": s.key,
                "title": s.title,
                "text": s.text,
                "evidence": _spans(s.evidence),
                "origin": s.origin.value,
                "statements": list(s.statement_ids),
            }
            for s in d.sections
        ],
        "fields": [
            {
                "id": f.id,
                "key": f.key,
                "type": f.type,
                "value": value_to_json(f.value),
                "evidence": _spans(f.evidence),
                "confidence": round(f.confidence, 4),
                "origin": f.origin.value,
            }
            for f in d.fields
        ],
        "findings": [finding_to_json(f) for f in d.findings],
        "secretary_note": d.secretary_note,
        "proposals": list(d.proposals),
    } | ({"additions": additions} if additions else {})


def draft_from_json(data: Mapping[str, Any]) -> Draft:
    """Reads a draft back."""
    try:
        if data.get("schema") != DRAFT_SCHEMA:
            raise ValueError(f"schema {data.get('schema')!r}")
        return Draft(
            transcript=transcript_from_json(data["transcript"]),
            form_id=data["form"]["id"],
            form_revision=int(data["form"]["revision"]),
            engine=DraftEngine(
                data["engine"]["model"], data["engine"]["revision"], tuple(data["engine"].get("abilities", ()))
            ),
            statements=tuple(_statement_from_json(s) for s in data["statements"]),
            sections=tuple(
                DraftSection(
                    s["key"],
                    s["title"],
                    s["text"],
                    tuple(_span_of(e) for e in s["evidence"]),
                    Origin(s["origin"]),
                    tuple(s.get("statements", ())),
                )
                for s in data["sections"]
            ),
            fields=tuple(
                FieldValue(
                    f["id"],
                    f["key"],
                    f["type"],
                    value_from_json(f["type"], f["value"]),
                    tuple(_span_of(e) for e in f["evidence"]),
                    float(f["confidence"]),
                    Origin(f.get("origin", "read")),
                )
                for f in data["fields"]
            ),
            findings=tuple(_finding_from_json(f) for f in data["findings"]),
            secretary_note=data.get("secretary_note"),
            proposals=tuple(data.get("proposals", ())),
            additions=tuple(
                Addition(a["section"], _span_of(a["span"]), a["text"], bool(a.get("inside")))
                for a in data.get("additions", ())
            ),
        )
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise _wrong("brouillon", error) from error


# --- review -------------------------------------------------------------------------------------


def decision_to_json(d: Decision) -> Json:
    """One decision; ``at`` as ISO 8601."""
    return {"field": d.field_id, "verdict": d.verdict.value, "value": d.value, "by": d.by, "at": d.at.isoformat()}


def decision_from_json(data: Mapping[str, Any]) -> Decision:
    """Reads a decision back."""
    try:
        value = data.get("value")
        return Decision(
            str(data["field"]),
            Verdict(data["verdict"]),
            None if value is None else str(value),
            str(data["by"]),
            dt.datetime.fromisoformat(data["at"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _wrong("relecture", error) from error


def review_to_json(r: Review) -> Json:
    """A review with the draft it is about."""
    return {
        "schema": REVIEW_SCHEMA,
        "draft": draft_to_json(r.draft),
        "decisions": [decision_to_json(d) for d in r.decisions],
    }


def review_from_json(data: Mapping[str, Any]) -> Review:
    """Reads a review back."""
    try:
        if data.get("schema") != REVIEW_SCHEMA:
            raise ValueError(f"schema {data.get('schema')!r}")
        return Review(draft_from_json(data["draft"]), tuple(decision_from_json(d) for d in data["decisions"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _wrong("relecture", error) from error


# --- consultation (--patient FILE) --------------------------------------------------------------


def consultation_from_json(data: Mapping[str, Any]) -> Consultation:
    """Reads ``--patient``: French keys, all optional."""
    try:
        author, patient, recipient = (data.get(k) or {} for k in ("auteur", "patient", "destinataire"))
        if isinstance(author, str):
            author = {"nom": author}
        if isinstance(recipient, str):
            recipient = {"nom": recipient}
        day = data.get("date_consultation")
        birth = patient.get("date_naissance")
        return Consultation(
            date=dt.date.fromisoformat(day) if day else None,
            author=Author(
                name=author.get("nom"),
                specialty=author.get("specialite") or author.get("qualite"),
                rpps=author.get("rpps"),
                address=author.get("adresse"),
                phone=author.get("telephone"),
                email=author.get("email"),
                place=author.get("lieu"),
            ),
            patient=Patient(
                last_name=patient.get("nom"),
                first_name=patient.get("prenom"),
                sex=patient.get("sexe"),
                birth_date=dt.date.fromisoformat(birth) if birth else None,
                civility=patient.get("civilite"),
                identity_status=patient.get("statut_identite", "provisoire"),
                ins=patient.get("ins"),
            ),
            recipient=Recipient(
                name=recipient.get("nom"),
                specialty=recipient.get("specialite") or recipient.get("role"),
                address=recipient.get("adresse"),
            ),
        )
    except (TypeError, ValueError, AttributeError) as error:
        raise _wrong("patient", error) from error


def consultation_to_json(c: Consultation) -> Json:
    """Inverse of :func:`consultation_from_json`; empty parts are left out."""
    return _some(
        date_consultation=c.date.isoformat() if c.date else None,
        auteur=_some(
            nom=c.author.name,
            specialite=c.author.specialty,
            rpps=c.author.rpps,
            adresse=c.author.address,
            telephone=c.author.phone,
            email=c.author.email,
            lieu=c.author.place,
        )
        or None,
        patient=_some(
            nom=c.patient.last_name,
            prenom=c.patient.first_name,
            sexe=c.patient.sex,
            date_naissance=c.patient.birth_date.isoformat() if c.patient.birth_date else None,
            civilite=c.patient.civility,
            statut_identite=c.patient.identity_status,
            ins=c.patient.ins,
        ),
        destinataire=_some(nom=c.recipient.name, specialite=c.recipient.specialty, adresse=c.recipient.address) or None,
    )
