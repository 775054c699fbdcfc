"""A draft with its statements, sections, fields and findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dictation.codec.shape import Json, span_of, spans_of, wrong
from dictation.codec.transcript import transcript_from_json, transcript_to_json
from dictation.codec.values import value_from_json, value_to_json
from dictation.draft import Addition, Draft, DraftEngine, DraftSection, FieldValue, Origin
from dictation.evidence import Finding, Mention, Modality, Polarity, Severity, Statement
from dictation.transcript import Span

DRAFT_SCHEMA = "calame-draft/1"


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
            Mention(m["text"], span_of(m["span"]), Polarity(m["polarity"]), Modality(m["modality"]))
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
        span_of(d["span"]) if d.get("span") else None,
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
                "evidence": spans_of(s.evidence),
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
                "evidence": spans_of(f.evidence),
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
                    tuple(span_of(e) for e in s["evidence"]),
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
                    tuple(span_of(e) for e in f["evidence"]),
                    float(f["confidence"]),
                    Origin(f.get("origin", "read")),
                )
                for f in data["fields"]
            ),
            findings=tuple(_finding_from_json(f) for f in data["findings"]),
            secretary_note=data.get("secretary_note"),
            proposals=tuple(data.get("proposals", ())),
            additions=tuple(
                Addition(a["section"], span_of(a["span"]), a["text"], bool(a.get("inside")))
                for a in data.get("additions", ())
            ),
        )
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise wrong("brouillon", error) from error
