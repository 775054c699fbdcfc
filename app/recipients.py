"""Recipients from a CSV export or vCards."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from dictation.errors import InputError
from dictation.lexicon import fold

_NAMES = {
    "name": {"nom", "name", "nom complet", "praticien", "destinataire", "full name"},
    "first": {"prenom", "first name"},
    "specialty": {"specialite", "qualite", "specialty", "profession"},
    "address": {"adresse", "address", "adresse postale", "rue"},
}


@dataclass(frozen=True, slots=True)
class Colleague:
    """One line of the book."""

    name: str
    specialty: str = ""
    address: str = ""


def read_recipients(filename: str, content: bytes) -> tuple[Colleague, ...]:
    """Colleagues of a ``.csv`` (comma, semicolon or tab; with or without a title line) or ``.vcf`` file.

    Raises :class:`InputError` ``recipients.empty`` when nothing can be read.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    found = _vcards(text) if "BEGIN:VCARD" in text.upper() else _csv(text)
    if not found:
        raise InputError(
            "recipients.empty",
            f"Aucun destinataire lisible dans {filename}. Attendu\u00a0: un CSV «\u00a0nom;spécialité;adresse\u00a0» ou des vCard.",
        )
    return tuple(found)


def _csv(text: str) -> list[Colleague]:
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:4000], delimiters=";,\t")
    except csv.Error:
        dialect = csv.excel
    try:
        lines = csv.reader(io.StringIO(text.replace("\0", ""), newline=None), dialect)
        rows = [row for row in lines if any(cell.strip() for cell in row)]
    except csv.Error:
        return []
    if not rows:
        return []
    titles = [fold(cell) for cell in rows[0]]
    places = {key: next((i for i, title in enumerate(titles) if title in names), None) for key, names in _NAMES.items()}
    if places["name"] is None:
        places = {"name": 0, "first": None, "specialty": 1, "address": 2}
    else:
        rows = rows[1:]

    def cell(row: list[str], key: str) -> str:
        at = places[key]
        return row[at].strip() if at is not None and at < len(row) else ""

    out = []
    for row in rows:
        name = " ".join(part for part in (cell(row, "first"), cell(row, "name")) if part)
        if name:
            out.append(Colleague(name, cell(row, "specialty"), cell(row, "address")))
    return out


def _vcards(text: str) -> list[Colleague]:
    unfolded = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "")
    out, current = [], {"name": "", "specialty": "", "address": ""}
    for line in unfolded.split("\n"):
        head, _, value = line.partition(":")
        key, value = head.split(";")[0].upper(), value.replace("\\n", "\n").replace("\\,", ",").strip()
        if key == "BEGIN":
            current = {"name": "", "specialty": "", "address": ""}
        elif key == "FN":
            current["name"] = value
        elif key in ("TITLE", "ROLE") and not current["specialty"]:
            current["specialty"] = value
        elif key == "ADR":
            parts = [p.strip() for p in value.split(";") if p.strip()]
            current["address"] = "\n".join(parts)
        elif key == "END" and current["name"]:
            out.append(Colleague(**current))
    return out
