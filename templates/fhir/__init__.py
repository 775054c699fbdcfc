"""FHIR R4 (4.0.1) document bundle, and back.

:class:`Record` is everything a bundle says; ``bundle(record)`` and ``read(bundle)`` are inverse. The
INS leaves only with a qualified identity (référentiel INS). ``Provenance`` says what was prepared by
machine and who signed (AI Act art. 50). Pure; ids are derived from the content.
"""

from __future__ import annotations

from templates.fhir.content import Part, Record, record
from templates.fhir.reading import read
from templates.fhir.terms import VITALS
from templates.fhir.writing import bundle

__all__ = ["VITALS", "Part", "Record", "bundle", "read", "record"]
