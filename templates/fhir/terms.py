"""Names of systems and codes a bundle uses."""

from __future__ import annotations

import uuid
from typing import Any

from dictation import values as v

Json = dict[str, Any]
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
RPPS, INS = "urn:oid:1.2.250.1.71.4.2.1", "urn:oid:1.2.250.1.213.1.4.8"
OWN = "urn:calame"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:calame:fhir")
OBSERVATION = "http://terminology.hl7.org/CodeSystem/observation-category"

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
UNITS = {
    "mmHg": "mm[Hg]", "/min": "/min", "%": "%", "°C": "Cel", "kg": "kg", "g": "g", "cm": "cm", "m": "m",
    "kg/m²": "kg/m2", "L": "L", "L/min": "L/min", "mg": "mg", "mL": "mL",
}  # fmt: skip
GENDER = {"F": "female", "M": "male", "I": "other"}
STATEMENT = {
    v.DrugStatus.ONGOING: "active",
    v.DrugStatus.CHANGED: "intended",
    v.DrugStatus.STOPPED: "stopped",
    v.DrugStatus.REFUSED: "not-taken",
}
