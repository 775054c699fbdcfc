"""CDA R2 level 1: the PDF of a signed document inside ``nonXMLBody``, with the French header.

Header after the French « Volet Structuration minimale de documents de santé » (CI-SIS): realm FR,
templateId of HL7 France and ANS, INS only with a qualified identity, RPPS of the author. HL7's normative
schema accepts it for every kind of document (``scripts/check_cda.py``; the schema is not carried here);
tests check well-formedness, order of the header's elements against its sequence and the presence of
what the volet makes mandatory. The national schematrons could not be had.
"""

from __future__ import annotations

import base64
import datetime as dt
import uuid

from lxml import etree

from dictation.consultation import Consultation
from dictation.errors import RefusedError
from dictation.form import Form
from dictation.review import SignedDraft

_V3, _XSI = "urn:hl7-org:v3", "http://www.w3.org/2001/XMLSchema-instance"
_LOINC, _TRE_A05 = "2.16.840.1.113883.6.1", "1.2.250.1.213.1.1.4.12"
_RPPS, _INS = "1.2.250.1.71.4.2.1", "1.2.250.1.213.1.4.8"
_TEMPLATES = ("2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1", "1.3.6.1.4.1.19376.1.2.20")
_GENDER = {"F": ("F", "Féminin"), "M": ("M", "Masculin")}


def document(work: SignedDraft, form: Form, consultation: Consultation, pdf: bytes, *, practice_oid: str) -> bytes:
    """The CDA as UTF-8 XML.

    ``practice_oid`` is the practice's own OID root for identifiers. Raises :class:`RefusedError` for
    anything not signed: a draft never leaves in this form.
    """
    if not isinstance(work, SignedDraft):
        raise RefusedError("cda.unsigned", "Un document CDA ne sort que signé.")
    root = etree.Element(f"{{{_V3}}}ClinicalDocument", nsmap={None: _V3, "xsi": _XSI})
    unique = uuid.uuid5(uuid.NAMESPACE_OID, f"{practice_oid}:{form.id}:{work.at.isoformat()}:{work.by}")
    _add(root, "realmCode", code="FR")
    _add(root, "typeId", root="2.16.840.1.113883.1.3", extension="POCD_HD000040")
    for template in _TEMPLATES:
        _add(root, "templateId", root=template)
    _add(root, "id", root=practice_oid, extension=str(unique))
    if form.loinc:
        _add(root, "code", code=form.loinc, codeSystem=_LOINC, displayName=form.title)
    else:
        _add(root, "code", code=(form.tre_a05 or "AUTRE").split("|")[0], codeSystem=_TRE_A05, displayName=form.title)
    _add(root, "title").text = form.title
    _add(root, "effectiveTime", value=_time(work.at))
    _add(root, "confidentialityCode", code="N", codeSystem="2.16.840.1.113883.5.25", displayName="Normal")
    _add(root, "languageCode", code="fr-FR")
    _add(root, "setId", root=practice_oid, extension=str(unique))
    _add(root, "versionNumber", value="1")
    _patient(root, consultation, practice_oid)
    _author(root, work, consultation)
    _custodian(root, consultation, practice_oid)
    _authenticator(root, work, consultation)
    event = _add(_add(root, "documentationOf"), "serviceEvent")
    day = consultation.date.strftime("%Y%m%d") if consultation.date else _time(work.at)
    _add(_add(event, "effectiveTime"), "low", value=day)
    setting = _add(_add(root, "componentOf"), "encompassingEncounter")
    _add(_add(setting, "effectiveTime"), "low", value=day)
    body = _add(_add(root, "component"), "nonXMLBody")
    text = _add(body, "text", mediaType="application/pdf", representation="B64")
    text.text = base64.b64encode(pdf).decode("ascii")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{_V3}}}{tag}", attributes)


def _time(at: dt.datetime) -> str:
    zone = at.strftime("%z")
    return at.strftime("%Y%m%d%H%M%S") + zone


def _unknown(parent: etree._Element, tag: str) -> None:
    _add(parent, tag, nullFlavor="NASK")


def _patient(root: etree._Element, consultation: Consultation, practice_oid: str) -> None:
    p = consultation.patient
    role = _add(_add(root, "recordTarget"), "patientRole")
    if p.ins and p.identity_status == "qualifiée":
        _add(role, "id", root=_INS, extension=p.ins)
    else:
        _add(role, "id", root=practice_oid, nullFlavor="NI")
    _unknown(role, "addr")
    _unknown(role, "telecom")
    patient = _add(role, "patient")
    name = _add(patient, "name")
    if p.civility:
        _add(name, "prefix").text = p.civility
    if p.first_name:
        _add(name, "given").text = p.first_name
    if p.last_name:
        _add(name, "family", qualifier="BR").text = p.last_name
    code = _GENDER.get(p.sex or "")
    if code:
        _add(patient, "administrativeGenderCode", code=code[0], codeSystem="2.16.840.1.113883.5.1", displayName=code[1])
    else:
        _unknown(patient, "administrativeGenderCode")
    if p.birth_date:
        _add(patient, "birthTime", value=p.birth_date.strftime("%Y%m%d"))
    else:
        _unknown(patient, "birthTime")


def _assigned(parent: etree._Element, tag: str, work: SignedDraft, consultation: Consultation) -> None:
    a = consultation.author
    entity = _add(parent, tag)
    if a.rpps:
        _add(entity, "id", root=_RPPS, extension=a.rpps)
    else:
        _unknown(entity, "id")
    if a.address:
        _add(_add(entity, "addr"), "streetAddressLine").text = ", ".join(a.address.splitlines())
    else:
        _unknown(entity, "addr")
    if a.phone:
        _add(entity, "telecom", value=f"tel:{a.phone.replace(' ', '')}", use="WP")
    else:
        _unknown(entity, "telecom")
    _add(_add(_add(entity, "assignedPerson"), "name"), "family").text = a.name or work.by


def _author(root: etree._Element, work: SignedDraft, consultation: Consultation) -> None:
    author = _add(root, "author")
    _add(author, "time", value=_time(work.at))
    _assigned(author, "assignedAuthor", work, consultation)


def _custodian(root: etree._Element, consultation: Consultation, practice_oid: str) -> None:
    organisation = _add(_add(_add(root, "custodian"), "assignedCustodian"), "representedCustodianOrganization")
    _add(organisation, "id", root=practice_oid)
    _add(organisation, "name").text = consultation.author.name or "Cabinet"


def _authenticator(root: etree._Element, work: SignedDraft, consultation: Consultation) -> None:
    legal = _add(root, "legalAuthenticator")
    _add(legal, "time", value=_time(work.at))
    _add(legal, "signatureCode", code="S")
    _assigned(legal, "assignedEntity", work, consultation)
