"""FHIR R4 (4.0.1) document bundle, and back.

:class:`Record` is everything a bundle says; ``bundle(record)`` and ``read(bundle)`` are inverse. The
INS leaves only with a qualified identity (référentiel INS). ``Provenance`` says what was prepared by
machine and who signed (AI Act art. 50). Pure; ids are derived from the content.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, unescape

from dictation import values as v
from dictation.consultation import Author, Consultation, Patient
from dictation.draft import Draft
from dictation.errors import InputError
from dictation.form import Form
from dictation.review import Review, SignedDraft, Verdict
from templates.values import shown

Json = dict[str, Any]
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
RPPS, INS = "urn:oid:1.2.250.1.71.4.2.1", "urn:oid:1.2.250.1.213.1.4.8"
_OWN = "urn:calame"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:calame:fhir")
_OBSERVATION = "http://terminology.hl7.org/CodeSystem/observation-category"

#: code -> (LOINC, display)
VITALS = {
    "TA": ("85354-9", "Blood pressure panel with all children optional"),
    "FC": ("8867-4", "Heart rate"),
    "FR": ("9279-1", "Respiratory rate"),
    "SpO2": ("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry"),
    "T": ("8310-5", "Body temperature"),
    "poids": ("29463-7", "Body weight"),
    "taille": ("8302-2", "Body height"),
    "IMC": ("39156-5", "Body mass index (BMI) [Ratio]"),
    "PC": ("9843-4", "Head Occipital-frontal circumference"),
}
_UNITS = {
    "mmHg": "mm[Hg]", "/min": "/min", "%": "%", "°C": "Cel", "kg": "kg", "g": "g", "cm": "cm", "m": "m",
    "kg/m²": "kg/m2", "L": "L", "L/min": "L/min", "mg": "mg", "mL": "mL",
}  # fmt: skip
_GENDER = {"F": "female", "M": "male", "I": "other"}
_STATEMENT = {
    v.DrugStatus.ONGOING: "active",
    v.DrugStatus.CHANGED: "intended",
    v.DrugStatus.STOPPED: "stopped",
    v.DrugStatus.REFUSED: "not-taken",
}


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
    """What ``work`` says now: rejected fields are left out; an edited typed field only lives in the text."""
    signed = work if isinstance(work, SignedDraft) else None
    review = work.review if isinstance(work, SignedDraft) else work if isinstance(work, Review) else Review(work)
    kept = []
    for f in review.draft.fields:
        decision = review.latest(f.id)
        if decision is None or decision.verdict is Verdict.CONFIRMED or decision.value == shown(f.value):
            kept.append(f.value)
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


# --- values -> bundle ---------------------------------------------------------------------------


def bundle(r: Record) -> Json:
    """The document bundle; the first entry is the Composition."""
    entries: list[Json] = []

    def add(resource: Json) -> str:
        seed = json.dumps([r.form_id, len(entries), resource], sort_keys=True, ensure_ascii=False)
        url = f"urn:uuid:{uuid.uuid5(_NAMESPACE, seed)}"
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
    url = f"urn:uuid:{uuid.uuid5(_NAMESPACE, seed)}"
    main: Json = {"fullUrl": url, "resource": composition}
    add(_provenance(r, url, who, device))
    return {
        "resourceType": "Bundle",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{uuid.uuid5(_NAMESPACE, 'b' + seed)}"},
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
    status = {"url": f"{_OWN}:identite", "valueString": p.identity_status}
    return {"resourceType": "Patient", "extension": [status]} | _some(
        identifier=identifiers,
        name=[name] if name else None,
        gender=_GENDER.get(p.sex or ""),
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
        unit=unit, system=UCUM if unit in _UNITS else None, code=_UNITS.get(unit or "")
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
        "category": [{"coding": [{"system": _OBSERVATION, "code": "vital-signs", "display": "Vital Signs"}]}],
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
            {"url": f"{_OWN}:{key}", "valueString": value}
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
    return {"resourceType": "MedicationStatement", "status": _STATEMENT[drug.status], **common} | _some(
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
        "identifier": {"system": f"{_OWN}:forme", "value": r.form_id + ("|" + r.tre_a05 if r.tre_a05 else "")},
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


# --- bundle -> values ---------------------------------------------------------------------------


def read(data: Json) -> Record:
    """Inverse of :func:`bundle`; raises :class:`InputError` ``fhir.shape`` for anything else."""
    try:
        return _read(data)
    except (KeyError, IndexError, TypeError, ValueError, StopIteration) as error:
        raise InputError("fhir.shape", "Ce fichier n'est pas un document FHIR fait par Calame.") from error


def _read(data: Json) -> Record:
    resources = [e["resource"] for e in data["entry"]]
    by_kind: dict[str, list[Json]] = {}
    for resource in resources:
        by_kind.setdefault(resource["resourceType"], []).append(resource)
    composition = by_kind["Composition"][0]
    form_id, _, tre = composition["identifier"]["value"].partition("|")
    provenance = by_kind["Provenance"][0]
    legal = [a for a in provenance["agent"] if a["type"]["coding"][0]["code"] == "legal"]
    codings = composition["type"].get("coding", [])
    return Record(
        form_id=form_id,
        title=composition["title"],
        loinc=next((c["code"] for c in codings if c["system"] == LOINC), None),
        tre_a05=tre or None,
        day=dt.date.fromisoformat(composition["date"]),
        patient=_patient_of(by_kind["Patient"][0]),
        author=_author_of(by_kind["Practitioner"][0]),
        parts=tuple(_part_of(s) for s in composition.get("section", []) if "text" in s),
        vitals=tuple(_vital_of(o) for o in by_kind.get("Observation", [])),
        drugs=tuple(
            _drug_of(r) for r in resources if r["resourceType"] in ("MedicationStatement", "MedicationRequest")
        ),
        allergies=tuple(_allergy_of(a) for a in by_kind.get("AllergyIntolerance", [])),
        engine=by_kind["Device"][0]["modelNumber"],
        signed_by=legal[0]["who"]["display"] if legal else None,
        signed_at=dt.datetime.fromisoformat(provenance["recorded"]) if legal else None,
    )


def _first(items: Any) -> Json:
    return items[0] if items else {}


def _patient_of(p: Json) -> Patient:
    name = _first(p.get("name"))
    birth = p.get("birthDate")
    return Patient(
        last_name=name.get("family"),
        first_name=next(iter(name.get("given", [])), None),
        sex={x: k for k, x in _GENDER.items()}.get(p.get("gender", "")),
        birth_date=dt.date.fromisoformat(birth) if birth else None,
        civility=next(iter(name.get("prefix", [])), None),
        identity_status=p["extension"][0]["valueString"],
        ins=_first(p.get("identifier")).get("value"),
    )


def _author_of(p: Json) -> Author:
    telecom = {t["system"]: t["value"] for t in p.get("telecom", [])}
    address = _first(p.get("address"))
    return Author(
        name=_first(p.get("name")).get("text"),
        specialty=_first(p.get("qualification")).get("code", {}).get("text"),
        rpps=_first(p.get("identifier")).get("value"),
        address=address.get("text"),
        phone=telecom.get("phone"),
        email=telecom.get("email"),
        place=address.get("city"),
    )


def _part_of(section: Json) -> Part:
    div = section["text"]["div"]
    body = div[div.index(">") + 1 : div.rindex("</div>")]
    code = section.get("code", {}).get("coding", [{}])[0].get("code")
    return Part(section["id"].replace("-", "_"), section["title"], code, unescape(body.replace("<br/>", "\n")))


def _decimal(x: Any) -> Decimal:
    return Decimal(str(x))


def _vital_of(o: Json) -> v.Vital:
    parts = [c["valueQuantity"] for c in o.get("component", [])]
    single = o.get("valueQuantity")
    some = parts[0] if parts else single or {}
    return v.Vital(
        code=o["code"]["text"],
        value=_decimal(single["value"]) if single else None,
        unit=some.get("unit"),
        sys=_decimal(parts[0]["value"]) if parts else None,
        dia=_decimal(parts[1]["value"]) if parts else None,
        site=o.get("bodySite", {}).get("text"),
        condition=_first(o.get("note")).get("text"),
    )


def _drug_of(r: Json) -> v.Drug:
    dosage = _first(r.get("dosage") or r.get("dosageInstruction"))
    extra = {e["url"].removeprefix(f"{_OWN}:"): e["valueString"] for e in dosage.get("extension", [])}
    request = r["resourceType"] == "MedicationRequest"
    status = v.DrugStatus.STARTED if request else {x: k for k, x in _STATEMENT.items()}[r["status"]]
    return v.Drug(
        name=r["medicationCodeableConcept"]["text"],
        dose=extra.get("dose"),
        schedule=dosage.get("text"),
        duration=extra.get("duree"),
        status=status,
        previous_dose=extra.get("dose-precedente"),
        reason=extra.get("motif"),
    )


def _allergy_of(a: Json) -> v.Allergy:
    reaction = _first(a.get("reaction"))
    return v.Allergy(
        substance=a["code"]["text"],
        reaction=reaction["manifestation"][0]["text"] if reaction else None,
        negated=a["verificationStatus"]["coding"][0]["code"] == "refuted",
    )
