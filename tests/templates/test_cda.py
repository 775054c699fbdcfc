"""CDA R2 level 1: only signed, well-formed, the header in the order of the standard."""

from __future__ import annotations

import base64
import datetime as dt

import pytest
from lxml import etree

from dictation.consultation import Author, Consultation, Patient
from dictation.draft import Draft, DraftEngine
from dictation.errors import RefusedError
from dictation.review import Review, sign
from dictation.transcript import Transcript
from templates.catalogue import bundled
from templates.cda import document

#: ClinicalDocument of CDA R2 (ISO/HL7 27932:2009), elements used here in their mandatory order
ORDER = [
    "realmCode",
    "typeId",
    "templateId",
    "id",
    "code",
    "title",
    "effectiveTime",
    "confidentialityCode",
    "languageCode",
    "setId",
    "versionNumber",
    "recordTarget",
    "author",
    "custodian",
    "legalAuthenticator",
    "documentationOf",
    "componentOf",
    "component",
]
FORM = bundled().get("compte_rendu_consultation")
DRAFT = Draft(Transcript("t", ()), FORM.id, 1, DraftEngine(None, "1"), (), (), (), ())
SIGNED = sign(Review(DRAFT), by="Dr Anne Exemple", at=dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC))


def _consultation(status: str = "provisoire") -> Consultation:
    patient = Patient("DURAND & Fils", "Paul", "M", dt.date(1960, 2, 1), "M.", status, "160027511600155")
    return Consultation(dt.date(2026, 3, 1), Author("Dr Anne Exemple", rpps="10001234567"), patient)


@pytest.mark.parametrize("form", bundled().forms, ids=lambda f: f.id)
def test_header_in_the_order_of_the_standard_and_pdf_inside(form) -> None:  # type: ignore[no-untyped-def]
    root = etree.fromstring(document(SIGNED, form, _consultation(), b"%PDF-1.7 x", practice_oid="1.2.3"))
    tags = [etree.QName(child).localname for child in root]
    assert list(dict.fromkeys(tags)) == ORDER
    text = root.find(".//{urn:hl7-org:v3}nonXMLBody/{urn:hl7-org:v3}text")
    assert text is not None
    assert base64.b64decode(text.text or "") == b"%PDF-1.7 x"


@pytest.mark.parametrize(("status", "leaves"), [("provisoire", False), ("validée", False), ("qualifiée", True)])
def test_the_ins_only_leaves_with_a_qualified_identity(status: str, leaves: bool) -> None:
    xml = document(SIGNED, FORM, _consultation(status), b"", practice_oid="1.2.3")
    assert (b"160027511600155" in xml) is leaves


@pytest.mark.parametrize("work", [DRAFT, Review(DRAFT)])
def test_nothing_unsigned_leaves(work) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(RefusedError):
        document(work, FORM, _consultation(), b"", practice_oid="1.2.3")
