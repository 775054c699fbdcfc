"""Patients' names as the worklist shows and searches them."""

from __future__ import annotations

import unicodedata

from dictation.consultation import Patient


def patient_label(patient: Patient) -> str:
    """« NOM Prénom », "" when unknown."""
    return " ".join(p for p in ((patient.last_name or "").upper(), patient.first_name or "") if p)


def plain(text: str) -> str:
    """Lower case, no accents, for searching."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
