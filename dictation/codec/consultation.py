"""What the application knows already: the ``--patient FILE`` of the command line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from dictation.codec.shape import Json, some, wrong
from dictation.consultation import Author, Consultation, Patient, Recipient


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
        raise wrong("patient", error) from error


def consultation_to_json(c: Consultation) -> Json:
    """Inverse of :func:`consultation_from_json`; empty parts are left out."""
    return some(
        date_consultation=c.date.isoformat() if c.date else None,
        auteur=some(
            nom=c.author.name,
            specialite=c.author.specialty,
            rpps=c.author.rpps,
            adresse=c.author.address,
            telephone=c.author.phone,
            email=c.author.email,
            lieu=c.author.place,
        )
        or None,
        patient=some(
            nom=c.patient.last_name,
            prenom=c.patient.first_name,
            sexe=c.patient.sex,
            date_naissance=c.patient.birth_date.isoformat() if c.patient.birth_date else None,
            civilite=c.patient.civility,
            statut_identite=c.patient.identity_status,
            ins=c.patient.ins,
        ),
        destinataire=some(nom=c.recipient.name, specialite=c.recipient.specialty, adresse=c.recipient.address) or None,
    )
