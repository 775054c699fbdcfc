"""A record to a document bundle."""

from __future__ import annotations

import json
import uuid
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from dictation import values as v
from dictation.consultation import Author, Patient
from templates.fhir.content import Record
from templates.fhir.terms import (
    GENDER,
    INS,
    LOINC,
    NAMESPACE,
    OBSERVATION,
    OWN,
    RPPS,
    STATEMENT,
    UCUM,
    UNITS,
    VITALS,
    Json,
)


def bundle(r: Record) -> Json:
    """The document bundle; the first entry is the Composition."""
    entries: list[Json] = []

    def add(resource: Json) -> str:
        seed = json.dumps([r.form_id, len(entries), resource], sort_keys=True, ensure_ascii=False)
        url = f"urn:uuid:{uuid.uuid5(NAMESPACE, seed)}"
        entries.append({"fullUrl": url, "resource": resource})
        return url

    who = {"reference": add(_practitioner(r.author))}
    subject = {"reference": add(_patient(r.patient))}
    device = {"reference": add(_device(r.engine))}
    linked: dict[str, list[Json]] = {}
    for vital in r.vitals:
        linked.setdefault("constantes", []).append({"reference": add(_observation(vital, r, subject))})
    for drug in r.drugs:
        linked.setdefault("traitements", []).append({"reference": add(_medication(drug, r, subject, who))})
    for allergy in r.allergies:
        linked.setdefault("allergies", []).append({"reference": add(_allergy(allergy, subject))})
    composition = _composition(r, subject, who, linked)
    seed = json.dumps([composition, entries], sort_keys=True, ensure_ascii=False)
    url = f"urn:uuid:{uuid.uuid5(NAMESPACE, seed)}"
    main: Json = {"fullUrl": url, "resource": composition}
    add(_provenance(r, url, who, device))
    return {
        "resourceType": "Bundle",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{uuid.uuid5(NAMESPACE, 'b' + seed)}"},
        "type": "document",
        "timestamp": _instant(r),
        "entry": [main, *entries],
    }


def _instant(r: Record) -> str:
    return r.signed_at.isoformat() if r.signed_at else f"{r.day.isoformat()}T00:00:00+00:00"


def _some(**items: Any) -> Json:
    return {k: x for k, x in items.items() if x not in (None, "", [], {})}


def _practitioner(a: Author) -> Json:
    telecom = [_some(system="phone", value=a.phone), _some(system="email", value=a.email)]
    return {"resourceType": "Practitioner"} | _some(
        identifier=[{"system": RPPS, "value": a.rpps}] if a.rpps else None,
        name=[{"text": a.name}] if a.name else None,
        telecom=[t for t in telecom if "value" in t],
        address=[_some(text=a.address, city=a.place)] if a.address or a.place else None,
        qualification=[{"code": {"text": a.specialty}}] if a.specialty else None,
    )


def _patient(p: Patient) -> Json:
    identifiers = [{"system": INS, "value": p.ins}] if p.ins and p.identity_status == "qualifiée" else None
    name = _some(family=p.last_name, given=[p.first_name] if p.first_name else None)
    name |= _some(prefix=[p.civility] if p.civility else None)
    status = {"url": f"{OWN}:identite", "valueString": p.identity_status}
    return {"resourceType": "Patient", "extension": [status]} | _some(
        identifier=identifiers,
        name=[name] if name else None,
        gender=GENDER.get(p.sex or ""),
        birthDate=p.birth_date.isoformat() if p.birth_date else None,
    )


def _device(engine: str) -> Json:
    return {
        "resourceType": "Device",
        "deviceName": [{"name": "Calame", "type": "user-friendly-name"}],
        "modelNumber": engine,
        "note": [{"text": "Assistance IA locale : mise en forme de la dictée, sans ajout ni interprétation."}],
    }


def _quantity(value: Decimal, unit: str | None) -> Json:
    return {"value": _json_number(value)} | _some(
        unit=unit, system=UCUM if unit in UNITS else None, code=UNITS.get(unit or "")
    )


def _json_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _code(vital: v.Vital) -> Json:
    if vital.code in VITALS:
        code, display = VITALS[vital.code]
        return {"coding": [{"system": LOINC, "code": code, "display": display}], "text": vital.code}
    return {"text": vital.code}


