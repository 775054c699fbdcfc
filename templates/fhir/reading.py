"""A bundle made here back to its record."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import unescape

from dictation import values as v
from dictation.consultation import Author, Patient
from dictation.errors import InputError
from templates.fhir.content import Part, Record
from templates.fhir.terms import GENDER, LOINC, OWN, STATEMENT, Json


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
        sex={x: k for k, x in GENDER.items()}.get(p.get("gender", "")),
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
    extra = {e["url"].removeprefix(f"{OWN}:"): e["valueString"] for e in dosage.get("extension", [])}
    request = r["resourceType"] == "MedicationRequest"
    status = v.DrugStatus.STARTED if request else {x: k for k, x in STATEMENT.items()}[r["status"]]
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