def _observation(vital: v.Vital, r: Record, subject: Json) -> Json:
    out: Json = {
        "resourceType": "Observation",
        "status": "final" if r.signed_by else "preliminary",
        "category": [{"coding": [{"system": OBSERVATION, "code": "vital-signs", "display": "Vital Signs"}]}],
        "code": _code(vital),
        "subject": subject,
        "effectiveDateTime": r.day.isoformat(),
    }
    if vital.sys is not None and vital.dia is not None:
        out["component"] = [
            {
                "code": {"coding": [{"system": LOINC, "code": code, "display": display}]},
                "valueQuantity": _quantity(value, vital.unit),
            }
            for code, display, value in (
                ("8480-6", "Systolic blood pressure", vital.sys),
                ("8462-4", "Diastolic blood pressure", vital.dia),
            )
        ]
    elif vital.value is not None:
        out["valueQuantity"] = _quantity(vital.value, vital.unit)
    if vital.site:
        out["bodySite"] = {"text": vital.site}
    if vital.condition:
        out["note"] = [{"text": vital.condition}]
    return out


def _medication(drug: v.Drug, r: Record, subject: Json, who: Json) -> Json:
    dosage = _some(text=drug.schedule) | _some(
        extension=[
            {"url": f"{OWN}:{key}", "valueString": value}
            for key, value in (
                ("dose", drug.dose),
                ("duree", drug.duration),
                ("dose-precedente", drug.previous_dose),
                ("motif", drug.reason),
            )
            if value
        ]
    )
    common = {"medicationCodeableConcept": {"text": drug.name}, "subject": subject}
    if drug.status is v.DrugStatus.STARTED:
        return {
            "resourceType": "MedicationRequest",
            "status": "active" if r.signed_by else "draft",
            "intent": "proposal",
            **common,
            "authoredOn": r.day.isoformat(),
            "requester": who,
        } | _some(dosageInstruction=[dosage] if dosage else None)
    return {"resourceType": "MedicationStatement", "status": STATEMENT[drug.status], **common} | _some(
        dosage=[dosage] if dosage else None
    )


def _allergy(allergy: v.Allergy, subject: Json) -> Json:
    status = "refuted" if allergy.negated else "unconfirmed"
    base = "http://terminology.hl7.org/CodeSystem/allergyintolerance-"
    out: Json = {
        "resourceType": "AllergyIntolerance",
        "verificationStatus": {"coding": [{"system": f"{base}verification", "code": status}]},
        "code": {"text": allergy.substance},
        "patient": subject,
    }
    if not allergy.negated:
        out["clinicalStatus"] = {"coding": [{"system": f"{base}clinical", "code": "active"}]}
    if allergy.reaction:
        out["reaction"] = [{"manifestation": [{"text": allergy.reaction}]}]
    return out


def _div(text: str) -> Json:
    body = "<br/>".join(escape(line) for line in text.split("\n"))
    return {"status": "additional", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{body}</div>'}


def _composition(r: Record, subject: Json, who: Json, linked: dict[str, list[Json]]) -> Json:
    coding = []
    if r.loinc:
        coding.append({"system": LOINC, "code": r.loinc})
    if r.tre_a05:
        coding.append({"system": "urn:oid:1.2.250.1.213.1.1.4.12", "code": r.tre_a05.split("|")[0]})
    sections: list[Json] = []
    homes = dict(linked)
    for part in r.parts:
        section: Json = {"id": part.key.replace("_", "-"), "title": part.title, "text": _div(part.text)}
        if part.loinc:
            section["code"] = {"coding": [{"system": LOINC, "code": part.loinc}]}
        if part.key in homes:
            section["entry"] = homes.pop(part.key)
        sections.append(section)
    rest = [reference for references in homes.values() for reference in references]
    if rest:
        sections.append({"id": "donnees", "title": "Données structurées", "entry": rest})
    return {
        "resourceType": "Composition",
        "identifier": {"system": f"{OWN}:forme", "value": r.form_id + ("|" + r.tre_a05 if r.tre_a05 else "")},
        "status": "final" if r.signed_by else "preliminary",
        "type": {"text": r.title} | _some(coding=coding),
        "subject": subject,
        "date": r.day.isoformat(),
        "author": [who],
        "title": r.title,
    } | _some(section=sections)


def _provenance(r: Record, target: str, who: Json, device: Json) -> Json:
    kind = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
    agents = [{"type": {"coding": [{"system": kind, "code": "assembler"}]}, "who": device}]
    if r.signed_by:
        legal = {"type": {"coding": [{"system": kind, "code": "legal"}]}, "who": {**who, "display": r.signed_by}}
        agents.append(legal)
    return {
        "resourceType": "Provenance",
        "target": [{"reference": target}],
        "recorded": _instant(r),
        "activity": {"text": "Préparé avec une assistance IA locale" + (", relu et signé" if r.signed_by else "")},
        "agent": agents,
    }
